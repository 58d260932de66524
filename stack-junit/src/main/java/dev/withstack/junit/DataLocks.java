package dev.withstack.junit;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Lets tests that share a stack which is reset before each of them run one at a time, where JUnit runs them in parallel. */
final class DataLocks implements ResourceLocksProvider {
    @Override
    public Set<Lock> provideForMethod(List<Class<?>> enclosing, Class<?> testClass, Method testMethod) {
        List<Class<?>> classes = new ArrayList<>(enclosing);
        classes.add(testClass);
        for (int i = classes.size() - 1; i >= 0; i--) {
            Class<?> annotated = classes.get(i);
            WithStack asked =
                    AnnotationSupport.findAnnotation(annotated, WithStack.class).orElse(null);
            if (asked != null) {
                return locks(asked, annotated);
            }
        }
        return Set.of();
    }

    private static Set<Lock> locks(WithStack asked, Class<?> annotated) {
        if (asked.reset() == Reset.NEVER) {
            return Set.of();
        }
        return switch (asked.scope()) {
            case METHOD -> Set.of();
            case CLASS -> Set.of(ofClass(annotated));
            case RUN ->
                switch (asked.isolation()) {
                    case NONE -> Set.of(new Lock("withstack " + asked));
                    case CLASS -> Set.of(ofClass(annotated));
                };
        };
    }

    private static Lock ofClass(Class<?> annotated) {
        return new Lock("withstack of " + annotated.getName());
    }
}
