package dev.withstack.core.export;

import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/** Writes maps, lists, texts and numbers as YAML, in their order. */
final class Yaml {
    /** What no reader of YAML, however old, takes for anything but a text. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z./_][A-Za-z0-9 ./_=@%+-]*[A-Za-z0-9./_]|[A-Za-z]");
    /** Older readers take these for true and false. */
    private static final Pattern SWITCH = Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null");

    private static final DumpSettings SETTINGS = DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setIndent(2)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .setWidth(Integer.MAX_VALUE)
            .setSplitLines(false)
            .setDereferenceAliases(true)
            .build();

    private Yaml() {}

    static String text(Map<String, Object> tree) {
        return new Dump(SETTINGS, new Quoting()).dumpToString(tree);
    }

    private static final class Quoting extends StandardRepresenter {
        private Quoting() {
            super(SETTINGS);
            representers.put(String.class, data -> quoted((String) data));
        }

        private Node quoted(String text) {
            if (text.contains("\n")) {
                return representScalar(Tag.STR, text, ScalarStyle.LITERAL);
            }
            boolean isPlain =
                    PLAIN.matcher(text).matches() && !SWITCH.matcher(text).matches();
            return representScalar(Tag.STR, text, isPlain ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
        }
    }
}
