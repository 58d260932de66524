package dev.withstack.launcher;

import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.engine.StackInterruptedException;
import dev.withstack.core.engine.StartFailedException;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.plan.PlanRefusedException;
import dev.withstack.launcher.command.CommandFailedException;
import dev.withstack.launcher.command.ExitCode;
import dev.withstack.launcher.command.OutputLostException;
import dev.withstack.launcher.console.JsonText;
import dev.withstack.launcher.console.Style;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an exception means to the user.
 *
 * @param text what to print; empty for nothing
 */
record Failure(ExitCode exitCode, String text, Throwable cause) {

    static Failure of(Throwable thrown) {
        if (thrown instanceof CommandFailedException failed) {
            return new Failure(failed.exitCode(), textOf(failed), failed);
        } else if (thrown instanceof InvalidDefinitionException invalid) {
            return new Failure(ExitCode.INVALID, textOf(invalid), invalid);
        } else if (thrown instanceof PlanRefusedException refused) {
            return new Failure(ExitCode.FAILED, textOf(refused), refused);
        } else if (thrown instanceof StartFailedException failed) {
            return of(failed);
        } else if (thrown instanceof DriverException refused) {
            return of(refused);
        } else if (thrown instanceof StackInterruptedException || thrown instanceof InterruptedException) {
            return new Failure(ExitCode.INTERRUPTED, "Interrupted.", thrown);
        } else if (thrown instanceof OutputLostException) {
            return new Failure(ExitCode.OK, "", thrown);
        }
        String detail = thrown instanceof UncheckedIOException io && io.getCause() != null
                ? " (" + io.getCause().getMessage() + ")"
                : "";
        return new Failure(ExitCode.INTERNAL, textOf(thrown) + detail, thrown);
    }

    private static Failure of(StartFailedException failed) {
        ExitCode exitCode =
                switch (failed.diagnosis().kind()) {
                    case FAILED -> ExitCode.FAILED;
                    case TIMED_OUT -> ExitCode.TIMED_OUT;
                };
        return new Failure(exitCode, failed.diagnosis().text(), failed);
    }

    private static Failure of(DriverException refused) {
        ExitCode exitCode =
                switch (refused.kind()) {
                    case ENGINE -> ExitCode.ENGINE;
                    case NOT_FOUND -> ExitCode.NOT_RUNNING;
                    case IMAGE, PORT, REFUSED -> ExitCode.FAILED;
                };
        String fix = refused.fix().isEmpty() ? "" : "\n→ " + refused.fix();
        return new Failure(exitCode, textOf(refused) + fix, refused);
    }

    private static String textOf(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? thrown.getClass().getSimpleName() : message;
    }

    /** Return the text with its first line marked as an error. */
    String coloured(Style style) {
        int end = text.indexOf('\n');
        String first = end < 0 ? text : text.substring(0, end);
        String rest = end < 0 ? "" : text.substring(end);
        return exitCode == ExitCode.INTERRUPTED ? style.yellow(first) + rest : style.red(style.bold(first)) + rest;
    }

    /** Return the failure as one line of JSON. */
    String json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", "error");
        fields.put("exitCode", exitCode.code());
        fields.put("message", text);
        if (cause instanceof StartFailedException failed) {
            Diagnosis diagnosis = failed.diagnosis();
            fields.put("service", diagnosis.service());
        }
        return JsonText.of(fields);
    }
}
