package lv.tdam.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The files of an identity: what is read at the start and replaced by a renewal. */
final class IdentityFiles {
    /** The certificate with its chain; for PKCS#12 the one file with everything. */
    final Path certificate;
    private final Path key;
    private final char[] password;

    IdentityFiles(Path certificate, Path key, char[] password) {
        this.certificate = certificate;
        this.key = key;
        this.password = password;
    }

    boolean isPkcs12() {
        return key == null;
    }

    /** The file with the key. */
    Path key() {
        return isPkcs12() ? certificate : key;
    }

    /** Both names lead to one PEM file: the new certificate would take the place of the key. */
    boolean isOnePemFile() {
        try {
            return key != null && Files.isSameFile(certificate, key);
        } catch (IOException e) {
            return certificate.equals(key);
        }
    }

    char[] password() {
        return password;
    }

    /** The name under which a renewal writes what is to become this file. */
    static Path next(Path file) {
        return file.resolveSibling(file.getFileName() + ".next");
    }

    /** Neither of them is there. */
    boolean areAbsent() {
        return !Files.exists(certificate) && !Files.exists(key());
    }

    Credentials read() {
        if (isPkcs12()) {
            return KeyReader.pkcs12(bytes(certificate), password, certificate.toString());
        }
        // A renewal renames the key before the certificate. If the machine stopped in between, the certificate still waits beside.
        Optional<Credentials> interrupted = interrupted();
        return interrupted.isPresent() ? interrupted.get() : pair(certificate);
    }

    private Credentials pair(Path chain) {
        return new Credentials(KeyReader.key(bytes(key), password, key.toString()),
                KeyReader.certificates(bytes(chain), chain.toString()), chain + ", " + key);
    }

    private Optional<Credentials> interrupted() {
        if (!Files.exists(next(certificate)) || Files.exists(next(key))) {
            return Optional.empty();
        }
        try {
            return Optional.of(pair(next(certificate)));
        } catch (TdamException notAPair) {
            return Optional.empty();
        }
    }

    /** A file of a certificate or key, up to a bound. */
    static byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes((int) Bounds.CREDENTIAL_BYTES_MAX + 1);
            if (bytes.length > Bounds.CREDENTIAL_BYTES_MAX) {
                throw TdamException.configuration(file + " is too long for a certificate or a key");
            }
            return bytes;
        } catch (IOException e) {
            throw TdamException.configuration(file + " cannot be read: " + Reasons.words(e), e);
        }
    }
}
