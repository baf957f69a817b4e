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

/// The pause between two looks at something that another thread or process does. A look without a pause takes the
/// processor from whom it waits for, and each look over a new connection leaves a port that cannot be used for a minute.
const BETWEEN_LOOKS: std::time::Duration = std::time::Duration::from_millis(5);
