package dev.withstack.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramTests {
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String SERVER_FIRST =
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    /** The example of RFC 7677, section 3. */
    @Test
    void clientFinalWhenItIsTheExampleOfTheRfcIsItsAnswer() throws Exception {
        Scram scram = new Scram("user", "pencil", NONCE);

        assertThat(scram.clientFirst()).isEqualTo("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        assertThat(scram.clientFinal(SERVER_FIRST))
                .isEqualTo("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        assertThatCode(() -> scram.checkServer("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> scram.checkServer("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="))
                .isInstanceOf(IOException.class)
                .hasMessage("took a SCRAM login without knowing the password");
    }

    @Test
    void clientFinalWhenThePasswordIsWrittenInAnotherFormIsTheSame() throws Exception {
        String composed = new Scram("user", "p\u00e4ss", NONCE).clientFinal(SERVER_FIRST);

        assertThat(new Scram("user", "pa\u0308ss", NONCE).clientFinal(SERVER_FIRST))
                .isEqualTo(composed);
    }

    @Test
    void clientFinalWhenThePasswordIsEmptyIsAnAnswerAllTheSame() throws Exception {
        assertThat(new Scram("user", "", NONCE).clientFinal(SERVER_FIRST)).startsWith("c=biws,r=" + NONCE);
    }

    @Test
    void clientFirstWhenTwoLoginsAreMadeHasTwoNonces() {
        assertThat(new Scram("p").clientFirst()).startsWith("n,,n=,r=").isNotEqualTo(new Scram("p").clientFirst());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "e=other-error",
                "r=stolen,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                "r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=0",
                "r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=-5",
                "r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999",
                "r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=many",
                "r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==",
                "r=rOprNGfwEbeRWgbNEkqOx,s=%%%,i=4096",
                "r=rOprNGfwEbeRWgbNEkqOx,i=4096",
            })
    void clientFinalWhenTheServersMessageIsUnsoundSaysSo(String serverFirst) {
        assertThatThrownBy(() -> new Scram("user", "pencil", NONCE).clientFinal(serverFirst))
                .isInstanceOf(IOException.class)
                .hasMessage("answered a SCRAM login with '" + serverFirst + "', which is not sound");
    }
}
