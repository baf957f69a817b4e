package lv.tdam.client;

import java.util.Optional;

/** How many payments have a status. */
public final class StatusCount {
    private final JsonObject json;

    StatusCount(JsonObject json) {
        this.json = json;
    }

    /** {@return the status: {@code ACCP}, {@code ACSC}, {@code RJCT}, …} */
    public String status() {
        return json.text("status");
    }

    /** {@return the number of payments} */
    public long count() {
        return json.number("count");
    }

    /** {@return their sum; empty where it is not known or would mix currencies} */
    public Optional<String> total() {
        return json.textIfAny("total");
    }

    /** {@return the currency of the sum} */
    public Optional<String> currency() {
        return json.textIfAny("currency");
    }

    @Override
    public String toString() {
        return status() + " " + count();
    }
}
