package dev.withstack.core.driver.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.driver.Driver;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostDriverTests {

    /** What a driver need not say, this one must pass on all the same: containers have the answer. */
    @Test
    void hostDriverWhenAskedPassesOnEverythingThatADriverMayTell() {
        List<String> passedOn = signatures(HostDriver.class.getDeclaredMethods());

        assertThat(Arrays.stream(Driver.class.getMethods()).filter(Method::isDefault))
                // this one asks the other of its name
                .filteredOn(method -> !(method.getName().equals("examine") && method.getParameterCount() == 2))
                .extracting(HostDriverTests::signature)
                .isSubsetOf(passedOn);
    }

    private static List<String> signatures(Method[] methods) {
        return Arrays.stream(methods).map(HostDriverTests::signature).toList();
    }

    private static String signature(Method method) {
        return method.getName() + Arrays.toString(method.getParameterTypes());
    }
}
