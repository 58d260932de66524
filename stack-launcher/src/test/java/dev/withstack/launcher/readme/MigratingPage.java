package dev.withstack.launcher.readme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page that says which command takes the place of which. */
public record MigratingPage(String text) {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (?!old |---)(.*?[^\\\\]) \\| (.*?) \\|$");
    private static final Pattern NEW = Pattern.compile("`\\./stack ([^`]+)`");
    private static final Pattern SHOWN =
            Pattern.compile("(?m)(?:`|^\\$ |/opt/withstack/)(?:\\./)?stack ([a-z][^`\n]*)");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    /** Read the page. */
    public static MigratingPage read() throws IOException {
        return new MigratingPage(Files.readString(Path.of("..", "docs", "migrating.md")));
    }

    /** Return the commands on the right of a part's table, as they stand there, without the launcher's name. */
    public List<String> commands(String part) {
        int begin = text.indexOf("\n## " + part + "\n");
        int end = text.indexOf("\n## ", begin + 1);
        List<String> commands = new ArrayList<>();
        Matcher row = ROW.matcher(text.substring(begin, end));
        while (row.find()) {
            Matcher command = NEW.matcher(row.group(2));
            while (command.find()) {
                commands.add(command.group(1));
            }
        }
        return commands.stream().distinct().toList();
    }

    /** Return every command that a page of docs shows, without the launcher's name. */
    public static List<String> commandsIn(String page) throws IOException {
        Matcher command = SHOWN.matcher(Files.readString(Path.of("..", "docs", page)));
        List<String> commands = new ArrayList<>();
        while (command.find()) {
            commands.add(command.group(1));
        }
        return commands;
    }

    /** Return what stands on the left, by the commands on its right that stand for it. */
    public Map<String, String> rows() {
        Map<String, String> rows = new LinkedHashMap<>();
        Matcher row = ROW.matcher(text);
        while (row.find()) {
            rows.put(row.group(1), row.group(2));
        }
        return rows;
    }

    /** Return the words of a command as a shell reads them. */
    public static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command);
        while (word.find()) {
            words.add(word.group(1) == null ? word.group(2) : word.group(1));
        }
        return words;
    }
}
