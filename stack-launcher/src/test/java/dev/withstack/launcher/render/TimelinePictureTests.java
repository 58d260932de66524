package dev.withstack.launcher.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.engine.StartTimes;
import dev.withstack.core.engine.Timeline;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class TimelinePictureTests {

    @Test
    void textWhenServicesWaitedDrawsEachFromItsStartToItsReadiness() throws Exception {
        Document svg = drawn("shop <dev>");

        Element image = bar(svg, "image");
        Element api = bar(svg, "slow");
        assertThat(number(image, "x")).isLessThan(number(api, "x"));
        assertThat(number(api, "width")).isPositive();
        assertThat(svg.getElementsByTagName("rect").getLength())
                .as("all, db, cache, api, its image")
                .isEqualTo(5);
        assertThat(svg.getDocumentElement().getTextContent())
                .contains("shop <dev>: ready in 4.0 s", "api: started at 3.0 s, ready at 4.0 s; waited for db, cache");
    }

    @Test
    void textWhenAServiceWaitedDrawsALineFromTheLastOfThem() throws Exception {
        Document svg = drawn("shop");

        String lines = paths(svg, "slow-wait");
        assertThat(lines).as("from db, the last, and from no other").hasLineCount(1);
        assertThat(paths(svg, "wait")).isEmpty();
    }

    @Test
    void textWhenAServiceRanAlreadyDrawsNoBarOfIt() throws Exception {
        StartTimes times = new StartTimes(Instant.EPOCH, Map.of(), Set.of("api"), times().timeline());

        Document svg = parsed(new TimelinePicture("shop", times).text());

        assertThat(svg.getElementsByTagName("rect").getLength()).as("all, api").isEqualTo(2);
        assertThat(svg.getDocumentElement().getTextContent()).contains("ran already");
    }

    @Test
    void pageWhenOpenedHasThePictureAndTheTable() {
        assertThat(new TimelinePage("shop", times()).text())
                .contains("<svg ", "<tr><td>▸ api</td><td>2.0 s</td><td>db, cache</td><td>at 3.0 s</td><td>1.0 s</td>");
    }

    private static Document drawn(String title) throws Exception {
        return parsed(new TimelinePicture(title, times()).text());
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static StartTimes times() {
        Map<String, Timeline.Entry> entries = new LinkedHashMap<>();
        entries.put("db", entry("db", 0, 3));
        entries.put("cache", entry("cache", 0, 1));
        entries.put("api", entry("api", 3, 4, "db", "cache"));
        return new StartTimes(
                Instant.EPOCH,
                Map.of("api", new StartTimes.Span(Duration.ZERO, Duration.ofSeconds(2))),
                entries.keySet(),
                new Timeline(entries, Duration.ofSeconds(4)));
    }

    private static Timeline.Entry entry(String service, int started, int ready, String... waitedFor) {
        return new Timeline.Entry(service, List.of(waitedFor), Duration.ofSeconds(started), Duration.ofSeconds(ready));
    }

    private static Element bar(Document svg, String style) {
        Element last = null;
        for (int i = 0; i < svg.getElementsByTagName("rect").getLength(); i++) {
            Element one = (Element) svg.getElementsByTagName("rect").item(i);
            last = one.getAttribute("class").equals(style) ? one : last;
        }
        assertThat(last).as("a bar of " + style).isNotNull();
        return last;
    }

    private static String paths(Document svg, String style) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < svg.getElementsByTagName("path").getLength(); i++) {
            Element one = (Element) svg.getElementsByTagName("path").item(i);
            if (one.getAttribute("class").equals(style)) {
                lines.append(one.getAttribute("d")).append('\n');
            }
        }
        return lines.toString();
    }

    private static int number(Element element, String attribute) {
        return Integer.parseInt(element.getAttribute(attribute));
    }
}
