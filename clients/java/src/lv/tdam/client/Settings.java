package lv.tdam.client;

import java.net.InetSocketAddress;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** What a client was built with. */
final class Settings {
    URI url;
    List<X509Certificate> authorities = List.of();
    List<Identity> identities = List.of();
    boolean signs;
    RsaSignature rsaSignature = RsaSignature.PSS_SHA512;
    String userAgent;
    boolean isCompressed = true;
    TlsVersion tlsNewest = TlsVersion.TLS_1_3;
    InetSocketAddress proxy;
    Duration connectTimeout = Bounds.CONNECT_TIMEOUT;
    Duration idleTimeout = Bounds.IDLE_TIMEOUT;
    Duration callTimeout = Bounds.CALL_TIMEOUT;
    long answerBytesMax = Bounds.ANSWER_BYTES_MAX;
    int attemptsMax = Bounds.ATTEMPTS_MAX;
    Duration firstPause = Bounds.FIRST_PAUSE;
    Duration pauseMax = Bounds.PAUSE_MAX;
    Consumer<Warning> onWarning = warning -> { };
    Consumer<LogEvent> onLog = event -> { };
    Clock clock = Clock.systemUTC();

    Retries retries() {
        return new Retries(attemptsMax, firstPause, pauseMax, () -> ThreadLocalRandom.current().nextDouble());
    }
}
