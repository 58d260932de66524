package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A project of one's own: its stack, its settings, and what is shown of both before anything is started. */
class ProjectIT {

    @RegisterExtension
    final Launcher launcher = Launcher.create();

    @Test
    @Row("settled.init")
    @Row("frostbyte.init")
    void initWhenItIsForDevWritesAllVariablesWithTheirValuesAndIsAccepted() throws Exception {
        Run init = launcher.run("init", "frostbyte");

        assertThat(init.exitCode()).as(init.toString()).isZero();
        Path file = launcher.project().resolve(".env");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(file)
                .content()
                .contains("# FROSTBYTE_AUTH_BYPASS=true", "# POSTGRES_PASSWORD=frostbyte", "# POSTGRES_PORT=5433")
                .contains("# POSTGRES_URL=", "# REDIS_URL=", "# MINIO_ENDPOINT=")
                .containsPattern("(?m)^FROSTBYTE_ADMIN_API_KEY=[0-9a-f]{64}$")
                .containsPattern("(?m)^JWT_SECRET=[0-9a-f]{64}$");
        Run plan = launcher.run("plan", "--auto-ports");
        assertThat(plan.exitCode()).as(plan.toString()).isZero();
        assertThat(plan.out()).contains("create postgres");
    }

    @Test
    @Row("settled.init")
    @Row("frostbyte.init")
    void initWhenItIsForProdWritesWhatProdDemands() throws Exception {
        String[] plan = {"plan", "prod", "frostbyte", "--infra"};
        assertThat(launcher.run(plan).exitCode()).isEqualTo(4);

        Run init = launcher.run("init", "frostbyte", "--env", "prod");

        assertThat(init.exitCode()).as(init.toString()).isZero();
        Run accepted = launcher.run(plan);
        assertThat(accepted.exitCode()).as(accepted.toString()).isZero();
        assertThat(launcher.project().resolve(".env.prod")).content().contains("\nFROSTBYTE_AUTH_BYPASS=false\n");
    }

    @Test
    @Row("settled.init")
    void initWhenThereIsAFileAndNobodyToAskLeavesItAsItIs() throws Exception {
        launcher.dotEnv("REDIS_PORT=16379");

        Run init = launcher.run("init", "frostbyte");

        assertThat(init.exitCode()).as(init.toString()).isEqualTo(2);
        assertThat(launcher.project().resolve(".env")).hasContent("REDIS_PORT=16379");
    }

    @Test
    @Row("settled.prod-debug")
    void stageWhenADevelopmentSwitchIsOnIsRefused() throws Exception {
        launcher.run("init", "frostbyte", "--env", "stage");

        Run refused = launcher.run("plan", "stage", "frostbyte", "--set", "FROSTBYTE_AUTH_BYPASS=true");

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(4);
        assertThat(refused.err())
                .contains("FROSTBYTE_AUTH_BYPASS (--set): is true, which lets everyone in without a key.");
    }

    @Test
    @Row("settled.detected")
    void stackWhenTheProjectShowsItIsMeantAndOneLineSaysWhy() throws Exception {
        Run graph = launcher.in(Launcher.samples().resolve("frostbyte")).run("graph");

        assertThat(graph.exitCode()).as(graph.toString()).isZero();
        assertThat(graph.err())
                .isEqualTo("Stack frostbyte: the directory has pipeline and packages/admin-dashboard.\n");
        assertThat(graph.out()).startsWith("frostbyte (dev");
    }

    @Test
    @Row("settled.graph")
    void graphWhenAskedForShowsWhoWaitsForWhom() throws Exception {
        assertThat(launcher.run("graph", "frostbyte").out().lines())
                .anySatisfy(line -> assertThat(line)
                        .contains("pipeline-api", "built from pipeline/", "← redis, postgres, minio, qdrant"))
                .anySatisfy(line -> assertThat(line).contains("admin-dashboard", "← pipeline-api"));
        assertThat(launcher.run("graph", "frostbyte", "--format", "svg").out()).startsWith("<svg ");
    }

    @Test
    @Row("settled.list")
    void listWhenAskedForShowsTheStacksThatShip() throws Exception {
        List<String> stacks = launcher.run("list").out().lines().toList();

        assertThat(stacks)
                .anySatisfy(line -> assertThat(line).startsWith("frostbyte").contains("ETL pipeline"));
    }
}
