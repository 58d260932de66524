package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Replicas behind one stable address, which come and go while they are asked. */
class ReplicasIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    /** Answers with its host's name, after 3 s where asked for /slow; when asked to end it finishes what it has in hand. */
    private static final String PROGRAM =
            """
            import http.server, signal, socket, threading, time
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    if self.path == '/slow':
                        time.sleep(3)
                    body = socket.gethostname().encode()
                    self.send_response(200)
                    self.send_header('Content-Length', str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                def log_message(self, *words): pass
            class Server(http.server.ThreadingHTTPServer):
                daemon_threads = False
                request_queue_size = 128
            server = Server(('', 8080), Handler)
            signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
            server.serve_forever(poll_interval=0.05)
            server.server_close()
            """;

    @RegisterExtension
    final Trial trial = new Trial();

    private final int port = Trial.freePort();

    @Test
    void requestsWhenTheServiceIsScaledUpAndDownAreAllAnswered() throws Exception {
        StackDefinition stack = stack(1);
        trial.up(stack);
        String entry = trial.identity("api");

        try (Requests requests = new Requests(port)) {
            scale(stack, 3);
            await().atMost(SOON).until(() -> requests.seen().size() == 3);
            scale(stack, 1);
            assertThat(trial.docker("ps", "--format", "{{.Names}}", "--filter", "name=" + trial.container("api")))
                    .containsExactlyInAnyOrder(trial.container("api"), trial.container("api-1"));

            assertThat(requests.seenAfter(20)).hasSize(1);
            assertThat(requests.lost()).isEmpty();
        }
        assertThat(trial.identity("api")).as("the entry was left alone").isEqualTo(entry);
    }

    @Test
    void requestsWhenAReplicaIsKilledGoToTheOthers() throws Exception {
        trial.up(stack(2));

        try (Requests requests = new Requests(port)) {
            await().atMost(SOON).until(() -> requests.seen().size() == 2);
            trial.docker("kill", "--signal", "KILL", trial.container("api-2"));

            assertThat(requests.seenAfter(20)).hasSize(1);
            assertThat(requests.lost()).isEmpty();
        }
    }

    @Test
    void requestWhenItsReplicaIsScaledAwayIsFinished() throws Exception {
        StackDefinition stack = stack(2);
        trial.up(stack);
        Set<String> answered = ConcurrentHashMap.newKeySet();
        try (Requests requests = new Requests(port)) {
            await().atMost(SOON).until(() -> requests.seen().size() == 2);
            List<CompletableFuture<Void>> slow = new ArrayList<>();
            for (int number = 0; number < 16; number++) {
                slow.add(requests.ask("/slow").thenAccept(answer -> {
                    assertThat(answer.statusCode()).isEqualTo(200);
                    answered.add(answer.body());
                }));
            }
            scale(stack, 1);
            CompletableFuture.allOf(slow.toArray(CompletableFuture[]::new)).get(SOON.toSeconds(), TimeUnit.SECONDS);

            assertThat(answered)
                    .as("some were in the hand of the one that was ended")
                    .hasSize(2);
        }
    }

    @Test
    void scaleWhenTheServiceHasNoEndpointAddsAndRemovesTheDifference() {
        StackDefinition stack = trial.stack(Trial.idle("worker").replicas(2));
        trial.up(stack);
        String first = trial.identity("worker-1");

        scale(stack, Map.of("worker", 4));
        assertThat(workers()).hasSize(4);
        trial.up(stack);
        assertThat(workers()).as("after another start").hasSize(4);
        scale(stack, Map.of("worker", 1));

        assertThat(workers()).containsExactly(trial.container("worker-1"));
        assertThat(trial.identity("worker-1")).isEqualTo(first);
    }

    private List<String> workers() {
        return trial.docker("ps", "--format", "{{.Names}}", "--filter", "name=" + trial.container("worker"));
    }

    private void scale(StackDefinition stack, int number) {
        scale(stack, Map.of("api", number));
    }

    private void scale(StackDefinition stack, Map<String, Integer> numbers) {
        trial.engine().scale(stack, numbers, UpOptions.DEFAULT, trial::hear).close();
    }

    private StackDefinition stack(int replicas) {
        return trial.stack(Service.image("api", TrialImages.PYTHON)
                .command("python3", "-c", PROGRAM)
                .port("http", 8080)
                .hostPort(port)
                .probe(Probe.http("/"))
                .replicas(replicas));
    }

    /** Three who ask steadily, each request again once if it fails. */
    private static final class Requests implements AutoCloseable {
        private final HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20)).build();
        private final String address;
        private final Set<String> seen = ConcurrentHashMap.newKeySet();
        private final List<String> lost = new CopyOnWriteArrayList<>();
        private final AtomicLong answers = new AtomicLong();
        private final AtomicBoolean isOver = new AtomicBoolean();
        private final ExecutorService askers = Executors.newFixedThreadPool(3);

        Requests(int port) {
            address = "http://127.0.0.1:" + port;
            for (int number = 0; number < 3; number++) {
                askers.execute(this::askOn);
            }
        }

        Set<String> seen() {
            return Set.copyOf(seen);
        }

        /** Return who answers when so many more answers have come, by the next so many. */
        Set<String> seenAfter(int count) {
            awaitAnswers(count);
            seen.clear();
            awaitAnswers(count);
            return seen();
        }

        private void awaitAnswers(int count) {
            long before = answers.get();
            await().atMost(SOON).until(() -> answers.get() >= before + count);
        }

        List<String> lost() {
            return List.copyOf(lost);
        }

        CompletableFuture<HttpResponse<String>> ask(String path) {
            return client.sendAsync(request(path), HttpResponse.BodyHandlers.ofString());
        }

        private HttpRequest request(String path) {
            return HttpRequest.newBuilder(URI.create(address + path))
                    .timeout(Duration.ofSeconds(30))
                    .build();
        }

        private void askOn() {
            while (!isOver.get()) {
                String failure = askOnce();
                if (!failure.isEmpty()) {
                    String again = askOnce();
                    if (!again.isEmpty() && !isOver.get()) {
                        lost.add(failure + ", then " + again);
                    }
                }
            }
        }

        /** Return why it failed, or an empty text. */
        private String askOnce() {
            try {
                HttpResponse<String> answer = client.send(request("/"), HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 200) {
                    seen.add(answer.body());
                    answers.incrementAndGet();
                    return "";
                }
                return "status " + answer.statusCode();
            } catch (IOException e) {
                return e.toString();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                isOver.set(true);
                return "";
            }
        }

        @Override
        public void close() throws InterruptedException {
            isOver.set(true);
            askers.shutdown();
            assertThat(askers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
