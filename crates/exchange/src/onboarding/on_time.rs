//! Puts approved applications in force when their day comes, and ends what is over or has been overtaken.
//!
//! Whatever stands in the way of one application does not hold up the others: the node leaves it alone for a while.

use std::collections::HashMap;

use jiff::Timestamp;
use onboarding::{Application, ApplicationId, Refusal, State};
use store::{ApplicationStep, AuditLine, Writing};
use tokio::time::Instant;

use super::base::current;
use super::effect::make;
use crate::background::chore::{Chore, Doing, Round};
use crate::bounds::{APPLICATIONS_LOOKED_AT_EVERY, DUE_APPLICATIONS_AT_A_TIME, LEFT_ALONE, LEFT_ALONE_BRIEFLY};
use crate::{Exchange, Failure};

const ACTOR: &str = "exchange";

#[derive(Default)]
pub(crate) struct ApplicationsOnTime {
    looked: Option<Instant>,
    /// Applications that failed, and until when they are left alone.
    left_alone: HashMap<ApplicationId, Timestamp>,
}

impl Chore for ApplicationsOnTime {
    fn name(&self) -> &'static str {
        "applications on time"
    }

    fn is_wanted(&self, round: &Round) -> bool {
        round.looks_again(self.looked, APPLICATIONS_LOOKED_AT_EVERY)
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, _: &'a mut Round) -> Doing<'a> {
        Box::pin(async {
            let begun = Instant::now();
            let today = exchange.moment().today;
            let due = exchange.inner.store.read(move |reading| {
                reading.due_applications(today, DUE_APPLICATIONS_AT_A_TIME).map_err(Failure::from)
            });
            let (due, now) = (due.await?, exchange.now());
            self.left_alone.retain(|id, until| now < *until && due.contains(id));
            for id in due {
                if self.left_alone.contains_key(&id) {
                    continue;
                }
                if let Err(failure) = exchange.bring_application_on(id).await {
                    self.left_alone.insert(id, until(id, &failure, now));
                }
            }
            self.looked = Some(begun);
            Ok(false)
        })
    }
}

/// Until when an application is left alone: not for long when the store was away, which is no fault of the application.
fn until(id: ApplicationId, failure: &Failure, now: Timestamp) -> Timestamp {
    let (application, code) = (id.0, failure.code.id());
    let pause = if failure.is_temporary() {
        tracing::warn!(application, code, "an application waits for the store");
        LEFT_ALONE_BRIEFLY
    } else {
        tracing::error!(application, code, "the node skips an application for a while");
        LEFT_ALONE
    };
    now.saturating_add(pause).unwrap_or(Timestamp::MAX)
}

impl Exchange {
    async fn bring_application_on(&self, id: ApplicationId) -> Result<(), Failure> {
        let moment = self.moment();
        let line = AuditLine { at: moment.at, ..self.audit_line(ACTOR, "", "") };
        let job = move |writing: &mut dyn Writing| {
            let Some(application) = writing.application(id)? else { return Ok(()) };
            if let Ok(expired) = application.expire(moment.today) {
                return note_end(writing, &expired, &line, String::new());
            }
            if application.state() != State::Approved {
                return Ok(());
            }
            let base = current(writing, application.content())?;
            match application.put_in_force(moment, &base) {
                Ok(in_force) => make(writing, &in_force, &base, &line, moment).map(drop),
                Err(Refusal::NotBefore(_)) => Ok(()),
                Err(refusal) => match application.overtake(&base) {
                    Ok(overtaken) => note_end(writing, &overtaken, &line, refusal.to_string()),
                    Err(_) => Err(refusal.into()),
                },
            }
        };
        self.inner.store.write_behind::<_, Failure, _>(job).await
    }
}

fn note_end(writing: &mut dyn Writing, ended: &Application, line: &AuditLine, why: String) -> Result<(), Failure> {
    writing.update_application(ended)?;
    let (id, kind, state) = (ended.id(), ended.content().kind().word(), ended.state().word());
    let step = ApplicationStep { at: line.at, person: None, step: state.to_owned(), detail: why };
    writing.add_application_step(id, &step)?;
    let (action, detail) = (format!("application.{state}"), format!("application {id} {kind}"));
    Ok(writing.append_audit(&AuditLine { action, detail, ..line.clone() })?)
}
