//! The database's address, and the store's settings of it.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::{StoreError, bounds};

/// Settings that a role may change: the server never logs values of a failed statement.
const LOG_SETTINGS: &str = "-c log_parameter_max_length_on_error=0";

/// How the PostgreSQL store runs. The defaults serve; tests and measurements change them.
#[derive(Clone)]
pub struct PostgresOptions {
    /// `postgresql://user@host:5432/database`, without a password.
    pub url: String,
    /// The same for the role that owns the schema; it migrates, and nothing else. `None`: the serving role owns it.
    pub owner_url: Option<String>,
    /// The serving role's password.
    pub password: Option<String>,
    /// The owner's.
    pub owner_password: Option<String>,
    /// PEM file of the authority that the database's certificate is verified against. Without it only hosts of this
    /// machine are connected to, unless the URL says `sslmode=disable`.
    pub authority: Option<PathBuf>,
    /// The schema of the tables.
    pub schema: String,
    /// The identity that the database must have; `None`: any.
    pub identity: Option<String>,
    /// Connections for writing.
    pub writers: usize,
    /// Connections for reading.
    pub readers: usize,
    /// Further ones for long readings.
    pub long_readers: usize,
    /// Jobs that may wait for a connection.
    pub queue_jobs_max: usize,
    /// How long a job waits for a connection before it is given up.
    pub queue_wait_max: Duration,
    /// Jobs in one transaction.
    pub group_jobs_max: usize,
    /// No further job joins a transaction that has been running for so long.
    pub group_duration_max: Duration,
    /// The longest that connecting takes.
    pub connect_timeout: Duration,
    /// A statement that is not answered for so long makes its connection find out whether the host still serves.
    pub silence_max: Duration,
    /// The longest that a statement takes.
    pub statement_timeout: Duration,
    /// The longest that a statement waits for a lock.
    pub lock_timeout: Duration,
    /// How long a node searches for the outcome of a commit whose answer was lost.
    pub resolve_max: Duration,
    /// A node's lease: others take over its work when it has not renewed the lease for so long.
    pub lease: Duration,
}

impl PostgresOptions {
    /// The defaults for a database.
    #[must_use]
    pub fn new(url: impl Into<String>) -> PostgresOptions {
        PostgresOptions {
            url: url.into(),
            owner_url: None,
            password: None,
            owner_password: None,
            authority: None,
            schema: "tdam".to_owned(),
            identity: None,
            writers: bounds::POSTGRES_WRITERS,
            readers: bounds::POSTGRES_READERS,
            long_readers: bounds::LONG_READERS,
            queue_jobs_max: bounds::QUEUE_JOBS_MAX,
            queue_wait_max: bounds::QUEUE_WAIT_MAX,
            group_jobs_max: bounds::POSTGRES_GROUP_JOBS_MAX,
            group_duration_max: bounds::GROUP_DURATION_MAX,
            connect_timeout: bounds::CONNECT_TIMEOUT,
            silence_max: bounds::SILENCE_MAX,
            statement_timeout: bounds::STATEMENT_TIMEOUT,
            lock_timeout: bounds::LOCK_TIMEOUT,
            resolve_max: bounds::RESOLVE_MAX,
            lease: bounds::NODE_LEASE,
        }
    }

    /// The serving role's configuration.
    pub(super) fn serving(&self) -> Result<Config, StoreError> {
        let mut config = self.config(&self.url)?;
        if let Some(password) = &self.password {
            config.password(password);
        }
        Ok(config)
    }

    /// The owner's, if it is another one.
    pub(super) fn owner(&self) -> Result<Option<Config>, StoreError> {
        let Some(url) = &self.owner_url else { return Ok(None) };
        let mut config = self.config(url)?;
        if let Some(password) = &self.owner_password {
            config.password(password);
        }
        Ok(Some(config))
    }

    fn config(&self, url: &str) -> Result<Config, StoreError> {
        // An error does not show the URL, since it may contain a password.
        let mut config: Config =
            url.parse().map_err(|error| StoreError::Refused(format!("the URL of the database: {error}")))?;
        if config.get_password().is_some() {
            let text = "the password does not belong in the URL of the database, which many can see";
            return Err(StoreError::Refused(text.to_owned()));
        }
        if !is_plain_name(&self.schema) {
            return Err(StoreError::Refused(format!("{:?} is no name of a schema", self.schema)));
        }
        let millis = |duration: Duration| duration.as_millis();
        // No statement is worth compiling: without statistics the planner takes small questions for large ones, and
        // compiling them takes longer than answering them.
        config
            .application_name("tdam")
            .connect_timeout(self.connect_timeout)
            .tcp_user_timeout(bounds::TCP_USER_TIMEOUT)
            .keepalives_idle(bounds::KEEPALIVE_IDLE)
            .options(format!(
                "-c search_path={} -c statement_timeout={} -c lock_timeout={} \
                 -c idle_in_transaction_session_timeout={} -c jit=off -c client_min_messages=warning {LOG_SETTINGS} {BY_INDEXES}",
                self.schema,
                millis(self.statement_timeout),
                millis(self.lock_timeout),
                millis(self.statement_timeout),
            ));
        if self.authority.is_some() && !all_sockets(&config) {
            config.ssl_mode(SslMode::Require);
        } else if !is_local(&config) && config.get_ssl_mode() != SslMode::Disable {
            let text =
                "the database is on another machine: name the authority of its certificate, or say sslmode=disable";
            return Err(StoreError::Refused(text.to_owned()));
        } else {
            config.ssl_mode(SslMode::Disable);
        }
        Ok(config)
    }
}

/// Indexes serve all queries of a serving node, a page or a list at a time. Without fresh statistics, as after a large
/// message, the planner chooses joins over whole tables instead: then a page of entries took a second in a measurement.
const BY_INDEXES: &str = "-c enable_hashjoin=off -c enable_mergejoin=off -c enable_bitmapscan=off";

/// Takes that back for statements that read everything, and lets them take their time. In a transaction.
pub(super) const WHOLE_TABLES: &str = "SET LOCAL statement_timeout = 0;
    SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on; SET LOCAL enable_bitmapscan = on";

/// Begins a snapshot.
pub(super) const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A name that stands in SQL and in options without quotes.
fn is_plain_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_ascii_lowercase() || first == '_')
        && characters.all(|next| next.is_ascii_lowercase() || next.is_ascii_digit() || next == '_')
        && name.len() <= bounds::IDENTIFIER_BYTES_MAX
}

fn all_sockets(config: &Config) -> bool {
    config.get_hosts().iter().all(|host| !matches!(host, Host::Tcp(_)))
}

fn is_local(config: &Config) -> bool {
    let local = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
        }
        _ => true,
    };
    config.get_hosts().iter().all(local) && config.get_hostaddrs().iter().all(std::net::IpAddr::is_loopback)
}

/// Without secrets.
impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("schema", &self.schema)
            .field("writers", &self.writers)
            .field("readers", &self.readers)
            .finish_non_exhaustive()
    }
}
