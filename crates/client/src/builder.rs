//! Builds a client from its settings.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::Url;

use crate::limits::Limits;
use crate::live::{InUse, Setup};
use crate::log::Log;
use crate::warnings::Warnings;
use crate::{Client, Error, Event, Identity, Retries, Warning, bounds, swap};

/// Settings of a [`Client`]; made by [`Client::builder`].
///
/// ```no_run
/// # fn main() -> Result<(), client::Error> {
/// let client = client::Client::builder()
///     .url("https://localhost:8443")
///     .certificate_authority_file("ca.pem")
///     .identity(client::Identity::pem_files("certificate.pem", "key.pem"))
///     .build()?;
/// # let _ = client;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ClientBuilder {
    url: Option<String>,
    authority: Option<Authority>,
    identities: Vec<Identity>,
    signs: bool,
    at_most_tls_1_2: bool,
    user_agent: String,
    limits: Limits,
    warnings: Warnings,
    log: Log,
}

/// Certificates to trust: PEM, in memory or in a file.
#[derive(Clone)]
enum Authority {
    Pem(Vec<u8>),
    File(PathBuf),
}

impl Client {
    /// Starts setting up a client.
    #[must_use]
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }
}

impl ClientBuilder {
    fn new() -> ClientBuilder {
        ClientBuilder {
            url: None,
            authority: None,
            identities: Vec::new(),
            signs: false,
            at_most_tls_1_2: false,
            user_agent: concat!("tdam-client-rust/", env!("CARGO_PKG_VERSION")).to_owned(),
            limits: Limits {
                connect_timeout: bounds::CONNECT_TIMEOUT,
                idle_timeout: bounds::IDLE_TIMEOUT,
                call_timeout: bounds::CALL_TIMEOUT,
                answer_bytes_max: bounds::ANSWER_BYTES_MAX,
                retries: Retries::default(),
                compression: true,
            },
            warnings: Warnings::default(),
            log: Log::default(),
        }
    }

