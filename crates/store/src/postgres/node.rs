//! This opening of the store as other nodes see it: a row with the lease of all its work. It owns the received bodies
//! without a row, and the submissions that it is about to answer, until it ends or its lease lapses. Then another node
//! takes them over, and the database refuses what this one still tries.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use payments::MessageId;

use super::connection::Connection;
use super::connector::Connector;
use super::migrate::known_version;
use crate::statement::statements;
use crate::{StoreError, bounds};

statements! {
    const REGISTER: Statement = ("INSERT INTO node (name, lease_seconds, version) VALUES ($1, $2, $3) RETURNING id");
    const SIGN: Statement = ("INSERT INTO node (id, name, lease_seconds, version) OVERRIDING SYSTEM VALUE
        VALUES ($1, 'back again', $2, $3) ON CONFLICT (id) DO UPDATE SET seen_at = now()");
    const SWEEP: Statement = ("DELETE FROM node n WHERE n.seen_at < now() - interval '1 day'
        AND NOT EXISTS (SELECT 1 FROM body b WHERE b.node = n.id)");
    const LEAVE: Statement = ("DELETE FROM node WHERE id = $1");
}

/// Who this opening is, for statements.
#[derive(Clone, Copy, Debug)]
pub(super) struct Own {
    /// Its number; `None` when it works on nothing that lasts longer than a transaction.
    pub(super) node: Option<i64>,
    /// Duration of the lease.
    pub(super) lease_seconds: f64,
}

/// Another node has taken the submission over, because the lease of this one had ended.
pub(super) fn taken_over(id: MessageId) -> StoreError {
    StoreError::Unavailable(format!("another node has taken over submission {}", id.0))
}

/// Registered when it is first needed.
#[derive(Debug)]
pub(super) struct Node {
    id: OnceLock<i64>,
    lease: Duration,
    registered: Mutex<Option<Registered>>,
}

#[derive(Debug)]
struct Registered {
    news: Arc<News>,
    thread: JoinHandle<()>,
}

/// Stops the thread that renews the lease.
#[derive(Debug, Default)]
struct News {
    closing: Mutex<bool>,
    changed: Condvar,
}

impl Node {
    pub(super) fn new(lease: Duration) -> Node {
        Node { id: OnceLock::new(), lease, registered: Mutex::default() }
    }

    fn registered(&self) -> MutexGuard<'_, Option<Registered>> {
        self.registered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn own(&self) -> Own {
        Own { node: self.id.get().copied(), lease_seconds: self.lease.as_secs_f64() }
    }

    /// Its number; registers when it has none yet.
    pub(super) fn id(&self, connector: &Connector) -> Result<i64, StoreError> {
        let mut registered = self.registered();
        if let Some(id) = self.own().node {
            return Ok(id);
        }
        let connection = connector.connect()?;
        let name = format!("process {}", std::process::id());
        let id = connection.insert(REGISTER, &[&name, &self.own().lease_seconds, &known_version()])?;
        let news = Arc::new(News::default());
        let (connector, thread_news, lease) = (connector.clone(), Arc::clone(&news), self.lease);
        let thread = thread::Builder::new()
            .name("store-sign-of-life".to_owned())
            .spawn(move || live(&connector, connection, &thread_news, id, lease))
            .map_err(|error| StoreError::Unavailable(format!("no thread for signs of life: {error}")))?;
        *registered = Some(Registered { news, thread });
        Ok(*self.id.get_or_init(|| id))
    }
}

/// Removes the rows of nodes that have been gone for a day and left no body behind.
pub(super) fn sweep_nodes(connection: &Connection) -> Result<(), StoreError> {
    connection.execute(SWEEP, &[]).map(drop)
}

/// Says goodbye.
impl Drop for Node {
    fn drop(&mut self) {
        let Some(Registered { news, thread }) = self.registered().take() else { return };
        *news.closing.lock().unwrap_or_else(PoisonError::into_inner) = true;
        news.changed.notify_all();
        if thread.join().is_err() {
            tracing::error!("the thread that renews the lease panicked");
        }
    }
}

/// Renews the lease on a connection of its own, so that it waits for no other work.
fn live(connector: &Connector, connection: Connection, news: &News, id: i64, lease: Duration) {
    let regular = lease / 3;
    let (mut connection, mut reached, mut pause) = (Some(connection), true, regular);
    let mut closing = news.closing.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let waited = news.changed.wait_timeout_while(closing, pause, |closing| !*closing);
        (closing, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let last = *closing;
        drop(closing);
        let usable = connection.take().filter(Connection::is_sound).map_or_else(|| connector.connect(), Ok);
        let sent = usable.and_then(|usable| {
            usable.begin_anew();
            let sent = match last {
                true => usable.execute(LEAVE, &[&id]),
                false => usable.execute(SIGN, &[&id, &lease.as_secs_f64(), &known_version()]),
            };
            connection = Some(usable);
            sent
        });
        match &sent {
            Err(error) if reached => tracing::warn!(%error, node = id, "the node cannot renew its lease"),
            Ok(_) if !reached => tracing::info!(node = id, "the node renews its lease again"),
            _ => {}
        }
        reached = sent.is_ok();
        pause = if reached { regular } else { regular.min(bounds::SIGN_REPEAT_PAUSE) };
        if last {
            return;
        }
        closing = news.closing.lock().unwrap_or_else(PoisonError::into_inner);
    }
}
