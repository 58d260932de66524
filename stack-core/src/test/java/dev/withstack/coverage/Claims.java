package dev.withstack.coverage;

import java.lang.reflect.AnnotatedElement;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestIdentifier;

/** A test method and the rows that it, its class and the classes around it claim. */
record Claims(String test, Set<String> rows) {

    /** Read what a test claims; empty for whatever is not a method, like a class or an engine. */
    static Optional<Claims> of(TestIdentifier identifier) {
        return identifier.getSource().flatMap(Claims::of);
    }

    private static Optional<Claims> of(TestSource source) {
        if (!(source instanceof MethodSource method)) {
            return Optional.empty();
        }
        var rows = new LinkedHashSet<String>();
        addRows(method.getJavaMethod(), rows);
        for (Class<?> type = method.getJavaClass(); type != null; type = type.getEnclosingClass()) {
            addRows(type, rows);
        }
        return Optional.of(new Claims(name(method), rows));
    }

    private static void addRows(AnnotatedElement element, Set<String> rows) {
        AnnotationSupport.findRepeatableAnnotations(element, Row.class).forEach(row -> rows.add(row.value()));
    }

    /** Two classes in different packages may have the same name, so the last part of the package goes with it. */
    private static String name(MethodSource method) {
        String[] parts = method.getClassName().replace('$', '.').split("\\.");
        int from = Math.max(0, method.getJavaClass().getPackageName().split("\\.").length - 1);
        return String.join(".", Arrays.asList(parts).subList(from, parts.length)) + "." + method.getMethodName();
    }
}
