package dev.withstack.launcher.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.withstack.core.engine.SecondEngine;
import dev.withstack.launcher.scenario.ImagesAtHand;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import dev.withstack.launcher.scenario.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A swarm of one node, on an engine of its own, and what a person does with it: stacks go out to it by the commands that the
 * launcher's export ends with, converge, are scaled and updated, and go. Its kernel may have no IP_VS, without which a swarm
 * has neither virtual addresses nor ports on every node: a second file laid over the export does without, as
 * docs/beyond-one-machine.md says.
 */
final class Swarm implements AutoCloseable {
    private static final Pattern START = Pattern.compile(
            "(?:Start with|and then): (\\(cd (\\S+) && .*docker stack deploy --compose-file stack\\.yaml) (\\S+)\\)");
    private static final String STACK = "label=com.docker.stack.namespace=";

    private final SecondEngine engine;
    private final Set<String> taken = new HashSet<>();

    private Swarm(SecondEngine engine) {
        this.engine = engine;
    }

    /** A stack that was written for a swarm. */
    record Exported(Path directory, String command, String name) {

        /** Return what the swarm calls a service of it. */
        String service(String service) {
            return name + "_" + service;
        }

        /** Return its services, as its file has them. */
        Map<?, ?> services() throws IOException {
            Object file = new Load(LoadSettings.builder().build())
                    .loadFromString(Files.readString(directory.resolve("stack.yaml")));
            return (Map<?, ?>) ((Map<?, ?>) file).get("services");
        }
    }

