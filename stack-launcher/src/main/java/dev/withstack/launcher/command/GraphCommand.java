package dev.withstack.launcher.command;

import dev.withstack.core.export.MermaidPicture;
import dev.withstack.core.export.Picture;
import dev.withstack.core.export.SvgPicture;
import dev.withstack.core.export.TextPicture;
import dev.withstack.core.model.Environment;
import dev.withstack.core.profile.Profiles;
import dev.withstack.launcher.console.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Draws a stack. */
@Command(
        name = "graph",
        description = "Draw the stack: its services in the order in which they start, and what each waits for. Works"
                + " without an engine.")
final class GraphCommand extends WholeStackCommand {
    @Option(names = "--format", paramLabel = "FORMAT", description = "text, mermaid or svg; text unless given")
    Format format = Format.TEXT;

    /** In which language a stack is drawn. */
    enum Format {
        TEXT,
        MERMAID,
        SVG
    }

    @Override
    public ExitCode run(Session session) {
        session.in(environment.environment.orElse(Environment.DEV)).words().takeStackOnly(words);
        Picture picture = new Picture(Profiles.sketch(session.profile(), session.settings()));
        session.settings().remarks().forEach(remark -> session.remark(remark.toString()));
        session.console()
                .print(
                        session.output() == OutputMode.JSON
                                ? JsonText.of(fields(session, picture)) + "\n"
                                : drawn(picture));
        return ExitCode.OK;
    }

    private String drawn(Picture picture) {
        return switch (format) {
            case TEXT -> new TextPicture(picture).text();
            case MERMAID -> new MermaidPicture(picture).text();
            case SVG -> new SvgPicture(picture).text();
        };
    }

    private static Map<String, Object> fields(Session session, Picture picture) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", "graph");
        fields.put("stack", session.profile().name());
        fields.put("environment", session.environment().id());
        fields.put("layers", picture.layers());
        fields.put("lines", picture.lines().stream().map(GraphCommand::fields).toList());
        return fields;
    }

    private static Map<String, Object> fields(Picture.Line line) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("service", line.from());
        fields.put(line.kind() == Picture.Kind.WAITS ? "waitsFor" : "knows", line.to());
        fields.put("condition", line.label());
        return fields;
    }
}
