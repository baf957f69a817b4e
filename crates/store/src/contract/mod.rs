//! The contract that every store fulfils, by topic: for each a trait to read and a trait to write, one file a topic.
//! [`Reading`] and [`Writing`] are their sums. The contract tests check the prose here on each store.
//!
//! | use case | round trips, for any number of payments |
//! |---|---|
//! | authorise a request | 0; 1 when the caller or its rights are not known here, or changed |
//! | admit small messages (check duplicates, store, hold, answer) | PostgreSQL: 3 for any number of them that wait at once |
//! | stage 100 000 payments | 2 for each chunk |
//! | activate | about 6 for each chunk |
//! | execute or settle any number of lots | about 8 for each chunk of payments |
//!
//! Ordering: sequences of entries and audit lines grow in the order of commits, so a reader that pages by them
//! never misses one.
//!
//! Isolation: a snapshot is one state. A transaction may run beside others. The business day, a certificate, a code to enrol with, a lot, the
//! accounts of a book, entries and the audit chain do not change after it has read them, until it ends. A change of an
//! account requires that the transaction read the account. Once a transaction has asked for a client's activations, or
//! inserted a submission of the client, no other transaction of that kind runs for the same client. It reads everything
//! else as it is at that moment.
//!
//! Errors: each operation can fail with [`StoreError::Unavailable`](crate::StoreError::Unavailable) when the database
//! does not answer, [`StoreError::InTheWay`](crate::StoreError::InTheWay) when the store runs the job again, and
//! [`StoreError::Corrupt`](crate::StoreError::Corrupt) when a row is broken: no operation guesses. Each operation
//! documents its further refusals.
//!
//! Units: amounts are minor units, days are business days in the Treasury's calendar, times are kept to the microsecond.

mod accounts;
mod applications;
mod attempts;
mod audit;
mod business_day;
mod certificates;
mod checkpoints;
mod clock;
mod credits;
mod deciding;
mod directory;
mod duplicates;
mod entries;
mod evidence;
mod gauges;
mod lots;
mod messages;
mod nodes;
mod notices;
mod payments;
mod persons;
mod probe;
mod reconciliation;
mod refusals;
mod reports;
mod restores;
mod retention;
mod rights;
mod settings;
mod staging;
mod submissions;

pub use accounts::{ReadAccounts, WriteAccounts, WriteBook};
pub use applications::{ReadApplications, WriteApplications};
pub use attempts::{ReadAttempts, WriteAttempts};
pub use audit::{AddAudit, ReadAudit, WriteAudit};
pub use business_day::{ReadBusinessDay, WriteBusinessDay};
pub use certificates::{ReadCertificates, WriteCertificates};
pub use checkpoints::{ReadCheckpoints, WriteCheckpoints};
pub use clock::{ReadClock, WriteClock};
pub use credits::{ReadCredits, WriteCredits};
pub use deciding::{Deciding, LookingUp, ReadAhead};
pub use directory::{ReadDirectory, ReadIdentity, WriteDirectory};
pub use duplicates::{ReadActivations, ReadDuplicates};
pub use entries::{ReadEntries, WriteEntries};
pub use evidence::{AddEvidence, ReadEvidence, WriteEvidence};
pub use gauges::ReadGauges;
pub use lots::{AddLots, ReadLots, WriteLots};
pub use messages::{FindMessages, ReadMessages, WriteMessages};
pub use nodes::{ReadNodes, WriteNodes};
pub use notices::{ReadNotices, WriteNotices};
pub use payments::{ReadLotPayments, ReadPayments};
pub use persons::{ReadPersons, WritePersons};
pub use probe::WriteProbe;
pub use reconciliation::ReadReconciliation;
pub use refusals::{ReadRefusals, WriteRefusals};
pub use reports::{ReadReports, WriteReports};
pub use restores::{ReadRestores, WriteRestores};
pub use retention::{ReadRetention, WriteRetention};
pub use rights::{ReadRights, WriteRights};
pub use settings::WriteSettings;
pub use staging::WriteStaging;
pub use submissions::{AddSubmissions, ReadSubmissions, WriteSubmissions};

/// The readings of a transaction or a snapshot. All of one call to `read` sees one state; for `write` see the head of
/// this module.
pub trait Reading:
    LookingUp
    + ReadActivations
    + ReadApplications
    + ReadAttempts
    + ReadAudit
    + ReadBusinessDay
    + ReadCertificates
    + ReadCheckpoints
    + ReadClock
    + ReadCredits
    + ReadDirectory
    + ReadEntries
    + ReadEvidence
    + ReadGauges
    + ReadLotPayments
    + ReadLots
    + ReadMessages
    + ReadNodes
    + ReadNotices
    + ReadPersons
    + ReadReconciliation
    + ReadRefusals
    + ReadReports
    + ReadRestores
    + ReadRetention
    + ReadRights
    + ReadSubmissions
{
}

/// The changes of a transaction. Others see nothing of it before the commit, and then it is durable.
pub trait Writing:
    Reading
    + Deciding
    + WriteAccounts
    + WriteApplications
    + WriteAttempts
    + WriteAudit
    + WriteBusinessDay
    + WriteCertificates
    + WriteCheckpoints
    + WriteClock
    + WriteCredits
    + WriteDirectory
    + WriteEntries
    + WriteEvidence
    + WriteLots
    + WriteNodes
    + WriteNotices
    + WritePersons
    + WriteProbe
    + WriteReports
    + WriteRestores
    + WriteRetention
    + WriteRights
    + WriteSettings
    + WriteSubmissions
{
}
