package dev.withstack.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Source;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** What {@code ./stack} knows of the stacks before it runs any Java is what they say themselves. */
class ScriptsTests {
    private static final Path IMAGES = Path.of("../scripts/images.sh");

    @TestFactory
    Stream<DynamicTest> imagesWhenAStackAsksForThemAreThoseThatTheScriptSeesTo() {
        return forEach(profile -> () -> assertThat(linesOf("images_by_stack", profile)
                        .map(columns -> columns[2])
                        .toList())
                .as("images that %s has of %s", IMAGES, profile.name())
                .containsAll(imagesOf(profile)));
    }

    @TestFactory
    Stream<DynamicTest> marksWhenAStackHasThemAreThoseThatTheScriptGoesBy() {
        return forEach(profile -> () -> assertThat(linesOf("marks_by_stack", profile)
                        .flatMap(columns -> Stream.of(columns).skip(1))
                        .toList())
                .as("marks that %s has of %s", IMAGES, profile.name())
                .isEqualTo(profile.marks()));
    }

    private static Stream<DynamicTest> forEach(Function<StackProfile, Executable> check) {
        return Profiles.find(ScriptsTests.class.getClassLoader()).all().stream()
                .map(profile -> DynamicTest.dynamicTest(profile.name(), check.apply(profile)));
    }

    private static List<String> imagesOf(StackProfile profile) {
        return Profiles.load(profile, Settings.of(Environment.DEV, Map.of())).services().values().stream()
                .flatMap(service ->
                        service.source() instanceof Source.Image image ? Stream.of(image.reference()) : Stream.empty())
                .map(reference -> reference.contains(":") ? reference : reference + ":latest")
                .distinct()
                .toList();
    }

    /** The lines of a table in the script that begin with the stack's name, in columns. */
    private static Stream<String[]> linesOf(String table, StackProfile profile) throws IOException {
        String script = Files.readString(IMAGES);
        int begin = script.indexOf(table + "='\n");
        return script.substring(begin, script.indexOf("\n'\n", begin))
                .lines()
                .map(line -> line.split(" +"))
                .filter(columns -> columns[0].equals(profile.name()));
    }
}
