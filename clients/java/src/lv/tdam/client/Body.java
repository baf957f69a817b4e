package lv.tdam.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A message to be sent.
 *
 * <p>A file is read while it is sent, so that its size does not matter to memory. A retry sends the same bytes again, which cannot double a
 * payment; therefore a stream goes to a temporary file first, which only this user can read and which the library deletes.
 *
 * <pre>{@code
 * client.submit(Body.file(Path.of("payments.xml")));
 * client.submit(Body.bytes(Files.readAllBytes(Path.of("payments.xml"))));
 * try (InputStream payments = Files.newInputStream(Path.of("payments.xml"))) {
 *     client.submit(Body.stream(payments));
 * }
 * }</pre>
 */
public abstract class Body {
    private Body() {
    }

    /**
     * A message in memory.
     *
     * @param bytes the message; must not change until the call returns
     * @return the body
     */
    public static Body bytes(byte[] bytes) {
        return new Body() {
            @Override
            Prepared prepare() {
                return new Prepared("the message", bytes.length, () -> new ByteArrayInputStream(bytes), () -> { });
            }
        };
    }

    /**
     * A message in memory, sent as UTF-8.
     *
     * @param text the message
     * @return the body
     */
    public static Body text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A message in a file.
     *
     * @param file the file; must not change until the call returns
     * @return the body
     */
    public static Body file(Path file) {
        return new Body() {
            @Override
            Prepared prepare() {
                try {
                    if (!Files.exists(file)) {
                        throw new NoSuchFileException(file.toString());
                    }
                    if (!Files.isRegularFile(file)) {
                        throw new IOException("it is no regular file");
                    }
                    Files.newInputStream(file).close();
                    return new Prepared(file.toString(), Files.size(file), () -> Files.newInputStream(file), () -> { });
                } catch (IOException e) {
                    throw TdamException.input(file.toString(), e);
                }
            }
        };
    }

    /**
     * A message from a stream that cannot be rewound. The body is good for one call, and its user closes the stream.
     *
     * @param stream the stream
     * @return the body
     */
    public static Body stream(InputStream stream) {
        return new Body() {
            @Override
            Prepared prepare() {
                Spool spool = spooled(stream, Bounds.BODY_BYTES_MAX);
                return new Prepared("the stream", spool.length(), spool::open, spool::close);
            }
        };
    }

    static Spool spooled(InputStream stream, long bytesMax) {
        Spool spool = new Spool(0);
        try {
            byte[] chunk = new byte[Bounds.CHUNK_BYTES];
            for (int read = stream.read(chunk); read >= 0; read = stream.read(chunk)) {
                if (spool.length() + read > bytesMax) {
                    throw new IOException("it is longer than " + bytesMax + " bytes, the most that the exchange takes");
                }
                spool.write(ByteBuffer.wrap(chunk, 0, read));
            }
            return spool;
        } catch (IOException e) {
            spool.close();
            throw TdamException.input("the stream", e);
        }
    }

    /** Makes it ready for any number of attempts. */
    abstract Prepared prepare();

    interface Opener {
        InputStream open() throws IOException;
    }

    /** A body of known length that can be read again. */
    static final class Prepared implements AutoCloseable {
        final String name;
        final long length;
        private final Opener opener;
        private final Runnable release;

        Prepared(String name, long length, Opener opener, Runnable release) {
            this.name = name;
            this.length = length;
            this.opener = opener;
            this.release = release;
        }

        InputStream open() throws IOException {
            return opener.open();
        }

        @Override
        public void close() {
            release.run();
        }
    }
}
