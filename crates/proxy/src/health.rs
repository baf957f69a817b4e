//! How the proxy is: when the exchange last answered, how long the certificate lasts, and what hinders a renewal.

use std::sync::{Mutex, PoisonError};

use client::{Client, Heartbeat};
use jiff::Timestamp;
use serde::Serialize;

/// So many days before its end a certificate that was not renewed is a warning.
const WARNING_DAYS: i64 = 14;
const SECONDS_A_DAY: i64 = 24 * 60 * 60;

/// Answer of `/proxy/health`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ProxyHealth {
    /// `ok`; `warning`: a person must act before something ends; `failing`: requests do not reach the exchange.
    pub status: &'static str,
    /// Version of the program.
    pub version: &'static str,
    /// The way to the exchange.
    pub exchange: ExchangeHealth,
    /// The certificate that the proxy shows.
    pub certificate: CertificateHealth,
}

/// The way to the exchange.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ExchangeHealth {
    /// Its address.
    pub url: String,
    /// Whether it answered last time.
    pub reachable: bool,
    /// When it last answered (RFC 3339).
    pub last_success: Option<String>,
    /// When it last did not (RFC 3339).
    pub last_failure: Option<String>,
    /// Why not; absent while it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

/// The certificate that the proxy shows.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CertificateHealth {
    /// Whose it is, as the exchange knows; absent until it answered once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub online_user: Option<String>,
    /// Its end (RFC 3339).
    pub not_after: Option<String>,
    /// Whole days until then; negative when it has ended.
    pub days_left: Option<i64>,
    /// So many days before its end the proxy renews it; 0: never.
    pub renew_days_ahead: u32,
    /// When the proxy last renewed it (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renewed: Option<String>,
    /// Why the last renewal failed; absent after one that did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renewal_failure: Option<String>,
}

/// What the parts of the proxy learn.
pub(crate) struct State {
    url: String,
    renew_days_ahead: u32,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    last_success: Option<Timestamp>,
    last_failure: Option<Timestamp>,
    /// Of the last attempt.
    failure: Option<String>,
    online_user: Option<String>,
    renewed: Option<Timestamp>,
    renewal_failure: Option<String>,
}

impl State {
    pub(crate) fn new(url: String, renew_days_ahead: u32) -> State {
        State { url, renew_days_ahead, known: Mutex::default() }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    fn change(&self, change: impl FnOnce(&mut Known)) {
        change(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The exchange answered.
    pub(crate) fn reached(&self) {
        self.change(|known| {
            known.last_success = Some(Timestamp::now());
            known.failure = None;
        });
    }

    /// It did not.
    pub(crate) fn failed(&self, error: &client::Error) {
        self.change(|known| {
            known.last_failure = Some(Timestamp::now());
            known.failure = Some(error.to_string());
        });
    }

    pub(crate) fn recognised(&self, heartbeat: &Heartbeat) {
        self.change(|known| known.online_user = Some(heartbeat.caller.online_user.clone()));
    }

    pub(crate) fn renewed(&self) {
        self.change(|known| {
            known.renewed = Some(Timestamp::now());
            known.renewal_failure = None;
        });
    }

    pub(crate) fn renewal_failed(&self, error: &client::Error) {
        self.change(|known| known.renewal_failure = Some(error.to_string()));
    }

    pub(crate) fn health(&self, client: &Client) -> ProxyHealth {
        let not_after = client.certificate_not_after().and_then(|end| Timestamp::try_from(end).ok());
        let now = Timestamp::now();
        let days_left = not_after.map(|end| (end.as_second() - now.as_second()).div_euclid(SECONDS_A_DAY));
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let reachable = known.failure.is_none() && known.last_success.is_some();
        let ends_soon = days_left.is_some_and(|days| days < WARNING_DAYS);
        let status = match () {
            () if !reachable => "failing",
            () if ends_soon || known.renewal_failure.is_some() => "warning",
            () => "ok",
        };
        ProxyHealth {
            status,
            version: env!("CARGO_PKG_VERSION"),
            exchange: ExchangeHealth {
                url: self.url.clone(),
                reachable,
                last_success: known.last_success.map(written),
                last_failure: known.last_failure.map(written),
                failure: known.failure.clone(),
            },
            certificate: CertificateHealth {
                online_user: known.online_user.clone(),
                not_after: not_after.map(written),
                days_left,
                renew_days_ahead: self.renew_days_ahead,
                renewed: known.renewed.map(written),
                renewal_failure: known.renewal_failure.clone(),
            },
        }
    }
}

/// A moment as RFC 3339 has it, to the second.
fn written(moment: Timestamp) -> String {
    format!("{moment:.0}")
}
