package dev.withstack.launcher.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** All commands by name. A class is loaded only when its command is asked for. */
public final class Commands {
    private static final Map<String, Entry> ENTRIES = new LinkedHashMap<>();

    static {
        add(Group.UP_AND_DOWN, "dev", "start what you develop against; show how to run the rest here", DevCommand::new);
        add(Group.UP_AND_DOWN, "start", "start the whole stack, in the environment dev", StartCommand::new);
        add(Group.UP_AND_DOWN, "stage", "start the stack by the rules of the release", StageCommand::new);
        add(Group.UP_AND_DOWN, "prod", "start the stack as a release, and stay to watch it", ProdCommand::new);
        add(Group.UP_AND_DOWN, "stop", "stop the stack or some of its services", StopCommand::new);
        add(Group.UP_AND_DOWN, "down", "stop and remove the stack; volumes stay", DownCommand::new);
        add(Group.LOOK, "status", "show what runs, its health, addresses and images", StatusCommand::new);
    }

    private Commands() {}

    /** What a command is for. */
    public enum Group {
        UP_AND_DOWN("Up and down"),
        LOOK("Look"),
        INSIDE("Inside"),
        DATA("Data"),
        HIDDEN("");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }
    }

    /**
     * A command that can be asked for.
     *
     * @param summary what it does, in one line
     */
    public record Entry(Group group, String name, String summary, Supplier<? extends StackCommand> maker) {}

    /** Return the names of the commands that are shown. */
    public static List<String> names() {
        return ENTRIES.values().stream()
                .filter(entry -> entry.group() != Group.HIDDEN)
                .map(Entry::name)
                .toList();
    }

    /** Return the command of that name. */
    public static Optional<Entry> named(String name) {
        return Optional.ofNullable(ENTRIES.get(name));
    }

    /** Return all commands in the order of the help. */
    public static List<Entry> all() {
        return List.copyOf(ENTRIES.values());
    }

    private static void add(Group group, String name, String summary, Supplier<? extends StackCommand> maker) {
        ENTRIES.put(name, new Entry(group, name, summary, maker));
    }
}
