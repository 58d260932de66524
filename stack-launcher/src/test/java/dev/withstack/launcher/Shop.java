package dev.withstack.launcher;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Shell;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Tier;
import dev.withstack.core.model.Value;
import dev.withstack.core.profile.Explanations;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import java.util.List;
import java.util.Map;

/** A small stack to try commands on: {@code api} needs {@code db} and {@code cache}. */
final class Shop implements StackProfile {

    @Override
    public String name() {
        return "shop";
    }

    @Override
    public String description() {
        return "A shop: database, cache, API";
    }

    @Override
    public List<String> marks() {
        return List.of("api");
    }

    @Override
    public Explanations explanations() {
        return Explanations.on("The database").of("DB_PASSWORD", "Password of the database.");
    }

    @Override
    public StackDefinition define(Environment environment, Settings settings) {
        Value password = settings.password("DB_PASSWORD", "development");
        Service db = Service.image("db", "db:1")
                .port("sql", 5432)
                .hostPort(15432)
                .env("DB_PASSWORD", password)
                .volume("db_data", "/data")
                .family("db")
                .probe(Probe.command("is-ready"))
                .containerCheck(ContainerCheck.of("is-ready"))
                .shell(new Shell("sql", List.of("psql", "-U", "shop"), Map.of("PGPASSWORD", password)));
        Service cache = Service.image("cache", "cache:1").port("cache", 6379).probe(Probe.command("is-ready"));
        Service api = Service.built("api", "api")
                .port("http", 8000)
                .hostPort(18000)
                .env("DB_URL", Value.join("db://shop:", password, "@", db.address("sql")))
                .env("GREETING", "it's here")
                .needs(db)
                .needs(cache)
                .probe(Probe.command("is-ready"))
                .page("http", "/docs")
                .onHost("api", "serve", "--reload");
        return StackDefinition.of(name(), environment)
                .add(db, cache, api)
                .developedOn(Tier.INFRASTRUCTURE)
                .build();
    }
}
