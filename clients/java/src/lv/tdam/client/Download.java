package lv.tdam.client;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Takes the body of one answer into a spool, up to a bound. A call ends only when the answer is complete, so that a lost one is a retry. */
final class Download implements BodySubscriber<Spool> {
    private final Activity activity;
    private final long bytesMax;
    private final Spool spool = new Spool(Bounds.MEMORY_BYTES_MAX);
    private final CompletableFuture<Spool> result = new CompletableFuture<>();
    private Flow.Subscription subscription;

    Download(Activity activity, long bytesMax) {
        this.activity = activity;
        this.bytesMax = bytesMax;
    }

    /** The answer is longer than it may be, or there is no room for it. */
    static final class NoRoom extends IOException {
        private static final long serialVersionUID = 1L;

        NoRoom(String what, Throwable cause) {
            super(what, cause);
        }
    }

    @Override
    public CompletionStage<Spool> getBody() {
        return result;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        activity.touch();
        activity.reads(subscription);
        subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        activity.touch();
        try {
            for (ByteBuffer buffer : buffers) {
                if (spool.length() + buffer.remaining() > bytesMax) {
                    throw new NoRoom("the answer is longer than " + bytesMax + " bytes; allow more with answerBytesMax", null);
                }
                spool.write(buffer);
            }
            subscription.request(1);
        } catch (NoRoom e) {
            fail(e);
        } catch (IOException e) {
            fail(new NoRoom("the answer cannot be written to a temporary file: " + Reasons.words(e), e));
        }
    }

    /** Deletes what came of an answer that nobody waits for any more. */
    void discard() {
        spool.close();
    }

    private void fail(NoRoom reason) {
        subscription.cancel();
        spool.close();
        result.completeExceptionally(reason);
    }

    @Override
    public void onError(Throwable cause) {
        spool.close();
        result.completeExceptionally(cause);
    }

    @Override
    public void onComplete() {
        result.complete(spool);
    }
}
