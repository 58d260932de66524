package dev.withstack.core.health;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;

/** Says what an I/O failure means in the words of a probe's answer. */
final class Reasons {

    private Reasons() {}

    static String of(IOException failure) {
        if (failure instanceof ConnectException) {
            return "connection refused";
        } else if (failure instanceof SocketTimeoutException) {
            return "no answer in time";
        } else if (failure instanceof EOFException) {
            return "connection closed at once";
        } else if (failure instanceof NoRouteToHostException) {
            return "no route to the service";
        }
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
