package lv.tdam.client;

/** Why a call failed, as far as it decides what a program does about it. */
public enum ErrorKind {
    /** The client was set up with something unusable: address, authority, certificate, key, password. */
    CONFIGURATION,
    /** The file or stream to be sent cannot be read. */
    INPUT,
    /** No connection, or it was lost. The outcome is not known; sending the same bytes again is safe. */
    CONNECTION,
    /** TLS failed: one side does not trust or accept the other's certificate. */
    TLS,
    /** Nothing came within the time allowed. The outcome is not known; sending the same bytes again is safe. */
    TIMEOUT,
    /** The exchange understood the request and refused it; the problem says why. */
    REFUSED,
    /** The exchange cannot answer now and said so. The same call may succeed later. */
    UNAVAILABLE,
    /** The answer is none that this library understands. */
    UNEXPECTED
}
