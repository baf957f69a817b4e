package lv.tdam.client;

import java.util.List;
import java.util.Optional;

/** The status of a message as typed values: what the pain.002 says, for programs that read no XML. */
public final class MessageOverview {
    private final JsonObject json;

    MessageOverview(JsonObject json) {
        this.json = json;
    }

    /** {@return the message's {@code MsgId}} */
    public String messageId() {
        return json.text("message_id");
    }

    /** {@return the type of the message: {@code pain.001.001.09}} */
    public String messageType() {
        return json.text("message_type");
    }

    /** {@return when the exchange took it over (ISO 8601)} */
    public String consumedAt() {
        return json.text("consumed_at");
    }

    /** {@return the status of the message: {@code ACCP}, {@code ACSC}, {@code PART}, {@code RJCT}, …} */
    public String status() {
        return json.text("status");
    }

    /** {@return the number of payments} */
    public long numberOfTransactions() {
        return json.number("number_of_transactions");
    }

    /** {@return the sum of all payments} */
    public Optional<String> controlSum() {
        return json.textIfAny("control_sum");
    }

    /** {@return how many payments have which status} */
    public List<StatusCount> counts() {
        return json.list("counts", StatusCount::new);
    }

    /** {@return why the message was refused as a whole} */
    public Optional<Reason> reason() {
        return json.objectIfAny("reason").map(Reason::new);
    }

    /** {@return further reasons of the message} */
    public List<Reason> furtherReasons() {
        return json.list("further_reasons", Reason::new);
    }

    /** {@return the blocks, in the order of the file} */
    public List<BlockOverview> blocks() {
        return json.list("blocks", BlockOverview::new);
    }

    /** {@return the refused payments, up to a bound of the exchange} */
    public List<RefusedPayment> refused() {
        return json.list("refused", RefusedPayment::new);
    }

    /** {@return the number of refused payments, also of those that {@link #refused()} does not list} */
    public long refusedTotal() {
        return json.number("refused_total");
    }

    @Override
    public String toString() {
        return messageId() + " " + status();
    }
}
