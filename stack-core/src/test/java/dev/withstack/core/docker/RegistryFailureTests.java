package dev.withstack.core.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryFailureTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "NOT_FOUND | manifest for redis:0 not found: manifest unknown: manifest unknown",
                "NOT_FOUND | pull access denied for nope, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
                "NOT_FOUND | no matching manifest for linux/arm64/v8 in the manifest list entries",
                "NOT_FOUND | name unknown: Repository name not known to registry.",
                "NOT_FOUND | docker.io/library/redis:0: not found",
                "UNAUTHORIZED | unauthorized: authentication required",
                "UNAUTHORIZED | Head \"https://ghcr.io/v2/x/manifests/1\": denied: denied",
                "UNAUTHORIZED | Head \"https://1.dkr.ecr.eu.amazonaws.com/v2/x/manifests/1\": no basic auth credentials",
                "UNAUTHORIZED | Get \"https://registry-1.docker.io/v2/\": unauthorized: incorrect username or password",
                "RATE_LIMITED | toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating",
                "UNREACHABLE | Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io on 10.0.0.1:53: no such host",
                "UNREACHABLE | Get \"https://registry.example/v2/\": dial tcp 10.1.1.1:443: connect: connection refused",
                "UNREACHABLE | Get \"https://registry-1.docker.io/v2/\": dial tcp 34.1.1.1:443: i/o timeout",
                "UNREACHABLE | Get \"https://registry-1.docker.io/v2/\": net/http: TLS handshake timeout",
                "UNREACHABLE | Get \"https://registry-1.docker.io/v2/\": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)",
                "UNREACHABLE | Get \"https://registry-1.docker.io/v2/\": context deadline exceeded",
                "UNREACHABLE | Get \"https://registry-1.docker.io/v2/\": EOF",
                "UNREACHABLE | unexpected EOF",
                "UNREACHABLE | received unexpected HTTP status: 503 Service Unavailable",
                "UNREACHABLE | error pulling image configuration: download failed after attempts=6: unexpected status code 520",
                "UNREACHABLE | Get \"https://registry.example/v2/\": x509: certificate signed by unknown authority",
                "UNREACHABLE | Get \"https://registry.example/v2/\": http: server gave HTTP response to HTTPS client",
                "UNREACHABLE | dial tcp: lookup registry-1.docker.io: Temporary failure in name resolution",
                "UNREACHABLE | no progress within 30 s",
                "OTHER | failed to register layer: Error processing tar file(exit status 1): write /x: no space left on device",
                "OTHER | invalid reference format",
                "OTHER | something new",
            })
    void classifyWhenEngineSaysThisIs(RegistryFailure expected, String message) {
        assertThat(RegistryFailure.classify(message)).isEqualTo(expected);
    }
}
