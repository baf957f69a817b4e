//! Does what an operator asks for, in the process that has the store.

use client::{CancellationAnswer, NotCancelled, ReasonText};
use exchange::{
    CancellationOutcome, ClientId, EvidenceOf, MessageId, NewEnrolmentCode, OnlineUserId, Operator, RevocationOutcome,
    RevocationReason,
};
use onboarding::PersonId;
use rulebook::{Code, Language};
use store::Fingerprint;

use super::fingerprint::fingerprint_of;
use super::request::{Act, ActOutcome, ActRefusal, GivenCertificate, MadeCode, Returning};
use crate::boxed::Boxed;
use crate::evidence::EvidenceFile;

/// A user of the operating system, and the machine: with PostgreSQL an operator acts from any.
pub(crate) fn system_user(uid: u32) -> String {
    let machine = rustix::system::uname();
    format!("uid {uid} on {}", machine.nodename().to_string_lossy())
}

/// Does it in this process, in the name of a user of the operating system.
pub(crate) fn perform<'a>(operator: &Operator, uid: u32, act: &'a Act) -> Boxed<'a, Result<ActOutcome, ActRefusal>> {
    Box::pin(perform_as(operator.clone().acting_as(&system_user(uid)), act))
}

async fn perform_as(operator: Operator, act: &Act) -> Result<ActOutcome, ActRefusal> {
    let done = match act {
        Act::ListSetAside => {
            return operator.set_aside().await.map(ActOutcome::SetAside).map_err(|failure| ActRefusal::of(&failure));
        }
        Act::RetrySubmission(id) => operator.retry_submission(MessageId(*id)).await,
        Act::RefuseSubmission(id) => operator.refuse_submission(MessageId(*id)).await,
        Act::RetryWork(work) => operator.retry_work(work).await,
        Act::ReturnPaidByHand(payment) => {
            return match operator.note_return_paid_by_hand(payment).await {
                Ok(()) => Ok(ActOutcome::Changed),
                Err(failure) if failure.code == Code::NotFound => Err(ActRefusal::not_there(format!(
                    "no return of payment {payment} waits; `tdam operator returns` lists which do"
                ))),
                Err(failure) => Err(ActRefusal::of(&failure)),
            };
        }
        Act::RetryNotice(id) => {
            return match operator.retry_notice(*id).await {
                Ok(()) => Ok(ActOutcome::Changed),
                Err(failure) if failure.code == Code::NotFound => Err(ActRefusal::not_there(format!(
                    "letter {id} is not among those that could not be sent; `tdam operator mail` lists them"
                ))),
                Err(failure) => Err(ActRefusal::of(&failure)),
            };
        }
        Act::Enroll { user, kind } => {
            let made = operator.make_enrolment_code(OnlineUserId(*user), (*kind).into()).await;
            return made
                .map(|made| ActOutcome::EnrolmentCode(shown(&made)))
                .map_err(|failure| ActRefusal::of(&failure));
        }
        Act::EvidenceOfSubmission(submission) => {
            return evidence(&operator, EvidenceOf::Submission(MessageId(*submission))).await;
        }
        Act::EvidenceOfMessage(message_id) => {
            return evidence(&operator, EvidenceOf::Message(message_id.clone())).await;
        }
        Act::Revoke(digits) | Act::RevokeFor { fingerprint: digits, .. } => {
            let Some(fingerprint) = fingerprint_of(digits) else {
                return Err(ActRefusal::not_there(format!("{digits:?} is no fingerprint")));
            };
            let reason = match act {
                Act::RevokeFor { reason, .. } => RevocationReason::of_code(*reason),
                _ => None,
            };
            let reason = reason.unwrap_or(RevocationReason::Unspecified);
            return match operator.revoke(Fingerprint(fingerprint), reason).await {
                Ok(RevocationOutcome::Now) => Ok(ActOutcome::Changed),
                Ok(RevocationOutcome::Before(at)) => {
                    Err(ActRefusal::not_there(format!("the certificate was revoked before, at {at:.0}")))
                }
                Ok(RevocationOutcome::Unknown) => Err(ActRefusal::not_there(
                    "no online user and no person of this exchange has such a certificate".to_owned(),
                )),
                Err(failure) => Err(ActRefusal::of(&failure)),
            };
        }
        Act::Cancel { client, payments } => {
            let outcome = operator.cancel(ClientId(*client), payments.clone().into()).await;
            return outcome.map(|it| ActOutcome::Cancelled(stands(&it))).map_err(|failure| ActRefusal::of(&failure));
        }
        Act::Recover { operators } => return recover(&operator, operators).await,
        Act::SetClient { client, settings } => {
            operator.set_preferences(ClientId(*client), settings.preferences()?).await
        }
        Act::ChangeUser { user, change } => {
            operator.change_online_user(OnlineUserId(*user), change.into()).await.map(drop)
        }
        Act::SetAccountState { iban, state } => operator.set_account_state(iban, (*state).into()).await,
    };
    let is_about_what_is_set_aside =
        matches!(act, Act::RetrySubmission(_) | Act::RefuseSubmission(_) | Act::RetryWork(_));
    match done {
        Ok(()) => Ok(ActOutcome::Changed),
        Err(failure) if failure.code == Code::NotFound && is_about_what_is_set_aside => {
            Err(ActRefusal::not_there(format!("{} is not set aside", failure.detail)))
        }
        Err(failure) => Err(ActRefusal::of(&failure)),
    }
}

