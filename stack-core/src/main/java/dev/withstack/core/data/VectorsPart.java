package dev.withstack.core.data;

import java.io.IOException;
import java.util.regex.Pattern;

/** The collections of a Qdrant server whose names begin alike, with a copy of each of those that are nobody's. */
record VectorsPart(VectorsReset.Server server, int number) implements DataPart {
    private static final Pattern OF_A_PART = Pattern.compile("part[0-9]+-.*");

    private String prefix() {
        return "part" + number + "-";
    }

    @Override
    public void make() throws IOException {
        remove();
        Qdrant qdrant = server.now();
        for (String name : qdrant.names()) {
            if (!OF_A_PART.matcher(name).matches()) {
                VectorsReset.copy(qdrant, name, prefix() + name);
            }
        }
    }

    @Override
    public ServiceConnection within(ServiceConnection server) {
        return server instanceof QdrantConnection whole ? new QdrantConnection(whole.address(), prefix()) : server;
    }

    @Override
    public DataReset reset() {
        return new VectorsReset(server, prefix());
    }

    @Override
    public void remove() throws IOException {
        server.now().drop(prefix());
    }
}
