package lv.tdam.client;

import static lv.tdam.client.Check.equal;
import static lv.tdam.client.Check.fails;
import static lv.tdam.client.Check.test;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fields of answers, addresses, and what a wrong setting is told. */
final class TextsTest {
    private TextsTest() {
    }

    static void add() {
        test("each warning is told once although its days fall, and the latest answer counts", () -> {
            List<String> told = new ArrayList<>();
            Warnings warnings = new Warnings(warning -> told.add(warning.toString()));
            warnings.hear(List.of("TDAM-1071;days=12;ends=\"2026-12-31\""));
            warnings.hear(List.of("TDAM-1071;days=11;ends=\"2026-12-31\", TDAM-1072;days=40;ends=\"2027-01-28\""));
            warnings.hear(List.of());
            equal(0, warnings.latest().size());
            warnings.hear(List.of("A-1;new=1;days=soon;ends=\"\u001b[2J\", ;days=1, A B"));
            equal(List.of("TDAM-1071: the certificate ends on 2026-12-31, days left: 12", "TDAM-1072: the registration ends on 2027-01-28, days left: 40",
                    "A-1: the A-1 ends soon"), told);
            warnings.hear(List.of("A,".repeat(1000)));
            equal(Bounds.WARNINGS_MAX, warnings.latest().size());
        });
        test("a hook that throws does not end the call", () -> {
            Warnings warnings = new Warnings(warning -> {
                throw new IllegalStateException("the log is full");
            });
            java.util.logging.Logger.getLogger("lv.tdam.client").setLevel(java.util.logging.Level.OFF);
            warnings.hear(List.of("TDAM-1071;days=12;ends=\"2026-12-31\""));
            equal(1, warnings.latest().size());
        });
        test("links are found by their relation", () -> {
            Reply reply = reply(Map.of("link", List.of("</v1/reports/7?page=1>; rel=\"prev\", </v1/reports/7?page=3>; rel=\"next\"")));
            equal(Optional.of("/v1/reports/7?page=3"), reply.link("next"));
            equal(Optional.empty(), reply.link("last"));
            equal(Optional.empty(), reply(Map.of()).link("next"));
        });
        test("a message id with reserved characters stays one value", () -> equal("/v1/payments?msg_id=A%2FB%2BC%3FD%26E%20%C4%81~%2A",
                Payments.statusOf("A/B+C?D&E ā~*")));
        test("the group status is found with and without a prefix", () -> {
            equal("PART", PaymentAnswer.groupStatus("<a><GrpSts>PART</GrpSts></a>".getBytes(StandardCharsets.UTF_8)));
            equal("ACCP", PaymentAnswer.groupStatus("<ns:GrpSts> ACCP </ns:GrpSts>".getBytes(StandardCharsets.UTF_8)));
            equal("", PaymentAnswer.groupStatus(new byte[0]));
        });
        test("a wrong clock is told by the date of an answer", () -> {
            HttpHeaders headers = headers(Map.of("date", List.of("Mon, 30 Nov 2026 11:00:00 GMT")));
            Instant theirs = Instant.parse("2026-11-30T11:00:00Z");
            equal("", ClockSkew.hint(headers, Clock.fixed(theirs.plusSeconds(20), ZoneOffset.UTC)));
            equal(true, ClockSkew.hint(headers, Clock.fixed(theirs.plusSeconds(600), ZoneOffset.UTC)).contains("600 s ahead of"));
            equal(true, ClockSkew.hint(headers, Clock.fixed(theirs.minusSeconds(600), ZoneOffset.UTC)).contains("600 s behind"));
            equal("", ClockSkew.hint(headers(Map.of()), Clock.systemUTC()));
        });
        test("a wrong setting is told with what to give", () -> {
            for (String url : new String[] {"http://a", "ftp://a", "https://a/b", "https://u@a", "https://a?b", "https://a#b", "https:///", "a b", "exchange:8443"}) {
                fails(ErrorKind.CONFIGURATION, "https://", () -> TdamClient.builder().url(url).build());
            }
            fails(ErrorKind.CONFIGURATION, "no address", () -> TdamClient.builder().build());
            fails(ErrorKind.CONFIGURATION, "no authority", () -> TdamClient.builder().url("https://a").build());
            fails(ErrorKind.CONFIGURATION, "without an identity", () -> TdamClient.builder().signSubmissions(true).build());
            fails(ErrorKind.CONFIGURATION, "callTimeout", () -> TdamClient.builder().callTimeout(java.time.Duration.ZERO));
            fails(ErrorKind.CONFIGURATION, "printable", () -> TdamClient.builder().userAgent("a\nb"));
            fails(ErrorKind.CONFIGURATION, "64", () -> Call.get(java.net.URI.create("https://a/"), "x").withRequestId("a b"));
        });
    }

    private static Reply reply(Map<String, List<String>> fields) {
        return new Reply(200, headers(fields), new Spool(0));
    }

    private static HttpHeaders headers(Map<String, List<String>> fields) {
        return HttpHeaders.of(fields, (name, value) -> true);
    }
}
