package dev.withstack.core;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the house to its plan: which room may use which, and what stays out of all of them. */
class ArchitectureTests {

    /**
     * Who may use whom. Data takes one way through the house: definition, settings, plan, engine, driver, events.
     * The JDK and jspecify are open to all.
     */
    private static final String PLAN_OF_THE_HOUSE =
            """
            room             | may use our rooms                                           | and libraries
            -----------------+-------------------------------------------------------------+-------------------------
            graph            |                                                             |
            model            | graph                                                       |
            settings         | model                                                       |
            profile          | model settings                                              |
            catalog          | model                                                       |
            export           | model graph plan                                            | snakeyaml
            compose          | model settings profile catalog                              | snakeyaml
            plan             | model graph                                                 |
            health           | model                                                       | slf4j
            docker           |                                                             | slf4j
            driver           | model plan health                                           | slf4j
            driver.container | model plan health driver docker                             | slf4j testcontainers
            driver.process   | model plan health driver                                    | slf4j
            diagnosis        | model graph plan health driver                              | slf4j
            data             | model plan health driver                                    | slf4j
            engine           | model graph plan health driver diagnosis data               | slf4j
            """;

    private static final Map<String, List<String>> LIBRARIES = Map.of(
            "slf4j", List.of("org.slf4j.."),
            "testcontainers", List.of("org.testcontainers..", "com.github.dockerjava.."),
            "snakeyaml", List.of("org.snakeyaml.."));

    private static final String OURS = "dev.withstack.core";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(OURS);

    private static final Map<String, Room> ROOMS = readPlan(PLAN_OF_THE_HOUSE);

    private record Room(List<String> rooms, List<String> libraries) {}

    @TestFactory
    Stream<DynamicTest> roomUsesOnlyWhatThePlanAllows() {
        return ROOMS.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> noClasses()
                        .that(resideInAPackage(packageOf(entry.getKey())))
                        .should()
                        .dependOnClassesThat(areForbiddenTo(entry.getKey(), entry.getValue()))
                        .because(
                                "the plan of the house does not allow it: move the class to the room that may, hand the"
                                        + " value in as a parameter, or change the plan and say why in a decision record")
                        .allowEmptyShould(true)
                        .check(CLASSES)));
    }

    @Test
    void planWhenReadNamesEveryRoomThatExists() {
        var rooms = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(OURS + "."))
                .map(name -> name.substring(OURS.length() + 1))
                .distinct();

        assertThat(rooms)
                .as("every package stands in PLAN_OF_THE_HOUSE, with what it may use")
                .isSubsetOf(ROOMS.keySet());
    }

    @Test
    void roomsWhenTakenTogetherHaveNoCycle() {
        slices().matching(OURS + ".(**)")
                .should()
                .beFreeOfCycles()
                .because("a cycle makes two rooms one: give the lower room an interface that the upper one implements")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void pureRoomsDoNoInputOrOutputAndReadNoClock() {
        noClasses()
                .that(resideInAnyPackage(packageOf("model"), packageOf("graph"), packageOf("plan")))
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Files.class, Clock.class, Process.class, ProcessBuilder.class, Thread.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net.http..", "java.nio.channels..", "java.util.concurrent..")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(System.class, "getProperty", String.class)
                .because("a definition and a plan are values: read the world in settings, a driver or the engine, and"
                        + " hand over what was read")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void noRoomSleeps() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .because(
                        "a test can't wait for a real clock: wait on a condition with a deadline, or take the waiting as a"
                                + " constructor parameter")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void noRoomPrints() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS
                .because("only the launcher has a screen: send an event, or log with slf4j")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void noRoomLogsWithTheJdk() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .because("whoever embeds us chooses the logging: use slf4j")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .that()
                .areNotAnonymousClasses()
                .should()
                .haveNameMatching(".*[.$]\\w*(Manager|Helper|Helpers|Util|Utils|Impl)(\\$.*)?")
                .orShould()
                .haveNameMatching(".*[.$](Abstract|Base)[A-Z]\\w*(\\$.*)?")
                .because("such a name fits everything: say what the thing is or does in the words of the design")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void publicMethodsTakeNoBoolean() {
        noMethods()
                .that(arePublicToUsers())
                .should()
                .haveRawParameterTypes(DescribedPredicate.describe(
                        "a boolean", types -> types.stream().anyMatch(type -> type.isEquivalentTo(boolean.class))))
                .because("at the call 'true' says nothing: offer two methods, or an enum with two words")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void publicMethodsMeasureTimeInDurations() {
        methods()
                .that(arePublicToUsers())
                .should()
                .haveNameNotMatching(".*(Millis|Seconds|Nanos)")
                .because("a number forgets its unit: take and give java.time.Duration")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        var unmarked = packagesWithClasses()
                .filter(room -> !room.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName);

        assertThat(unmarked)
                .as("packages without a package-info.java that has one sentence and @NullMarked")
                .isEmpty();
    }

    private static Stream<JavaPackage> packagesWithClasses() {
        return CLASSES.stream().map(JavaClass::getPackage).distinct();
    }

    private static DescribedPredicate<JavaMethod> arePublicToUsers() {
        return DescribedPredicate.describe(
                "are public and declared in public types",
                method -> method.getModifiers().contains(JavaModifier.PUBLIC)
                        && method.getOwner().getModifiers().contains(JavaModifier.PUBLIC));
    }

    private static DescribedPredicate<JavaClass> areForbiddenTo(String name, Room room) {
        var allowed = new ArrayList<String>(List.of(packageOf(name), "java..", "javax..", "org.jspecify.annotations"));
        room.rooms().forEach(other -> allowed.add(packageOf(other)));
        room.libraries().forEach(library -> allowed.addAll(LIBRARIES.get(library)));
        return resideOutsideOfPackages(allowed.toArray(String[]::new)).and(DescribedPredicate.not(arePrimitive()));
    }

    private static DescribedPredicate<JavaClass> arePrimitive() {
        return DescribedPredicate.describe(
                "are primitive", type -> type.getBaseComponentType().isPrimitive());
    }

    private static String packageOf(String room) {
        return OURS + "." + room;
    }

    private static Map<String, Room> readPlan(String plan) {
        var rooms = new LinkedHashMap<String, Room>();
        plan.lines().skip(2).map(line -> line.split("\\|", -1)).forEach(cells -> {
            var earlier = rooms.put(cells[0].strip(), new Room(words(cells[1]), words(cells[2])));
            assertThat(earlier).as("room '%s' stands twice", cells[0].strip()).isNull();
        });
        rooms.forEach((name, room) -> {
            assertThat(rooms.keySet()).as("rooms that '%s' may use", name).containsAll(room.rooms());
            assertThat(LIBRARIES.keySet())
                    .as("libraries that '%s' may use", name)
                    .containsAll(room.libraries());
        });
        return rooms;
    }

    private static List<String> words(String cell) {
        return cell.isBlank() ? List.of() : List.of(cell.strip().split("\\s+"));
    }
}
