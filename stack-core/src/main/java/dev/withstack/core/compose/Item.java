package dev.withstack.core.compose;

import dev.withstack.core.model.Ordered;
import java.util.List;
import java.util.Map;

/** What a file says, with the place where it says so. Immutable. */
sealed interface Item {

    Place place();

    /** Return what it is, for people: {@code a list}. */
    String kind();

    /** Nothing: {@code null}, or no value behind a key. */
    record Nothing(Place place) implements Item {
        @Override
        public String kind() {
            return "empty";
        }
    }

    /** A text, a number or a switch: which it is depends on who reads it. */
    record Text(String text, Place place) implements Item {
        @Override
        public String kind() {
            return "'" + text + "'";
        }
    }

    record Many(List<Item> items, Place place) implements Item {
        public Many {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    record Fields(Map<String, Field> fields, Place place) implements Item {
        public Fields {
            fields = Ordered.copyOf(fields);
        }

        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /**
     * One value of a mapping.
     *
     * @param place of its key
     */
    record Field(Place place, Item value) {}

    /** What takes the whole place of what an earlier file says there, rather than being added to it. */
    record Instead(Item item) implements Item {
        @Override
        public Place place() {
            return item.place();
        }

        @Override
        public String kind() {
            return item.kind();
        }
    }

    /** What takes away what an earlier file says there. */
    record Reset(Place place) implements Item {
        @Override
        public String kind() {
            return "empty";
        }
    }
}
