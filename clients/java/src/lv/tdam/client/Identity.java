package lv.tdam.client;

import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who calls: a certificate with its private key.
 *
 * <p>{@link TdamClient#reload()} reads the files of an identity again, and {@link TdamClient#renew()} replaces them.
 *
 * <pre>{@code
 * Identity pem = Identity.pem(Path.of("certificate.pem"), Path.of("key.pem"));
 * Identity pkcs12 = Identity.pkcs12(Path.of("certificate.p12"), "password".toCharArray());
 * }</pre>
 */
public final class Identity {
    private final Supplier<Credentials> source;
    private final IdentityFiles files;

    private Identity(Supplier<Credentials> source, IdentityFiles files) {
        this.source = source;
        this.files = files;
    }

    /**
     * Two PEM files.
     *
     * @param certificate the certificate, followed by its issuers if there are any
     * @param key the private key: PKCS#8, SEC 1 or PKCS#1
     * @return the identity
     */
    public static Identity pem(Path certificate, Path key) {
        return pem(certificate, key, null);
    }

    /**
     * Two PEM files, the key encrypted (PKCS#8).
     *
     * @param certificate the certificate, followed by its issuers if there are any
     * @param key the private key
     * @param keyPassword the key's password
     * @return the identity
     */
    public static Identity pem(Path certificate, Path key, char[] keyPassword) {
        return of(new IdentityFiles(certificate, key, copy(keyPassword)));
    }

    /**
     * PEM in memory.
     *
     * @param certificate the certificate, followed by its issuers if there are any
     * @param key the private key: PKCS#8, SEC 1 or PKCS#1
     * @return the identity
     */
    public static Identity pem(byte[] certificate, byte[] key) {
        byte[] chain = certificate.clone();
        byte[] secret = key.clone();
        return new Identity(() -> new Credentials(KeyReader.key(secret, null, "the key given as bytes"),
                KeyReader.certificates(chain, "the certificate given as bytes"), "the certificate and key given as bytes"), null);
    }

    /**
     * A PKCS#12 file: key, certificate and issuers in one.
     *
     * @param file the file
     * @param password its password
     * @return the identity
     */
    public static Identity pkcs12(Path file, char[] password) {
        return of(new IdentityFiles(file, null, copy(password)));
    }

    /**
     * PKCS#12 in memory.
     *
     * @param bytes the content of the file
     * @param password its password
     * @return the identity
     */
    public static Identity pkcs12(byte[] bytes, char[] password) {
        byte[] store = bytes.clone();
        char[] secret = copy(password);
        return new Identity(() -> KeyReader.pkcs12(store, secret, "the PKCS#12 given as bytes"), null);
    }

    /**
     * A key store of the JDK, such as one of a smart card (PKCS#11) or of Windows ({@code Windows-MY}). Its first key is used.
     *
     * @param store the key store, loaded
     * @param password the password of the key
     * @return the identity
     */
    public static Identity keyStore(KeyStore store, char[] password) {
        char[] secret = copy(password);
        return new Identity(() -> KeyReader.keyStore(store, secret, "the key store"), null);
    }

    private static Identity of(IdentityFiles files) {
        return new Identity(files::read, files);
    }

    private static char[] copy(char[] password) {
        return password == null ? null : password.clone();
    }

    Credentials read() {
        return source.get();
    }

    /** Its files; empty where it comes from memory. */
    Optional<IdentityFiles> files() {
        return Optional.ofNullable(files);
    }
}
