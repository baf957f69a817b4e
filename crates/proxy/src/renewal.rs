//! Asks the exchange every minute whether the proxy is connected, and renews the certificate in time.
//!
//! The library makes key and request, tries the new certificate, and exchanges the files (`Client::renew`). Until the new one has opened
//! the exchange, the old one stays in use and on disk.

use std::sync::Arc;
use std::time::Instant;

use client::{Client, KeyKind, Retries};
use tokio::sync::watch;

use crate::bounds;
use crate::health::State;

/// Whether a certificate with so many days left is to be renewed. One that had fewer days than the proxy renews ahead, when it
/// came from a renewal, rests for half of them.
fn is_due(days_left: i64, days_ahead: u32, days_when_new: Option<i64>) -> bool {
    let ahead = days_when_new.map_or(i64::from(days_ahead), |days| (days / 2).min(days_ahead.into()));
    days_ahead > 0 && days_left <= ahead
}

/// Until the stop. A renewal that has begun ends first.
pub(crate) async fn watch(client: Client, state: Arc<State>, days_ahead: u32, mut stopping: watch::Receiver<bool>) {
    let once = client.clone().repeating(Retries::none());
    let mut rests_until: Option<Instant> = None;
    let (mut renewed, mut days_when_new) = (false, None);
    loop {
        // Somebody else may have put a new certificate there.
        if let Err(error) = client.reload() {
            tracing::warn!(%error, "certificate and key cannot be read; the proxy goes on with those that it has");
        }
        let heartbeat = tokio::select! {
            heartbeat = once.heartbeat() => heartbeat,
            _ = stopping.wait_for(|stop| *stop) => return,
        };
        match heartbeat {
            Ok(heartbeat) => {
                state.reached();
                state.recognised(&heartbeat);
                let days_left = heartbeat.caller.certificate_days_left;
                if std::mem::take(&mut renewed) {
                    days_when_new = Some(days_left);
                }
                let rests = rests_until.is_some_and(|until| Instant::now() < until);
                if is_due(days_left, days_ahead, days_when_new) && !rests {
                    renewed = renew(&client, &state, days_left).await;
                    rests_until = Some(Instant::now() + bounds::RENEWAL_PAUSE);
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the exchange does not answer the proxy");
                state.failed(&error);
            }
        }
        tokio::select! {
            () = tokio::time::sleep(bounds::HEARTBEAT_INTERVAL) => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
    }
}

/// Whether it worked.
async fn renew(client: &Client, state: &State, days_left: i64) -> bool {
    tracing::info!(days_left, "renewing the certificate");
    let renewed = client.renew(KeyKind::default()).await;
    match &renewed {
        Ok(renewed) => {
            state.renewed();
            tracing::info!(serial = renewed.serial, valid_until = renewed.valid_until, "the certificate is renewed");
        }
        Err(error) => {
            state.renewal_failed(error);
            let minutes = bounds::RENEWAL_PAUSE.as_secs() / 60;
            tracing::error!(%error, days_left, "the certificate is not renewed; the old one stays in use, and the proxy tries again in {minutes} minutes");
        }
    }
    renewed.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_renewed_in_time_or_never() {
        for (days_left, days_ahead, when_new, due) in [
            (31, 30, None, false),
            (30, 30, None, true),
            (0, 30, None, true),
            (-1, 30, None, true),
            (1, 0, None, false),
            (20, 30, Some(20), false),
            (10, 30, Some(20), true),
            (31, 30, Some(730), false),
            (30, 30, Some(730), true),
        ] {
            assert_eq!(is_due(days_left, days_ahead, when_new), due, "{days_left} {days_ahead} {when_new:?}");
        }
    }
}
