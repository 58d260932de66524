package dev.withstack.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Hardening;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.RestartPolicy;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StopPolicy;
import dev.withstack.core.model.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FingerprintTests {
    private static final Service DB = Service.image("db", "db:1").port("x", 80).probe(Probe.tcp());
    private static final Service SERVICE = Service.image("api", "api:1")
            .port("http", 80)
            .env("A", "1")
            .env("B", "2")
            .volume("data", "/data")
            .command("serve");

    static Stream<Arguments> changes() {
        return Stream.of(
                Arguments.of(SERVICE, List.of()),
                Arguments.of(SERVICE.source(new Source.Image("api:2")), List.of("image")),
                Arguments.of(SERVICE.command("serve", "-v"), List.of("command")),
                Arguments.of(SERVICE.env("A", "one").env("C", "3"), List.of("env A", "env C (new)")),
                Arguments.of(SERVICE.hostPort(8080), List.of("port http")),
                Arguments.of(SERVICE.port("grpc", 81), List.of("port grpc (new)")),
                Arguments.of(SERVICE.volume("more", "/more"), List.of("volume more (new)")),
                Arguments.of(SERVICE.volume("data", "/other"), List.of("volume data")),
                Arguments.of(SERVICE.withoutVolumes(), List.of("volume data (gone)")),
                Arguments.of(SERVICE.alias("other"), List.of("aliases")),
                Arguments.of(SERVICE.containerCheck(ContainerCheck.of("true")), List.of("health check")),
                Arguments.of(SERVICE.limits(Limits.NONE.cpus(1)), List.of("limits")),
                Arguments.of(SERVICE.limits(Limits.NONE.pids(9)), List.of("limits")),
                Arguments.of(SERVICE.hardening(Hardening.NONE.readOnlyRoot()), List.of("hardening (new)")),
                Arguments.of(SERVICE.logRotation("100m", 3), List.of("log rotation (new)")),
                Arguments.of(SERVICE.restart(RestartPolicy.NEVER), List.of("restart policy")),
                Arguments.of(
                        SERVICE.stopPolicy(new StopPolicy("SIGINT", Duration.ofSeconds(1))), List.of("stop policy")));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void changesSinceWhenAPartIsAnotherNamesIt(Service changed, List<String> names) {
        assertThat(of(changed).changesSince(of(SERVICE))).isEqualTo(names);
    }

    @Test
    void changesSinceWhenOnlyTheProbeIsAnotherIsEmptyAsTheContainerIsTheSame() {
        Service probed = SERVICE.probe(Probe.tcp()).patience(Duration.ofSeconds(1));

        assertThat(of(probed).changesSince(of(SERVICE))).isEmpty();
    }

    @Test
    void changesSinceWhenOnlyTheOrderIsAnotherIsEmpty() {
        Service first = Service.image("api", "api:1").env("A", "1").env("B", "2");
        Service second = Service.image("api", "api:1").env("B", "2").env("A", "1");

        assertThat(of(first).changesSince(of(second))).isEmpty();
    }

    @Test
    void ofWhenAValueIsAReferenceResolvesItAsTheContainerDoes() {
        Service written = SERVICE.env("URL", "http://db:80");
        Service referred = SERVICE.env("URL", DB.url("http", "x"));

        assertThat(of(referred).changesSince(of(written))).isEmpty();
    }

    @Test
    void toLabelWhenReadAgainIsTheSame() {
        Fingerprint fingerprint = of(SERVICE.env("ODD;NAME", "a;b=c")
                .env("ODD=NAME", "1")
                .env("100%3B", "1")
                .env("UMLAUT_ä", "ö")
                .env("SPACE D", ""));

        Fingerprint read = Fingerprint.fromLabel(fingerprint.toLabel());

        assertThat(read).isEqualTo(fingerprint);
        assertThat(read.parts().keySet())
                .containsExactlyElementsOf(fingerprint.parts().keySet());
        assertThat(fingerprint.changesSince(read)).isEmpty();
    }

    @Test
    void toLabelWhenThereAreSecretsShowsNone() {
        assertThat(of(SERVICE.env("PASSWORD", Value.secret("hunter2"))).toLabel())
                .contains("env PASSWORD=")
                .doesNotContain("hunter2");
    }

    @Test
    void fromLabelWhenItCantBeReadCountsAsChanged() {
        for (String label : List.of("", ";;;", "nonsense", "=x")) {
            assertThat(of(Service.image("api", "api:1")).changesSince(Fingerprint.fromLabel(label)))
                    .contains("image (new)");
        }
    }

    @Test
    void changesSinceWhenAFileIsAnotherNamesIt() {
        Service before = SERVICE.file("/etc/a", Value.text("1"))
                .file("/etc/b", Value.secret("1"))
                .bind("data", "/c");
        Service after = SERVICE.file("/etc/a", Value.text("1"))
                .file("/etc/b", Value.secret("2"))
                .bindReadOnly("data", "/c")
                .file("/etc/d", DB.address("x"));

        assertThat(of(after).changesSince(of(before))).containsExactly("file /etc/b", "bind /c", "file /etc/d (new)");
    }

    @Test
    void changesSinceWhenAFileOfTheProjectWasChangedNamesIt() {
        Service before = SERVICE.files(List.of(new FileMount.Copied("/p/a", "/etc/a", "1")));
        Service after = SERVICE.files(List.of(new FileMount.Copied("/p/a", "/etc/a", "2")));

        assertThat(of(after).changesSince(of(before))).containsExactly("file /etc/a");
    }

    @Test
    void ofWhenAFileDependsOnTheVersionOfTheImageTakesTheOneThatSuits() {
        Service service = SERVICE.file("/etc/a", Map.of("", Value.text("old"), "0.120", Value.text("new")));
        Service old = SERVICE.file("/etc/a", Value.text("old"));

        assertThat(of(service, "api:0.91.0").changesSince(of(old))).isEmpty();
        assertThat(of(service, "api:0.152.1").changesSince(of(old))).containsExactly("file /etc/a");
        assertThat(of(service, "api:latest").changesSince(of(old))).containsExactly("file /etc/a");
    }

    @Test
    void changesSinceWhenANetworkIsAnotherNamesBoth() {
        StackDefinition.Builder stack =
                StackDefinition.of("shop", Environment.DEV).network("a").network("b");
        Service before = SERVICE.networks("a");
        Service after = SERVICE.networks("b");
        StackDefinition definition = stack.add(after).build();

        assertThat(Fingerprint.of(definition, after, image("api:1"))
                        .changesSince(Fingerprint.of(definition, before, image("api:1"))))
                .containsExactly("network shop-dev-b (new)", "network shop-dev-a (gone)");
    }

    private static Fingerprint of(Service service) {
        return of(service, "api:1");
    }

    private static Fingerprint of(Service service, String image) {
        return Fingerprint.of(
                StackDefinition.of("shop", Environment.DEV).add(DB, service).build(), service, image(image));
    }

    private static ImageUse image(String reference) {
        return new ImageUse(reference, reference, "id", ImageUse.Standing.UPSTREAM, "", "");
    }
}
