package dev.withstack.launcher.command;

import dev.withstack.core.model.Environment;
import java.util.List;

/** Asks before data is lost, unless that was agreed to beforehand and there is no doubt whose data it is. */
final class Loss {
    private final Session session;
    private final Consent consent;

    Loss(Session session, Consent consent) {
        this.session = session;
        this.consent = consent;
    }

    /** Whether the loss of data has been agreed to. */
    enum Consent {
        ASK,
        GIVEN
    }

    /**
     * Return whether it may be done.
     *
     * @param what is done, as a sentence
     * @param losses what is lost by it
     */
    boolean isAgreed(String what, List<String> losses) {
        List<Environment> candidates = session.candidates();
        boolean isCertain = candidates.size() < 2;
        if (consent == Consent.GIVEN && isCertain) {
            return true;
        }
        if (!isCertain) {
            String names = String.join(
                    " and ", candidates.stream().map(Environment::id).toList());
            session.console().line(session.profile().name() + " is there in " + names + ".");
        }
        String certain = isCertain ? "--yes" : "--env " + session.environment().id() + " --yes";
        boolean isAgreed = Question.confirms(session, what, losses, certain);
        if (!isAgreed) {
            session.console().line("Nothing was touched.");
        }
        return isAgreed;
    }
}
