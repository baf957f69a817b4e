package lv.tdam.client;

/** Whether and as whom a client is connected, and for how long. */
public final class Heartbeat {
    private final JsonObject json;
    private final JsonObject caller;

    Heartbeat(JsonObject json) {
        this.json = json;
        this.caller = json.object("caller");
    }

    /** {@return the exchange's time, in UTC (ISO 8601)} */
    public String time() {
        return json.text("time");
    }

    /** {@return the business day that is open: {@code 2026-11-23}} */
    public String businessDay() {
        return json.text("business_day");
    }

    /** {@return the institution} */
    public String client() {
        return caller.text("client");
    }

    /** {@return the online user} */
    public String onlineUser() {
        return caller.text("online_user");
    }

    /** {@return {@code view} or {@code manage}} */
    public String accessMode() {
        return caller.text("access_mode");
    }

    /** {@return the end of the certificate in use (ISO 8601)} */
    public String certificateUntil() {
        return caller.text("certificate_not_after");
    }

    /** {@return the days that are left of the certificate, counted in Europe/Riga; 0 on its last day} */
    public long certificateDaysLeft() {
        return caller.number("certificate_days_left");
    }

    /** {@return the last day of the online user's registration} */
    public String registrationUntil() {
        return caller.text("registration_valid_until");
    }

    /** {@return the days that are left of the registration} */
    public long registrationDaysLeft() {
        return caller.number("registration_days_left");
    }

    @Override
    public String toString() {
        return onlineUser() + " of " + client() + ", certificate days left: " + certificateDaysLeft();
    }
}
