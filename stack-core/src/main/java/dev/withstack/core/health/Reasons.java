package dev.withstack.core.health;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;

/** Says what an I/O failure means in the words of a probe's answer. */
final class Reasons {

    private Reasons() {}

    static String of(IOException failure) {
        String message = failure.getMessage();
        if (failure instanceof SocketTimeoutException) {
            return "no answer in time";
        } else if (failure instanceof EOFException) {
            return "connection closed at once";
        } else if (failure instanceof NoRouteToHostException) {
            return "no route to the service";
        } else if (failure instanceof UnknownHostException) {
            return "the host '" + message + "' is not known";
        } else if (message == null) {
            return failure.getClass().getSimpleName();
        } else if (failure instanceof ConnectException) {
            // the operating system's words, such as: connection refused
            return message.toLowerCase(Locale.ROOT).replaceFirst(" \\(.*\\)$", "");
        }
        return message;
    }
}
