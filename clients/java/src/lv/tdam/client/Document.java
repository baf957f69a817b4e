package lv.tdam.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A message from the exchange, complete. A long one is in a temporary file that only this user can read; {@link #close()} deletes it.
 *
 * <pre>{@code
 * try (Document status = client.status("MSG-2026-11-23")) {
 *     status.saveTo(Path.of("status.xml"));
 * }
 * }</pre>
 */
public final class Document implements AutoCloseable {
    private final Spool content;
    private final String messageType;
    private final String requestId;

    Document(Spool content, String messageType, String requestId) {
        this.content = content;
        this.messageType = messageType;
        this.requestId = requestId;
    }

    /** {@return the message's type as the exchange names it, such as {@code pain.002.001.10}} */
    public Optional<String> messageType() {
        return Optional.ofNullable(messageType);
    }

    /** {@return by what the operator finds the request} */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    /** {@return the length in bytes} */
    public long length() {
        return content.length();
    }

    /**
     * The message as a stream, from its first byte each time.
     *
     * @return a stream that needs no closing; it ends with the document
     */
    public InputStream stream() {
        return content.open();
    }

    /**
     * The message in memory.
     *
     * @return all of its bytes
     */
    public byte[] bytes() {
        try (InputStream in = stream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes the message to a file, which is replaced if it is there.
     *
     * @param file the file
     * @throws IOException when it cannot be written
     */
    public void saveTo(Path file) throws IOException {
        try (InputStream in = stream()) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Deletes the temporary file, if there is one. */
    @Override
    public void close() {
        content.close();
    }

    static Document empty() {
        return new Document(new Spool(0), null, null);
    }

    InputStream open() {
        return content.length() == 0 ? new ByteArrayInputStream(new byte[0]) : content.open();
    }
}
