//! HTTPS server of the exchange.
