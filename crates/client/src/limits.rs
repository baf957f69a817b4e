//! What a client waits for and holds; its builder sets it.

use std::time::Duration;

use crate::Retries;

/// What the client will wait for and hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) connect_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) call_timeout: Duration,
    pub(crate) answer_bytes_max: u64,
    pub(crate) retries: Retries,
    /// Whether answers may come compressed.
    pub(crate) compression: bool,
}
