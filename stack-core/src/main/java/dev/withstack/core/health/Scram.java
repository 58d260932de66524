package dev.withstack.core.health;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
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

    private final String password;
    private final String nonce;

    Scram(String password) {
        this(password, randomNonce());
    }

    Scram(String password, String nonce) {
        this.password = password;
        this.nonce = nonce;
    }

    String clientFirst() {
        return "n,," + clientFirstBare();
    }

    private String clientFirstBare() {
        return "n=,r=" + nonce;
    }

    String clientFinal(String serverFirst) throws IOException, GeneralSecurityException {
        Map<Character, String> parts = parse(serverFirst);
        String serverNonce = parts.getOrDefault('r', "");
        int iterations = Integer.parseInt(parts.getOrDefault('i', "0"));
        if (!serverNonce.startsWith(nonce) || iterations < 1 || iterations > MOST_ITERATIONS) {
            throw new IOException("answered a SCRAM login with '" + serverFirst + "', which is not sound");
        }
        byte[] salted = salted(Base64.getDecoder().decode(parts.getOrDefault('s', "")), iterations);
        byte[] clientKey = hmac(salted, "Client Key");
        byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
        String withoutProof = "c=" + NO_CHANNEL_BINDING + ",r=" + serverNonce;
        byte[] signature = hmac(storedKey, clientFirstBare() + "," + serverFirst + "," + withoutProof);
        return withoutProof + ",p=" + Base64.getEncoder().encodeToString(xor(clientKey, signature));
    }

    private byte[] salted(byte[] salt, int iterations) throws GeneralSecurityException {
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
        return Base64.getEncoder().encodeToString(bytes);
    }
}
