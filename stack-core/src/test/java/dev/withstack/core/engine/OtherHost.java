package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Another host, as far as the network tells: a network namespace with a cable to this one.
 *
 * @param name of the namespace
 * @param net the third number of the addresses on the cable
 */
public record OtherHost(String name, int net) {

    static OtherHost make() throws IOException, InterruptedException {
        int net = ThreadLocalRandom.current().nextInt(1, 250);
        OtherHost host = new OtherHost("wst" + net, net);
        String here = host.name + "a";
        String there = host.name + "b";
        ip("netns", "add", host.name);
        ip("link", "add", here, "type", "veth", "peer", "name", there);
        ip("link", "set", there, "netns", host.name);
        ip("addr", "add", "10.213." + net + ".1/30", "dev", here);
        ip("link", "set", here, "up");
        ip("-n", host.name, "addr", "add", host.address() + "/30", "dev", there);
        ip("-n", host.name, "link", "set", there, "up");
        ip("-n", host.name, "link", "set", "lo", "up");
        return host;
    }

    private static void ip(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }

    /** Return the address by which this host reaches it. */
    public String address() {
        return "10.213." + net + ".2";
    }

    /** Return the address of this host on the cable. */
    String hereAddress() {
        return "10.213." + net + ".1";
    }

    /** Return what a command begins with that is to run there. */
    public List<String> command() {
        return List.of("nsenter", "--net=/run/netns/" + name);
    }

    /** Pull the cable at its far end, or plug it in again: nobody is told that what was sent does not arrive. */
    void cable(String upOrDown) throws IOException, InterruptedException {
        ip("-n", name, "link", "set", name + "b", upOrDown);
    }

    void remove() throws IOException, InterruptedException {
        ip("netns", "delete", name);
    }
}
