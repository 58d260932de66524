package dev.withstack.core.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Fingerprint;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What is imported compiles, and defines the same stack as the file, with what is set and without. */
class ProfileSourceTests {
    private static final Map<String, String> GIVEN = Map.of(
            "POSTGRES_PASSWORD", "kept-to-itself",
            "REDIS_AUTH", "redis-kept-to-itself",
            "SALT", "grainy",
            "RELEASE", "v2");

    @TempDir
    Path compiled;

    @TestFactory
    Stream<DynamicTest> importWhenCompiledDefinesTheSameStack() {
        return PublicFiles.ALL.stream().map(files -> DynamicTest.dynamicTest(files.name(), () -> check(files)));
    }

    private void check(PublicFiles files) throws Exception {
        Map<String, String> least = Map.of("POSTGRES_PASSWORD", "needed");
        ComposeFile file = ComposeFile.of(files.paths(), Settings.none(Environment.DEV));
        String className = "Imported" + files.name().replaceAll("[^a-z]", "");

        String source = file.toJava("", className, Settings.of(Environment.DEV, least));
        StackProfile imported = compile(className, source);

        assertThat(imported.name()).isEqualTo(file.name());
        for (Map<String, String> given : List.of(least, GIVEN)) {
            assertThat(meaning(imported, given)).as(source).isEqualTo(meaning(file, given));
        }
    }

    private static String meaning(StackProfile profile, Map<String, String> given) {
        StackDefinition definition = Profiles.load(profile, Settings.of(Environment.DEV, given));
        ImageUse image = new ImageUse("", "", "", ImageUse.Standing.UPSTREAM, "", "");
        StringBuilder text = new StringBuilder(definition.networks() + "\n");
        definition.services().values().forEach(service -> text.append(service.name())
                .append(service.source())
                .append(Fingerprint.of(definition, service, image).parts())
                .append(service.dependencies())
                .append(service.probe())
                .append(service.data())
                .append(service.family())
                .append(service.shell())
                .append(service.tier())
                .append(service.starts())
                .append(service.patience())
                .append('\n'));
        return text.toString();
    }

    private StackProfile compile(String className, String source) throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///" + className + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        List<String> options =
                List.of("-d", compiled.toString(), "-proc:none", "-classpath", System.getProperty("java.class.path"));
        boolean isSound =
                compiler.getTask(said, null, null, options, null, List.of(file)).call();
        assertThat(isSound).as(said + "\n" + source).isTrue();
        try (URLClassLoader loader =
                new URLClassLoader(new java.net.URL[] {compiled.toUri().toURL()})) {
            return (StackProfile) loader.loadClass(className).getConstructor().newInstance();
        }
    }
}
