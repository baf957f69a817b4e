//! The use cases of the exchange: receive, check, answer, execute, report.
//!
//! This crate combines messages ([`iso20022`]), rules ([`rulebook`]), decisions ([`payments`], [`ledger`]) and
//! transactions ([`store`]); none of them knows the others. What happens to a pain.001, file by file: [`Intake`] takes
//! the bytes, `check` reads and judges them, `admit` decides and makes the decision final in one transaction, `answer`
//! says so in a pain.002, `execute` and `settlement` carry it out, `cancellation` takes back what is not carried out, `status` and `reports` tell.
//!
//! Architecture invariants:
//! - Every use case of a client takes a [`Caller`], which only [`Exchange::authorise`] makes. A use case that debits an
//!   account takes a proof for that account, which the exchange makes again inside the transaction that makes the
//!   decision final.
//! - No HTTP, no SQL, no XML syntax. No clock but [`Clock`]; the business day is the store's.
//! - This crate writes no texts for clients: they come from the rulebook's catalogue.

mod access;
mod admission;
mod background;
pub mod bounds;
mod cancellation;
mod certificates;
mod check;
mod clock;
mod evidence;
mod exchange;
mod execution;
mod failure;
mod health;
mod measures;
mod monitoring;
mod notices;
mod onboarding;
mod operator;
mod problem;
mod reports;
mod room;
mod settings;
mod settlement;
mod span;
mod status;
mod stored;
mod submission;
mod trail;
mod views;

pub use access::caller::{Caller, Presented};
pub use access::outside::OutsideAuthority;
pub use access::signed_body::SignedBody;
pub use access::signing_certificate::SigningCertificate;
pub use background::retention::Removable;
pub use cancellation::{Cancellation, CancellationOutcome, NotCancelled};
pub use certificates::authorities::{KnownAuthority, server_may_change_on};
pub use certificates::enrolment_code::{NewEnrolmentCode, Stranger};
pub use certificates::issue::CertificateChain;
pub use certificates::outside_lists::OutsideListFault;
pub use certificates::revocation::RevocationOutcome;
pub use certificates::rules::EnrolmentRules;
pub use clock::guard::ClockDoubt;
pub use clock::local::{Clock, SystemClock, local_time};
pub use clock::receipt::local_time_of_receipt;
pub use evidence::read::{Evidence, EvidenceOf};
pub use exchange::Exchange;
pub use failure::{Failure, ReportedFinding, too_many_occurrences, unreadable};
pub use health::{Alarm, CheckSettings, Condition, Health, HealthChanges, Readiness, Severity};
pub use notices::end::End;
pub use onboarding::enrolment::CodeForContact;
pub use onboarding::limits::ShownLimits;
pub use onboarding::lookups::Names;
pub use onboarding::reasons::content_fault;
pub use onboarding::staff::Staff;
pub use onboarding::views::ShownApplication;
pub use operator::acts::Operator;
pub use operator::body_comparison::{Comparison, Kept, compare_bodies};
pub use operator::clock::ClockState;
pub use operator::export::{ExportError, ExportFiles, ExportSummary};
pub use operator::input::{IncomingPayment, NewAccount, NewCertificate, NewClient, NewOnlineUser};
pub use operator::later_rights::{LaterRights, TakenAway, UnknownForm};
pub use operator::notices::ShownNotice;
pub use operator::restores::{BroughtRevocations, LaterRevocation, RevokedCertificateName, Settling};
pub use operator::returns::ShownReturn;
pub use operator::set_aside::{SetAside, SetAsideSubmission, SetAsideWork};
pub use operator::shared_settings::{SettingDifference, SharedSettings};
pub use operator::user_change::{Grants, UserChange};
pub use reports::account_report;
pub use room::{RefusedBelow, RoomSettings, Watermark};
pub use settings::{Checkpoints, Identification, Issuing, Mail, NextAuthority, Settings, SettlementSettings};
pub use settlement::port as settlement_port;
pub use status::now::MessageStatus;
pub use status::reason::RefusalReason;
pub use status::reason_scope::ReasonScope;
pub use status::received::ReceivedMessage;
pub use status::report as status_report;
pub use submission::intake::{Intake, Received, Rest, look};
pub use submission::memory::MemoryLimits;
pub use trail::reading::{AuditFilter, AuditReading};
pub use views::{
    AccountOverview, BlockOverview, Heartbeat, Held, MessageOverview, Mode, RefusedPayments, ReportHandle, ReportPage,
    StatusAnswer, StatusCount, SubmitOptions, Submitted,
};

// Values of the layers below that stand in this interface, so that those above need no look past it.
pub use ::onboarding::Ending;
pub use iso20022::MessageType;
pub use iso20022::common::Amount;
pub use ledger::{AccountId, AccountState, CreditId, Limits};
pub use payments::{MessageId, RefusalStage, Status};
pub use pki::Reason as RevocationReason;
pub use store::{
    AcceptancePolicy, AccessMode, AccountKind, ApplicationFilter, ApplicationStep, Certificate, Client, ClientId,
    EndToEndIdUniqueness, EnrolmentKind, Fingerprint, Identity, KeptEvidence, OnlineUser, OnlineUserId, Person,
    PersonCertificate, Preferences, ReportId, RequestEvidence, RevocationList, RoomState, Store, TreasuryAccount,
};
