package dev.withstack.core.health;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The client's side of one SCRAM-SHA-256 login, without channel binding.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7677">RFC 7677</a>
 */
final class Scram {
    private static final String NO_CHANNEL_BINDING = "biws";
    private static final int MOST_ITERATIONS = 1_000_000;

    /** What passwords were salted to: slow to compute on purpose, and the same as long as the server has the same salt. */
    private static final Map<String, byte[]> SALTED = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > MOST_SALTED;
        }
    });

    private static final int MOST_SALTED = 16;

    private final String user;
    private final String password;
    private final String nonce;
    private String serverSignature = "";

    /** PostgreSQL takes the user from the start-up message, and none here. */
    Scram(String password) {
        this("", password, randomNonce());
    }

    Scram(String user, String password, String nonce) {
        this.user = user;
        // what SASLprep (RFC 4013) does to the passwords that people have
        this.password = Normalizer.isNormalized(password, Normalizer.Form.NFKC)
                ? password
                : Normalizer.normalize(password, Normalizer.Form.NFKC);
        this.nonce = nonce;
    }

    String clientFirst() {
        return "n,," + clientFirstBare();
    }

    private String clientFirstBare() {
        return "n=" + user + ",r=" + nonce;
    }

    String clientFinal(String serverFirst) throws IOException, GeneralSecurityException {
        Map<Character, String> parts = parse(serverFirst);
        String serverNonce = parts.getOrDefault('r', "");
        int iterations = number(parts.getOrDefault('i', ""));
        byte[] salt = decoded(parts.getOrDefault('s', ""));
        if (!serverNonce.startsWith(nonce) || iterations < 1 || iterations > MOST_ITERATIONS || salt.length == 0) {
            throw new IOException("answered a SCRAM login with '" + serverFirst + "', which is not sound");
        }
        byte[] salted = salted(salt, iterations);
        byte[] clientKey = hmac(salted, "Client Key");
        byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
        String withoutProof = "c=" + NO_CHANNEL_BINDING + ",r=" + serverNonce;
        String both = clientFirstBare() + "," + serverFirst + "," + withoutProof;
        serverSignature = encoded(hmac(hmac(salted, "Server Key"), both));
        return withoutProof + ",p=" + encoded(xor(clientKey, hmac(storedKey, both)));
    }

    /** Check that the server knows the password too. */
    void checkServer(String serverFinal) throws IOException {
        if (!parse(serverFinal).getOrDefault('v', "").equals(serverSignature)) {
            throw new IOException("took a SCRAM login without knowing the password");
        }
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static String encoded(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private byte[] salted(byte[] salt, int iterations) throws GeneralSecurityException {
        String meant = encoded(salt) + " " + iterations + " " + password;
        byte[] known = SALTED.get(meant);
        if (known == null) {
            known = newlySalted(salt, iterations);
            SALTED.put(meant, known);
        }
        return known;
    }

    private byte[] newlySalted(byte[] salt, int iterations) throws GeneralSecurityException {
        Mac mac = mac(password.getBytes(StandardCharsets.UTF_8));
        mac.update(salt);
        byte[] block = mac.doFinal(new byte[] {0, 0, 0, 1});
        byte[] result = block.clone();
        for (int i = 1; i < iterations; i++) {
            block = mac.doFinal(block);
            result = xor(result, block);
        }
        return result;
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        return mac(key).doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Mac mac(byte[] key) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        // an empty key is refused by SecretKeySpec and means the same as a zero
        mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacSHA256"));
        return mac;
    }

    private static byte[] xor(byte[] left, byte[] right) {
        byte[] result = new byte[left.length];
        for (int i = 0; i < left.length; i++) {
            result[i] = (byte) (left[i] ^ right[i]);
        }
        return result;
    }

    private static Map<Character, String> parse(String message) {
        Map<Character, String> parts = new HashMap<>();
        for (String part : message.split(",")) {
            if (part.length() > 2) {
                parts.put(part.charAt(0), part.substring(2));
            }
        }
        return parts;
    }

    private static String randomNonce() {
        byte[] bytes = new byte[18];
        new SecureRandom().nextBytes(bytes);
        return encoded(bytes);
    }
}
