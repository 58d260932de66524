package dev.withstack.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.FileMount.Access;
import dev.withstack.core.model.FileMount.Bound;
import dev.withstack.core.model.FileMount.FromProject;
import dev.withstack.core.model.FileMount.Generated;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileMountTests {
    private static final Service PLAIN = Service.image("metrics", "metrics:1");

    @ParameterizedTest
    @CsvSource({"'',newest", "0.91.0,old", "0.120,new", "0.120.1,new", "0.152.0,newest", "1,newest", "0,old"})
    void contentWhenTheVersionIsKnownIsTheNewestThatSuits(String version, String content) {
        Generated file = new Generated(
                "/etc/x", Map.of("0.130", Value.text("newest"), "0.120", Value.text("new"), "", Value.text("old")));

        assertThat(file.content(version)).isEqualTo(Value.text(content));
    }

    @Test
    void fileWhenWrittenTwiceIsTheLast() {
        Service service =
                PLAIN.file("/a", Value.text("1")).file("/b", Value.text("2")).file("/a", Value.text("3"));

        assertThat(service.files()).containsExactly(generated("/a", "3"), generated("/b", "2"));
    }

    @Test
    void ownWhenItIsADirectoryStandsForEverythingWrittenBelow() {
        Service service = PLAIN.file("/etc/rules/a", Value.text("1"))
                .file("/etc/rules.yml", Value.text("2"))
                .file("/etc/rules/b/c", Value.text("3"))
                .own("config/rules", "/etc/rules");

        assertThat(service.files())
                .containsExactly(
                        generated("/etc/rules.yml", "2"),
                        new FromProject(
                                "config/rules",
                                "/etc/rules",
                                List.of(generated("/etc/rules/a", "1"), generated("/etc/rules/b/c", "3"))));
    }

    @Test
    void fileOrWhenDeclaredIsTheProjectsOrTheOneGiven() {
        assertThat(PLAIN.fileOr("metrics.yml", "/etc/metrics.yml", Value.text("1"))
                        .files())
                .containsExactly(new FromProject(
                        "metrics.yml", "/etc/metrics.yml", List.of(generated("/etc/metrics.yml", "1"))));
    }

    @Test
    void bindWhenDeclaredSaysWhetherTheContainerMayWrite() {
        assertThat(PLAIN.bind("data", "/data")
                        .bindOutput("logs", "/logs")
                        .bindReadOnly("web", "/web")
                        .files())
                .containsExactly(
                        new Bound("data", "/data", Access.READ_WRITE),
                        new Bound("logs", "/logs", Access.OUTPUT),
                        new Bound("web", "/web", Access.READ_ONLY));
    }

    @Test
    void dependenciesWhenAFileRefersToAServiceHaveItsEdge() {
        Service db = Service.image("db", "db:1").port("sql", 5432).probe(Probe.tcp());
        Value text = Value.join("host: ", db.address("sql"));

        assertThat(PLAIN.file("/a", text).dependencies()).containsExactly(Dependency.healthy("db"));
        assertThat(PLAIN.fileOr("a", "/a", text).dependencies()).containsExactly(Dependency.healthy("db"));
        assertThat(PLAIN.file("/a", text.withoutEdge()).dependencies()).isEmpty();
    }

    private static Generated generated(String path, String text) {
        return new Generated(path, Map.of("", Value.text(text)));
    }
}
