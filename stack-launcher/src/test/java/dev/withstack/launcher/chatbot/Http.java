package dev.withstack.launcher.chatbot;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Requests to ports of the loopback address, under any host name: HTTP/1.0 as it stands in a book. */
final class Http {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Http() {}

    /** An answer. */
    record Answer(int status, String body) {

        Map<String, Object> json() throws IOException {
            return JSON.std.mapFrom(body);
        }
    }

    static Answer get(int port, String path) throws IOException {
        return send("GET", port, "localhost", path, "");
    }

    static Answer post(int port, String path, String json) throws IOException {
        return send("POST", port, "localhost", path, json);
    }

    static Answer send(String method, int port, String host, String path, String body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return talk(socket, method, host, path, body);
        }
    }

    /** Ask over TLS, and return the certificate with which the server proves itself. */
    static X509Certificate certificate(int port, String host) throws IOException, GeneralSecurityException {
        try (SSLSocket socket = secured(port)) {
            talk(socket, "GET", host, "/health", "");
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    static Answer getSecurely(int port, String host, String path) throws IOException, GeneralSecurityException {
        try (SSLSocket socket = secured(port)) {
            return talk(socket, "GET", host, path, "");
        }
    }

    private static SSLSocket secured(int port) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Everyone()}, null);
        return (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    }

    private static Answer talk(Socket socket, String method, String host, String path, String body) throws IOException {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head = method + " " + path + " HTTP/1.0\r\nHost: " + host + "\r\nAuthorization: Basic "
                + java.util.Base64.getEncoder()
                        .encodeToString("admin:grafana-Xw8cV5bN1mK6".getBytes(StandardCharsets.UTF_8))
                + "\r\nContent-Type: application/json\r\nContent-Length: " + content.length + "\r\n\r\n";
        OutputStream out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(content);
        out.flush();
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("No answer to " + method + " " + path + " on port " + port(socket) + ": " + answer);
        }
        return new Answer(Integer.parseInt(answer.split(" ")[1]), answer.substring(end + 4));
    }

    private static int port(Socket socket) {
        return socket.getPort();
    }

    /** A certificate that nobody else has signed is what is looked for. */
    private static final class Everyone implements X509TrustManager {
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
