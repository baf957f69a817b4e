//! Why a decision is not possible, as a code of the catalogue.

use onboarding::Refusal;
use rulebook::catalogue::Code;

use crate::Failure;

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        let code = match &refusal {
            Refusal::Role(role) => return Failure::new(Code::RoleMissing).with_detail(role.word()),
            Refusal::State(state) => return Failure::new(Code::ApplicationStateWrong).with_detail(state.word()),
            Refusal::SignatureNotVerified(name) => {
                return Failure::new(Code::SignedFileNotVerified).with_detail(name.clone());
            }
            Refusal::SignedFileMissing => Code::SignedFileNotVerified,
            Refusal::EnteredByActor
            | Refusal::CheckedByActor
            | Refusal::AppliedForByActor
            | Refusal::AboutActor
            | Refusal::NotEnteredByActor => Code::FourEyes,
            Refusal::DigestDiffers | Refusal::BaseMoved => Code::ApplicationChanged,
            Refusal::ApprovalLapsed(_)
            | Refusal::Overdue(_)
            | Refusal::NotBefore(_)
            | Refusal::Over(_)
            | Refusal::RenewalTooEarly(_)
            | Refusal::NotDue => Code::ApplicationNotInTime,
            _ => Code::ApplicationContentInvalid,
        };
        Failure::new(code).with_detail(refusal.to_string())
    }
}
