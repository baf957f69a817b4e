package lv.tdam.client;

import java.util.function.Consumer;

/** Tells the user's hooks. A hook that throws must not take from its user the answer of a call that succeeded. */
final class Hooks {
    private static final System.Logger LOGGER = System.getLogger("lv.tdam.client");

    private Hooks() {
    }

    static <T> void tell(Consumer<T> hook, T event) {
        try {
            hook.accept(event);
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.WARNING, "a hook given to the client threw", e);
        }
    }
}
