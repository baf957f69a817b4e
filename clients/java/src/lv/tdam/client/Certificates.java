package lv.tdam.client;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.function.Function;

/** Gets certificates: the first one with a code, the next one with that in use. */
final class Certificates {
    static final String RULES = "/v1/certificates/enrollment";
    static final String RENEWAL = "/v1/certificates";
    private static final String PEM = "application/pem-certificate-chain, application/problem+json";
    private static final String REQUEST = "application/pkcs10";

    private final Caller caller;

    Certificates(Caller caller) {
        this.caller = caller;
    }

    EnrollmentRules rules(String path, String code) {
        Call call = Call.get(caller.resolve(path), Call.JSON);
        call.bearer = code;
        try (Reply reply = caller.call(call)) {
            return new EnrollmentRules(reply.json());
        }
    }

    /** Sends a request; the answer is the certificate with its chain. */
    byte[] request(String path, String code, byte[] request) {
        Call call = Call.post(caller.resolve(path), PEM, Body.bytes(request));
        call.contentType = REQUEST;
        call.bearer = code;
        try (Reply reply = caller.call(call)) {
            return reply.document.bytes();
        }
    }

    X509Certificate enroll(String path, String code, Path certificate, Path key, KeyKind kind) {
        SecretFile.requireAbsent(certificate);
        SecretFile.requireAbsent(key);
        PendingCertificate pending = new PendingCertificate(new IdentityFiles(certificate, key, null), null);
        Credentials made = obtain(pending, pending.request(kind, () -> rules(path, code).subject()), request -> request(path, code, request));
        pending.activate();
        return made.certificate();
    }

    /** Renews the identity in use; {@code kind} null makes a key like that in use. */
    synchronized X509Certificate renew(KeyKind kind) {
        IdentityFiles files = caller.identityFiles().orElseThrow(() -> TdamException.configuration(
                "the identity comes from memory, so there are no files to renew; give it as files, or use "
                        + "requestCertificate and keep the new pair yourself"));
        if (files.isOnePemFile()) {
            throw TdamException.configuration(files.certificate + " holds the certificate and the key, and a renewal exchanges two files; "
                    + "put the key into a file of its own, or use requestCertificate and keep the new pair yourself");
        }
        SecretFile.requireReplaceable(files.certificate);
        SecretFile.requireReplaceable(files.key());
        Credentials present = files.read();
        PendingCertificate pending = new PendingCertificate(files, present.chain());
        byte[] sent = pending.request(kind == null ? CertificateRequest.kindOf(present) : kind, () -> rules(RULES, null).subject());
        Credentials made = obtain(pending, sent, request -> request(RENEWAL, null, request));
        prove(made);
        pending.activate();
        caller.reload();
        return made.certificate();
    }

    private Credentials obtain(PendingCertificate pending, byte[] request, Function<byte[], byte[]> send) {
        try {
            return pending.accept(send.apply(request));
        } catch (TdamException e) {
            if (e.kind() == ErrorKind.REFUSED) {
                // The exchange made nothing of them, and the next try may need others.
                pending.discard();
            }
            throw e;
        }
    }

    /** Connects with the new pair before it takes the place of the old one. */
    private void prove(Credentials made) {
        Caller trial = new Caller(caller.settings, made);
        try (Reply reply = trial.call(Call.get(trial.resolve("/v1/heartbeat"), Call.JSON))) {
            reply.json();
        } finally {
            trial.close();
        }
    }
}
