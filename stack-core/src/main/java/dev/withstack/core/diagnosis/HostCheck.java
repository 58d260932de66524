package dev.withstack.core.diagnosis;

import dev.withstack.core.driver.Capacity;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Sizes;
import dev.withstack.core.model.StackDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Looks at the engine, and whether its machine has what the stack's services may take. */
public final class HostCheck {
    private static final long LITTLE_DISK = 2L << 30;
    private static final long NO_DISK = 256L << 20;

    private final Driver driver;
    private final List<Finding> findings = new ArrayList<>();

    public HostCheck(Driver driver) {
        this.driver = driver;
    }

    /** Return what can be said without a definition: which engine it is, and how much room it has. */
    public List<Finding> run() {
        findings.add(Finding.good(Finding.Group.HOST, "engine", driver.describe()));
        driver.capacity().flatMap(Capacity::disk).ifPresent(this::checkDisk);
        return List.copyOf(findings);
    }

    /** Return the same, and whether CPUs and memory are enough for the services. */
    List<Finding> run(StackDefinition definition) {
        findings.add(Finding.good(Finding.Group.HOST, "engine", driver.describe()));
        Optional<Capacity> capacity = driver.capacity();
        Collection<Service> services = definition.servicesWithBase().values();
        capacity.ifPresent(one -> {
            checkCpus(services, one.cpus());
            checkMemory(services, one.memoryBytes());
            one.disk().ifPresent(this::checkDisk);
        });
        return List.copyOf(findings);
    }

    /** The engine refuses a container that may use more CPUs than there are. */
    private void checkCpus(Collection<Service> services, int cpus) {
        List<Service> greedy = services.stream()
                .filter(service -> service.limits().cpus().orElse(0.0) > cpus)
                .toList();
        greedy.forEach(service -> findings.add(Finding.bad(
                Finding.Group.HOST,
                "cpus",
                "'" + service.name() + "' may use " + service.limits().cpus().orElseThrow() + " CPUs, and there are "
                        + cpus + ": the engine refuses that",
                "set " + service.variable("CPUS") + " to " + cpus + " or less")));
        if (greedy.isEmpty()) {
            findings.add(Finding.good(Finding.Group.HOST, "cpus", Integer.toString(cpus)));
        }
    }

    private void checkMemory(Collection<Service> services, long memory) {
        List<Service> limited = services.stream()
                .filter(service -> service.limits().memoryBytes().isPresent())
                .toList();
        long sum = limited.stream().mapToLong(HostCheck::memoryOf).sum();
        String text = Sizes.text(memory)
                + (limited.isEmpty()
                        ? "; no service has a limit"
                        : "; the limits of the services add up to " + Sizes.text(sum));
        Optional<Service> largest = limited.stream().max(Comparator.comparingLong(HostCheck::memoryOf));
        if (sum > memory && largest.isPresent()) {
            findings.add(Finding.doubtful(
                    Finding.Group.HOST,
                    "memory",
                    text + ": when all use what they may, some are killed",
                    "lower a limit, such as " + largest.get().variable("MEMORY") + " ("
                            + Sizes.text(memoryOf(largest.get())) + ")"));
        } else {
            findings.add(Finding.good(Finding.Group.HOST, "memory", text));
        }
    }

    private static long memoryOf(Service service) {
        return service.limits().memoryBytes().orElse(0L);
    }

    private void checkDisk(Capacity.Disk disk) {
        String text =
                Sizes.text(disk.freeBytes()) + " of " + Sizes.text(disk.totalBytes()) + " free in " + disk.directory();
        String fix = "remove what is not needed: docker system df shows what takes the room";
        if (disk.freeBytes() < NO_DISK) {
            findings.add(Finding.bad(Finding.Group.HOST, "disk", text + ": servers can't write", fix));
        } else if (disk.freeBytes() < LITTLE_DISK) {
            findings.add(Finding.doubtful(Finding.Group.HOST, "disk", text, fix));
        } else {
            findings.add(Finding.good(Finding.Group.HOST, "disk", text));
        }
    }
}
