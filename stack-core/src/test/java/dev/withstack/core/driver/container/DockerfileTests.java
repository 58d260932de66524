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
}
