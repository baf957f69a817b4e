//! What operators do with applications. Each act is one transaction: it reads the application and what it changes with
//! locks, lets the application decide, and writes the outcome, a step and an audit line. So a crash between two acts leaves
//! the application where the last one put it.

use onboarding::{
    Actor, Application, ApplicationDigest, ApplicationId, Attachment, Base, Content, FileKind, Moment, PersonId,
    Refusal, State,
};
use store::{ApplicationStep, AuditLine, Writing};

use super::base::{check_names, current, is_of_client};
use super::effect::make;
use super::reasons::unknown_application;
use super::staff::Staff;
use crate::{Exchange, Failure};

/// What an act leaves behind.
struct Trail {
    line: AuditLine,
    person: PersonId,
}

impl Trail {
    fn of(exchange: &Exchange, staff: &Staff, moment: Moment) -> Trail {
        let person = staff.person().id;
        let line = exchange.audit_line(&format!("person {person}"), "", staff.trace());
        Trail { line: AuditLine { at: moment.at, ..line }, person }
    }

    /// The step and the audit line of what has just been done. The reason stands in the step: it is people's text.
    fn note(&self, writing: &mut dyn Writing, of: &Application, what: &str, why: &str) -> Result<(), Failure> {
        let id = of.id();
        let step = ApplicationStep {
            at: self.line.at,
            person: Some(self.person),
            step: what.to_owned(),
            detail: why.to_owned(),
        };
        writing.add_application_step(id, &step)?;
        let kind = of.content().kind().word();
        let digest = of.parts().digest.map(|digest| format!(" digest {digest}")).unwrap_or_default();
        let detail = format!("application {id} {kind} {}{digest} {}", of.state().word(), self.line.detail);
        let action = format!("application.{what}");
        Ok(writing.append_audit(&AuditLine { action, detail, ..self.line.clone() })?)
    }
}

fn found(writing: &mut dyn Writing, id: ApplicationId) -> Result<Application, Failure> {
    writing.application(id)?.ok_or_else(|| unknown_application(id))
}

impl Exchange {
    /// Enters an application, as a draft.
    ///
    /// # Errors
    /// When its content breaks a rule or names what is not there, or the person may not.
    pub async fn enter_application(
        &self,
        staff: &Staff,
        content: Content,
        applicant: Option<PersonId>,
    ) -> Result<ApplicationId, Failure> {
        let (by, staff, moment, is_trial) = (staff, staff.clone(), self.moment(), staff.is_on_trial());
        let trail = Trail::of(self, &staff, moment);
        let kind = content.kind().word();
        let job = move |writing: &mut dyn Writing| {
            let actor = staff.actor(writing, moment)?;
            check_names(writing, &content, moment)?;
            let base = current(writing, &content)?;
            if let Some(applicant) = applicant {
                is_of_client(writing, applicant, content.client().or(base.client()))?;
            }
            let none = ApplicationId(0);
            let entered = Application::enter(none, content.clone(), applicant, &actor, moment, &base)?;
            let id = writing.insert_application(&entered)?;
            let entered = found(writing, id)?;
            trail.note(writing, &entered, "entered", "")?;
            Ok(id)
        };
        match self.perform(is_trial, job).await {
            Err(failure) => Err(self.noted(by, format!("{kind} to be entered"), failure).await),
            entered => entered,
        }
    }

    /// Changes the content of a draft.
    ///
    /// # Errors
    /// As [`Exchange::enter_application`]; when it is no draft, or another person's.
    pub async fn rewrite_application(&self, staff: &Staff, id: ApplicationId, content: Content) -> Result<(), Failure> {
        let decide = move |writing: &mut dyn Writing, it: &Application, actor: &Actor, moment: Moment, _: &Base| {
            check_names(writing, &content, moment)?;
            let base = current(writing, &content)?;
            Ok(it.rewrite(content.clone(), actor, moment, &base)?)
        };
        self.act(staff, id, "rewritten", String::new(), decide).await.map(drop)
    }

    /// Adds a file to a draft.
    ///
    /// # Errors
    /// When its name is taken, it is empty or too large, or the application is no draft of the person's.
    pub async fn attach_file(
        &self,
        staff: &Staff,
        id: ApplicationId,
        kind: FileKind,
        name: String,
        bytes: Vec<u8>,
    ) -> Result<(), Failure> {
        let file = Attachment::of(kind, name.clone(), &bytes);
        let why = format!("{name} sha256 {}", store::Fingerprint(file.sha256));
        let decide = move |writing: &mut dyn Writing, it: &Application, actor: &Actor, _: Moment, _: &Base| {
            let attached = it.attach(file.clone(), actor)?;
            writing.insert_attachment(it.id(), &file, &bytes)?;
            Ok(attached)
        };
        self.act(staff, id, "attached", why, decide).await.map(drop)
    }

