package dev.withstack.core.model;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Something that is put at a path of the container when it is created. */
public sealed interface FileMount {

    /** Return where the container sees it: an absolute path. */
    String path();

    /**
     * A file that is written for the container.
     *
     * @param contents the content by the version of the image from which on it suits, such as {@code 0.120}; the
     *     content under the empty version suits all before
     */
    record Generated(String path, Map<String, Value> contents) implements FileMount {
        public Generated {
            Map<String, Value> byVersion = new TreeMap<>(Versions.OLDEST_FIRST);
            byVersion.putAll(contents);
            contents = Ordered.copyOf(byVersion);
        }

        /** Return the content that suits the version of an image; where the version is not known, the newest. */
        public Value content(String version) {
            Value best = Value.text("");
            for (Map.Entry<String, Value> content : contents.entrySet()) {
                boolean suits = version.isEmpty() || Versions.OLDEST_FIRST.compare(content.getKey(), version) <= 0;
                best = suits ? content.getValue() : best;
            }
            return best;
        }
    }

    /**
     * A file or directory of the project, of which the container gets a copy. Which it is, and whether it is there, is
     * looked up at each start.
     *
     * @param source relative to the project directory
     * @param otherwise what the container gets where the project has none; if empty, the project must have it
     */
    record FromProject(String source, String path, List<Generated> otherwise) implements FileMount {
        public FromProject {
            otherwise = List.copyOf(otherwise);
        }
    }

    /**
     * A file of this host, of which the container gets a copy.
     *
     * @param source its absolute path
     * @param digest of its content
     */
    record Copied(String source, String path, String digest) implements FileMount {}

    /**
     * A file or directory that the container sees as it is on the host, now and later.
     *
     * @param source relative to the project directory, until it is looked up at each start
     */
    record Bound(String source, String path, Access access) implements FileMount {}

    /** What a container may do with a file of the host. */
    enum Access {
        READ_WRITE,
        READ_ONLY,
        /** Write into a directory that is made where the project has none. */
        OUTPUT
    }
}