async fn recover(operator: &Operator, returning: &[Returning]) -> Result<ActOutcome, ActRefusal> {
    let requests = returning.iter().map(|one| (PersonId(one.person), one.request.clone().into_bytes())).collect();
    let given = operator.recover_operators(requests).await.map_err(|failure| ActRefusal::of(&failure))?;
    let given = given.into_iter().map(|(person, chain)| GivenCertificate {
        person: person.0,
        pem: chain.pem,
        not_after: format!("{:.0}", chain.not_after),
    });
    Ok(ActOutcome::Certificates(given.collect()))
}

async fn evidence(operator: &Operator, of: EvidenceOf) -> Result<ActOutcome, ActRefusal> {
    match operator.evidence(of).await {
        Ok(evidence) => Ok(ActOutcome::Evidence(Box::new(EvidenceFile::from(&evidence)))),
        Err(failure) if failure.code == Code::NotFound => Err(ActRefusal::not_there(failure.detail)),
        Err(failure) => Err(ActRefusal::of(&failure)),
    }
}

/// How the payments stand, in English: so operators' commands speak.
fn stands(outcome: &CancellationOutcome) -> CancellationAnswer {
    let CancellationOutcome { payments, cancelled, cancelled_before, refused, not_cancelled, .. } = *outcome;
    let kept = |kept: &exchange::NotCancelled| NotCancelled {
        first: u64::from(kept.first) + 1,
        last: u64::from(kept.last) + 1,
        count: u64::from(kept.count),
        payment_information_id: kept.payment_information_id.clone(),
        end_to_end_id: kept.end_to_end_id.clone(),
        reason: ReasonText {
            code: kept.reason.code.id().to_owned(),
            text: kept.reason.sentence(Language::English),
            ..ReasonText::default()
        },
    };
    let (message_id, reasons) = (outcome.message_id.clone(), outcome.reasons.iter().map(kept).collect());
    CancellationAnswer { message_id, payments, cancelled, cancelled_before, refused, not_cancelled, reasons }
}

fn shown(made: &NewEnrolmentCode) -> MadeCode {
    MadeCode {
        code: made.code.to_string(),
        valid_until: format!("{:.0}", made.valid_until),
        client: made.client.clone(),
        online_user: made.online_user.clone(),
    }
}
