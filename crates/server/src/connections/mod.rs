//! Open connections: places for handshakes, places for connections, and which connection gives way when they run out.
//!
//! Handshakes have places of their own, so that half-open connections keep no client out (`handshakes`). The table
//! counts an open connection under its certificate, its client (once a request has shown which), and its address. At
//! one of these bounds, the server closes the longest idle connection of the same holder; when all places are taken,
//! that of the holder with the most. `ages` closes connections that are idle, old, or whose client does not read its
//! answers.
//!
//! The server reaches these bounds rarely, and a listener has some thousand connections at most. So it finds the
//! connection to close by scanning all of them and needs no index.

mod address;
mod ages;
mod answer_body;
mod handshakes;
mod incidents;
mod open_connection;
mod process_time;
mod progress;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub(crate) use address::AddressBlock;
pub(crate) use answer_body::AnswerBody;
pub(crate) use handshakes::{HandshakePlace, Handshakes};
pub(crate) use incidents::Incidents;
pub(crate) use open_connection::{CloseOrder, OpenConnection};

use open_connection::Holder;
use telemetry::Gauge;

use crate::measures::UnderWay;
use crate::{Limits, bounds};

/// How many connections a listener has, for whom, and how old they get.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    pub(crate) all_max: usize,
    pub(crate) per_certificate_max: usize,
    pub(crate) per_client_max: usize,
    pub(crate) per_address_max: usize,
    /// Connections that showed no certificate, of all addresses together.
    pub(crate) anonymous_max: usize,
    pub(crate) anonymous_per_address_max: usize,
    pub(crate) idle_max: Duration,
    pub(crate) age_max: Duration,
    pub(crate) anonymous_age_max: Duration,
}

impl Bounds {
    /// Those of the listener for clients.
    pub(crate) fn of_clients(limits: &Limits) -> Bounds {
        let all_max = limits.connections_max;
        let anonymous_max = bounds::CONNECTIONS_ANONYMOUS.of_count(all_max);
        Bounds {
            all_max,
            per_certificate_max: bounds::CONNECTIONS_OF_CERTIFICATE.of_count(all_max),
            per_client_max: bounds::CONNECTIONS_OF_CLIENT.of_count(all_max),
            per_address_max: bounds::CONNECTIONS_OF_ADDRESS.of_count(all_max),
            anonymous_max,
            anonymous_per_address_max: bounds::ANONYMOUS_OF_ADDRESS.of_count(anonymous_max),
            idle_max: limits.connection_idle_max,
            age_max: limits.connection_age_max,
            anonymous_age_max: bounds::ANONYMOUS_CONNECTION_TIME_MAX,
        }
    }

    /// Bounds of the plain listener, where clients show no certificate.
    pub(crate) fn plain(limits: &Limits) -> Bounds {
        let all_max = limits.plain_connections_max;
        let per_address_max = bounds::PLAIN_CONNECTIONS_OF_ADDRESS.of_count(all_max);
        Bounds {
            all_max,
            per_certificate_max: all_max,
            per_client_max: all_max,
            per_address_max,
            anonymous_max: all_max,
            anonymous_per_address_max: per_address_max,
            idle_max: bounds::PLAIN_IDLE_MAX,
            age_max: bounds::PLAIN_AGE_MAX,
            anonymous_age_max: bounds::PLAIN_AGE_MAX + bounds::CLOSING_TIME_MAX,
        }
    }

    /// Those of the listener for enrolment, where nobody has a certificate yet.
    pub(crate) fn of_enrollment(limits: &Limits) -> Bounds {
        let all_max = bounds::ENROLLMENT_CONNECTIONS_MAX;
        let per_address_max = bounds::PLAIN_CONNECTIONS_OF_ADDRESS.of_count(all_max);
        Bounds {
            all_max,
            per_certificate_max: all_max,
            per_client_max: all_max,
            per_address_max,
            anonymous_max: all_max,
            anonymous_per_address_max: per_address_max,
            ..Bounds::plain(limits)
        }
    }

    /// Those of the listener for metrics.
    pub(crate) fn of_metrics() -> Bounds {
        let all_max = bounds::METRICS_CONNECTIONS_MAX;
        Bounds {
            all_max,
            per_certificate_max: all_max,
            per_client_max: all_max,
            per_address_max: all_max,
            anonymous_max: all_max,
            anonymous_per_address_max: all_max,
            idle_max: bounds::PLAIN_IDLE_MAX,
            age_max: bounds::PLAIN_AGE_MAX,
            anonymous_age_max: bounds::PLAIN_AGE_MAX + bounds::CLOSING_TIME_MAX,
        }
    }
}

/// The open connections of a listener.
pub(crate) struct Connections {
    bounds: Bounds,
    /// How many there are, for the metrics.
    measure: Gauge,
    open: Mutex<HashMap<u64, Arc<OpenConnection>>>,
    next: AtomicU64,
}

