package dev.withstack.launcher.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.settings.Redaction;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleTests {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8),
            Style.PLAIN,
            Style.PLAIN);

    @Test
    void consoleWhenItKnowsASecretMasksItOnBothStreams() {
        console.mask(Redaction.of(List.of("very-secret")));
        console.line("it is very-secret");
        console.print("very-secret");
        console.error("very-secret too");

        assertThat(out.toString(StandardCharsets.UTF_8))
                .doesNotContain("very-secret")
                .contains("it is ***");
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("*** too");
    }

    @Test
    void suggestionWhenTheWordIsNearIsTheNearest() {
        List<String> words = List.of("start", "stage", "status", "stop");

        assertThat(Suggestion.of("strat", words)).contains("start");
        assertThat(Suggestion.of("statsu", words)).contains("status");
        assertThat(Suggestion.of("STOP", words)).contains("stop");
        assertThat(Suggestion.of("stat", words)).contains("start");
        assertThat(Suggestion.of("frobnicate", words)).isEmpty();
        assertThat(Suggestion.of("post", List.of("postgres"))).contains("postgres");
    }

    @Test
    void fitWhenTheTextIsColouredCountsWhatIsSeen() {
        String text = Style.COLOURED.red("abcdef") + "ghi";

        assertThat(Style.width(text)).isEqualTo(9);
        assertThat(Style.fit(text, 9)).isEqualTo(text);
        assertThat(Style.width(Style.fit(text, 5))).isEqualTo(5);
        assertThat(Style.fit(text, 5)).isEqualTo("\u001B[31mabcd…\u001B[0m");
    }

    @Test
    void tableWhenAColumnIsEmptyLeavesItOut() {
        Table table = new Table("A", "B", "C").row("1", "", "3").row("11", "", "");

        assertThat(table.lines(Style.PLAIN)).containsExactly("A   C", "1   3", "11");
    }
}
