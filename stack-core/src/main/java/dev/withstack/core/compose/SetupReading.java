package dev.withstack.core.compose;

import dev.withstack.core.compose.Item.Field;
import dev.withstack.core.compose.Item.Text;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Setup;
import dev.withstack.core.model.Setup.Feature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What few services are set up with: another entry point, hosts, labels, kernel parameters. */
final class SetupReading {
    private final Part part;
    private final Findings findings;

    /** @param part the service */
    SetupReading(Part part, Findings findings) {
        this.part = part;
        this.findings = findings;
    }

    Service of(Service service) {
        Setup setup = features(service.setup());
        setup = part.words("entrypoint").map(setup::entryPoint).orElse(setup);
        setup = part.text("working_dir").map(setup::directory).orElse(setup);
        setup = part.text("hostname").map(setup::hostName).orElse(setup);
        setup = part.size("shm_size").map(setup::sharedMemory).orElse(setup);
        for (Map.Entry<String, String> host : texts("extra_hosts").entrySet()) {
            setup = setup.host(host.getKey(), host.getValue());
        }
        for (Map.Entry<String, String> label : texts("labels").entrySet()) {
            setup = setup.label(label.getKey(), label.getValue());
        }
        for (Map.Entry<String, String> sysctl : texts("sysctls").entrySet()) {
            setup = setup.sysctl(sysctl.getKey(), sysctl.getValue());
        }
        for (String group : part.has("group_add") ? part.texts("group_add") : List.<String>of()) {
            setup = setup.group(group);
        }
        for (String option : part.has("security_opt") ? part.texts("security_opt") : List.<String>of()) {
            // what adds no privileges is hardening
            setup = option.startsWith("no-new-privileges")
                    ? setup
                    : setup.securityOption(option.replaceFirst(":", "="));
        }
        return service.setup(ulimits(setup));
    }

    private Setup features(Setup setup) {
        Map<String, Feature> features = new LinkedHashMap<>();
        features.put("init", Feature.INIT);
        features.put("tty", Feature.TERMINAL);
        features.put("stdin_open", Feature.INPUT);
        features.put("privileged", Feature.PRIVILEGED);
        Setup with = setup;
        for (Map.Entry<String, Feature> feature : features.entrySet()) {
            with = part.flag(feature.getKey()) ? with.feature(feature.getValue()) : with;
        }
        return with;
    }

    private Map<String, String> texts(String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        part.mapping(key).forEach((name, text) -> texts.put(name, text.orElse("")));
        return texts;
    }

    private Setup ulimits(Setup setup) {
        Setup limited = setup;
        for (Map.Entry<String, Field> one : fields("ulimits").entrySet()) {
            Optional<Setup.Ulimit> limit = one.getValue().value() instanceof Text text
                    ? single(one.getKey(), text)
                    : pair(new Part(one.getKey(), one.getValue(), findings));
            if (limit.isPresent()) {
                limited = limited.ulimit(one.getKey(), limit.get());
            }
        }
        return limited;
    }

    private Map<String, Field> fields(String key) {
        return part.part(key).map(Part::fields).orElse(Map.of());
    }

    private Optional<Setup.Ulimit> single(String name, Text text) {
        if (!text.text().matches("-?[0-9]{1,18}")) {
            findings.error(
                    text.place(), "the limit '" + name + "' has to be a number, and is '" + text.text() + "'.", "");
            return Optional.empty();
        }
        long most = Long.parseLong(text.text());
        return Optional.of(new Setup.Ulimit(most, most));
    }

    private Optional<Setup.Ulimit> pair(Part limit) {
        Vocabulary.ULIMIT.check(limit, findings);
        Optional<Integer> hard = limit.number("hard", -1, Integer.MAX_VALUE);
        Optional<Integer> soft = limit.number("soft", -1, Integer.MAX_VALUE).or(() -> hard);
        return soft.map(least -> new Setup.Ulimit(least, hard.orElse(least)));
    }
}
