package dev.withstack.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTests {

    @ParameterizedTest
    @CsvSource({
        "1048576, 1048576",
        "512m,    536870912",
        "512M,    536870912",
        "512MB,   536870912",
        "512MiB,  536870912",
        "1.5g,    1610612736",
        "2 g,     2147483648",
        "' 1k ',  1024",
        "1t,      1099511627776",
        "100b,    100",
    })
    void parseSizeWhenItIsOneGivesBytes(String size, long bytes) {
        assertThat(Limits.parseSize(size)).isEqualTo(bytes);
        assertThat(Limits.NONE.memory(size).memoryBytes()).contains(bytes);
    }

    @Test
    void limitsWhenSetOneAfterTheOtherKeepTheRest() {
        Limits limits = Limits.NONE
                .cpus(2)
                .memory("1g")
                .reservedCpus(0.5)
                .reservedMemory("256m")
                .pids(200);

        assertThat(limits)
                .isEqualTo(new Limits(
                        Optional.of(2.0),
                        Optional.of(1L << 30),
                        Optional.of(0.5),
                        Optional.of(256L << 20),
                        Optional.of(200)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "-1m", "1x", "1.m", "1,5g", "512mm", "lots", "0x10", "1e3"})
    void parseSizeWhenItIsNoneQuotesIt(String size) {
        assertThatThrownBy(() -> Limits.parseSize(size))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + size + "' is not a size such as 512m or 2g.");
    }

    @Test
    void withersWhenOneIsSetKeepTheOther() {
        Limits limits = Limits.NONE.cpus(1.5).memory("1g").cpus(2);

        assertThat(limits.cpus()).contains(2.0);
        assertThat(limits.memoryBytes()).contains(1L << 30);
    }
}
