package dev.withstack.core.driver.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Hardening;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Setup;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.InitialData;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the engine is told of a service. */
class ContainerSpecTests {
    private static final Service API = Service.image("api", "api:1");
    private static final ImageUse IMAGE = new ImageUse("api:1", "api:1", "id", ImageUse.Standing.UPSTREAM, "", "");

    @Test
    void createWhenAServiceIsOnSeveralNetworksBeginsOnTheFirst() {
        Map<String, Object> spec = spec(API.networks("front", "back")).create();

        assertThat(host(spec)).containsEntry("NetworkMode", "shop-dev-back");
        assertThat(spec.get("NetworkingConfig"))
                .isEqualTo(Map.of("EndpointsConfig", Map.of("shop-dev-back", Map.of("Aliases", List.of("api")))));
    }

    @Test
    void createWhenItHasTheNetworkOfAnotherIsOnNoneOfTheStack() {
        Setup setup = Setup.NONE
                .joins(Setup.Namespace.NETWORK, "service:vpn")
                .joins(Setup.Namespace.PROCESSES, "host")
                .device(new Setup.Device("/dev/null", "/dev/nothing", "r"));

        Map<String, Object> spec = spec(
                        API.setup(setup).needs(new Dependency("vpn", Dependency.Condition.STARTED)),
                        Service.image("vpn", "vpn:1"))
                .create();

        assertThat(spec).doesNotContainKey("NetworkingConfig");
        assertThat(host(spec))
                .containsEntry("NetworkMode", "container:shop-dev-vpn")
                .containsEntry("PidMode", "host")
                .containsEntry(
                        "Devices",
                        List.of(Map.of(
                                "PathOnHost",
                                "/dev/null",
                                "PathInContainer",
                                "/dev/nothing",
                                "CgroupPermissions",
                                "r")));
    }

    @Test
    void createWhenItWantsGpusAndTheVolumesOfOthersAsksTheEngineForThem() {
        Setup setup = Setup.NONE
                .request(new Setup.DeviceRequest(
                        "nvidia", Setup.DeviceRequest.ALL, List.of(), List.of("gpu"), Map.of("depth", "2")))
                .volumesFrom("service:data:ro")
                .volumesFrom("container:corpus")
                .runtime("nvidia");

        Map<String, Object> host = host(spec(
                        API.setup(setup).needs(new Dependency("data", Dependency.Condition.STARTED)),
                        Service.image("data", "data:1"))
                .create());

        assertThat(host)
                .containsEntry("VolumesFrom", List.of("shop-dev-data:ro", "corpus"))
                .containsEntry("Runtime", "nvidia")
                .containsEntry(
                        "DeviceRequests",
                        List.of(Map.of(
                                "Driver", "nvidia",
                                "Count", -1,
                                "DeviceIDs", List.of(),
                                "Capabilities", List.of(List.of("gpu")),
                                "Options", Map.of("depth", "2"))));
    }

    @Test
    void createWhenAnAddressIsSaidHasItOnThatNetwork() {
        Map<String, Object> spec = spec(API.networks("back").setup(Setup.NONE.address("back", "10.9.0.5")))
                .create();

        assertThat(spec.get("NetworkingConfig"))
                .isEqualTo(Map.of(
                        "EndpointsConfig",
                        Map.of(
                                "shop-dev-back",
                                Map.of("Aliases", List.of("api"), "IPAMConfig", Map.of("IPv4Address", "10.9.0.5")))));
    }

    @Test
    void createWhenAServiceIsHardenedSaysSo() {
        Map<String, Object> spec = spec(API.hardening(Hardening.NONE
                        .user("1000")
                        .readOnlyRoot()
                        .tmpfs("/tmp")
                        .dropAllCapabilities()
                        .addCapability("CHOWN")
                        .noNewPrivileges()))
                .create();

        assertThat(spec).containsEntry("User", "1000");
        assertThat(host(spec))
                .containsEntry("ReadonlyRootfs", true)
                .containsEntry("Tmpfs", Map.of("/tmp", ""))
                .containsEntry("CapDrop", List.of("ALL"))
                .containsEntry("CapAdd", List.of("CHOWN"))
                .containsEntry("SecurityOpt", List.of("no-new-privileges"));
    }

