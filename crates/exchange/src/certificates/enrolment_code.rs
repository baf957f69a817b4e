//! The code with which a contact person asks for the first certificate: made by an operator, stored as a hash, bound to one
//! registration, good for five wrong tries and 72 hours.

use std::net::IpAddr;

use jiff::Timestamp;
use pki::EnrolmentSecret;
use rulebook::catalogue::Code;
use store::{AuditLine, EnrolmentCode, EnrolmentKind, Fingerprint, OnlineUserId, Registration, Writing};

use crate::access::refusals::{Refusal, Refused, trace};
use crate::bounds::{ENROLMENT_CODE_VALID, ENROLMENT_TRIES};
use crate::{Exchange, Failure, Operator};

/// A code that was made. Nobody can be told it again.
#[derive(Clone, Debug)]
pub struct NewEnrolmentCode {
    /// The code, for the contact person.
    pub code: EnrolmentSecret,
    /// Until when it can be used.
    pub valid_until: Timestamp,
    /// The name of the client.
    pub client: String,
    /// The name of the online user.
    pub online_user: String,
}

/// Where a request without certificate comes from.
#[derive(Clone, Debug)]
pub struct Stranger {
    /// The peer's address.
    pub address: IpAddr,
    /// How the request is found in the log.
    pub request_id: String,
}

impl Operator {
    /// Makes a code for an online user. Earlier codes of it no longer open anything.
    ///
    /// # Errors
    /// When there is no such online user, its registration has ended, or the store is away.
    pub async fn make_enrolment_code(
        &self,
        user: OnlineUserId,
        kind: EnrolmentKind,
    ) -> Result<NewEnrolmentCode, Failure> {
        let code = EnrolmentSecret::generate().map_err(|error| Failure::unexpected(error))?;
        let line = self.line("enrolment.code-made", "");
        let kept = code.clone();
        self.write(move |writing| insert_code(writing, &kept, user, kind, &line)).await
    }
}

/// Keeps the hash of a code for an online user, with its audit line. Earlier codes of it no longer open anything.
pub(crate) fn insert_code(
    writing: &mut dyn Writing,
    code: &EnrolmentSecret,
    user: OnlineUserId,
    kind: EnrolmentKind,
    line: &AuditLine,
) -> Result<NewEnrolmentCode, Failure> {
    // Of codes that are made at once each ends the others that came before it.
    writing.lock_registration(user)?;
    let unknown = || Failure::new(Code::NotFound).with_detail(format!("online user {}", user.0));
    let registration = writing.registration(user)?.ok_or_else(unknown)?;
    check_registration(&registration, line.at)?;
    let valid_until = line.at.saturating_add(ENROLMENT_CODE_VALID).unwrap_or(Timestamp::MAX);
    let selector = code.selector();
    writing.insert_enrolment_code(&EnrolmentCode {
        selector: selector.to_owned(),
        hash: code.hash(),
        user,
        registration_valid_until: registration.user.registration_valid_until,
        kind,
        made_at: line.at,
        valid_until,
        tries_left: ENROLMENT_TRIES,
        withdrawn_at: None,
        certificate: None,
    })?;
    let origin = if line.detail.is_empty() { String::new() } else { format!(" {}", line.detail) };
    let detail = format!("{selector} for online user {} {kind:?} until {valid_until}{origin}", user.0);
    writing.append_audit(&AuditLine { detail, ..line.clone() })?;
    let (client, online_user) = (registration.client.name, registration.user.name);
    Ok(NewEnrolmentCode { code: code.clone(), valid_until, client, online_user })
}

/// What a code opens.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    pub(super) code: EnrolmentCode,
    pub(super) registration: Registration,
}

/// What a look at a code came to. A wrong code is counted, so it ends no transaction.
enum Look {
    Opens(Box<Opened>),
    Wrong,
    Over(Code),
}

