package dev.withstack.examples.extended;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.Stacks;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.Selection;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.settings.Settings;
import dev.withstack.coverage.Row;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The service that was added runs, and what it needs runs before it. */
class BiAgentWithReportsIT {

    @Test
    @Row("settled.extended")
    @Row("bi-agent.added-service")
    void startWhenTheAddedServiceIsAskedForStartsItBehindWhatItNeeds() throws Exception {
        // any server that answers on its port will do
        StackDefinition definition = Profiles.load(
                        new BiAgentWithReports(),
                        Settings.of(Environment.TEST, Map.of("MY_SERVICE_IMAGE", "python:3.11")))
                .map(service -> service.name().equals("my-service")
                        ? service.command("python3", "-m", "http.server", "9999")
                        : service);

        try (RunningStack stack = Stacks.start(
                definition,
                new Selection.WithNeeds(List.of("my-service")),
                Stacks.engine(System.getenv(), Path.of("apps", "bi-agent")),
                event -> {})) {
            assertThat(stack.timeline().entries()).containsOnlyKeys("postgres", "my-service");
            URI page = URI.create("http://" + stack.service("my-service").address());
            HttpResponse<Void> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.discarding());
            assertThat(answer.statusCode()).isEqualTo(200);
        }
    }
}
