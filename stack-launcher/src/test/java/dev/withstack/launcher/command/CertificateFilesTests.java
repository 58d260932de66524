package dev.withstack.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.profile.SelfSigned;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateFilesTests {

    @TempDir
    Path directory;

    @Test
    void makeWhenNamesAreGivenWritesACertificateForThemAndTheKeyThatBelongsToIt() throws Exception {
        Path certificate = directory.resolve("certs/server.crt");
        Path key = directory.resolve("private/server.key");

        CertificateFiles.make(
                certificate, key, new SelfSigned("C", "", "K", "", List.of("localhost", "dev.localhost")));

        X509Certificate made;
        try (InputStream in = Files.newInputStream(certificate)) {
            made = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
        made.checkValidity();
        assertThat(made.getSubjectX500Principal().getName()).isEqualTo("CN=localhost");
        assertThat(made.getSubjectAlternativeNames())
                .extracting(name -> name.get(1).toString())
                .containsExactly("localhost", "dev.localhost");
        assertThat(isPair(made, privateKey(Files.readString(key)))).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
    }

    private static PrivateKey privateKey(String pem) throws Exception {
        String content = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        return KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(content)));
    }

    private static boolean isPair(X509Certificate certificate, PrivateKey key) throws Exception {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update((byte) 42);
        byte[] signed = signature.sign();
        signature.initVerify(certificate);
        signature.update((byte) 42);
        return signature.verify(signed);
    }
}
