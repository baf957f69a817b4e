/** Client of the treasury's exchange: payments, statuses and reports over mutual TLS, with nothing but the JDK. */
module lv.tdam.client {
    requires java.net.http;
    requires java.xml;

    exports lv.tdam.client;
}
