package dev.withstack.core.export;

import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;
import dev.withstack.core.plan.NetworkAddresses;

/** What a service is given, as Compose reads it: secrets by reference. */
final class ComposeText {
    private final Service service;
    private final SecretNames secrets;
    private final AddressBook addresses;

    ComposeText(Draft draft, Service service) {
        this.service = service;
        this.secrets = draft.secrets();
        this.addresses = new NetworkAddresses(draft.definition());
    }

    /** Return the value for this place, after which a secret is called that came from no setting. */
    String of(Value value, String place) {
        StringBuilder text = new StringBuilder();
        value.visit(part -> text.append(
                part instanceof Value.Secret secret
                        ? "${" + secrets.of(secret.text(), service.declaredName(), place) + "}"
                        : literal(part.resolve(addresses))));
        return text.toString();
    }

    /** A word of a command may hold a secret that the service is given besides. */
    String word(String text) {
        return of(Value.hiding(text, service.secrets()), "command");
    }

    /** Return the value as a file has it, in which nothing is referred to. */
    String plain(Value value) {
        return value.resolve(addresses);
    }

    static String literal(String text) {
        return text.replace("$", "$$");
    }
}
