package dev.withstack.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which replicas of a service its entry leads to, where an old and a new version of them stand beside each other: the
 * first so many of one colour, and of the other colour those behind them.
 *
 * <p>So {@code green 0} is all that is blue, {@code green 1} has the first replaced, and of three replicas {@code green 3}
 * are the three green ones. Each line-up is a name in the network that exactly its replicas have, from their creation on.
 *
 * @param colour the colour of the first ones
 * @param first how many they are
 */
public record Lineup(Colour colour, int first) {
    /** The link within the entry that leads to a directory of the name of the line-up; absent while none is chosen. */
    public static final String LINK = "/etc/nginx/lineup/now";

    /** Which of two versions a replica is of; the first is blue, and then they take turns. */
    public enum Colour {
        BLUE,
        GREEN;

        public Colour other() {
            return this == BLUE ? GREEN : BLUE;
        }

        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Return the line-up of that name of the service; empty if the name is none. */
    public static Optional<Lineup> named(String name, String service) {
        Matcher matcher = Pattern.compile(Pattern.quote(Entry.replicasName(service)) + "-(blue|green)-([0-9]{1,2})")
                .matcher(name);
        return matcher.matches()
                ? Optional.of(new Lineup(
                        Colour.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    /** Return the name in the network of the service's replicas that are in it. */
    public String nameOf(String service) {
        return Entry.replicasName(service) + "-" + colour.id() + "-" + first;
    }

    /** Return the colour that the replica has in it, counted from 1. */
    public Colour colourOf(int ordinal) {
        return ordinal <= first ? colour : colour.other();
    }

    /** Tell whether so many replicas are all of one colour. */
    public boolean isWhole(int replicas) {
        return first == 0 || first >= replicas;
    }

    /** Return the same line-up of so many replicas, which are all of one colour, named by that. */
    public Lineup whole(int replicas) {
        return new Lineup(first == 0 ? colour.other() : colour, replicas);
    }

    /** Return the names of all line-ups that the replica of this colour is in. */
    static List<String> namesOf(String service, int ordinal, Colour colour) {
        List<String> names = new ArrayList<>();
        for (int first = 0; first <= Replicas.MOST; first++) {
            Colour leading = ordinal <= first ? colour : colour.other();
            names.add(new Lineup(leading, first).nameOf(service));
        }
        return names;
    }

    @Override
    public String toString() {
        return colour.id() + " " + first;
    }
}
