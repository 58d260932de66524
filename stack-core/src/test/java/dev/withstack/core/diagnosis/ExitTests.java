package dev.withstack.core.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.driver.PostMortem.Memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitTests {

    @ParameterizedTest
    @CsvSource({
        "0,   'exited with code 0, though it was meant to go on'",
        "1,   exited with code 1",
        "125, exited with code 125",
        "126, 'exited with code 126: its command can''t be executed'",
        "127, 'exited with code 127: its command was not found in the image'",
        "128, exited with code 128",
        "129, ended by signal 1",
        "134, ended by signal 6",
        "137, killed from outside (SIGKILL)",
        "139, crashed (SIGSEGV)",
        "143, ended from outside (SIGTERM)",
        "192, ended by signal 64",
        "193, exited with code 193",
        "255, exited with code 255",
    })
    void describeWhenThereWasMemoryEnoughTellsTheCodeInWords(int exitCode, String words) {
        assertThat(Exit.describe(exitCode, Memory.ENOUGH, 0)).isEqualTo(words);
    }

    @Test
    void describeWhenMemoryWasExhaustedSaysThatWhateverTheCode() {
        assertThat(Exit.describe(137, Memory.EXHAUSTED, 0)).isEqualTo("killed for want of memory");
        assertThat(Exit.describe(137, Memory.ENOUGH, 64L << 20))
                .isEqualTo("killed (SIGKILL), from outside or for want of memory (limit 64 MiB)");
        assertThat(Exit.describe(1, Memory.EXHAUSTED, 64L << 20)).isEqualTo("killed for want of memory (limit 64 MiB)");
    }
}
