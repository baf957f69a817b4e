package lv.tdam.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/**
 * Bytes of any length that are written once and read any number of times: the first in memory, all of them in a temporary file when there
 * are more.
 *
 * <p>The JDK makes temporary files readable for their owner alone (mode 0600). On Unix the file has no name any more once it is open,
 * so that nothing stays behind when the process is killed; on Windows it is deleted when it is closed.
 */
final class Spool implements AutoCloseable {
    private final int memoryMax;
    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private FileChannel file;
    private long length;

    Spool(int memoryMax) {
        this.memoryMax = memoryMax;
    }

    void write(ByteBuffer bytes) throws IOException {
        length += bytes.remaining();
        if (file == null && length <= memoryMax) {
            byte[] piece = new byte[bytes.remaining()];
            bytes.get(piece);
            memory.write(piece);
            return;
        }
        if (file == null) {
            file = FileChannel.open(Files.createTempFile("tdam-", ".part"), StandardOpenOption.READ, StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE);
            ByteBuffer first = ByteBuffer.wrap(memory.toByteArray());
            memory = null;
            writeAll(first);
        }
        writeAll(bytes);
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    long length() {
        return length;
    }

    /** All bytes from the first one. Streams beside each other do not disturb each other. */
    InputStream open() {
        return file == null ? new java.io.ByteArrayInputStream(memory.toByteArray()) : new FileStream();
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                // Nothing is lost: nobody reads it any more.
            }
        }
    }

    private final class FileStream extends InputStream {
        private long at;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int count) throws IOException {
            if (count == 0) {
                return 0;
            }
            int read = file.read(ByteBuffer.wrap(into, offset, count), at);
            at += Math.max(read, 0);
            return read;
        }
    }
}
