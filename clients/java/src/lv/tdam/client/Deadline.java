package lv.tdam.client;

import java.time.Duration;

/** The end of a call's time, by a clock that nobody sets. */
final class Deadline {
    private final long endNanos;

    private Deadline(long endNanos) {
        this.endNanos = endNanos;
    }

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + nanos(time));
    }

    /** The earlier of this end and another one. */
    Deadline orIn(Duration time) {
        Deadline other = in(time);
        return other.endNanos - endNanos < 0 ? other : this;
    }

    long nanosLeft() {
        return Math.max(endNanos - System.nanoTime(), 0);
    }

    Duration left() {
        return Duration.ofNanos(nanosLeft());
    }

    boolean isOver() {
        return nanosLeft() == 0;
    }

    /** Sleeps, unless the end comes before. */
    boolean sleeps(Duration pause) {
        if (nanos(pause) >= nanosLeft()) {
            return false;
        }
        try {
            Thread.sleep(pause.toMillis(), (int) (pause.toNanos() % 1_000_000));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A century is as good as for ever, and is a number of nanoseconds. */
    static long nanos(Duration time) {
        Duration most = Duration.ofDays(36_500);
        return (time.compareTo(most) > 0 ? most : time).toNanos();
    }
}
