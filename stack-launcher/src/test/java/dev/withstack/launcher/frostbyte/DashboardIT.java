package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The admin dashboard of a running Frostbyte, in a real browser. */
class DashboardIT {
    private static final Duration SOON = Duration.ofMinutes(5);

    /** The page's verdict, while all is well. */
    private static final String CONNECTED = "[data-state='connected'] #verdict";

    @RegisterExtension
    static final WholeStack stack = new WholeStack();

    @RegisterExtension
    final AfterTestExecutionCallback photographer = context -> {
        if (context.getExecutionException().isPresent() && browser != null) {
            browser.photograph(Path.of(
                    "target",
                    "scenarios",
                    "DashboardIT." + context.getRequiredTestMethod().getName() + ".png"));
        }
    };

    private static Browser browser;

    @BeforeAll
    static void openThePage() throws Exception {
        browser = Browser.start().open(page());
    }

    @AfterAll
    static void closeTheBrowser() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    @Row("frostbyte.admin-dashboard")
    void dashboardWhenStartedServesAPageUnderAdmin() throws Exception {
        var answer = Servers.get(page());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(answer.body()).contains("<html").contains("Frostbyte");
    }

    @Test
    @Row("frostbyte.dashboard-live")
    void dashboardWhenADocumentIsPostedShowsItAndItsStagesAsTheyPass() throws Exception {
        browser.awaitText(CONNECTED, "CONNECTED", SOON).awaitText("#live", "live", SOON);

        String id = String.valueOf(stack.api()
                .post("aurora.md", "# Aurora borealis\n\nSeen from the pipeline.")
                .get("id"));

        browser.awaitText("#rows tr[data-id='" + id + "']", "Aurora borealis", SOON)
                .awaitText("#journeys [data-document='" + id + "'][data-outcome='DONE']", "aurora.md", SOON);
        for (String stage : new String[] {"RECEIVED", "STORED", "EXTRACTED", "EMBEDDED", "INDEXED", "DONE"}) {
            assertThat(browser.textOf("#events li[data-stage='" + stage + "']"))
                    .as(stage)
                    .contains("aurora.md");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "postgres", "minio", "qdrant"})
    @Row("frostbyte.dashboard-loss")
    void dashboardWhenAServerIsLostNamesItUntilItIsBack(String server) throws Exception {
        browser.awaitText(CONNECTED, "CONNECTED", SOON);

        Docker.run("kill", stack.container(server));
        try {
            browser.awaitText("#verdict", "DISCONNECTED", SOON)
                    .awaitText("#problems", server + " is down: ", SOON)
                    .awaitText("#servers [data-service='" + server + "'] .mark", "down", SOON);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(browser.textOf("#problems").split(" is down: "))
                            .as("one problem")
                            .hasSize(2));
        } finally {
            Docker.run("start", stack.container(server));
        }

        browser.awaitText(CONNECTED, "CONNECTED", SOON);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(browser.textOf("#problems")).isEmpty());
    }

    private static String page() {
        return "http://127.0.0.1:" + stack.ports().dashboard() + "/admin/";
    }
}
