package dev.withstack.core.data;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests by version 4 of the scheme, their bodies left out.
 *
 * @param host as it stands in the request's header
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">the scheme</a>
 */
record S3Signature(String host, String user, String password) {
    private static final String REGION = "us-east-1";
    /** Stands for the digest of a body that is not signed, so that it need not be read twice. */
    static final String UNSIGNED = "UNSIGNED-PAYLOAD";
    /** The digest of no content at all. */
    static final String NOTHING = hash("");

    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** Return the headers that sign a request without a body. */
    Map<String, String> headers(String method, String path, String query, Instant now) {
        return headers(method, path, query, NOTHING, Map.of(), now);
    }

    /**
     * Return the headers given and those that sign the request.
     *
     * @param content the digest of its body, or {@link #UNSIGNED}
     * @param given headers of the request; those of the protocol's own, {@code x-amz-}, are signed too
     */
    Map<String, String> headers(
            String method, String path, String query, String content, Map<String, String> given, Instant now) {
        String moment = MOMENT.format(now);
        TreeMap<String, String> signed = new TreeMap<>();
        signed.put("host", host);
        signed.put("x-amz-content-sha256", content);
        signed.put("x-amz-date", moment);
        given.forEach((name, value) -> {
            if (name.toLowerCase(Locale.ROOT).startsWith("x-amz-")) {
                signed.put(name.toLowerCase(Locale.ROOT), value.strip().replaceAll(" +", " "));
            }
        });
        StringBuilder lines = new StringBuilder();
        signed.forEach(
                (name, value) -> lines.append(name).append(':').append(value).append('\n'));
        String names = String.join(";", signed.keySet());
        String scope = moment.substring(0, 8) + "/" + REGION + "/s3/aws4_request";
        String request = String.join("\n", method, path, query, lines.toString(), names, content);
        String toSign = String.join("\n", "AWS4-HMAC-SHA256", moment, scope, hash(request));
        byte[] key = ("AWS4" + password).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/")) {
            key = hmac(key, part);
        }
        Map<String, String> headers = new LinkedHashMap<>(given);
        headers.put("x-amz-date", moment);
        headers.put("x-amz-content-sha256", content);
        headers.put(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=" + user + "/" + scope + ", SignedHeaders=" + names + ", Signature="
                        + HexFormat.of().formatHex(hmac(key, toSign)));
        return headers;
    }

    @Override
    public String toString() {
        return "S3Signature[" + user + " at " + host + "]";
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256.", e);
        }
    }
}
