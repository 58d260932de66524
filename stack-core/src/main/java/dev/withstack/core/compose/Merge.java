package dev.withstack.core.compose;

import dev.withstack.core.compose.Item.Field;
import dev.withstack.core.compose.Item.Fields;
import dev.withstack.core.compose.Item.Many;
import dev.withstack.core.compose.Item.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lays one file over another, both in their long form: mappings are joined, lists added to, and what is one thing is
 * replaced.
 *
 * @see <a href="https://github.com/compose-spec/compose-spec/blob/main/13-merge.md">the rules</a>
 */
final class Merge {
    private static final Set<String> REPLACED = Set.of("command", "entrypoint", "test");
    /** What makes two of a list the same one. */
    private static final Map<String, List<String>> IDENTITY = Map.of(
            "ports", List.of("target", "published", "protocol", "host_ip"),
            "volumes", List.of("target"),
            "secrets", List.of("source", "target"),
            "configs", List.of("source", "target"),
            "env_file", List.of("path"));

    private Merge() {}

    /** Return both together. */
    static Fields of(Fields under, Fields over) {
        Map<String, Field> all = new LinkedHashMap<>(under.fields());
        over.fields().forEach((key, field) -> {
            Field known = all.get(key);
            if (known == null) {
                all.put(key, field);
            } else {
                all.put(key, new Field(field.place(), merged(key, known.value(), field.value())));
            }
        });
        return new Fields(all, over.place());
    }

    private static Item merged(String key, Item under, Item over) {
        Item below = under instanceof Item.Instead instead ? instead.item() : under;
        if (over instanceof Item.Nothing) {
            return below;
        } else if (below instanceof Fields first && over instanceof Fields second) {
            return key.equals("logging") && !sameDriver(first, second) ? second : of(first, second);
        } else if (below instanceof Many first && over instanceof Many second && !REPLACED.contains(key)) {
            return added(key, first, second);
        }
        return over;
    }

    private static boolean sameDriver(Fields first, Fields second) {
        String driver = identity(second, List.of("driver"));
        return driver.equals("driver=") || driver.equals(identity(first, List.of("driver")));
    }

    private static Many added(String key, Many first, Many second) {
        Map<String, Item> all = new LinkedHashMap<>();
        List<Item> both = new ArrayList<>(first.items());
        both.addAll(second.items());
        for (Item item : both) {
            String identity = identity(item, IDENTITY.getOrDefault(key, List.of()));
            all.put(identity, item);
        }
        return new Many(List.copyOf(all.values()), second.place());
    }

    private static String identity(Item item, List<String> keys) {
        if (item instanceof Text text) {
            return text.text();
        } else if (item instanceof Fields fields && !keys.isEmpty()) {
            StringBuilder identity = new StringBuilder();
            for (String key : keys) {
                Field field = fields.fields().get(key);
                identity.append(key)
                        .append('=')
                        .append(field != null && field.value() instanceof Text text ? text.text() : "");
            }
            return identity.toString();
        }
        return item.place().toString();
    }

    /** Return the mapping without what was only said for the sake of merging. */
    static Fields settled(Fields fields) {
        Map<String, Field> settled = new LinkedHashMap<>();
        fields.fields().forEach((key, field) -> {
            if (!(field.value() instanceof Item.Reset)) {
                settled.put(key, new Field(field.place(), settled(field.value())));
            }
        });
        return new Fields(settled, fields.place());
    }

    private static Item settled(Item item) {
        if (item instanceof Fields fields) {
            return settled(fields);
        } else if (item instanceof Item.Instead instead) {
            return settled(instead.item());
        } else if (item instanceof Many many) {
            return new Many(
                    many.items().stream()
                            .filter(one -> !(one instanceof Item.Reset))
                            .map(Merge::settled)
                            .toList(),
                    many.place());
        }
        return item;
    }
}
