//! Client library of the exchange.
