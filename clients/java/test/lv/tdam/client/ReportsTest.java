package lv.tdam.client;

import static lv.tdam.client.Check.equal;
import static lv.tdam.client.Check.fails;
import static lv.tdam.client.Check.test;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The check of balances over the pages of a report. */
final class ReportsTest {
    private ReportsTest() {
    }

    static void add() {
        test("balances that agree and chain pass, over several reports", () -> {
            BalanceChain chain = new BalanceChain();
            equal(false, chain.hasChecked());
            chain.addPage(page("100.00", "89.50", "-10.50"), 1);
            chain.addPage(page("89.50", "-0.50", "+10.00", "-100.00"), 2);
            chain.addPage(page("7", "7"), 1);
            chain.addPage(xml("<Ntfctn>" + entry("+1.00") + "</Ntfctn>"), 1);
            equal(true, chain.hasChecked());
        });
        test("balances of each day in between do not change the sum", () -> new BalanceChain().addPage(xml("<Rpt>" + balance("10") + balance("12")
                + balance("12") + balance("15") + entry("+2") + entry("+3") + "</Rpt>"), 1));
        test("an amount inside an entry is not the entry's", () -> new BalanceChain().addPage(xml("<Rpt>" + balance("0") + balance("5")
                + "<Ntry><Amt>5</Amt><CdtDbtInd>CRDT</CdtDbtInd><NtryDtls><TxDtls><Amt>3</Amt><CdtDbtInd>DBIT</CdtDbtInd></TxDtls></NtryDtls></Ntry></Rpt>"), 1));
        test("balances that do not agree or do not chain are told", () -> {
            fails(ErrorKind.UNEXPECTED, "page 1 do not agree", () -> new BalanceChain().addPage(page("100.00", "89.51", "-10.50"), 1));
            BalanceChain chain = new BalanceChain();
            chain.addPage(page("1", "2", "+1"), 1);
            fails(ErrorKind.UNEXPECTED, "page 2 begins with 3", () -> chain.addPage(page("3", "3"), 2));
        });
        test("what is no report is told", () -> {
            for (String text : new String[] {"", "<a>", "<Rpt><Bal><Amt>1</Amt></Bal></Rpt>", "<Rpt><Bal><Amt>x</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal></Rpt>",
                "<a>".repeat(300) + "</a>".repeat(300), "<Bal><Amt>" + "9".repeat(100) + "</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>",
                "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"}) {
                fails(ErrorKind.UNEXPECTED, "not what this library expects", () -> new BalanceChain().addPage(xml(text), 1));
            }
        });
    }

    private static InputStream page(String first, String last, String... entries) {
        StringBuilder all = new StringBuilder("<Document><BkToCstmrAcctRpt><Rpt>" + balance(first) + balance(last));
        for (String one : entries) {
            all.append(entry(one));
        }
        return xml(all + "</Rpt></BkToCstmrAcctRpt></Document>");
    }

    private static String balance(String amount) {
        boolean isDebit = amount.startsWith("-");
        return "<Bal><Amt Ccy=\"EUR\">" + amount.replace("-", "") + "</Amt><CdtDbtInd>" + (isDebit ? "DBIT" : "CRDT") + "</CdtDbtInd></Bal>";
    }

    private static String entry(String amount) {
        return "<Ntry><Amt>" + amount.substring(1) + "</Amt><CdtDbtInd>" + (amount.startsWith("-") ? "DBIT" : "CRDT") + "</CdtDbtInd></Ntry>";
    }

    private static InputStream xml(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
