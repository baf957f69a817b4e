//! The scarcity of the room, by the free space and each client's bodies, and the resulting refusals.

use std::collections::HashSet;
use std::fmt;

use store::{ClientId, ClientStorage, RoomState};

/// Free space below which the exchange refuses something: the smaller of both, so that large disks do not waste much
/// and small ones are usable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watermark {
    /// Bytes.
    pub bytes: u64,
    /// Hundredths of the whole.
    pub percent: u8,
}

impl Watermark {
    pub(crate) fn of(self, total_bytes: u64) -> u64 {
        self.bytes.min(hundredths(total_bytes, self.percent))
    }
}

pub(crate) fn hundredths(of: u64, percent: u8) -> u64 {
    let percent = u64::from(percent);
    (of / 100).saturating_mul(percent).saturating_add(of % 100 * percent / 100)
}

/// How room is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomSettings {
    /// Below it, clients above their share bring nothing new.
    pub first: Watermark,
    /// Below it, no client may.
    pub second: Watermark,
    /// Share of the whole that a client's kept bodies may take before it is refused first, in hundredths.
    pub client_share_percent: u8,
    /// Bytes of the disk held back for operators.
    pub reserve_bytes: u64,
    /// Allowed size of a database on a server; none: the exchange does not watch its room, since it cannot see the
    /// disk.
    pub database_bytes_max: Option<u64>,
}

impl Default for RoomSettings {
    fn default() -> RoomSettings {
        RoomSettings {
            first: Watermark { bytes: 8 << 30, percent: 10 },
            second: Watermark { bytes: 2 << 30, percent: 3 },
            client_share_percent: 20,
            reserve_bytes: 32 << 20,
            database_bytes_max: None,
        }
    }
}

/// How little may be left, and how much one client may take, before new messages are refused; in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusedBelow {
    /// Below it, messages of clients above their share.
    pub first_bytes: u64,
    /// Below it, all clients' messages.
    pub second_bytes: u64,
    /// Allowed bytes of a client's kept bodies until then.
    pub share_bytes: u64,
}

/// The room as it was last seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RoomView {
    pub(super) scarcity: Scarcity,
    /// Clients above their share, while that counts.
    pub(super) above_share: HashSet<ClientId>,
    /// At least half of the held-back bytes are available, in the reserve or free.
    pub(super) reserve_serves_reports: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scarcity {
    #[default]
    None,
    First,
    Second,
}

/// Which budget is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FullBudget {
    ClientShare,
    Storage,
}

/// As the refusal names it.
impl fmt::Display for FullBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FullBudget::ClientShare => "room.client_share_percent",
            FullBudget::Storage => "room.second_watermark",
        })
    }
}

impl RoomView {
    pub(super) fn of(state: RoomState, settings: &RoomSettings) -> RoomView {
        let Some((free, total)) = free_and_total(state, settings) else { return RoomView::unwatched() };
        let scarcity = if free < settings.second.of(total) {
            Scarcity::Second
        } else if free < settings.first.of(total) {
            Scarcity::First
        } else {
            Scarcity::None
        };
        let held_back = match state {
            RoomState::Disk { reserve_bytes, .. } => reserve_bytes.saturating_add(free),
            RoomState::Database { .. } => u64::MAX,
        };
        let reserve_serves_reports = held_back >= settings.reserve_bytes / 2;
        RoomView { scarcity, above_share: HashSet::new(), reserve_serves_reports }
    }

    fn unwatched() -> RoomView {
        RoomView { reserve_serves_reports: true, ..RoomView::default() }
    }

    /// Whether something new of a client is refused, and for want of what.
    pub(crate) fn refuses(&self, client: ClientId) -> Option<FullBudget> {
        match self.scarcity {
            Scarcity::Second => Some(FullBudget::Storage),
            Scarcity::First if self.above_share.contains(&client) => Some(FullBudget::ClientShare),
            _ => None,
        }
    }
}

pub(crate) fn free_and_total(state: RoomState, settings: &RoomSettings) -> Option<(u64, u64)> {
    match state {
        RoomState::Disk { free_bytes, total_bytes, .. } => Some((free_bytes, total_bytes)),
        RoomState::Database { used_bytes } => {
            settings.database_bytes_max.map(|most| (most.saturating_sub(used_bytes), most))
        }
    }
}

pub(super) fn above_share(clients: &[ClientStorage], total_bytes: u64, settings: &RoomSettings) -> HashSet<ClientId> {
    let share = hundredths(total_bytes, settings.client_share_percent);
    clients.iter().filter(|client| client.bytes > share).map(|client| client.client).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    fn seen(free_bytes: u64, clients: &[(i64, u64)]) -> RoomView {
        let (settings, total_bytes) = (RoomSettings::default(), 100 * GIB);
        let state = RoomState::Disk { free_bytes, total_bytes, reserve_bytes: 0 };
        let clients: Vec<ClientStorage> =
            clients.iter().map(|&(client, bytes)| ClientStorage { client: ClientId(client), bytes }).collect();
        RoomView { above_share: above_share(&clients, total_bytes, &settings), ..RoomView::of(state, &settings) }
    }

    #[test]
    fn those_above_their_share_are_refused_first_and_everybody_afterwards() {
        let clients = [(1, 40 * GIB), (2, 20 * GIB), (3, 1)];
        let refused = |free: u64| [1, 2, 3, 4].map(|client| seen(free, &clients).refuses(ClientId(client)));
        assert_eq!(refused(8 * GIB), [None; 4]);
        assert_eq!(refused(8 * GIB - 1), [Some(FullBudget::ClientShare), None, None, None]);
        assert_eq!(refused(2 * GIB), [Some(FullBudget::ClientShare), None, None, None]);
        assert_eq!(refused(2 * GIB - 1), [Some(FullBudget::Storage); 4]);
    }

    #[test]
    fn a_database_is_held_against_what_it_may_take_if_that_is_known() {
        let view = |most: Option<u64>, used_bytes: u64| {
            let settings = RoomSettings { database_bytes_max: most, ..RoomSettings::default() };
            RoomView::of(RoomState::Database { used_bytes }, &settings).scarcity
        };
        assert_eq!(view(None, u64::MAX), Scarcity::None);
        assert_eq!(view(Some(10 * GIB), 8 * GIB), Scarcity::None);
        assert_eq!(view(Some(10 * GIB), 9 * GIB + 1), Scarcity::First);
        assert_eq!(view(Some(10 * GIB), 10 * GIB), Scarcity::Second);
        assert_eq!(view(Some(10 * GIB), 11 * GIB), Scarcity::Second);
    }

    #[test]
    fn reports_leave_half_of_the_reserve_to_operators() {
        let settings = RoomSettings::default();
        let half = settings.reserve_bytes / 2;
        let serves = |free_bytes: u64, reserve_bytes: u64| {
            let state = RoomState::Disk { free_bytes, total_bytes: 100 * GIB, reserve_bytes };
            RoomView::of(state, &settings).reserve_serves_reports
        };
        assert!(serves(0, settings.reserve_bytes) && serves(half, 0));
        assert!(!serves(half - 1, 0));
    }
}
