package lv.tdam.client;

/** How RSA keys sign submissions. */
public enum RsaSignature {
    /** {@code rsa-pss-sha512}, with a salt of 64 bytes. */
    PSS_SHA512,
    /** {@code rsa-v1_5-sha256}, for keys in devices that know no PSS. */
    V1_5_SHA256
}
