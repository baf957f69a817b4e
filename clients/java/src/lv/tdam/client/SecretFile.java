package lv.tdam.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Writes files of keys and certificates so that they survive a crash, and are not readable by others for a moment in between. */
final class SecretFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private SecretFile() {
    }

    /** Writes a new file that only its owner may read, to the disk itself. */
    static void write(Path file, byte[] bytes) {
        try {
            Files.deleteIfExists(file);
            FileAttribute<?>[] attributes = isPosix(file) ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                    : new FileAttribute<?>[0];
            try (FileChannel out = FileChannel.open(file, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                out.force(true);
            }
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /** Lets a file take the place of another one, whose permissions it gets, in one step. */
    static void replace(Path from, Path to) {
        try {
            if (Files.exists(to) && isPosix(to)) {
                Files.setPosixFilePermissions(from, Files.getPosixFilePermissions(to));
            }
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unwritable(to, e);
        }
        // The name is on the disk only when the folder is; where folders cannot be opened (Windows), renaming is written through.
        try (FileChannel folder = FileChannel.open(to.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException e) {
            // See above.
        }
    }

    /**
     * Fails before anything is asked of the exchange when a file could not be replaced in the end. The folder decides: a key of mode 0400 is
     * replaced by renaming, and the new one is as private.
     */
    static void requireReplaceable(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isWritable(folder)) {
            throw TdamException.configuration(folder + " is read-only for this program, so " + file.getFileName()
                    + " cannot be replaced; allow this program to write in the folder, or renew as its owner. Nothing was changed");
        }
    }

    static void requireAbsent(Path file) {
        if (Files.exists(file)) {
            throw TdamException.configuration(file + " is there already, and a key is never overwritten; move it away, or name another file");
        }
        requireReplaceable(file);
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static boolean isPosix(Path file) throws IOException {
        return Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix");
    }

    private static TdamException unwritable(Path file, IOException e) {
        return TdamException.configuration(file + " cannot be written: " + Reasons.words(e) + "; allow this program to write it, and its folder", e);
    }
}
