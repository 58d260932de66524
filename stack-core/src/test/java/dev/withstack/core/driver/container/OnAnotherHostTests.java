package dev.withstack.core.driver.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnAnotherHostTests {
    private static final Service API =
            Service.image("api", "api:1").port("http", 80).probe(Probe.http("/health"));

    private static Service adapted(Service service, Environment environment) {
        return OnAnotherHost.adapt(
                        StackDefinition.of("shop", environment).add(service).build())
                .service(service.name());
    }

    private static Service adapted(Service service) {
        return adapted(service, Environment.DEV);
    }

    private static Endpoint.Publication publication(Service service) {
        return service.endpoint("http").publication();
    }

    @Test
    void adaptWhenAPortIsForThisHostAlonePublishesItOnAllAddressesOfTheOther() {
        assertThat(publication(adapted(API.hostPort(8080)))).isEqualTo(new Endpoint.Fixed("0.0.0.0", 8080));
        assertThat(publication(adapted(API.published("http", new Endpoint.AnyFree(Endpoint.LOOPBACK)))))
                .isEqualTo(new Endpoint.AnyFree("0.0.0.0"));
    }

    @Test
    void adaptWhenAnAddressIsNamedKeepsIt() {
        Endpoint.Fixed named = new Endpoint.Fixed("10.0.0.7", 8080);

        assertThat(publication(adapted(API.published("http", named)))).isEqualTo(named);
    }

    @Test
    void adaptWhenAPortThatIsAskedIsNotPublishedAsksInsideTheContainer() {
        Service checked = adapted(API.containerCheck(ContainerCheck.of("curl", "localhost")));
        Service shellLine = adapted(API.containerCheck(ContainerCheck.of("curl localhost | grep ok")));

        assertThat(checked.probe()).contains(Probe.command("curl", "localhost"));
        assertThat(shellLine.probe()).contains(Probe.command("sh", "-c", "curl localhost | grep ok"));
        assertThat(publication(checked)).isInstanceOf(Endpoint.Hidden.class);
    }

    @Test
    void adaptWhenItCanNotBeAskedInsidePublishesThePortButNotThatOfARelease() {
        assertThat(publication(adapted(API))).isEqualTo(new Endpoint.AnyFree("0.0.0.0"));
        assertThat(publication(adapted(API, Environment.PROD))).isInstanceOf(Endpoint.Hidden.class);
    }

    @Test
    void adaptWhenDirectoriesOfTheProjectAreSeenGivesCopiesAndLeavesOutputsOut() {
        Service service = adapted(API.bindReadOnly("conf", "/etc/api").bindOutput("logs", "/var/log/api"));

        assertThat(service.files()).containsExactly(new FileMount.FromProject("conf", "/etc/api", List.of()));
    }
}
