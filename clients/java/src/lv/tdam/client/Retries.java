package lv.tdam.client;

import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * How often and how patiently a call is repeated.
 *
 * <p>Every call is safe to repeat with the same bytes: the exchange answers a message that it knows with the stored answer, and everything
 * else only reads.
 */
final class Retries {
    private final int attemptsMax;
    private final Duration firstPause;
    private final Duration pauseMax;
    private final DoubleSupplier random;

    Retries(int attemptsMax, Duration firstPause, Duration pauseMax, DoubleSupplier random) {
        this.attemptsMax = attemptsMax;
        this.firstPause = firstPause;
        this.pauseMax = pauseMax;
        this.random = random;
    }

    /**
     * The pause after attempt number {@code attempt} (from 1); empty when it was the last one. Up to a quarter is added at random, so that
     * clients that were cut off together do not come back together.
     */
    Optional<Duration> pauseAfter(int attempt, Duration askedFor) {
        return attempt >= attemptsMax ? Optional.empty() : Optional.of(pause(attempt, askedFor));
    }

    /** The pause whatever the number of attempts. */
    Duration pause(int attempt, Duration askedFor) {
        Duration pause = firstPause;
        for (int i = 1; i < attempt && pause.compareTo(pauseMax) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        Duration longer = pause.compareTo(askedFor) < 0 ? askedFor : pause;
        Duration bounded = longer.compareTo(pauseMax) > 0 ? pauseMax : longer;
        return bounded.plusNanos((long) (bounded.toNanos() / 4 * random.getAsDouble()));
    }
}
