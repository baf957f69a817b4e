package lv.tdam.client;

import java.util.List;
import java.util.Optional;

/** What the exchange thinks of the signature of a request. */
public final class SignatureCheck {
    private final JsonObject json;

    SignatureCheck(JsonObject json) {
        this.json = json;
    }

    /** {@return whether it would take a submission with this signature} */
    public boolean isAccepted() {
        return json.is("accepted");
    }

    /** {@return whether it demands a signature of this online user} */
    public boolean isRequired() {
        return json.is("required");
    }

    /** {@return the code with which it would refuse} */
    public Optional<String> code() {
        return json.textIfAny("code");
    }

    /** {@return why it would refuse, in words} */
    public Optional<String> text() {
        return json.textIfAny("text");
    }

    /** {@return the steps of the check, in order, up to the first that failed} */
    public List<Step> steps() {
        return json.list("steps", Step::new);
    }

    /** {@return the bytes that the exchange takes for signed, to be compared with yours} */
    public Optional<String> signatureBase() {
        return json.textIfAny("signature_base");
    }

    /** {@return the {@code Content-Digest} of the bytes that arrived} */
    public String contentDigest() {
        return json.text("content_digest");
    }

    /** {@return the {@code keyid} of the certificate in use} */
    public String keyId() {
        return json.text("keyid");
    }

    /** {@return the algorithms with which the key of the certificate signs} */
    public List<String> algorithms() {
        return json.texts("algorithms");
    }

    /** {@return the exchange's time, in seconds since 1970} */
    public long serverTime() {
        return json.number("server_time");
    }

    @Override
    public String toString() {
        return isAccepted() ? "accepted" : "not accepted: " + text().orElse("") + " " + steps();
    }

    /** A step of the check. */
    public static final class Step {
        private final JsonObject json;

        Step(JsonObject json) {
            this.json = json;
        }

        /** {@return the step: {@code fields}, {@code key}, {@code covered}, …} */
        public String step() {
            return json.text("step");
        }

        /** {@return whether the request passed it} */
        public boolean isPassed() {
            return json.is("passed");
        }

        /** {@return what was found} */
        public String detail() {
            return json.text("detail");
        }

        @Override
        public String toString() {
            return step() + (isPassed() ? " passed" : " failed: " + detail());
        }
    }
}
