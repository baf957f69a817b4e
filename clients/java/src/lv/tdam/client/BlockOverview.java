package lv.tdam.client;

import java.util.List;
import java.util.Optional;

/** The status of a block ({@code PmtInf}). */
public final class BlockOverview {
    private final JsonObject json;

    BlockOverview(JsonObject json) {
        this.json = json;
    }

    /** {@return the block's {@code PmtInfId}} */
    public String paymentInformationId() {
        return json.text("payment_information_id");
    }

    /** {@return the payer's account; empty in a message refused as a whole} */
    public String debtorIban() {
        return json.text("debtor_iban");
    }

    /** {@return the status of the block} */
    public String status() {
        return json.text("status");
    }

    /** {@return why it was refused} */
    public Optional<Reason> reason() {
        return json.objectIfAny("reason").map(Reason::new);
    }

    /** {@return further reasons of the block} */
    public List<Reason> furtherReasons() {
        return json.list("further_reasons", Reason::new);
    }

    /** {@return what is not a refusal, such as another day of execution} */
    public List<Reason> notices() {
        return json.list("notices", Reason::new);
    }

    /** {@return the day of execution: {@code 2026-11-23}} */
    public Optional<String> requestedExecutionDate() {
        return json.textIfAny("requested_execution_date");
    }

    /** {@return how many payments of the block have which status} */
    public List<StatusCount> counts() {
        return json.list("counts", StatusCount::new);
    }

    @Override
    public String toString() {
        return paymentInformationId() + " " + status();
    }
}
