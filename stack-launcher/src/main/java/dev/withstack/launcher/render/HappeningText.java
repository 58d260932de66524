package dev.withstack.launcher.render;

import dev.withstack.core.diagnosis.Exit;
import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.Driver.Happening;
import dev.withstack.core.driver.PostMortem;
import dev.withstack.launcher.console.Style;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says what has happened to a service, as a line or as JSON. */
public final class HappeningText {
    private static final int NAME = 20;

    private HappeningText() {}

    /** Return the line. */
    public static String line(Happening happening, Style style) {
        String service = happening.event().service();
        return style.dim(happening.at().truncatedTo(ChronoUnit.SECONDS).toString()) + "  " + style.bold(service)
                + " ".repeat(Math.max(0, NAME - service.length())) + "  " + coloured(happening.event(), style);
    }

    /** Return the fields. */
    public static Map<String, Object> fields(Happening happening) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", "happening");
        fields.put("at", happening.at().toString());
        fields.put("service", happening.event().service());
        fields.put("what", word(happening.event()));
        if (happening.event() instanceof ContainerEvent.Died died) {
            fields.put("exitCode", died.exitCode());
        }
        fields.put("text", text(happening.event()));
        return fields;
    }

    private static String word(ContainerEvent event) {
        if (event instanceof ContainerEvent.Started) {
            return "started";
        } else if (event instanceof ContainerEvent.Died) {
            return "ended";
        } else if (event instanceof ContainerEvent.OutOfMemory) {
            return "out-of-memory";
        } else if (event instanceof ContainerEvent.HealthChanged changed) {
            return changed.health();
        } else if (event instanceof ContainerEvent.Paused) {
            return "paused";
        } else if (event instanceof ContainerEvent.Resumed) {
            return "resumed";
        } else if (event instanceof ContainerEvent.Removed) {
            return "removed";
        }
        return "lost";
    }

    private static String text(ContainerEvent event) {
        if (event instanceof ContainerEvent.Died died) {
            return died.exitCode() == 0 ? "ended" : Exit.describe(died.exitCode(), PostMortem.Memory.ENOUGH, 0);
        } else if (event instanceof ContainerEvent.OutOfMemory) {
            return "a process was killed for want of memory";
        } else if (event instanceof ContainerEvent.WatchLost lost) {
            return "the connection to the engine was lost: " + lost.reason();
        }
        return word(event);
    }

    private static String coloured(ContainerEvent event, Style style) {
        String text = text(event);
        return switch (word(event)) {
            case "healthy", "started", "resumed" -> style.green(text);
            case "unhealthy", "out-of-memory", "lost" -> style.red(text);
            case "ended" -> text.equals("ended") ? text : style.red(text);
            default -> style.yellow(text);
        };
    }
}