    /// Notes who verified the signature of a file, and how.
    ///
    /// # Errors
    /// When there is no such file, or the person may not.
    pub async fn verify_signature(
        &self,
        staff: &Staff,
        id: ApplicationId,
        name: String,
        how: String,
    ) -> Result<State, Failure> {
        let why = format!("{name}: {how}");
        let decide = move |writing: &mut dyn Writing, it: &Application, actor: &Actor, moment, _: &Base| {
            let verified = it.verify_signature(&name, &how, actor, moment)?;
            for file in verified.parts().attachments.iter().filter(|file| file.name == name) {
                writing.update_attachment(it.id(), file)?;
            }
            Ok(verified)
        };
        self.act(staff, id, "signature-verified", why, decide).await
    }

    /// Completes a draft: from here on it stands.
    ///
    /// # Errors
    /// When its signed file is missing, its content breaks a rule by now, or another person entered it.
    pub async fn submit_application(&self, staff: &Staff, id: ApplicationId) -> Result<State, Failure> {
        let decide = move |writing: &mut dyn Writing, it: &Application, actor: &Actor, moment: Moment, base: &Base| {
            check_names(writing, it.content(), moment)?;
            Ok(it.submit(actor, moment, base)?)
        };
        self.act(staff, id, "submitted", String::new(), decide).await
    }

    /// Checks a submitted application.
    ///
    /// # Errors
    /// When the signature of its signed file is not verified, it is too late, or the person may not.
    pub async fn check_application(&self, staff: &Staff, id: ApplicationId) -> Result<State, Failure> {
        let decide =
            |_: &mut dyn Writing, it: &Application, actor: &Actor, moment, _: &Base| Ok(it.check(actor, moment)?);
        self.act(staff, id, "checked", String::new(), decide).await
    }

    /// Approves what was seen, and puts it in force if its day has come: all in one transaction. When it changes rights,
    /// this returns when no node relies on the old ones any more.
    ///
    /// # Errors
    /// When the person may not, the application or what it changes is not what was seen, or it is too late.
    pub async fn approve_application(
        &self,
        staff: &Staff,
        id: ApplicationId,
        seen: ApplicationDigest,
    ) -> Result<State, Failure> {
        let decide = move |_: &mut dyn Writing, it: &Application, actor: &Actor, moment, base: &Base| {
            Ok(it.approve(seen, actor, moment, base)?)
        };
        self.act(staff, id, "approved", String::new(), decide).await
    }

    /// Refuses an application, with a reason.
    ///
    /// # Errors
    /// When it has ended or is a draft, no reason is given, or the person may not.
    pub async fn reject_application(&self, staff: &Staff, id: ApplicationId, why: String) -> Result<State, Failure> {
        let reason = why.clone();
        let decide = move |_: &mut dyn Writing, it: &Application, actor: &Actor, _: Moment, _: &Base| {
            Ok(it.reject(&reason, actor)?)
        };
        self.act(staff, id, "rejected", why, decide).await
    }

    /// Takes an application back.
    ///
    /// # Errors
    /// When it has taken effect or ended, or another person entered it.
    pub async fn withdraw_application(&self, staff: &Staff, id: ApplicationId) -> Result<State, Failure> {
        let decide =
            |_: &mut dyn Writing, it: &Application, actor: &Actor, _: Moment, _: &Base| Ok(it.withdraw(actor)?);
        self.act(staff, id, "withdrawn", String::new(), decide).await
    }

    /// An act on an application, in one transaction.
    async fn act(
        &self,
        staff: &Staff,
        id: ApplicationId,
        what: &'static str,
        why: String,
        decide: impl Fn(&mut dyn Writing, &Application, &Actor, Moment, &Base) -> Result<Application, Failure>
        + Send
        + 'static,
    ) -> Result<State, Failure> {
        let (by, staff, moment, is_trial) = (staff, staff.clone(), self.moment(), staff.is_on_trial());
        let trail = Trail::of(self, &staff, moment);
        let job = move |writing: &mut dyn Writing| {
            let actor = staff.actor(writing, moment)?;
            let application = found(writing, id)?;
            let base = current(writing, application.content())?;
            let next = decide(writing, &application, &actor, moment, &base)?;
            writing.update_application(&next)?;
            trail.note(writing, &next, what, &why)?;
            if next.state() != State::Approved {
                return Ok(next.state());
            }
            match next.put_in_force(moment, &base) {
                Ok(in_force) => Ok(make(writing, &in_force, &base, &trail.line, moment)?.state()),
                // Its day comes later.
                Err(Refusal::NotBefore(_)) => Ok(State::Approved),
                Err(refusal) => Err(refusal.into()),
            }
        };
        match self.perform(is_trial, job).await {
            Err(failure) => Err(self.noted(by, format!("application {id} to be {what}"), failure).await),
            Ok(state) => {
                self.inner.work.notify_one();
                Ok(state)
            }
        }
    }

    /// Runs an act in a transaction, and undoes it when it is on trial.
    pub(super) async fn perform<T: Send + 'static>(
        &self,
        is_trial: bool,
        job: impl FnMut(&mut dyn Writing) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let store = &self.inner.store;
        if is_trial { store.rehearse::<_, Failure, _>(job).await } else { store.write::<_, Failure, _>(job).await }
    }
}
