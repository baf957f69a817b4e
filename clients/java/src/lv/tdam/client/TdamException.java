package lv.tdam.client;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Why a call failed. Its message says what happened and what to do; {@link #kind()} is for programs.
 *
 * <pre>{@code
 * try {
 *     client.submit(Body.file(Path.of("payments.xml")));
 * } catch (TdamException e) {
 *     if (e.kind() == ErrorKind.REFUSED) {
 *         e.problem().ifPresent(problem -> System.err.println(problem.code() + ": " + problem.title()));
 *     } else {
 *         System.err.println(e.getMessage());
 *     }
 * }
 * }</pre>
 */
public final class TdamException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of failure it is. */
    private final ErrorKind kind;
    private final transient Problem problem;
    /** Whether TLS failed because of the client's certificate. */
    private final boolean isAuthenticationRefused;
    /** Attempts that the library made. */
    private final int attempts;

    private TdamException(ErrorKind kind, String text, Throwable cause, Problem problem, boolean isAuthenticationRefused, int attempts) {
        super(text, cause);
        this.kind = kind;
        this.problem = problem;
        this.isAuthenticationRefused = isAuthenticationRefused;
        this.attempts = attempts;
    }

    /**
     * What kind of failure it is.
     *
     * @return one of eight kinds
     */
    public ErrorKind kind() {
        return kind;
    }

    /**
     * The problem document of the exchange.
     *
     * @return present for {@link ErrorKind#REFUSED} and {@link ErrorKind#UNAVAILABLE}
     */
    public Optional<Problem> problem() {
        return Optional.ofNullable(problem);
    }

    /**
     * Whether the exchange does not accept who calls: certificate missing, revoked or expired, address not allowed, no right to it.
     *
     * @return true for a refusal with 401 or 403, and for TLS that failed because of the client's certificate
     */
    public boolean isUnauthorised() {
        return isAuthenticationRefused || problem != null && (problem.status() == 401 || problem.status() == 403);
    }

    /**
     * How many attempts the library made before it gave up.
     *
     * @return at least 1
     */
    public int attempts() {
        return attempts;
    }

    static TdamException configuration(String text) {
        return configuration(text, null);
    }

    static TdamException configuration(String text, Throwable cause) {
        return of(ErrorKind.CONFIGURATION, text, cause);
    }

    static TdamException input(String what, Throwable cause) {
        return of(ErrorKind.INPUT, what + " cannot be read: " + Reasons.words(cause), cause);
    }

    static TdamException connection(URI url, String detail, Throwable cause) {
        String text = "no connection to " + url + ": " + detail + "; check the address and that the service runs, then send the same bytes again";
        return of(ErrorKind.CONNECTION, text, cause);
    }

    static TdamException tls(URI url, String failure, boolean isOfClient, Throwable cause) {
        return new TdamException(ErrorKind.TLS, "no secure connection to " + url + ": " + failure, cause, null, isOfClient, 1);
    }

    static TdamException timeout(String doing, Duration after) {
        String text = "nothing came within " + Reasons.seconds(after) + " while " + doing
                + "; the outcome is not known, and sending the same bytes again is safe";
        return of(ErrorKind.TIMEOUT, text, null);
    }

    static TdamException unexpected(String text) {
        return of(ErrorKind.UNEXPECTED, text, null);
    }

    static TdamException unexpected(String text, Throwable cause) {
        return of(ErrorKind.UNEXPECTED, text, cause);
    }

    /** {@code hint} is what this side knows beyond the problem; empty where it knows nothing. */
    static TdamException refused(Problem problem, String hint) {
        boolean isLater = problem.isNotNow();
        String text = (isLater ? "the service cannot answer now: " : "refused: ") + problem.sentence() + hint;
        return new TdamException(isLater ? ErrorKind.UNAVAILABLE : ErrorKind.REFUSED, text, null, problem, false, 1);
    }

    /** The same failure after so many attempts. */
    TdamException after(int attempts) {
        String text = attempts > 1 ? getMessage() + " (after " + attempts + " attempts)" : getMessage();
        TdamException counted = new TdamException(kind, text, getCause(), problem, isAuthenticationRefused, attempts);
        counted.setStackTrace(getStackTrace());
        return counted;
    }

    /** The least pause before another attempt with the same bytes; empty where another attempt makes no sense. */
    Optional<Duration> retryAfter() {
        switch (kind) {
            case CONNECTION:
            case TIMEOUT:
                return Optional.of(Duration.ZERO);
            case UNAVAILABLE:
                return Optional.of(Duration.ofSeconds(problem.retryAfterSeconds().orElse(0)));
            default:
                return Optional.empty();
        }
    }

    private static TdamException of(ErrorKind kind, String text, Throwable cause) {
        return new TdamException(kind, text, cause, null, false, 1);
    }
}
