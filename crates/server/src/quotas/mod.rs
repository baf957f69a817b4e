//! Quotas: how much an online user may ask for and send over time, and how much an address may. Shares divide what there
//! is at this moment; a quota bounds what one takes in the long run, however idle the node is.
//!
//! - A request and each piece of a body take from two buckets, the online user's and the address's. The node looks into
//!   both before it takes from either, so a refusal takes nothing, and `Retry-After` is true: who waits so long and sends
//!   nothing else succeeds.
//! - A tenth of the bucket of requests is a reserve. Only the heartbeat, the status of a message and the answer of a
//!   submission may use it: a system that has sent too much can still ask about its messages. A repeated `POST` takes like
//!   the first one, since the node knows that the bytes are known only after it has read them.
//! - `GET /v1/quotas` takes nothing: it costs the node as much as a refusal.
//! - On the listener for enrolment nobody is known but by the address, so there a request takes from a bucket of the address that is
//!   for nothing else: who guesses codes, or asks without end, takes nothing from the payments behind the same router.
//! - Each node counts for itself, in memory. A restart fills all buckets.

mod bucket;
mod charge;
mod holders;

use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use exchange::{Caller, Failure, Staff};
use protocol::{QuotaHolder, QuotaLeft, Quotas as QuotasLeft};
use rulebook::Code;
use telemetry::metrics::channel as metrics;
use telemetry::{Counter, Telemetry};

use crate::bounds;
use crate::connections::AddressBlock;
use crate::quota_settings::{HolderQuotas, QuotaSettings};

pub(crate) use charge::Charge;
use holders::{Holders, Kind};

/// The quotas of a node, and what is left of them.
pub(crate) struct Quotas {
    begun: Instant,
    state: Mutex<State>,
    refusals: [Counter; NAMES.len()],
}

struct State {
    online_users: Holders<Sender>,
    addresses: Holders<AddressBlock>,
    /// Where online users enrol.
    strangers: Holders<AddressBlock>,
}

/// Who takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taker {
    sender: Sender,
    address: AddressBlock,
}

/// Whose certificate it is. An operator has the quotas of an online user, by their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Sender {
    OnlineUser(i64),
    Person(i64),
}

/// A quota has not enough left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QuotaExceeded {
    /// The quota's name, as `GET /v1/quotas` has it.
    quota: &'static str,
    /// When there is enough.
    wait: Duration,
}

/// Every quota, as answers and metrics name it.
const NAMES: [&str; 5] =
    ["online_user.requests", "online_user.bytes", "address.requests", "address.bytes", "enrolment.requests"];

impl From<QuotaExceeded> for Failure {
    fn from(QuotaExceeded { quota, wait }: QuotaExceeded) -> Failure {
        let seconds = whole_seconds(wait).max(1);
        let failure = Failure::new(Code::QuotaUsedUp).with_detail(quota).with_expected(seconds.to_string());
        failure.with_retry_after(Duration::from_secs(seconds))
    }
}

impl Taker {
    pub(crate) fn of(caller: &Caller) -> Taker {
        let sender = Sender::OnlineUser(caller.identity().user.id.0);
        Taker { sender, address: AddressBlock::of(caller.address()) }
    }

    pub(crate) fn of_operator(staff: &Staff) -> Taker {
        Taker { sender: Sender::Person(staff.person().id.0), address: AddressBlock::of(staff.address()) }
    }
}

impl Quotas {
    pub(crate) fn new(settings: QuotaSettings, telemetry: &Telemetry) -> Quotas {
        let state = State {
            online_users: Holders::new(settings.online_user, bounds::QUOTA_HOLDERS_MAX),
            addresses: Holders::new(settings.address, bounds::QUOTA_HOLDERS_MAX),
            strangers: Holders::new(of_strangers(settings), bounds::QUOTA_HOLDERS_MAX),
        };
        let refusals = NAMES.map(|name| telemetry.counter(&metrics::QUOTA_REFUSALS, [name]));
        Quotas { begun: Instant::now(), state: Mutex::new(state), refusals }
    }

    /// Other quotas from now on.
    pub(crate) fn reload(&self, settings: QuotaSettings) {
        let (mut state, now) = self.now();
        state.online_users.set_quotas(settings.online_user, now);
        state.addresses.set_quotas(settings.address, now);
        state.strangers.set_quotas(of_strangers(settings), now);
    }

    /// Takes a request.
    pub(crate) fn take_request(&self, taker: Taker, charge: Charge) -> Result<(), QuotaExceeded> {
        if charge == Charge::Nothing {
            return Ok(());
        }
        let (mut state, now) = self.now();
        self.counted(longest(state.waits_for_request(taker, charge, now)))?;
        state.take(taker, Kind::Requests, 1, now);
        Ok(())
    }

    /// Takes a request on the listener for enrolment.
    pub(crate) fn take_enrolment(&self, address: IpAddr) -> Result<(), QuotaExceeded> {
        let (mut state, now) = self.now();
        let address = AddressBlock::of(address);
        let wait = state.strangers.wait_for(address, Kind::Requests, 1, now);
        self.counted(Some(QuotaExceeded { quota: NAMES[4], wait }).filter(|_| !wait.is_zero()))?;
        state.strangers.take(address, Kind::Requests, 1, now);
        Ok(())
    }