impl Exchange {
    /// Looks at a code that somebody sent. A wrong one costs a try of the code that it begins as.
    pub(super) async fn open_code(&self, text: &str, stranger: &Stranger) -> Result<Opened, Failure> {
        let Ok(secret) = text.parse::<EnrolmentSecret>() else {
            return Err(self.refuse_code(Code::PickUpCodeInvalid, "", stranger).await);
        };
        let (selector, hash) = (secret.selector().to_owned(), secret.hash());
        let wanted = selector.clone();
        // Guesses at codes that do not exist cost the writer nothing.
        let known = self.inner.store.read(move |reading| reading.enrolment_code(&wanted).map_err(Failure::from));
        if known.await?.is_none() {
            return Err(self.refuse_code(Code::PickUpCodeInvalid, "", stranger).await);
        }
        let line = self.audit_line("enrolment", "enrolment.wrong-code", "");
        let (now, origin, wanted) = (line.at, trace(stranger.address, &stranger.request_id), selector.clone());
        let look = self.inner.store.write_with_reserve(move |writing| {
            let Some(code) = writing.enrolment_code(&wanted)? else { return Ok(Look::Wrong) };
            if code.tries_left == 0 {
                return Ok(Look::Wrong);
            }
            if code.hash != hash {
                let left = writing.spend_try(&wanted)?.unwrap_or_default();
                let detail = format!("{wanted} of online user {} tries left {left} {origin}", code.user.0);
                writing.append_audit(&store::AuditLine { detail, ..line.clone() })?;
                return Ok(Look::Wrong);
            }
            look_inside(writing, code, now)
        });
        let code = match look.await? {
            Look::Opens(opened) => return Ok(*opened),
            Look::Wrong => Code::PickUpCodeInvalid,
            Look::Over(code) => code,
        };
        Err(self.refuse_code(code, &selector, stranger).await)
    }

    /// The failure for a refused code. The audit chain counts the refusal.
    pub(super) async fn refuse_code(&self, code: Code, selector: &str, stranger: &Stranger) -> Failure {
        let about = if selector.is_empty() { String::new() } else { format!("code {selector}") };
        let trace = trace(stranger.address, &stranger.request_id);
        let refusal = Refusal {
            actor: "enrolment",
            action: "enrolment.refused",
            code: Some(code),
            who: Refused::Others,
            about,
            trace,
        };
        self.note_refusal(refusal).await;
        Failure::new(code)
    }
}

/// What a right code opens at this moment. Who has the code may be told why it does not.
fn look_inside(writing: &mut dyn Writing, code: EnrolmentCode, now: Timestamp) -> Result<Look, Failure> {
    let Some(registration) = writing.registration(code.user)? else { return Ok(Look::Wrong) };
    let is_of_this_registration = code.registration_valid_until == registration.user.registration_valid_until;
    if now > code.valid_until || code.withdrawn_at.is_some() || !is_of_this_registration {
        return Ok(Look::Over(Code::PickUpCodeExpired));
    }
    match check_registration(&registration, now) {
        Ok(()) => Ok(Look::Opens(Box::new(Opened { code, registration }))),
        Err(failure) => Ok(Look::Over(failure.code)),
    }
}

/// The same look again, in the transaction that issues: under the lock of the registration, so that it sees every certificate.
pub(super) fn opened_again(writing: &mut dyn Writing, before: &Opened, now: Timestamp) -> Result<Opened, Failure> {
    writing.lock_registration(before.code.user)?;
    let code = writing.enrolment_code(&before.code.selector)?.filter(|code| code.tries_left > 0);
    let code = code.ok_or_else(|| Failure::new(Code::PickUpCodeInvalid))?;
    match look_inside(writing, code, now)? {
        Look::Opens(opened) => Ok(*opened),
        Look::Wrong => Err(Failure::new(Code::PickUpCodeInvalid)),
        Look::Over(code) => Err(Failure::new(code)),
    }
}

fn check_registration(registration: &Registration, now: Timestamp) -> Result<(), Failure> {
    let until = registration.user.registration_valid_until;
    if crate::local_time(now).date() > until {
        return Err(Failure::new(Code::RegistrationExpired).with_detail(until.to_string()));
    }
    Ok(())
}

/// Notes what a code was used for.
pub(super) fn use_up(writing: &mut dyn Writing, opened: &Opened, certificate: &Fingerprint) -> Result<(), Failure> {
    let is_used = writing.use_enrolment_code(&opened.code.selector, certificate)?;
    if is_used { Ok(()) } else { Err(Failure::new(Code::PickUpCodeUsed)) }
}

/// As the actor in audit lines.
pub(super) fn actor_of(opened: &Opened) -> String {
    format!("enrolment code {}", opened.code.selector)
}
