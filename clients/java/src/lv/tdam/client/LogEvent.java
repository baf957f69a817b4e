package lv.tdam.client;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** What the library does, for a log: attempts, pauses, outcomes. It never holds keys, passwords, codes or contents of messages. */
public final class LogEvent {
    /** What happened. */
    public enum Kind {
        /** An attempt begins. */
        ATTEMPT,
        /** An attempt failed, and the library pauses before the next one. */
        PAUSE,
        /** The call has ended. */
        OUTCOME
    }

    private final Kind kind;
    private final String method;
    private final URI target;
    private final int attempt;
    private final String text;
    private final Duration pause;

    LogEvent(Kind kind, String method, URI target, int attempt, String text, Duration pause) {
        this.kind = kind;
        this.method = method;
        this.target = target;
        this.attempt = attempt;
        this.text = text;
        this.pause = pause;
    }

    /** {@return what happened} */
    public Kind kind() {
        return kind;
    }

    /** {@return the HTTP method of the call} */
    public String method() {
        return method;
    }

    /** {@return the address of the call} */
    public URI target() {
        return target;
    }

    /** {@return the number of the attempt, from 1} */
    public int attempt() {
        return attempt;
    }

    /** {@return how long the library pauses; present for {@link Kind#PAUSE}} */
    public Optional<Duration> pause() {
        return Optional.ofNullable(pause);
    }

    /** {@return the event as one line} */
    @Override
    public String toString() {
        String line = kind.name().toLowerCase(java.util.Locale.ROOT) + " " + method + " " + target + " attempt " + attempt;
        String why = text.isEmpty() ? "" : ": " + text;
        return line + (pause == null ? "" : " pausing " + Reasons.seconds(pause)) + why;
    }
}
