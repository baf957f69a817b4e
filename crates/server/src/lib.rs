//! The HTTPS server: listeners, identification of callers, routes, and errors.
//!
//! It has two listeners, or three. The one for clients speaks mutual TLS. Another is plain; it serves what a client
//! must read before it has a certificate (the authority's certificate, the catalogue of errors, the schemas), and
//! monitoring. The third one is for metrics alone, so that readers of the plain one do not get them.
//!
//! The modules in the order of a request:
//! - `proxied` reads who connects from the header of a configured TCP proxy.
//! - `accept` does the handshake in a task of its own, so that one slow client delays no other.
//! - `connections` holds the open connections, and closes one when places run out.
//! - `speak` speaks HTTP (`streams`: on connections that another program accepted).
//! - `hygiene` refuses ambiguous requests.
//! - `request_layer` gives the request its id and writes the access log.
//! - `negotiation` chooses the form of the answer.
//! - `identity` asks the exchange who is calling, **on every request**, since an open connection or a resumed TLS session
//!   outlives a revocation.
//! - `quotas` bound what an online user and an address ask for and send over time.
//! - `shares` divides resources among clients, so that a greedy client costs no other.
//! - `routes` are small and only translate.
//! - `body` streams arriving bytes into the exchange, `outgoing` streams answers out of it.
//! - `answer` turns failures, which travel as values of the exchange, into problem details; no other place does so.
//!
//! Architecture invariants:
//! - No handler decides anything about payments, accounts or rights; the exchange does.
//! - Nothing that arrives grows in memory: the server streams bodies, and every count has a bound (`bounds`, [`Limits`]).
//!   Unread answers do not grow in memory either: long ones are in files.
//! - Logs hold no bodies, no certificates, no IBANs; answers reveal nothing about the inside of the service.

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
mod libraries;
mod measures;
mod negotiation;
mod outgoing;
mod overview;
mod page_request;
mod pages_ahead;
mod proxied;
pub mod proxy_header;
mod quota_settings;
mod quotas;
mod request_layer;
mod rights;
mod routes;
mod server;
mod service;
mod settings;
mod shares;
mod signed;
mod streams;
mod tls;

pub use error::ServerError;
pub use libraries::{Libraries, Library};
pub use quota_settings::{HolderQuotas, Quota, QuotaSettings};
pub use server::{Addresses, Reload, Server};
pub use settings::{Limits, ServerSettings, Support, TlsMaterial};
pub use streams::{ClientStreams, StreamPeer};
