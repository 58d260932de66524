package dev.withstack.core.data;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.VolumeMount;
import dev.withstack.core.plan.Observed;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files in the volumes of a service that keeps nothing more particular, as a tar archive of each. They are taken as
 * they are at that time, one after the other; where a file grows meanwhile, which ends the engine's archive, the service is
 * paused for it. They are put into new volumes beside those in use; as a volume can't be given
 * another name, those in use are made anew once that has been proven, while the service has no container.
 *
 * @param container the service's, running or not
 */
record VolumeHolding(Driver driver, StackDefinition owner, Service of, Observed.Container container)
        implements Holding {
    static final String KIND = "volumes";
    private static final String FILES = "files";

    @Override
    public String service() {
        return of.name();
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void save(Box box) throws IOException, InterruptedException {
        for (VolumeMount volume : of.volumes()) {
            try {
                save(volume, box);
            } catch (EOFException e) {
                if (!container.isRunning()) {
                    throw e;
                }
                driver.disturb(owner, of, Driver.Disturbance.PAUSE);
                try {
                    save(volume, box);
                } finally {
                    driver.disturb(owner, of, Driver.Disturbance.RESUME);
                }
            }
        }
    }

    private void save(VolumeMount volume, Box box) throws IOException, InterruptedException {
        box.add(FILES + " " + volume.path(), "tar", out -> {
            TarCheck check = new TarCheck(out);
            driver.readFiles(owner.id(), of.name(), volume.path(), check);
            check.end();
            return Map.of(FILES, check.files());
        });
    }

    @Override
    public Replacement prepare(Contents contents) throws IOException, InterruptedException {
        Beside beside = new Beside(contents);
        for (Manifest.Piece piece : contents.part().pieces()) {
            beside.take(piece);
        }
        return beside;
    }

    /** New volumes, by the names of those that they are for. */
    private final class Beside implements Replacement {
        private final Contents contents;
        private final Map<String, Manifest.Piece> byVolume = new LinkedHashMap<>();

        Beside(Contents contents) {
            this.contents = contents;
        }

        void take(Manifest.Piece piece) throws IOException {
            String path = piece.unit().substring(piece.unit().indexOf(' ') + 1);
            VolumeMount mount = of.volumes().stream()
                    .filter(one -> one.path().equals(path))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the service keeps nothing in " + path));
            if (!mount.driver().equals(VolumeMount.Driver.USUAL)) {
                throw new IOException("what is in " + path + " is kept outside the engine, by the volume's driver:"
                        + " unpack the backup's archive there");
            }
            String volume = mount.nameIn(owner.id());
            byVolume.put(volume, piece);
            make(Restoration.volumeBeside(volume), volume, piece);
        }

        private void make(String volume, String like, Manifest.Piece piece) throws IOException {
            TarCheck arrived = new TarCheck(OutputStream.nullOutputStream());
            try (InputStream content = contents.open(piece)) {
                driver.makeVolume(volume, like, container.imageId(), content, arrived);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            arrived.end();
            if (!piece.counts().equals(Map.of(FILES, arrived.files()))) {
                throw new IOException("not as many files arrived as were saved: " + arrived.files() + " of "
                        + piece.counts().get(FILES));
            }
        }

        @Override
        public void putInPlace() throws IOException {
            for (Map.Entry<String, Manifest.Piece> entry : byVolume.entrySet()) {
                make(entry.getKey(), Restoration.volumeBeside(entry.getKey()), entry.getValue());
            }
            discard();
        }

        @Override
        public boolean needsContainerGone() {
            return true;
        }

        @Override
        public void discard() {
            byVolume.keySet().forEach(volume -> driver.removeVolume(Restoration.volumeBeside(volume)));
        }
    }
}
