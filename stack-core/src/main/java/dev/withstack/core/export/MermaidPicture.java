package dev.withstack.core.export;

import dev.withstack.core.export.Picture.Kind;
import dev.withstack.core.export.Picture.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Draws a stack in the language of Mermaid, which many pages show as a picture. */
public final class MermaidPicture {
    private final Picture picture;

    public MermaidPicture(Picture picture) {
        this.picture = picture;
    }

    /** Return the drawing: arrows lead from what must be there first to what waits for it, dotted where nothing waits. */
    public String text() {
        StringBuilder text = new StringBuilder("flowchart LR\n");
        picture.layers()
                .forEach(layer -> layer.forEach(service -> text.append("    ")
                        .append(id(service))
                        .append("[\"<b>")
                        .append(service)
                        .append("</b> ")
                        .append(picture.ports(service))
                        .append("<br/>")
                        .append(picture.source(service))
                        .append(details(service))
                        .append("\"]\n")));
        picture.lines().forEach(line -> text.append("    ").append(arrow(line)).append('\n'));
        return text.toString().replace("</b> <br/>", "</b><br/>");
    }

    private String details(String service) {
        List<String> details = new ArrayList<>();
        if (!picture.remark(service).isEmpty()) {
            details.add(picture.remark(service));
        }
        picture.networks(service).forEach(network -> details.add("on " + network));
        return details.stream().map(detail -> "<br/>" + detail).collect(Collectors.joining());
    }

    private static String arrow(Line line) {
        String label = line.label().isEmpty() ? "" : "|" + line.label() + "|";
        String arrow = line.kind() == Kind.KNOWS ? "-.->" : "-->";
        return id(line.to()) + " " + arrow + label + " " + id(line.from());
    }

    /** Some names, such as {@code end}, mean something to Mermaid. */
    private static String id(String service) {
        return "s_" + service.replace('-', '_');
    }
}
