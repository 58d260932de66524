package dev.withstack.core.model;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A text that is resolved late, by who reads it.
 *
 * <p>An {@link Address} inside a value reads {@code postgres:5432} within the stack's network and
 * {@code 127.0.0.1:5433} on the host. Using it also makes the reader depend on the service it names,
 * unless {@link #withoutEdge()} says that it is an address only. Immutable.
 */
public sealed interface Value {

    /** A text that is the same for every reader. */
    record Text(String text) implements Value {}

    /** A text that is never shown: {@link #toString()} masks it. */
    record Secret(String text) implements Value {
        @Override
        public String toString() {
            return "Secret[***]";
        }
    }

    /** Where an endpoint of a service can be reached, or a part of that. */
    record Address(String service, String endpoint, Part part, Edge edge) implements Value {}

    /** Several values, one after the other. */
    record Joined(List<Value> parts) implements Value {
        public Joined {
            parts = List.copyOf(parts);
        }
    }

    /** Which part of an address is meant. */
    enum Part {
        HOST,
        PORT,
        HOST_AND_PORT
    }

    /** Whether an address is also a dependency on the service it names. */
    enum Edge {
        HEALTHY,
        NONE
    }

    /** Return a plain text. */
    static Value text(String text) {
        return new Text(text);
    }

    /** Return a text that is never shown. */
    static Value secret(String text) {
        return new Secret(text);
    }

    /** Return a text in which these secrets are never shown, wherever they stand in it. */
    static Value hiding(String text, Collection<String> secrets) {
        List<Object> parts = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < text.length(); at++) {
            for (String secret : secrets) {
                if (at >= from && !secret.isEmpty() && text.startsWith(secret, at)) {
                    if (at > from) {
                        parts.add(text.substring(from, at));
                    }
                    parts.add(new Secret(secret));
                    from = at + secret.length();
                }
            }
        }
        if (from < text.length() || parts.isEmpty()) {
            parts.add(text.substring(from));
        }
        return join(parts.toArray());
    }

    /** Join strings and values, in the order given. */
    static Value join(Object... parts) {
        List<Value> values = new ArrayList<>();
        for (Object part : parts) {
            values.add(part instanceof Value value ? value : new Text(String.valueOf(part)));
        }
        return values.size() == 1 ? values.get(0) : new Joined(values);
    }

    /** Return the same value as an address only: whoever uses it does not wait for the service it names. */
    default Value withoutEdge() {
        if (this instanceof Address address) {
            return new Address(address.service(), address.endpoint(), address.part(), Edge.NONE);
        }
        if (this instanceof Joined joined) {
            return new Joined(joined.parts().stream().map(Value::withoutEdge).toList());
        }
        return this;
    }

    /** Return the same value as it stands in a URL: signs that mean something there are encoded. Addresses stay. */
    default Value urlEncoded() {
        if (this instanceof Text text) {
            return new Text(encoded(text.text()));
        } else if (this instanceof Secret secret) {
            return new Secret(encoded(secret.text()));
        } else if (this instanceof Joined joined) {
            return new Joined(joined.parts().stream().map(Value::urlEncoded).toList());
        }
        return this;
    }

    /** Return the text as the given reader sees it. */
    default String resolve(AddressBook addresses) {
        StringBuilder text = new StringBuilder();
        visit(part -> text.append(textOf(part, addresses)));
        return text.toString();
    }

    /** Return the text if it is the same for every reader. */
    default Optional<String> literal() {
        return addresses().isEmpty()
                ? Optional.of(resolve((service, endpoint) -> {
                    throw new IllegalStateException("There is no address in it.");
                }))
                : Optional.empty();
    }

    /** Return the text with every secret masked, for people. */
    default String masked(AddressBook addresses) {
        StringBuilder text = new StringBuilder();
        visit(part -> text.append(part instanceof Secret ? "***" : textOf(part, addresses)));
        return text.toString();
    }

    /** Hand every simple part of this value, in order, to the visitor. */
    default void visit(Consumer<Value> visitor) {
        if (this instanceof Joined joined) {
            joined.parts().forEach(part -> part.visit(visitor));
        } else {
            visitor.accept(this);
        }
    }

    /** Return the addresses that this value refers to. */
    default List<Address> addresses() {
        List<Address> found = new ArrayList<>();
        visit(part -> {
            if (part instanceof Address address) {
                found.add(address);
            }
        });
        return found;
    }

    /** Tell whether a part of it is never shown. */
    default boolean hasSecret() {
        List<Value> secrets = new ArrayList<>();
        visit(part -> {
            if (part instanceof Secret) {
                secrets.add(part);
            }
        });
        return !secrets.isEmpty();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String textOf(Value part, AddressBook addresses) {
        if (part instanceof Address address) {
            HostAndPort at = addresses.find(address.service(), address.endpoint());
            return switch (address.part()) {
                case HOST -> at.host();
                case PORT -> Integer.toString(at.port());
                case HOST_AND_PORT -> at.toString();
            };
        }
        return part instanceof Secret secret ? secret.text() : ((Text) part).text();
    }
}
