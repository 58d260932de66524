package dev.withstack.core.compose;

import dev.withstack.core.compose.Item.Field;
import dev.withstack.core.compose.Item.Fields;
import dev.withstack.core.compose.Item.Many;
import dev.withstack.core.compose.Item.Text;
import dev.withstack.core.model.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A mapping of a Compose file, read by type: what is of another type is a finding, and counts as not said. */
final class Part {
    private static final Pattern DURATION = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(us|ms|s|m|h)");
    private static final Map<String, Long> NANOS =
            Map.of("us", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L, "m", 60_000_000_000L, "h", 3_600_000_000_000L);

    private final String name;
    private final Place place;
    private final Map<String, Field> fields;
    private final Findings findings;

    /** @param name of the key that the mapping stands behind */
    Part(String name, Field field, Findings findings) {
        this.name = name;
        this.place = field.place();
        this.findings = findings;
        if (field.value() instanceof Fields mapping) {
            this.fields = mapping.fields();
        } else {
            this.fields = Map.of();
            if (!(field.value() instanceof Item.Nothing)) {
                findings.error(
                        field.value().place(),
                        "'" + name + "' has to be a mapping, and is "
                                + field.value().kind() + ".",
                        "");
            }
        }
    }

    String name() {
        return name;
    }

    /** Return where its key stands. */
    Place place() {
        return place;
    }

    /** Return where the key stands, or the part itself where it has no such key. */
    Place place(String key) {
        Field field = fields.get(key);
        return field == null ? place : field.place();
    }

    Map<String, Field> fields() {
        return fields;
    }

    boolean has(String key) {
        return fields.containsKey(key) && !(value(key) instanceof Item.Nothing);
    }

    boolean isText(String key) {
        return value(key) instanceof Text;
    }

    boolean isMapping(String key) {
        return value(key) instanceof Fields;
    }

    private Item value(String key) {
        Field field = fields.get(key);
        return field == null ? new Item.Nothing(place) : field.value();
    }

    private <T> Optional<T> wrong(String key, String wanted) {
        Item value = value(key);
        if (!(value instanceof Item.Nothing)) {
            findings.error(value.place(), "'" + key + "' has to be " + wanted + ", and is " + value.kind() + ".", "");
        }
        return Optional.empty();
    }

    Optional<String> text(String key) {
        return value(key) instanceof Text text ? Optional.of(text.text()) : wrong(key, "a text");
    }

    private <T> Optional<T> read(String key, String wanted, Function<String, Optional<T>> reading) {
        if (value(key) instanceof Text text) {
            Optional<T> found = reading.apply(text.text().strip());
            return found.isPresent() ? found : wrong(key, wanted);
        }
        return wrong(key, wanted);
    }

    boolean flag(String key) {
        return read(key, "true or false", text -> switch (text.toLowerCase(java.util.Locale.ROOT)) {
                    case "true" -> Optional.of(Boolean.TRUE);
                    case "false" -> Optional.of(Boolean.FALSE);
                    default -> Optional.<Boolean>empty();
                })
                .orElse(Boolean.FALSE);
    }

    Optional<Integer> number(String key, int least, int most) {
        return read(key, "a whole number from " + least + " to " + most, text -> {
            boolean isNumber = text.matches("-?[0-9]{1,9}");
            return Optional.of(isNumber ? Integer.parseInt(text) : 0)
                    .filter(number -> isNumber && number >= least && number <= most);
        });
    }

    Optional<Double> decimal(String key) {
        return read(
                key,
                "a number such as 0.5",
                text -> text.matches("[0-9]+(\\.[0-9]+)?|\\.[0-9]+")
                        ? Optional.of(Double.parseDouble(text))
                        : Optional.empty());
    }

    /** Return a size as it is written, such as {@code 512m}. */
    Optional<String> size(String key) {
        return read(key, "a size such as 512m", text -> {
            try {
                Limits.parseSize(text);
                return Optional.of(text);
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        });
    }

    Optional<Duration> duration(String key) {
        return read(key, "a duration such as 1m30s", Part::parsed);
    }

    private static Optional<Duration> parsed(String text) {
        Matcher parts = DURATION.matcher(text);
        double nanos = 0;
        int end = 0;
        while (parts.find() && parts.start() == end) {
            nanos += Double.parseDouble(parts.group(1)) * NANOS.getOrDefault(parts.group(2), 0L);
            end = parts.end();
        }
        return end == 0 || end < text.length() ? Optional.empty() : Optional.of(Duration.ofNanos((long) nanos));
    }

    /** Return a list of texts; a single text is a list of one. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        if (value(key) instanceof Text text) {
            texts.add(text.text());
        } else if (value(key) instanceof Many many) {
            for (Item item : many.items()) {
                if (item instanceof Text text) {
                    texts.add(text.text());
                } else {
                    findings.error(item.place(), "'" + key + "' takes texts, and is given " + item.kind() + ".", "");
                }
            }
        } else {
            wrong(key, "a list of texts");
        }
        return texts;
    }

    /** Return a program and its arguments: a text is split as a shell would, but for what a shell puts in. */
    Optional<List<String>> words(String key) {
        if (value(key) instanceof Text text) {
            return Optional.of(ShellWords.of(text.text(), text.place(), findings));
        }
        return has(key) ? Optional.of(texts(key)) : Optional.empty();
    }

    /** Return the mapping behind the key; empty if there is none. */
    Optional<Part> part(String key) {
        Field field = fields.get(key);
        return field == null || field.value() instanceof Item.Nothing
                ? Optional.empty()
                : Optional.of(new Part(key, field, findings));
    }

    /** Return the mappings behind the names of a mapping. */
    Map<String, Part> parts(String key) {
        Map<String, Part> parts = new LinkedHashMap<>();
        part(key).ifPresent(all -> all.fields.forEach((one, field) -> parts.put(one, new Part(one, field, findings))));
        return parts;
    }

    /** Return the mappings of a list. */
    List<Part> list(String key) {
        List<Part> parts = new ArrayList<>();
        if (value(key) instanceof Many many) {
            many.items().forEach(item -> parts.add(new Part(key, new Field(item.place(), item), findings)));
        } else {
            wrong(key, "a list");
        }
        return parts;
    }

    /** Return the texts of a mapping; empty for a name that is given none. */
    Map<String, Optional<String>> mapping(String key) {
        Map<String, Optional<String>> texts = new LinkedHashMap<>();
        part(key).ifPresent(all -> all.fields.keySet().forEach(one -> texts.put(one, all.text(one))));
        return texts;
    }
}
