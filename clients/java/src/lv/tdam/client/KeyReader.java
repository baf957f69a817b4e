package lv.tdam.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Reads certificates and keys: PEM with PKCS#8 (also encrypted), SEC 1 or PKCS#1, and PKCS#12. */
final class KeyReader {
    private static final String OID_RSA = "1.2.840.113549.1.1.1";
    static final String OID_EC = "1.2.840.10045.2.1";
    static final String OID_P256 = "1.2.840.10045.3.1.7";
    static final String OID_P384 = "1.3.132.0.34";

    private KeyReader() {
    }

    /** All certificates of a PEM file, in its order; {@code what} names it in errors. */
    static List<X509Certificate> certificates(byte[] pem, String what) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Pem block : blocks(pem, what)) {
            if (block.label.equals("CERTIFICATE") || block.label.equals("TRUSTED CERTIFICATE")) {
                if (certificates.size() == Bounds.CERTIFICATES_MAX) {
                    throw TdamException.configuration(what + " holds more than " + Bounds.CERTIFICATES_MAX + " certificates");
                }
                try {
                    ByteArrayInputStream der = new ByteArrayInputStream(block.der);
                    certificates.add((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(der));
                } catch (CertificateException e) {
                    throw TdamException.configuration(what + " holds a certificate that cannot be read: " + Reasons.words(e), e);
                }
            }
        }
        if (certificates.isEmpty()) {
            throw TdamException.configuration(what + " holds no certificate; it must be a PEM file with `-----BEGIN CERTIFICATE-----`");
        }
        return certificates;
    }

    /** The first private key of a PEM file. */
    static PrivateKey key(byte[] pem, char[] password, String what) {
        for (Pem block : blocks(pem, what)) {
            try {
                switch (block.label) {
                    case "PRIVATE KEY":
                        return pkcs8(block.der);
                    case "ENCRYPTED PRIVATE KEY":
                        return decrypted(block.der, password, what);
                    case "RSA PRIVATE KEY":
                        return pkcs8(wrapped(Der.sequence(Der.oid(OID_RSA), Der.nothing()), block.der));
                    case "EC PRIVATE KEY":
                        return sec1(block.der);
                    default:
                        // Parameters, certificates: another block has the key.
                }
            } catch (GeneralSecurityException | IOException e) {
                throw TdamException.configuration(what + " holds a private key that cannot be read: " + Reasons.words(e)
                        + "; EC (P-256, P-384) and RSA keys are good", e);
            }
        }
        throw TdamException.configuration(what + " holds no private key; it must be a PEM file with `-----BEGIN PRIVATE KEY-----`");
    }

    static Credentials pkcs12(byte[] bytes, char[] password, String what) {
        if (bytes.length > 0 && bytes[0] == '-') {
            throw TdamException.configuration(what + " is a PEM file and no PKCS#12 file; give it by Identity.pem with its key");
        }
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes), password);
            return keyStore(store, password, what);
        } catch (IOException e) {
            if (Reasons.find(e, UnrecoverableKeyException.class) != null) {
                throw TdamException.configuration("the password of " + what + " is wrong; a file of an enrolment has the code without its hyphens as"
                        + " password", e);
            }
            throw TdamException.configuration(what + " is no PKCS#12 file that Java reads: " + Reasons.words(e)
                    + "; Java 11 reads AES-256 files from 11.0.12 on", e);
        } catch (GeneralSecurityException e) {
            throw TdamException.configuration(what + " cannot be read: " + Reasons.words(e), e);
        }
    }

    static Credentials keyStore(KeyStore store, char[] password, String what) {
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    List<X509Certificate> chain = new ArrayList<>();
                    for (Certificate certificate : store.getCertificateChain(alias)) {
                        chain.add((X509Certificate) certificate);
                    }
                    return new Credentials((PrivateKey) store.getKey(alias, password), chain, what);
                }
            }
        } catch (UnrecoverableKeyException e) {
            throw TdamException.configuration("the password of the key in " + what + " is wrong", e);
        } catch (GeneralSecurityException e) {
            throw TdamException.configuration(what + " cannot be read: " + Reasons.words(e), e);
        }
        throw TdamException.configuration(what + " holds no private key; it must hold the key with its certificate, not the certificate alone");
    }

    private static List<Pem> blocks(byte[] pem, String what) {
        try {
            return Pem.read(pem);
        } catch (TdamException e) {
            throw TdamException.configuration(what + ": " + e.getMessage(), e);
        }
    }

    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
        try {
            return KeyFactory.getInstance("EC").generatePrivate(spec);
        } catch (InvalidKeySpecException notEc) {
            return KeyFactory.getInstance("RSA").generatePrivate(spec);
        }
    }

    /** SEC 1 names the curve or leaves it to what stands around; both curves are tried, and the certificate decides in the end. */
    private static PrivateKey sec1(byte[] der) throws GeneralSecurityException {
        boolean isP384 = contains(der, Der.oid(OID_P384)) || !contains(der, Der.oid(OID_P256)) && der.length > 100;
        return pkcs8(wrapped(Der.sequence(Der.oid(OID_EC), Der.oid(isP384 ? OID_P384 : OID_P256)), der));
    }

    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return Der.sequence(Der.smallInteger(0), algorithm, Der.octetString(key));
    }

    private static boolean contains(byte[] all, byte[] part) {
        for (int at = 0; at + part.length <= all.length; at++) {
            if (java.util.Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    private static PrivateKey decrypted(byte[] der, char[] password, String what) throws GeneralSecurityException, IOException {
        if (password == null) {
            throw TdamException.configuration(what + " is encrypted; give its password too: Identity.pem(certificate, key, password)");
        }
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
        AlgorithmParameters parameters = info.getAlgParameters();
        // For PBES2 the JDK names the pair of algorithms only in the text of the parameters.
        String algorithm = info.getAlgName().equals("PBES2") || info.getAlgName().startsWith("1.2.") ? parameters.toString() : info.getAlgName();
        PBEKeySpec spec = new PBEKeySpec(password);
        try {
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, SecretKeyFactory.getInstance(algorithm).generateSecret(spec), parameters);
            return pkcs8(info.getKeySpec(cipher).getEncoded());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw TdamException.configuration(what + " is encrypted in a way that Java does not read (" + algorithm
                    + "); convert it with `openssl pkcs8 -topk8 -v2 aes-256-cbc`", e);
        } catch (GeneralSecurityException e) {
            throw TdamException.configuration("the password of " + what + " is wrong", e);
        } finally {
            spec.clearPassword();
        }
    }
}
