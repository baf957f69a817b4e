package lv.tdam.client;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Settings of a {@link TdamClient}; made by {@link TdamClient#builder()}.
 *
 * <pre>{@code
 * TdamClient client = TdamClient.builder()
 *         .url("https://127.0.0.1:8443")
 *         .authority(Path.of("tdam-sandbox/pki/ca.pem"))
 *         .identity(Identity.pem(Path.of("certificate.pem"), Path.of("key.pem")))
 *         .build();
 * }</pre>
 */
public final class ClientBuilder {
    private final Settings settings = new Settings();
    private final List<Identity> identities = new ArrayList<>();
    private String url;

    ClientBuilder() {
        settings.userAgent = "tdam-client-java/" + TdamClient.VERSION;
    }

    /**
     * Address of the exchange.
     *
     * @param url {@code https://host[:port]}
     * @return this
     */
    public ClientBuilder url(String url) {
        this.url = url;
        return this;
    }

    /**
     * Certificate of the authority that issued the server's certificate. No other authority is trusted, also none of the JDK's.
     *
     * @param pem a PEM file with one or more certificates
     * @return this
     * @throws TdamException {@link ErrorKind#CONFIGURATION}: the file cannot be read, or holds no certificate
     */
    public ClientBuilder authority(Path pem) {
        settings.authorities = KeyReader.certificates(IdentityFiles.bytes(pem), pem.toString());
        return this;
    }

    /**
     * Certificate of the authority that issued the server's certificate. No other authority is trusted, also none of the JDK's.
     *
     * @param pem one or more certificates in PEM
     * @return this
     * @throws TdamException {@link ErrorKind#CONFIGURATION}: it holds no certificate
     */
    public ClientBuilder authority(byte[] pem) {
        settings.authorities = KeyReader.certificates(pem, "the authority given as bytes");
        return this;
    }

    /**
     * Who calls. Several may be given, such as the present one and the next: the newest that is valid counts,
     * and files that are not there yet are passed over until {@link TdamClient#reload()}.
     *
     * <p>Without any a connection is still made; the exchange then refuses every call with a problem that says so.
     *
     * @param identity certificate and key
     * @return this
     */
    public ClientBuilder identity(Identity identity) {
        identities.add(Objects.requireNonNull(identity));
        return this;
    }

    /**
     * Whether submissions are signed with the key of the identity (HTTP Message Signatures, RFC 9421). The exchange demands it of some
     * online users. A message in a file is read once more for its digest.
     *
     * @param signs true to sign
     * @return this
     */
    public ClientBuilder signSubmissions(boolean signs) {
        settings.signs = signs;
        return this;
    }

    /**
     * How an RSA key signs (default {@link RsaSignature#PSS_SHA512}).
     *
     * @param signature the algorithm
     * @return this
     */
    public ClientBuilder rsaSignature(RsaSignature signature) {
        settings.rsaSignature = Objects.requireNonNull(signature);
        return this;
    }

    /**
     * How long making a connection may take (default 10 s).
     *
     * @param timeout more than nothing
     * @return this
     */
    public ClientBuilder connectTimeout(Duration timeout) {
        settings.connectTimeout = positive(timeout, "connectTimeout");
        return this;
    }

    /**
     * How long nothing may move in either direction (default 60 s). What the exchange is asked to wait is added to it.
     *
     * @param timeout more than nothing
     * @return this
     */
    public ClientBuilder idleTimeout(Duration timeout) {
        settings.idleTimeout = positive(timeout, "idleTimeout");
        return this;
    }

    /**
     * How long a call may take in all, pauses and retries included (default 30 min).
     *
     * @param timeout more than nothing
     * @return this
     */
    public ClientBuilder callTimeout(Duration timeout) {
        settings.callTimeout = positive(timeout, "callTimeout");
        return this;
    }

    /**
     * How often a call is made at most, the first attempt included (default 5). 1 switches retries off.
     *
     * @param attempts at least 1
     * @return this
     */
    public ClientBuilder attemptsMax(int attempts) {
        settings.attemptsMax = Math.max(attempts, 1);
        return this;
    }

    /**
     * The pause before the second attempt (default 250 ms). It doubles from then on, and up to a quarter is added at random.
     *
     * @param pause the pause
     * @return this
     */
    public ClientBuilder firstPause(Duration pause) {
        settings.firstPause = positive(pause, "firstPause");
        return this;
    }

    /**
     * The longest pause between two attempts, also when the exchange asks for a longer one (default 30 s).
     *
     * @param pause the pause
     * @return this
     */
    public ClientBuilder pauseMax(Duration pause) {
        settings.pauseMax = positive(pause, "pauseMax");
        return this;
    }

    /**
     * Longest answer that is taken, unpacked (default 512 MiB). One of more than 1 MiB is held in a temporary file.
     *
     * @param bytes the length
     * @return this
     */
    public ClientBuilder answerBytesMax(long bytes) {
        settings.answerBytesMax = bytes;
        return this;
    }

    /**
     * Whether answers may come packed with gzip (default true).
     *
     * @param isAllowed true to allow it
     * @return this
     */
    public ClientBuilder compression(boolean isAllowed) {
        settings.isCompressed = isAllowed;
        return this;
    }

    /**
     * Newest version of TLS to be spoken (default {@link TlsVersion#TLS_1_3}); the oldest is always TLS 1.2.
     *
     * @param newest the version
     * @return this
     */
    public ClientBuilder tlsMax(TlsVersion newest) {
        settings.tlsNewest = Objects.requireNonNull(newest);
        return this;
    }

    /**
     * A proxy to go through, by {@code CONNECT}. Without it the library goes through none: it reads neither the environment nor the
     * properties of the JDK. The Treasury must know the address by which the proxy goes out.
     *
     * @param host the proxy's name
     * @param port the proxy's port
     * @return this
     */
    public ClientBuilder proxy(String host, int port) {
        settings.proxy = InetSocketAddress.createUnresolved(host, port);
        return this;
    }

    /**
     * Name and version of the accounting system, for the operator's log. It stands before the library's own.
     *
     * @param name such as {@code accounting/4.2}
     * @return this
     */
    public ClientBuilder userAgent(String name) {
        if (name.isEmpty() || !name.chars().allMatch(c -> c >= ' ' && c < 127)) {
            throw TdamException.configuration("the user agent cannot be sent: it must have printable ASCII characters only");
        }
        settings.userAgent = name + " tdam-client-java/" + TdamClient.VERSION;
        return this;
    }

    /**
     * Told once of each thing that the exchange warns of: a certificate or registration that ends soon.
     *
     * <pre>{@code
     * TdamClient.builder().onWarning(warning -> System.err.println(warning));
     * }</pre>
     *
     * @param listener called in the thread of the call that was answered; what it throws is logged and ignored
     * @return this
     */
    public ClientBuilder onWarning(Consumer<Warning> listener) {
        settings.onWarning = Objects.requireNonNull(listener);
        return this;
    }

    /**
     * Told of attempts, pauses and outcomes; never of keys, passwords or contents.
     *
     * <pre>{@code
     * TdamClient.builder().onLog(event -> System.getLogger("tdam").log(System.Logger.Level.DEBUG, event));
     * }</pre>
     *
     * @param listener called in the thread of the call; what it throws is logged and ignored
     * @return this
     */
    public ClientBuilder onLog(Consumer<LogEvent> listener) {
        settings.onLog = Objects.requireNonNull(listener);
        return this;
    }

    /**
     * Makes the client. No connection is opened yet.
     *
     * @return the client
     * @throws TdamException {@link ErrorKind#CONFIGURATION}: address missing or not {@code https}, no authority, files that cannot be
     *     read, a wrong password, a key that is not the certificate's
     */
    public TdamClient build() {
        if (settings.signs && identities.isEmpty()) {
            throw TdamException.configuration("submissions cannot be signed without an identity: give certificate and key");
        }
        settings.identities = List.copyOf(identities);
        return new TdamClient(new Caller(connectable()));
    }

    /**
     * Makes a client of the address for enrolment, where a code stands for the certificate.
     *
     * <pre>{@code
     * Enrollment enrollment = TdamClient.builder()
     *         .url("https://127.0.0.1:8444")
     *         .authority(Path.of("tdam-sandbox/pki/ca.pem"))
     *         .enrollment(code);
     * }</pre>
     *
     * @param code the enrolment code, as the contact person got it
     * @return the enrolment
     * @throws TdamException {@link ErrorKind#CONFIGURATION}: as {@link #build()}, or the code cannot be one
     */
    public Enrollment enrollment(String code) {
        settings.identities = List.of();
        settings.signs = false;
        return new Enrollment(new Caller(connectable()), code.trim());
    }

    private Settings connectable() {
        settings.url = address(url);
        if (settings.authorities.isEmpty()) {
            throw TdamException.configuration("no authority: give the PEM certificate of the authority that issued the server's certificate");
        }
        return settings;
    }

    private static URI address(String url) {
        if (url == null) {
            throw TdamException.configuration("no address: give the exchange's `https://host:port`");
        }
        URI parsed;
        try {
            parsed = new URI(url);
        } catch (URISyntaxException e) {
            throw TdamException.configuration("`" + url + "` is no address: give `https://host:port`", e);
        }
        if (!"https".equalsIgnoreCase(parsed.getScheme())) {
            throw TdamException.configuration("`" + url + "` is not safe: the exchange is reached by `https://` only");
        }
        boolean isBare = parsed.getHost() != null && parsed.getRawUserInfo() == null && parsed.getRawQuery() == null
                && parsed.getRawFragment() == null && (parsed.getRawPath().isEmpty() || parsed.getRawPath().equals("/"));
        if (!isBare) {
            throw TdamException.configuration("`" + url + "` is not host and port alone: give `https://host:port`");
        }
        return URI.create("https://" + parsed.getRawAuthority());
    }

    private static Duration positive(Duration time, String setting) {
        if (time.isNegative() || time.isZero()) {
            throw TdamException.configuration(setting + " must be more than nothing");
        }
        return time;
    }
}
