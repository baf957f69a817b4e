package lv.tdam.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Sends payments and gets their answer. */
final class Payments {
    private static final String PATH = "/v1/payments";

    /** How much longer than its caller waits a question may take, so that an exchange that waits as long can still answer. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Caller caller;

    Payments(Caller caller) {
        this.caller = caller;
    }

    Submission submit(Body body, SubmitOptions options) {
        return submit(body, options, Deadline.in(caller.settings.callTimeout));
    }

    private Submission submit(Body body, SubmitOptions options, Deadline deadline) {
        Call call = Call.post(caller.resolve(options.isTest ? PATH + "?mode=test" : PATH), Call.MESSAGE, body)
                .in(options.language).waiting(options.wait).withRequestId(options.requestId);
        call.isSubmission = true;
        return submission(call, deadline);
    }

    PaymentAnswer submitAndWait(Body body, SubmitOptions options, Duration timeout) {
        Deadline deadline = Deadline.in(timeout);
        Submission submission = submit(body, options, deadline.orIn(caller.settings.callTimeout));
        return submission.isAnswered() ? submission.answer().get() : waitForAnswer(submission.inProgress().get(), deadline, timeout);
    }

    Submission outcome(InProgress message) {
        Call call = Call.get(caller.resolve(message.location()), Call.MESSAGE).waiting(Duration.ZERO);
        return submission(call, Deadline.in(caller.settings.callTimeout));
    }

    PaymentAnswer waitForAnswer(InProgress message, Duration timeout) {
        return waitForAnswer(message, Deadline.in(timeout), timeout);
    }

    private PaymentAnswer waitForAnswer(InProgress message, Deadline deadline, Duration timeout) {
        while (true) {
            Duration left = deadline.left();
            Call call = Call.get(caller.resolve(message.location()), Call.MESSAGE).waiting(left.compareTo(Bounds.WAIT) < 0 ? left : Bounds.WAIT);
            Submission submission = submission(call, Deadline.in(left.plus(GRACE)).orIn(caller.settings.callTimeout));
            if (submission.isAnswered()) {
                return submission.answer().get();
            }
            Duration asked = submission.inProgress().get().retryAfter();
            Duration pause = asked.compareTo(Bounds.FIRST_PAUSE) < 0 ? Bounds.FIRST_PAUSE : asked;
            if (!deadline.sleeps(pause.compareTo(Bounds.PAUSE_MAX) > 0 ? Bounds.PAUSE_MAX : pause)) {
                throw TdamException.timeout("waiting for the answer to a message that the exchange has received", timeout);
            }
        }
    }

    private Submission submission(Call call, Deadline deadline) {
        try (Reply reply = caller.call(call, deadline)) {
            String requestId = reply.document.requestId().orElse(null);
            byte[] xml = reply.document.bytes();
            if (reply.isAccepted()) {
                String location = reply.header("location").orElseThrow(() -> TdamException.unexpected(
                        "the message was received, but the exchange did not say where its answer will be; send the same bytes again to learn it"));
                return new Submission(null, new InProgress(location, xml, reply.retryAfter().orElse(Bounds.POLL_PAUSE), requestId));
            }
            if (reply.isJson()) {
                throw TdamException.unexpected("a pain.002 was expected, and the answer is JSON; is the address that of an exchange?");
            }
            boolean isRepeated = reply.header("x-answer-repeated").filter("true"::equals).isPresent();
            return new Submission(new PaymentAnswer(xml, reply.document.messageType().orElse(null), isRepeated, requestId), null);
        }
    }

    /** The status of a message now. */
    Document status(String messageId, Language language) {
        return caller.call(Call.get(caller.resolve(statusOf(messageId)), Call.MESSAGE).in(language)).document;
    }

    MessageOverview overview(String messageId, Language language) {
        try (Reply reply = caller.call(Call.get(caller.resolve(statusOf(messageId)), Call.JSON).in(language))) {
            return new MessageOverview(reply.json());
        }
    }

    /** Everything but unreserved characters is percent-encoded (RFC 3986, 2.3). */
    static String statusOf(String messageId) {
        String encoded = URLEncoder.encode(messageId, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
        return PATH + "?msg_id=" + encoded;
    }
}
