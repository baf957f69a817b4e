package lv.tdam.client;

/** Kinds of keys that the library makes. The exchange accepts them all. */
public enum KeyKind {
    /** Elliptic curve P-256: small and fast, the usual choice. */
    P256("EC", "secp256r1", 256, "SHA256withECDSA", "1.2.840.10045.4.3.2"),
    /** Elliptic curve P-384. */
    P384("EC", "secp384r1", 384, "SHA384withECDSA", "1.2.840.10045.4.3.3"),
    /** RSA of 2048 bits. */
    RSA_2048("RSA", null, 2048, "SHA256withRSA", "1.2.840.113549.1.1.11"),
    /** RSA of 3072 bits. */
    RSA_3072("RSA", null, 3072, "SHA256withRSA", "1.2.840.113549.1.1.11");

    final String algorithm;
    final String curve;
    final int bits;
    final String signature;
    final String signatureOid;

    KeyKind(String algorithm, String curve, int bits, String signature, String signatureOid) {
        this.algorithm = algorithm;
        this.curve = curve;
        this.bits = bits;
        this.signature = signature;
        this.signatureOid = signatureOid;
    }
}
