//! The HTTPS server: listeners, who is calling, routes, and how errors are told.
//!
//! Two listeners, or three. The one for clients speaks mutual TLS; another is plain and serves what must be readable before
//! a client has a certificate (the authority's certificate, the catalogue of errors, the schemas) and what monitoring asks.
//! The third one is for metrics alone, so that nobody reads them who may read the plain one.
//!
//! What stands here, request by request: `accept` does the handshake in a task of its own, so that one slow client
//! holds up nobody; `connections` says who is connected, and who gives way when places run out; `speak` speaks HTTP
//! (`streams`: on connections that another program accepted);
//! `hygiene` refuses requests that can be read in two ways; `context` gives the request its id and writes the access log; `negotiation` chooses the form of the answer; `identity` asks the exchange who
//! is calling, **on every request**, since an open connection or a resumed TLS session outlives a revocation;
//! `shares` are what clients share, so that nobody's greed costs another; `routes` are small and only translate; `body`
//! streams what arrives into the exchange, `outgoing` what leaves it. Failures travel as values
//! of the exchange and are turned into problem details in one place (`answer`).
//!
//! Architecture invariants:
//! - No handler decides anything about payments, accounts or rights; the exchange does.
//! - Nothing that arrives grows in memory: bodies are streamed, and every count has a bound (`bounds`, [`Limits`]);
//!   nor does what is not read: long answers lie in files.
//! - Logs hold no bodies, no certificates, no IBANs; answers hold nothing about the inside of the service.

mod accept;
mod access_log;
mod answer;
mod body;
pub mod bounds;
mod compress;
mod connections;
mod context;
mod error;
mod framing;
mod head_watch;
mod http;
mod identity;
mod measures;
mod negotiation;
mod outgoing;
mod overview;
mod request_layer;
mod routes;
mod server;
mod service;
mod settings;
mod shares;
mod streams;
mod tls;

pub use error::ServerError;
pub use server::{Addresses, Server, TlsReload};
pub use settings::{Limits, ServerSettings, Support, TlsMaterial};
pub use streams::{ClientStreams, StreamPeer};
