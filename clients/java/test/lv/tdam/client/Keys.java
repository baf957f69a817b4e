package lv.tdam.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Keys with self-signed certificates for tests, written by the library's own DER. */
final class Keys {
    static final char[] PASSWORD = "secret-1".toCharArray();
    private static final DateTimeFormatter UTC_TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private Keys() {
    }

    private static Credentials rsa;

    /** One RSA key for all tests: to make one takes long. */
    static Credentials rsa() throws Exception {
        if (rsa == null) {
            rsa = of("2048");
        }
        return rsa;
    }

    static Credentials p256() throws Exception {
        return of("secp256r1");
    }

    /** A key on this curve, or an RSA key of so many bits. */
    static Credentials of(String curveOrBits) throws Exception {
        return of(curveOrBits, Duration.ZERO, Duration.ofDays(10));
    }

    /** The same with a validity that begins and ends so far from now. */
    static Credentials of(String curveOrBits, Duration begin, Duration end) throws Exception {
        boolean isRsa = Character.isDigit(curveOrBits.charAt(0));
        KeyPairGenerator generator = KeyPairGenerator.getInstance(isRsa ? "RSA" : "EC");
        if (isRsa) {
            generator.initialize(Integer.parseInt(curveOrBits));
        } else {
            generator.initialize(new ECGenParameterSpec(curveOrBits));
        }
        KeyPair pair = generator.generateKeyPair();
        byte[] oid = Der.oid(isRsa ? KeyKind.RSA_2048.signatureOid : KeyKind.P256.signatureOid);
        byte[] algorithm = isRsa ? Der.sequence(oid, Der.nothing()) : Der.sequence(oid);
        byte[] name = Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.utf8("Test"))));
        byte[] body = Der.sequence(Der.context(0, Der.smallInteger(2)), Der.smallInteger(1), algorithm, name, Der.sequence(time(begin), time(end)), name,
                pair.getPublic().getEncoded());
        Signature signature = Signature.getInstance(isRsa ? "SHA256withRSA" : "SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(body);
        byte[] der = Der.sequence(body, algorithm, Der.bitString(signature.sign()));
        Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        return new Credentials(pair.getPrivate(), List.of((X509Certificate) certificate), "test");
    }

    private static byte[] time(Duration fromNow) {
        byte[] time = Der.utf8(UTC_TIME.format(Instant.now().plus(fromNow)));
        // UTCTime has the same form as a UTF8String of ASCII, with another tag.
        time[0] = 0x17;
        return time;
    }

    static byte[] pkcs12(Credentials credentials) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("a", credentials.key(), PASSWORD, credentials.chain());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.store(out, PASSWORD);
        return out.toByteArray();
    }

    static byte[] certificatePem(Credentials credentials) throws Exception {
        return Pem.write("CERTIFICATE", credentials.certificate().getEncoded()).getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] keyPem(Credentials credentials) {
        return Pem.write("PRIVATE KEY", credentials.key().getEncoded()).getBytes(StandardCharsets.US_ASCII);
    }
}
