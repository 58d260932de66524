package dev.withstack.core.data;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which backups are kept: the last of each of so many hours that have one, the last of each of so many days that have
 * one, both in UTC, and the newest in any case. Immutable.
 */
public record Retention(int hourly, int daily) {

    /** Return those that are not kept, of backups of one stack in one environment, the newest first. */
    public List<Backup> surplus(List<Backup> backups) {
        List<Backup> newestFirst = new ArrayList<>(backups);
        newestFirst.sort(
                Comparator.comparing((Backup backup) -> backup.manifest().taken())
                        .thenComparing(Backup::name)
                        .reversed());
        Set<Instant> hours = new HashSet<>();
        Set<Instant> days = new HashSet<>();
        List<Backup> surplus = new ArrayList<>();
        for (Backup backup : newestFirst) {
            Instant taken = backup.manifest().taken();
            boolean isLastOfHour = hours.size() < hourly && hours.add(taken.truncatedTo(ChronoUnit.HOURS));
            boolean isLastOfDay = days.size() < daily && days.add(taken.truncatedTo(ChronoUnit.DAYS));
            boolean isNewest = backup.equals(newestFirst.get(0));
            if (!isLastOfHour && !isLastOfDay && !isNewest) {
                surplus.add(backup);
            }
        }
        return surplus;
    }
}
