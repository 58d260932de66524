package dev.withstack.launcher.scenario;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A namespace of the cluster that {@code KUBECONFIG} names, seen through {@code kubectl}. Closing it removes what it holds. */
public final class KubernetesCluster implements AutoCloseable {
    /** Why a test is left out that needs one. */
    public static final String NEEDED =
            "It runs in a Kubernetes where there is a kubectl, KUBECONFIG names a cluster with a node that is"
                    + " ready, and KUBERNETES_LOAD is the command that puts images on its nodes, such as 'kind load docker-image'.";

    private static final Pattern FORWARDED = Pattern.compile("Forwarding from 127\\.0\\.0\\.1:(\\d+) .*");

    private final String namespace;
    private final List<Process> forwards = new ArrayList<>();

    private KubernetesCluster(String namespace) {
        this.namespace = namespace;
    }

    /** Tell whether there is a cluster that can run something that is built here. */
    public static boolean isThere() {
        boolean isNamed = Stream.of("KUBECONFIG", "KUBERNETES_LOAD").allMatch(name -> System.getenv(name) != null);
        if (!isNamed) {
            return false;
        }
        try {
            return run(List.of("kubectl", "get", "nodes", "--no-headers"))
                    .lines()
                    .anyMatch(line -> line.matches("\\S+\\s+Ready\\s.*"));
        } catch (IOException | AssertionError e) {
            return false;
        }
    }

    /** Put images of the engine on the cluster's nodes. */
    public static void load(Collection<String> images) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(System.getenv("KUBERNETES_LOAD").split(" ")));
        command.addAll(images);
        run(command);
    }

    /** Apply an export into the namespace that it names, and wait until all of it is ready. */
    public static KubernetesCluster up(Path directory, String namespace) throws IOException {
        KubernetesCluster cluster = new KubernetesCluster(namespace);
        try {
            run(List.of("kubectl", "apply", "-k", directory.toString()));
            for (String workload : cluster.run("get", "deployments,statefulsets", "--output", "name")
                    .lines()
                    .toList()) {
                cluster.run("rollout", "status", workload, "--timeout", "10m");
            }
        } catch (IOException | AssertionError e) {
            e.addSuppressed(new AssertionError(cluster.run("get", "pods,persistentvolumeclaims,events")));
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /** Run one of kubectl's commands on the namespace; return what it printed. */
    public String run(String... arguments) throws IOException {
        return run(command(arguments));
    }

    /** Return a port of this host that leads to a port of a service, until this is closed. */
    public int forward(String service, String port) throws IOException {
        Process process = new ProcessBuilder(command("port-forward", "service/" + service, ":" + port))
                .redirectErrorStream(true)
                .start();
        forwards.add(process);
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            Matcher forwarded = FORWARDED.matcher(line);
            if (forwarded.matches()) {
                return Integer.parseInt(forwarded.group(1));
            }
        }
        throw new AssertionError("kubectl forwards nothing to " + service + ":" + port);
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of("kubectl", "--namespace", namespace));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String run(List<String> command) throws IOException {
        Path log = Files.createTempFile("withstack-kubectl-", ".log");
        try {
            int exitCode = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
            String said = Files.readString(log);
            if (exitCode != 0) {
                throw new AssertionError(String.join(" ", command) + " ended with " + exitCode + ":\n" + said);
            }
            return said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            Files.delete(log);
        }
    }

    @Override
    public void close() throws IOException {
        forwards.forEach(Process::destroy);
        run(List.of("kubectl", "delete", "namespace", namespace, "--timeout", "5m"));
    }
}
