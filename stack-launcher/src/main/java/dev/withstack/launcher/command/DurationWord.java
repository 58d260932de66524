package dev.withstack.launcher.command;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** Reads a duration such as {@code 500ms}, {@code 90s}, {@code 2m}, {@code 1h30m} or {@code 3d}. */
final class DurationWord implements CommandLine.ITypeConverter<Duration> {
    private static final Pattern PART = Pattern.compile("(\\d+)(ms|s|m|h|d)");
    private static final Pattern WHOLE = Pattern.compile("(\\d{1,9}(ms|s|m|h|d))+");

    @Override
    public Duration convert(String word) {
        return read(word)
                .orElseThrow(() -> new CommandLine.TypeConversionException(
                        "'" + word + "' is no duration. Write it like 500ms, 90s, 2m or 1h30m."));
    }

    static Optional<Duration> read(String word) {
        if (!WHOLE.matcher(word).matches()) {
            return Optional.empty();
        }
        Duration total = Duration.ZERO;
        Matcher part = PART.matcher(word);
        while (part.find()) {
            total = total.plus(of(Long.parseLong(part.group(1)), part.group(2)));
        }
        return Optional.of(total);
    }

    private static Duration of(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
