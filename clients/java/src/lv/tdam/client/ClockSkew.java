package lv.tdam.client;

import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

/** Compares this machine's clock with the exchange's, by the date of an answer. */
final class ClockSkew {
    /** A difference that an answer on its way does not explain. */
    private static final Duration TOLERATED = Duration.ofSeconds(30);

    private ClockSkew() {
    }

    /** Words for a person when this machine's clock is wrong; empty when it is not, or when nobody knows. */
    static String hint(HttpHeaders headers, Clock clock) {
        try {
            Instant theirs = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(headers.firstValue("date").orElse("")));
            Duration ahead = Duration.between(theirs, clock.instant());
            if (ahead.abs().compareTo(TOLERATED) <= 0) {
                return "";
            }
            return " This machine's clock is " + ahead.abs().getSeconds() + " s " + (ahead.isNegative() ? "behind" : "ahead of")
                    + " the exchange's; set it, or let it be set (NTP)";
        } catch (DateTimeException e) {
            return "";
        }
    }
}
