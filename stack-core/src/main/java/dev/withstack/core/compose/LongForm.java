package dev.withstack.core.compose;

import dev.withstack.core.compose.Item.Field;
import dev.withstack.core.compose.Item.Fields;
import dev.withstack.core.compose.Item.Many;
import dev.withstack.core.compose.Item.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Brings one file of a project into the form in which all can be merged: what may be written short is written long, and
 * paths are relative to the project.
 */
final class LongForm {
    private final PathBase paths;
    private final Findings findings;

    LongForm(PathBase paths, Findings findings) {
        this.paths = paths;
        this.findings = findings;
    }

    /** Return the whole file. */
    Fields of(Fields file) {
        return new Fielded(file)
                .change("services", services -> each(services, this::service))
                .change("secrets", secrets -> each(secrets, this::withPath))
                .change("configs", configs -> each(configs, this::withPath))
                .fields();
    }

    private Item each(Item of, UnaryOperator<Item> change) {
        if (!(of instanceof Fields fields)) {
            return of;
        }
        Fielded changed = new Fielded(fields);
        fields.fields().keySet().forEach(name -> changed.change(name, change));
        return changed.fields();
    }

    private Item withPath(Item item) {
        return item instanceof Fields fields
                ? new Fielded(fields).change("file", this::path).fields()
                : item;
    }

    private Item path(Item item) {
        return item instanceof Text text ? new Text(paths.rebased(text.text()), text.place()) : item;
    }

    private Item service(Item item) {
        if (!(item instanceof Fields fields)) {
            return item;
        }
        Fielded service = new Fielded(fields)
                .change("build", this::build)
                .change("extends", LongForm::extended)
                .change("depends_on", this::dependencies)
                .change("environment", list -> mapping(list, "="))
                .change("labels", list -> mapping(list, "="))
                .change("annotations", list -> mapping(list, "="))
                .change("sysctls", list -> mapping(list, "="))
                .change("extra_hosts", list -> mapping(list, hostSeparator(list)))
                .change("networks", this::names)
                .change("env_file", this::environmentFiles)
                .change("volumes", list -> eachOf(list, this::mount))
                .change("devices", list -> eachOf(list, this::device))
                .change(
                        "gpus",
                        list -> list instanceof Text text ? new Many(List.of(one("count", text)), text.place()) : list)
                .change("secrets", list -> eachOf(list, text -> one("source", text)))
                .change("configs", list -> eachOf(list, text -> one("source", text)))
                .change("ports", list -> new ShortPorts(findings).of(list));
        for (String key : List.of(
                "tmpfs",
                "cap_add",
                "cap_drop",
                "security_opt",
                "expose",
                "profiles",
                "links",
                "dns",
                "dns_search",
                "volumes_from")) {
            service.change(key, LongForm::list);
        }
        return service.fields();
    }

    private Item build(Item item) {
        Item build = item instanceof Text ? one("context", item) : item;
        return build instanceof Fields fields
                ? new Fielded(fields)
                        .change("context", this::context)
                        .change("args", list -> mapping(list, "="))
                        .change("labels", list -> mapping(list, "="))
                        .fields()
                : build;
    }

    private Item context(Item item) {
        boolean isRemote =
                item instanceof Text text && text.text().matches("(?i)(https?|git|ssh)://.*|git@.*|github\\.com/.*");
        return isRemote ? item : path(item);
    }

    private static Item extended(Item item) {
        return item instanceof Text ? one("service", item) : item;
    }

    private static Fields one(String key, Item value) {
        return new Fielded(value.place()).put(key, value).fields();
    }

    private Item dependencies(Item item) {
        if (item instanceof Many many) {
            Fielded named = new Fielded(many.place());
            many.items()
                    .forEach(
                            name -> named.put(text(name), new Field(name.place(), new Fielded(name.place()).fields())));
            return named.fields();
        }
        return item;
    }

    /** A list of names is a mapping in which they have nothing more to say. */
    private Item names(Item item) {
        if (item instanceof Many many) {
            Fielded named = new Fielded(many.place());
            many.items().forEach(name -> named.put(text(name), new Item.Nothing(name.place())));
            return named.fields();
        }
        return item;
    }

