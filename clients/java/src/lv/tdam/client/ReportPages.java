package lv.tdam.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The pages of all reports that one camt.060 ordered, in order. A page is asked for when it is wanted.
 *
 * <p>The balances are checked on the way: a page whose sums do not agree, or which does not go on where the page before ended, is not
 * given out.
 *
 * <pre>{@code
 * ReportPages pages = client.requestReport(Body.file(Path.of("report.xml")));
 * int number = 0;
 * while (pages.hasNext()) {
 *     try (ReportPage page = pages.next()) {
 *         page.document().saveTo(Path.of("page-" + ++number + ".xml"));
 *     }
 * }
 * }</pre>
 */
public final class ReportPages implements Iterator<ReportPage>, AutoCloseable {
    private final Reports reports;
    private final Deque<String> locations = new ArrayDeque<>();
    private final BalanceChain chain = new BalanceChain();
    private ReportPage first;
    private int taken;

    ReportPages(Reports reports) {
        this.reports = reports;
    }

    void begin(ReportPage page, String next) {
        first = page;
        if (next != null) {
            locations.add(next);
        }
    }

    void append(String location) {
        locations.add(location);
    }

    /** {@return whether another page follows} */
    @Override
    public boolean hasNext() {
        return first != null || !locations.isEmpty();
    }

    /**
     * The next page.
     *
     * @return the page; close it
     * @throws TdamException any kind; {@link ErrorKind#UNEXPECTED} when the balances do not agree
     * @throws NoSuchElementException after the last page
     */
    @Override
    public ReportPage next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the last page was taken");
        }
        if (++taken > Bounds.PAGES_MAX) {
            throw TdamException.unexpected("the reports have more than " + Bounds.PAGES_MAX + " pages");
        }
        ReportPage page = first != null ? first : reports.page(locations.remove(), locations);
        first = null;
        try {
            chain.add(page);
            return page;
        } catch (TdamException e) {
            page.close();
            throw e;
        }
    }

    /** Deletes the temporary file of a page that nobody took. */
    @Override
    public void close() {
        if (first != null) {
            first.close();
        }
        first = null;
        locations.clear();
    }
}
