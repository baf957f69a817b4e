package lv.tdam.client;

import java.time.Duration;
import java.util.Optional;

/**
 * A message that the exchange has received, durably, and not answered yet.
 *
 * <pre>{@code
 * String kept = inProgress.location();                  // keep it over a restart
 * PaymentAnswer answer = client.waitForAnswer(InProgress.at(kept), Duration.ofMinutes(10));
 * }</pre>
 */
public final class InProgress {
    private final String location;
    private final byte[] receipt;
    private final Duration retryAfter;
    private final String requestId;

    InProgress(String location, byte[] receipt, Duration retryAfter, String requestId) {
        this.location = location;
        this.receipt = receipt;
        this.retryAfter = retryAfter;
        this.requestId = requestId;
    }

    /**
     * A message whose location was kept from an earlier run.
     *
     * @param location as {@link #location()} gave it
     * @return the message
     */
    public static InProgress at(String location) {
        return new InProgress(location, new byte[0], Bounds.POLL_PAUSE, null);
    }

    /** {@return where the answer will be} */
    public String location() {
        return location;
    }

    /** {@return the receipt: a pain.002 with the group status {@code RCVD}} */
    public byte[] receipt() {
        return receipt.clone();
    }

    /** {@return when the exchange suggests to look} */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** {@return by what the operator finds the request} */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }
}
