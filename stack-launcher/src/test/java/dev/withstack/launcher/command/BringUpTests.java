package dev.withstack.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.engine.Timeline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BringUpTests {
    @Test
    void readyWhenServicesStartedAtOnceIsTheWayFromOneToTheNext() {
        assertThat(BringUp.ready(timeline(entry("db", 100, 3500), entry("api", 3500, 4100, "db"))))
                .isEqualTo("ready in 4.1 s: db 3.4 → api 0.6");
    }

    @Test
    void readyWhenAServiceWasStartedLateSaysThatItWaited() {
        assertThat(BringUp.ready(timeline(entry("db", 100, 2800), entry("cache", 3000, 3700))))
                .isEqualTo("ready in 3.7 s: waiting 3.0 → cache 0.7");
        assertThat(BringUp.ready(timeline(entry("db", 100, 1000), entry("api", 3000, 4000, "db"))))
                .isEqualTo("ready in 4.0 s: db 0.9 → waiting 2.0 → api 1.0");
    }

    private static Timeline timeline(Timeline.Entry... entries) {
        Map<String, Timeline.Entry> all = new LinkedHashMap<>();
        for (Timeline.Entry entry : entries) {
            all.put(entry.service(), entry);
        }
        return new Timeline(all, entries[entries.length - 1].ready());
    }

    private static Timeline.Entry entry(String service, long started, long ready, String... waitedFor) {
        return new Timeline.Entry(service, List.of(waitedFor), Duration.ofMillis(started), Duration.ofMillis(ready));
    }
}
