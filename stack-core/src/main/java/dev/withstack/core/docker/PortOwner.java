package dev.withstack.core.docker;

/** Say who holds a port of this host. */
public sealed interface PortOwner {

    /** Return it in words that follow "is in use by". */
    String description();

    /**
     * A process.
     *
     * @param pid its id
     * @param command its command line, shortened
     */
    record Process(long pid, String command) implements PortOwner {
        @Override
        public String description() {
            return "process " + pid + " (" + command + ")";
        }
    }

    /**
     * A container that publishes the port.
     *
     * @param name its name
     * @param project the stack or Compose project it belongs to; empty if none is known
     */
    record Container(String name, String project) implements PortOwner {
        @Override
        public String description() {
            return "container '" + name + "'" + (project.isEmpty() ? "" : " of '" + project + "'");
        }
    }

    /** Somebody whom this user may not see. */
    record Unknown() implements PortOwner {
        @Override
        public String description() {
            return "an unknown process (perhaps of another user: ask as root)";
        }
    }
}
