package dev.withstack.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Lineup.Colour;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which replicas stand in which line-up. */
class LineupTests {
    private static final Service API = Service.image("api", "api:1")
            .port("http", 80)
            .probe(Probe.http("/"))
            .replicas(3);
    private static final StackDefinition STACK =
            StackDefinition.of("shop", Environment.DEV).add(API).build();

    @Test
    void lineupsWhenTheFirstAreNewHaveThemAndTheOldBehindThem() {
        assertThat(members(new Lineup(Colour.GREEN, 0))).containsExactly("blue 1", "blue 2", "blue 3");
        assertThat(members(new Lineup(Colour.GREEN, 1))).containsExactly("blue 2", "blue 3", "green 1");
        assertThat(members(new Lineup(Colour.GREEN, 3))).containsExactly("green 1", "green 2", "green 3");
        assertThat(members(new Lineup(Colour.BLUE, 3))).containsExactly("blue 1", "blue 2", "blue 3");
    }

    /** Return which of three blue and three green replicas have the name of the line-up. */
    private static List<String> members(Lineup lineup) {
        return List.of(Colour.BLUE, Colour.GREEN).stream()
                .flatMap(colour -> IntStream.rangeClosed(1, 3)
                        .filter(ordinal -> STACK.service("api-" + ordinal)
                                .coloured(colour)
                                .lineups()
                                .contains(lineup.nameOf("api")))
                        .mapToObj(ordinal -> colour.id() + " " + ordinal))
                .toList();
    }

    @Test
    void lineupsWhenThereIsNoEntryAreNone() {
        Service worker = Service.image("worker", "worker:1")
                .probe(Probe.command("is-well"))
                .replicas(2);
        StackDefinition stack =
                StackDefinition.of("shop", Environment.DEV).add(worker).build();

        assertThat(stack.service("worker-2").lineups()).isEmpty();
        assertThat(STACK.service("api").lineups()).as("the entry is in none").isEmpty();
    }

    @Test
    void namedWhenItIsANameOfTheServiceIsTheLineup() {
        assertThat(Lineup.named("api-replicas-green-2", "api")).contains(new Lineup(Colour.GREEN, 2));
        assertThat(Lineup.named("api-replicas-green-2", "web")).isEmpty();
        assertThat(Lineup.named("api-replicas", "api")).isEmpty();
    }

    @Test
    void wholeWhenNoneOfTheColourIsInItIsAllOfTheOther() {
        assertThat(new Lineup(Colour.GREEN, 0).whole(2)).isEqualTo(new Lineup(Colour.BLUE, 2));
        assertThat(new Lineup(Colour.GREEN, 2).whole(2)).isEqualTo(new Lineup(Colour.GREEN, 2));
        assertThat(new Lineup(Colour.GREEN, 1).isWhole(2)).isFalse();
    }

    @Test
    void ordinalWhenAServiceMostlyIsOneIsOneForItsPlainName() {
        Service worker = Service.image("worker", "worker:1")
                .probe(Probe.command("is-well"))
                .replicas(Replicas.one().scaled(2));
        StackDefinition stack =
                StackDefinition.of("shop", Environment.DEV).add(worker).build();

        assertThat(stack.service("worker").ordinal()).isEqualTo(1);
        assertThat(stack.service("worker-2").ordinal()).isEqualTo(2);
    }
}