/// A connection in the table, until it is dropped.
pub(crate) struct Place {
    _measure: UnderWay,
    table: Arc<Connections>,
    connection: Arc<OpenConnection>,
}

impl Place {
    pub(crate) fn connection(&self) -> &Arc<OpenConnection> {
        &self.connection
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.table.lock().remove(&self.connection.id);
    }
}

/// The changes that a newcomer makes to the table.
#[derive(Default)]
struct Neighbours<'t> {
    same_certificate: Group<'t>,
    same_address: Group<'t>,
    anonymous: Group<'t>,
    anonymous_of_address: Group<'t>,
}

/// Some of the connections: how many, and which of them has been idle longest.
#[derive(Default)]
struct Group<'t> {
    count: usize,
    idle: Option<&'t Arc<OpenConnection>>,
}

impl<'t> Group<'t> {
    fn add(&mut self, one: &'t Arc<OpenConnection>) {
        self.count += 1;
        if one.is_idle() && self.idle.is_none_or(|idle| one.last_active() < idle.last_active()) {
            self.idle = Some(one);
        }
    }
}

impl Connections {
    pub(crate) fn new(bounds: Bounds, measure: Gauge) -> Arc<Connections> {
        Arc::new(Connections { bounds, measure, open: Mutex::default(), next: AtomicU64::new(1) })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Arc<OpenConnection>>> {
        // The map is whole between any two statements.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a new connection a place, and takes one from whom it is due. `None` when the newcomer itself has to go:
    /// all connections of its own holder are busy.
    pub(crate) fn admit(self: &Arc<Self>, address: IpAddr, certificate: Option<[u8; 32]>) -> Option<Place> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let newcomer = Arc::new(OpenConnection::new(id, address, certificate));
        let mut open = self.lock();
        if !self.make_room(&open, &newcomer) {
            return None;
        }
        open.insert(id, Arc::clone(&newcomer));
        drop(open);
        let measure = UnderWay::begin(&self.measure);
        Some(Place { _measure: measure, table: Arc::clone(self), connection: newcomer })
    }

    fn make_room(&self, open: &HashMap<u64, Arc<OpenConnection>>, newcomer: &OpenConnection) -> bool {
        let mut crowd = Neighbours::default();
        // Connections with the order to close leave on their own.
        let staying = || open.values().filter(|one| one.order() == CloseOrder::Stay);
        for one in staying() {
            let same_address = one.block == newcomer.block;
            if one.certificate.is_none() {
                crowd.anonymous.add(one);
                if same_address {
                    crowd.anonymous_of_address.add(one);
                }
            } else if one.certificate == newcomer.certificate {
                crowd.same_certificate.add(one);
            }
            if same_address {
                crowd.same_address.add(one);
            }
        }
        let bounds = &self.bounds;
        let mut groups = vec![(crowd.same_address, bounds.per_address_max)];
        match newcomer.certificate {
            Some(_) => groups.push((crowd.same_certificate, bounds.per_certificate_max)),
            None => groups.extend([
                (crowd.anonymous_of_address, bounds.anonymous_per_address_max),
                (crowd.anonymous, bounds.anonymous_max),
            ]),
        }
        for (group, max) in groups {
            if group.count >= max {
                return give_way(group.idle);
            }
        }
        staying().count() < bounds.all_max || give_way(idle_of_largest(staying()))
    }

    /// Connections of certificates that have a request now.
    pub(crate) fn busy_with_certificate(&self) -> Vec<Arc<OpenConnection>> {
        self.lock().values().filter(|one| one.certificate.is_some() && !one.is_idle()).cloned().collect()
    }

    /// A request has shown whose connection this is. When the client has too many, its oldest idle one gives way, and
    /// this one after its request when all are busy.
    pub(crate) fn belongs_to(&self, connection: &OpenConnection, client: i64) {
        if !connection.set_client(client) {
            return;
        }
        let open = self.lock();
        let mut same_client = Group::default();
        for one in open.values().filter(|one| one.order() == CloseOrder::Stay && one.client() == Some(client)) {
            same_client.add(one);
        }
        if same_client.count > self.bounds.per_client_max && !give_way(same_client.idle) {
            connection.tell(CloseOrder::Close);
        }
    }
}

fn give_way(idle: Option<&Arc<OpenConnection>>) -> bool {
    idle.is_some_and(|idle| {
        idle.tell(CloseOrder::Close);
        true
    })
}

/// The connection idle longest of the holder that has most.
fn idle_of_largest<'t>(open: impl Iterator<Item = &'t Arc<OpenConnection>>) -> Option<&'t Arc<OpenConnection>> {
    let mut holders: HashMap<Holder, Group<'t>> = HashMap::new();
    for one in open {
        holders.entry(one.holder()).or_default().add(one);
    }
    holders.into_values().filter(|group| group.idle.is_some()).max_by_key(|group| group.count)?.idle
}
