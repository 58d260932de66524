package dev.withstack.junit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Where what a stack did during a test is written to, and when.
 *
 * @param path for this test alone
 */
record EvidenceDirectory(Path path, When when) {
    private static final String WHEN = "withstack.logs";
    private static final String DIRECTORY = "withstack.logs.directory";

    /** For which tests it is written. */
    enum When {
        FAILED,
        ALWAYS,
        NEVER
    }

    static EvidenceDirectory of(ExtensionContext context) {
        Path parent = context.getConfigurationParameter(DIRECTORY).map(Path::of).orElseGet(EvidenceDirectory::usual);
        Class<?> testClass = context.getRequiredTestClass();
        String className = testClass.getName().replaceFirst("^" + Pattern.quote(testClass.getPackageName() + "."), "");
        return new EvidenceDirectory(parent.resolve(plain(className)).resolve(plain(testName(context))), when(context));
    }

    private static When when(ExtensionContext context) {
        String word = context.getConfigurationParameter(WHEN).orElse("failed");
        for (When when : When.values()) {
            if (when.name().equals(word.toUpperCase(Locale.ROOT))) {
                return when;
            }
        }
        throw new ExtensionConfigurationException(
                "The configuration parameter " + WHEN + " is '" + word + "'; it may be failed, always or never.");
    }

    /** Gradle's directory where there is one, else Maven's. */
    private static Path usual() {
        boolean isGradle = Files.isDirectory(Path.of("build")) && !Files.isDirectory(Path.of("target"));
        return Path.of(isGradle ? "build" : "target").resolve("withstack");
    }

    /** Of a test that is run several times each has its number. */
    private static String testName(ExtensionContext context) {
        String id = context.getUniqueId();
        int number = id.lastIndexOf("-invocation:#");
        return context.getRequiredTestMethod().getName()
                + (number < 0 ? "" : "-" + id.substring(number + "-invocation:#".length(), id.length() - 1));
    }

    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9._-]", "_");
    }
}