    /// Whether so long a body could arrive now.
    pub(crate) fn has_room_for_body(&self, taker: Taker, length: u64) -> Result<(), QuotaExceeded> {
        let (state, now) = self.now();
        self.counted(state.lacks_bytes(taker, length, length, now))
    }

    /// Takes bytes that have arrived of a body; of one that does not fit, all that is left. `length` is that of the whole
    /// body, as far as the client has said it: that much must be there when it comes again.
    pub(crate) fn take_bytes(&self, taker: Taker, bytes: u64, length: Option<u64>) -> Result<(), QuotaExceeded> {
        let (mut state, now) = self.now();
        let lack = state.lacks_bytes(taker, bytes, 0, now).is_some();
        state.take(taker, Kind::Bytes, bytes, now);
        match lack {
            // Who does not say how long the body is waits for full buckets.
            true => self.counted(state.lacks_bytes(taker, 1, length.unwrap_or(u64::MAX), now)),
            false => Ok(()),
        }
    }

    /// What is left.
    pub(crate) fn left(&self, taker: Taker, online_user: &str) -> QuotasLeft {
        let (state, now) = self.now();
        QuotasLeft {
            online_user: holder(&state.online_users, taker.sender, online_user.to_owned(), now),
            address: holder(&state.addresses, taker.address, taker.address.to_string(), now),
        }
    }

    fn now(&self) -> (MutexGuard<'_, State>, Duration) {
        // Buckets are whole between any two statements. The time is read under the lock, so that it never goes back.
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        (state, self.begun.elapsed())
    }

    fn counted(&self, lack: Option<QuotaExceeded>) -> Result<(), QuotaExceeded> {
        let Some(lack) = lack else { return Ok(()) };
        for (_, refusals) in NAMES.iter().zip(&self.refusals).filter(|(name, _)| **name == lack.quota) {
            refusals.inc();
        }
        Err(lack)
    }
}

/// Bodies of requests for certificates are short, so there is no quota of their bytes.
fn of_strangers(settings: QuotaSettings) -> HolderQuotas {
    HolderQuotas { requests: settings.enrolment, bytes: None }
}

impl State {
    fn take(&mut self, taker: Taker, kind: Kind, tokens: u64, now: Duration) {
        self.online_users.take(taker.sender, kind, tokens, now);
        self.addresses.take(taker.address, kind, tokens, now);
    }

    /// How long each quota of requests lets the taker wait.
    fn waits_for_request(&self, taker: Taker, charge: Charge, now: Duration) -> [(&'static str, Duration); 2] {
        let needed = |quotas: HolderQuotas| 1 + if charge == Charge::Request { reserve(quotas) } else { 0 };
        let (users, addresses) = (&self.online_users, &self.addresses);
        [
            (NAMES[0], users.wait_for(taker.sender, Kind::Requests, needed(users.quotas()), now)),
            (NAMES[2], addresses.wait_for(taker.address, Kind::Requests, needed(addresses.quotas()), now)),
        ]
    }

    fn waits_for_bytes(&self, taker: Taker, bytes: u64, now: Duration) -> [(&'static str, Duration); 2] {
        [
            (NAMES[1], self.online_users.wait_for(taker.sender, Kind::Bytes, bytes, now)),
            (NAMES[3], self.addresses.wait_for(taker.address, Kind::Bytes, bytes, now)),
        ]
    }

    /// Which quota lacks so many bytes, and when a request with a body of this length succeeds: it is a request too.
    fn lacks_bytes(&self, taker: Taker, bytes: u64, length: u64, now: Duration) -> Option<QuotaExceeded> {
        let lack = longest(self.waits_for_bytes(taker, bytes, now))?;
        let again = longest(self.waits_for_bytes(taker, length.max(bytes), now)).unwrap_or(lack);
        let request = longest(self.waits_for_request(taker, Charge::Request, now));
        let wait = request.map_or(again.wait, |request| request.wait.max(again.wait));
        Some(QuotaExceeded { quota: again.quota, wait })
    }
}

/// The quota that lets wait longest, if any does.
fn longest(waits: [(&'static str, Duration); 2]) -> Option<QuotaExceeded> {
    let longest = waits.into_iter().max_by_key(|(_, wait)| *wait).filter(|(_, wait)| !wait.is_zero());
    longest.map(|(quota, wait)| QuotaExceeded { quota, wait })
}

/// The part of a bucket of requests that ordinary requests leave.
fn reserve(quotas: HolderQuotas) -> u64 {
    quotas.requests.map_or(0, |quota| quota.burst / bounds::QUOTA_RESERVE_DIVISOR)
}

fn holder<K: Copy + Eq + std::hash::Hash>(holders: &Holders<K>, holder: K, name: String, now: Duration) -> QuotaHolder {
    let quotas = holders.quotas();
    let left = |kind: Kind, reserve: Option<u64>| {
        let quota = quotas.of(kind)?;
        let bucket = holders.bucket(holder, kind);
        let left = bucket.left(quota, now);
        Some(QuotaLeft {
            left: left.saturating_sub(reserve.unwrap_or(0)),
            reserve_left: reserve.map(|reserve| left.min(reserve)),
            burst: quota.burst,
            per_second: quota.per_second,
            full_in_seconds: whole_seconds(bucket.full_in(quota, now)),
        })
    };
    QuotaHolder { name, requests: left(Kind::Requests, Some(reserve(quotas))), bytes: left(Kind::Bytes, None) }
}

/// Whole seconds in which a time has surely passed.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}
