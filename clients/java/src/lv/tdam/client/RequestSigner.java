package lv.tdam.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Clock;
import java.util.Base64;
import java.util.Locale;

/**
 * Signs requests (HTTP Message Signatures, RFC 9421) with the key of a certificate. A {@link TdamClient} signs by itself; this is for HTTP
 * libraries of your own.
 *
 * <pre>{@code
 * RequestSigner signer = RequestSigner.of(Identity.pem(Path.of("certificate.pem"), Path.of("key.pem")), RsaSignature.PSS_SHA512);
 * SignedFields fields = signer.sign("POST", URI.create("https://exchange.example:8443/v1/payments"), body);
 * System.out.println("Content-Digest: " + fields.contentDigest());
 * }</pre>
 */
public final class RequestSigner {
    private static final int SALT_BYTES = 64;

    private final Credentials credentials;
    private final String fingerprint;
    private final String algorithm;
    private final Clock clock;

    RequestSigner(Credentials credentials, RsaSignature rsa, Clock clock) {
        this.credentials = credentials;
        this.fingerprint = credentials.fingerprint();
        this.algorithm = algorithm(credentials.key(), rsa);
        this.clock = clock;
    }

    /**
     * Makes one from an identity.
     *
     * @param identity certificate and key
     * @param rsa how it signs if the key is an RSA key
     * @return the signer
     * @throws TdamException {@link ErrorKind#CONFIGURATION}: the identity cannot be read, or its key is of no kind that signs
     */
    public static RequestSigner of(Identity identity, RsaSignature rsa) {
        return new RequestSigner(identity.read(), rsa, Clock.systemUTC());
    }

    /**
     * Signs a request as it is about to be sent.
     *
     * @param method the method, in capitals
     * @param target the address as it is sent
     * @param body the bytes as they are sent
     * @return three fields to be sent with the request
     */
    public SignedFields sign(String method, URI target, byte[] body) {
        return signDigest(method, target, sha256().digest(body));
    }

    SignedFields signDigest(String method, URI target, byte[] digest) {
        String contentDigest = "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":";
        String parameters = parameters(clock.instant().getEpochSecond());
        String base = base(method, target, contentDigest, parameters);
        String signature = "sig1=:" + Base64.getEncoder().encodeToString(signature(base)) + ":";
        return new SignedFields(contentDigest, "sig1=" + parameters, signature);
    }

    String parameters(long created) {
        return "(\"@method\" \"@authority\" \"@target-uri\" \"content-digest\");created=" + created + ";keyid=\"" + fingerprint
                + "\";alg=\"" + algorithm + "\"";
    }

    /** The bytes that are signed (RFC 9421, 2.5): a line for each component, the last one without an end of line. */
    static String base(String method, URI target, String contentDigest, String parameters) {
        String authority = authority(target);
        String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
        return "\"@method\": " + method + "\n\"@authority\": " + authority + "\n\"@target-uri\": https://" + authority
                + target.getRawPath() + query + "\n\"content-digest\": " + contentDigest + "\n\"@signature-params\": " + parameters;
    }

    /** Host in lower case, with the port unless it is that of https. */
    private static String authority(URI target) {
        String host = target.getHost().toLowerCase(Locale.ROOT);
        return target.getPort() < 0 || target.getPort() == 443 ? host : host + ":" + target.getPort();
    }

    private byte[] signature(String base) {
        try {
            Signature signature;
            if (algorithm.equals("rsa-pss-sha512")) {
                signature = Signature.getInstance("RSASSA-PSS");
                signature.setParameter(new PSSParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, SALT_BYTES, 1));
            } else if (algorithm.equals("rsa-v1_5-sha256")) {
                signature = Signature.getInstance("SHA256withRSA");
            } else if (algorithm.equals("ecdsa-p384-sha384")) {
                // The two numbers one after the other, as RFC 9421 wants them, not DER.
                signature = Signature.getInstance("SHA384withECDSAinP1363Format");
            } else {
                signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            }
            signature.initSign(credentials.key());
            signature.update(base.getBytes(StandardCharsets.UTF_8));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw TdamException.configuration("the submission cannot be signed with this key: " + Reasons.words(e), e);
        }
    }

    private static String algorithm(PrivateKey key, RsaSignature rsa) {
        if (key.getAlgorithm().equals("RSA")) {
            return rsa == RsaSignature.V1_5_SHA256 ? "rsa-v1_5-sha256" : "rsa-pss-sha512";
        }
        int bits = key instanceof ECKey ? ((ECKey) key).getParams().getOrder().bitLength() : 0;
        if (bits == 256) {
            return "ecdsa-p256-sha256";
        }
        if (bits == 384) {
            return "ecdsa-p384-sha384";
        }
        throw TdamException.configuration("submissions cannot be signed with a key of this kind: EC P-256, EC P-384 and RSA are good");
    }

    /** The digest of a body, which is read for it piece by piece. */
    static byte[] digest(Body.Prepared body) {
        MessageDigest sha256 = sha256();
        try (InputStream in = body.open()) {
            byte[] chunk = new byte[Bounds.CHUNK_BYTES];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                sha256.update(chunk, 0, read);
            }
        } catch (IOException e) {
            throw TdamException.input(body.name, e);
        }
        return sha256.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw TdamException.configuration("this Java has no SHA-256", e);
        }
    }
}
