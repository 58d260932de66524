package dev.withstack.coverage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObligationTests {

    @TempDir
    private Path directory;

    @Test
    void readAllWhenTablesStandAmongProseTakesTheirRowsInOrder() throws IOException {
        var file = write(
                """
                # Promises
                | id | obligation |
                |---|---|
                | `b.second` | Stands first. |

                More:

                | id | obligation |
                |---|---|
                | `a.first`  | Answers `PING`. |
                """);

        assertThat(Obligation.readAll(file))
                .containsExactly(
                        new Obligation("b.second", "Stands first."), new Obligation("a.first", "Answers `PING`."));
    }

    @Test
    void readAllWhenAnIdStandsTwiceSaysWhere() throws IOException {
        var file = write("""
                | `a.b` | One. |
                | `a.b` | Two. |
                """);

        assertThatThrownBy(() -> Obligation.readAll(file))
                .hasMessage("obligations.md:2: 'a.b' stands twice. Give one of the two another id.");
    }

    @Test
    void readAllWhenAnIdHasNoGroupSaysHowToWriteIt() throws IOException {
        var file = write("| `Redis` | One. |\n");

        assertThatThrownBy(() -> Obligation.readAll(file))
                .hasMessage("obligations.md:1: 'Redis' is no id. Write a group, a dot and a name in small letters, like"
                        + " frostbyte.redis.");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("obligations.md"), text);
    }
}
