//! Reports frequent incidents on connections in a few lines of the log: the first of a kind and address at once, the
//! number of the others at the end of the minute.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use telemetry::Counter;

use super::AddressBlock;

/// How often the log reports the counts.
const TOLD_EVERY: Duration = Duration::from_secs(60);
/// Addresses that are counted one by one; what others do is counted together.
const ADDRESSES_MAX: usize = 64;

/// Counts of one kind of incident.
pub(crate) struct Incidents {
    what: &'static str,
    counter: Counter,
    counted: Mutex<Counted>,
}

struct Counted {
    since: Instant,
    by_address: HashMap<AddressBlock, u64>,
    elsewhere: u64,
}

impl Incidents {
    pub(crate) fn new(what: &'static str, counter: Counter) -> Incidents {
        let counted = Counted { since: Instant::now(), by_address: HashMap::new(), elsewhere: 0 };
        Incidents { what, counter, counted: Mutex::new(counted) }
    }

    fn lock(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It has happened.
    pub(crate) fn happened(&self, address: IpAddr, reason: impl fmt::Display) {
        self.counter.inc();
        let block = AddressBlock::of(address);
        let mut counted = self.lock();
        if let Some(count) = counted.by_address.get_mut(&block) {
            *count += 1;
            return;
        }
        if counted.by_address.len() >= ADDRESSES_MAX {
            counted.elsewhere += 1;
            return;
        }
        counted.by_address.insert(block, 0);
        drop(counted);
        tracing::warn!(address = %block, %reason, "{}", self.what);
    }

    /// Logs the counts since the last time, once a minute.
    pub(crate) fn tell(&self) {
        let mut counted = self.lock();
        if counted.since.elapsed() < TOLD_EVERY {
            return;
        }
        counted.since = Instant::now();
        let elsewhere = std::mem::take(&mut counted.elsewhere);
        let by_address = std::mem::take(&mut counted.by_address);
        drop(counted);
        for (address, count) in by_address.into_iter().filter(|(_, count)| *count > 0) {
            tracing::warn!(%address, count, "{}, again within a minute", self.what);
        }
        if elsewhere > 0 {
            tracing::warn!(count = elsewhere, "{}, within a minute, from further addresses", self.what);
        }
    }
}
