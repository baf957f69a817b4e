package lv.tdam.client;

import java.time.Duration;
import java.util.List;

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

    TdamClient(Caller caller) {
        this.caller = caller;
        this.payments = new Payments(caller);
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
        try (Reply reply = caller.call(Call.get(caller.resolve("/v1/heartbeat"), Call.JSON))) {
            return new Heartbeat(reply.json());
        }
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
}
