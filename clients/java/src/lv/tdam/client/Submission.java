package lv.tdam.client;

import java.util.Optional;

/** What came back for a pain.001: the answer, or what to ask again later. */
public final class Submission {
    private final PaymentAnswer answer;
    private final InProgress inProgress;

    Submission(PaymentAnswer answer, InProgress inProgress) {
        this.answer = answer;
        this.inProgress = inProgress;
    }

    /** {@return whether the answer is there} */
    public boolean isAnswered() {
        return answer != null;
    }

    /** {@return the answer, final} */
    public Optional<PaymentAnswer> answer() {
        return Optional.ofNullable(answer);
    }

    /** {@return the message that is still being checked} */
    public Optional<InProgress> inProgress() {
        return Optional.ofNullable(inProgress);
    }
}
