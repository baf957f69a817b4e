package lv.tdam.client;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A refused payment, or several that follow each other in the file and share a reason. */
public final class RefusedPayment {
    private final JsonObject json;

    RefusedPayment(JsonObject json) {
        this.json = json;
    }

    /** {@return the place of the first payment in the file, from 1} */
    public long first() {
        return json.number("first");
    }

    /** {@return the place of the last payment} */
    public long last() {
        return json.number("last");
    }

    /** {@return the number of payments} */
    public long count() {
        return json.number("count");
    }

    /** {@return the block} */
    public Optional<String> paymentInformationId() {
        return json.textIfAny("payment_information_id");
    }

    /** {@return the payment; empty for a range} */
    public Optional<String> endToEndId() {
        return json.textIfAny("end_to_end_id");
    }

    /** {@return the amount as the interface writes it: {@code 12.50}} */
    public Optional<String> amount() {
        return json.textIfAny("amount");
    }

    /** {@return the currency of the amount} */
    public Optional<String> currency() {
        return json.textIfAny("currency");
    }

    /** {@return the payee} */
    public Optional<String> creditorName() {
        return json.textIfAny("creditor_name");
    }

    /** {@return the line of your file} */
    public OptionalLong line() {
        return json.numberIfAny("line");
    }

    /** {@return when it was refused: {@code admission}, {@code execution} or {@code settlement}} */
    public String stage() {
        return json.text("stage");
    }

    /** {@return why} */
    public Reason reason() {
        return new Reason(json.object("reason"));
    }

    /** {@return further reasons of the same payment} */
    public List<Reason> furtherReasons() {
        return json.list("further_reasons", Reason::new);
    }

    @Override
    public String toString() {
        return endToEndId().orElse(first() + "-" + last()) + ": " + reason();
    }
}
