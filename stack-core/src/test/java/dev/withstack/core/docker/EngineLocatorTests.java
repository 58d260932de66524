package dev.withstack.core.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.docker.TlsFiles.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineLocatorTests {

    private static final String COLIMA_DIGEST = "f24fd3749c1368328e2b149bec149cb6795619f244c5b584e844961215dadd16";

    @TempDir
    Path directory;

    private Path home;
    private Path systemSocket;

    @BeforeEach
    void createHome() throws IOException {
        home = Files.createDirectories(directory.resolve("home"));
        systemSocket = directory.resolve("e.sock");
    }

    @ParameterizedTest
    @CsvSource({
        "unix:///run/user/1000/docker.sock, unix:///run/user/1000/docker.sock",
        "tcp://build.example:2377, tcp://build.example:2377",
        "tcp://build.example, tcp://build.example:2375",
        "tcp://[::1]:2375, tcp://[::1]:2375",
        "tcp://:2375, tcp://127.0.0.1:2375",
        "http://build.example:80/, tcp://build.example:80",
        "https://build.example, tcp://build.example:2376",
    })
    void locateWhenDockerHostSetTakesIt(String host, String url) {
        LocatedEngine engine = locator(Map.of("DOCKER_HOST", host)).locate();

        assertThat(engine.address().url()).isEqualTo(url);
        assertThat(engine.reason()).isEqualTo("DOCKER_HOST");
    }

    @Test
    void locateWhenDockerHostAndContextSetTakesDockerHost() {
        var variables = Map.of("DOCKER_HOST", "tcp://a:1", "DOCKER_CONTEXT", "colima");

        assertThat(locator(variables).locate()).hasToString("tcp://a:1 (DOCKER_HOST)");
    }

    @Test
    void locateWhenDockerHostBlankLooksFurther() throws IOException {
        try (FakeEngine ignored = new FakeEngine(directory)) {
            assertThat(locator(Map.of("DOCKER_HOST", " ")).locate().reason()).isEqualTo("default socket");
        }
    }

    @Test
    void locateWhenDockerHostIsDeadDoesNotTakeAnother() throws IOException {
        try (FakeEngine ignored = new FakeEngine(directory)) {
            LocatedEngine engine =
                    locator(Map.of("DOCKER_HOST", "unix:///nowhere.sock")).locate();

            assertThat(engine.address()).isEqualTo(new EngineAddress.Unix(Path.of("/nowhere.sock")));
        }
    }

    @Test
    void locateWhenTlsVerifySetTakesTheFilesOfCertPath() {
        LocatedEngine engine = locator(Map.of(
                        "DOCKER_HOST", "tcp://build.example", "DOCKER_TLS_VERIFY", "1", "DOCKER_CERT_PATH", "/certs"))
                .locate();

        assertThat(engine.address())
                .isEqualTo(new EngineAddress.Tls(
                        "build.example", 2376, TlsFiles.in(Path.of("/certs"), Verification.REQUIRED)));
    }

    @Test
    void locateWhenTlsSetWithoutVerifySkipsVerification() {
        LocatedEngine engine = locator(Map.of("DOCKER_HOST", "tcp://build.example:1", "DOCKER_TLS", "1"))
                .locate();

        assertThat(engine.address())
                .isEqualTo(new EngineAddress.Tls(
                        "build.example", 1, TlsFiles.in(home.resolve(".docker"), Verification.SKIPPED)));
    }

    @ParameterizedTest
    @CsvSource({
        "ssh://me@build.example, me@build.example, 0, /var/run/docker.sock",
        "ssh://build-box/, build-box, 0, /var/run/docker.sock",
        "ssh://me@build.example:2222, me@build.example, 2222, /var/run/docker.sock",
        "ssh://me@build.example/run/user/1000/docker.sock, me@build.example, 0, /run/user/1000/docker.sock"
    })
    void locateWhenDockerHostIsSshTakesHostPortAndSocket(String url, String destination, int port, String socket) {
        LocatedEngine engine = locator(Map.of("DOCKER_HOST", url)).locate();

        assertThat(engine.address()).isEqualTo(new EngineAddress.Ssh(destination, port, socket));
        assertThat(engine.address().url()).isEqualTo(url.replaceFirst("/$", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh://-oProxyCommand=touch",
                "ssh://me:secret@build.example",
                "ssh://",
                "ssh://host:x",
                "ssh://a b"
            })
    void locateWhenDockerHostIsSshButNoHostRefuses(String url) {
        assertThatThrownBy(() -> locator(Map.of("DOCKER_HOST", url)).locate())
                .isInstanceOf(EngineUnsupportedException.class)
                .hasMessageContaining("it is not of the form ssh://user@host:port, without a password.");
    }

    @Test
    void locateWhenDockerHostIsNamedPipeSaysTheWaysOut() {
        assertThatThrownBy(() -> locator(Map.of("DOCKER_HOST", "npipe:////./pipe/docker_engine"))
                        .locate())
                .isInstanceOf(EngineUnsupportedException.class)
                .hasMessageContaining("Windows named pipes are not supported")
                .hasMessageContaining("run inside WSL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docker.sock",
                "unix://docker.sock",
                "tcp://host:0",
                "tcp://host:99999",
                "tcp://host:x",
                "tcp://h:1/path",
                "gopher://host",
                "fd://"
            })
    void locateWhenDockerHostIsNoAddressQuotesIt(String host) {
        assertThatThrownBy(() -> locator(Map.of("DOCKER_HOST", host)).locate())
                .isInstanceOf(EngineUnsupportedException.class)
                .hasMessageStartingWith("Can't use the Docker engine '" + host + "' (DOCKER_HOST): ");
    }

    @Test
    void locateWhenDockerContextSetReadsItsEndpoint() throws IOException {
        writeContext(
                """
                {"Name":"colima","Endpoints":{"docker":{"Host":"unix:///c.sock","SkipTLSVerify":false}}}""");

        assertThat(locator(Map.of("DOCKER_CONTEXT", "colima")).locate())
                .hasToString("unix:///c.sock (context 'colima')");
    }

    @Test
    void locateWhenConfigurationNamesCurrentContextTakesIt() throws IOException {
        writeContext("""
                {"Endpoints":{"docker":{"Host":"tcp://far:2376"}}}""");
        writeConfig("{\"currentContext\":\"colima\"}");
        Path tls = home.resolve(".docker/contexts/tls/" + COLIMA_DIGEST + "/docker");
        Files.createDirectories(tls);

        assertThat(locator(Map.of()).locate().address())
                .isEqualTo(new EngineAddress.Tls("far", 2376, TlsFiles.in(tls, Verification.REQUIRED)));
    }

    @Test
    void locateWhenDockerConfigSetReadsThatDirectory() throws IOException {
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("config.json"), "{\"currentContext\":\"gone\"}");

        assertThatThrownBy(() ->
                        locator(Map.of("DOCKER_CONFIG", elsewhere.toString())).locate())
                .isInstanceOf(EngineUnsupportedException.class)
                .hasMessageStartingWith("Docker has no context 'gone' (asked for by currentContext in "
                        + elsewhere.resolve("config.json"));
    }

    @Test
    void locateWhenContextUnknownDoesNotTakeTheDefault() throws IOException {
        try (FakeEngine ignored = new FakeEngine(directory)) {
            assertThatThrownBy(() -> locator(Map.of("DOCKER_CONTEXT", "colima")).locate())
                    .isInstanceOf(EngineUnsupportedException.class)
                    .hasMessageContaining("docker context ls");
        }
    }

    @Test
    void locateWhenContextHasNoDockerEndpointSaysSo() throws IOException {
        writeContext("{\"Endpoints\":{\"kubernetes\":{}}}");

        assertThatThrownBy(() -> locator(Map.of("DOCKER_CONTEXT", "colima")).locate())
                .hasMessageStartingWith("Docker's context 'colima' has no docker endpoint");
    }

    @Test
    void locateWhenConfigurationMalformedSaysWhichFile() throws IOException {
        writeConfig("{\"currentContext\":");

        assertThatThrownBy(() -> locator(Map.of()).locate())
                .isInstanceOf(EngineUnsupportedException.class)
                .hasMessageContaining(home.resolve(".docker/config.json") + " can't be read");
    }

    @Test
    void locateWhenContextIsDefaultTakesTheDefaultSocket() throws IOException {
        try (FakeEngine ignored = new FakeEngine(directory)) {
            assertThat(locator(Map.of("DOCKER_CONTEXT", "default")).locate())
                    .hasToString("unix://" + systemSocket + " (default socket)");
        }
    }

    @Test
    void locateWhenFirstDefaultIsDeadTakesTheNextAndKeepsWhy() throws IOException {
        Path runtime = Files.createDirectories(directory.resolve("run"));
        try (FakeEngine rootless = new FakeEngine(runtime)) {
            Files.createSymbolicLink(runtime.resolve("docker.sock"), socketOf(rootless));

            LocatedEngine engine =
                    locator(Map.of("XDG_RUNTIME_DIR", runtime.toString())).locate();

            assertThat(engine.address()).isEqualTo(new EngineAddress.Unix(runtime.resolve("docker.sock")));
            assertThat(engine.tried())
                    .containsExactly(new LocatedEngine.Tried(systemSocket.toString(), "no such file"));
        }
    }

    @Test
    void locateWhenNothingAnswersListsAllThatWasTried() throws IOException {
        Files.createFile(systemSocket);

        assertThatThrownBy(() -> locator(Map.of("XDG_RUNTIME_DIR", "/nowhere")).locate())
                .isInstanceOf(EngineUnreachableException.class)
                .hasMessage("No Docker engine found. Looked at:\n"
                        + "  " + systemSocket + ": connection refused\n"
                        + "  /nowhere/docker.sock: no such file\n"
                        + "  " + home + "/.docker/run/docker.sock: no such file\n"
                        + "  " + home + "/.colima/default/docker.sock: no such file\n"
                        + "Is Docker running? On Linux: sudo systemctl start docker (or: sudo service docker start);"
                        + " on macOS and Windows: start Docker Desktop.\n"
                        + "Or point DOCKER_HOST to the engine to use (unix://..., tcp://..., ssh://...).");
    }

    @Test
    void locateWhenNothingAnswersOnWindowsNamesTheWaysThere() {
        EngineLocator locator = new EngineLocator(Map.of(), home, systemSocket, "Windows 11");

        assertThatThrownBy(locator::locate)
                .hasMessageContaining("Docker's named pipe is not supported on Windows")
                .hasMessageContaining("run inside WSL");
    }

    private static Path socketOf(FakeEngine engine) {
        return ((EngineAddress.Unix) engine.located().address()).socket();
    }

    private EngineLocator locator(Map<String, String> variables) {
        return new EngineLocator(variables, home, systemSocket, "Linux");
    }

    private void writeConfig(String json) throws IOException {
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), json);
    }

    private void writeContext(String json) throws IOException {
        Path meta = Files.createDirectories(home.resolve(".docker/contexts/meta/" + COLIMA_DIGEST));
        Files.writeString(meta.resolve("meta.json"), json);
    }
}
