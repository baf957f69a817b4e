package lv.tdam.client;

import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;

/** One request. The library may repeat any of them. */
final class Call {
    static final String XML = "application/xml; charset=utf-8";
    static final String JSON = "application/json";
    /** Messages are XML; problems are easier read as JSON. */
    static final String MESSAGE = "application/xml, application/problem+json";

    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1," + Bounds.REQUEST_ID_CHARS_MAX + "}");

    final String method;
    final URI target;
    final String accept;
    final Body body;
    String contentType = XML;
    Language language;
    String requestId;
    Duration wait;
    String bearer;
    /** Whether a second attempt could not succeed. */
    boolean isOnce;
    /** Whether it is signed, where the client signs. */
    boolean isSubmission;

    private Call(String method, URI target, String accept, Body body) {
        this.method = method;
        this.target = target;
        this.accept = accept;
        this.body = body;
    }

    static Call get(URI target, String accept) {
        return new Call("GET", target, accept, null);
    }

    static Call post(URI target, String accept, Body body) {
        return new Call("POST", target, accept, body);
    }

    Call in(Language language) {
        this.language = language;
        return this;
    }

    Call waiting(Duration wait) {
        this.wait = wait;
        return this;
    }

    Call withRequestId(String id) {
        if (id != null && !REQUEST_ID.matcher(id).matches()) {
            throw TdamException.configuration("the request id cannot be sent: it must have 1 to " + Bounds.REQUEST_ID_CHARS_MAX
                    + " of the characters A-Z a-z 0-9 - _ . :");
        }
        this.requestId = id;
        return this;
    }
}
