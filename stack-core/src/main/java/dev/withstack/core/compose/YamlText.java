package dev.withstack.core.compose;

import dev.withstack.core.compose.Item.Field;
import dev.withstack.core.compose.Item.Fields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads the text of a YAML file: anchors and merge keys are followed, and whatever is no honest file (tabs, repeated keys,
 * anchors that hold themselves, a few lines that stand for millions) is one clear finding. Used once, by one thread.
 */
final class YamlText {
    /** Whole Compose files have some thousands. */
    private static final int MOST_ITEMS = 100_000;

    private static final int MOST_ALIASES = 5_000;
    private static final int LARGEST = 3_000_000;
    private static final int DEEPEST = 200;
    private static final String MERGE = "<<";

    private final String file;
    private final Findings findings;
    private final Set<Node> open = new HashSet<>();
    private int items;

    private YamlText(String file, Findings findings) {
        this.file = file;
        this.findings = findings;
    }

    /**
     * Return what the text says at its top.
     *
     * @param file what to call it in messages
     * @throws dev.withstack.core.model.InvalidDefinitionException if it can't be read as YAML
     */
    static Item read(String file, String text, Findings findings) {
        return new YamlText(file, findings).read(text);
    }

    private Item read(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setMaxAliasesForCollections(MOST_ALIASES)
                .setCodePointLimit(LARGEST)
                .setSchema(new CoreSchema())
                .build();
        try {
            Optional<Node> node = new Compose(settings).composeString(text);
            return node.isPresent() ? item(node.get()) : new Item.Nothing(new Place(file, 1, 1));
        } catch (MarkedYamlEngineException e) {
            throw unreadable(text, e);
        } catch (YamlEngineException e) {
            throw findings.fatal(new Place(file, 1, 1), "can't be read: " + e.getMessage() + ".", "");
        } catch (StackOverflowError e) {
            throw findings.fatal(new Place(file, 1, 1), "its parts stand too deep within each other.", "");
        }
    }

    private RuntimeException unreadable(String text, MarkedYamlEngineException e) {
        Place place = e.getProblemMark().or(e::getContextMark).map(this::place).orElse(new Place(file, 1, 1));
        List<String> lines = text.lines().toList();
        String line = place.line() <= lines.size() ? lines.get(place.line() - 1) : "";
        if (line.strip().length() < line.length()
                && line.substring(0, line.indexOf(line.strip())).contains("\t")) {
            return findings.fatal(
                    new Place(file, place.line(), line.indexOf('\t') + 1),
                    "a tab stands where YAML takes spaces only.",
                    "Indent with spaces.");
        }
        String problem = Optional.ofNullable(e.getProblem()).orElse("it is no YAML");
        return findings.fatal(place, "can't be read as YAML: " + problem + ".", "");
    }

    private Place place(Mark mark) {
        return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Place place(Node node) {
        return node.getStartMark().map(this::place).orElse(new Place(file, 1, 1));
    }

    private Item item(Node node) {
        if (++items > MOST_ITEMS) {
            throw findings.fatal(
                    place(node),
                    "its anchors make more than " + MOST_ITEMS + " items of it.",
                    "No stack is that large: leave out what is repeated.");
        }
        if (open.size() > DEEPEST) {
            throw findings.fatal(place(node), "its parts stand too deep within each other.", "");
        }
        if (!open.add(node)) {
            throw findings.fatal(
                    place(node), "an anchor holds itself.", "Leave the alias (*) within it out: it would never end.");
        }
        try {
            return tagged(node, untagged(node));
        } finally {
            open.remove(node);
        }
    }

    private Item tagged(Node node, Item item) {
        return switch (node.getTag().getValue()) {
            case "!reset" -> new Item.Reset(item.place());
            case "!override" -> new Item.Instead(item);
            default -> item;
        };
    }

    private Item untagged(Node node) {
        if (node instanceof ScalarNode scalar) {
            boolean isNothing = scalar.getTag().equals(Tag.NULL);
            return isNothing ? new Item.Nothing(place(node)) : new Item.Text(scalar.getValue(), place(node));
        } else if (node instanceof SequenceNode sequence) {
            return new Item.Many(sequence.getValue().stream().map(this::item).toList(), place(node));
        }
        return fields((MappingNode) node);
    }

    private Fields fields(MappingNode node) {
        Map<String, Field> own = new LinkedHashMap<>();
        Map<String, Field> merged = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            String key = key(tuple.getKeyNode());
            Place place = place(tuple.getKeyNode());
            Item value = item(tuple.getValueNode());
            if (key.equals(MERGE)) {
                merge(place, value, merged);
            } else if (own.putIfAbsent(key, new Field(place, value)) != null) {
                findings.error(
                        place,
                        "'" + key + "' stands there a second time; the first is on line "
                                + first(own, key).line() + ".",
                        "Keep one of them.");
            }
        }
        Map<String, Field> all = new LinkedHashMap<>(merged);
        all.putAll(own);
        return new Fields(all, place(node));
    }

    private static Place first(Map<String, Field> fields, String key) {
        return java.util.Objects.requireNonNull(fields.get(key)).place();
    }

    private String key(Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        findings.error(place(node), "a key has to be a word.", "");
        return "?" + place(node);
    }

    /** The first of several wins, and what a mapping says itself wins over all of them. */
    private void merge(Place place, Item value, Map<String, Field> merged) {
        List<Item> parts = new ArrayList<>(value instanceof Item.Many many ? many.items() : List.of(value));
        for (Item part : parts) {
            if (part instanceof Fields fields) {
                fields.fields().forEach(merged::putIfAbsent);
            } else {
                findings.error(
                        place,
                        "'<<' takes a mapping, and is given " + part.kind() + ".",
                        "Give it an alias (*) of one.");
            }
        }
    }
}
