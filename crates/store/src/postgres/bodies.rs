//! Large bodies as rows: the store writes each arriving chunk with a connection of its own, so that a slow sender holds
//! none. A submission refers to its body, so the database itself prevents the removal of a body with a row.
//!
//! A body without a submission belongs to the opening that receives it ([`super::node`]). When that opening has ended,
//! or its lease has, the body is an orphan. If the opening still lives, the database refuses its submission, and the
//! client sends the body again.

use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::connection::Connection;
use super::connector::Connector;
use super::node::{Node, sweep_nodes};
use super::pool::Pool;
use crate::body::{Places, Unfinished};
use crate::statement::statements;
use crate::{StoreError, StoredBody, bounds};

statements! {
    const BEGIN: Statement = ("INSERT INTO body (id, node) VALUES ($1, $2)");
    const ADD_CHUNK: Statement = ("INSERT INTO body_chunk (body, number, bytes) VALUES ($1, $2, $3)");
    const CHUNK: Statement = ("SELECT bytes FROM body_chunk WHERE body = $1 AND number = $2");
    const REMOVE: Statement = ("DELETE FROM body WHERE id = $1");
    const SWEEP_BODIES: Statement = ("DELETE FROM body b WHERE NOT EXISTS (SELECT 1 FROM submission s WHERE s.body_file = b.id)
        AND b.node IS DISTINCT FROM $1 AND NOT EXISTS (SELECT 1 FROM node n
            WHERE n.id = b.node AND n.seen_at > now() - make_interval(secs => coalesce(n.lease_seconds, $2)))");
}

pub(super) struct Bodies {
    connector: Connector,
    pool: Arc<Pool>,
    node: Arc<Node>,
    next: AtomicU64,
}

impl fmt::Debug for Bodies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bodies").field("node", &self.node).finish_non_exhaustive()
    }
}

impl Bodies {
    pub(super) fn new(connector: Connector, pool: Arc<Pool>, node: Arc<Node>) -> Bodies {
        Bodies { connector, pool, node, next: AtomicU64::new(0) }
    }

    pub(super) fn read(&self, body: &StoredBody) -> Result<Box<dyn Read + Send>, StoreError> {
        body.place.open(|name| {
            let mut chunks =
                Chunks { pool: Arc::clone(&self.pool), name: name.to_owned(), next: 0, rest: Vec::new(), at: 0 };
            // A body that is not there is an error now, not later.
            chunks.fetch()?.then_some(()).ok_or(StoreError::Missing("body"))?;
            Ok(Box::new(chunks))
        })
    }

    /// Removes a body that no submission refers to; one that is not there is fine.
    pub(super) fn remove(&self, name: &str) -> Result<(), StoreError> {
        self.pool.connection()?.execute(REMOVE, &[&name]).map(drop)
    }

    /// Removes what openings that are no more left behind; returns how many.
    pub(super) fn sweep(&self) -> Result<usize, StoreError> {
        let connection = self.pool.connection()?;
        let own = self.node.own();
        let removed = connection.execute(SWEEP_BODIES, &[&own.node, &own.lease_seconds])?;
        sweep_nodes(&connection)?;
        Ok(usize::try_from(removed).unwrap_or(usize::MAX))
    }
}

impl Places for Bodies {
    fn begin(self: Arc<Self>) -> Result<Box<dyn Unfinished>, StoreError> {
        let node = self.node.id(&self.connector)?;
        let name = format!("{node:x}-{:x}", self.next.fetch_add(1, Ordering::Relaxed));
        self.pool.connection()?.execute(BEGIN, &[&name, &node])?;
        let chunk = Vec::with_capacity(bounds::BODY_CHUNK_BYTES);
        Ok(Box::new(Arriving { bodies: self, name: Some(name), chunk, number: 0 }))
    }
}

/// A body on its way into its rows; removed on drop until it is kept.
#[derive(Debug)]
struct Arriving {
    bodies: Arc<Bodies>,
    name: Option<String>,
    chunk: Vec<u8>,
    number: i32,
}

impl Arriving {
    fn flush(&mut self) -> Result<(), StoreError> {
        if self.chunk.is_empty() {
            return Ok(());
        }
        let name = self.name.as_deref().unwrap_or_default();
        self.bodies.pool.connection()?.execute(ADD_CHUNK, &[&name, &self.number, &self.chunk])?;
        self.number += 1;
        self.chunk.clear();
        Ok(())
    }
}

impl Unfinished for Arriving {
    fn write(&mut self, mut bytes: &[u8]) -> Result<(), StoreError> {
        while !bytes.is_empty() {
            let room = bounds::BODY_CHUNK_BYTES - self.chunk.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.chunk.extend_from_slice(now);
            bytes = later;
            if self.chunk.len() == bounds::BODY_CHUNK_BYTES {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn keep(mut self: Box<Self>) -> Result<String, StoreError> {
        self.flush()?;
        Ok(self.name.take().unwrap_or_default())
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        if let Some(name) = self.name.take()
            && let Err(error) = self.bodies.remove(&name)
        {
            tracing::warn!(%error, "an unfinished body stays until the next sweep");
        }
    }
}

/// A part of a body; `None` behind the last.
pub(super) fn chunk(connection: &Connection, name: &str, number: i32) -> Result<Option<Vec<u8>>, StoreError> {
    connection.optional(CHUNK, &[&name, &number], |row| row.bytes_ref().map(<[u8]>::to_vec))
}

/// Reads a body chunk by chunk, each with a connection for itself.
struct Chunks {
    pool: Arc<Pool>,
    name: String,
    next: i32,
    rest: Vec<u8>,
    at: usize,
}

impl Chunks {
    /// Whether there was another chunk.
    fn fetch(&mut self) -> Result<bool, StoreError> {
        let Some(chunk) = chunk(&*self.pool.connection()?, &self.name, self.next)? else { return Ok(false) };
        (self.rest, self.at, self.next) = (chunk, 0, self.next + 1);
        Ok(true)
    }
}

impl Read for Chunks {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.rest.len() && !self.fetch().map_err(io::Error::other)? {
            return Ok(0);
        }
        let count = into.len().min(self.rest.len() - self.at);
        into[..count].copy_from_slice(&self.rest[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}
