package lv.tdam.client;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS that trusts one authority, shows one certificate, and takes no setting of the process. */
final class Tls {
    static final String NAMES_UNVERIFIED = "the process runs with -Djdk.internal.httpclient.disableHostnameVerification, so host names would"
            + " not be verified; start it without";

    private static final String ALIAS = "identity";

    private Tls() {
    }

    static SSLContext context(List<X509Certificate> authorities, Optional<Credentials> credentials) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                trusted.setCertificateEntry("authority-" + i, authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(trusted);
            TrustManager trust = new NamedServers((X509ExtendedTrustManager) factory.getTrustManagers()[0]);
            KeyManager[] keys = credentials.map(own -> new KeyManager[] {new OneKey(own)}).orElse(new KeyManager[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw TdamException.configuration("TLS cannot be set up: " + Reasons.words(e), e);
        }
    }

    static SSLParameters parameters(TlsVersion newest) {
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(newest == TlsVersion.TLS_1_2 ? new String[] {"TLSv1.2"} : new String[] {"TLSv1.3", "TLSv1.2"});
        return parameters;
    }

    /**
     * Shows the certificate whatever authorities the server names: otherwise the JDK shows none when they differ, and the exchange could only
     * say that there was none.
     */
    private static final class OneKey extends X509ExtendedKeyManager {
        private final Credentials credentials;

        OneKey(Credentials credentials) {
            this.credentials = credentials;
        }

        @Override
        public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
            return chooseClientAlias(keyTypes, issuers, null);
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            for (String keyType : keyTypes) {
                if (keyType.equals(credentials.key().getAlgorithm())) {
                    return ALIAS;
                }
            }
            return null;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return credentials.chain();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return credentials.key();
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return null;
        }
    }

    /**
     * Trusts a server only under the name by which it is called. The JDK compares names unless a property of the process switches that off
     * for every client in it; this one does not take part.
     */
    private static final class NamedServers extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager issued;

        NamedServers(X509ExtendedTrustManager issued) {
            this.issued = issued;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) throws CertificateException {
            if (!"HTTPS".equals(engine.getSSLParameters().getEndpointIdentificationAlgorithm())) {
                throw new CertificateException(NAMES_UNVERIFIED);
            }
            issued.checkServerTrusted(chain, kind, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) throws CertificateException {
            throw new CertificateException("no sockets are used here");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            throw new CertificateException("a server without a name is not trusted");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) throws CertificateException {
            throw new CertificateException("this is no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) throws CertificateException {
            throw new CertificateException("this is no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            throw new CertificateException("this is no server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return issued.getAcceptedIssuers();
        }
    }
}
