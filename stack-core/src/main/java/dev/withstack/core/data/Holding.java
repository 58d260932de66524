package dev.withstack.core.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/** What a stack keeps in one service, and the way to take it out and to put it back while the service runs. */
interface Holding {

    /** Return the name of the service. */
    String service();

    /** Return the word for this way. */
    String kind();

    /** Write all of it into the box. */
    void save(Box box) throws IOException, InterruptedException;

    /**
     * Put what was saved beside what is there, and prove that all of it has arrived. What is there stays as it is, and in
     * use. What an earlier call that was cut off has left beside it is removed first.
     */
    Replacement prepare(Contents contents) throws IOException, InterruptedException;

    /** Takes files of one service into a backup. */
    interface Box {

        /**
         * Write a file.
         *
         * @param unit what it holds of the service; with the extension it makes the file's name
         */
        void add(String unit, String extension, Packing.Filling filling) throws IOException, InterruptedException;
    }

    /** The files of one service in a backup. */
    interface Contents {

        Manifest.Part part();

        /** Open the file; whoever calls closes it. */
        InputStream open(Manifest.Piece piece) throws IOException;
    }

    /** Proven data that stands beside what is in use. */
    interface Replacement {

        /** Take the place of what is there, and remove that. */
        void putInPlace() throws IOException, InterruptedException;

        /** Tell whether the service must have no container meanwhile, rather than be running. */
        default boolean needsContainerGone() {
            return false;
        }

        /** Remove what stands beside. */
        void discard() throws IOException, InterruptedException;
    }

    /** Nothing is counted in what is written so. */
    static Packing.Filling uncounted(Writing writing) {
        return out -> {
            writing.to(out);
            return Map.of();
        };
    }

    /** Writes to a stream. */
    interface Writing {
        void to(OutputStream out) throws IOException, InterruptedException;
    }
}
