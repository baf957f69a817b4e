//! What stands: health, room, and what the store says of lots, nodes, days and ends.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use payments::Stage;
use store::{RoomState, StoreGauges};
use telemetry::metrics::{execution, node, notices, submissions};
use telemetry::{Gauge, Telemetry};

use crate::RoomSettings;
use crate::health::{Alarm, Health, Readiness};

const SECONDS_A_DAY: f64 = 86_400.0;

/// The gauges of a node.
pub(crate) struct NodeGauges {
    telemetry: Telemetry,
    ready: Gauge,
    alive: Gauge,
    conditions: [Gauge; Alarm::ALL.len()],
    checked: Gauge,
    age: Gauge,
    /// When the store was last read, by the monotonic clock; at first, when the exchange was made.
    read_at: Mutex<Duration>,
}

/// What a stage is called; `None` for the ends.
fn name(stage: Stage) -> Option<&'static str> {
    match stage {
        Stage::Scheduled => Some("scheduled"),
        Stage::AwaitingFunds => Some("awaiting_funds"),
        Stage::Held => Some("held"),
        Stage::Dispatched => Some("dispatched"),
        Stage::Completed | Stage::Refused => None,
    }
}

/// Seconds from a moment until now, never below 0.
fn age(since: Option<Timestamp>, now: Timestamp) -> f64 {
    since.map_or(0.0, |since| now.duration_since(since).as_secs_f64().max(0.0))
}

impl NodeGauges {
    pub(super) fn new(telemetry: &Telemetry, started_at: Timestamp, monotonic: Duration) -> NodeGauges {
        telemetry.gauge(&node::STARTED, []).set(started_at.as_second() as f64);
        NodeGauges {
            ready: telemetry.gauge(&node::READY, []),
            alive: telemetry.gauge(&node::ALIVE, []),
            conditions: Alarm::ALL.map(|alarm| telemetry.gauge(&node::CONDITIONS, [alarm.id(), alarm.severity().id()])),
            checked: telemetry.gauge(&node::CHECKED, []),
            age: telemetry.gauge(&node::FIGURES_AGE, []),
            read_at: Mutex::new(monotonic),
            telemetry: telemetry.clone(),
        }
    }

    /// What the node says of itself at this moment.
    pub(crate) fn show_health(&self, health: &Health, monotonic: Duration) {
        let readiness = health.readiness();
        self.ready.set(f64::from(u8::from(readiness < Readiness::NotReady)));
        self.alive.set(f64::from(u8::from(readiness < Readiness::NotAlive)));
        for (alarm, gauge) in Alarm::ALL.into_iter().zip(&self.conditions) {
            gauge.set(f64::from(u8::from(health.stands(alarm))));
        }
        self.checked.set(health.checked_at().map_or(0.0, |at| at.as_second() as f64));
        let read_at = *self.read_at.lock().unwrap_or_else(PoisonError::into_inner);
        self.age.set(monotonic.saturating_sub(read_at).as_secs_f64());
    }

    /// What the store said at this moment of the monotonic clock, and now by the security clock.
    pub(crate) fn show(
        &self,
        gauges: &StoreGauges,
        (now, monotonic): (Timestamp, Duration),
        today: Date,
        calendar_day: Date,
    ) {
        *self.read_at.lock().unwrap_or_else(PoisonError::into_inner) = monotonic;
        let telemetry = &self.telemetry;
        for gauge in &gauges.lots {
            let Some(stage) = name(gauge.stage) else { continue };
            telemetry.gauge(&execution::LOTS, [stage]).set(gauge.count as f64);
            if gauge.stage != Stage::Scheduled {
                telemetry.gauge(&execution::LOTS_OLDEST, [stage]).set(age(gauge.since, now));
            }
        }
        telemetry.gauge(&submissions::UNANSWERED, []).set(gauges.unanswered as f64);
        telemetry.gauge(&submissions::UNANSWERED_OLDEST, []).set(age(gauges.unanswered_since, now));
        telemetry.gauge(&execution::SET_ASIDE, ["submission"]).set(gauges.set_aside_submissions as f64);
        telemetry.gauge(&execution::SET_ASIDE, ["other"]).set(gauges.set_aside_work as f64);
        telemetry.gauge(&execution::RETURNS_WAITING, []).set(gauges.returns_waiting as f64);
        telemetry.gauge(&node::NODES, ["held"]).set(gauges.nodes.held as f64);
        telemetry.gauge(&node::NODES, ["expired"]).set(gauges.nodes.expired as f64);
        telemetry.gauge(&node::AUDIT_UNCONFIRMED, []).set(age(gauges.audit_unconfirmed_since, now));
        telemetry.gauge(&notices::NOTICES, ["waiting"]).set(gauges.notices_waiting as f64);
        telemetry.gauge(&notices::NOTICES, ["refused"]).set(gauges.notices_refused as f64);
        telemetry.gauge(&notices::NOTICES_OLDEST, []).set(age(gauges.notices_waiting_since, now));
        if let Some(day) = gauges.business_day {
            telemetry.gauge(&node::BUSINESS_DAY, []).set(seconds_between(Date::constant(1970, 1, 1), day));
            telemetry.gauge(&node::BUSINESS_DAY_BEHIND, []).set(seconds_between(day, calendar_day).max(0.0));
        }
        let ends = gauges.certificates_end.iter().map(|end| end.duration_since(now).as_secs_f64());
        self.show_time_left("client_certificate", ends);
        let ends = gauges.person_certificates_end.iter().map(|end| end.duration_since(now).as_secs_f64());
        self.show_time_left("person_certificate", ends);
        // A registration holds on its last day too.
        let ends = gauges.registrations_end.iter().map(|last| seconds_between(today, *last) + SECONDS_A_DAY);
        self.show_time_left("registration", ends);
    }

    /// The next end that is still to come.
    fn show_time_left(&self, of: &'static str, seconds: impl Iterator<Item = f64>) {
        match seconds.filter(|seconds| *seconds > 0.0).reduce(f64::min) {
            Some(seconds) => {
                self.telemetry.gauge(&node::TIME_LEFT, [of]).set(seconds);
            }
            None => self.telemetry.remove_gauge(&node::TIME_LEFT, [of]),
        }
    }

    /// When the revocation list that the node gives out ends. Unlike the others it may be over.
    pub(crate) fn show_end(&self, of: &'static str, ends: Timestamp, now: Timestamp) {
        let left = ends.duration_since(now).as_secs_f64();
        self.telemetry.gauge(&node::TIME_LEFT, [of]).set(left);
    }

    /// The room as it was seen.
    pub(crate) fn show_room(&self, state: RoomState, settings: &RoomSettings) {
        let show = |kind, bytes: u64| self.telemetry.gauge(&node::ROOM, [kind]).set(bytes as f64);
        match state {
            RoomState::Disk { free_bytes, total_bytes, reserve_bytes } => {
                show("free", free_bytes);
                show("total", total_bytes);
                show("reserve", reserve_bytes);
            }
            RoomState::Database { used_bytes } => {
                show("used", used_bytes);
                if let Some(most) = settings.database_bytes_max {
                    show("free", most.saturating_sub(used_bytes));
                    show("total", most);
                }
            }
        }
    }
}

fn seconds_between(from: Date, until: Date) -> f64 {
    until.duration_since(from).as_secs_f64()
}
