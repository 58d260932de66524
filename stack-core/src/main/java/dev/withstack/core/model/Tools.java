package dev.withstack.core.model;

import java.util.List;
import java.util.Map;

/**
 * Where the programs of a process are looked for besides the {@code PATH}.
 *
 * @param homes directories, relative to where the process runs, that bring programs along in {@code bin} or {@code Scripts}, such as a virtual
 *     environment of Python; the first that is there goes before the {@code PATH}
 * @param names what a program may be called on the {@code PATH}, in order, where that is not its own name
 */
public record Tools(List<String> homes, Map<String, List<String>> names) {

    /** The {@code PATH} alone. */
    public static final Tools NONE = new Tools(List.of(), Map.of());

    public Tools {
        homes = List.copyOf(homes);
        names = Ordered.copyOf(names);
    }

    /** Return what the program may be called on the {@code PATH}. */
    public List<String> namesOf(String program) {
        return names.getOrDefault(program, List.of(program));
    }
}
