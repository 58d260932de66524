package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority, and what it has signed for an engine and for those who work with it, as files that Docker takes. */
record Certificates(Path directory) {
    private static final char[] PASSWORD = "changeit".toCharArray();

    /** Make them for an engine at the address. */
    static Certificates make(Path directory, String address) throws Exception {
        Certificates made = new Certificates(directory);
        Files.createDirectories(directory);
        made.keytool("ca", "-ext", "bc:c");
        made.keytool("engine", "-signer", "ca", "-ext", "san=ip:" + address, "-ext", "eku=serverAuth");
        made.keytool("client", "-signer", "ca", "-ext", "eku=clientAuth");
        made.write("engine");
        made.write("client");
        return made;
    }

    /** Return what {@code DOCKER_CERT_PATH} is set to. */
    Path client() {
        return directory.resolve("client");
    }

    /** Return what the engine is told of them. */
    List<String> arguments() {
        Path own = directory.resolve("engine");
        return List.of(
                "--tlsverify",
                "--tlscacert=" + own.resolve("ca.pem"),
                "--tlscert=" + own.resolve("cert.pem"),
                "--tlskey=" + own.resolve("key.pem"));
    }

    private Path store() {
        return directory.resolve("store");
    }

    private void keytool(String name, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store().toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private void write(String name) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store())) {
            keys.load(in, PASSWORD);
        }
        Path target = Files.createDirectories(directory.resolve(name));
        pem(target.resolve("ca.pem"), "CERTIFICATE", keys.getCertificate("ca").getEncoded());
        pem(target.resolve("cert.pem"), "CERTIFICATE", keys.getCertificate(name).getEncoded());
        pem(
                target.resolve("key.pem"),
                "PRIVATE KEY",
                keys.getKey(name, PASSWORD).getEncoded());
    }

    private static void pem(Path file, String kind, byte[] content) throws IOException {
        String body =
                Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.UTF_8)).encodeToString(content);
        Files.writeString(file, "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }
}
