package lv.tdam.client;

import java.util.Optional;
import java.util.OptionalLong;

/** An entry of the catalogue of errors. */
public final class CatalogueEntry {
    private final JsonObject json;

    CatalogueEntry(JsonObject json) {
        this.json = json;
    }

    /** {@return the code, such as {@code TDAM-3107}} */
    public String code() {
        return json.text("code");
    }

    /** {@return the ISO 20022 reason code of the same meaning} */
    public Optional<String> isoReason() {
        return json.textIfAny("iso_reason");
    }

    /** {@return the HTTP status of a problem with this code; empty for one that stands in answers} */
    public OptionalLong httpStatus() {
        return json.numberIfAny("http_status");
    }

    /** {@return whether the same request, unchanged, may succeed later} */
    public boolean isRetryable() {
        return json.is("retryable");
    }

    /** {@return where the rule comes from} */
    public String source() {
        return json.text("source");
    }

    /**
     * What it says.
     *
     * @param language Latvian or English
     * @return title, explanation and remedy
     */
    public Texts texts(Language language) {
        return new Texts(json.object("texts").object(language.code()));
    }

    @Override
    public String toString() {
        return code() + " " + texts(Language.ENGLISH).title();
    }
}
