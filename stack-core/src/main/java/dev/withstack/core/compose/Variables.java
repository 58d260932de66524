package dev.withstack.core.compose;

import dev.withstack.core.compose.Item.Field;
import dev.withstack.core.compose.Item.Fields;
import dev.withstack.core.settings.Interpolation;
import dev.withstack.core.settings.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Puts the values of variables in place of references. What they hold of secrets is noted. */
final class Variables {
    private static final Pattern SECRET = Pattern.compile(
            ".*(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?).*", Pattern.CASE_INSENSITIVE);
    /** They hold where a secret is, not the secret. */
    private static final Pattern PATH = Pattern.compile(".*_(FILE|PATH|DIR|NAME|ID)", Pattern.CASE_INSENSITIVE);

    private final Settings settings;
    private final Findings findings;
    /** What files beside an included one set; weaker than all else. */
    private final Map<String, String> weaker;

    private final References references;
    private final Map<String, String> secrets;

    Variables(Settings settings, Findings findings, References references) {
        this(settings, findings, Map.of(), references, new LinkedHashMap<>());
    }

    private Variables(
            Settings settings,
            Findings findings,
            Map<String, String> weaker,
            References references,
            Map<String, String> secrets) {
        this.settings = settings;
        this.findings = findings;
        this.weaker = new LinkedHashMap<>(weaker);
        this.references = references;
        this.secrets = secrets;
    }

    /** What references become. */
    enum References {
        VALUES,
        /** Marks of {@link JavaText}, which tell them from the rest of a text. */
        MARKS
    }

    /** Return the same with what is set beside an included file. */
    Variables and(Map<String, String> besides) {
        Map<String, String> both = new LinkedHashMap<>(besides);
        both.putAll(weaker);
        return new Variables(settings, findings, both, references, secrets);
    }

    /** Tell whether a variable of this name holds a secret. */
    static boolean isSecret(String name) {
        return SECRET.matcher(name).matches() && !PATH.matcher(name).matches();
    }

    private String besides(String name, String usual) {
        String besides = weaker.get(name);
        return besides == null ? usual : besides;
    }

    /** Return what was found of secrets, by the names of their variables. */
    Map<String, String> secrets() {
        return secrets;
    }

    /** Find the value of a variable that is a secret, whatever its name. */
    Optional<String> findSecret(String name) {
        Optional<String> value = find(name);
        value.ifPresent(secret -> secrets.put(name, secret));
        return value;
    }

    /** Find the value of a variable, which may be empty. */
    Optional<String> find(String name) {
        if (references == References.MARKS) {
            return Optional.of(JavaText.mark(name, besides(name, "")));
        }
        Optional<String> value = settings.written(name).or(() -> Optional.ofNullable(weaker.get(name)));
        if (isSecret(name)) {
            value.ifPresent(secret -> secrets.put(name, secret));
        }
        return value;
    }

    /** Return the item with all references in its values replaced; keys stay as they are. */
    Item expand(Item item) {
        if (item instanceof Item.Text text) {
            return text.text().contains("$") ? new Item.Text(expand(text), text.place()) : text;
        } else if (item instanceof Item.Many many) {
            return new Item.Many(many.items().stream().map(this::expand).toList(), many.place());
        } else if (item instanceof Fields fields) {
            Map<String, Field> expanded = new LinkedHashMap<>();
            fields.fields().forEach((key, field) -> expanded.put(key, new Field(field.place(), expand(field.value()))));
            return new Fields(expanded, fields.place());
        } else if (item instanceof Item.Instead instead) {
            return new Item.Instead(expand(instead.item()));
        }
        return item;
    }

    private String expand(Item.Text text) {
        return new Interpolation(new Interpolation.Values() {
                    @Override
                    public Optional<String> find(String name) {
                        return Variables.this.find(name);
                    }

                    @Override
                    public Optional<String> instead(String name, Supplier<String> usual) {
                        return switch (references) {
                            case VALUES -> Optional.empty();
                            case MARKS -> Optional.of(JavaText.mark(name, besides(name, usual.get())));
                        };
                    }

                    @Override
                    public void unset(String name) {
                        findings.warning(
                                text.place(),
                                name + " is not set, and counts as empty.",
                                "Set it, or write ${" + name + ":-} if that is meant.");
                    }

                    @Override
                    public void problem(String what, String fix) {
                        findings.error(text.place(), what, fix);
                    }

                    @Override
                    public String howToSet() {
                        return "Set it in the environment, in .env, or with --set.";
                    }
                })
                .expand(text.text());
    }
}
