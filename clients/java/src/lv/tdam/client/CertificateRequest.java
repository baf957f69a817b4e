package lv.tdam.client;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAKey;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes keys and certificate requests (PKCS#10, RFC 2986). The exchange takes the key from a request, and the names from its own records. */
final class CertificateRequest {
    private static final String OID_COMMON_NAME = "2.5.4.3";
    private static final String OID_ORGANISATION = "2.5.4.10";

    private CertificateRequest() {
    }

    static KeyPair newKey(KeyKind kind) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.algorithm);
            if (kind.curve == null) {
                generator.initialize(kind.bits);
            } else {
                generator.initialize(new ECGenParameterSpec(kind.curve));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw TdamException.configuration("this Java makes no key of the kind " + kind + ": " + Reasons.words(e), e);
        }
    }

    /**
     * The private key as PKCS#8. The JDK leaves out the public half of an EC key, which other programs want to find there (RFC 5915).
     */
    static byte[] pkcs8(KeyPair pair, KeyKind kind) {
        if (kind.curve == null) {
            return pair.getPrivate().getEncoded();
        }
        int bytes = kind.bits / 8;
        byte[] number = ((ECPrivateKey) pair.getPrivate()).getS().toByteArray();
        byte[] secret = new byte[bytes];
        int count = Math.min(number.length, bytes);
        System.arraycopy(number, number.length - count, secret, bytes - count, count);
        byte[] information = pair.getPublic().getEncoded();
        // The point, uncompressed, ends the public key's encoding.
        byte[] point = Arrays.copyOfRange(information, information.length - 1 - 2 * bytes, information.length);
        byte[] key = Der.sequence(Der.smallInteger(1), Der.octetString(secret), Der.context(1, Der.bitString(point)));
        byte[] algorithm = Der.sequence(Der.oid(KeyReader.OID_EC), Der.oid(kind == KeyKind.P384 ? KeyReader.OID_P384 : KeyReader.OID_P256));
        return Der.sequence(Der.smallInteger(0), algorithm, Der.octetString(key));
    }

    /** The kind of a key, for the next one to be like it; P-256 where it is of none that the library makes. */
    static KeyKind kindOf(Credentials credentials) {
        Object key = credentials.certificate().getPublicKey();
        if (key instanceof RSAKey) {
            return ((RSAKey) key).getModulus().bitLength() > KeyKind.RSA_2048.bits ? KeyKind.RSA_3072 : KeyKind.RSA_2048;
        }
        boolean isP384 = key instanceof ECKey && ((ECKey) key).getParams().getOrder().bitLength() == KeyKind.P384.bits;
        return isP384 ? KeyKind.P384 : KeyKind.P256;
    }

    /** The request as PEM. {@code subject} is as the exchange writes it: {@code /O=Institution/CN=Online user}, with backslashes before `/`. */
    static byte[] make(KeyPair key, KeyKind kind, String subject) {
        byte[] information = Der.sequence(Der.smallInteger(0), name(subject), key.getPublic().getEncoded(), Der.context(0));
        byte[] oid = Der.oid(kind.signatureOid);
        byte[] algorithm = kind.curve == null ? Der.sequence(oid, Der.nothing()) : Der.sequence(oid);
        try {
            Signature signature = Signature.getInstance(kind.signature);
            signature.initSign(key.getPrivate());
            signature.update(information);
            byte[] der = Der.sequence(information, algorithm, Der.bitString(signature.sign()));
            return Pem.write("CERTIFICATE REQUEST", der).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        } catch (GeneralSecurityException e) {
            throw TdamException.configuration("the certificate request cannot be signed: " + Reasons.words(e), e);
        }
    }

    private static byte[] name(String subject) {
        List<byte[]> parts = new ArrayList<>();
        for (String part : split(subject)) {
            int equals = part.indexOf('=');
            String attribute = equals < 0 ? "" : part.substring(0, equals);
            if (attribute.equals("O") || attribute.equals("CN")) {
                String oid = attribute.equals("O") ? OID_ORGANISATION : OID_COMMON_NAME;
                parts.add(Der.set(Der.sequence(Der.oid(oid), Der.utf8(part.substring(equals + 1)))));
            }
        }
        return Der.sequence(parts.toArray(new byte[0][]));
    }

    /** The parts between slashes, without the backslashes. */
    static List<String> split(String subject) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < subject.length(); i++) {
            char c = subject.charAt(i);
            if (c == '/') {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c == '\\' && i + 1 < subject.length() ? subject.charAt(++i) : c);
            }
        }
        parts.add(part.toString());
        parts.removeIf(String::isEmpty);
        return parts;
    }
}
