//! The connection to one exchange that every call of the library goes through.

use std::sync::Arc;

use reqwest::Url;

use crate::limits::Limits;
use crate::live::InUse;
use crate::log::Log;
use crate::warnings::Warnings;
use crate::{Error, Retries, Warning};

/// A connection to the exchange as one online user. Cheap to clone; clones share their connections and their identity.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) in_use: Arc<InUse>,
    url: Url,
    pub(crate) limits: Limits,
    pub(crate) warnings: Warnings,
    pub(crate) log: Log,
}

impl Client {
    pub(crate) fn new(in_use: InUse, url: Url, limits: Limits, warnings: Warnings, log: Log) -> Client {
        Client { in_use: Arc::new(in_use), url, limits, warnings, log }
    }

    /// The same client over other connections.
    pub(crate) fn over(&self, in_use: InUse) -> Client {
        Client { in_use: Arc::new(in_use), ..self.clone() }
    }

    /// The same client, which repeats its calls as these say. It shares connections and identity with the other.
    #[must_use]
    pub fn repeating(mut self, retries: Retries) -> Client {
        self.limits.retries = retries;
        self
    }

    /// Reads the identities again, and uses the newest that is valid from now on. Calls under way are not disturbed.
    ///
    /// ```no_run
    /// # fn example(client: client::Client) -> Result<(), client::Error> {
    /// // Another program has renewed the certificate.
    /// client.reload()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_configuration`] when none can be read; the client then goes on with what it had.
    pub fn reload(&self) -> Result<(), Error> {
        self.in_use.reload()
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
