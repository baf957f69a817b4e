package lv.tdam.client;

import java.util.Optional;
import java.util.OptionalLong;

/** A fault of a message, with its place. */
public final class Finding {
    private final JsonObject json;

    Finding(JsonObject json) {
        this.json = json;
    }

    /** {@return the code of the catalogue} */
    public String code() {
        return json.text("code");
    }

    /** {@return what is wrong, in words} */
    public String message() {
        return json.text("message");
    }

    /** {@return the line of the message, from 1} */
    public OptionalLong line() {
        return json.numberIfAny("line");
    }

    /** {@return the column, from 1} */
    public OptionalLong column() {
        return json.numberIfAny("column");
    }

    /** {@return the element, as a path} */
    public Optional<String> path() {
        return json.textIfAny("path");
    }

    /** {@return the rule of the schema that is broken} */
    public Optional<String> rule() {
        return json.textIfAny("rule");
    }

    /** {@return what was found} */
    public Optional<String> value() {
        return json.textIfAny("value");
    }

    void requireReadable() {
        toString();
        line();
        column();
        path();
        rule();
        value();
    }

    @Override
    public String toString() {
        return code() + " " + message();
    }
}
