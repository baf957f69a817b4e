package lv.tdam.client;

import static lv.tdam.client.Check.equal;
import static lv.tdam.client.Check.fails;
import static lv.tdam.client.Check.test;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Pauses between attempts, and which failures are worth another one. */
final class RetriesTest {
    private RetriesTest() {
    }

    static void add() {
        test("pauses double up to their bound and end", () -> {
            Retries retries = new Retries(40, Duration.ofMillis(100), Duration.ofSeconds(2), () -> 0);
            for (int attempt = 1; attempt < 40; attempt++) {
                long expected = Math.min(100L << Math.min(attempt - 1, 20), 2_000);
                equal(Optional.of(Duration.ofMillis(expected)), retries.pauseAfter(attempt, Duration.ZERO));
            }
            equal(Optional.empty(), retries.pauseAfter(40, Duration.ZERO));
            equal(Optional.empty(), new Retries(1, Duration.ofMillis(1), Duration.ofSeconds(1), () -> 0).pauseAfter(1, Duration.ZERO));
        });
        test("up to a quarter is added at random", () -> {
            Retries retries = new Retries(5, Duration.ofMillis(400), Duration.ofSeconds(2), () -> 0.5);
            equal(Optional.of(Duration.ofMillis(450)), retries.pauseAfter(1, Duration.ZERO));
        });
        test("the exchange may ask for a longer pause, but not for any", () -> {
            Retries retries = new Retries(5, Duration.ofMillis(250), Duration.ofSeconds(5), () -> 0);
            equal(Optional.of(Duration.ofSeconds(3)), retries.pauseAfter(1, Duration.ofSeconds(3)));
            equal(Optional.of(Duration.ofSeconds(5)), retries.pauseAfter(1, Duration.ofHours(1)));
            equal(Optional.of(Duration.ofSeconds(5)), retries.pauseAfter(4, Duration.ofSeconds(Long.MAX_VALUE)));
        });
        test("only what may pass is worth another attempt", () -> {
            equal(Optional.of(Duration.ofSeconds(7)), refusal(503, "{\"code\":\"TDAM-9004\",\"retry_after_seconds\":7}").retryAfter());
            equal(Optional.of(Duration.ofSeconds(2)), refusal(409, "{\"code\":\"TDAM-5009\",\"retry_after_seconds\":2}").retryAfter());
            for (int status : new int[] {429, 502, 503, 504}) {
                equal(Optional.of(Duration.ofSeconds(3)), refusal(status, "{}").retryAfter());
                equal(ErrorKind.UNAVAILABLE, refusal(status, "{}").kind());
            }
            for (int status : new int[] {301, 400, 401, 403, 404, 408, 409, 413, 422, 500}) {
                equal(Optional.empty(), refusal(status, "{}").retryAfter());
                equal(ErrorKind.REFUSED, refusal(status, "{}").kind());
            }
            equal(Optional.empty(), TdamException.configuration("no").retryAfter());
            equal(Optional.of(Duration.ZERO), TdamException.timeout("waiting", Duration.ofSeconds(1)).retryAfter());
        });
        test("a deadline ends, also one in the far future", () -> {
            equal(true, Deadline.in(Duration.ZERO).isOver());
            equal(false, Deadline.in(Duration.ofSeconds(Long.MAX_VALUE)).isOver());
            equal(false, Deadline.in(Duration.ofSeconds(1)).sleeps(Duration.ofHours(1)));
        });
        test("a problem that is none is made from its status", () -> {
            fails(ErrorKind.UNAVAILABLE, "look for a proxy", () -> {
                throw refusal(502, "{}");
            });
            fails(ErrorKind.REFUSED, "TDAM-5001 used. Do so. [request r-1]", () -> {
                throw refusal(409, "{\"code\":\"TDAM-5001\",\"detail\":\"used.\",\"remedy\":\"Do so.\",\"request_id\":\"r-1\"}");
            });
        });
    }

    private static TdamException refusal(int status, String json) {
        return TdamException.refused(new Problem(JsonTest.object(json), status, "", OptionalLong.of(3)), "");
    }
}
