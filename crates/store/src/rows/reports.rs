//! Ordered reports.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::AccountId;

use crate::{AccountDay, OnlineUserId};

/// Identifies a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportId(pub i64);

impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A report that was asked for: fixed at that moment, so that its pages always agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its id; unguessable is not needed, since only its online user may read it.
    pub id: ReportId,
    /// Who asked.
    pub user: OnlineUserId,
    /// `camt.052.001.08` …
    pub message_type: String,
    /// `MsgId` of the report.
    pub message_id: String,
    /// `MsgId` of the camt.060.
    pub request_message_id: String,
    /// The account.
    pub account: AccountId,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// `ElctrncSeqNb`.
    pub number: i64,
    /// Last sequence that belongs to it.
    pub last_sequence: i64,
    /// Whether the last day was closed when the report was made.
    pub last_day_closed: bool,
    /// `Some(true)` credits only, `Some(false)` debits only.
    pub credits_only: Option<bool>,
    /// Booked balance before the first day.
    pub opening: i64,
    /// Totals of what it covers.
    pub totals: AccountDay,
    /// When.
    pub created_at: Timestamp,
    /// Whether it has balances of each day. All its pages do as the client wanted when it asked.
    pub daily_balances: bool,
}
