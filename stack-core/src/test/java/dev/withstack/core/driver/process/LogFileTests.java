package dev.withstack.core.driver.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.driver.Driver.Follow;
import dev.withstack.core.driver.Driver.LogLine;
import dev.withstack.core.driver.Driver.LogRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTests {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    @TempDir
    Path directory;

    private final List<LogLine> read = new ArrayList<>();

    private LogFile file(long longest) {
        return new LogFile("api", directory.resolve("api.log"), longest);
    }

    @Test
    void readWhenTheTailIsAskedForGivesTheLastLines() {
        LogFile file = file(10_000);
        file.append(NOON, "one");
        file.append(NOON.plusSeconds(1), "two words");
        file.append(NOON.plusSeconds(2), "");

        file.read(LogRequest.last(2), read::add);

        assertThat(read)
                .containsExactly(
                        new LogLine("api", NOON.plusSeconds(1), "two words"),
                        new LogLine("api", NOON.plusSeconds(2), ""));
    }

    @Test
    void readWhenSinceIsAskedForLeavesOutWhatIsOlder() {
        LogFile file = file(10_000);
        file.append(NOON, "old");
        file.append(NOON.plusSeconds(60), "new");

        file.read(new LogRequest(-1, Optional.of(NOON.plusSeconds(1)), Follow.NO), read::add);

        assertThat(read).extracting(LogLine::text).containsExactly("new");
    }

    @Test
    void readWhenNothingWasPrintedGivesNothing() {
        file(10_000).read(LogRequest.last(10), read::add);

        assertThat(read).isEmpty();
    }

    @Test
    void appendWhenTheFileIsFullKeepsTheOneBeforeAndNoMore() {
        LogFile file = file(100);
        for (int i = 0; i < 100; i++) {
            file.append(NOON.plusSeconds(i), "line " + i);
        }

        file.read(LogRequest.last(-1), read::add);

        assertThat(read).hasSizeBetween(2, 8);
        assertThat(read.get(read.size() - 1).text()).isEqualTo("line 99");
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("api.log", "api.log.1");
    }

    @Test
    void nextWhenLinesWereAddedGivesThoseAndNoneTwice() {
        LogFile file = file(10_000);
        file.append(NOON, "before");
        LogFile.Tail tail = file.read(LogRequest.last(0), read::add);

        file.append(NOON, "after");
        tail.next(read::add);
        tail.next(read::add);

        assertThat(read).extracting(LogLine::text).containsExactly("after");
    }
}
