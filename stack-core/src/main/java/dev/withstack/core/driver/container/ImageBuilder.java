package dev.withstack.core.driver.container;

import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.EngineAddress;
import dev.withstack.core.docker.EngineException;
import dev.withstack.core.docker.ImageSummary;
import dev.withstack.core.docker.LabelFilter;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.Step;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Builds images from the user's source tree with the {@code docker} command, which alone speaks BuildKit. The tag holds
 * a digest of all that the image is made from, so an unchanged source is never built again.
 */
final class ImageBuilder {
    private static final int KEPT_OUTPUT = 25;
    private static final int KEPT_IMAGES = 2;

    private final DockerEngine engine;
    private final ImageChooser chooser;
    private final Path project;

    ImageBuilder(DockerEngine engine, ImageChooser chooser, Path project) {
        this.engine = engine;
        this.chooser = chooser;
        this.project = project;
    }

    /** What is built, once it is known what it stands on. */
    private record Recipe(String tag, String dockerfile, String target) {}

    /**
     * Return the image as it should be, which the engine may or may not have. One that was built from this source while
     * no registry answered is still the right one.
     */
    ImageUse use(StackDefinition definition, Service service, Source.Build build, ImageStore store) {
        String tag =
                recipe(definition, service, build, base -> chosen(base, store)).tag();
        Optional<ImageUse> built = store.present(tag, Optional.empty());
        if (built.isEmpty()) {
            built = store.present(
                    recipe(definition, service, build, base -> chooser.evenWithoutRegistry(base, store))
                            .tag(),
                    Optional.empty());
        }
        return new ImageUse(
                "built from " + build.directory(),
                built.map(ImageUse::used).orElse(tag),
                built.map(ImageUse::id).orElse(""),
                ImageUse.Standing.BUILT,
                "",
                "");
    }

    private ImageUse chosen(String base, ImageStore store) {
        return chooser.choose(base, Optional.empty(), Optional.empty(), store);
    }

    /** Build the image, after bringing what it stands on. */
    void build(
            StackDefinition definition,
            Service service,
            Source.Build build,
            Step.Layers layers,
            Consumer<String> progress)
            throws InterruptedException {
        Dockerfile dockerfile = read(service, build);
        for (String base : dockerfile.bases()) {
            chooser.bring(base, progress);
        }
        ImageStore store = new ImageStore(engine);
        Recipe recipe = recipe(definition, service, build, base -> chosen(base, store));
        List<String> command = new ArrayList<>(List.of("docker", "build", "--file", "-", "--tag", recipe.tag()));
        // the container of a step that fails would stay, for somebody to look into who is not told of it
        command.add("--force-rm");
        if (layers == Step.Layers.MADE_ANEW) {
            command.add("--no-cache");
        }
        command.addAll(
                List.of("--label", Labels.BUILD + "=" + Labels.buildOf(definition.id(), service.declaredName())));
        if (!recipe.target().isEmpty()) {
            command.addAll(List.of("--target", recipe.target()));
        }
        build.arguments().forEach((name, value) -> command.addAll(List.of("--build-arg", name + "=" + value)));
        command.add(directory(build).toString());
        run(service, command, recipe.dockerfile(), progress);
        removeOlder(definition, service, recipe.tag());
    }

    private Recipe recipe(
            StackDefinition definition, Service service, Source.Build build, Function<String, ImageUse> baseFor) {
        Dockerfile dockerfile = read(service, build);
        StringBuilder bases = new StringBuilder();
        String rewritten = dockerfile.rewritten(base -> {
            ImageUse use = baseFor.apply(base);
            bases.append(use.used()).append('=').append(use.id()).append('\n');
            return use.used();
        });
        // a stage is a wish: a Dockerfile of the user's own may well have none
        String target = dockerfile.hasStage(build.target()) ? build.target() : "";
        String digest =
                new BuildContext(directory(build)).digest(rewritten + "\n" + bases + target + "\n" + build.arguments());
        String name = build.imageName().isEmpty()
                ? "withstack/" + definition.name() + "-" + service.declaredName()
                : build.imageName();
        return new Recipe(name + ":" + digest, rewritten, target);
    }

