//! News between nodes, by PostgreSQL's LISTEN and NOTIFY: the channel has the schema's name, and there is nothing in a
//! notification but that it came.
//!
//! A transaction that has news says so once for each of its jobs, on its way with another statement, so nobody waits for
//! it; the database tells the same only once, when it commits, and not at all when it does not. A commit that tells locks
//! out all others that tell until it is durable: so only those tell that others may be waiting for, and nearly all of
//! them hold the sequencer locked for that long anyway.
//!
//! One connection of the store listens, from the first time on that somebody asks for news. When it is lost another one
//! is made, and that is news in itself, since something may have been missed.

use std::future::poll_fn;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls};

use super::codec::describe;
use super::connector::Connector;
use crate::news::{News, Reach, Teller};
use crate::{StoreError, bounds};

/// Says within a transaction that there is news. Tables are found in the first schema of the path, so that is the one.
pub(super) const TELL: &str = "SELECT pg_notify(current_schema(), '')";

/// Somebody listens, as long as the store's runtime lives.
#[derive(Debug)]
pub(super) struct Listener {
    teller: Arc<Teller>,
}

impl Listener {
    pub(super) fn start(connector: &Connector, schema: &str) -> Listener {
        let teller = Arc::new(Teller::reaching(Reach::Nobody));
        // A plain name, or the options would not have been taken.
        let listening = Listening {
            connector: connector.clone(),
            listen: format!("LISTEN \"{schema}\""),
            teller: Arc::clone(&teller),
        };
        connector.access.runtime().spawn(listening.go_on());
        Listener { teller }
    }

    pub(super) fn news(&self) -> News {
        self.teller.news()
    }
}

struct Listening {
    connector: Connector,
    listen: String,
    teller: Arc<Teller>,
}

impl Listening {
    async fn go_on(self) {
        loop {
            let lost = self.listen().await;
            // One line in the log for each outage.
            if self.teller.news().reach() == Reach::Everybody {
                tracing::warn!(error = %lost, "no news come from the database; work is looked for by itself");
            }
            self.teller.reach(Reach::Nobody);
            tokio::time::sleep(bounds::LISTEN_AGAIN_PAUSE).await;
        }
    }

    /// Listens at the first host that serves. Returns why it is over.
    async fn listen(&self) -> StoreError {
        let mut refusal = StoreError::Unavailable("no host of the database is named".to_owned());
        let (hosts, _silent) = self.connector.access.hosts.in_order();
        for host in hosts {
            let heard = match &self.connector.access.tls {
                None => self.listen_to(host.config(), NoTls).await,
                Some(tls) => self.listen_to(host.config(), tls.clone()).await,
            };
            match heard {
                Ok(lost) => return lost,
                Err(error) => refusal = error,
            }
        }
        refusal
    }

    /// `Err`: there was no connection.
    async fn listen_to<T>(&self, config: &Config, tls: T) -> Result<StoreError, StoreError>
    where
        T: tokio_postgres::tls::MakeTlsConnect<tokio_postgres::Socket>,
        T::Stream: Unpin,
    {
        let unavailable = |error: &tokio_postgres::Error| StoreError::Unavailable(describe(error));
        let connecting = timeout(self.connector.access.connect_timeout, config.connect(tls)).await;
        let (client, connection) = connecting.map_err(|_| silent())?.map_err(|error| unavailable(&error))?;
        Ok(tokio::select! {
            lost = self.hear(connection) => lost,
            lost = self.ask(client) => lost,
        })
    }

    /// Passes on what the database says, until the connection ends.
    async fn hear<S, T>(&self, mut connection: tokio_postgres::Connection<S, T>) -> StoreError
    where
        S: AsyncRead + AsyncWrite + Unpin,
        T: AsyncRead + AsyncWrite + Unpin,
    {
        loop {
            match poll_fn(|context| connection.poll_message(context)).await {
                Some(Ok(AsyncMessage::Notification(_))) => self.teller.tell(),
                Some(Ok(_)) => {}
                Some(Err(error)) => return StoreError::Unavailable(describe(&error)),
                None => return StoreError::Unavailable("the connection was closed".to_owned()),
            }
        }
    }

    /// Asks for notifications again and again: so it notices a database that has gone silent.
    async fn ask(&self, client: Client) -> StoreError {
        loop {
            match timeout(self.connector.access.connect_timeout, client.batch_execute(&self.listen)).await {
                Ok(Ok(())) => self.teller.reach(Reach::Everybody),
                Ok(Err(error)) => return StoreError::Unavailable(describe(&error)),
                Err(_) => return silent(),
            }
            tokio::time::sleep(bounds::LISTEN_CHECK_EVERY).await;
        }
    }
}

fn silent() -> StoreError {
    StoreError::Unavailable("the database does not answer".to_owned())
}
