//! The connection to one exchange that every call of the library goes through.

use std::time::Duration;

use reqwest::Url;

use crate::signer::RequestSigner;
use crate::warnings::Warnings;
use crate::{Error, Retries, Warning};

/// A connection to the exchange as one online user. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) http: reqwest::Client,
    url: Url,
    pub(crate) limits: Limits,
    pub(crate) signer: Option<RequestSigner>,
    pub(crate) warnings: Warnings,
}

/// What the client will wait for and hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) connect_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) call_timeout: Duration,
    pub(crate) answer_bytes_max: u64,
    pub(crate) retries: Retries,
}

impl Client {
    pub(crate) fn new(
        http: reqwest::Client,
        url: Url,
        limits: Limits,
        signer: Option<RequestSigner>,
        warnings: Warnings,
    ) -> Client {
        Client { http, url, limits, signer, warnings }
    }

    /// What the latest answer warned of: what the exchange will refuse later unless somebody acts. Empty when nothing ends soon.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        self.warnings.latest()
    }

    /// `https://host:port`, for messages to people.
    pub(crate) fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// A path, or an address that the exchange gave, as an address of this exchange and of no other.
    pub(crate) fn resolve(&self, target: &str) -> Result<Url, Error> {
        let resolved =
            self.url.join(target).map_err(|error| Error::unexpected(format!("`{target}` is no address: {error}")))?;
        if resolved.origin() != self.url.origin() {
            return Err(Error::unexpected(format!("the exchange names an address elsewhere: `{target}`")));
        }
        Ok(resolved)
    }
}
