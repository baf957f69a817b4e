package lv.tdam.client;

import static lv.tdam.client.Check.equal;
import static lv.tdam.client.Check.test;
import static lv.tdam.client.Check.that;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;

/** Signatures of requests (RFC 9421): the base byte for byte, and a signature by each kind of key over it. */
final class SigningTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_795_000_000L), ZoneOffset.UTC);

    private SigningTest() {
    }

    static void add() {
        test("the base has a line for each component and no end of line", () -> {
            String parameters = "(\"@method\" \"@authority\" \"@target-uri\" \"content-digest\");created=1;keyid=\"ab\"";
            equal("\"@method\": POST\n\"@authority\": exchange.example:8443\n\"@target-uri\": https://exchange.example:8443/v1/payments?mode=test\n"
                    + "\"content-digest\": sha-256=:AA==:\n\"@signature-params\": " + parameters,
                    RequestSigner.base("POST", URI.create("https://Exchange.EXAMPLE:8443/v1/payments?mode=test"), "sha-256=:AA==:", parameters));
            that(RequestSigner.base("POST", URI.create("https://exchange.example:443/v1/payments"), "d", "p").contains(
                    "\"@authority\": exchange.example\n\"@target-uri\": https://exchange.example/v1/payments\n"), "the port of https is left out");
            that(RequestSigner.base("POST", URI.create("https://e/v1/payments?msg_id=A%2FB"), "d", "p").contains("?msg_id=A%2FB\n"),
                    "the query is as it is sent");
        });
        test("the digest is that of RFC 9530", () -> {
            SignedFields fields = new RequestSigner(Keys.p256(), RsaSignature.PSS_SHA512, CLOCK).sign("POST", URI.create("https://e/"),
                    "{\"hello\": \"world\"}\n".getBytes(StandardCharsets.UTF_8));
            equal("sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:", fields.contentDigest());
        });
        test("each kind of key signs as the profile says", () -> {
            verified("ecdsa-p256-sha256", "SHA256withECDSAinP1363Format", 64, Keys.p256(), RsaSignature.PSS_SHA512);
            verified("ecdsa-p384-sha384", "SHA384withECDSAinP1363Format", 96, Keys.of("secp384r1"), RsaSignature.PSS_SHA512);
            verified("rsa-pss-sha512", "RSASSA-PSS", 256, Keys.rsa(), RsaSignature.PSS_SHA512);
            verified("rsa-v1_5-sha256", "SHA256withRSA", 256, Keys.rsa(), RsaSignature.V1_5_SHA256);
        });
        test("a key that no algorithm of the profile has is refused", () -> Check.fails(ErrorKind.CONFIGURATION, "EC P-256, EC P-384 and RSA",
                () -> new RequestSigner(Keys.of("secp521r1"), RsaSignature.PSS_SHA512, CLOCK)));
    }

    private static void verified(String name, String algorithm, int bytes, Credentials credentials, RsaSignature rsa) throws Exception {
        URI target = URI.create("https://127.0.0.1:8443/v1/payments");
        SignedFields fields = new RequestSigner(credentials, rsa, CLOCK).sign("POST", target, new byte[] {1, 2, 3});
        that(fields.signatureInput().endsWith(";created=1795000000;keyid=\"" + credentials.fingerprint() + "\";alg=\"" + name + "\""), fields.signatureInput());
        String base = RequestSigner.base("POST", target, fields.contentDigest(), fields.signatureInput().substring("sig1=".length()));
        String encoded = fields.signature().substring("sig1=:".length(), fields.signature().length() - 1);
        byte[] signed = Base64.getDecoder().decode(encoded);
        equal(bytes, signed.length);
        Signature signature = Signature.getInstance(algorithm);
        if (algorithm.equals("RSASSA-PSS")) {
            signature.setParameter(new PSSParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, 64, 1));
        }
        signature.initVerify(credentials.certificate().getPublicKey());
        signature.update(base.getBytes(StandardCharsets.UTF_8));
        that(signature.verify(signed), name + " does not verify");
    }
}
