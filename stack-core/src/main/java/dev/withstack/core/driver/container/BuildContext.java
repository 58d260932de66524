package dev.withstack.core.driver.container;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The files that an image is built from. Its digest changes whenever one of them does, and so tells whether the image
 * that is there is still the right one.
 *
 * <p>What {@code .dockerignore} leaves out is left out here too; where it has exceptions ({@code !}), nothing is: the
 * digest may cover more than the build sees, never less.
 */
record BuildContext(Path directory) {
    private static final int DIGEST_LENGTH = 12;
    private static final String IGNORE_FILE = ".dockerignore";

    /**
     * Return a short digest of the files and of what else the build is made from.
     *
     * @param recipe the Dockerfile as it will be built, with its stage and arguments
     */
    String digest(String recipe) {
        MessageDigest digest = sha256();
        digest.update(recipe.getBytes(StandardCharsets.UTF_8));
        try {
            for (Path file : files()) {
                String name = directory.relativize(file).toString();
                digest.update(
                        ("\n" + name + (Files.isExecutable(file) ? "*" : "") + "\n").getBytes(StandardCharsets.UTF_8));
                if (Files.isSymbolicLink(file)) {
                    digest.update(Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8));
                } else {
                    digestContent(file, digest);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read the files to build from in '" + directory + "'.", e);
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, DIGEST_LENGTH);
    }

    private static void digestContent(Path file, MessageDigest digest) throws IOException {
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }

    private List<Path> files() throws IOException {
        List<PathMatcher> ignored = ignored();
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                return isIgnored(path, ignored) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                if (!isIgnored(path, ignored)) {
                    files.add(path);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(null);
        return files;
    }

    private boolean isIgnored(Path path, List<PathMatcher> ignored) {
        Path relative = directory.relativize(path);
        return ignored.stream().anyMatch(matcher -> matcher.matches(relative));
    }

    private List<PathMatcher> ignored() throws IOException {
        Path file = directory.resolve(IGNORE_FILE);
        List<PathMatcher> matchers = new ArrayList<>();
        if (!Files.exists(file)) {
            return matchers;
        }
        for (String line : Files.readAllLines(file)) {
            String pattern = line.strip();
            if (pattern.startsWith("!")) {
                return List.of();
            }
            if (!pattern.isEmpty() && !pattern.startsWith("#")) {
                matchers.addAll(matchers(pattern));
            }
        }
        return matchers;
    }

    /** Docker's {@code **} stands for no directory at all too, which the JDK's globs want said apart. */
    private static List<PathMatcher> matchers(String pattern) {
        String plain = pattern.replaceAll("^/+|/+$", "");
        List<PathMatcher> matchers = new ArrayList<>();
        matchers.add(FileSystems.getDefault().getPathMatcher("glob:" + plain));
        if (plain.startsWith("**/")) {
            matchers.add(FileSystems.getDefault().getPathMatcher("glob:" + plain.substring(3)));
        }
        return matchers;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
