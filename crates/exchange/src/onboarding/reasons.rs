//! Why a decision is not possible, as a code of the catalogue and the sentence of the fault.

use onboarding::bounds::REASON_CHARACTERS_MAX;
use onboarding::{ApplicationId, ContentError, Field, Refusal};
use rulebook::catalogue::{Code, Fault};

use crate::Failure;

/// What is wrong with a field of an application, and with which value.
#[must_use]
pub fn content_fault(fault: Fault, field: Field, value: impl Into<String>) -> Failure {
    Failure::new(Code::ApplicationContentInvalid).with_fault(fault).with_given(field.word()).with_detail(value)
}

/// No application has this number.
pub(super) fn unknown_application(id: ApplicationId) -> Failure {
    Failure::new(Code::NotFound).with_fault(Fault::ApplicationUnknown).with_detail(id.to_string())
}

/// An application has no file of this name.
pub(super) fn unknown_file(name: &str) -> Failure {
    Failure::new(Code::NotFound).with_fault(Fault::FileUnknown).with_detail(name)
}

/// What an example of a field looks like, in both languages; empty where nothing but tidiness is asked.
const fn example_of(field: Field) -> &'static str {
    match field {
        Field::Email => "name@example.lv",
        Field::Networks => "192.0.2.0/24, 2001:db8::/32",
        Field::Day | Field::ValidFrom | Field::ValidUntil => "2026-11-30",
        Field::Iban | Field::Accounts => "LV07TREL5180453053000",
        Field::Currency => "EUR",
        _ => "",
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        let of = |code, fault| Failure::new(code).with_fault(fault);
        let in_time =
            |fault, day: jiff::civil::Date| of(Code::ApplicationNotInTime, fault).with_detail(day.to_string());
        match refusal {
            Refusal::Content(error) => error.into(),
            Refusal::Role(role) => Failure::new(Code::RoleMissing).with_detail(role.word()),
            Refusal::State(state, needed) => {
                let needed: Vec<&str> = needed.iter().map(|state| state.word()).collect();
                of(Code::ApplicationStateWrong, Fault::StateWrong)
                    .with_detail(state.word())
                    .with_expected(needed.join(" "))
            }
            Refusal::EnteredByActor => of(Code::FourEyes, Fault::EnteredByYou),
            Refusal::CheckedByActor => of(Code::FourEyes, Fault::CheckedByYou),
            Refusal::AppliedForByActor => of(Code::FourEyes, Fault::AppliedForByYou),
            Refusal::AboutActor => of(Code::FourEyes, Fault::AboutYou),
            Refusal::NotEnteredByActor => of(Code::FourEyes, Fault::EnteredByAnother),
            Refusal::SignedFileMissing => of(Code::SignedFileNotVerified, Fault::SignedFileMissing),
            Refusal::SignatureNotVerified(name) => {
                of(Code::SignedFileNotVerified, Fault::SignatureNotVerified).with_detail(name)
            }
            Refusal::FileName(name) => of(Code::ApplicationContentInvalid, Fault::FileNameWrong).with_detail(name),
            Refusal::FileNameTaken(name) => of(Code::ApplicationContentInvalid, Fault::FileNameTaken).with_detail(name),
            Refusal::NoSuchFile(name) => of(Code::ApplicationContentInvalid, Fault::FileUnknown).with_detail(name),
            Refusal::DigestDiffers => of(Code::ApplicationChanged, Fault::DigestDiffers),
            Refusal::BaseMoved => of(Code::ApplicationChanged, Fault::BaseMoved),
            Refusal::NothingToChange => of(Code::ApplicationContentInvalid, Fault::NothingToChange),
            Refusal::ApprovalLapsed(day) => in_time(Fault::ApprovalLapsed, day),
            Refusal::Overdue(day) => in_time(Fault::Overdue, day),
            Refusal::NotBefore(day) => in_time(Fault::NotBefore, day),
            Refusal::Over(day) => in_time(Fault::Over, day),
            Refusal::RenewalTooEarly(day) => in_time(Fault::RenewalTooEarly, day),
            Refusal::NotDue => of(Code::ApplicationNotInTime, Fault::NotDue),
            Refusal::Text(field) => {
                content_fault(Fault::TextNeeded, field, "").with_expected(REASON_CHARACTERS_MAX.to_string())
            }
            // A refusal that is newer than these words.
            other => Failure::new(Code::ApplicationContentInvalid).with_detail(other.to_string()),
        }
    }
}

