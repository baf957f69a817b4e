package lv.tdam.client;

import java.io.InputStream;
import java.math.BigDecimal;
import java.util.Objects;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Checks pages of account reports (camt.052, camt.053): the first balance plus the entries is the last balance, and a page begins with the
 * balance with which the page before ended. A page without balances (camt.054) passes.
 *
 * <p>{@link ReportPages} checks by itself; this is for pages that were saved.
 *
 * <pre>{@code
 * BalanceChain chain = new BalanceChain();
 * chain.addPage(Files.newInputStream(Path.of("page-1.xml")), 1);
 * }</pre>
 */
public final class BalanceChain {
    /** Longest amount of a message, in characters (18 digits, sign, point). */
    private static final int AMOUNT_CHARS_MAX = 24;
    private static final int DEPTH_MAX = 256;

    private BigDecimal lastOfPageBefore;
    private boolean hasChecked;

    /** Begins with the first page of a report. */
    public BalanceChain() {
    }

    void add(ReportPage page) {
        addPage(page.document().stream(), page.number());
    }

    /** {@return whether any page had balances that were checked} */
    public boolean hasChecked() {
        return hasChecked;
    }

    /**
     * Checks the next page.
     *
     * @param page the message
     * @param number which page of its report it is; 1 begins another report
     * @throws TdamException {@link ErrorKind#UNEXPECTED} when the balances do not agree, or the page is no XML
     */
    public void addPage(InputStream page, int number) {
        Sums sums = Sums.read(page);
        if (sums.first == null) {
            return;
        }
        hasChecked = true;
        if (number > 1 && lastOfPageBefore != null && lastOfPageBefore.compareTo(sums.first) != 0) {
            throw TdamException.unexpected("the balances of the report do not chain: page " + number + " begins with " + sums.first
                    + ", and the page before ended with " + lastOfPageBefore + "; do not book it, and tell the operator");
        }
        if (sums.first.add(sums.entries).compareTo(sums.last) != 0) {
            throw TdamException.unexpected("the balances of page " + number + " do not agree: " + sums.first + " and entries of " + sums.entries
                    + " do not make " + sums.last + "; do not book it, and tell the operator");
        }
        lastOfPageBefore = sums.last;
    }

    /** What is added up of one page. */
    private static final class Sums {
        private BigDecimal first;
        private BigDecimal last;
        private BigDecimal entries = BigDecimal.ZERO;
        private BigDecimal amount;
        private String side;

        static Sums read(InputStream page) {
            XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            factory.setProperty(XMLInputFactory.IS_COALESCING, true);
            Sums sums = new Sums();
            try {
                XMLStreamReader reader = factory.createXMLStreamReader(page);
                String[] path = new String[DEPTH_MAX];
                int depth = 0;
                StringBuilder text = new StringBuilder();
                while (reader.hasNext()) {
                    int event = reader.next();
                    if (event == XMLStreamConstants.START_ELEMENT) {
                        if (depth == DEPTH_MAX) {
                            throw new XMLStreamException("elements deeper than " + DEPTH_MAX);
                        }
                        path[depth++] = reader.getLocalName();
                        text.setLength(0);
                    } else if (event == XMLStreamConstants.CHARACTERS && text.length() <= AMOUNT_CHARS_MAX) {
                        text.append(reader.getText(), 0, Math.min(reader.getTextLength(), AMOUNT_CHARS_MAX + 1));
                    } else if (event == XMLStreamConstants.END_ELEMENT) {
                        depth--;
                        sums.end(path[depth], depth == 0 ? "" : path[depth - 1], text.toString().trim());
                    }
                }
                return sums;
            } catch (XMLStreamException | NumberFormatException e) {
                throw TdamException.unexpected("the page of the report is not what this library expects: " + Reasons.words(e), e);
            }
        }

        private void end(String element, String parent, String text) {
            boolean isCounted = parent.equals("Bal") || parent.equals("Ntry");
            if (isCounted && element.equals("Amt")) {
                amount = text.length() > AMOUNT_CHARS_MAX ? new BigDecimal("no amount") : new BigDecimal(text);
            } else if (isCounted && element.equals("CdtDbtInd")) {
                side = text;
            } else if (element.equals("Bal")) {
                last = signed();
                first = Objects.requireNonNullElse(first, last);
            } else if (element.equals("Ntry")) {
                entries = entries.add(signed());
            }
        }

        private BigDecimal signed() {
            if (amount == null || side == null) {
                throw new NumberFormatException("a balance or entry without amount or side");
            }
            BigDecimal signed = side.equals("DBIT") ? amount.negate() : amount;
            amount = null;
            side = null;
            return signed;
        }
    }
}
