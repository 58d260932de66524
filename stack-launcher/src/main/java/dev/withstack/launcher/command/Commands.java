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
        add(
                Group.UP_AND_DOWN,
                "local",
                "start the servers alone; show how to run the application here",
                LocalCommand::new);
        add(Group.UP_AND_DOWN, "start", "start the whole stack, in the environment dev", StartCommand::new);
        add(Group.UP_AND_DOWN, "stage", "start the stack by the rules of the release", StageCommand::new);
        add(Group.UP_AND_DOWN, "prod", "start the stack as a release, and stay to watch it", ProdCommand::new);
        add(Group.UP_AND_DOWN, "stop", "stop the stack or some of its services", StopCommand::new);
        add(Group.UP_AND_DOWN, "down", "stop and remove the stack; volumes stay", DownCommand::new);
        add(Group.UP_AND_DOWN, "restart", "stop what runs and bring it up again", RestartCommand::new);
        add(
                Group.UP_AND_DOWN,
                "supervise",
                "stay with a stack that runs, and restart what stays unhealthy",
                SuperviseCommand::new);
        add(Group.UP_AND_DOWN, "scale", "run another number of replicas of a service", ScaleCommand::new);
        add(
                Group.UP_AND_DOWN,
                "update",
                "replace what runs by its new version, one replica at a time",
                UpdateCommand::new);
        add(Group.UP_AND_DOWN, "deploy", "bring up a new version beside the old one, then switch", DeployCommand::new);
        add(Group.UP_AND_DOWN, "rollback", "go back to the version that deploy has kept", RollbackCommand::new);
        add(Group.LOOK, "list", "list the stacks, and where they are there", ListCommand::new);
        add(Group.LOOK, "status", "show what runs, its health, addresses and images", StatusCommand::new);
        add(Group.LOOK, "logs", "show what services have logged", LogsCommand::new);
        add(Group.LOOK, "events", "show what happens to the services", EventsCommand::new);
        add(Group.LOOK, "top", "show what each service uses: CPUs, memory, processes", TopCommand::new);
        add(Group.LOOK, "check", "look at the stack from every side, and say what to do", CheckCommand::new);
        add(Group.LOOK, "plan", "show what a start would do and why; change nothing", PlanCommand::new);
        add(Group.LOOK, "graph", "draw the stack: what waits for what", GraphCommand::new);
        add(Group.LOOK, "timings", "show how long the last start took, and what decided it", TimingsCommand::new);
        add(Group.LOOK, "urls", "show addresses and pages", UrlsCommand::new);
        add(Group.LOOK, "env", "show the variables of services, for this host or a container", EnvCommand::new);
        add(Group.LOOK, "config", "show the settings, where each comes from and what it does", ConfigCommand::new);
        add(Group.LOOK, "bundle", "write one archive for a colleague, secrets masked", BundleCommand::new);
        add(Group.INSIDE, "shell", "open a service's shell: a database's client, or sh", ShellCommand::new);
        add(Group.INSIDE, "exec", "run a command inside a service's container", ExecCommand::new);
        add(Group.IMAGES, "build", "build the images of the services that have a source", BuildCommand::new);
        add(Group.IMAGES, "pull", "pull the images that the services run from", PullCommand::new);
        add(
                Group.IMAGES,
                "lock",
                "write down the digests of the images, so that later starts run the same",
                LockCommand::new);
        add(Group.DATA, "reset", "throw data away, after asking, and begin afresh", ResetCommand::new);
        add(Group.DATA, "backup", "take a backup of what the stack keeps, while it runs", BackupCommand::new);
        add(Group.DATA, "backups", "list, verify or prune the backups", BackupsCommand::new);
        add(Group.DATA, "restore", "put back what a backup holds, after asking", RestoreCommand::new);
        add(Group.DATA, "migrate", "apply SQL files to the database, each once and in order", MigrateCommand::new);
        add(Group.AROUND, "export", "write the stack for Docker Compose, a swarm or Kubernetes", ExportCommand::new);
        add(Group.AROUND, "import", "write a Compose file as a stack in Java", ImportCommand::new);
        add(Group.AROUND, "init", "write the .env of a stack, explained, with generated secrets", InitCommand::new);
    }

    private Commands() {}

    /** What a command is for. */
    public enum Group {
        UP_AND_DOWN("Up and down"),
        LOOK("Look"),
        INSIDE("Inside"),
        IMAGES("Images"),
        DATA("Data"),
        AROUND("Around"),
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
