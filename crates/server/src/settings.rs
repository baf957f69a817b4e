//! The operator's settings of the server.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use protocol::SupportContact;

use crate::bounds;
use crate::libraries::Libraries;
use crate::quota_settings::QuotaSettings;

/// Where the server listens, and with what.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// Where clients connect with mutual TLS. Port 0 takes any free one.
    pub address: SocketAddr,
    /// Where health, catalogue and the authority's certificate are served without TLS; `None` for nowhere.
    pub plain_address: Option<SocketAddr>,
    /// Where those enrol who have a code and no certificate yet (TLS); `None` for nowhere.
    pub enrollment_address: Option<SocketAddr>,
    /// Where metrics are served without TLS; `None` for nowhere.
    pub metrics_address: Option<SocketAddr>,
    /// TCP proxies before the listener for clients. A connection from one of these networks begins with a PROXY header of
    /// version 2, which says whose connection it is; nobody else's header is taken.
    pub proxies: Vec<IpNet>,
    /// Certificates and key.
    pub tls: TlsMaterial,
    /// The certificate served at `/ca.pem`: that of the authority which issued the server's certificate. `None`
    /// when clients trust the issuer anyway.
    pub authority_pem: Option<String>,
    /// The host by which clients reach the plain listener, for links to the catalogue; an IPv6 address stands in brackets. `None`
    /// stands for the listener's own address.
    pub plain_host: Option<String>,
    /// Where people of a client find help, in each language.
    pub support: Support,
    /// The client libraries that everybody may have. Can be exchanged while the server runs.
    pub libraries: Libraries,
    /// Where answers that wait to be read lie, in files without a name.
    pub answer_folder: PathBuf,
    /// Bounds.
    pub limits: Limits,
    /// What online users and addresses may use over time. Can be exchanged while the server runs.
    pub quotas: QuotaSettings,
}

/// Where a client's staff find help; the server does not show empty values.
#[derive(Clone, Debug, Default)]
pub struct Support {
    /// For readers of Latvian.
    pub latvian: SupportContact,
    /// For readers of English.
    pub english: SupportContact,
}

/// Certificates and key of the listener for clients. Can be exchanged while the server runs.
#[derive(Clone)]
pub struct TlsMaterial {
    /// The server's certificate and those between it and a root, PEM.
    pub certificate_chain_pem: String,
    /// Its private key, PEM.
    pub private_key_pem: String,
    /// The authorities whose client certificates are accepted, PEM.
    pub client_authorities_pem: String,
}

/// Bounds that an operator may change; see [`bounds`] for what each means.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "described once, at the constants of the same names in `bounds`")]
pub struct Limits {
    pub connections_max: usize,
    pub connection_idle_max: Duration,
    pub connection_age_max: Duration,
    pub handshakes_max: usize,
    pub plain_connections_max: usize,
    pub handshake_timeout: Duration,
    pub head_timeout: Duration,
    pub requests_in_flight_max: usize,
    pub waiting_max: usize,
    pub large_submissions_max: usize,
    pub readings_max: usize,
    pub body_bytes_max: u64,
    pub body_bytes_in_flight_max: u64,
    pub body_idle_timeout: Duration,
    pub body_window: Duration,
    pub answer_window: Duration,
    pub unsent_file_bytes_max: u64,
    pub wait_default: Duration,
    pub wait_max: Duration,
    pub stop_time_max: Duration,
}

impl ServerSettings {
    /// Settings with the usual bounds, and only with the listener for clients.
    #[must_use]
    pub fn new(address: SocketAddr, tls: TlsMaterial) -> ServerSettings {
        ServerSettings {
            address,
            plain_address: None,
            enrollment_address: None,
            metrics_address: None,
            proxies: Vec::new(),
            tls,
            authority_pem: None,
            plain_host: None,
            support: Support::default(),
            libraries: Libraries::default(),
            answer_folder: std::env::temp_dir(),
            limits: Limits::default(),
            quotas: QuotaSettings::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections_max: bounds::CONNECTIONS_MAX,
            connection_idle_max: bounds::CONNECTION_IDLE_MAX,
            connection_age_max: bounds::CONNECTION_AGE_MAX,
            handshakes_max: bounds::HANDSHAKES_MAX,
            plain_connections_max: bounds::PLAIN_CONNECTIONS_MAX,
            handshake_timeout: bounds::HANDSHAKE_TIMEOUT,
            head_timeout: bounds::HEAD_TIMEOUT,
            requests_in_flight_max: bounds::REQUESTS_IN_FLIGHT_MAX,
            waiting_max: bounds::WAITING_MAX,
            large_submissions_max: bounds::LARGE_SUBMISSIONS_MAX,
            readings_max: bounds::READINGS_MAX,
            body_bytes_max: bounds::BODY_BYTES_MAX,
            body_bytes_in_flight_max: bounds::BODY_BYTES_IN_FLIGHT_MAX,
            body_idle_timeout: bounds::BODY_IDLE_TIMEOUT,
            body_window: bounds::BODY_WINDOW,
            answer_window: bounds::ANSWER_WINDOW,
            unsent_file_bytes_max: bounds::UNSENT_FILE_BYTES_MAX,
            wait_default: bounds::WAIT_DEFAULT,
            wait_max: bounds::WAIT_MAX,
            stop_time_max: bounds::STOP_TIME_MAX,
        }
    }
}

// The private key must not get into logs by way of `{:?}`.
impl fmt::Debug for TlsMaterial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsMaterial").finish_non_exhaustive()
    }
}
