package dev.withstack.launcher.scenario;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Collection;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Ports of this machine that nobody listens on. */
public final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int SPAN = 11_000;

    private FreePorts() {}

    /** Return the first of so many in a row, below those that systems hand out to clients by themselves. */
    public static int inARow(int count) {
        int first = 0;
        do {
            first = FIRST + ThreadLocalRandom.current().nextInt(SPAN);
        } while (!areFree(IntStream.range(first, first + count).boxed().toList()));
        return first;
    }

    /** Tell whether nobody listens on any of them. */
    public static boolean areFree(Collection<Integer> ports) {
        return ports.stream().allMatch(FreePorts::isFree);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
