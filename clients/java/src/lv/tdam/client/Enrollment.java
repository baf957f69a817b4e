package lv.tdam.client;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Gets the first certificate with an enrolment code, from an address of its own that asks for no certificate.
 *
 * <p>The answer to a request that was lost is got by the same call again: key and request wait beside the files that are to be made.
 *
 * <pre>{@code
 * try (Enrollment enrollment = TdamClient.builder()
 *         .url("https://127.0.0.1:8444")
 *         .authority(Path.of("tdam-sandbox/pki/ca.pem"))
 *         .enrollment(code)) {
 *     enrollment.enroll(Path.of("certificate.pem"), Path.of("key.pem"), KeyKind.P256);
 * }
 * }</pre>
 */
public final class Enrollment implements AutoCloseable {
    private static final String PATH = "/v1/enrollment";
    private static final String KEY_STORE_PATH = "/v1/enrollment/key-store";
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9._~+/-]{1,200}=*");

    private final Caller caller;
    private final Certificates certificates;
    private final String code;

    Enrollment(Caller caller, String code) {
        if (!CODE.matcher(code).matches()) {
            throw TdamException.configuration("the enrolment code holds characters that no code has; copy it again, without spaces");
        }
        this.caller = caller;
        this.certificates = new Certificates(caller);
        this.code = code;
    }

    /**
     * What the code opens. Asking does not use it up.
     *
     * <pre>{@code
     * System.out.println(enrollment.rules());
     * }</pre>
     *
     * @return for whom the certificate will be, and what its request must be like
     * @throws TdamException {@link ErrorKind#REFUSED} with 401 when the code is wrong, used or has ended
     */
    public EnrollmentRules rules() {
        return certificates.rules(PATH, code);
    }

    /**
     * Makes a key and a request, sends the request, and keeps key and certificate. The key never leaves this machine.
     *
     * <pre>{@code
     * enrollment.enroll(Path.of("certificate.pem"), Path.of("key.pem"), KeyKind.P256);
     * }</pre>
     *
     * @param certificate the file to be made, with the certificate and its chain (PEM)
     * @param key the file to be made, with the private key (PKCS#8, PEM); only its owner may read it
     * @param kind what key to make
     * @return the certificate
     * @throws TdamException {@link ErrorKind#CONFIGURATION} when a file is there already or cannot be written; {@link ErrorKind#REFUSED}
     *     when the exchange accepts code or request not
     */
    public X509Certificate enroll(Path certificate, Path key, KeyKind kind) {
        return certificates.enroll(PATH, code, certificate, key, kind);
    }

    /**
     * Sends a certificate request that you made yourself, for keys in devices.
     *
     * <pre>{@code
     * byte[] chain = enrollment.requestCertificate(Files.readAllBytes(Path.of("request.pem")));
     * }</pre>
     *
     * @param request PKCS#10, PEM or DER
     * @return the certificate with its chain, PEM
     * @throws TdamException {@link ErrorKind#REFUSED} when the exchange accepts code or request not
     */
    public byte[] requestCertificate(byte[] request) {
        return certificates.request(PATH, code, request);
    }

    /**
     * Picks up a PKCS#12 file, whose key the exchange makes at that moment and does not keep. The code must be of this kind, and works once:
     * when the answer is lost, ask for another code.
     *
     * <pre>{@code
     * char[] password = enrollment.enrollKeyStore(Path.of("certificate.p12"));
     * Identity identity = Identity.pkcs12(Path.of("certificate.p12"), password);
     * }</pre>
     *
     * @param pkcs12 the file to be made; only its owner may read it
     * @return its password: the code without hyphens
     * @throws TdamException {@link ErrorKind#CONFIGURATION} when the file is there already or cannot be written; {@link ErrorKind#REFUSED}
     *     when the exchange does not accept the code
     */
    public char[] enrollKeyStore(Path pkcs12) {
        SecretFile.requireAbsent(pkcs12);
        Call call = Call.post(caller.resolve(KEY_STORE_PATH), "application/x-pkcs12, application/problem+json", Body.bytes(new byte[0]));
        call.bearer = code;
        call.isOnce = true;
        try (Reply reply = caller.call(call)) {
            byte[] store = reply.document.bytes();
            char[] password = code.replace("-", "").toCharArray();
            SecretFile.write(IdentityFiles.next(pkcs12), store);
            SecretFile.replace(IdentityFiles.next(pkcs12), pkcs12);
            KeyReader.pkcs12(store, Arrays.copyOf(password, password.length), pkcs12.toString());
            return password;
        }
    }

    /** Makes no further calls. */
    @Override
    public void close() {
        caller.close();
    }
}
