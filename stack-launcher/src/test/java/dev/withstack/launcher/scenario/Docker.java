package dev.withstack.launcher.scenario;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The engine seen through its own command: a witness that shares no code with what it testifies about. */
public final class Docker {

    private Docker() {}

    /** Run a command of the engine's client and return what it printed. */
    public static String run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exitCode = process.waitFor();
            if (exitCode != 0) {
                throw new AssertionError(String.join(" ", command) + " ended with " + exitCode + ":\n" + output);
            }
            return output.strip();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while running " + command, e);
        }
    }

    /** Return all there is to know of a container. */
    public static Facts inspect(String container) {
        try {
            return new Facts(JSON.std.mapFrom(run("inspect", "--format", "{{json .}}", container)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Return the names and ids of all containers, running or not, whose names begin so. */
    public static Map<String, String> containers(String prefix) {
        return named(run("ps", "--all", "--no-trunc", "--format", "{{.Names}} {{.ID}}"), prefix + "-");
    }

    /** Return the names and ids of the containers that run. */
    public static Map<String, String> running(String prefix) {
        return named(run("ps", "--no-trunc", "--format", "{{.Names}} {{.ID}}"), prefix + "-");
    }

    /** Return the names of volumes that end so. */
    public static List<String> volumesEndingWith(String suffix) {
        return run("volume", "ls", "--format", "{{.Name}}")
                .lines()
                .filter(name -> name.endsWith(suffix))
                .sorted()
                .toList();
    }

    /** Return the names of networks that begin so. */
    public static List<String> networks(String prefix) {
        return run("network", "ls", "--format", "{{.Name}}")
                .lines()
                .filter(name -> name.startsWith(prefix))
                .sorted()
                .toList();
    }

    private static Map<String, String> named(String lines, String prefix) {
        Map<String, String> found = new TreeMap<>();
        lines.lines()
                .map(line -> line.split(" "))
                .filter(words -> words[0].startsWith(prefix))
                .forEach(words -> found.put(words[0].substring(prefix.length()), words[1]));
        return found;
    }

    /** What the engine knows of a container, as a tree. */
    public record Facts(Map<String, Object> tree) {

        /** Return what stands at the end of the path. */
        public Object at(String... path) {
            Object here = tree;
            for (String step : path) {
                if (!(here instanceof Map<?, ?> map) || !map.containsKey(step)) {
                    throw new AssertionError("There is no '" + step + "' of " + List.of(path) + " in " + here);
                }
                here = map.get(step);
            }
            return here;
        }

        public String text(String... path) {
            return String.valueOf(at(path));
        }

        public long number(String... path) {
            return ((Number) at(path)).longValue();
        }

        /** Return the container's published ports: {@code 6379/tcp} to {@code 127.0.0.1:6379}. */
        public Map<String, String> publishedPorts() {
            Map<String, String> ports = new TreeMap<>();
            ((Map<?, ?>) at("HostConfig", "PortBindings")).forEach((inside, bindings) -> {
                for (Object each : (List<?>) bindings) {
                    Map<?, ?> binding = (Map<?, ?>) each;
                    ports.put(String.valueOf(inside), binding.get("HostIp") + ":" + binding.get("HostPort"));
                }
            });
            return ports;
        }

        /** Return the names of the volumes that are mounted, and where. */
        public Map<String, String> volumes() {
            Map<String, String> volumes = new TreeMap<>();
            for (Object each : (List<?>) at("Mounts")) {
                Map<?, ?> mount = (Map<?, ?>) each;
                if ("volume".equals(mount.get("Type"))) {
                    volumes.put(String.valueOf(mount.get("Name")), String.valueOf(mount.get("Destination")));
                }
            }
            return volumes;
        }

        /** Return the container's variables. */
        public Map<String, String> environment() {
            Map<String, String> variables = new TreeMap<>();
            for (Object each : (List<?>) at("Config", "Env")) {
                String[] parts = String.valueOf(each).split("=", 2);
                variables.put(parts[0], parts[1]);
            }
            return variables;
        }

        /** Return the names of the networks that the container is in. */
        public List<String> networks() {
            return ((Map<?, ?>) at("NetworkSettings", "Networks"))
                    .keySet().stream().map(String::valueOf).toList();
        }

        /** Return the container's address in its one network. */
        public String address() {
            return text("NetworkSettings", "Networks", networks().get(0), "IPAddress");
        }
    }
}
