package dev.withstack.launcher.command;

import dev.withstack.core.profile.Profiles;
import java.util.Iterator;

/** The names that a shell offers where a stack is meant. Looked up when somebody asks for them. */
final class StackNames implements Iterable<String> {

    @Override
    public Iterator<String> iterator() {
        return Profiles.find(StackNames.class.getClassLoader()).names().iterator();
    }
}
