package dev.withstack.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ValueTests {
    private static final AddressBook HOST = (service, endpoint) -> new HostAndPort("127.0.0.1", 5433);
    private static final AddressBook NETWORK = (service, endpoint) -> new HostAndPort(service, 5432);
    private static final Service DB = Service.image("db", "db:1").port("sql", 5432);

    private static final Value URL = Value.join("sql://u:", Value.secret("p@ss"), "@", DB.address("sql"), "/shop");

    @Test
    void resolveWhenReadersDifferGivesEachItsOwn() {
        assertThat(URL.resolve(NETWORK)).isEqualTo("sql://u:p@ss@db:5432/shop");
        assertThat(URL.resolve(HOST)).isEqualTo("sql://u:p@ss@127.0.0.1:5433/shop");
    }

    @Test
    void maskedWhenThereIsASecretHidesIt() {
        assertThat(URL.masked(HOST)).isEqualTo("sql://u:***@127.0.0.1:5433/shop");
        assertThat(URL.toString()).doesNotContain("p@ss");
    }

    @Test
    void resolveWhenAPartIsMeantGivesThatAlone() {
        assertThat(part(Value.Part.HOST).resolve(HOST)).isEqualTo("127.0.0.1");
        assertThat(part(Value.Part.PORT).resolve(HOST)).isEqualTo("5433");
        assertThat(part(Value.Part.HOST_AND_PORT).resolve(HOST)).isEqualTo("127.0.0.1:5433");
    }

    @Test
    void withoutEdgeWhenAppliedKeepsTheTextAndDropsTheDependency() {
        Value loose = Value.join("<", URL, ">").withoutEdge();

        assertThat(loose.resolve(NETWORK)).isEqualTo("<" + URL.resolve(NETWORK) + ">");
        assertThat(loose.addresses()).extracting(Value.Address::edge).containsExactly(Value.Edge.NONE);
        assertThat(URL.addresses()).extracting(Value.Address::edge).containsExactly(Value.Edge.HEALTHY);
        assertThat(Value.text("t").withoutEdge()).isEqualTo(Value.text("t"));
        assertThat(Value.secret("s").withoutEdge()).isEqualTo(Value.secret("s"));
    }

    @Test
    void addressesWhenSeveralAreJoinedStandInOrder() {
        Service other = Service.image("other", "o:1").port("http", 80);

        assertThat(Value.join(other.address(""), ",", DB.address("")).addresses())
                .extracting(Value.Address::service)
                .containsExactly("other", "db");
    }

    @Test
    void joinWhenThereIsOnePartIsThatPart() {
        assertThat(Value.join("a")).isEqualTo(Value.text("a"));
        assertThat(Value.join("a", 1, Value.text("b")).resolve(HOST)).isEqualTo("a1b");
        assertThat(Value.join().resolve(HOST)).isEmpty();
    }

    @Test
    void urlEncodedWhenAppliedEncodesTextsAndSecretsOnly() {
        Value value = Value.join("a b", Value.secret("p@ss/+:"), DB.address("")).urlEncoded();

        assertThat(value.resolve(HOST)).isEqualTo("a%20bp%40ss%2F%2B%3A127.0.0.1:5433");
        assertThat(value.masked(HOST)).isEqualTo("a%20b***127.0.0.1:5433");
    }

    @Test
    void hostAndPortWhenItIsIpv6StandsInBrackets() {
        assertThat(new HostAndPort("::1", 80)).hasToString("[::1]:80");
        assertThat(List.of(new HostAndPort("localhost", 80))).hasToString("[localhost:80]");
    }

    private static Value part(Value.Part part) {
        return new Value.Address("db", "sql", part, Value.Edge.HEALTHY);
    }
}