    /// Address of the exchange: `https://host[:port]`.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> ClientBuilder {
        self.url = Some(url.into());
        self
    }

    /// Certificate of the authority that signed the server's certificate, PEM. No other authority is trusted.
    #[must_use]
    pub fn certificate_authority_pem(mut self, pem: impl Into<Vec<u8>>) -> ClientBuilder {
        self.authority = Some(Authority::Pem(pem.into()));
        self
    }

    /// The same in a file, which [`ClientBuilder::build`] reads.
    #[must_use]
    pub fn certificate_authority_file(mut self, path: impl AsRef<Path>) -> ClientBuilder {
        self.authority = Some(Authority::File(path.as_ref().to_owned()));
        self
    }

    /// The online user's certificate (followed by its chain, if any) and private key, both PEM.
    ///
    /// Without it a connection is still made; the exchange then refuses every call with a problem that says so.
    #[must_use]
    pub fn identity_pem(self, certificate: impl Into<Vec<u8>>, private_key: impl Into<Vec<u8>>) -> ClientBuilder {
        self.identity(Identity::pem(certificate, private_key))
    }

    /// The online user's certificate and key, as PEM or PKCS #12, from memory or from files. Of several the client uses the newest
    /// that is valid: give the next one before the one in use ends.
    ///
    /// ```no_run
    /// # fn example() -> client::ClientBuilder {
    /// use client::Identity;
    /// client::Client::builder()
    ///     .identity(Identity::pem_files("certificate.pem", "key.pem"))
    ///     .identity(Identity::pkcs12_file("next.p12", "its password"))
    /// # }
    /// ```
    #[must_use]
    pub fn identity(mut self, identity: Identity) -> ClientBuilder {
        self.identities.push(identity);
        self
    }

    /// Whether TLS 1.3 is not offered, for a network whose middle boxes break it.
    #[must_use]
    pub fn at_most_tls_1_2(mut self, at_most: bool) -> ClientBuilder {
        self.at_most_tls_1_2 = at_most;
        self
    }

    /// Whether answers may come compressed (gzip; default true).
    #[must_use]
    pub fn compression(mut self, compression: bool) -> ClientBuilder {
        self.limits.compression = compression;
        self
    }

    /// Told of attempts, pauses and outcomes, for a log. Never of keys, passwords or the content of messages.
    ///
    /// ```no_run
    /// # fn example() -> client::ClientBuilder {
    /// client::Client::builder().on_event(|event| eprintln!("exchange: {event}"))
    /// # }
    /// ```
    #[must_use]
    pub fn on_event(mut self, hears: impl Fn(&Event) + Send + Sync + 'static) -> ClientBuilder {
        self.log = Log::listening(hears);
        self
    }

    /// Whether submissions are signed with the key of the identity (HTTP Message Signatures, RFC 9421). The exchange demands it
    /// of some online users. A message in a file is read once more for its digest.
    #[must_use]
    pub fn sign_submissions(mut self, signs: bool) -> ClientBuilder {
        self.signs = signs;
        self
    }

    /// How calls are repeated; [`Retries::none`] for one attempt only.
    #[must_use]
    pub fn retries(mut self, retries: Retries) -> ClientBuilder {
        self.limits.retries = retries;
        self
    }

    /// How long making a connection may take (default [`bounds::CONNECT_TIMEOUT`]).
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> ClientBuilder {
        self.limits.connect_timeout = timeout;
        self
    }

    /// How long nothing may move in either direction (default [`bounds::IDLE_TIMEOUT`]). What the server was asked
    /// to wait (`Prefer: wait`) is added to it.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> ClientBuilder {
        self.limits.idle_timeout = timeout;
        self
    }

    /// How long a call may take in all, retries and the reading of an answer into memory included (default [`bounds::CALL_TIMEOUT`]).
    #[must_use]
    pub fn call_timeout(mut self, timeout: Duration) -> ClientBuilder {
        self.limits.call_timeout = timeout;
        self
    }

    /// Longest answer to be held in memory, in bytes (default [`bounds::ANSWER_BYTES_MAX`]).
    #[must_use]
    pub fn answer_bytes_max(mut self, limit: u64) -> ClientBuilder {
        self.limits.answer_bytes_max = limit;
        self
    }

    /// Name and version of the accounting system, for the operator's log.
    #[must_use]
    pub fn user_agent(mut self, name: impl Into<String>) -> ClientBuilder {
        self.user_agent = name.into();
        self
    }

    /// Told once of each thing that the exchange warns of in its answers: a certificate or registration that ends soon.
    ///
    /// ```no_run
    /// # fn example() -> client::ClientBuilder {
    /// client::Client::builder().on_warning(|warning| eprintln!("{}: ends {:?}", warning.code, warning.ends))
    /// # }
    /// ```
    #[must_use]
    pub fn on_warning(mut self, told: impl Fn(&Warning) + Send + Sync + 'static) -> ClientBuilder {
        self.warnings = Warnings::listening(told);
        self
    }

    /// Makes the client. No connection is opened yet.
    ///
    /// # Errors
    /// [`Error::is_configuration`]: address missing or not `https`, no authority, unreadable file or PEM, key and certificate that do not fit.
    pub fn build(self) -> Result<Client, Error> {
        let url = base_url(self.url.as_deref())?;
        let authority_pem = match self.authority {
            Some(Authority::Pem(pem)) => pem,
            Some(Authority::File(path)) => swap::bytes(&path)?,
            None => {
                return Err(Error::configuration(
                    "no certificate authority: give the PEM certificate of the authority that signed the server's certificate",
                ));
            }
        };
        let setup = Setup {
            authority_pem,
            identities: self.identities,
            signs: self.signs,
            at_most_tls_1_2: self.at_most_tls_1_2,
            user_agent: self.user_agent,
            limits: self.limits,
            log: self.log.clone(),
        };
        Ok(Client::new(InUse::new(setup)?, url, self.limits, self.warnings, self.log))
    }
}

impl std::fmt::Debug for ClientBuilder {
    /// Without the private key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("url", &self.url)
            .field("identities", &self.identities)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

fn base_url(url: Option<&str>) -> Result<Url, Error> {
    let Some(url) = url else {
        return Err(Error::configuration("no address: give the exchange's `https://host:port`"));
    };
    let parsed = Url::parse(url)
        .map_err(|error| Error::configuration(format!("`{url}` is no address ({error}): give `https://host:port`")))?;
    if parsed.scheme() != "https" {
        return Err(Error::configuration(format!("`{url}` is not safe: the exchange is reached by `https://` only")));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() || parsed.query().is_some() {
        return Err(Error::configuration(format!("`{url}` holds more than host and port: give `https://host:port`")));
    }
    Ok(parsed)
}
