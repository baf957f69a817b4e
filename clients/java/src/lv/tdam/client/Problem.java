package lv.tdam.client;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The problem document (RFC 9457) with which the exchange refuses a request. */
public final class Problem {
    /** The exchange is working on the message: a reason to ask again. */
    private static final String IN_PROGRESS = "TDAM-5009";

    /** The signature is not valid; often of a wrong clock. */
    private static final String SIGNATURE_INVALID = "TDAM-1011";

    /** The caller showed no certificate. */
    private static final String NO_CERTIFICATE = "TDAM-1001";

    private final JsonObject json;
    private final int status;
    private final String requestId;
    private final OptionalLong retryAfterSeconds;

    Problem(JsonObject json, int status, String requestId, OptionalLong retryAfterSeconds) {
        this.json = json;
        this.status = status;
        this.requestId = json.textIfAny("request_id").orElse(requestId);
        OptionalLong written = json.numberIfAny("retry_after_seconds");
        this.retryAfterSeconds = written.isPresent() ? written : retryAfterSeconds;
    }

    /** {@return the code of the catalogue, such as {@code TDAM-5001}, to decide by; empty when the answer is not the exchange's} */
    public String code() {
        return json.text("code");
    }

    /** {@return the HTTP status} */
    public int status() {
        return status;
    }

    /** {@return what is wrong in general, in the language asked for} */
    public String title() {
        return json.textIfAny("title").orElse("HTTP status " + status);
    }

    /** {@return what is wrong in this request} */
    public Optional<String> detail() {
        return json.textIfAny("detail");
    }

    /** {@return what to do} */
    public String remedy() {
        return json.text("remedy");
    }

    /** {@return the ISO 20022 reason code of the same meaning} */
    public Optional<String> isoReason() {
        return json.textIfAny("iso_reason");
    }

    /** {@return by what the operator finds the request; empty when the answer names none} */
    public String requestId() {
        return requestId;
    }

    /** {@return when a repetition may succeed} */
    public OptionalLong retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** {@return the faults with their places, in the order of the document} */
    public List<Finding> findings() {
        return json.list("findings", Finding::new);
    }

    /** {@return the number of faults, also of those that {@link #findings()} does not list} */
    public long findingsTotal() {
        return json.number("findings_total");
    }

    /** {@return the entry of the catalogue, readable without a certificate} */
    public Optional<String> documentation() {
        return json.textIfAny("documentation");
    }

    /**
     * The texts of the catalogue.
     *
     * @param language Latvian or English
     * @return title, explanation and remedy
     */
    public Texts texts(Language language) {
        return new Texts(json.object("texts").object(language.code()));
    }

    /** Reads every member once, so that none of another type fails later, in the middle of handling an error. */
    void requireReadable() {
        sentence();
        isoReason();
        findingsTotal();
        documentation();
        for (Finding finding : findings()) {
            finding.requireReadable();
        }
        for (Language language : Language.values()) {
            texts(language).title();
        }
    }

    boolean isNotNow() {
        return status == 429 || status == 502 || status == 503 || status == 504 || isInProgress();
    }

    boolean isOfSignature() {
        return code().equals(SIGNATURE_INVALID);
    }

    boolean asksForCertificate() {
        return code().equals(NO_CERTIFICATE);
    }

    boolean isInProgress() {
        return status == 409 && code().equals(IN_PROGRESS);
    }

    /** Code, what was found, what to do, by what the operator finds it. */
    String sentence() {
        if (code().isEmpty()) {
            return "HTTP status " + status + ", and the answer is not the exchange's; check the address, and look for a proxy in between";
        }
        String what = code() + " " + detail().orElse(title());
        String remedy = remedy().isEmpty() ? "" : " " + remedy();
        return what + remedy + (requestId.isEmpty() ? "" : " [request " + requestId + "]");
    }

    @Override
    public String toString() {
        return sentence();
    }
}
