//! The server's own certificate: whether it is valid now, and whether it ends soon.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use exchange::{Alarm, Exchange};
use jiff::Timestamp;
use pki::CertificateInfo;
use telemetry::metrics::node::TIME_LEFT;

/// An alarm stands for so long before the certificate ends.
const ENDS_SOON: Duration = Duration::from_secs(30 * 24 * 3600);

/// The certificate that clients are shown.
pub(crate) struct ServerCertificate(Mutex<CertificateInfo>);

impl ServerCertificate {
    /// The first certificate of a chain in PEM.
    pub(crate) fn read(chain_pem: &str) -> Result<CertificateInfo, pki::PkiError> {
        pki::describe(&pki::certificate_der(chain_pem)?)
    }

    pub(crate) fn new(info: CertificateInfo) -> ServerCertificate {
        ServerCertificate(Mutex::new(info))
    }

    /// The identifier of the key that signed it.
    pub(crate) fn authority(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).authority_key_identifier.clone()
    }

    /// Another one is shown from now on.
    pub(crate) fn replace(&self, info: CertificateInfo) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = info;
    }

    /// Raises or clears what its validity gives reason to, and shows for how long it is valid.
    pub(crate) fn judge(&self, exchange: &Exchange, now: Timestamp) {
        let health = exchange.health();
        let (from, until) = {
            let info = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            (info.not_before, info.not_after)
        };
        let invalid = match () {
            () if now < from => Some(format!("it is valid from {from}")),
            () if now > until => Some(format!("it ended {until}")),
            () => None,
        };
        let left = until.duration_since(now);
        exchange.telemetry().gauge(&TIME_LEFT, ["server_certificate"]).set(left.as_secs_f64());
        let ends_soon = invalid.is_none() && left < jiff::SignedDuration::try_from(ENDS_SOON).unwrap_or_default();
        health.set(Alarm::CertificateInvalid, invalid);
        health.set(Alarm::CertificateEndsSoon, ends_soon.then(|| format!("it ends {until}")));
    }
}
