//! The use cases of the exchange: receive, check, answer, execute, report.
//!
//! This is where messages ([`iso20022`]), rules ([`rulebook`]), decisions ([`payments`], [`ledger`]) and transactions
//! ([`store`]) meet; each of them is ignorant of the others. What happens to a pain.001, file by file:
//! [`Intake`] takes the bytes, `check` reads and judges them, `admit` decides and makes the decision final in one
//! transaction, `answer` says so in a pain.002, `execute` and `settlement` carry it out, `status` and `reports` tell.
//!
//! Architecture invariants:
//! - Every use case of a client takes a [`Caller`], which only [`Exchange::authorise`] makes. What debits an account
//!   takes a proof for that very account, made again inside the transaction that makes the decision final.
//! - No HTTP, no SQL, no XML syntax. No clock but [`Clock`]; the business day is the store's.
//! - Nothing that is told to a client is written here: texts come from the rulebook's catalogue.

mod access;
pub mod account_report;
mod admit;
mod adoption;
mod answer;
mod authorise;
mod body_check;
pub mod bounds;
mod check;
mod clock;
mod draft;
mod duplicates;
mod elsewhere;
mod entered;
mod exchange;
mod execute;
mod export;
mod failure;
mod first_answer;
mod health;
mod intake;
mod large;
mod operator;
mod outcomes;
mod problem;
mod reports;
mod resolve;
mod retention;
mod room;
mod running;
mod settings;
mod settlement;
mod shared_settings;
mod small;
mod staged;
mod statement;
mod status;
mod submission;
mod submit;
mod take_up;
mod told;
mod work;

pub use authorise::{Caller, Presented};
pub use body_check::{Comparison, Kept, compare_bodies};
pub use clock::{Clock, ClockDoubt, SystemClock, local_time, local_time_of_receipt};
pub use entered::{IncomingPayment, NewAccount, NewCertificate, NewClient, NewOnlineUser};
pub use exchange::Exchange;
pub use export::{ExportError, ExportFiles, ExportSummary};
pub use failure::{Failure, ReportedFinding, too_many_occurrences, unreadable};
pub use health::{Alarm, CheckSettings, Condition, Health, HealthChanges, Readiness, Severity};
pub use intake::{Intake, Received, Rest, look};
pub use operator::{ClockState, Operator, SetAside, SetAsideSubmission, SetAsideWork};
pub use outcomes::{
    AccountOverview, BlockOverview, Heartbeat, Held, MessageOverview, Mode, RefusedPayments, ReportHandle, ReportPage,
    StatusAnswer, StatusCount, SubmitOptions, Submitted,
};
pub use retention::Removable;
pub use room::{RefusedBelow, RoomSettings, Watermark};
pub use settings::{Identification, Settings, SettlementSettings};
pub use shared_settings::{SettingDifference, SharedSettings};
pub use status::reason::RefusalReason;
pub use status::report as status_report;
pub use status::told_of::ToldOf;
pub use status::{MessageStatus, ReceivedMessage};
pub use submission::memory::MemoryLimits;

// Values of the layers below that stand in this interface, so that those above need no look past it.
pub use iso20022::MessageType;
pub use iso20022::common::Amount;
pub use ledger::{AccountId, AccountState, Limits};
pub use payments::{MessageId, RefusalStage, Status};
pub use store::{
    AcceptancePolicy, AccessMode, AccountKind, Certificate, Client, ClientId, EndToEndIdUniqueness, Fingerprint,
    Identity, OnlineUser, OnlineUserId, Preferences, RoomState, Store, TreasuryAccount,
};
