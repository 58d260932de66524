package dev.withstack.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DurationWordTests {

    @Test
    void readWhenTheWordIsADurationGivesIt() {
        assertThat(DurationWord.read("500ms")).contains(Duration.ofMillis(500));
        assertThat(DurationWord.read("90s")).contains(Duration.ofSeconds(90));
        assertThat(DurationWord.read("1h30m")).contains(Duration.ofMinutes(90));
        assertThat(DurationWord.read("3d")).contains(Duration.ofDays(3));
    }

    @Test
    void readWhenTheWordIsNoneGivesNothing() {
        assertThat(DurationWord.read("")).isEmpty();
        assertThat(DurationWord.read("90")).isEmpty();
        assertThat(DurationWord.read("-1s")).isEmpty();
        assertThat(DurationWord.read("1s x")).isEmpty();
        assertThat(DurationWord.read("99999999999999999999s")).isEmpty();
    }
}
