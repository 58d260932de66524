package dev.withstack.junit;

import dev.withstack.core.driver.DriverException;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.StackEngine;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/**
 * Does what {@link WithStack} says. A loan is kept in the store of whoever shares it, a method, a class or the whole run,
 * which closes it when that is over.
 */
final class WithStackExtension
        implements ExecutionCondition,
                BeforeAllCallback,
                TestInstancePostProcessor,
                BeforeEachCallback,
                AfterEachCallback,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler,
                ParameterResolver {
    static final Namespace NAMESPACE = Namespace.create(WithStackExtension.class);
    private static final String ENGINE_REQUIRED = "withstack.engine.required";
    private static final String DOCKER_HOST = "withstack.docker.host";

    /** The loan is made in the method's context, so that a constructor is given the stack of its method. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<Choice> choice = choiceOf(context);
        if (choice.isEmpty() || isEngineRequired(context)) {
            return ConditionEvaluationResult.enabled("No engine has to be looked for.");
        }
        return answerOfTheEngine(context, choice.get());
    }

    /** An engine that has answered one class is not asked again by those after it. */
    private static ConditionEvaluationResult answerOfTheEngine(ExtensionContext context, Choice choice) {
        Store ofTheRun = store(context.getRoot());
        String earlier = ofTheRun.get(new AnswerOf(choice.dockerHost()), String.class);
        if (earlier != null) {
            return ConditionEvaluationResult.enabled(earlier);
        }
        try (StackEngine engine = choice.engine()) {
            String answer = engine.driver().describe();
            ofTheRun.put(new AnswerOf(choice.dockerHost()), answer);
            return ConditionEvaluationResult.enabled(answer);
        } catch (DriverException e) {
            if (e.kind() != DriverException.Kind.ENGINE) {
                throw e;
            }
            return ConditionEvaluationResult.disabled("No Docker engine answers, and " + choice.name()
                    + " needs one (with CI=true this is a failure): " + e.getMessage());
        }
    }

    /** Under which it is kept that the engine of that name has answered. */
    private record AnswerOf(String dockerHost) {}

    @Override
    public void beforeAll(ExtensionContext context) {
        Class<?> testClass = context.getRequiredTestClass();
        if (scope(context) == Scope.METHOD) {
            refuseStaticFields(testClass);
        } else {
            // a class that asks for nothing before its first test has it running by then all the same
            Lent loan = loan(context);
            RunningStack unused = loan.stack();
            Injection.intoClass(testClass, loan);
        }
    }

    @Override
    public void postProcessTestInstance(Object instance, ExtensionContext context) {
        if (scope(context) != Scope.METHOD || context.getTestMethod().isPresent()) {
            Injection.intoInstance(instance, loan(context));
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        store(context).put(Instant.class, Instant.now());
        Lent loan = loan(context);
        if (scope(context) != Scope.METHOD) {
            loan.reset();
        }
        for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
            Injection.intoInstance(instance, loan);
        }
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw explained(context, failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw explained(context, failure);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw explained(context, failure);
    }

    /** Return the failure with what the stack was doing. */
    private static Throwable explained(ExtensionContext context, Throwable failure) {
        if (!(failure instanceof TestAbortedException)) {
            evidence(context).ifPresent(evidence -> failure.addSuppressed(evidence.asException()));
        }
        return failure;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Evidence.Outcome outcome = context.getExecutionException()
                        .filter(failure -> !(failure instanceof TestAbortedException))
                        .isPresent()
                ? Evidence.Outcome.FAILED
                : Evidence.Outcome.PASSED;
        evidence(context).ifPresent(evidence -> evidence.write(outcome));
        Lent loan = loan(context);
        if (scope(context) != Scope.METHOD
                && loan.started().map(RunningStack::mend).orElse(false)) {
            // what was started again may have another port now
            for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
                Injection.intoClass(instance.getClass(), loan);
            }
        }
    }

    private static Optional<Evidence> evidence(ExtensionContext context) {
        Instant since = store(context).getOrDefault(Instant.class, Instant.class, Instant.now());
        return loan(context).started().map(stack -> new Evidence(stack, since, EvidenceDirectory.of(context)));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return Injection.isAsked(
                parameter.getAnnotatedElement(), parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (scope(context) == Scope.METHOD && context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException("No stack runs yet for '" + parameter.getParameter()
                    + "': with scope = METHOD each test method has its own, from its constructor or @BeforeEach on.");
        }
        return Injection.value(
                parameter.getAnnotatedElement(), parameter.getParameter().getType(), loan(context));
    }

    private static Lent loan(ExtensionContext context) {
        Choice choice = choice(context);
        Loan whole =
                switch (choice.asked().scope()) {
                    case METHOD, CLASS -> kept(store(context), choice, () -> new Loan(choice), Loan.class);
                    case RUN -> kept(store(context.getRoot()), choice, () -> new Loan(choice), Loan.class);
                };
        return switch (choice.asked().isolation()) {
            case NONE -> whole;
            case CLASS -> kept(store(context), new PortionOf(choice), () -> new Portion(choice, whole), Portion.class);
        };
    }

    /** Under which a portion is kept, beside the loan of the same choice. */
    private record PortionOf(Choice choice) {}

    // JUnit 6 has another name for it, which 5.13 does not know
    @SuppressWarnings("deprecation")
    private static <T> T kept(Store store, Object key, Supplier<T> made, Class<T> type) {
        return Objects.requireNonNull(store.getOrComputeIfAbsent(key, unused -> made.get(), type));
    }

    private static Scope scope(ExtensionContext context) {
        return choice(context).asked().scope();
    }

    /** Return what the class asks for, or the one that it is nested in. */
    private static Choice choice(ExtensionContext context) {
        return choiceOf(context)
                .or(() -> context.getParent().map(WithStackExtension::choice))
                .orElseThrow(() -> new ExtensionConfigurationException(
                        "The extension of @WithStack is registered without the annotation."));
    }

    /** Return what the class itself asks for. */
    private static Optional<Choice> choiceOf(ExtensionContext context) {
        return context.getTestMethod().isPresent()
                ? Optional.empty()
                : AnnotationSupport.findAnnotation(context.getElement(), WithStack.class)
                        .map(asked -> new Choice(
                                asked,
                                context.getConfigurationParameter(DOCKER_HOST).orElse(""),
                                store(context).getOrDefault(Engines.class, Engines.class, Engines.USUAL)));
    }

    private static void refuseStaticFields(Class<?> testClass) {
        List<String> names = Injection.fields(testClass).stream()
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .map(Field::getName)
                .toList();
        if (!names.isEmpty()) {
            throw new ExtensionConfigurationException("Static fields of " + testClass.getSimpleName()
                    + " can't be given the stack of one method (scope = METHOD): make " + String.join(", ", names)
                    + " instance fields.");
        }
    }

    private static boolean isEngineRequired(ExtensionContext context) {
        return context.getConfigurationParameter(ENGINE_REQUIRED)
                .map(Boolean::parseBoolean)
                .orElseGet(() -> Boolean.parseBoolean(System.getenv("CI")));
    }

    private static Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }
}
