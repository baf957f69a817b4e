package lv.tdam.client;

import java.util.Optional;

/** Why a payment, a block or a message was refused. */
public final class Reason {
    private final JsonObject json;

    Reason(JsonObject json) {
        this.json = json;
    }

    /** {@return the code of the catalogue} */
    public String code() {
        return json.text("code");
    }

    /** {@return the ISO 20022 reason code, such as {@code AC03}} */
    public Optional<String> isoReason() {
        return json.textIfAny("iso_reason");
    }

    /** {@return the reason in words, in the language asked for} */
    public String text() {
        return json.text("text");
    }

    /** {@return the element that is wrong; empty where none is} */
    public String element() {
        return json.text("element");
    }

    /** {@return what was found; empty where nothing is to be shown} */
    public String value() {
        return json.text("value");
    }

    /** {@return what was expected: the limit, the sum, the earlier message; empty where there is nothing} */
    public String expected() {
        return json.text("expected");
    }

    /** {@return the length or number found, or the day of the earlier message; empty where there is nothing} */
    public String given() {
        return json.text("given");
    }

    /** {@return what to do} */
    public String remedy() {
        return json.text("remedy");
    }

    @Override
    public String toString() {
        return code() + " " + text();
    }
}
