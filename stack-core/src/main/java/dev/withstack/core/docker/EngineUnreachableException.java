package dev.withstack.core.docker;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Say that no engine answers: none could be found, it refused the connection, or the connection broke. */
public final class EngineUnreachableException extends EngineException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable LocatedEngine engine;
    private final transient List<LocatedEngine.Tried> tried;

    /** Say that no engine was found at any of the places tried. */
    public EngineUnreachableException(List<LocatedEngine.Tried> tried, String advice) {
        super("No Docker engine found." + listed(tried) + "\n" + advice, null);
        this.engine = null;
        this.tried = List.copyOf(tried);
    }

    /** Say that the engine at a known address does not answer. */
    public EngineUnreachableException(LocatedEngine engine, String problem, String advice, @Nullable Throwable cause) {
        super(
                "Can't reach the Docker engine at " + engine + ": " + problem + "." + listed(engine.tried()) + "\n"
                        + advice,
                cause);
        this.engine = engine;
        this.tried = engine.tried();
    }

    /** Return the engine that did not answer; empty when none was found. */
    public Optional<LocatedEngine> engine() {
        return Optional.ofNullable(engine);
    }

    /** Return what was looked at in vain, in order. */
    public List<LocatedEngine.Tried> tried() {
        return tried;
    }

    private static String listed(List<LocatedEngine.Tried> tried) {
        if (tried.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder(" Looked at:");
        for (LocatedEngine.Tried one : tried) {
            text.append("\n  ").append(one);
        }
        return text.toString();
    }
}
