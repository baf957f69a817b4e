//! Makes connections, to whichever host of the database serves.

use std::sync::Arc;

use telemetry::Counter;
use tokio::runtime::Handle;
use tokio_postgres::Config;

use super::access::Access;
use super::connection::Connection;
use super::driver::Driver;
use super::hosts::Heard;
use super::options::PostgresOptions;
use crate::StoreError;

/// Makes connections.
#[derive(Clone)]
pub(super) struct Connector {
    pub(super) access: Access,
    answers: Counter,
}

impl Connector {
    /// `answers` counts those for which its connections wait.
    pub(super) fn new(
        config: Config,
        options: &PostgresOptions,
        runtime: Handle,
        answers: Counter,
    ) -> Result<Connector, StoreError> {
        Ok(Connector { access: Access::new(config, options, runtime)?, answers })
    }

    /// The same way to the database, whose answers are counted apart.
    pub(super) fn counting(&self, answers: Counter) -> Connector {
        Connector { access: self.access.clone(), answers }
    }

    /// Connects to the first host that serves. Those that are silent are not waited for while others speak, but asked
    /// in the background.
    pub(super) fn connect(&self) -> Result<Connection, StoreError> {
        self.connect_by(&|| Ok(Driver::Shared(self.access.runtime().clone())))
    }

    /// The same for a thread that keeps its connection, and belongs to no runtime.
    pub(super) fn connect_here(&self) -> Result<Connection, StoreError> {
        self.connect_by(&Driver::waiting)
    }

    fn connect_by(&self, driver: &dyn Fn() -> Result<Driver, StoreError>) -> Result<Connection, StoreError> {
        let mut refusal = StoreError::Unavailable("no host of the database is named".to_owned());
        let (hosts, silent) = self.access.hosts.in_order();
        for host in hosts {
            let driver = driver()?;
            let attempt = driver.run(self.access.attempt(host));
            self.access.hosts.note(host, Heard::from_attempt(&attempt));
            match attempt {
                Ok(client) => {
                    self.access.hosts.begin_with(host);
                    let (access, host, answers) = (self.access.clone(), Arc::clone(host), self.answers.clone());
                    return Ok(Connection::new(access, host, client, driver, answers));
                }
                Err((_, error)) => refusal = error,
            }
        }
        for host in silent {
            self.access.ask(host, self.access.look());
        }
        Err(refusal)
    }
}
