package lv.tdam.client;

import java.util.Optional;

/** What is left of the quotas, on the node that answered. */
public final class Quotas {
    private final JsonObject json;

    Quotas(JsonObject json) {
        this.json = json;
    }

    /** {@return the requests of the online user; empty where there is no quota} */
    public Optional<Quota> requests() {
        return json.object("online_user").objectIfAny("requests").map(Quota::new);
    }

    /** {@return the bytes of the online user; empty where there is no quota} */
    public Optional<Quota> bytes() {
        return json.object("online_user").objectIfAny("bytes").map(Quota::new);
    }

    /** {@return the requests of the address that calls; empty where there is no quota} */
    public Optional<Quota> requestsOfAddress() {
        return json.object("address").objectIfAny("requests").map(Quota::new);
    }

    /** {@return the bytes of the address that calls; empty where there is no quota} */
    public Optional<Quota> bytesOfAddress() {
        return json.object("address").objectIfAny("bytes").map(Quota::new);
    }

    @Override
    public String toString() {
        return "requests left: " + requests().map(Quota::toString).orElse("any number") + ", bytes left: "
                + bytes().map(Quota::toString).orElse("any number");
    }
}
