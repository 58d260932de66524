package dev.withstack.core.docker;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Make TLS connections from Docker's PEM files. */
final class PemTls {

    private static final char[] NO_PASSWORD = new char[0];

    private final SSLContext context;
    private final TlsFiles.Verification verification;

    private PemTls(SSLContext context, TlsFiles.Verification verification) {
        this.context = context;
        this.verification = verification;
    }

    static PemTls of(TlsFiles files) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers(files), trustManagers(files), null);
        return new PemTls(context, files.verification());
    }

    SSLSocket over(Socket connected, String host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(connected, host, port, true);
        if (verification == TlsFiles.Verification.REQUIRED) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        return socket;
    }

    private static KeyManager @Nullable [] keyManagers(TlsFiles files) throws IOException, GeneralSecurityException {
        if (!Files.exists(files.certificate()) || !Files.exists(files.key())) {
            return null;
        }
        Certificate[] chain = certificates(files.certificate()).toArray(new Certificate[0]);
        KeyStore store = emptyStore();
        store.setKeyEntry("client", privateKey(files.key(), chain), NO_PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManager @Nullable [] trustManagers(TlsFiles files)
            throws IOException, GeneralSecurityException {
        if (files.verification() == TlsFiles.Verification.SKIPPED) {
            return new TrustManager[] {new TrustAnything()};
        }
        if (!Files.exists(files.ca())) {
            return null;
        }
        KeyStore store = emptyStore();
        int number = 0;
        for (Certificate authority : certificates(files.ca())) {
            store.setCertificateEntry("ca-" + number++, authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        try (InputStream input = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(input);
        }
    }

    private static PrivateKey privateKey(Path file, Certificate[] chain) throws IOException, GeneralSecurityException {
        String pem = Files.readString(file, StandardCharsets.US_ASCII);
        String algorithm = chain.length == 0 ? "RSA" : chain[0].getPublicKey().getAlgorithm();
        byte[] pkcs8;
        if (pem.contains("BEGIN PRIVATE KEY")) {
            pkcs8 = block(pem, "PRIVATE KEY");
        } else if (pem.contains("BEGIN RSA PRIVATE KEY")) {
            pkcs8 = Der.rsaToPkcs8(block(pem, "RSA PRIVATE KEY"));
        } else if (pem.contains("BEGIN EC PRIVATE KEY") && chain.length > 0) {
            pkcs8 = Der.ecToPkcs8(
                    block(pem, "EC PRIVATE KEY"), chain[0].getPublicKey().getEncoded());
        } else {
            throw new GeneralSecurityException("'" + file + "' holds no private key that can be used here: it must be"
                    + " unencrypted PEM (openssl pkey -in key.pem -out key.pem converts it)");
        }
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    private static byte[] block(String pem, String kind) {
        String begin = "-----BEGIN " + kind + "-----";
        int from = pem.indexOf(begin) + begin.length();
        int to = pem.indexOf("-----END " + kind + "-----", from);
        return Base64.getMimeDecoder().decode(pem.substring(from, to < 0 ? pem.length() : to));
    }

    /** Wrap old key encodings so that the JDK, which reads PKCS#8 only, takes them. */
    private static final class Der {

        private static final int SEQUENCE = 0x30;
        private static final int OCTETS = 0x04;
        private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
        private static final byte[] RSA_ALGORITHM = {
            0x30,
            0x0d,
            0x06,
            0x09,
            0x2a,
            (byte) 0x86,
            0x48,
            (byte) 0x86,
            (byte) 0xf7,
            0x0d,
            0x01,
            0x01,
            0x01,
            0x05,
            0x00
        };

        static byte[] rsaToPkcs8(byte[] key) {
            return tagged(SEQUENCE, joined(VERSION_0, RSA_ALGORITHM, tagged(OCTETS, key)));
        }

        /** Take the algorithm, curve included, from the public key: a sequence that begins with just that. */
        static byte[] ecToPkcs8(byte[] key, byte[] publicKey) {
            int from = contentStart(publicKey, 0);
            int to = contentStart(publicKey, from) + length(publicKey, from);
            byte[] algorithm = java.util.Arrays.copyOfRange(publicKey, from, to);
            return tagged(SEQUENCE, joined(VERSION_0, algorithm, tagged(OCTETS, key)));
        }

        private static int contentStart(byte[] der, int at) {
            int first = der[at + 1] & 0xff;
            return first < 0x80 ? at + 2 : at + 2 + (first & 0x7f);
        }

        private static int length(byte[] der, int at) {
            int first = der[at + 1] & 0xff;
            if (first < 0x80) {
                return first;
            }
            int length = 0;
            for (int i = 0; i < (first & 0x7f); i++) {
                length = length << 8 | (der[at + 2 + i] & 0xff);
            }
            return length;
        }

        private static byte[] tagged(int tag, byte[] content) {
            int length = content.length;
            byte[] head = length < 0x80
                    ? new byte[] {(byte) tag, (byte) length}
                    : length < 0x100
                            ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                            : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
            return joined(head, content);
        }

        private static byte[] joined(byte[]... parts) {
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            for (byte[] part : parts) {
                all.writeBytes(part);
            }
            return all.toByteArray();
        }
    }

    /** Trust any certificate, because the user said so. */
    private static final class TrustAnything extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
