package dev.withstack.core.compose;

import dev.withstack.core.compose.Item.Field;
import dev.withstack.core.compose.Item.Fields;
import dev.withstack.core.compose.Item.Many;
import dev.withstack.core.compose.Item.Text;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.settings.DotEnv;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the files of a project into one mapping: variables replaced, files that extend or include others joined with
 * them, overrides laid over what they override. Used once, by one thread.
 */
final class ComposeProject {
    private static final String MAIN =
            "'services:' belongs at its top; see https://docs.docker.com/reference/compose-file/";
    private static final List<String> RESOURCES = List.of("services", "networks", "volumes", "secrets", "configs");

    private final Path directory;
    private final Findings findings;
    private final List<Path> open = new ArrayList<>();
    private final List<String> extending = new ArrayList<>();

    /** @param directory where relative paths of the project begin */
    ComposeProject(Path directory, Findings findings) {
        this.directory = directory.toAbsolutePath().normalize();
        this.findings = findings;
    }

    /** Return the files, each laid over those before it. */
    Fields load(List<Path> files, Variables variables) {
        return Merge.settled(load(files, directory, variables));
    }

    private Fields load(List<Path> files, Path base, Variables variables) {
        List<Path> absolute =
                files.stream().map(file -> file.toAbsolutePath().normalize()).toList();
        absolute.stream().filter(open::contains).findFirst().ifPresent(again -> {
            List<String> way = new ArrayList<>();
            open.subList(open.indexOf(again), open.size()).forEach(file -> way.add(name(file)));
            way.add(name(again));
            throw findings.fatal(
                    new Place(name(again), 1, 1),
                    "files include each other: " + String.join(" → ", way) + ".",
                    "Take one of these 'include' away.");
        });
        open.addAll(absolute);
        Fields all = new Fields(Map.of(), new Place(name(absolute.get(0)), 1, 1));
        List<Field> includes = new ArrayList<>();
        for (Path file : absolute) {
            Fielded one = new Fielded(extended(file, read(file, base, variables), base, variables));
            one.remove("include").ifPresent(includes::add);
            all = Merge.of(all, one.fields());
        }
        for (Field include : includes) {
            all = included(include, base, variables, all);
        }
        open.subList(open.size() - absolute.size(), open.size()).clear();
        return all;
    }

    private Fields read(Path file, Path base, Variables variables) {
        Item item = variables.expand(item(file, name(file), findings));
        if (item instanceof Fields fields) {
            return new LongForm(new PathBase(directory, base), findings).of(fields);
        }
        throw findings.fatal(item.place(), "is no Compose file, but " + item.kind() + ".", MAIN);
    }

    /** Return what a file says, as it is written. */
    static Item item(Path file, String name, Findings findings) {
        Place top = new Place(name, 1, 1);
        try {
            return YamlText.read(name, Files.readString(file), findings);
        } catch (CharacterCodingException e) {
            throw findings.fatal(top, "is not UTF-8.", "Save it as UTF-8.");
        } catch (IOException e) {
            String why = Files.exists(file) ? "can't be read (" + e.getMessage() + ")." : "is not there.";
            throw findings.fatal(top, why, "");
        }
    }

    private String name(Path file) {
        return file.startsWith(directory) ? directory.relativize(file).toString() : file.toString();
    }

    private Fields extended(Path file, Fields tree, Path base, Variables variables) {
        Field known = tree.fields().get("services");
        if (known != null && known.value() instanceof Fields services) {
            Fielded resolved = new Fielded(services);
            services.fields()
                    .keySet()
                    .forEach(name ->
                            resolved.change(name, service -> extended(file, services, name, service, base, variables)));
            return new Fielded(tree)
                    .put("services", new Field(known.place(), resolved.fields()))
                    .fields();
        }
        return tree;
    }

