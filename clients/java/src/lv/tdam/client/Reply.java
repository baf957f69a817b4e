package lv.tdam.client;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** The answer to a call: status, fields, and the whole body. */
final class Reply implements AutoCloseable {
    final int status;
    private final HttpHeaders headers;
    final Document document;

    Reply(int status, HttpHeaders headers, Spool content) {
        this.status = status;
        this.headers = headers;
        this.document = new Document(content, header("x-message-type").orElse(null), header("x-request-id").orElse(null));
    }

    Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    boolean isAccepted() {
        return status == 202;
    }

    boolean isJson() {
        return isJson(headers);
    }

    static boolean isJson(HttpHeaders headers) {
        String type = headers.firstValue("content-type").orElse("").split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
        return type.equals("application/json") || type.equals("application/problem+json");
    }

    JsonObject json() {
        return JsonObject.read(document.bytes());
    }

    Optional<Duration> retryAfter() {
        OptionalLong seconds = retryAfterSeconds(headers);
        return seconds.isPresent() ? Optional.of(Duration.ofSeconds(seconds.getAsLong())) : Optional.empty();
    }

    /** Seconds; the exchange does not use the form with a date. */
    static OptionalLong retryAfterSeconds(HttpHeaders headers) {
        String text = headers.firstValue("retry-after").orElse("").trim();
        return text.matches("[0-9]{1,9}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** The target of the first link of this relation (RFC 8288), as the exchange writes it. */
    Optional<String> link(String relation) {
        for (String link : String.join(",", headers.allValues("link")).split(",")) {
            int end = link.indexOf('>');
            if (link.trim().startsWith("<") && end > 0 && link.substring(end).replace("\"", "").replace(" ", "").contains(";rel=" + relation)) {
                return Optional.of(link.substring(link.indexOf('<') + 1, end));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        document.close();
    }
}
