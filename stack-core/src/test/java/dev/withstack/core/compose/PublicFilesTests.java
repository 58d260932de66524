package dev.withstack.core.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.export.ComposeExport;
import dev.withstack.core.export.Export;
import dev.withstack.core.export.SourceTree;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Files in the shape of well-known public ones, in {@code src/test/resources/compose}, are read; what is understood of each
 * stands beside it, as our export writes it, with all remarks. {@code -Dwithstack.pages=write} writes that anew.
 */
class PublicFilesTests {
    private static final boolean WRITES = "write".equals(System.getProperty("withstack.pages"));
    private static final Map<String, String> GIVEN = Map.of("POSTGRES_PASSWORD", "kept-to-itself");

    @TestFactory
    Stream<DynamicTest> readWhenTheFileIsAsPublicOnesAreUnderstandsAllOfIt() {
        return PublicFiles.ALL.stream().map(files -> DynamicTest.dynamicTest(files.name(), () -> check(files)));
    }

    private static void check(PublicFiles files) throws IOException {
        Path directory = files.directory();
        Settings settings = Settings.of(Environment.DEV, GIVEN);
        StackDefinition definition = Profiles.load(ComposeFile.of(files.paths(), settings), settings);
        String text = text(definition, settings, directory);
        Path expected = directory.resolve("understood.txt");
        if (WRITES) {
            Files.writeString(expected, text);
        }
        assertThat(text).doesNotContain(GIVEN.values());
        assertThat(expected).hasContent(text);
    }

    private static String text(StackDefinition definition, Settings settings, Path directory) {
        Export export = new ComposeExport(
                        definition, new SourceTree(directory, directory.resolve("out")), settings::namesOfSecret)
                .export();
        StringBuilder text =
                new StringBuilder(export.files().get(ComposeExport.FILE).text());
        text.append("# ready:\n");
        definition.services().values().forEach(service -> text.append("#   ")
                .append(service.name())
                .append(' ')
                .append(service.probe()
                        .map(probe -> probe.getClass().getSimpleName())
                        .orElse("Running"))
                .append('\n'));
        text.append("# remarks:\n");
        settings.remarks().forEach(remark -> text.append("#   ").append(remark).append('\n'));
        return text.toString();
    }

    @Test
    void readWhenTheFileWantsWhatWeDoNotSaysAllOfItWithItsPlace() {
        Settings settings = Settings.none(Environment.DEV);
        ComposeFile file = ComposeFile.of(PublicFiles.of("media-host").paths(), settings);

        assertThatThrownBy(() -> Profiles.load(file, settings))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        """
                        'compose.yaml' can't be run:
                          - compose.yaml:5:5: 'container:vpn' can't be shared with 'plex'. Write host or service:NAME.
                          - compose.yaml:6:13: devices are either counted or named by their ids. Keep one of the two.
                          - compose.yaml:13:5: 'mac_address' is not supported: the engine gives addresses.
                          - compose.yaml:11:5: 'dns' has the network of another service, which publishes the ports. Move them there.
                          - compose.yaml:21:5: 'prots' is no key of a service. Did you mean 'ports'?
                          - compose.yaml:20:9: 'ipv6_address' is not supported: the engine gives addresses; services find each other by name.
                          - compose.yaml:17:5: 'outside' can't be shared with 'vpn'. Write host, service:NAME or container:NAME.
                          - compose.yaml:28:7: logs that go to 'syslog' are not to be seen with 'logs', nor in a diagnosis. Leave 'driver' out, or say json-file.
                          - compose.yaml:25:5: 'web' has 'network_mode', and so is on no networks. Keep one of the two.
                          - compose.yaml:33:15: a device is reserved by its 'capabilities', and none are said. Write capabilities: [gpu].
                          - compose.yaml:39:11: 'ip_range' is not supported: the engine gives addresses of the whole subnet.""");
    }
}
