//! The life of applications, as pure decisions: draft, submitted, checked, approved, in force, expired.
//!
//! Everything that gives somebody rights at the exchange begins as an [`Application`]. A clerk enters it, an operator
//! checks it, another operator approves it, and only then it takes effect. Each decision takes the application, who
//! acts, the time and what the application changes as it is now, and returns the application as it is afterwards, or a
//! typed reason. Nothing here reads a clock, draws a number or stores anything.
//!
//! | what happens | decision | the application afterwards |
//! |---|---|---|
//! | a clerk enters it | [`Application::enter`] | `Draft` |
//! | content or files change | [`Application::rewrite`], [`Application::attach`] | `Draft` |
//! | it is complete | [`Application::submit`] | `Submitted`, with digest and base |
//! | somebody verifies the signature of a file | [`Application::verify_signature`] | unchanged |
//! | an operator checks it | [`Application::check`] | `Checked` |
//! | another operator approves the digest that he saw | [`Application::approve`] | `Approved` |
//! | it takes effect | [`Application::put_in_force`] | `InForce` |
//! | it is over | [`Application::replace`], [`Application::expire`] | `Replaced`, `Expired` |
//! | what it changes has changed since its approval | [`Application::overtake`] | `Overtaken` |
//! | somebody ends it before | [`Application::reject`], [`Application::withdraw`] | `Rejected`, `Withdrawn` |
//!
//! **What an approval is bound to.** [`Application::submit`] takes the digest of the content, the files and the base: the
//! canonical bytes of what the application changes, as it stood then. The base of a registration or a card names the
//! application that put it in force, so a state that was left and came back is still another one.

mod application;
mod attachment;
mod base;
pub mod bounds;
mod canonical;
mod changes;
mod content;
mod decision;
mod digest;
mod draft;
mod effect;
mod ends;
mod field;
mod ids;
pub mod invariants;
mod moment;
mod refusal;
mod role;
pub mod simulation;
mod state;
mod terms;

pub use application::{Application, Parts};
pub use attachment::{Attachment, FileKind, Verification};
pub use base::{AccountBase, Base, BlockedAccount, CardInForce, RegistrationInForce, SuspendedUser};
pub use canonical::Unreadable;
pub use changes::Change;
pub use content::{
    Contact, Content, ContentError, Enrolment, Institution, Kind, LiftBlock, LiftSuspension, NewCertificate,
    OneDayLimits, PersonChange, PersonRecord, Registration, Renewal, Signatory, SignatureCard, TreasuryAccountPlan,
    UserChange, canonical_network, too_wide,
};
pub use digest::ApplicationDigest;
pub use ends::{Ending, NOTICE_DAYS, NoticeBand, days_left, notice_bands, notice_due};
pub use field::Field;
pub use ids::{ApplicationId, ClientId, OnlineUserId, PersonId};
pub use moment::Moment;
pub use refusal::Refusal;
pub use role::{Actor, Role, Roles};
pub use state::{Act, State};
pub use terms::{AcceptancePolicy, AccessMode, AccountKind};
