//! The kinds of conditions: what each means for the service, and what it says to people.

use rulebook::catalogue::Text;

/// The severity of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The node serves, but the operator should look at it.
    Alarm,
    /// The node cannot serve now: a load balancer sends its clients elsewhere.
    NotReady,
    /// The process does not recover without a restart.
    NotAlive,
}

impl Severity {
    /// How machines read it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Severity::Alarm => "alarm",
            Severity::NotReady => "not_ready",
            Severity::NotAlive => "not_alive",
        }
    }
}

/// A kind of condition. At most one of each kind stands at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Alarm {
    /// The store stopped writing for good.
    WriterStopped,
    /// The background work does not move.
    WorkStandsStill,
    /// The node has not proved anything yet.
    Starting,
    /// The node finishes what it accepted and takes nothing more.
    Stopping,
    /// Nothing can be written durably.
    CannotWrite,
    /// Nothing can be read.
    CannotRead,
    /// The database is not the one that belongs to the node's data folder or that it began with.
    WrongDatabase,
    /// The disk has no room for new messages.
    NoRoom,
    /// The node's clock jumped far, differs much from the database's, or lies far from the newest trusted time.
    ClockWrong,
    /// The server's own certificate is not valid now.
    CertificateInvalid,
    /// The server's own certificate ends soon.
    CertificateEndsSoon,
    /// A step of the background work takes long, or fails.
    WorkHeldUp,
    /// The disk is nearly full.
    LittleRoom,
    /// The node's clock jumped, or differs from the database's.
    ClockJumped,
    /// The business day waits for the operator's decision.
    DayChangeStopped,
    /// Submissions, lots or chores are set aside.
    SetAside,
    /// A check found broken stored data.
    IntegrityBroken,
    /// The revocation list was not renewed in time, or has ended.
    RevocationListLate,
    /// The issuing authority ends soon, and there is no next one.
    AuthorityEndsSoon,
    /// A revocation list of another house's authority is missing, or ends soon.
    OutsideListLate,
    /// A revoked certificate is in no revocation list, because its serial number is none.
    RevocationUnlisted,
    /// A file or folder can be read by others than the service.
    FilesOpen,
    /// The settlement system takes no lots or gives no answers.
    SettlementAway,
    /// The settlement system has answers that cannot be true, or cannot be read.
    SettlementAnswersRefused,
}

impl Alarm {
    /// All kinds.
    pub const ALL: [Alarm; 24] = [
        Alarm::WriterStopped,
        Alarm::WorkStandsStill,
        Alarm::Starting,
        Alarm::Stopping,
        Alarm::CannotWrite,
        Alarm::CannotRead,
        Alarm::WrongDatabase,
        Alarm::NoRoom,
        Alarm::ClockWrong,
        Alarm::CertificateInvalid,
        Alarm::CertificateEndsSoon,
        Alarm::WorkHeldUp,
        Alarm::LittleRoom,
        Alarm::ClockJumped,
        Alarm::DayChangeStopped,
        Alarm::SetAside,
        Alarm::IntegrityBroken,
        Alarm::RevocationListLate,
        Alarm::AuthorityEndsSoon,
        Alarm::OutsideListLate,
        Alarm::RevocationUnlisted,
        Alarm::FilesOpen,
        Alarm::SettlementAway,
        Alarm::SettlementAnswersRefused,
    ];

