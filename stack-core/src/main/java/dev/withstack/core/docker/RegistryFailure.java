package dev.withstack.core.docker;

import java.util.Locale;

/**
 * Tell apart why an image could not be pulled, from the message text of the engine.
 *
 * <p>The engine passes errors of the registry on as text only; the text decides.
 */
public enum RegistryFailure {
    /** The registry answered and does not have this image, this tag or this platform (or hides it). */
    NOT_FOUND,
    /** The registry answered and wants other credentials. */
    UNAUTHORIZED,
    /** The registry answered and refuses for now: too many pulls. */
    RATE_LIMITED,
    /** No usable answer: no such host, no route, no time, no trusted certificate, a server error. */
    UNREACHABLE,
    /** Something else, on this side: no space, a malformed reference. */
    OTHER;

    private static final String[] OTHER_TEXTS = {"no space left on device", "invalid reference format"};

    private static final String[] RATE_LIMITED_TEXTS = {"toomanyrequests", "too many requests", "pull rate limit"};

    private static final String[] NOT_FOUND_TEXTS = {
        "pull access denied",
        "manifest unknown",
        "manifest for ",
        "no matching manifest",
        "name unknown",
        "name invalid",
        "repository does not exist",
        "repository name not known",
        "404 not found",
        "does not match the specified platform",
    };

    private static final String[] UNAUTHORIZED_TEXTS = {
        "unauthorized",
        "no basic auth credentials",
        "access to the resource is denied",
        "403 forbidden",
        "incorrect username or password",
        "access forbidden",
        "denied:",
    };

    private static final String[] UNREACHABLE_TEXTS = {
        "no such host",
        "connection refused",
        "connection reset",
        "i/o timeout",
        "timeout",
        "timed out",
        "deadline exceeded",
        "request canceled while waiting",
        "no route to host",
        "network is unreachable",
        "temporary failure in name resolution",
        "server misbehaving",
        "proxyconnect",
        "x509:",
        "tls: ",
        "certificate",
        "server gave http response to https client",
        "internal server error",
        "bad gateway",
        "service unavailable",
        "broken pipe",
        "dial tcp",
        "no progress within",
    };

    /** Classify the message of the engine. */
    public static RegistryFailure classify(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        if (containsAny(text, OTHER_TEXTS)) {
            return OTHER;
        }
        if (containsAny(text, RATE_LIMITED_TEXTS)) {
            return RATE_LIMITED;
        }
        if (containsAny(text, NOT_FOUND_TEXTS)) {
            return NOT_FOUND;
        }
        if (containsAny(text, UNAUTHORIZED_TEXTS)) {
            return UNAUTHORIZED;
        }
        if (containsAny(text, UNREACHABLE_TEXTS) || endsWithEof(text) || hasServerErrorStatus(text)) {
            return UNREACHABLE;
        }
        return text.contains("not found") ? NOT_FOUND : OTHER;
    }

    private static boolean containsAny(String text, String[] parts) {
        for (String part : parts) {
            if (text.contains(part)) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsWithEof(String text) {
        String end = text.strip();
        return end.equals("eof") || end.endsWith(": eof") || end.endsWith("unexpected eof");
    }

    /** Find "status: 503", "status code 503", "http status: 502 ...". */
    private static boolean hasServerErrorStatus(String text) {
        int at = text.indexOf("status");
        while (at >= 0) {
            int digit = at + "status".length();
            while (digit < text.length() && !Character.isDigit(text.charAt(digit)) && digit < at + 14) {
                digit++;
            }
            if (digit + 2 < text.length()
                    && text.charAt(digit) == '5'
                    && Character.isDigit(text.charAt(digit + 1))
                    && Character.isDigit(text.charAt(digit + 2))) {
                return true;
            }
            at = text.indexOf("status", at + 1);
        }
        return false;
    }
}
