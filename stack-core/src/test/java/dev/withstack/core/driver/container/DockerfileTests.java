package dev.withstack.core.driver.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DockerfileTests {

    @Test
    void basesWhenThereAreStagesNamesOnlyImages() {
        Dockerfile dockerfile = new Dockerfile(
                """
                FROM node:18 AS build
                RUN npm ci
                FROM --platform=linux/amd64 nginx:1.27 AS web
                COPY --from=build /app /srv
                FROM web
                FROM scratch
                """,
                Map.of());

        assertThat(dockerfile.bases()).containsExactly("node:18", "nginx:1.27");
    }

    @Test
    void basesWhenAnArgumentNamesTheImageTakesItsDefaultOrTheGivenValue() {
        String text =
                """
                ARG VERSION=3.13
                ARG FLAVOUR
                FROM python:${VERSION}-slim
                FROM redis:$VERSION
                FROM alpine:${FLAVOUR:-3.20}
                """;

        assertThat(new Dockerfile(text, Map.of()).bases())
                .containsExactly("python:3.13-slim", "redis:3.13", "alpine:3.20");
        assertThat(new Dockerfile(text, Map.of("VERSION", "3.12", "FLAVOUR", "edge")).bases())
                .containsExactly("python:3.12-slim", "redis:3.12", "alpine:edge");
    }

    @Test
    void rewrittenWhenBasesAreReplacedLeavesEveryOtherLineAsItIs() {
        String text =
                """
                # FROM commented:1
                FROM python:3.13-slim AS base
                ENV FROM=somewhere
                FROM base AS production
                CMD ["uvicorn"]
                """;

        assertThat(new Dockerfile(text, Map.of()).rewritten(base -> "offline/python:3.13"))
                .isEqualTo(
                        """
                        # FROM commented:1
                        FROM offline/python:3.13 AS base
                        ENV FROM=somewhere
                        FROM base AS production
                        CMD ["uvicorn"]
                        """);
    }

    @Test
    void hasStageWhenTheNameDiffersInCaseIsTrue() {
        Dockerfile dockerfile = new Dockerfile("FROM a:1 AS Production\nFROM b:1\n", Map.of());

        assertThat(dockerfile.hasStage("production")).isTrue();
        assertThat(dockerfile.hasStage("development")).isFalse();
        assertThat(dockerfile.hasStage("")).isFalse();
    }

    @Test
    void basesWhenAnInstructionGoesOnOverSeveralLinesReadsItAsOne() {
        Dockerfile dockerfile = new Dockerfile(
                """
                FROM \\
                  # the one with a shell
                  debian:bookworm \\
                  AS base
                RUN psql -c "SELECT name \\
                  FROM users"
                RUN echo a \\

                FROM users
                FROM base
                """,
                Map.of());

        assertThat(dockerfile.bases()).containsExactly("debian:bookworm");
        assertThat(dockerfile.hasStage("base")).isTrue();
    }

    @Test
    void basesWhenAHereDocumentHoldsSuchLinesLeavesThemOut() {
        Dockerfile dockerfile = new Dockerfile(
                """
                FROM debian:bookworm
                RUN <<EOF
                FROM inside
                EOF
                COPY <<-"END" /query
                \tFROM users
                \tEND
                RUN echo $((1<<TWO))
                FROM redis:7
                """,
                Map.of());

        assertThat(dockerfile.bases()).containsExactly("debian:bookworm", "redis:7");
    }

    @Test
    void basesWhenArgumentsBuildOnEachOtherResolvesThem() {
        Dockerfile dockerfile = new Dockerfile(
                """
                ARG VERSION=3.13 VARIANT='slim'
                ARG BASE="python:${VERSION}"
                FROM ${BASE}${VARIANT:+-}${VARIANT}
                FROM ${NOTHING}
                FROM node:${NODE-18}
                """,
                Map.of());

        assertThat(dockerfile.bases()).containsExactly("python:3.13-slim", "node:18");
    }

    @Test
    void rewrittenWhenFilesAreCopiedFromAnotherImageReplacesThatToo() {
        String text =
                """
                FROM node:18 AS build
                COPY --chown=1:1 --from=redis:7 /bin/redis-cli /bin/
                COPY --from=BUILD /app /app
                COPY --from=0 /app /app
                COPY --link \\
                  --from=nginx:1.27 /etc/nginx /etc/nginx
                """;

        assertThat(new Dockerfile(text, Map.of()).rewritten(base -> "offline/" + base))
                .isEqualTo(
                        """
                        FROM offline/node:18 AS build
                        COPY --chown=1:1 --from=offline/redis:7 /bin/redis-cli /bin/
                        COPY --from=BUILD /app /app
                        COPY --from=0 /app /app
                        COPY --link \\
                          --from=offline/nginx:1.27 /etc/nginx /etc/nginx
                        """);
    }
}
