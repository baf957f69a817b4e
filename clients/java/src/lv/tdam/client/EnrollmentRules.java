package lv.tdam.client;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** For whom a certificate will be, and what its request must be like. */
public final class EnrollmentRules {
    private final JsonObject json;

    EnrollmentRules(JsonObject json) {
        this.json = json;
    }

    /** {@return what is to be sent: {@code request} for a certificate request, {@code key-store} for nothing} */
    public String kind() {
        return json.text("kind");
    }

    /** {@return the subject: {@code /O=Institution/CN=Online user}} */
    public String subject() {
        return json.text("subject");
    }

    /** {@return the keys that are accepted, in words} */
    public List<String> keys() {
        return json.texts("keys");
    }

    /** {@return the command that makes key and request} */
    public String openssl() {
        return json.text("openssl");
    }

    /** {@return the last day of the online user's registration; no certificate is valid longer} */
    public String registrationUntil() {
        return json.text("registration_valid_until");
    }

    /** {@return when the code ends; empty for a renewal} */
    public Optional<String> codeValidUntil() {
        return json.textIfAny("code_valid_until");
    }

    /** {@return how many tries the code has left; empty for a renewal} */
    public OptionalLong codeTriesLeft() {
        return json.numberIfAny("code_tries_left");
    }

    @Override
    public String toString() {
        return kind() + " for " + subject();
    }
}
