package lv.tdam.client;

import java.util.Optional;

/** An account that the online user may see, with its balances now. Amounts are as the interface writes them: {@code 5000000000.00}. */
public final class Account {
    private final JsonObject json;

    Account(JsonObject json) {
        this.json = json;
    }

    /** {@return the account's IBAN} */
    public String iban() {
        return json.text("iban");
    }

    /** {@return the currency} */
    public String currency() {
        return json.text("currency");
    }

    /** {@return the institution} */
    public String owner() {
        return json.text("owner");
    }

    /** {@return the kind of account: {@code budget_expenditure}, {@code donation}, …} */
    public String kind() {
        return json.text("kind");
    }

    /** {@return {@code open}, {@code blocked} or {@code closed}} */
    public String state() {
        return json.text("state");
    }

    /** {@return what is booked} */
    public String bookedBalance() {
        return json.text("booked_balance");
    }

    /** {@return what is held for payments that are due} */
    public String held() {
        return json.text("held");
    }

    /** {@return the booked balance less what is held} */
    public String available() {
        return json.text("available");
    }

    /** {@return the most that one payment may have} */
    public Optional<String> paymentLimit() {
        return json.textIfAny("payment_limit");
    }

    /** {@return the most that the payments of one day may have} */
    public Optional<String> dayLimit() {
        return json.textIfAny("day_limit");
    }

    /** {@return whether the online user may pay from it} */
    public boolean mayDebit() {
        return json.is("may_debit");
    }

    @Override
    public String toString() {
        return iban() + " " + available() + " " + currency();
    }
}
