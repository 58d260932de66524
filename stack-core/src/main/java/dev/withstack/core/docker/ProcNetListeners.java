package dev.withstack.core.docker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Find listening processes in Linux's {@code /proc}: the socket's inode first, then the process that has it open. */
final class ProcNetListeners implements HostPorts.ListeningProcesses {

    private static final String LISTEN = "0A";
    private static final int LONGEST_COMMAND = 100;
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder().equals(ByteOrder.LITTLE_ENDIAN);

    private final Path proc;

    ProcNetListeners(Path proc) {
        this.proc = proc;
    }

    @Override
    public Optional<PortOwner.Process> listener(InetAddress address, int port) {
        List<String> sockets = new ArrayList<>();
        addListening(proc.resolve("net/tcp"), address, port, sockets);
        addListening(proc.resolve("net/tcp6"), address, port, sockets);
        return sockets.isEmpty() ? Optional.empty() : holder(sockets);
    }

    private static void addListening(Path table, InetAddress address, int port, List<String> sockets) {
        for (String line : lines(table)) {
            String[] fields = line.strip().split("\\s+");
            if (fields.length > 9 && fields[3].equals(LISTEN)) {
                int colon = fields[1].indexOf(':');
                if (colon > 0
                        && Integer.parseInt(fields[1].substring(colon + 1), 16) == port
                        && HostPorts.overlap(address, address(fields[1].substring(0, colon)))) {
                    sockets.add("socket:[" + fields[9] + "]");
                }
            }
        }
    }

    private static List<String> lines(Path table) {
        try {
            List<String> lines = Files.readAllLines(table, StandardCharsets.ISO_8859_1);
            return lines.subList(Math.min(1, lines.size()), lines.size());
        } catch (IOException absent) {
            return List.of();
        }
    }

    /** Read an address: words of four bytes in hexadecimal, each in the order of this processor. */
    private static InetAddress address(String hex) {
        byte[] bytes = new byte[hex.length() / 2];
        for (int at = 0; at < bytes.length; at++) {
            int place = LITTLE_ENDIAN ? (at & ~3) + (3 - (at & 3)) : at;
            bytes[place] = (byte) Integer.parseInt(hex.substring(2 * at, 2 * at + 2), 16);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Not an address in /proc/net: " + hex, e);
        }
    }

    private Optional<PortOwner.Process> holder(List<String> sockets) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : all) {
                if (hasOpen(process, sockets)) {
                    long pid = Long.parseLong(process.getFileName().toString());
                    return Optional.of(new PortOwner.Process(pid, command(process)));
                }
            }
        } catch (IOException unreadable) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean hasOpen(Path process, List<String> sockets) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (sockets.contains(target(file))) {
                    return true;
                }
            }
        } catch (IOException goneOrForbidden) {
            return false;
        }
        return false;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static String command(Path process) {
        String line = text(process.resolve("cmdline")).replace('\0', ' ').strip();
        String command = line.isEmpty() ? text(process.resolve("comm")).strip() : line;
        return command.length() <= LONGEST_COMMAND ? command : command.substring(0, LONGEST_COMMAND) + "...";
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }
}
