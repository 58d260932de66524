package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.driver.DriverException;
import dev.withstack.core.plan.InitialData;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the volumes of services begin with that begin alike each time. */
class StackEngineInitialDataTests {
    private static final InitialData DATA = new InitialData("/data", "shop_data", "key", "");
    private static final String KEEP = "keep the initial data of db";
    private static final String CREATE_WITH_IT = "create volume shop_data with kept initial data";

    @TempDir
    Path state;

    private Play play;

    @BeforeEach
    void setUp() {
        play = new Play(state);
    }

    @Test
    void upWhenItIsKeptBeginsWithIt() {
        play.driver.initialData("db", DATA.keptAs("kept"));

        play.up();

        assertThat(play.driver.performed()).contains(CREATE_WITH_IT).doesNotContain(KEEP);
    }

    @Test
    void upWhenItIsNotKeptBeginsEmpty() {
        play.driver.initialData("db", DATA);

        play.up();

        assertThat(play.driver.performed()).contains("create volume shop_data").doesNotContain(KEEP, CREATE_WITH_IT);
    }

    @Test
    void upWhenItIsToBeKeptFirstKeepsItAndBeginsWithIt() {
        play.driver.initialData("db", DATA);

        play.up(UpOptions.DEFAULT.newVolumes(UpOptions.NewVolumes.KEPT_FIRST));

        assertThat(play.driver.performed()).containsSubsequence(KEEP, CREATE_WITH_IT, "create db", "start db");
        assertThat(play.driver.performed()).containsOnlyOnce(KEEP);
    }

    @Test
    void upWhenItCannotBeKeptSaysWhyAndBeginsEmpty() {
        play.driver.initialData("db", DATA);
        play.driver.refuse(KEEP, new DriverException(DriverException.Kind.REFUSED, "it is larger than 512 MB.", ""));

        play.up(UpOptions.DEFAULT.newVolumes(UpOptions.NewVolumes.KEPT_FIRST));

        assertThat(play.events(StackEvent.Notice.class))
                .extracting(StackEvent.Notice::text)
                .containsExactly("Can't keep the initial data of db: it is larger than 512 MB.");
        assertThat(play.driver.performed()).contains("create volume shop_data", "start db");
    }

    @Test
    void upWhenTheVolumeIsThereKeepsNothing() {
        play.isUp();
        play.driver.initialData("db", DATA);

        play.up(UpOptions.DEFAULT.newVolumes(UpOptions.NewVolumes.KEPT_FIRST));

        assertThat(play.driver.performed()).isEmpty();
    }

    @Test
    void resetWhenItIsToBeKeptFirstBeginsWithIt() {
        play.isUp();
        play.driver.initialData("db", DATA);

        play.engine.reset(
                Play.shop(),
                List.of("db"),
                UpOptions.DEFAULT.newVolumes(UpOptions.NewVolumes.KEPT_FIRST),
                play.events::add);

        assertThat(play.driver.performed())
                .containsSubsequence("remove volume shop_data", KEEP, CREATE_WITH_IT, "start db");
    }
}