    private static String hostSeparator(Item item) {
        boolean hasEquals = item instanceof Many many
                && many.items().stream()
                        .allMatch(one -> one instanceof Text text && text.text().contains("="));
        return hasEquals ? "=" : ":";
    }

    /** A list of {@code NAME=value} is a mapping; a name alone has no value of its own. */
    private Item mapping(Item item, String separator) {
        if (!(item instanceof Many many)) {
            return item;
        }
        Fielded named = new Fielded(many.place());
        for (Item one : many.items()) {
            String line = text(one);
            int at = line.indexOf(separator);
            named.put(
                    at < 0 ? line : line.substring(0, at),
                    at < 0
                            ? new Item.Nothing(one.place())
                            : new Text(line.substring(at + separator.length()), one.place()));
        }
        return named.fields();
    }

    private Item environmentFiles(Item item) {
        return eachOf(list(item), text -> one("path", text)) instanceof Many many
                ? new Many(
                        many.items().stream()
                                .map(one -> one instanceof Fields fields
                                        ? new Fielded(fields)
                                                .change("path", this::path)
                                                .fields()
                                        : one)
                                .toList(),
                        many.place())
                : item;
    }

    private static Item list(Item item) {
        return item instanceof Text ? new Many(List.of(item), item.place()) : item;
    }

    /** Write the texts of a list long; what is long already stays. */
    private static Item eachOf(Item item, UnaryOperator<Item> ofText) {
        if (!(item instanceof Many many)) {
            return item;
        }
        List<Item> changed = new ArrayList<>();
        many.items().forEach(one -> changed.add(one instanceof Text ? ofText.apply(one) : one));
        return new Many(changed, many.place());
    }

    /** {@code source:target:mode}, {@code source:target} or {@code target}. */
    private Item mount(Item item) {
        String text = text(item);
        Fielded mount = new Fielded(item.place());
        String[] parts = text.split(":", -1);
        if (parts.length > 3 || parts[parts.length - 1].isEmpty()) {
            findings.error(
                    item.place(),
                    "'" + text + "' is no mount.",
                    "Write source:/path, source:/path:ro, or the long form.");
            return mount.fields();
        }
        String source = parts.length == 1 ? "" : parts[0];
        mount.text("type", PathBase.isPath(source) ? "bind" : "volume");
        if (!source.isEmpty()) {
            mount.text("source", PathBase.isPath(source) ? paths.rebased(source) : source);
        }
        mount.text("target", parts.length == 1 ? parts[0] : parts[1]);
        for (String mode : parts.length == 3 ? parts[2].split(",") : new String[0]) {
            mode(mode, mount, item.place());
        }
        if (PathBase.isPath(source)) {
            // as Compose has it for this form
            mount.put(
                    "bind",
                    new Fielded(item.place()).text("create_host_path", "true").fields());
        }
        return mount.fields();
    }

    /** {@code source}, {@code source:target} or {@code source:target:permissions}. */
    private Item device(Item item) {
        String[] parts = text(item).split(":");
        return new Fielded(item.place())
                .text("source", parts[0])
                .text("target", parts.length > 1 ? parts[1] : parts[0])
                .text("permissions", parts.length > 2 ? parts[2] : "rwm")
                .fields();
    }

    private void mode(String mode, Fielded mount, Place place) {
        switch (mode) {
            case "ro" -> mount.text("read_only", "true");
            case "rw", "cached", "delegated", "consistent" -> {}
            case "z", "Z", "nocopy" -> findings.warning(place, "the mode '" + mode + "' has no effect here.", "");
            case "shared", "rshared", "slave", "rslave", "private", "rprivate" ->
                findings.warning(
                        place, "the mode '" + mode + "' has no effect: mounts of the host are not handed on.", "");
            default -> findings.error(place, "'" + mode + "' is no mode of a mount.", "Write ro or rw.");
        }
    }

    private String text(Item item) {
        if (item instanceof Text text) {
            return text.text();
        }
        findings.error(item.place(), "this has to be a text, and is " + item.kind() + ".", "");
        return "?" + item.place();
    }
}
