package dev.withstack.core.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.settings.Settings;
import org.junit.jupiter.api.Test;

class EnvFileTests {

    @Test
    void textWhenItIsForDevKeepsWhatIsKnownAndGeneratesWhatMustBeSecret() {
        EnvFile file = file(Environment.DEV);

        assertThat(file.name()).isEqualTo(".env");
        assertThat(file.toFillIn()).isEmpty();
        assertThat(file.text())
                .isEqualTo(
                        """
                        # Settings of shop.
                        # A line without # in front counts. The others show what holds without them.
                        # Stronger than this file: .env.<environment>, the process environment, and --set NAME=VALUE.
                        # It holds secrets: keep it out of version control.

                        STACK=shop

                        # ---- The application ----

                        # Signs the tokens.
                        JWT_SECRET=secret-of-32

                        # Shows the inside of the application: true or false.
                        # DEBUG=true

                        # What the shop calls itself.
                        # TITLE='the #1 shop'

                        # ---- Others' services ----

                        # The key of the paid service, which answers questions about what is in the shop and what is not, in the
                        # language of who asks.
                        # PAID_KEY=

                        # ---- The servers ----

                        # Password of the database.
                        # DB_PASSWORD=shop

                        # ---- Ports, images and limits of the services ----
                        # Port of this machine for db (sql).
                        # DB_PORT=5432
                        # Image that db runs.
                        # DB_IMAGE=db:1
                        # How many CPUs db may use, such as 0.5.
                        # DB_CPUS=2
                        # How much memory db may use, such as 512m.
                        # DB_MEMORY=1536m
                        # Image that api runs, instead of the one built from api/.
                        # API_IMAGE=
                        # How many CPUs api may use, such as 0.5.
                        # API_CPUS=
                        # How much memory api may use, such as 512m.
                        # API_MEMORY=
                        """);
    }

    @Test
    void textWhenItIsForAReleaseSetsAllThatTheReleaseDemands() {
        EnvFile file = file(Environment.PROD);

        assertThat(file.name()).isEqualTo(".env.prod");
        assertThat(file.toFillIn()).containsExactly("PAID_KEY");
        assertThat(file.text().lines().filter(line -> !line.startsWith("#") && !line.isEmpty()))
                .containsExactly("JWT_SECRET=secret-of-32", "DEBUG=false", "PAID_KEY=", "DB_PASSWORD=secret-of-16");
    }

    private static EnvFile file(Environment environment) {
        return new EnvFile(new Shop(), environment, bytes -> "secret-of-" + bytes);
    }

    private static final class Shop implements StackProfile {
        @Override
        public String name() {
            return "shop";
        }

        @Override
        public String description() {
            return "a shop";
        }

        @Override
        public Explanations explanations() {
            return Explanations.on("The application")
                    .of("JWT_SECRET", "Signs the tokens.")
                    .of("DEBUG", "Shows the inside of the application: true or false.")
                    .of("TITLE", "What the shop calls itself.")
                    .andOn("Others' services")
                    .of(
                            "PAID_KEY",
                            "The key of the paid service, which answers questions about what is in the shop and what is"
                                    + " not, in the language of who asks.")
                    .andOn("The servers")
                    .of("DB_PASSWORD", "Password of the database.");
        }

        @Override
        public StackDefinition define(Environment environment, Settings settings) {
            return StackDefinition.of("shop", environment)
                    .add(Service.image("db", "db:1")
                            .port("sql", 5432)
                            .hostPort(5432)
                            .limits(Limits.NONE.cpus(2).memory("1.5g"))
                            .env("PASSWORD", settings.password("DB_PASSWORD", "shop")))
                    .add(Service.built("api", "api")
                            .env("JWT_SECRET", settings.secret("JWT_SECRET", "dev"))
                            .env("TITLE", settings.text("TITLE", "the #1 shop"))
                            .env("PAID_KEY", settings.issuedKey("PAID_KEY", ""))
                            .env("DEBUG", Boolean.toString(settings.developmentSwitch("DEBUG", "shows the inside"))))
                    .build();
        }
    }
}
