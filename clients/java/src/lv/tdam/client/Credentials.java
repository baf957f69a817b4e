package lv.tdam.client;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** A private key with its certificate and the certificates of its issuers, as they were read. */
final class Credentials {
    private static final int PROBE_BYTES = 32;

    private final PrivateKey key;
    private final List<X509Certificate> chain;

    /** Takes a key and a chain that belong together: the first certificate is that of the key. */
    Credentials(PrivateKey key, List<X509Certificate> chain, String name) {
        if (!belongTogether(key, chain.get(0))) {
            throw TdamException.configuration(name + ": the key is not that of the certificate of "
                    + chain.get(0).getSubjectX500Principal()
                    + "; give the key that was made for this certificate, and put its own certificate first in the file, before the issuers");
        }
        this.key = key;
        this.chain = List.copyOf(chain);
    }

    PrivateKey key() {
        return key;
    }

    X509Certificate certificate() {
        return chain.get(0);
    }

    X509Certificate[] chain() {
        return chain.toArray(new X509Certificate[0]);
    }

    Instant notBefore() {
        return certificate().getNotBefore().toInstant();
    }

    Instant notAfter() {
        return certificate().getNotAfter().toInstant();
    }

    boolean isValidAt(Instant moment) {
        return !moment.isBefore(notBefore()) && !moment.isAfter(notAfter());
    }

    /** The SHA-256 fingerprint of the certificate, in hexadecimal digits. */
    String fingerprint() {
        try {
            return Hex.of(MessageDigest.getInstance("SHA-256").digest(certificate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw TdamException.configuration("the certificate has no fingerprint: " + Reasons.words(e), e);
        }
    }

    String serial() {
        return Hex.of(certificate().getSerialNumber().toByteArray()).replaceFirst("^(00)+(?=..)", "");
    }

    private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
        String kind = certificate.getPublicKey().getAlgorithm();
        if (!kind.equals(key.getAlgorithm())) {
            return false;
        }
        byte[] probe = new byte[PROBE_BYTES];
        new SecureRandom().nextBytes(probe);
        try {
            Signature signature = Signature.getInstance(kind.equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(probe);
            return signature.verify(signed);
        } catch (InvalidKeyException e) {
            throw TdamException.configuration("a key of this kind is not usable here: " + Reasons.words(e), e);
        } catch (GeneralSecurityException e) {
            // A key of another curve or size makes a signature that this certificate's key cannot even read.
            return false;
        }
    }

    /** The same certificate: its bytes are equal. */
    boolean isSameAs(Credentials other) {
        try {
            return other != null && MessageDigest.isEqual(certificate().getEncoded(), other.certificate().getEncoded());
        } catch (CertificateEncodingException e) {
            return false;
        }
    }
}
