package lv.tdam.client;

import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.util.Optional;

/** Connections with one identity. Another identity gets other connections; those of before end with their calls. */
final class Link {
    final HttpClient http;
    final Optional<Credentials> credentials;
    final Optional<RequestSigner> signer;

    Link(Settings settings, Optional<Credentials> credentials) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .sslContext(Tls.context(settings.authorities, credentials))
                .sslParameters(Tls.parameters(settings.tlsNewest))
                // One upload per connection, and no flow-control windows between the file and the socket.
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connectTimeout)
                // The exchange knows callers by their address: no proxy but the one that the user names.
                .proxy(settings.proxy == null ? HttpClient.Builder.NO_PROXY : ProxySelector.of(settings.proxy));
        this.http = builder.build();
        this.credentials = credentials;
        this.signer = settings.signs ? credentials.map(own -> new RequestSigner(own, settings.rsaSignature, settings.clock)) : Optional.empty();
    }

    /** Before Java 21 connections end when nobody holds the client any more; from then on it can be told. */
    void shutdown() {
        if (http instanceof AutoCloseable) {
            try {
                HttpClient.class.getMethod("shutdown").invoke(http);
            } catch (ReflectiveOperationException e) {
                // It ends all the same, only later.
            }
        }
    }
}
