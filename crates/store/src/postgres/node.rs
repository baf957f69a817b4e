//! This opening of the store as others see it: a row with a sign of life. What it received and has no row yet is its
//! own until it says goodbye or gives no sign of life for too long.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::pool::Pool;
use crate::StoreError;

/// Registered when it is first needed.
#[derive(Debug)]
pub(super) struct Node {
    pool: Arc<Pool>,
    lease: Duration,
    registered: Mutex<Option<Registered>>,
}

#[derive(Debug)]
struct Registered {
    id: i64,
    news: Arc<News>,
    thread: Option<JoinHandle<()>>,
}

/// Tells the thread that gives signs of life to end.
#[derive(Debug, Default)]
struct News {
    closing: Mutex<bool>,
    changed: Condvar,
}

impl Node {
    pub(super) fn new(pool: Arc<Pool>, lease: Duration) -> Node {
        Node { pool, lease, registered: Mutex::default() }
    }

    fn registered(&self) -> MutexGuard<'_, Option<Registered>> {
        self.registered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its number; registers when it has none yet.
    pub(super) fn id(&self) -> Result<i64, StoreError> {
        const SQL: &str = "INSERT INTO node (name) VALUES ($1) RETURNING id";
        let mut registered = self.registered();
        if let Some(registered) = &*registered {
            return Ok(registered.id);
        }
        let id = self.pool.connection()?.insert(SQL, &[&format!("process {}", std::process::id())])?;
        let news = Arc::new(News::default());
        let (pool, told, pause) = (Arc::clone(&self.pool), Arc::clone(&news), self.lease / 3);
        let thread = thread::Builder::new()
            .name("store-sign-of-life".to_owned())
            .spawn(move || live(&pool, &told, id, pause))
            .map_err(|error| StoreError::Unavailable(format!("no thread for signs of life: {error}")))?;
        *registered = Some(Registered { id, news, thread: Some(thread) });
        Ok(id)
    }

    /// Its number, if it has one.
    pub(super) fn id_if_any(&self) -> Option<i64> {
        self.registered().as_ref().map(|registered| registered.id)
    }

    pub(super) fn lease(&self) -> Duration {
        self.lease
    }
}

/// Says goodbye.
impl Drop for Node {
    fn drop(&mut self) {
        let Some(registered) = self.registered().take() else { return };
        *registered.news.closing.lock().unwrap_or_else(PoisonError::into_inner) = true;
        registered.news.changed.notify_all();
        if let Some(thread) = registered.thread
            && thread.join().is_err()
        {
            tracing::error!("the thread that gives signs of life panicked");
        }
        let gone = self
            .pool
            .connection()
            .and_then(|connection| connection.execute("DELETE FROM node WHERE id = $1", &[&registered.id]));
        if let Err(error) = gone {
            tracing::warn!(%error, "the database was not told that this node ends; it will notice");
        }
    }
}

fn live(pool: &Pool, news: &News, id: i64, pause: Duration) {
    const SQL: &str = "UPDATE node SET seen_at = now() WHERE id = $1";
    let mut closing = news.closing.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let waited = news.changed.wait_timeout_while(closing, pause, |closing| !*closing);
        (closing, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if *closing {
            return;
        }
        drop(closing);
        match pool.connection().and_then(|connection| connection.execute(SQL, &[&id])) {
            Ok(1) => {}
            Ok(_) => tracing::error!(node = id, "this node was taken for dead"),
            Err(error) => tracing::warn!(%error, node = id, "no sign of life reached the database"),
        }
        closing = news.closing.lock().unwrap_or_else(PoisonError::into_inner);
    }
}
