package lv.tdam.client;

import java.time.Duration;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Orders reports and fetches their pages. */
final class Reports {
    private static final String PATH = "/v1/reports";
    private static final Pattern PAGE = Pattern.compile("[?&]page=([0-9]{1,9})(?:&|$)");

    private final Caller caller;

    Reports(Caller caller) {
        this.caller = caller;
    }

    ReportPages request(Body camt060, Language language) {
        Call call = Call.post(caller.resolve(PATH), Call.MESSAGE, camt060).in(language).waiting(Bounds.WAIT);
        Reply reply = caller.call(call);
        ReportPages pages = new ReportPages(this);
        if (!reply.isJson() && !reply.isAccepted()) {
            Optional<String> next = reply.link("next");
            pages.begin(new ReportPage(1, next.isPresent(), reply.document), next.orElse(null));
            return pages;
        }
        try (Reply closed = reply) {
            if (closed.isJson()) {
                for (String location : closed.json().list("reports", report -> report.text("location"))) {
                    pages.append(location);
                }
            } else {
                pages.append(closed.header("location").orElseThrow(() -> TdamException.unexpected(
                        "the report is being made, but the exchange did not say where it will be")));
            }
        }
        return pages;
    }

    /** One page; where another page of the same report follows, its location goes before those of the reports after it. */
    ReportPage page(String location, Deque<String> locations) {
        Deadline deadline = Deadline.in(caller.settings.callTimeout);
        while (true) {
            Reply reply = caller.call(Call.get(caller.resolve(location), Call.MESSAGE).waiting(Bounds.WAIT), deadline);
            if (!reply.isAccepted()) {
                Optional<String> next = reply.link("next");
                next.ifPresent(locations::addFirst);
                return new ReportPage(number(location), next.isPresent(), reply.document);
            }
            Duration pause = reply.retryAfter().orElse(Bounds.POLL_PAUSE);
            reply.close();
            if (!deadline.sleeps(pause.compareTo(Bounds.FIRST_PAUSE) < 0 ? Bounds.FIRST_PAUSE : pause)) {
                throw TdamException.timeout("waiting for a report to be made", caller.settings.callTimeout);
            }
        }
    }

    private static int number(String location) {
        Matcher matcher = PAGE.matcher(location);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 1;
    }
}
