package dev.withstack.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a service runs from. */
public sealed interface Source {

    /** An image, by reference, such as {@code redis:7-alpine}. */
    record Image(String reference) implements Source {
        private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\d+)+");

        @Override
        public String version() {
            Matcher version = VERSION.matcher(reference.substring(reference.lastIndexOf('/') + 1));
            return version.find() ? version.group() : "";
        }
    }

    /** Return the version of what it is, as the tag of an image tells it; empty where none does, as with {@code latest}. */
    default String version() {
        return "";
    }

    /**
     * An image built from the user's own source tree.
     *
     * @param directory the build context, relative to the project directory
     * @param dockerfile the Dockerfile, relative to the build context
     * @param target the stage to build, empty for the last
     * @param arguments build arguments, in order
     * @param imageName what to call the image; services that give it the same name, and build the same, share it.
     *     Empty for a name after the service
     * @param inline the text of the Dockerfile itself, which is in no file then; empty where it is in one
     */
    record Build(
            String directory,
            String dockerfile,
            String target,
            Map<String, String> arguments,
            String imageName,
            String inline)
            implements Source {
        public Build {
            arguments = Ordered.copyOf(arguments);
        }

        public Build(String directory, String dockerfile, String target, Map<String, String> arguments) {
            this(directory, dockerfile, target, arguments, "");
        }

        public Build(
                String directory, String dockerfile, String target, Map<String, String> arguments, String imageName) {
            this(directory, dockerfile, target, arguments, imageName, "");
        }

        /** Return the same, built by a Dockerfile that is no file. */
        public Build inline(String text) {
            return new Build(directory, dockerfile, target, arguments, imageName, text);
        }
    }

    /**
     * A container that the user makes, of a type that a driver knows: any Testcontainers container.
     *
     * @param type the type's name, for people
     * @param container makes a new, not yet started container at each call
     */
    record Provided(String type, Supplier<?> container) implements Source {}

    /**
     * A process of this host. It ends with the launcher that started it.
     *
     * @param directory where it runs, relative to the project directory
     * @param command the program and its arguments
     * @param entry a file that shows that the directory is the right one, relative to it; empty for none
     * @param preparations what must hold before it can run, in order
     */
    record Process(String directory, List<Value> command, Tools tools, String entry, List<Preparation> preparations)
            implements Source {
        public Process {
            command = List.copyOf(command);
            preparations = List.copyOf(preparations);
        }

        /** Return the same process with one more argument. */
        public Process argument(Value argument) {
            List<Value> longer = new ArrayList<>(command);
            longer.add(argument);
            return new Process(directory, longer, tools, entry, preparations);
        }

        /** Return the same process with its programs looked for there. */
        public Process tools(Tools where) {
            return new Process(directory, command, where, entry, preparations);
        }

        /** Return the same process, which can only run where this file is. */
        public Process entry(String file) {
            return new Process(directory, command, tools, file, preparations);
        }

        /** Return the same process, which needs this to hold too. */
        public Process preparation(Preparation preparation) {
            List<Preparation> more = new ArrayList<>(preparations);
            more.add(preparation);
            return new Process(directory, command, tools, entry, more);
        }
    }

    /** Something that runs already, elsewhere: checked, never started or stopped. */
    record External(List<HostAndPort> addresses) implements Source {
        public External {
            addresses = List.copyOf(addresses);
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("What runs elsewhere needs an address.");
            }
        }

        /** Return the address of the endpoint at the given position among the service's endpoints. */
        public HostAndPort address(int position) {
            return addresses.get(Math.min(position, addresses.size() - 1));
        }
    }
}
