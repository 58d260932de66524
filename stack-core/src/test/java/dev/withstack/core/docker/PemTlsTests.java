package dev.withstack.core.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.docker.TlsFiles.Verification;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Speaks TLS with a server that demands a client certificate; server and client are the same self-signed one. */
@Timeout(60)
class PemTlsTests {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path stores;

    @TempDir
    Path directory;

    @BeforeAll
    static void makeKeys() throws Exception {
        keytool("rsa", "-keyalg", "RSA", "-keysize", "2048", "-ext", "SAN=ip:127.0.0.1");
        keytool("ec", "-keyalg", "EC", "-groupname", "secp256r1", "-ext", "SAN=ip:127.0.0.1");
        keytool("stranger", "-keyalg", "EC", "-groupname", "secp256r1", "-ext", "SAN=dns:elsewhere.example");
    }

    @ParameterizedTest
    @CsvSource({"rsa, PRIVATE KEY", "rsa, RSA PRIVATE KEY", "ec, PRIVATE KEY", "ec, EC PRIVATE KEY"})
    void callWhenKeyIsInThatFormReachesTheEngine(String keys, String form) throws Exception {
        TlsFiles files = pem(keys, keys, form, Verification.REQUIRED);

        try (TlsEngine server = new TlsEngine(keys);
                DockerEngine engine = DockerEngine.open(server.located(files))) {
            assertThat(engine.apiVersion()).isEqualTo("1.41");
        }
    }

    @Test
    void callWhenCertificateIsNotTrustedIsUnreachable() throws Exception {
        TlsFiles files = pem("ec", "rsa", "PRIVATE KEY", Verification.REQUIRED);

        try (TlsEngine server = new TlsEngine("rsa");
                DockerEngine engine =
                        DockerEngine.open(server.located(TlsFiles.in(files.ca().getParent(), Verification.REQUIRED)))) {
            assertThatThrownBy(engine::apiVersion)
                    .isInstanceOf(EngineUnreachableException.class)
                    .hasMessageContaining("PKIX path")
                    .hasMessageContaining("should hold ca.pem, cert.pem and key.pem (DOCKER_CERT_PATH)");
        }
    }

    @Test
    void callWhenCertificateNamesAnotherHostIsUnreachableUnlessVerificationIsSkipped() throws Exception {
        TlsFiles files = pem("stranger", "stranger", "PRIVATE KEY", Verification.REQUIRED);
        TlsFiles skipping = TlsFiles.in(files.ca().getParent(), Verification.SKIPPED);

        try (TlsEngine server = new TlsEngine("stranger");
                DockerEngine strict = DockerEngine.open(server.located(files));
                DockerEngine lax = DockerEngine.open(server.located(skipping))) {
            assertThatThrownBy(strict::apiVersion).isInstanceOf(EngineUnreachableException.class);
            assertThat(lax.apiVersion()).isEqualTo("1.41");
        }
    }

    @Test
    void callWhenKeyFileHoldsNoKeySaysHowToConvert() throws Exception {
        TlsFiles files = pem("ec", "ec", "PRIVATE KEY", Verification.REQUIRED);
        Files.writeString(files.key(), "-----BEGIN ENCRYPTED PRIVATE KEY-----\n");

        try (TlsEngine server = new TlsEngine("ec");
                DockerEngine engine = DockerEngine.open(server.located(files))) {
            assertThatThrownBy(engine::apiVersion)
                    .isInstanceOf(EngineUnsupportedException.class)
                    .hasMessageContaining("'" + files.key() + "' holds no private key that can be used here")
                    .hasMessageContaining("openssl pkey -in key.pem");
        }
    }

    private static void keytool(String name, String... arguments) throws Exception {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        java.util.List<String> command = new java.util.ArrayList<>(java.util.List.of(
                tool.toString(),
                "-genkeypair",
                "-alias",
                "k",
                "-dname",
                "CN=engine",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                stores.resolve(name).toString()));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static KeyStore store(String name) throws Exception {
        try (InputStream input = Files.newInputStream(stores.resolve(name))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(input, PASSWORD);
            return store;
        }
    }

    private TlsFiles pem(String ca, String keys, String form, Verification verification) throws Exception {
        KeyStore store = store(keys);
        byte[] key = store.getKey("k", PASSWORD).getEncoded();
        TlsFiles files = TlsFiles.in(directory, verification);
        write(files.ca(), "CERTIFICATE", store(ca).getCertificate("k").getEncoded());
        write(files.certificate(), "CERTIFICATE", store.getCertificate("k").getEncoded());
        write(files.key(), form, form.equals("PRIVATE KEY") ? key : insideOfPkcs8(key));
        return files;
    }

    private static void write(Path file, String kind, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }

    /** The old form is the last element of PKCS#8: an octet string, found by where it must end. */
    private static byte[] insideOfPkcs8(byte[] pkcs8) {
        for (int at = 0; at < pkcs8.length - 4; at++) {
            if (pkcs8[at] == 0x04 && pkcs8[at + 1] == (byte) 0x82) {
                int length = (pkcs8[at + 2] & 0xff) << 8 | (pkcs8[at + 3] & 0xff);
                if (at + 4 + length == pkcs8.length) {
                    return Arrays.copyOfRange(pkcs8, at + 4, pkcs8.length);
                }
            } else if (pkcs8[at] == 0x04 && at + 2 + (pkcs8[at + 1] & 0xff) == pkcs8.length) {
                return Arrays.copyOfRange(pkcs8, at + 2, pkcs8.length);
            }
        }
        throw new AssertionError("no private key in " + Arrays.toString(pkcs8));
    }

    /** Answers every request over TLS as an engine's ping. */
    private static final class TlsEngine implements AutoCloseable {

        private final SSLServerSocket server;

        TlsEngine(String keys) throws Exception {
            KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            own.init(store(keys), PASSWORD);
            KeyStore clients = KeyStore.getInstance("PKCS12");
            clients.load(null, null);
            Certificate client = store(keys).getCertificate("k");
            clients.setCertificateEntry("client", client);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(clients);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
            server = (SSLServerSocket)
                    context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
            server.setNeedClientAuth(true);
            Thread thread = new Thread(this::serve, "fake engine over TLS");
            thread.setDaemon(true);
            thread.start();
        }

        LocatedEngine located(TlsFiles files) {
            return new LocatedEngine(new EngineAddress.Tls("127.0.0.1", server.getLocalPort(), files), "DOCKER_HOST");
        }

        private void serve() {
            while (!server.isClosed()) {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                    String request = new String(socket.getInputStream().readNBytes(20), StandardCharsets.US_ASCII);
                    if (request.startsWith("GET /_ping HTTP/1.1")) {
                        socket.getOutputStream()
                                .write("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\nOK"
                                        .getBytes(StandardCharsets.US_ASCII));
                    }
                } catch (IOException refusedByTheOther) {
                    // The next one may do.
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
