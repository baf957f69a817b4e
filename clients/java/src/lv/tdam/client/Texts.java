package lv.tdam.client;

/** What an entry of the catalogue says in one language. The exchange may better the texts: decide by the code. */
public final class Texts {
    private final JsonObject json;

    Texts(JsonObject json) {
        this.json = json;
    }

    /** {@return what is wrong, in a line} */
    public String title() {
        return json.text("title");
    }

    /** {@return why} */
    public String explanation() {
        return json.text("explanation");
    }

    /** {@return what to do} */
    public String remedy() {
        return json.text("remedy");
    }

    @Override
    public String toString() {
        return title();
    }
}
