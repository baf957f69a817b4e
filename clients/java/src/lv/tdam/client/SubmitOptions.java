package lv.tdam.client;

import java.time.Duration;
import java.util.Objects;

/**
 * How a pain.001 is to be taken. Each method gives a changed copy.
 *
 * <pre>{@code
 * SubmitOptions options = SubmitOptions.defaults()
 *         .wait(Duration.ofSeconds(60))
 *         .language(Language.LATVIAN)
 *         .requestId("run-2026-11-23-1");
 * client.submit(Body.file(Path.of("payments.xml")), options);
 * }</pre>
 */
public final class SubmitOptions {
    private static final SubmitOptions DEFAULTS = new SubmitOptions(Bounds.WAIT, false, null, null);

    final Duration wait;
    final boolean isTest;
    final Language language;
    final String requestId;

    private SubmitOptions(Duration wait, boolean isTest, Language language, String requestId) {
        this.wait = wait;
        this.isTest = isTest;
        this.language = language;
        this.requestId = requestId;
    }

    /** {@return the options that count where none are given: wait 30 s, execute, texts in English} */
    public static SubmitOptions defaults() {
        return DEFAULTS;
    }

    /**
     * How long the exchange should wait for the answer before it gives a receipt.
     *
     * @param wait whole seconds; zero asks for a receipt at once
     * @return the changed options
     */
    public SubmitOptions wait(Duration wait) {
        if (wait.isNegative()) {
            throw TdamException.configuration("the exchange cannot wait for less than no time");
        }
        return new SubmitOptions(wait, isTest, language, requestId);
    }

    /**
     * Only check: the answer is what the exchange would say, and nothing is executed or remembered.
     *
     * @param isTest true to check only
     * @return the changed options
     */
    public SubmitOptions test(boolean isTest) {
        return new SubmitOptions(wait, isTest, language, requestId);
    }

    /**
     * Language of texts in problems.
     *
     * @param language Latvian or English
     * @return the changed options
     */
    public SubmitOptions language(Language language) {
        return new SubmitOptions(wait, isTest, Objects.requireNonNull(language), requestId);
    }

    /**
     * An identification of your own, for finding the request in both sides' logs.
     *
     * @param id 1 to 64 of the characters {@code A-Z a-z 0-9 - _ . :}
     * @return the changed options
     */
    public SubmitOptions requestId(String id) {
        return new SubmitOptions(wait, isTest, language, Objects.requireNonNull(id));
    }
}