    private Path directory(Source.Build build) {
        return project.resolve(build.directory()).toAbsolutePath().normalize();
    }

    private Dockerfile read(Service service, Source.Build build) {
        if (!build.inline().isEmpty()) {
            return new Dockerfile(build.inline(), build.arguments());
        }
        Path file = directory(build).resolve(build.dockerfile());
        if (!Files.isRegularFile(file)) {
            throw new DriverException(
                    DriverException.Kind.IMAGE,
                    "'" + service.name() + "' is built from '" + file + "', which does not exist.",
                    "point at the project with --project, set " + service.variable("IMAGE")
                            + " to a ready image, or start without it: --infra");
        }
        try {
            return new Dockerfile(Files.readString(file), build.arguments());
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read '" + file + "'.", e);
        }
    }

    private void run(Service service, List<String> command, String dockerfile, Consumer<String> progress)
            throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (!(engine.located().address() instanceof EngineAddress.Tls)) {
            builder.environment().put("DOCKER_HOST", engine.located().address().url());
        }
        Process process = begin(service, builder);
        try (OutputStream in = process.getOutputStream()) {
            in.write(dockerfile.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // it has ended early, and its output below says why
        }
        Output output = new Output(process, progress);
        output.start();
        try {
            int code = process.waitFor();
            output.join();
            if (code != 0) {
                throw new DriverException(
                        DriverException.Kind.IMAGE,
                        "The image of '" + service.name() + "' can't be built (docker build ended with " + code + "):\n"
                                + String.join("\n", output.tail()),
                        "mend the Dockerfile or the source; docker build in '" + command.get(command.size() - 1)
                                + "' shows the same");
            }
        } finally {
            // without its client the engine gives the build up, with the container that it runs the step in
            process.destroy();
        }
    }

    private static Process begin(Service service, ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new DriverException(
                    DriverException.Kind.IMAGE,
                    "'" + service.name() + "' has to be built, and the docker command was not found.",
                    "install Docker's command line client, or set " + service.variable("IMAGE") + " to a ready image",
                    e);
        }
    }

    /** Reads what the build says, on a thread of its own: a step that is silent must not keep us from giving up. */
    private static final class Output extends Thread {
        private final Process process;
        private final Consumer<String> progress;
        private final Deque<String> tail = new ArrayDeque<>();

        Output(Process process, Consumer<String> progress) {
            super("withstack-build-output");
            setDaemon(true);
            this.process = process;
            this.progress = progress;
        }

        @Override
        public void run() {
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    if (!line.isBlank()) {
                        add(line);
                        progress.accept(line.strip());
                    }
                }
            } catch (IOException e) {
                // the process was ended, and with it what it had to say
            }
        }

        private synchronized void add(String line) {
            tail.add(line);
            if (tail.size() > KEPT_OUTPUT) {
                tail.remove();
            }
        }

        synchronized List<String> tail() {
            return List.copyOf(tail);
        }
    }

    /** Builds of a source that changes pile up; all but the newest are removed, those in use excepted. */
    private void removeOlder(StackDefinition definition, Service service, String newest) {
        List<ImageSummary> builds = new ArrayList<>(engine.images()
                .list(LabelFilter.label(Labels.BUILD, Labels.buildOf(definition.id(), service.declaredName()))));
        builds.sort(Comparator.comparing(ImageSummary::created).reversed());
        builds.stream()
                .filter(image -> !image.tags().contains(newest))
                .skip(KEPT_IMAGES - 1L)
                .flatMap(image -> image.tags().stream())
                .forEach(this::removeIfUnused);
    }

    private void removeIfUnused(String tag) {
        try {
            engine.images().remove(tag);
        } catch (EngineException e) {
            // in use: it goes with a later build
        }
    }
}
