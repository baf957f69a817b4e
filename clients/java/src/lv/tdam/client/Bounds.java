package lv.tdam.client;

import java.time.Duration;

/** Bounds on waiting and memory. {@link ClientBuilder} has settings for them; none can be switched off. */
final class Bounds {
    /** How long a connection may take to be made. */
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** How long nothing may happen in either direction: no byte of the upload taken, no byte of the answer come. */
    static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);
    /** How long one call may take in all, pauses and retries included. */
    static final Duration CALL_TIMEOUT = Duration.ofMinutes(30);
    /** How long the exchange is asked to wait for an answer before it gives a receipt. */
    static final Duration WAIT = Duration.ofSeconds(30);
    /** How long {@code submitAndWait} waits where its caller names no time. */
    static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(30);
    /** Longest stream that is taken: the longest submission that the exchange takes. */
    static final long BODY_BYTES_MAX = 2L << 30;
    /** Longest answer, unpacked. */
    static final long ANSWER_BYTES_MAX = 512L << 20;
    /** Longest problem document. */
    static final long PROBLEM_BYTES_MAX = 1L << 20;
    /** Longest file of a certificate, a key or a key store. */
    static final long CREDENTIAL_BYTES_MAX = 1L << 20;
    /** Longest answer that is held in memory; a longer one goes to a temporary file. */
    static final int MEMORY_BYTES_MAX = 1 << 20;
    /** Bytes moved at a time. */
    static final int CHUNK_BYTES = 64 << 10;
    /** Attempts of one call, the first included. */
    static final int ATTEMPTS_MAX = 5;
    /** Pause before the second attempt; it doubles from then on. */
    static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    /** Longest pause between two attempts, also when the exchange asks for a longer one. */
    static final Duration PAUSE_MAX = Duration.ofSeconds(30);
    /** Pause between two questions for an answer when the exchange names none. */
    static final Duration POLL_PAUSE = Duration.ofSeconds(1);
    /** Most pages of one order of reports: an exchange that chains pages in a circle is not followed for ever. */
    static final int PAGES_MAX = 100_000;
    /** Warnings that one answer may have, and that the library remembers having told. */
    static final int WARNINGS_MAX = 16;
    /** Longest request id. */
    static final int REQUEST_ID_CHARS_MAX = 64;
    /** Certificates of one file. */
    static final int CERTIFICATES_MAX = 256;

    private Bounds() {
    }
}
