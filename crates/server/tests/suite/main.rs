//! Tests of the service over TLS, by topic.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod authorities;
mod bad_input;
mod bind;
mod bounds;
mod certificate_attacks;
mod compression;
mod described;
mod enrollment;
mod every_route;
mod fair_shares;
mod framing;
mod guide;
mod http;
mod identity;
mod libraries;
mod metrics;
mod operators;
mod payments;
mod proxied;
mod proxy_seeds;
mod quotas;
mod rights;
mod signature_attacks;
mod signatures;
mod stop;
mod support;
mod support_contact;
mod warnings;
