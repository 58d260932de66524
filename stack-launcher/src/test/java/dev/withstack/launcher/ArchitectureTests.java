package dev.withstack.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Holds the outer modules to the plan of the house; stack-core's own test has the plan of its rooms. */
class ArchitectureTests {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.withstack.launcher", "dev.withstack.profiles");

    @Test
    void launcherWhenItRunsReachesContainersThroughTheCoreOnly() {
        noClasses()
                .that()
                .resideInAPackage("dev.withstack.launcher..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.testcontainers..", "com.github.dockerjava..")
                .because("a command is thin, and reading commands must not pay a second for a client's start: ask"
                        + " dev.withstack.core.engine or dev.withstack.core.docker")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void launcherWhenItPrintsUsesTheStreamsItWasGiven() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.withstack.launcher.Main")
                .should(ACCESS_STANDARD_STREAMS)
                .because(
                        "a test reads what a command prints: take the streams as constructor parameters; only Main names"
                                + " the real ones")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void profileWhenItDefinesAStackUsesDefinitionsOnly() {
        classes()
                .that()
                .resideInAPackage("dev.withstack.profiles..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify.annotations",
                        "dev.withstack.profiles..",
                        "dev.withstack.core.model",
                        "dev.withstack.core.profile",
                        "dev.withstack.core.settings",
                        "dev.withstack.core.catalog")
                .because(
                        "a profile is data that every environment and export can read: what acts belongs to a driver, what"
                                + " others could use too to the catalogue")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        var unmarked = CLASSES.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(room -> !room.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName);

        assertThat(unmarked)
                .as("packages without a package-info.java that has one sentence and @NullMarked")
                .isEmpty();
    }
}
