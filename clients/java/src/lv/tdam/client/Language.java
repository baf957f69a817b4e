package lv.tdam.client;

/** Language of texts in answers and problems. */
public enum Language {
    /** Latvian. */
    LATVIAN("lv"),
    /** English. */
    ENGLISH("en");

    private final String code;

    Language(String code) {
        this.code = code;
    }

    /** {@return the language's code, as {@code Accept-Language} has it} */
    public String code() {
        return code;
    }
}
