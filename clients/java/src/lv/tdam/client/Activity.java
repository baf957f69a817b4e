package lv.tdam.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** When bytes last moved in an attempt, which tells a slow transfer from a dead one; and the way to end the attempt. */
final class Activity {
    private volatile long lastNanos = System.nanoTime();
    private volatile boolean isCancelled;
    private volatile Flow.Subscription answer;

    void touch() {
        lastNanos = System.nanoTime();
    }

    long idleNanos() {
        return System.nanoTime() - lastNanos;
    }

    boolean isCancelled() {
        return isCancelled;
    }

    void reads(Flow.Subscription subscription) {
        answer = subscription;
        if (isCancelled) {
            subscription.cancel();
        }
    }

    /** Before Java 16 to cancel the future alone would leave the exchange of bytes going on. */
    void cancel(CompletableFuture<?> future) {
        isCancelled = true;
        future.cancel(true);
        Flow.Subscription subscription = answer;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
