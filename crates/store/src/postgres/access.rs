//! What every connection knows of the hosts: how to reach them, and how to find out whether they serve.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio_postgres::{Client, Config, NoTls};

use super::codec::describe;
use super::hosts::{Heard, Host, Hosts};
use super::options::PostgresOptions;
use super::tls::Tls;
use crate::{StoreError, bounds};

/// The way to the hosts.
#[derive(Clone)]
pub(super) struct Access {
    pub(super) hosts: Arc<Hosts>,
    pub(super) tls: Option<Tls>,
    runtime: Handle,
    /// The longest that connecting to one host takes.
    pub(super) connect_timeout: Duration,
    pub(super) silence_max: Duration,
    /// The longest that an answer is waited for.
    pub(super) patience: Duration,
}

impl Access {
    pub(super) fn new(config: Config, options: &PostgresOptions, runtime: Handle) -> Result<Access, StoreError> {
        let tls = options.authority.as_deref().map(Tls::trusting).transpose()?;
        Ok(Access {
            hosts: Arc::new(Hosts::of(&config)),
            tls,
            runtime,
            connect_timeout: options.connect_timeout,
            silence_max: options.silence_max.max(bounds::SILENCE_MIN),
            patience: options.statement_timeout + bounds::ANSWER_GRACE,
        })
    }

    pub(super) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    pub(super) fn user(&self) -> Option<&str> {
        self.hosts.user()
    }

    /// How often a waiting statement checks the state of its host.
    pub(super) fn look(&self) -> Duration {
        self.silence_max / bounds::SILENCE_LOOKS
    }

    /// Tries to connect to a host. It is given its time, since one whose system lives and whose database does not takes
    /// the connection and never says a word; the library's own timeout ends before that.
    pub(super) async fn attempt(&self, host: &Host) -> Result<Client, (Heard, StoreError)> {
        let answers = host.answers();
        let attempt = tokio::time::timeout(self.connect_timeout, self.client(host.config())).await;
        let (heard, why) = match attempt {
            Ok(attempt) => {
                host.listen(&attempt);
                match attempt {
                    Ok(client) => return Ok(client),
                    Err(error) => (Heard::from_error(&error), describe(&error)),
                }
            }
            Err(_) => (Heard::Silence, "it does not answer".to_owned()),
        };
        // One that answers others meanwhile is only busy.
        let is_busy = heard == Heard::Silence && host.answers() != answers;
        let heard = if is_busy { Heard::Answer } else { heard };
        Err((heard, StoreError::Unavailable(format!("no connection to the database: {why}"))))
    }

    /// The connection's bytes are moved by the runtime that this runs in.
    async fn client(&self, config: &Config) -> Result<Client, tokio_postgres::Error> {
        match &self.tls {
            None => {
                let (client, connection) = config.connect(NoTls).await?;
                tokio::spawn(connection);
                Ok(client)
            }
            Some(tls) => {
                let (client, connection) = config.connect(tls.clone()).await?;
                tokio::spawn(connection);
                Ok(client)
            }
        }
    }

    /// Finds out in the background whether a silent host still serves, unless another thread does so now or did within
    /// this time.
    pub(super) fn ask(&self, host: &Arc<Host>, pause: Duration) {
        if !host.begin_asking(pause) {
            return;
        }
        let (access, host) = (self.clone(), Arc::clone(host));
        self.runtime.spawn(async move {
            let heard = Heard::from_attempt(&access.attempt(&host).await);
            access.hosts.note(&host, heard);
            if heard == Heard::Refusal {
                host.lose();
            }
            host.end_asking();
        });
    }
}
