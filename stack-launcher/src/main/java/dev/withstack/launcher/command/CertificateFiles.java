package dev.withstack.launcher.command;

import dev.withstack.core.profile.SelfSigned;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Makes a self-signed certificate and its key as the two PEM files that servers read. */
final class CertificateFiles {
    private static final String ALIAS = "server";
    /** Longer than this, browsers take no certificate. */
    private static final String DAYS = "825";
    /** Of a key store that is gone a moment later. */
    private static final String PASSWORD = "of-a-moment";

    private CertificateFiles() {}

    /** Write both files; there must be neither. The key is for its owner's eyes only. */
    static void make(Path certificate, Path key, SelfSigned wanted) throws InterruptedException {
        try {
            Path directory = Files.createTempDirectory("withstack-");
            Path store = directory.resolve("store.p12");
            try {
                generate(store, wanted.hosts());
                Files.createDirectories(certificate.getParent());
                Files.createDirectories(key.getParent());
                KeyStore made = read(store);
                OwnFile.write(
                        key,
                        pem(
                                "PRIVATE KEY",
                                made.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
                Files.writeString(
                        certificate,
                        pem("CERTIFICATE", made.getCertificate(ALIAS).getEncoded()));
            } finally {
                Files.deleteIfExists(store);
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("'" + certificate + "' can't be made.", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("'" + certificate + "' can't be made.", e);
        }
    }

    /** The Java platform makes certificates with its keytool only. */
    private static void generate(Path store, List<String> hosts) throws IOException, InterruptedException {
        String names = hosts.stream().map(host -> "dns:" + host).collect(Collectors.joining(","));
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-validity",
                        DAYS,
                        "-dname",
                        "CN=" + hosts.get(0),
                        "-ext",
                        "SAN=" + names,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool ended with " + keytool.exitValue() + ": " + said.strip());
        }
    }

    private static KeyStore read(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static String pem(String kind, byte[] content) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }
}
