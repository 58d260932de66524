package dev.withstack.profiles.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.Planner;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.settings.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a first start of Frostbyte does, as it is shown. */
class FrostbytePlanTests {
    private final StackDefinition definition = Profiles.load(new Frostbyte(), Settings.of(Environment.DEV, Map.of()));

    @Test
    void devWhenNothingIsThereBringsUpTheFourServers() {
        assertThat(plan(definition.upTo(definition.developedOn())).text())
                .isEqualTo(
                        """
                          1  pull image redis:7-alpine              not present
                          2  pull image postgres:16-alpine          not present
                          3  pull image minio/minio                 not present
                          4  pull image qdrant/qdrant               not present
                          5  create network frostbyte-dev           not found
                          6  create volume frostbyte_redis_data     not found
                          7  create redis                           not found  after 1, 5, 6
                          8  start redis                            not found  after 7
                          9  await redis                            started  after 8
                         10  create volume frostbyte_postgres_data  not found
                         11  create postgres                        not found  after 2, 5, 10
                         12  start postgres                         not found  after 11
                         13  await postgres                         started  after 12
                         14  create volume frostbyte_minio_data     not found
                         15  create minio                           not found  after 3, 5, 14
                         16  start minio                            not found  after 15
                         17  await minio                            started  after 16
                         18  create volume frostbyte_qdrant_data    not found
                         19  create qdrant                          not found  after 4, 5, 18
                         20  start qdrant                           not found  after 19
                         21  await qdrant                           started  after 20
                        """);
    }

    @Test
    void startWhenNothingIsThereBuildsBothApplicationsAndGatesThem() {
        assertThat(plan(List.copyOf(definition.services().keySet())).text().lines())
                .contains(
                        "  5  build pipeline-api from pipeline/                     not built from this source",
                        "  6  build admin-dashboard from packages/admin-dashboard/  not built from this source",
                        " 25  start pipeline-api                                    not found  after 11, 15, 19,"
                                + " 23, 24",
                        " 28  start admin-dashboard                                 not found  after 26, 27");
    }

    private Plan plan(List<String> services) {
        Map<String, ImageUse> images = new LinkedHashMap<>();
        services.forEach(name -> images.put(name, missing(definition.service(name))));
        return Planner.up(definition, services, Observed.NOTHING.withImages(images));
    }

    private static ImageUse missing(Service service) {
        return service.source() instanceof Source.Image image
                ? new ImageUse(image.reference(), image.reference(), "", ImageUse.Standing.UPSTREAM, "", "")
                : new ImageUse(service.name(), service.name(), "", ImageUse.Standing.BUILT, "", "");
    }
}
