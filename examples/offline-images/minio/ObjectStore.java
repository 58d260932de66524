import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobApiMetadata;
import org.gaul.shaded.org.eclipse.jetty.server.Handler;
import org.gaul.shaded.org.eclipse.jetty.server.Request;
import org.gaul.shaded.org.eclipse.jetty.server.Server;
import org.gaul.shaded.org.eclipse.jetty.server.ServerConnector;
import org.gaul.shaded.org.eclipse.jetty.server.handler.HandlerWrapper;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.concurrent.config.ExecutorServiceModule;
import org.jclouds.logging.config.NullLoggingModule;

/**
 * Stands where MinIO's server would: the same command line, variables, ports and health addresses, with the S3 API of
 * S3Proxy over a directory. One process and one HTTP server, so that the port opens when the store answers.
 *
 * <pre>minio server [--address :9000] [--console-address :9001] DIRECTORY</pre>
 */
public final class ObjectStore {

    private static final String CONSOLE_PAGE = "<!DOCTYPE html><title>Object store</title>"
            + "<p>This is S3Proxy, which stands in for MinIO where no registry can be reached. It has no console.</p>";

    private ObjectStore() {}

    public static void main(String[] arguments) throws Exception {
        var api = setting("MINIO_ADDRESS", ":9000");
        var console = setting("MINIO_CONSOLE_ADDRESS", ":9001");
        String directory = null;
        for (int i = 0; i < arguments.length; i++) {
            var argument = arguments[i];
            var equals = argument.indexOf('=');
            var option = equals < 0 ? argument : argument.substring(0, equals);
            switch (option) {
                case "minio", "server" -> {}
                case "--address" -> api = equals < 0 ? arguments[++i] : argument.substring(equals + 1);
                case "--console-address" -> console = equals < 0 ? arguments[++i] : argument.substring(equals + 1);
                default -> {
                    if (option.startsWith("--")) {
                        fail("The option '" + option + "' is not known to the offline object store; it has --address and"
                                + " --console-address.");
                    }
                    directory = directory == null ? argument : directory;
                }
            }
        }
        var user = setting("MINIO_ROOT_USER", setting("MINIO_ACCESS_KEY", "minioadmin"));
        var password = setting("MINIO_ROOT_PASSWORD", setting("MINIO_SECRET_KEY", "minioadmin"));
        if (user.length() < 3 || password.length() < 8) {
            fail("FATAL Unable to validate credentials: MINIO_ROOT_USER should have at least 3 characters and"
                    + " MINIO_ROOT_PASSWORD at least 8.");
        }
        var data = Files.createDirectories(Path.of(directory == null ? setting("MINIO_VOLUMES", "/data") : directory));
        serve(data, address(api), address(console), user, password);
    }

    private static void serve(Path data, URI api, URI console, String user, String password) throws Exception {
        var proxy = S3Proxy.builder()
                .blobStore(blobStore(data))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, user, password)
                .endpoint(api)
                .ignoreUnknownHeaders(true)
                .build();
        var server = serverOf(proxy);
        var consoleConnector = new ServerConnector(server);
        consoleConnector.setHost(console.getHost());
        consoleConnector.setPort(console.getPort());
        server.addConnector(consoleConnector);
        server.setHandler(new Front(server.getHandler(), console.getPort()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(proxy)));
        proxy.start();
        System.out.println("Object store: S3Proxy " + setting("S3PROXY_VERSION", "") + ", standing in for MinIO, on " + api);
    }

    private static BlobStore blobStore(Path data) {
        var overrides = new Properties();
        overrides.setProperty("jclouds.filesystem.basedir", data.toString());
        ExecutorService executor = Executors.newCachedThreadPool();
        return ContextBuilder.newBuilder(new FilesystemNio2BlobApiMetadata())
                .credentials("local", "local")
                .overrides(overrides)
                .modules(List.of(new NullLoggingModule(), new ExecutorServiceModule(executor)))
                .build(BlobStoreContext.class)
                .getBlobStore();
    }

    /** S3Proxy keeps its server to itself, and offers no place for addresses outside of S3. */
    private static Server serverOf(S3Proxy proxy) throws ReflectiveOperationException {
        var field = S3Proxy.class.getDeclaredField("server");
        field.setAccessible(true);
        return (Server) field.get(proxy);
    }

    private static void stop(S3Proxy proxy) {
        try {
            proxy.stop();
        } catch (Exception e) {
            System.err.println("Cannot stop the server in order: " + e);
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(0); // as MinIO does after SIGTERM, where Java alone would say 143
    }

    private static URI address(String hostAndPort) {
        return URI.create("http://" + (hostAndPort.startsWith(":") ? "0.0.0.0" : "") + hostAndPort);
    }

    /** Return a variable's value, or the content of the file that its twin with the ending _FILE names. */
    private static String setting(String name, String fallback) {
        var file = System.getenv(name + "_FILE");
        if (file != null && !file.isEmpty()) {
            try {
                return Files.readString(Path.of(file)).strip();
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read '" + file + "', which " + name + "_FILE names", e);
            }
        }
        var value = System.getenv(name);
        return value == null || value.isEmpty() ? fallback : value;
    }

    private static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }

    /** Answers MinIO's health addresses and the console's port, and leaves the rest to S3. */
    private static final class Front extends HandlerWrapper {
        private final int consolePort;

        Front(Handler s3, int consolePort) {
            this.consolePort = consolePort;
            setHandler(s3);
        }

        @Override
        public void handle(String target, Request base, HttpServletRequest request, HttpServletResponse response)
                throws IOException, jakarta.servlet.ServletException {
            if (request.getLocalPort() == consolePort) {
                response.setContentType("text/html");
                response.getWriter().write(CONSOLE_PAGE);
                base.setHandled(true);
            } else if (isHealth(target)) {
                response.setStatus(HttpServletResponse.SC_OK);
                base.setHandled(true);
            } else {
                super.handle(target, base, request, response);
            }
        }

        private static boolean isHealth(String target) {
            return switch (target) {
                case "/minio/health/live", "/minio/health/ready", "/minio/health/cluster" -> true;
                default -> false;
            };
        }
    }
}
