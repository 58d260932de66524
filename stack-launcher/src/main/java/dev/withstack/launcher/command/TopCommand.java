package dev.withstack.launcher.command;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.Driver.Usage;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Sizes;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Observed;
import dev.withstack.launcher.console.Console;
import dev.withstack.launcher.console.JsonText;
import dev.withstack.launcher.console.Style;
import dev.withstack.launcher.console.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what the services of a stack use. */
@Command(
        name = "top",
        description =
                "Show what each service uses: CPUs, memory against its limit, processes. On a terminal again and again,"
                        + " until Ctrl-C.")
final class TopCommand extends ServicesCommand {
    private static final double NEARLY = 0.9;

    @Option(names = "--once", description = "show it once, also on a terminal")
    boolean once;

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> asked = session.in(environment).take(words);
        session.words().existing(asked);
        if (once || session.output() != OutputMode.TTY) {
            show(session, measured(session, asked));
            return ExitCode.OK;
        }
        try (Foreground.Watch interrupts = session.surroundings().foreground().interruptedBy(() -> {}, () -> {})) {
            int lines = 0;
            // the engine takes its time to measure, which is pause enough
            while (!Thread.interrupted()) {
                Map<String, Optional<Usage>> usage = measured(session, asked);
                session.console().print(lines == 0 ? "" : "\u001B[" + lines + "A\u001B[J");
                lines = show(session, usage);
                session.forgetObserved();
            }
            throw new InterruptedException("Ctrl-C");
        }
    }

    /** Ask for all at once, as the engine measures each for a second; what does not run has no usage. */
    private static Map<String, Optional<Usage>> measured(Session session, List<String> asked)
            throws InterruptedException {
        Driver driver = session.driver();
        ExecutorService asking = Executors.newCachedThreadPool();
        try {
            Map<String, CompletableFuture<Optional<Usage>>> answers = new LinkedHashMap<>();
            for (String service : session.words().existing(asked)) {
                boolean isRunning = session.observedWithBase()
                        .container(service)
                        .filter(Observed.Container::isRunning)
                        .isPresent();
                StackId id = session.idOf(service);
                answers.put(
                        service,
                        isRunning
                                ? CompletableFuture.supplyAsync(() -> usage(driver, id, service), asking)
                                : CompletableFuture.completedFuture(Optional.empty()));
            }
            Map<String, Optional<Usage>> usage = new LinkedHashMap<>();
            for (Map.Entry<String, CompletableFuture<Optional<Usage>>> answer : answers.entrySet()) {
                usage.put(answer.getKey(), answer.getValue().get());
            }
            return usage;
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("What the services use can't be told.", e.getCause());
        } finally {
            asking.shutdownNow();
        }
    }

    /** One that ends just now uses nothing. */
    private static Optional<Usage> usage(Driver driver, StackId id, String service) {
        try {
            return driver.usage(id, service);
        } catch (DriverException e) {
            return Optional.empty();
        }
    }

    /** Return how many lines were printed. */
    private static int show(Session session, Map<String, Optional<Usage>> usage) {
        Console console = session.console();
        if (session.output() == OutputMode.QUIET) {
            return 0;
        }
        if (session.output() == OutputMode.JSON) {
            usage.forEach((service, used) -> console.line(JsonText.of(fields(service, used))));
            return usage.size();
        }
        Table table = new Table("SERVICE", "CPUS", "MEMORY", "OF", "", "PIDS");
        usage.forEach((service, used) -> table.row(cells(service, used, console.style())));
        List<String> lines = table.lines(console.style());
        lines.forEach(console::line);
        return lines.size();
    }

    private static String[] cells(String service, Optional<Usage> used, Style style) {
        return used.map(one -> new String[] {
                    style.bold(service),
                    String.format(Locale.ROOT, "%.2f", one.cpus()),
                    Sizes.text(one.memoryBytes()),
                    Sizes.text(one.memoryLimitBytes()),
                    share(one, style),
                    Integer.toString(one.pids())
                })
                .orElseGet(() -> new String[] {style.bold(service), "–", "", "", "", ""});
    }

    private static String share(Usage used, Style style) {
        double share = used.memoryLimitBytes() == 0 ? 0 : (double) used.memoryBytes() / used.memoryLimitBytes();
        String text = Math.round(share * 100) + " %";
        return share >= NEARLY ? style.red(text) : text;
    }

    private static Map<String, Object> fields(String service, Optional<Usage> used) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", "usage");
        fields.put("service", service);
        used.ifPresent(one -> {
            fields.put("cpus", Math.round(one.cpus() * 1000) / 1000.0);
            fields.put("memoryBytes", one.memoryBytes());
            fields.put("memoryLimitBytes", one.memoryLimitBytes());
            fields.put("pids", one.pids());
        });
        return fields;
    }
}
