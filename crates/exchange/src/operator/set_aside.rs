//! Work that is set aside because it ended the process each time. An operator inspects it, retries it, or refuses it.

use payments::MessageId;
use rulebook::catalogue::Code;
use serde::{Deserialize, Serialize};
use store::{AuditLine, Submission, SubmissionState};

use crate::bounds::SET_ASIDE_SHOWN_MAX;
use crate::{Failure, Operator, problem};

/// A submission that is set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAsideSubmission {
    /// Its id.
    pub submission: i64,
    /// The client's name.
    pub client: String,
    /// The online user that sent it.
    pub online_user: i64,
    /// The request's id, as the client knows it.
    pub request_id: String,
    /// When it was received (RFC 3339).
    pub received_at: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How many they are.
    pub bytes: u64,
    /// How many processes ended while they worked on it.
    pub attempts: u32,
}

/// Other work that is set aside: a lot, a chore.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAsideWork {
    /// Its name.
    pub work: String,
    /// How many processes ended while they worked on it.
    pub attempts: u32,
    /// Since when it is left alone (RFC 3339).
    pub since: String,
}

/// All that is set aside, up to a bound.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// Submissions, oldest first.
    pub submissions: Vec<SetAsideSubmission>,
    /// Other work, by name.
    pub works: Vec<SetAsideWork>,
}

impl Operator {
    /// The work that is set aside.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn set_aside(&self) -> Result<SetAside, Failure> {
        let read = |reading: &mut dyn store::Reading| {
            let submissions = reading.set_aside_submissions(SET_ASIDE_SHOWN_MAX)?;
            Ok::<_, Failure>((submissions, reading.work_attempts()?, reading.clients()?))
        };
        let (submissions, works, clients) = self.exchange().inner.store.read(read).await?;
        let shown = |submission: Submission| {
            let Submission { id, received, attempts, .. } = submission;
            let client = clients.iter().find(|client| client.id == received.client);
            let unknown =
                || Failure::unexpected(format_args!("submission {} is of a client that does not exist", id.0));
            let client = client.ok_or_else(unknown)?;
            Ok(SetAsideSubmission {
                submission: id.0,
                client: client.name.clone(),
                online_user: received.user.0,
                request_id: received.request_id,
                received_at: received.received_at.to_string(),
                sha256: received.body.hash.to_string(),
                bytes: received.body.size,
                // The last one counted found that there had been enough.
                attempts: attempts.saturating_sub(1),
            })
        };
        let works = works.into_iter().filter_map(|work| {
            let attempts = work.attempts.saturating_sub(1);
            Some(SetAsideWork { work: work.work, attempts, since: work.set_aside_at?.to_string() })
        });
        let submissions = submissions.into_iter().map(shown).collect::<Result<_, Failure>>()?;
        Ok(SetAside { submissions, works: works.collect() })
    }

    /// The bytes of a submission that is set aside, to look at them. Leaves an audit line.
    ///
    /// # Errors
    /// When none of this id is set aside, or its body cannot be read.
    pub async fn body_set_aside(&self, id: MessageId) -> Result<Box<dyn std::io::Read + Send>, Failure> {
        let store = self.exchange().inner.store.clone();
        let read = store.read(move |reading| Ok::<_, Failure>(reading.submission(id)?)).await?;
        let Some(Submission { received, state: SubmissionState::SetAside { .. }, .. }) = read else {
            return Err(not_set_aside(&format!("submission {}", id.0)));
        };
        let line = self.line("submission.read", format!("submission {}", id.0));
        self.write(move |writing| Ok(writing.append_audit(&line)?)).await?;
        let opened = crate::span::spawn_blocking(move || store.open_body(&received.body)).await;
        opened.map_err(|error| Failure::unexpected(error))?.map_err(Failure::from)
    }

    /// Has a submission tried again that is set aside, with as many attempts as a new one.
    ///
    /// # Errors
    /// When none of this id is set aside.
    pub async fn retry_submission(&self, id: MessageId) -> Result<(), Failure> {
        let line = self.line("submission.retried", format!("submission {}", id.0));
        self.write(move |writing| {
            if !writing.retry_submission(id)? {
                return Err(not_set_aside(&format!("submission {}", id.0)));
            }
            Ok(writing.append_audit(&line)?)
        })
        .await
    }

    /// Refuses a submission that is set aside; its body is not kept. A client that asks for its outcome gets the refusal.
    ///
    /// # Errors
    /// When none of this id is set aside.
    pub async fn refuse_submission(&self, id: MessageId) -> Result<(), Failure> {
        let line = self.line("submission.refused", "");
        let refused = problem::write(&Failure::new(Code::RefusedByOperator))?;
        self.write(move |writing| {
            let hash = writing.submission(id)?.map(|submission| submission.received.body.hash);
            let (Some(hash), true) = (hash, writing.retry_submission(id)?) else {
                return Err(not_set_aside(&format!("submission {}", id.0)));
            };
            if !writing.claim_submission(id)? {
                return Err(Failure::new(Code::Unavailable));
            }
            writing.refuse_submission(id, &refused)?;
            let detail = format!("submission {} sha256 {hash}", id.0);
            Ok(writing.append_audit(&AuditLine { detail, ..line.clone() })?)
        })
        .await
    }

    /// Has other work tried again that is set aside.
    ///
    /// # Errors
    /// When no work of this name is set aside.
    pub async fn retry_work(&self, work: &str) -> Result<(), Failure> {
        let line = self.line("work.retried", work);
        let work = work.to_owned();
        self.write(move |writing| {
            let is_set_aside = |known: &store::WorkAttempts| known.work == work && known.set_aside_at.is_some();
            if !writing.work_attempts()?.iter().any(is_set_aside) {
                return Err(not_set_aside(&work));
            }
            writing.clear_work_attempts(&work)?;
            Ok(writing.append_audit(&line)?)
        })
        .await
    }
}

fn not_set_aside(what: &str) -> Failure {
    Failure::new(Code::NotFound).with_detail(what)
}
