package lv.tdam.client;

/** A quota: what is left of it, and how it fills. */
public final class Quota {
    private final JsonObject json;

    Quota(JsonObject json) {
        this.json = json;
    }

    /** {@return what is left now} */
    public long left() {
        return json.number("left");
    }

    /** {@return how much it has when it is full} */
    public long burst() {
        return json.number("burst");
    }

    /** {@return how much comes back each second} */
    public long perSecond() {
        return json.number("per_second");
    }

    /** {@return the seconds until it is full} */
    public long fullInSeconds() {
        return json.number("full_in_seconds");
    }

    @Override
    public String toString() {
        return left() + " of " + burst();
    }
}
