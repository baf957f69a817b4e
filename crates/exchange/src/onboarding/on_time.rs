//! Puts approved applications in force when their day comes, and ends what is over.

use onboarding::{Application, ApplicationId, State};
use rulebook::catalogue::Code;
use store::{ApplicationStep, AuditLine, Writing};
use tokio::time::Instant;

use super::base::current;
use super::effect::make;
use crate::background::chore::{Chore, Doing, Round};
use crate::bounds::{APPLICATIONS_LOOKED_AT_EVERY, DUE_APPLICATIONS_AT_A_TIME};
use crate::{Exchange, Failure};

const ACTOR: &str = "exchange";

#[derive(Default)]
pub(crate) struct ApplicationsOnTime {
    looked: Option<Instant>,
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
            for id in due.await? {
                exchange.bring_application_on(id).await?;
            }
            self.looked = Some(begun);
            Ok(false)
        })
    }
}

impl Exchange {
    async fn bring_application_on(&self, id: ApplicationId) -> Result<(), Failure> {
        let moment = self.moment();
        let line = AuditLine { at: moment.at, ..self.audit_line(ACTOR, "application.expired", "") };
        let job = move |writing: &mut dyn Writing| {
            let Some(application) = writing.application(id)? else { return Ok(()) };
            if let Ok(expired) = application.expire(moment.today) {
                return note_end(writing, &expired, &line);
            }
            if application.state() != State::Approved {
                return Ok(());
            }
            let base = current(writing, application.content())?;
            match application.put_in_force(moment, &base) {
                Ok(in_force) => make(writing, &in_force, &base, &line, moment.today).map(drop),
                Err(refusal) => {
                    tracing::warn!(application = id.0, %refusal, "an approved application does not take effect");
                    Ok(())
                }
            }
        };
        match self.inner.store.write_behind::<_, Failure, _>(job).await {
            // It was approved for a day on which it leaves too few operators. It lapses unless others come before.
            Err(failure) if failure.code == Code::OperatorsTooFew => {
                tracing::warn!(
                    application = id.0,
                    left = failure.detail,
                    "an approved application does not take effect"
                );
                Ok(())
            }
            done => done,
        }
    }
}

fn note_end(writing: &mut dyn Writing, expired: &Application, line: &AuditLine) -> Result<(), Failure> {
    writing.update_application(expired)?;
    let (id, kind) = (expired.id(), expired.content().kind().word());
    let step = ApplicationStep { at: line.at, person: None, step: "expired".to_owned(), detail: String::new() };
    writing.add_application_step(id, &step)?;
    let detail = format!("application {id} {kind}");
    Ok(writing.append_audit(&AuditLine { detail, ..line.clone() })?)
}
