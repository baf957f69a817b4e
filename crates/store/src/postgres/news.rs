//! News between nodes, by PostgreSQL's LISTEN and NOTIFY: the channel has the schema's name, and a notification carries
//! no data.
//!
//! A transaction with news notifies once for each of its jobs, together with another statement, so no thread waits for
//! it. The database sends equal notifications once, at the commit, and none without a commit. A notifying commit locks
//! out all other notifying commits until it is durable: so only transactions notify for which others may wait, and
//! nearly all of them hold the sequencer's lock for that long anyway.
//!
//! One connection of the store listens, from the first request for news on. When it breaks, the store makes another one
//! and counts that as news, since it may have missed some.

use std::future::poll_fn;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls};

use super::codec::describe;
use super::connector::Connector;
use crate::news::{News, Reach, Teller};
use crate::{StoreError, bounds};

/// Notifies within a transaction. The store's tables are in the first schema of the path, which names the channel.
pub(super) const TELL: &str = "SELECT pg_notify(current_schema(), '')";

/// The content of a notification that rights have changed, by the database's triggers. Nodes of older versions take it for
/// any other.
const RIGHTS: &str = "rights";

/// A listener, as long as the store's runtime lives.
#[derive(Debug)]
pub(super) struct Listener {
    teller: Arc<Teller>,
    rights: Arc<Teller>,
}

impl Listener {
    pub(super) fn start(connector: &Connector, schema: &str) -> Listener {
        let teller = Arc::new(Teller::reaching(Reach::Nobody));
        let rights = Arc::new(Teller::reaching(Reach::Nobody));
        // A plain name, or the options would not have been taken.
        let listening = Listening {
            connector: connector.clone(),
            listen: format!("LISTEN \"{schema}\""),
            teller: Arc::clone(&teller),
            rights: Arc::clone(&rights),
        };
        connector.access.runtime().spawn(listening.go_on());
        Listener { teller, rights }
    }

    pub(super) fn news(&self) -> News {
        self.teller.news()
    }

    pub(super) fn rights_news(&self) -> News {
        self.rights.news()
    }
}

struct Listening {
    connector: Connector,
    listen: String,
    teller: Arc<Teller>,
    rights: Arc<Teller>,
}

impl Listening {
    async fn go_on(self) {
        loop {
            let lost = self.listen().await;
            // One line in the log for each outage.
            if self.teller.news().reach() == Reach::Everybody {
                tracing::warn!(error = %lost, "no notifications come from the database; the node polls for work");
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

    /// Passes the database's notifications on, until the connection ends.
    async fn hear<S, T>(&self, mut connection: tokio_postgres::Connection<S, T>) -> StoreError
    where
        S: AsyncRead + AsyncWrite + Unpin,
        T: AsyncRead + AsyncWrite + Unpin,
    {
        loop {
            match poll_fn(|context| connection.poll_message(context)).await {
                Some(Ok(AsyncMessage::Notification(told))) if told.payload() == RIGHTS => self.rights.tell(),
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
