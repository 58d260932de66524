package dev.withstack.launcher.readme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The README's blocks of code, by language. */
record Readme(String text) {

    private static final String SHOWN = "$ ./stack ";

    static Readme read() throws IOException {
        return new Readme(Files.readString(Path.of("..", "README.md")));
    }

    /** Return the blocks that are fenced as this language. */
    List<String> blocks(String language) {
        List<String> blocks = new ArrayList<>();
        String[] parts = text.split("(?m)^```");
        // between two fences stands a block, then prose, and so on
        for (int i = 1; i < parts.length; i += 2) {
            int end = parts[i].indexOf('\n');
            if (parts[i].substring(0, end).strip().equals(language)) {
                blocks.add(parts[i].substring(end + 1));
            }
        }
        return blocks;
    }

    /** Return what the README lets people run after {@code ./stack}, each as its words, comments left out. */
    List<List<String>> stackCommands() {
        return blocks("console").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(SHOWN))
                .map(line -> line.substring(SHOWN.length()).replaceAll("\\s+#.*", ""))
                .map(line -> List.of(line.strip().split("\\s+")))
                .toList();
    }
}