impl From<ContentError> for Failure {
    fn from(error: ContentError) -> Failure {
        let of = |fault, field| content_fault(fault, field, "");
        match error {
            ContentError::Missing(field) => of(Fault::FieldMissing, field),
            ContentError::TooLong(field, most) => of(Fault::TooLong, field).with_expected(most.to_string()),
            ContentError::Malformed(Field::Signatories) => of(Fault::LevelWrong, Field::Signatories),
            ContentError::Malformed(field) => match example_of(field) {
                "" => of(Fault::Untidy, field),
                example => of(Fault::FormNeeded, field).with_expected(example),
            },
            ContentError::Repeated(field) => of(Fault::Repeated, field),
            ContentError::Amount(field) => of(Fault::AmountImpossible, field),
            ContentError::Over(field) => of(Fault::DayOver, field),
            ContentError::TooFarAhead(field, last) => of(Fault::DayTooFar, field).with_expected(last.to_string()),
            ContentError::TooWide(network, least) => {
                content_fault(Fault::NetworkTooWide, Field::Networks, network.to_string())
                    .with_expected(least.to_string())
            }
            ContentError::RolesMixed => of(Fault::RolesMixed, Field::Roles),
            ContentError::NothingChanges => {
                Failure::new(Code::ApplicationContentInvalid).with_fault(Fault::NothingChanges)
            }
            other => Failure::new(Code::ApplicationContentInvalid).with_detail(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use onboarding::{Role, State};
    use rulebook::Language;

    use super::*;

    /// Every refusal, and every broken rule with every field that can break it.
    fn every_refusal() -> Vec<Refusal> {
        let (day, name) = (date(2026, 11, 30), || "pieteikums.edoc".to_owned());
        let mut all = vec![
            Refusal::State(State::Draft, &[State::Submitted, State::Checked]),
            Refusal::Role(Role::Approver),
            Refusal::EnteredByActor,
            Refusal::CheckedByActor,
            Refusal::AppliedForByActor,
            Refusal::AboutActor,
            Refusal::NotEnteredByActor,
            Refusal::SignedFileMissing,
            Refusal::SignatureNotVerified(name()),
            Refusal::FileName(name()),
            Refusal::FileNameTaken(name()),
            Refusal::NoSuchFile(name()),
            Refusal::DigestDiffers,
            Refusal::BaseMoved,
            Refusal::NothingToChange,
            Refusal::ApprovalLapsed(day),
            Refusal::Overdue(day),
            Refusal::NotBefore(day),
            Refusal::Over(day),
            Refusal::RenewalTooEarly(day),
            Refusal::NotDue,
            Refusal::Text(Field::How),
            Refusal::Content(ContentError::TooWide(ipnet::IpNet::default(), 8)),
            Refusal::Content(ContentError::RolesMixed),
            Refusal::Content(ContentError::NothingChanges),
        ];
        for field in Field::ALL {
            all.extend(
                [
                    ContentError::Missing(*field),
                    ContentError::TooLong(*field, 140),
                    ContentError::Malformed(*field),
                    ContentError::Repeated(*field),
                    ContentError::Amount(*field),
                    ContentError::Over(*field),
                    ContentError::TooFarAhead(*field, day),
                ]
                .map(Refusal::Content),
            );
        }
        all
    }

    #[test]
    fn no_english_stands_in_a_latvian_sentence() {
        for refusal in every_refusal() {
            let english = refusal.to_string();
            let failure = Failure::from(refusal.clone());
            let [lv, en] = Language::ALL.map(|language| failure.sentence(language));
            let general = failure.code.entry().explanation;
            assert!(lv != general.lv && en != general.en, "{refusal:?} has no sentence of its own: {lv}");
            assert!(lv != en && !lv.contains(&english), "{refusal:?}: {lv}");
            for word in [" the ", " is ", " are ", " not ", " of "] {
                assert!(!lv.contains(word), "{refusal:?}: {lv}");
            }
            assert!(!lv.contains('{') && !en.contains('{'), "{refusal:?}: {lv} {en}");
        }
    }
}
