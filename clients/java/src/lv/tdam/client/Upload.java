package lv.tdam.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;

/**
 * The body of one attempt: says when bytes were taken, ends with the attempt, and remembers why a file could not be read, because the
 * connection's own error would not say so.
 */
final class Upload implements AutoCloseable {
    private final Body.Prepared body;
    private final Activity activity;
    private volatile IOException failure;
    private volatile InputStream opened;

    Upload(Body.Prepared body, Activity activity) {
        this.body = body;
        this.activity = activity;
    }

    BodyPublisher publisher() {
        if (body.length == 0) {
            return BodyPublishers.noBody();
        }
        return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(Stream::new), body.length);
    }

    /** Why the body could not be read; null where it could. */
    IOException failure() {
        return failure;
    }

    /** Closes what the JDK left open: it closes a body that it has read to its end, and no other. */
    @Override
    public void close() {
        InputStream source = opened;
        if (source != null) {
            try {
                source.close();
            } catch (IOException e) {
                // It was only read.
            }
        }
    }

    /** Exactly as many bytes as were announced. */
    private final class Stream extends InputStream {
        private InputStream source;
        private long left = body.length;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int count) throws IOException {
            if (activity.isCancelled()) {
                throw new IOException("the attempt has ended");
            }
            activity.touch();
            if (left == 0) {
                return -1;
            }
            try {
                if (source == null) {
                    source = body.open();
                    opened = source;
                }
                int read = source.read(into, offset, (int) Math.min(count, left));
                if (read < 0) {
                    throw new IOException("it became shorter while it was sent");
                }
                left -= read;
                return read;
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            if (source != null) {
                source.close();
            }
        }
    }
}
