package lv.tdam.client;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A connection to the treasury's exchange as one online user. Threads may share it.
 *
 * <p>Every call blocks until its result is there. After a lost connection, a timeout or "not now" the library makes the call again with the
 * same bytes, which cannot double a payment; what it tried is in {@link TdamException#attempts()} and in the log of
 * {@link ClientBuilder#onLog}.
 *
 * <pre>{@code
 * try (TdamClient client = TdamClient.builder()
 *         .url("https://127.0.0.1:8443")
 *         .authority(Path.of("tdam-sandbox/pki/ca.pem"))
 *         .identity(Identity.pem(Path.of("certificate.pem"), Path.of("key.pem")))
 *         .build()) {
 *     System.out.println(client.heartbeat());
 * }
 * }</pre>
 */
public final class TdamClient implements AutoCloseable {
    /** Version of this library. */
    public static final String VERSION = "0.1.0";

    private final Caller caller;
    private final Payments payments;
    private final Reports reports;
    private final Certificates certificates;

    TdamClient(Caller caller) {
        this.caller = caller;
        this.payments = new Payments(caller);
        this.reports = new Reports(caller);
        this.certificates = new Certificates(caller);
    }

    /**
     * Starts setting up a client.
     *
     * @return the settings
     */
    public static ClientBuilder builder() {
        return new ClientBuilder();
    }

    /**
     * Am I connected, as whom, and until when? Ask daily, and warn your people early.
     *
     * <pre>{@code
     * Heartbeat heartbeat = client.heartbeat();
     * if (heartbeat.certificateDaysLeft() < 30) {
     *     System.err.println("renew the certificate of " + heartbeat.onlineUser());
     * }
     * }</pre>
     *
     * @return the answer of the exchange
     * @throws TdamException any kind
     */
    public Heartbeat heartbeat() {
        return new Heartbeat(json("/v1/heartbeat"));
    }

    /**
     * Sends a pain.001 with the usual options.
     *
     * <pre>{@code
     * Submission submission = client.submit(Body.file(Path.of("payments.xml")));
     * if (submission.isAnswered()) {
     *     System.out.println(submission.answer().get().groupStatus());
     * } else {
     *     System.out.println("ask later: " + submission.inProgress().get().location());
     * }
     * }</pre>
     *
     * @param body the message
     * @return the answer, or what to ask again later
     * @throws TdamException as {@link #submit(Body, SubmitOptions)}
     */
    public Submission submit(Body body) {
        return submit(body, SubmitOptions.defaults());
    }

    /**
     * Sends a pain.001.
     *
     * <pre>{@code
     * Submission checked = client.submit(Body.file(Path.of("payments.xml")), SubmitOptions.defaults().test(true));
     * System.out.println(checked.answer().get().groupStatus());
     * }</pre>
     *
     * @param body the message
     * @param options how it is to be taken
     * @return the answer, or what to ask again later
     * @throws TdamException {@link ErrorKind#REFUSED} when the exchange did not take the message at all: not well-formed, not valid,
     *     {@code MsgId} used for other bytes, no right to send. A message that it did take is never an error, accepted or refused in its
     *     pain.002
     */
    public Submission submit(Body body, SubmitOptions options) {
        return payments.submit(body, options);
    }

    /**
     * Sends a pain.001 and comes back until its answer is there, at most half an hour.
     *
     * <pre>{@code
     * PaymentAnswer answer = client.submitAndWait(Body.file(Path.of("payments.xml")));
     * System.out.println(answer.groupStatus());
     * }</pre>
     *
     * @param body the message
     * @return the answer
     * @throws TdamException as {@link #submitAndWait(Body, SubmitOptions, Duration)}
     */
    public PaymentAnswer submitAndWait(Body body) {
        return submitAndWait(body, SubmitOptions.defaults(), Bounds.ANSWER_TIMEOUT);
    }

    /**
     * Sends a pain.001 and comes back until its answer is there.
     *
     * <pre>{@code
     * PaymentAnswer answer = client.submitAndWait(Body.file(Path.of("payments.xml")), SubmitOptions.defaults(), Duration.ofMinutes(10));
     * Files.write(Path.of("answer.xml"), answer.xml());
     * }</pre>
     *
     * @param body the message
     * @param options how it is to be taken
     * @param timeout how long to come back
     * @return the answer
     * @throws TdamException as {@link #submit(Body, SubmitOptions)}; {@link ErrorKind#TIMEOUT} when there is no answer in time: the same
     *     call again is safe
     */
    public PaymentAnswer submitAndWait(Body body, SubmitOptions options, Duration timeout) {
        return payments.submitAndWait(body, options, timeout);
    }

    /**
     * Waits until the exchange has answered a message that it has received.
     *
     * <pre>{@code
     * PaymentAnswer answer = client.waitForAnswer(InProgress.at("/v1/payments?submission=3"), Duration.ofMinutes(10));
     * }</pre>
     *
     * @param message as {@link #submit(Body)} gave it
     * @param timeout how long to wait
     * @return the answer
     * @throws TdamException {@link ErrorKind#REFUSED} when the exchange did not take the message in the end; {@link ErrorKind#TIMEOUT} when
     *     there is no answer in time
     */
    public PaymentAnswer waitForAnswer(InProgress message, Duration timeout) {
        return payments.waitForAnswer(message, timeout);
    }

    /**
     * Looks for the answer to a message that the exchange has received, without waiting for it.
     *
     * <pre>{@code
     * Submission now = client.outcome(InProgress.at("/v1/payments?submission=3"));
     * }</pre>
     *
     * @param message as {@link #submit(Body)} gave it
     * @return the answer, or what to ask again later
     * @throws TdamException as {@link #waitForAnswer(InProgress, Duration)}
     */
    public Submission outcome(InProgress message) {
        return payments.outcome(message);
    }

    /**
     * The status of a message now, as a pain.002 with every refused payment; {@code RCVD} while it is still being checked.
     *
     * <pre>{@code
     * try (Document status = client.status("MSG-2026-11-23")) {
     *     status.saveTo(Path.of("status.xml"));
     * }
     * }</pre>
     *
     * @param messageId the message's {@code MsgId}
     * @return the pain.002; close it
     * @throws TdamException {@link ErrorKind#REFUSED} with status 404 when the institution never sent a message with this {@code MsgId}
     */
    public Document status(String messageId) {
        return payments.status(messageId, null);
    }

    /**
     * The status of a message now, as an overview: counts, blocks, and refused payments up to a bound.
     *
     * <pre>{@code
     * MessageOverview overview = client.statusOverview("MSG-2026-11-23", Language.ENGLISH);
     * for (RefusedPayment refused : overview.refused()) {
     *     System.out.println("line " + refused.line() + ": " + refused.reason());
     * }
     * }</pre>
     *
     * @param messageId the message's {@code MsgId}
     * @param language language of the reasons
     * @return the overview
     * @throws TdamException as {@link #status(String)}
     */
    public MessageOverview statusOverview(String messageId, Language language) {
        return payments.overview(messageId, language);
    }

    /**
     * Orders reports with a camt.060.
     *
     * <pre>{@code
     * try (ReportPages pages = client.requestReport(Body.file(Path.of("report.xml")))) {
     *     while (pages.hasNext()) {
     *         try (ReportPage page = pages.next()) {
     *             System.out.println("page " + page.number() + ": " + page.document().length() + " bytes");
     *         }
     *     }
     * }
     * }</pre>
     *
     * @param camt060 the order
     * @return the pages of all reports, one after the other; their balances are checked on the way
     * @throws TdamException {@link ErrorKind#REFUSED} when the order is not valid, or asks for an account that the online user may not see
     */
    public ReportPages requestReport(Body camt060) {
        return reports.request(camt060, null);
    }

    /**
     * The accounts that the online user may see, with their balances now.
     *
     * <pre>{@code
     * for (Account account : client.accounts()) {
     *     System.out.println(account.iban() + " " + account.available());
     * }
     * }</pre>
     *
     * @return the accounts
     * @throws TdamException any kind
     */
    public List<Account> accounts() {
        return json("/v1/accounts").list("accounts", Account::new);
    }

    /**
     * What is left of the quotas. Asking takes nothing from them, and other calls need not ask first: one that a quota refuses waits as long
     * as the exchange says and is made again.
     *
     * <pre>{@code
     * client.quotas().requests().ifPresent(quota -> System.out.println(quota.left() + " requests left"));
     * }</pre>
     *
     * @return the quotas of the online user and of the address
     * @throws TdamException any kind
     */
    public Quotas quotas() {
        return new Quotas(json("/v1/quotas"));
    }

    /**
     * The catalogue of errors, in both languages.
     *
     * <pre>{@code
     * for (CatalogueEntry entry : client.errors()) {
     *     System.out.println(entry.code() + " " + entry.texts(Language.LATVIAN).title());
     * }
     * }</pre>
     *
     * @return every entry
     * @throws TdamException any kind
     */
    public List<CatalogueEntry> errors() {
        return json("/v1/errors").list("errors", CatalogueEntry::new);
    }

    /**
     * Is my signature right? The exchange says step by step how it judges the signature over this body. It keeps nothing and executes
     * nothing.
     *
     * <pre>{@code
     * SignatureCheck check = client.checkSignature(Body.file(Path.of("payments.xml")));
     * check.steps().forEach(System.out::println);
     * }</pre>
     *
     * @param body a message of at most 1 MiB
     * @return what the exchange thinks
     * @throws TdamException any kind. A wrong signature is none: the answer says so
     */
    public SignatureCheck checkSignature(Body body) {
        Call call = Call.post(caller.resolve("/v1/signature-check"), Call.JSON, body);
        call.isSubmission = true;
        try (Reply reply = caller.call(call)) {
            return new SignatureCheck(reply.json());
        }
    }

    /**
     * Renews the certificate in use, with a new key like the present one.
     *
     * <p>The library makes key and request, gets the certificate, connects with both, and only then puts them in place of the files that
     * the identity was given by, by renaming. Until the new pair has worked the old one stays. Both certificates are valid until the older
     * one ends or is revoked. What was interrupted is taken up by the next call. One program renews an identity, not several at a time.
     *
     * <pre>{@code
     * if (client.heartbeat().certificateDaysLeft() < 30) {
     *     System.out.println("valid until " + client.renew().getNotAfter());
     * }
     * }</pre>
     *
     * @return the new certificate
     * @throws TdamException {@link ErrorKind#CONFIGURATION} when the files cannot be replaced, or the identity comes from memory;
     *     {@link ErrorKind#REFUSED} with 409 when two certificates are valid already. The files in use are unchanged then
     */
    public X509Certificate renew() {
        return certificates.renew(null);
    }

    /**
     * Renews the certificate in use, with a new key of another kind.
     *
     * <pre>{@code
     * client.renew(KeyKind.P384);
     * }</pre>
     *
     * @param kind what key to make
     * @return the new certificate
     * @throws TdamException as {@link #renew()}
     */
    public X509Certificate renew(KeyKind kind) {
        return certificates.renew(Objects.requireNonNull(kind));
    }

    /**
     * For whom the next certificate will be, and what its request must be like.
     *
     * <pre>{@code
     * System.out.println(client.certificateRules().subject());
     * }</pre>
     *
     * @return the rules
     * @throws TdamException any kind
     */
    public EnrollmentRules certificateRules() {
        return certificates.rules(Certificates.RULES, null);
    }

    /**
     * The next certificate for a request that you made yourself, for keys in devices. The same request gets the same certificate again.
     *
     * <pre>{@code
     * byte[] chain = client.requestCertificate(Files.readAllBytes(Path.of("request.pem")));
     * }</pre>
     *
     * @param request PKCS#10, PEM or DER
     * @return the certificate with its chain, PEM
     * @throws TdamException {@link ErrorKind#REFUSED} when the request is not accepted, or two certificates are valid already
     */
    public byte[] requestCertificate(byte[] request) {
        return certificates.request(Certificates.RENEWAL, null, request);
    }

    /**
     * What the latest answer warned of. Empty when nothing ends soon.
     *
     * <pre>{@code
     * client.warnings().forEach(System.err::println);
     * }</pre>
     *
     * @return the warnings
     */
    public List<Warning> warnings() {
        return caller.warnings().latest();
    }

    /**
     * Reads the files of the identities again, for instance after another program renewed the certificate. Calls that run are not disturbed.
     *
     * <pre>{@code
     * client.reload();
     * }</pre>
     *
     * @throws TdamException {@link ErrorKind#CONFIGURATION} when they cannot be read; the client goes on with those of before
     */
    public void reload() {
        caller.reload();
    }

    /** Makes no further calls. Connections end when the last call has; before Java 21 when the JDK notices that nobody holds them. */
    @Override
    public void close() {
        caller.close();
    }

    private JsonObject json(String path) {
        try (Reply reply = caller.call(Call.get(caller.resolve(path), Call.JSON))) {
            return reply.json();
        }
    }
}
