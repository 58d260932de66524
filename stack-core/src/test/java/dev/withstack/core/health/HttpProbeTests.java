package dev.withstack.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Probe;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class HttpProbeTests {
    private static final Probe.Http HEALTH = Probe.http("/health");
    private static final Probe.Http HEALTHY = HEALTH.json("status", "healthy");

    @Test
    void askWhenTheStatusIsAsWantedIsReady() throws Exception {
        assertThat(ask(HEALTH, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
                .isEqualTo(Answer.READY);
        assertThat(ask(HEALTH, "HTTP/1.0 200\r\n\r\n")).isEqualTo(Answer.READY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 500 Oops~~no disk           | GET /health answered 500: no disk",
                "HTTP/1.1 503 Busy~Content-Length: 0~~| GET /health answered 503",
                "HTTP/1.1 302 Found~Location: /x~~    | GET /health answered 302",
                "HTTP/1.1 404 Not Found~~no  such     | GET /health answered 404: no such",
            })
    void askWhenTheStatusIsAnotherShowsItWithTheBody(String answer, String reason) throws Exception {
        assertThat(ask(HEALTH, answer.strip().replace("~", "\r\n"))).isEqualTo(new Answer.NotReady(reason.strip()));
    }

    @Test
    void askWhenTheBodyIsLongShowsItsBeginning() throws Exception {
        Answer answer = ask(HEALTH, "HTTP/1.1 500 Oops\r\n\r\n" + "word ".repeat(40_000));

        assertThat(answer.text())
                .startsWith("GET /health answered 500: word word")
                .hasSize(226);
    }

    @Test
    void askWhenAsksAsABrowserWould() throws Exception {
        AtomicReference<String> request = new AtomicReference<>("");
        try (FakeServer server = new FakeServer(client -> {
            request.set(FakeServer.readUntil(client.getInputStream(), "\r\n\r\n"));
            client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        })) {
            new HttpProbe(HEALTH).ask(server.address());

            assertThat(request)
                    .hasValue("GET /health HTTP/1.1\r\nHost: " + server.address()
                            + "\r\nUser-Agent: withstack\r\nAccept: */*\r\nConnection: close\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"status\":\"healthy\"}",
                "{ \"status\" : \"healthy\" }",
                "{\n  \"version\": 3,\n  \"status\": \"healthy\"\n}",
                "{\"checks\": {\"status\": \"down\"}, \"status\": \"healthy\"}",
                "{\"list\": [1, {\"a\": \"}\"}], \"text\": \"a \\\" and , }\", \"status\": \"he\\u0061lthy\"}",
                "{\"status\":\"healthy\"",
            })
    void askWhenTheFieldHasTheValueIsReady(String body) throws Exception {
        assertThat(ask(HEALTHY, ok(body))).isEqualTo(Answer.READY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"status\":\"unhealthy\"}",
                "{\"status\":\"healthy-ish\"}",
                "{\"checks\": {\"status\": \"healthy\"}, \"status\": \"down\"}",
                "{\"checks\": [{\"status\": \"healthy\"}]}",
                "{\"note\": \"\\\"status\\\": \\\"healthy\\\"\"}",
                "[{\"status\":\"healthy\"}]",
                "\"status\": \"healthy\"",
                "{\"status\"",
                "{}",
                "<html>",
            })
    void askWhenTheFieldHasAnotherValueOrNoneIsNotReady(String body) throws Exception {
        assertThat(ask(HEALTHY, ok(body)))
                .isEqualTo(new Answer.NotReady("GET /health answered 200 without \"status\": \"healthy\": " + body));
    }

    @Test
    void askWhenTheFieldIsNoStringComparesItsText() throws Exception {
        assertThat(ask(HEALTH.json("up", "true"), ok("{\"up\": true}"))).isEqualTo(Answer.READY);
        assertThat(ask(HEALTH.json("n", "3"), ok("{\"n\":3 ,\"m\":1}"))).isEqualTo(Answer.READY);
        assertThat(ask(HEALTH.json("n", "3"), ok("{\"n\":31}"))).isInstanceOf(Answer.NotReady.class);
    }

    @Test
    void askWhenTheTextIsThereIsReadyAndOtherwiseSaysWhatIsMissing() throws Exception {
        Probe.Http page = Probe.http("/admin/").containing("<html");

        assertThat(ask(page, ok("<!doctype html><html lang=en>"))).isEqualTo(Answer.READY);
        assertThat(ask(page, ok("starting")))
                .isEqualTo(new Answer.NotReady("GET /admin/ answered 200 without '<html': starting"));
        assertThat(ask(page, ok(""))).isEqualTo(new Answer.NotReady("GET /admin/ answered 200 without '<html'"));
    }

    @Test
    void askWhenTheBodyIsChunkedReadsItAcrossTheChunks() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "e;x=y\r\n{\"status\": \"he\r\nC\r\nalthy\",\"a\":1\r\n1\r\n}\r\n0\r\n\r\n";

        assertThat(ask(HEALTHY, answer)).isEqualTo(Answer.READY);
        assertThat(ask(HEALTH.json("status", "down"), answer).text()).endsWith(": {\"status\": \"healthy\",\"a\":1}");
    }

    @Test
    void askWhenTheServerKeepsTheConnectionOpenDoesNotWaitForItsEnd() throws Exception {
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
        String counted = "HTTP/1.1 200 OK\r\ncontent-length:2\r\n\r\n{}";
        for (String answer : new String[] {chunked, counted}) {
            try (FakeServer server = FakeServer.answeringWithoutEnd(answer)) {
                long begin = System.nanoTime();
                assertThat(new HttpProbe(HEALTHY).ask(server.address()).text()).endsWith(": {}");
                assertThat(System.nanoTime() - begin).isLessThan(2_000_000_000L);
            }
        }
    }

    @Test
    void askWhenTheAnswerIsAStreamJudgesWhatHasCome() throws Exception {
        String stream = "HTTP/1.1 200 OK\r\nContent-Type:text/event-stream\r\n\r\ndata: {\"stage\": 1}\n\n";
        try (FakeServer server = FakeServer.answeringWithoutEnd(stream)) {
            assertThat(new HttpProbe(HEALTH).ask(server.address())).isEqualTo(Answer.READY);
            assertThat(new HttpProbe(HEALTH.containing("\"stage\"")).ask(server.address()))
                    .isEqualTo(Answer.READY);
        }
    }

    @Test
    void askWhenAFailureNeverEndsItsBodyDoesNotWaitForIt() throws Exception {
        try (FakeServer server =
                FakeServer.answeringWithoutEnd("HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\nno disk")) {
            long begin = System.nanoTime();
            assertThat(new HttpProbe(HEALTH).ask(server.address()).text())
                    .isEqualTo("GET /health answered 500: no disk");
            assertThat(System.nanoTime() - begin).isLessThan(3_000_000_000L);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SSH-2.0-OpenSSH_9.2~            | answered something that is not HTTP",
                "HTTP/1.1 fine~~                 | answered something that is not HTTP",
                "HTTP/1.1~~                      | answered something that is not HTTP",
                "HTTP/1.1 200 OK~Content-Le      | closed the connection in the middle of its answer",
                "HTTP/1.1 200 OK~Content-Length: many~~{}        | answered with a content length that is none: many",
                "HTTP/1.1 200 OK~Content-Length: -1~~{}          | answered with a content length that is none: -1",
            })
    void askWhenTheAnswerIsNoSoundHttpSaysSo(String answer, String reason) throws Exception {
        assertThatThrownBy(() -> ask(HEALTHY, answer.strip().replace("~", "\r\n")))
                .isInstanceOf(IOException.class)
                .hasMessage(reason.strip());
    }

    @Test
    void askWhenTheLengthIsHugeReadsNoMoreThanItCanHold() throws Exception {
        Answer answer = ask(HEALTHY, "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + "x".repeat(200_000));

        assertThat(answer).isInstanceOf(Answer.NotReady.class);
    }

    @Test
    void askWhenTheConnectionIsClosedAtOnceSaysThat() throws Exception {
        try (FakeServer server = new FakeServer(client -> FakeServer.readUntil(client.getInputStream(), "\r\n\r\n"))) {
            assertThatThrownBy(() -> new HttpProbe(HEALTH).ask(server.address()))
                    .isInstanceOf(EOFException.class);
        }
    }

    @Test
    void askWhenTheHeaderNeverEndsGivesUp() throws Exception {
        assertThatThrownBy(() -> ask(HEALTH, "HTTP/1.1 200 OK\r\nX: " + "x".repeat(100_000)))
                .hasMessage("answered with an endless header");
    }

    @Test
    void askWhenNobodyListensSaysThat() throws Exception {
        HostAndPort address;
        try (FakeServer server = FakeServer.answering("")) {
            address = server.address();
        }

        assertThatThrownBy(() -> new HttpProbe(HEALTH).ask(address))
                .isInstanceOf(java.net.ConnectException.class)
                .satisfies(
                        thrown -> assertThat(Reasons.of((IOException) thrown)).isEqualTo("connection refused"));
    }

    private static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    private static Answer ask(Probe.Http probe, String answer) throws IOException {
        try (FakeServer server = FakeServer.answering(answer)) {
            return new HttpProbe(probe).ask(server.address());
        }
    }
}
