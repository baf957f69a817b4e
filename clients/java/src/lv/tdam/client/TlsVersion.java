package lv.tdam.client;

/** Versions of TLS that the library speaks. */
public enum TlsVersion {
    /** TLS 1.2. */
    TLS_1_2,
    /** TLS 1.3. */
    TLS_1_3
}