    private Item extended(Path file, Fields services, String name, Item item, Path base, Variables variables) {
        if (!(item instanceof Fields service) || !service.fields().containsKey("extends")) {
            return item;
        }
        Fielded own = new Fielded(service);
        Field extension = own.remove("extends").orElseThrow();
        String here = name(file) + " " + name;
        if (extending.contains(here)) {
            extending.add(here);
            throw findings.fatal(
                    extension.place(),
                    "services extend each other: " + String.join(" → ", extending) + ".",
                    "Take one of these 'extends' away.");
        }
        extending.add(here);
        Optional<Fields> parent = parent(file, services, extension, base, variables);
        extending.remove(here);
        return parent.map(under -> Merge.of(under, own.fields())).orElseGet(own::fields);
    }

    private Optional<Fields> parent(Path file, Fields services, Field extension, Path base, Variables variables) {
        Part part = new Part("extends", extension, findings);
        Vocabulary.EXTENDS.check(part, findings);
        Optional<String> other = part.text("file");
        String parent = part.text("service").orElse("");
        Path from = other.map(path -> base.resolve(path).normalize()).orElse(file);
        Path fromBase =
                other.isPresent() ? Optional.ofNullable(from.getParent()).orElse(base) : base;
        Fields others = services;
        if (other.isPresent()) {
            Field there = read(from, fromBase, variables).fields().get("services");
            others = there != null && there.value() instanceof Fields fields
                    ? fields
                    : new Fields(Map.of(), extension.place());
        }
        Field found = others.fields().get(parent);
        if (found == null) {
            findings.error(
                    extension.place(),
                    "extends '" + parent + "', which " + name(from) + " does not have.",
                    "Name one of: " + String.join(", ", others.fields().keySet()) + ".");
            return Optional.empty();
        }
        Item whole = extended(from, others, parent, found.value(), fromBase, variables);
        return whole instanceof Fields fields ? Optional.of(fields) : Optional.empty();
    }

    private Fields included(Field include, Path base, Variables variables, Fields into) {
        Fields all = into;
        List<Item> items = include.value() instanceof Many many ? many.items() : List.of(include.value());
        for (Item item : items) {
            Field one = new Field(
                    item.place(),
                    item instanceof Text
                            ? new Fielded(item.place()).put("path", item).fields()
                            : item);
            all = joined(all, included(new Part("include", one, findings), base, variables));
        }
        return all;
    }

    private Fields included(Part include, Path base, Variables variables) {
        Vocabulary.INCLUDE.check(include, findings);
        List<Path> files = include.texts("path").stream()
                .map(path -> base.resolve(path).normalize())
                .toList();
        if (files.isEmpty()) {
            return new Fields(Map.of(), include.place());
        }
        Path own = include.text("project_directory")
                .map(path -> base.resolve(path).normalize())
                .or(() -> Optional.ofNullable(files.get(0).getParent()))
                .orElse(base);
        Map<String, String> besides = new LinkedHashMap<>();
        List<String> environmentFiles = include.texts("env_file");
        List<Path> settings = environmentFiles.isEmpty()
                ? List.of(own.resolve(".env"))
                : environmentFiles.stream().map(base::resolve).toList();
        settings.forEach(file -> besides.putAll(values(file, variables)));
        return load(files, own, variables.and(besides));
    }

    private Map<String, String> values(Path file, Variables variables) {
        try {
            return DotEnv.values(file, variables::find);
        } catch (InvalidDefinitionException e) {
            findings.errors(e.problems());
            return Map.of();
        }
    }

    /** What is included is added; nothing may have one name twice. */
    private Fields joined(Fields all, Fields other) {
        Fielded both = new Fielded(all);
        for (String kind : RESOURCES) {
            Field more = other.fields().get(kind);
            Field known = all.fields().get(kind);
            if (more == null || !(more.value() instanceof Fields added)) {
                continue;
            }
            if (known == null || !(known.value() instanceof Fields there)) {
                both.put(kind, more);
                continue;
            }
            Fielded joined = new Fielded(there);
            added.fields().forEach((name, field) -> {
                Field first = there.fields().get(name);
                if (first != null && !first.place().equals(field.place()) && !kind.equals("networks")) {
                    findings.error(
                            field.place(),
                            "'" + name + "' of " + kind + " is included, and stands at " + first.place() + " too.",
                            "Rename one of them.");
                } else if (first == null) {
                    joined.put(name, field);
                }
            });
            both.put(kind, new Field(known.place(), joined.fields()));
        }
        return both.fields();
    }
}
