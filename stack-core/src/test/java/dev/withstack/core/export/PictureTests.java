package dev.withstack.core.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class PictureTests {

    @Test
    void textWhenServicesNeedEachOtherShowsThemInTheOrderInWhichTheyStart() {
        assertThat(new TextPicture(shop()).text())
                .isEqualTo(
                        """
                        shop (dev)
                        1 db     db:1
                          cache  runs at cache.example.com:6379
                        2 api    built from api/                 ← cache (started), db  ⇠ web (address only)
                        3 web    web:1                           ← api  ⇠ db (address only)
                        """);
    }

    @Test
    void mermaidWhenServicesNeedEachOtherPointsFromWhatIsNeeded() {
        assertThat(new MermaidPicture(shop()).text())
                .isEqualTo(
                        """
                        flowchart LR
                            s_db["<b>db</b> :15432<br/>db:1"]
                            s_cache["<b>cache</b><br/>runs at cache.example.com:6379"]
                            s_api["<b>api</b><br/>built from api/"]
                            s_web["<b>web</b> :80 :443<br/>web:1"]
                            s_cache -->|started| s_api
                            s_db --> s_api
                            s_web -.-> s_api
                            s_api --> s_web
                            s_db -.-> s_web
                        """);
    }

    @Test
    void svgWhenDrawnHasEveryServiceAndLineWithinItsBounds() throws Exception {
        String svg = new SvgPicture(shop()).text();

        var document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        int width = Integer.parseInt(document.getDocumentElement().getAttribute("width"));
        int height = Integer.parseInt(document.getDocumentElement().getAttribute("height"));
        NodeList boxes = document.getElementsByTagName("rect");
        assertThat(boxes.getLength()).isEqualTo(1 + 4);
        for (int i = 1; i < boxes.getLength(); i++) {
            assertThat(number(boxes, i, "x") + number(boxes, i, "width")).isLessThan(width);
            assertThat(number(boxes, i, "y") + number(boxes, i, "height")).isLessThan(height);
        }
        assertThat(svg.lines().filter(line -> line.startsWith("<path class=\"line")))
                .hasSize(5);
        assertThat(svg.lines().filter(line -> line.startsWith("<path class=\"line knows")))
                .hasSize(2);
        assertThat(svg).contains(">started</text>", "Dashed: B has A's address");
    }

    @Test
    void svgWhenDrawnTwiceIsTheSame() {
        assertThat(new SvgPicture(shop()).text()).isEqualTo(new SvgPicture(shop()).text());
    }

    @Test
    void drawingsWhenThereAreNetworksAndServicesOfOtherKindsTellThem() {
        Service store = Service.image("store", "store:1").probe(Probe.tcp()).port("s3", 9000);
        Service buckets = Service.image("buckets", "client:1")
                .env("STORE", store.address(""))
                .runsOnce()
                .networks("back");
        Service model = Service.image("model", "model:1").probe(Probe.tcp()).onRequest();
        Service api = Service.image("api", "api:1")
                .networks("back")
                .needs(Dependency.completed("buckets"))
                .needs(Dependency.optional(Dependency.healthy("model")));
        Picture picture = new Picture(StackDefinition.of("shop", Environment.DEV)
                .network("front")
                .network("back", "shop-back")
                .add(store, buckets, model, api)
                .build());

        assertThat(new TextPicture(picture).text())
                .isEqualTo(
                        """
                        shop (dev)
                        1 store    store:1
                          model    model:1 (on request)
                        2 buckets  client:1 (runs once)  ← store
                        3 api      api:1                 ← buckets (completed), model (if started)
                        network shop-dev-front: store, model
                        network shop-back: store, model, buckets, api
                        """);
        assertThat(new MermaidPicture(picture).text())
                .contains(
                        "s_buckets[\"<b>buckets</b><br/>client:1<br/>runs once<br/>on shop-back\"]",
                        "s_buckets -->|completed| s_api",
                        "s_model -->|if started| s_api");
        assertThat(new SvgPicture(picture).text())
                .contains(">runs once</text>", ">on shop-back</text>", ">if started</text>");
    }

    private static int number(NodeList boxes, int index, String attribute) {
        return Integer.parseInt(
                boxes.item(index).getAttributes().getNamedItem(attribute).getNodeValue());
    }

    private static Picture shop() {
        Service db =
                Service.image("db", "db:1").port("sql", 5432).hostPort(15432).probe(Probe.tcp());
        Service cache = Service.external("cache", new HostAndPort("cache.example.com", 6379));
        Service web = Service.image("web", "web:1")
                .port("http", 80)
                .hostPort("http", 80)
                .port("https", 443)
                .hostPort("https", 443);
        Service api = Service.built("api", "api")
                .port("http", 8000)
                .probe(Probe.tcp())
                .env("DB", db.address(""))
                .env("DB_AGAIN", db.address("").withoutEdge())
                .env("WEB", web.address("").withoutEdge())
                .needs(new Dependency("cache", Dependency.Condition.STARTED));
        return new Picture(StackDefinition.of("shop", Environment.DEV)
                .add(
                        db,
                        cache,
                        api,
                        web.env("API", api.address("")).env("DB", db.address("").withoutEdge()))
                .build());
    }
}
