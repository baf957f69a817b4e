package lv.tdam.client;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Finds the words for failures that the JDK words for its own developers. */
final class Reasons {
    /** Causes below a cause that are looked at. */
    private static final int DEPTH_MAX = 16;
    private static final String ALERT = "Received fatal alert: ";

    private Reasons() {
    }

    static String seconds(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }

    /** What went wrong, in words. */
    static String words(Throwable failure) {
        String words = null;
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEPTH_MAX; depth++, cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return "the host name is not known here";
            }
            if (cause instanceof ConnectException && words == null) {
                words = "nothing listens there, or it refuses the connection";
            }
            if (cause instanceof NoSuchFileException) {
                return "there is no such file";
            }
            if (cause instanceof AccessDeniedException) {
                return "this user may not access it";
            }
            if (cause instanceof FileSystemException && ((FileSystemException) cause).getReason() != null) {
                return ((FileSystemException) cause).getReason();
            }
            if (cause.getMessage() != null) {
                words = cause.getMessage();
            }
        }
        return words != null ? words : failure.getClass().getSimpleName();
    }

    /** What an attempt failed of, when it was not the body that could not be read. */
    static TdamException ofTransport(URI url, Throwable failure, Optional<Credentials> credentials, Duration connectTimeout,
            Duration idle) {
        if (find(failure, java.net.http.HttpConnectTimeoutException.class) != null) {
            return TdamException.timeout("making the connection to " + url, connectTimeout);
        }
        if (find(failure, java.net.http.HttpTimeoutException.class) != null) {
            return TdamException.timeout("waiting for the answer of " + url, idle);
        }
        SSLException tls = find(failure, SSLException.class);
        if (tls != null && !isLost(tls)) {
            return ofTls(url, tls, credentials);
        }
        return TdamException.connection(url, lost(words(failure)), failure);
    }

    /** The JDK names the place in its code where it noticed that the other side had gone. */
    private static String lost(String words) {
        boolean isOfJdk = words.contains("EOF") || words.contains("received no bytes") || words.contains("terminated the handshake")
                || words.contains("close_notify");
        return isOfJdk ? "the other side ended the connection (" + words + ")" : words;
    }

    /** The connection broke; TLS only noticed it first. */
    private static boolean isLost(SSLException failure) {
        String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return find(failure, EOFException.class) != null || text.contains("close_notify") || text.contains("closed")
                || text.contains("terminated the handshake") || text.contains("connection reset") || text.contains("broken pipe");
    }

    private static TdamException ofTls(URI url, SSLException failure, Optional<Credentials> credentials) {
        String text = words(failure);
        int alert = text.indexOf(ALERT);
        if (alert >= 0) {
            return ofAlert(url, text.substring(alert + ALERT.length()), credentials, failure);
        }
        if (find(failure, CertificateExpiredException.class) != null || find(failure, CertificateNotYetValidException.class) != null) {
            return TdamException.tls(url, "its certificate is not valid at this machine's time; check this machine's clock, or tell the operator",
                    false, failure);
        }
        if (text.contains("unable to find valid certification path") || find(failure, CertPathValidatorException.class) != null) {
            return TdamException.tls(url, "its certificate is not signed by the given authority; check the address and the authority's PEM file",
                    false, failure);
        }
        if (text.contains(Tls.NAMES_UNVERIFIED)) {
            return TdamException.tls(url, text, false, failure);
        }
        if (find(failure, CertificateException.class) != null) {
            return TdamException.tls(url, "its certificate is for another host name (" + text + "); use an address that the certificate names",
                    false, failure);
        }
        if (text.contains("SSL message")) {
            return TdamException.tls(url, "what answers there does not speak TLS; check the port", false, failure);
        }
        return TdamException.tls(url, "TLS failed: " + text, false, failure);
    }

    private static TdamException ofAlert(URI url, String alert, Optional<Credentials> credentials, SSLException failure) {
        switch (alert.trim()) {
            case "certificate_required":
                return TdamException.tls(url, "it asks for a client certificate and none was given; set the online user's certificate and key",
                        true, failure);
            case "bad_certificate":
            case "unsupported_certificate":
            case "certificate_revoked":
            case "certificate_expired":
            case "certificate_unknown":
            case "unknown_ca":
            case "access_denied":
            case "decrypt_error":
                return TdamException.tls(url, "it does not accept the client certificate (" + alert.trim() + ")"
                        + credentials.map(Reasons::whose).orElse("") + "; check that it is the online user's in this environment, not expired, not revoked",
                        true, failure);
            case "handshake_failure":
            case "protocol_version":
                return TdamException.tls(url, "it agreed on no version or cipher of TLS (" + alert.trim() + "); allow TLS 1.2 or 1.3",
                        false, failure);
            default:
                return TdamException.tls(url, "TLS failed: " + alert.trim(), false, failure);
        }
    }

    private static String whose(Credentials credentials) {
        return " of " + credentials.certificate().getSubjectX500Principal() + ", valid until "
                + credentials.certificate().getNotAfter().toInstant();
    }

    static <T extends Throwable> T find(Throwable failure, Class<T> type) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEPTH_MAX; depth++, cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
