package dev.withstack.core.docker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Find listening processes with {@code lsof}, where there is one: macOS has it. */
final class LsofListeners implements HostPorts.ListeningProcesses {

    /** Run {@code lsof} and return what it prints; nothing if it can't be run. */
    interface Lsof {
        String print(List<String> arguments);

        /** Run the one that is on the path. */
        static Lsof ofThisHost() {
            return arguments -> {
                List<String> command = new java.util.ArrayList<>(List.of("lsof"));
                command.addAll(arguments);
                try {
                    Process process = new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
                    process.getOutputStream().close();
                    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                } catch (IOException notInstalled) {
                    return "";
                }
            };
        }
    }

    private final Lsof lsof;

    LsofListeners(Lsof lsof) {
        this.lsof = lsof;
    }

    @Override
    public Optional<PortOwner.Process> listener(InetAddress address, int port) {
        String printed = lsof.print(List.of("-nP", "-iTCP:" + port, "-sTCP:LISTEN", "-Fpcn"));
        long pid = 0;
        String command = "";
        for (String line : printed.split("\n")) {
            if (line.startsWith("p")) {
                pid = Long.parseLong(line.substring(1).strip());
            } else if (line.startsWith("c")) {
                command = line.substring(1).strip();
            } else if (line.startsWith("n")
                    && HostPorts.overlap(address, address(line.substring(1).strip()))) {
                return Optional.of(new PortOwner.Process(pid, command));
            }
        }
        return Optional.empty();
    }

    /** Read {@code *:5432}, {@code 127.0.0.1:5432}, {@code [::1]:5432}. */
    private static InetAddress address(String name) {
        int colon = name.lastIndexOf(':');
        String host = colon < 0 ? name : name.substring(0, colon);
        try {
            return InetAddress.getByName(host.equals("*") ? "0.0.0.0" : host);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("lsof printed an address that is none: '" + name + "'", e);
        }
    }
}
