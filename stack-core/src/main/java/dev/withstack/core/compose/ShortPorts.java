package dev.withstack.core.compose;

import dev.withstack.core.compose.Item.Fields;
import dev.withstack.core.compose.Item.Many;
import dev.withstack.core.compose.Item.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes {@code 127.0.0.1:8080-8081:80-81/tcp} long, a port for each of a range. */
final class ShortPorts {
    private static final Pattern PORT = Pattern.compile(
            "(?:(?<ip>\\[[0-9a-fA-F:.]+]|[0-9]+(?:\\.[0-9]+){3}|[A-Za-z][\\w.-]*):)?(?:(?<host>[0-9]*(?:-[0-9]+)?):)?(?<port>[0-9]+(?:-[0-9]+)?)(?:/(?<protocol>\\w+))?");

    private final Findings findings;

    ShortPorts(Findings findings) {
        this.findings = findings;
    }

    Item of(Item item) {
        if (!(item instanceof Many many)) {
            return item;
        }
        List<Item> ports = new ArrayList<>();
        for (Item one : many.items()) {
            if (one instanceof Text text) {
                ports.addAll(ports(text));
            } else {
                ports.add(one);
            }
        }
        return new Many(ports, many.place());
    }

    private List<Fields> ports(Text text) {
        // an address that a variable leaves empty is none
        Matcher port = PORT.matcher(text.text().replaceFirst("^:(?=.*:)", ""));
        if (!port.matches() || (port.group("ip") != null && port.group("host") == null)) {
            return refused(text);
        }
        int[] inside = range(port.group("port"));
        String hosts = port.group("host") == null ? "" : port.group("host");
        int[] outside = hosts.isEmpty() ? inside : range(hosts);
        if (inside.length != outside.length) {
            return inside.length == 1 ? List.of(one(text, port, inside[0], hosts)) : refused(text);
        }
        List<Fields> ports = new ArrayList<>();
        for (int i = 0; i < inside.length; i++) {
            ports.add(one(text, port, inside[i], hosts.isEmpty() ? "" : Integer.toString(outside[i])));
        }
        return ports;
    }

    private List<Fields> refused(Text text) {
        findings.error(
                text.place(),
                "'" + text.text() + "' is no port.",
                "Write \"8080:80\" for port 80 of the container on port 8080 of this host, in quotes.");
        return List.of();
    }

    private static Fields one(Text text, Matcher port, int inside, String outside) {
        Fielded fields = new Fielded(text.place()).text("target", Integer.toString(inside));
        if (!outside.isEmpty()) {
            fields.text("published", outside);
        }
        if (port.group("ip") != null) {
            fields.text("host_ip", port.group("ip").replaceAll("[\\[\\]]", ""));
        }
        if (port.group("protocol") != null) {
            fields.text("protocol", port.group("protocol"));
        }
        return fields.fields();
    }

    /** Return the numbers from the first to the last; one alone where it is no honest range. */
    private static int[] range(String text) {
        String[] ends = text.split("-");
        int first = number(ends[0]);
        int last = ends.length == 1 ? first : number(ends[1]);
        if (last < first || last - first > 1000) {
            return new int[] {first};
        }
        int[] all = new int[last - first + 1];
        for (int i = 0; i < all.length; i++) {
            all[i] = first + i;
        }
        return all;
    }

    private static int number(String digits) {
        return digits.length() > 6 || digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }
}
