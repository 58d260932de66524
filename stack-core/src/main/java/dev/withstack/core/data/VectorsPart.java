package dev.withstack.core.data;

import java.io.IOException;

/** The collections of a Qdrant server whose names begin alike, with a copy of each of those that are nobody's. */
record VectorsPart(VectorsReset.Server server, int number) implements DataPart {
    private String prefix() {
        return PartName.prefix(number);
    }

    @Override
    public void make() throws IOException {
        remove();
        Qdrant qdrant = server.now();
        for (String name : qdrant.names()) {
            if (!PartName.isOfAPart(name)) {
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