    /** Make one; without what it needs, leave the test out. */
    static Swarm make() throws IOException, InterruptedException {
        SecondEngine engine = SecondEngine.open();
        engine.run("swarm", "init", "--advertise-addr", engine.host().address());
        return new Swarm(engine);
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(500))
                .pollInSameThread();
    }

    Site site(int port) {
        return new Site(engine.host().address(), port);
    }

    /**
     * Export the stack, and give the swarm the images that it names; it is deployed by the last command, behind that of what
     * it stands on.
     */
    List<Exported> export(Launcher launcher, Path target, String... options) throws IOException, InterruptedException {
        Run export = launcher.run(words(List.of("export", "swarm", "--out", target.toString()), options));
        assertThat(export.exitCode()).as(export.toString()).isZero();
        List<Exported> exported = START.matcher(export.out())
                .results()
                .map(found -> new Exported(Path.of(found.group(2)), found.group(1), found.group(3)))
                .toList();
        for (Exported one : exported) {
            take(one);
        }
        return exported;
    }

    /** Give it images that the shared engine has, under the names that the export has them by. */
    private void take(Exported exported) throws IOException, InterruptedException {
        ImagesAtHand images = new ImagesAtHand();
        Map<String, String> byName = new LinkedHashMap<>();
        for (Map.Entry<?, ?> service : exported.services().entrySet()) {
            String wanted = String.valueOf(((Map<?, ?>) service.getValue()).get("image"));
            byName.computeIfAbsent(
                    wanted, image -> images.find(image, exported.name(), String.valueOf(service.getKey())));
        }
        take(byName);
    }

    private void take(Map<String, String> byName) throws IOException, InterruptedException {
        String[] missing = byName.values().stream().filter(taken::add).toArray(String[]::new);
        if (missing.length > 0) {
            engine.take(missing);
        }
        for (Map.Entry<String, String> image : byName.entrySet()) {
            engine.run("tag", image.getValue(), image.getKey());
        }
    }

    /** Deploy an export as it tells to, and wait until all its tasks run and are healthy. */
    void deploy(Exported exported) throws IOException, InterruptedException {
        Files.writeString(exported.directory().resolve("without-ipvs.yaml"), withoutIpvs(exported));
        String command = exported.command() + " --compose-file without-ipvs.yaml " + exported.name() + ")";
        ProcessBuilder shell = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true);
        shell.environment().putAll(engine.environment());
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command + "\n" + output).isZero();
        awaitConverged(exported.name());
    }

    /** Services are found by their tasks' addresses, and ports are those of the node that the task is on. */
    private static String withoutIpvs(Exported exported) throws IOException {
        Map<String, Object> services = new LinkedHashMap<>();
        exported.services().forEach((name, service) -> services.put(name.toString(), withoutIpvs((Map<?, ?>) service)));
        return JSON.std.asString(Map.of("version", "3.9", "services", services));
    }

    private static Map<String, Object> withoutIpvs(Map<?, ?> service) {
        Map<String, Object> deploy = new LinkedHashMap<>(Map.of("endpoint_mode", "dnsrr"));
        Map<String, Object> over = new LinkedHashMap<>(Map.of("deploy", deploy));
        if (service.get("ports") instanceof List<?> ports) {
            // one task of a service has the node's port, and gives it up to the next
            int replicas = (int) ((Map<?, ?>) service.get("deploy")).get("replicas");
            deploy.put("replicas", Math.min(1, replicas));
            deploy.put("update_config", Map.of("order", "stop-first"));
            over.put("ports", ports.stream().map(Swarm::onItsNode).toList());
        }
        return over;
    }

    private static Map<Object, Object> onItsNode(Object port) {
        Map<Object, Object> onNode = new LinkedHashMap<>((Map<?, ?>) port);
        onNode.put("mode", "host");
        return onNode;
    }

    /** Wait until every service has the tasks that it wants, or is done, and is as it was told to be last. */
    void awaitConverged(String name) {
        try {
            soon().until(() -> isConverged(name));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(name + " does not converge:\n" + tasks(name), e);
        }
    }

    private String tasks(String name) {
        try {
            return engine.run("stack", "ps", "--no-trunc", name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private boolean isConverged(String name) throws IOException, InterruptedException {
        List<String> services = new ArrayList<>();
        for (String line : engine.run("service", "ls", "--filter", STACK + name, "--format", "{{.Name}} {{.Replicas}}")
                .lines()
                .toList()) {
            String[] words = line.split("[ /]");
            services.add(words[0]);
            if (!words[1].equals(words[2]) && !isDone(words[0])) {
                return false;
            }
        }
        String update = "{{if .UpdateStatus}}{{.UpdateStatus.State}}{{else}}completed{{end}}";
        return engine.run(words(List.of("service", "inspect", "--format", update), services.toArray(String[]::new)))
                .lines()
                .allMatch("completed"::equals);
    }

    private boolean isDone(String service) throws IOException, InterruptedException {
        return engine.run("service", "ps", "--format", "{{.CurrentState}}", service)
                .startsWith("Complete");
    }

    /** Let so many tasks of a service run. */
    void scale(String service, int number) throws IOException, InterruptedException {
        engine.run("service", "scale", service + "=" + number);
        soon().untilAsserted(() -> assertThat(containers(service)).hasSize(number));
    }

    /** Wait until each container that runs for a service shows this when it is looked at in a format of Docker's. */
    void awaitInspected(String service, String format, String wanted) {
        soon().untilAsserted(() -> {
            List<String> containers = containers(service);
            assertThat(containers).isNotEmpty();
            for (String container : containers) {
                assertThat(engine.run("inspect", "--format", format, container)).contains(wanted);
            }
        });
    }

    /** Wait until each container that runs for a service has this variable. */
    void awaitVariable(String service, String variable) {
        awaitInspected(service, "{{.Config.Env}}", variable);
    }

    private List<String> containers(String service) throws IOException, InterruptedException {
        return engine.run("ps", "--quiet", "--filter", "label=com.docker.swarm.service.name=" + service)
                .lines()
                .toList();
    }

    /** Run a command inside the one task of a service; return what it printed. */
    String inside(String service, String... command) throws IOException, InterruptedException {
        return engine.run(words(List.of("exec", containers(service).get(0)), command));
    }

    /** Run a program once, with a variable, in a container on a network of the swarm. */
    void once(String network, String variable, String image, String... command)
            throws IOException, InterruptedException {
        take(Map.of(image, new ImagesAtHand().find(image, "", "")));
        engine.run(words(List.of("run", "--rm", "--network", network, "--env", variable, image), command));
    }

    /** Take down what a test that failed has left. */
    void clear() throws IOException, InterruptedException {
        List<String> left =
                engine.run("stack", "ls", "--format", "{{.Name}}").lines().toList();
        for (String name : left) {
            remove(name);
        }
    }

    /** Take a stack down: nothing of it is left but its data, which goes when it is told to. */
    void remove(String name) throws IOException, InterruptedException {
        engine.run("stack", "rm", name);
        soon().untilAsserted(() -> {
            for (String kind : List.of("service", "network", "config", "secret")) {
                assertThat(engine.run(kind, "ls", "--quiet", "--filter", STACK + name))
                        .as(kind)
                        .isEmpty();
            }
            assertThat(engine.run("ps", "--all", "--quiet", "--filter", STACK + name))
                    .isEmpty();
        });
        List<String> volumes = new ArrayList<>(engine.run("volume", "ls", "--quiet", "--filter", STACK + name)
                .lines()
                .toList());
        if (!volumes.isEmpty()) {
            engine.run(words(List.of("volume", "rm"), volumes.toArray(String[]::new)));
        }
    }

    private static String[] words(List<String> first, String... more) {
        return Stream.concat(first.stream(), Stream.of(more)).toArray(String[]::new);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        engine.run("swarm", "leave", "--force");
        engine.close();
    }
}
