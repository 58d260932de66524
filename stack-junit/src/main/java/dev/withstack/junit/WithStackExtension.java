package dev.withstack.junit;

import dev.withstack.core.Stacks;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.Selection;
import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.engine.StackEvent;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what {@link WithStack} says. The stack is kept in the class's store, which closes it after the last test. */
final class WithStackExtension implements ExecutionCondition, BeforeAllCallback, ParameterResolver {
    private static final Logger LOG = LoggerFactory.getLogger(WithStackExtension.class);
    private static final Namespace NAMESPACE = Namespace.create(WithStackExtension.class);
    private static final String ENGINE_REQUIRED = "withstack.engine.required";
    private static final String DOCKER_HOST = "withstack.docker.host";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<WithStack> asked = annotation(context);
        if (asked.isEmpty() || isEngineRequired(context)) {
            return ConditionEvaluationResult.enabled("No engine has to be looked for.");
        }
        try (StackEngine engine = engine(asked.get(), context)) {
            return ConditionEvaluationResult.enabled(engine.driver().describe());
        } catch (DriverException e) {
            if (e.kind() != DriverException.Kind.ENGINE) {
                throw e;
            }
            return ConditionEvaluationResult.disabled("No Docker engine answers, and "
                    + asked.get().value().getSimpleName() + " needs one (with CI=true this is a failure): "
                    + e.getMessage());
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        annotation(context)
                .ifPresent(asked -> context.getStore(NAMESPACE).put(RunningStack.class, start(asked, context)));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.isAnnotated(ServiceEndpoint.class)
                || parameter.getParameter().getType() == RunningStack.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        RunningStack stack = context.getStore(NAMESPACE).get(RunningStack.class, RunningStack.class);
        if (stack == null) {
            throw new ParameterResolutionException("No stack runs for '" + parameter.getParameter()
                    + "': it is started after the class is loaded and before its first test.");
        }
        Optional<ServiceEndpoint> endpoint = parameter.findAnnotation(ServiceEndpoint.class);
        return endpoint.isPresent() ? address(stack, endpoint.get(), parameter) : stack;
    }

    private static Object address(RunningStack stack, ServiceEndpoint asked, ParameterContext parameter) {
        Class<?> type = parameter.getParameter().getType();
        HostAndPort address = stack.service(asked.value()).address(asked.endpoint());
        if (type == HostAndPort.class) {
            return address;
        } else if (type == String.class) {
            return address.toString();
        } else if (type == URI.class) {
            return URI.create(asked.scheme() + "://" + address);
        }
        throw new ParameterResolutionException("@ServiceEndpoint(\"" + asked.value() + "\") can't be given as "
                + type.getName() + "; ask for a HostAndPort, a String or a URI.");
    }

    private static Optional<WithStack> annotation(ExtensionContext context) {
        return context.getTestMethod().isPresent()
                ? Optional.empty()
                : AnnotationSupport.findAnnotation(context.getElement(), WithStack.class);
    }

    private static RunningStack start(WithStack asked, ExtensionContext context) {
        StackProfile profile = ReflectionSupport.newInstance(asked.value());
        StackDefinition definition = Profiles.load(profile, Settings.of(Environment.TEST, settings(asked)));
        return Stacks.start(
                definition,
                new Selection.WithNeeds(List.of(asked.services())),
                engine(asked, context),
                WithStackExtension::log);
    }

    private static Map<String, String> settings(WithStack asked) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String setting : asked.settings()) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new ExtensionConfigurationException("The setting '" + setting + "' of @WithStack("
                        + asked.value().getSimpleName() + ") is not written as NAME=VALUE.");
            }
            settings.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return settings;
    }

    private static StackEngine engine(WithStack asked, ExtensionContext context) {
        Map<String, String> environment = new LinkedHashMap<>(System.getenv());
        context.getConfigurationParameter(DOCKER_HOST).ifPresent(host -> environment.put("DOCKER_HOST", host));
        return Stacks.engine(environment, Path.of(asked.project()));
    }

    private static boolean isEngineRequired(ExtensionContext context) {
        return context.getConfigurationParameter(ENGINE_REQUIRED)
                .map(Boolean::parseBoolean)
                .orElseGet(() -> Boolean.parseBoolean(System.getenv("CI")));
    }

    private static void log(StackEvent event) {
        if (event instanceof StackEvent.Notice notice) {
            LOG.info("{}", notice.text());
        } else if (event instanceof StackEvent.Finished finished) {
            LOG.info("Stack ready in {} ms", finished.timeline().total().toMillis());
        }
    }
}
