package dev.withstack.core.export;

import dev.withstack.core.export.Picture.Kind;
import dev.withstack.core.export.Picture.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Draws a stack with letters, for a terminal: the services in the order in which they start, and what each waits for. */
public final class TextPicture {
    private final Picture picture;

    public TextPicture(Picture picture) {
        this.picture = picture;
    }

    /** Return the drawing, a line for each service. */
    public String text() {
        List<List<String>> layers = picture.layers();
        int width = widest(layers.stream().flatMap(List::stream).toList());
        int sourceWidth =
                widest(layers.stream().flatMap(List::stream).map(this::source).toList());
        StringBuilder text = new StringBuilder(picture.title()).append('\n');
        for (int layer = 0; layer < layers.size(); layer++) {
            String number = layer + 1 + " ";
            for (String service : layers.get(layer)) {
                String line = number + padded(service, width) + "  " + padded(source(service), sourceWidth) + "  "
                        + lines(service);
                text.append(line.stripTrailing()).append('\n');
                number = "  ";
            }
        }
        return text.append(networks()).toString();
    }

    private String source(String service) {
        String remark = picture.remark(service);
        return picture.source(service) + (remark.isEmpty() ? "" : " (" + remark + ")");
    }

    private String networks() {
        Map<String, List<String>> services = new LinkedHashMap<>();
        picture.layers()
                .forEach(layer -> layer.forEach(service -> picture.networks(service)
                        .forEach(network -> services.computeIfAbsent(network, key -> new ArrayList<>())
                                .add(service))));
        StringBuilder text = new StringBuilder();
        services.forEach((network, names) -> text.append("network ")
                .append(network)
                .append(": ")
                .append(String.join(", ", names))
                .append('\n'));
        return text.toString();
    }

    private String lines(String service) {
        List<String> parts = new ArrayList<>();
        String waits = of(service, Kind.WAITS);
        String knows = of(service, Kind.KNOWS);
        if (!waits.isEmpty()) {
            parts.add("← " + waits);
        }
        if (!knows.isEmpty()) {
            parts.add("⇠ " + knows + " (address only)");
        }
        return String.join("  ", parts);
    }

    private String of(String service, Kind kind) {
        return picture.lines().stream()
                .filter(line -> line.from().equals(service) && line.kind() == kind)
                .map(TextPicture::end)
                .collect(Collectors.joining(", "));
    }

    private static String end(Line line) {
        return line.label().isEmpty() ? line.to() : line.to() + " (" + line.label() + ")";
    }

    private static int widest(List<String> words) {
        return words.stream().mapToInt(String::length).max().orElse(0);
    }

    private static String padded(String word, int width) {
        return word + " ".repeat(width - word.length());
    }
}