    /// How machines read it; never changed once released.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.described().0
    }

    /// What it means for the service.
    #[must_use]
    pub const fn severity(self) -> Severity {
        self.described().1
    }

    /// What it says to people.
    #[must_use]
    pub const fn title(self) -> Text {
        self.described().2
    }

    const fn described(self) -> (&'static str, Severity, Text) {
        use Severity::{Alarm as Look, NotAlive, NotReady};
        const fn text(lv: &'static str, en: &'static str) -> Text {
            Text { lv, en }
        }
        match self {
            Alarm::WriterStopped => (
                "writer_stopped",
                NotAlive,
                text("Datu krātuve vairs neraksta.", "The store has stopped writing for good."),
            ),
            Alarm::WorkStandsStill => (
                "work_stands_still",
                NotAlive,
                text("Fona darbi ir apstājušies.", "The background work does not move."),
            ),
            Alarm::Starting => {
                ("starting", NotReady, text("Serviss startējas.", "The node is starting and has proved nothing yet."))
            }
            Alarm::Stopping => (
                "stopping",
                NotReady,
                text("Serviss apstājas.", "The node is stopping: it finishes what it accepted and takes nothing more."),
            ),
            Alarm::CannotWrite => (
                "cannot_write",
                NotReady,
                text("Datus nevar droši ierakstīt.", "The node cannot write to its store durably."),
            ),
            Alarm::CannotRead => {
                ("cannot_read", NotReady, text("Datus nevar nolasīt.", "The node cannot read from its store."))
            }
            Alarm::WrongDatabase => (
                "wrong_database",
                NotReady,
                text(
                    "Datubāze nav tā, kas pieder šim datu katalogam.",
                    "The database is not the one that belongs to this node.",
                ),
            ),
            Alarm::NoRoom => (
                "no_room",
                NotReady,
                text("Diskā nav vietas jauniem ziņojumiem.", "The disk has no room for new messages."),
            ),
            Alarm::ClockWrong => (
                "clock_wrong",
                NotReady,
                text("Servera pulkstenis rāda nepareizu laiku.", "The node's clock is wrong, or seems to be."),
            ),
            Alarm::CertificateInvalid => (
                "certificate_invalid",
                NotReady,
                text("Servera sertifikāts nav derīgs.", "The server's own certificate is not valid now."),
            ),
            Alarm::CertificateEndsSoon => (
                "certificate_ends_soon",
                Look,
                text("Servera sertifikāts drīz beigsies.", "The server's own certificate ends soon."),
            ),
            Alarm::WorkHeldUp => ("work_held_up", Look, text("Fona darbi kavējas.", "The background work is delayed.")),
            Alarm::LittleRoom => ("little_room", Look, text("Diskā paliek maz vietas.", "The disk is nearly full.")),
            Alarm::ClockJumped => (
                "clock_jumped",
                Look,
                text("Servera pulkstenis ir pārlēcis.", "The node's clock jumped, or differs from the database's."),
            ),
            Alarm::DayChangeStopped => (
                "day_change_stopped",
                Look,
                text(
                    "Darba dienas maiņa gaida operatora lēmumu.",
                    "The business day waits for the operator's decision.",
                ),
            ),
            Alarm::SetAside => (
                "set_aside",
                Look,
                text("Ir atlikti darbi, kas gaida operatora lēmumu.", "Work is set aside and waits for the operator."),
            ),
            Alarm::IntegrityBroken => {
                ("integrity_broken", Look, text("Pārbaude atrada bojātus datus.", "A check found broken stored data."))
            }
            Alarm::RevocationListLate => (
                "revocation_list_late",
                Look,
                text(
                    "Atsaukto sertifikātu saraksts nav laikus atjaunots.",
                    "The list of revoked certificates was not renewed in time.",
                ),
            ),
            Alarm::AuthorityEndsSoon => (
                "authority_ends_soon",
                Look,
                text(
                    "Sertifikātu izdevējs drīz beigsies, un nākamā vēl nav.",
                    "The issuing authority ends soon, and there is no next one.",
                ),
            ),
            Alarm::OutsideListLate => (
                "outside_list_late",
                Look,
                text(
                    "Cita izdevēja atsaukto sertifikātu saraksta nav, vai tas drīz beigsies.",
                    "The list of revoked certificates of another house's authority is missing, or ends soon.",
                ),
            ),
            Alarm::RevocationUnlisted => (
                "revocation_unlisted",
                Look,
                text(
                    "Atsaukto sertifikātu sarakstā trūkst sertifikāta, kura numurs nav nolasāms.",
                    "A revoked certificate is missing from the list, because its serial number cannot be read.",
                ),
            ),
            Alarm::FilesOpen => (
                "files_open",
                Look,
                text(
                    "Servisa failus var lasīt arī citi datora lietotāji.",
                    "Other users of the machine can read files of the service.",
                ),
            ),
            Alarm::SettlementAway => (
                "settlement_away",
                Look,
                text("Norēķinu sistēma nav sasniedzama.", "The settlement system cannot be reached."),
            ),
            Alarm::SettlementAnswersRefused => (
                "settlement_answers_refused",
                Look,
                text(
                    "Norēķinu sistēmas atbildes ir pretrunā ar iegrāmatoto vai nav nolasāmas.",
                    "Answers of the settlement system contradict what is booked, or cannot be read.",
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_has_an_id_of_its_own_and_both_texts() {
        let ids: BTreeSet<&str> = Alarm::ALL.iter().map(|alarm| alarm.id()).collect();
        assert_eq!(ids.len(), Alarm::ALL.len());
        for alarm in Alarm::ALL {
            assert!(!alarm.title().lv.is_empty() && !alarm.title().en.is_empty(), "{alarm:?}");
        }
    }
}
