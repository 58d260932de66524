package dev.withstack.core.driver.process;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Named texts, lists and maps in a file that only this user may read: written whole or not at all. */
final class Fields {
    private final Properties properties;

    private Fields(Properties properties) {
        this.properties = properties;
    }

    static Fields none() {
        return new Fields(new Properties());
    }

    /** Read the file; empty if there is none. */
    static Optional<Fields> read(Path file) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(file)));
            return Optional.of(new Fields(properties));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read '" + file + "'.", e);
        }
    }

    void write(Path file) {
        StringWriter text = new StringWriter();
        try {
            properties.store(text, null);
            Path directory = file.toAbsolutePath().getParent();
            Files.createDirectories(directory);
            // made so that it is readable by this user alone
            Path draft = Files.createTempFile(directory, file.getFileName().toString(), ".new");
            Files.write(draft, text.toString().getBytes(StandardCharsets.UTF_8));
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write '" + file + "'.", e);
        }
    }

    Fields put(String name, Object value) {
        properties.setProperty(name, value.toString());
        return this;
    }

    String text(String name) {
        return properties.getProperty(name, "");
    }

    int number(String name) {
        String text = text(name);
        return text.isEmpty() ? 0 : Integer.parseInt(text);
    }

    Fields putAll(String name, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            put(name + "." + i, values.get(i));
        }
        return this;
    }

    List<String> texts(String name) {
        List<String> values = new ArrayList<>();
        for (int i = 0; properties.containsKey(name + "." + i); i++) {
            values.add(text(name + "." + i));
        }
        return values;
    }

    Fields putAll(String name, Map<String, String> values) {
        putAll(name + ".key", List.copyOf(values.keySet()));
        return putAll(name + ".value", List.copyOf(values.values()));
    }

    Map<String, String> map(String name) {
        Map<String, String> values = new LinkedHashMap<>();
        List<String> keys = texts(name + ".key");
        List<String> texts = texts(name + ".value");
        for (int i = 0; i < Math.min(keys.size(), texts.size()); i++) {
            values.put(keys.get(i), texts.get(i));
        }
        return values;
    }
}
