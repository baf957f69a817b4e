package lv.tdam.client;

/** A page of a report: a complete camt message. */
public final class ReportPage implements AutoCloseable {
    private final int number;
    private final boolean hasNext;
    private final Document document;

    ReportPage(int number, boolean hasNext, Document document) {
        this.number = number;
        this.hasNext = hasNext;
        this.document = document;
    }

    /** {@return which page of its report it is, from 1} */
    public int number() {
        return number;
    }

    /** {@return whether another page of the same report follows} */
    public boolean hasNext() {
        return hasNext;
    }

    /** {@return the camt.052, camt.053 or camt.054; it ends with the page} */
    public Document document() {
        return document;
    }

    /** Deletes the temporary file, if there is one. */
    @Override
    public void close() {
        document.close();
    }
}
