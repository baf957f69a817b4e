package lv.tdam.client;

/** The fields of a signed request. */
public final class SignedFields {
    private final String contentDigest;
    private final String signatureInput;
    private final String signature;

    SignedFields(String contentDigest, String signatureInput, String signature) {
        this.contentDigest = contentDigest;
        this.signatureInput = signatureInput;
        this.signature = signature;
    }

    /** {@return the value of {@code Content-Digest}} */
    public String contentDigest() {
        return contentDigest;
    }

    /** {@return the value of {@code Signature-Input}} */
    public String signatureInput() {
        return signatureInput;
    }

    /** {@return the value of {@code Signature}} */
    public String signature() {
        return signature;
    }
}