    @Test
    void createWhenLimitsAreSetSaysSoInTheEnginesUnits() {
        Map<String, Object> host = host(spec(API.limits(Limits.NONE
                                .cpus(1.5)
                                .memory("1g")
                                .reservedCpus(0.5)
                                .reservedMemory("256m")
                                .pids(200))
                        .logRotation("50m", 3))
                .create());

        assertThat(host)
                .containsEntry("NanoCpus", 1_500_000_000L)
                .containsEntry("Memory", 1L << 30)
                .containsEntry("CpuShares", 512)
                .containsEntry("MemoryReservation", 256L << 20)
                .containsEntry("PidsLimit", 200)
                .containsEntry(
                        "LogConfig", Map.of("Type", "json-file", "Config", Map.of("max-size", "50m", "max-file", "3")));
    }

    @Test
    void createWhenNothingIsSaidLimitsNothing() {
        assertThat(host(spec(API).create()))
                .doesNotContainKeys("NanoCpus", "Memory", "CpuShares", "PidsLimit", "LogConfig", "SecurityOpt")
                .containsEntry("ReadonlyRootfs", false)
                .containsEntry("Mounts", List.of());
    }

    @Test
    void createWhenTheRootIsReadOnlyMakesVolumesOfTheDirectoriesThatGetFiles() {
        Service service = API.volume("data", "/data")
                .file("/etc/api/a", Value.text("1"))
                .file("/etc/api/b/c", Value.text("1"))
                .file("/data/seed", Value.text("1"))
                .file("/etc/apis", Value.text("1"))
                .hardening(Hardening.NONE.readOnlyRoot());

        assertThat(spec(service.files(List.of(
                                service.files().get(0),
                                service.files().get(1),
                                service.files().get(2))))
                        .outfit()
                        .volumes())
                .containsExactly("/etc/api");
        assertThat(spec(service).outfit().volumes())
                .as("one that holds the others")
                .containsExactly("/etc");
        assertThat(spec(service.hardening(Hardening.NONE)).outfit().volumes()).isEmpty();
    }

    @Test
    void createWhenDirectoriesAreBoundMountsThem() {
        Service service = API.files(List.of(new FileMount.Bound("/p/pages", "/pages", FileMount.Access.READ_ONLY)));

        assertThat(host(spec(service).create()))
                .containsEntry(
                        "Mounts",
                        List.of(Map.of("Type", "bind", "Source", "/p/pages", "Target", "/pages", "ReadOnly", true)));
    }

    @Test
    void createWhenAVolumeBeginsWithInitialDataMountsIt() {
        StackDefinition definition =
                StackDefinition.of("shop", Environment.TEST).add(API).build();
        InitialData data = new InitialData("/data", "shop_api-test-x1", "key", "kept");

        assertThat(host(new ContainerSpec(definition, API, IMAGE, Optional.of(data)).create()))
                .containsEntry(
                        "Mounts", List.of(Map.of("Type", "volume", "Source", "shop_api-test-x1", "Target", "/data")));
    }

    @Test
    void createAloneWhenCalledHasNoNetworkAndNoPorts() {
        assertThat(host(spec(API).createAlone(Map.of("a", "b"))))
                .containsEntry("NetworkMode", "none")
                .containsEntry("PortBindings", Map.of());
        assertThat(spec(API).createAlone(Map.of("a", "b"))).containsEntry("Labels", Map.of("a", "b"));
    }

    private static ContainerSpec spec(Service service, Service... others) {
        StackDefinition definition = StackDefinition.of("shop", Environment.DEV)
                .network("back")
                .network("front")
                .add(service)
                .add(others)
                .build();
        return new ContainerSpec(definition, service, IMAGE);
    }

    @SuppressWarnings("unchecked") // the engine's JSON has no types of its own
    private static Map<String, Object> host(Map<String, Object> spec) {
        return (Map<String, Object>) java.util.Objects.requireNonNull(spec.get("HostConfig"));
    }
}
