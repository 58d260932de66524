package dev.withstack.core.compose;

import dev.withstack.core.compose.Item.Field;
import dev.withstack.core.compose.Item.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Puts a mapping together. */
final class Fielded {
    private final Map<String, Field> fields;
    private final Place place;

    Fielded(Place place) {
        this.fields = new LinkedHashMap<>();
        this.place = place;
    }

    Fielded(Fields from) {
        this.fields = new LinkedHashMap<>(from.fields());
        this.place = from.place();
    }

    Fielded put(String key, Item value) {
        fields.put(key, new Field(value.place(), value));
        return this;
    }

    Fielded put(String key, Field field) {
        fields.put(key, field);
        return this;
    }

    Fielded text(String key, String text) {
        return put(key, new Item.Text(text, place));
    }

    /** Replace the value of the key, if it has one. */
    Fielded change(String key, UnaryOperator<Item> change) {
        fields.computeIfPresent(key, (name, field) -> new Field(field.place(), changed(field.value(), change)));
        return this;
    }

    private static Item changed(Item item, UnaryOperator<Item> change) {
        if (item instanceof Item.Instead instead) {
            return new Item.Instead(changed(instead.item(), change));
        }
        return item instanceof Item.Reset || item instanceof Item.Nothing ? item : change.apply(item);
    }

    Optional<Field> remove(String key) {
        return Optional.ofNullable(fields.remove(key));
    }

    Fields fields() {
        return new Fields(fields, place);
    }
}
