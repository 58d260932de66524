package dev.withstack.profiles.biagent;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.profile.Explanations;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import java.util.List;

/**
 * The BI-Agent platform: PostgreSQL, Redis and MinIO; on them an analytics API, an ML service, a web page, a Celery
 * worker and its scheduler; and a collector, Jaeger, Prometheus and Grafana that see what those do.
 */
public final class BiAgent implements StackProfile {
    /** The network of the applications and the servers that they work with. */
    static final String LOCAL_DEV = "local-dev";
    /** The network of the servers that watch, and of the applications that report to them. */
    static final String OBSERVABILITY = "observability";

    @Override
    public String name() {
        return "bi-agent";
    }

    @Override
    public String description() {
        return "Analytics platform: PostgreSQL, Redis, MinIO, analytics API, ML service, web, Celery, OpenTelemetry";
    }

    @Override
    public List<String> marks() {
        return List.of("analytics-service", "ml-service", "celery-service");
    }

    @Override
    public Explanations explanations() {
        return Option.explanations();
    }

    @Override
    public StackDefinition define(Environment environment, Settings settings) {
        DataLayer data = DataLayer.of(environment, settings);
        Observability observability = Observability.of(environment, settings);
        Applications applications = new Applications(environment, settings, data, observability.collector());
        Service ml = applications.mlService();
        Service api = applications.analyticsApi(ml);
        return StackDefinition.of(name(), environment)
                .network(LOCAL_DEV, nameIn(environment, LOCAL_DEV))
                .network(OBSERVABILITY, nameIn(environment, OBSERVABILITY))
                .add(data.postgres(), data.redis(), data.minio(), data.buckets())
                .add(observability.collector(), observability.jaeger())
                .add(observability.prometheus(), observability.grafana())
                .add(api, ml, applications.web(api, ml), applications.worker(ml), applications.beat())
                .build();
    }

    /** The documents' name belongs to dev; the others keep apart. */
    private static String nameIn(Environment environment, String network) {
        return environment == Environment.DEV ? network : network + "-" + environment.id();
    }
}
