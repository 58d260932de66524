package dev.withstack.core.model;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What a service runs from. */
public sealed interface Source {

    /** An image, by reference, such as {@code redis:7-alpine}. */
    record Image(String reference) implements Source {}

    /**
     * An image built from the user's own source tree.
     *
     * @param directory the build context, relative to the project directory
     * @param dockerfile the Dockerfile, relative to the build context
     * @param target the stage to build, empty for the last
     * @param arguments build arguments, in order
     * @param imageName what to call the image; services that give it the same name, and build the same, share it.
     *     Empty for a name after the service
     */
    record Build(String directory, String dockerfile, String target, Map<String, String> arguments, String imageName)
            implements Source {
        public Build {
            arguments = Ordered.copyOf(arguments);
        }

        public Build(String directory, String dockerfile, String target, Map<String, String> arguments) {
            this(directory, dockerfile, target, arguments, "");
        }
    }

    /**
     * A container that the user makes, of a type that a driver knows: any Testcontainers container.
     *
     * @param type the type's name, for people
     * @param container makes a new, not yet started container at each call
     */
    record Provided(String type, Supplier<?> container) implements Source {}

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
