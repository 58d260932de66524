package dev.withstack.core.data;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs the tools that a server's own image has, within its container: they match the server's version, and nothing has
 * to be published or installed.
 *
 * @param environment what the tools are told beside their arguments, such as a password
 */
record Inside(Driver driver, StackDefinition owner, Service service, Map<String, String> environment) {

    /** Run a line of shell and return what it wrote. {@code $1} and so on are the words. */
    String run(String script, String... words) throws IOException, InterruptedException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        pipe(script, InputStream.nullInputStream(), output, words);
        return output.toString(StandardCharsets.UTF_8);
    }

    /** Run a line of shell that is given a text to read, its number of bytes as {@code $1}. */
    String run(String script, byte[] input, String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(Integer.toString(input.length)));
        all.addAll(List.of(words));
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        pipe(script, new java.io.ByteArrayInputStream(input), output, all.toArray(String[]::new));
        return output.toString(StandardCharsets.UTF_8);
    }

    /**
     * Run a line of shell.
     *
     * @return what it wrote to its standard error
     * @throws IOException if it ends with another exit code than 0, with what it wrote to its standard error
     */
    String pipe(String script, InputStream input, OutputStream output, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.addAll(List.of(words));
        try {
            Driver.ExecResult result =
                    driver.pipe(owner.id(), service.name(), new Driver.Pipe(command, environment, input, output));
            if (result.exitCode() != 0) {
                String why = result.stderr().strip();
                throw new IOException(why.isEmpty() ? "it ended with exit code " + result.exitCode() : why);
            }
            return result.stderr();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public String toString() {
        return "Inside[" + service.name() + " of " + owner.id() + "]";
    }
}
