package lv.tdam.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;

/**
 * A key and a request on their way to a certificate.
 *
 * <p>Both are on the disk before the request is sent. When the answer is lost, or the machine stops, the next run sends the same request and
 * gets the same certificate. Beside {@code key.pem} and {@code certificate.pem} stand meanwhile {@code key.pem.next},
 * {@code certificate.pem.request} and {@code certificate.pem.next}.
 */
final class PendingCertificate {
    private static final String ALIAS = "identity";

    private final IdentityFiles files;
    private final Path keyNext;
    private final Path certificateNext;
    private final Path requestFile;
    /** What holds the place of the new certificate in a key store, which takes no key alone; null for PEM. */
    private final X509Certificate[] placeholder;
    private PrivateKey key;
    private byte[] request;

    PendingCertificate(IdentityFiles files, X509Certificate[] placeholder) {
        this.files = files;
        this.placeholder = placeholder;
        this.keyNext = IdentityFiles.next(files.key());
        this.certificateNext = IdentityFiles.next(files.certificate);
        this.requestFile = files.certificate.resolveSibling(files.certificate.getFileName() + ".request");
    }

    /** Takes up what an earlier run left, else makes both anew. */
    byte[] request(KeyKind kind, Supplier<String> subject) {
        if (!resumes()) {
            KeyPair pair = CertificateRequest.newKey(kind);
            key = pair.getPrivate();
            request = CertificateRequest.make(pair, kind, subject.get());
            SecretFile.write(keyNext, files.isPkcs12() ? store(placeholder)
                    : Pem.write("PRIVATE KEY", CertificateRequest.pkcs8(pair, kind)).getBytes(StandardCharsets.US_ASCII));
            SecretFile.write(requestFile, request);
        }
        return request;
    }

    private boolean resumes() {
        if (!Files.exists(requestFile) || !Files.exists(keyNext)) {
            return false;
        }
        try {
            request = IdentityFiles.bytes(requestFile);
            key = files.isPkcs12() ? storedKey() : KeyReader.key(IdentityFiles.bytes(keyNext), null, keyNext.toString());
            return true;
        } catch (TdamException | GeneralSecurityException | IOException e) {
            return false;
        }
    }

    private PrivateKey storedKey() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new ByteArrayInputStream(IdentityFiles.bytes(keyNext)), files.password());
        PrivateKey stored = (PrivateKey) store.getKey(ALIAS, files.password());
        if (stored == null) {
            throw new IOException("no key");
        }
        return stored;
    }

    /** The answer to the request, kept beside the files in use. */
    Credentials accept(byte[] chainPem) {
        List<X509Certificate> chain = KeyReader.certificates(chainPem, "the answer of the exchange");
        Credentials credentials;
        try {
            credentials = new Credentials(key, chain, "the new certificate");
        } catch (TdamException e) {
            throw TdamException.unexpected("the exchange answered with a certificate for another key", e);
        }
        SecretFile.write(certificateNext, files.isPkcs12() ? store(credentials.chain()) : chainPem);
        return credentials;
    }

    /** Puts key and certificate in their places. The key goes first: a stop in between is mended when the files are read. */
    void activate() {
        if (!files.isPkcs12()) {
            SecretFile.replace(keyNext, files.key());
        }
        SecretFile.replace(certificateNext, files.certificate);
        SecretFile.delete(requestFile);
    }

    /** Forgets key and request, which the exchange refused. */
    void discard() {
        SecretFile.delete(requestFile);
        SecretFile.delete(keyNext);
        SecretFile.delete(certificateNext);
    }

    private byte[] store(X509Certificate[] chain) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(ALIAS, key, files.password(), chain);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            store.store(out, files.password());
            return out.toByteArray();
        } catch (GeneralSecurityException | IOException e) {
            throw TdamException.configuration("this Java writes no PKCS#12 file: " + Reasons.words(e), e);
        }
    }
}
