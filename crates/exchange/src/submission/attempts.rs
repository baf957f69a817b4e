//! Attempts: if work on a submission ends the process, nodes try it a few times, alone, and then set it aside.
//!
//! The node counts each attempt in the submission's row and commits it before the work begins, so the count survives
//! the end of the process. Other ends are not the submission's fault: when the store was unavailable, this process
//! remembers that its attempt is over and resumes it later, and a process that is asked to stop takes its attempts back
//! at once. A repeated submission runs alone, so that no other work comes under suspicion.

use std::collections::HashSet;

use payments::MessageId;
use rulebook::catalogue::Code;
use store::AuditLine;

use super::own_attempts::Begun;
use crate::bounds::{SUBMISSION_ATTEMPTS_MAX, WORK_ATTEMPTS_MAX};
use crate::{Exchange, Failure, problem};

impl Exchange {
    /// Counts the beginning of work on a left-over submission, unless this process resumes an attempt. Returns the
    /// number of the attempt; `None` when there were enough, and the node sets the submission aside instead.
    pub(crate) async fn begin_attempt(&self, id: MessageId) -> Result<Option<u32>, Failure> {
        let goes_on = self.inner.attempts.begun().submissions.contains(&id);
        let count = move |writing: &mut dyn store::Writing| match writing.submission(id)? {
            Some(submission) if goes_on => Ok(submission.attempts),
            _ => Ok::<_, Failure>(writing.count_attempt(id)?),
        };
        let attempt = self.inner.store.write(count).await?;
        if attempt > SUBMISSION_ATTEMPTS_MAX && !goes_on {
            self.set_aside(id, attempt - 1).await?;
            return Ok(None);
        }
        self.inner.attempts.counted(id);
        Ok(Some(attempt))
    }

    /// Sets a submission aside whose work has ended so many processes.
    async fn set_aside(&self, id: MessageId, attempts: u32) -> Result<(), Failure> {
        let failure = problem::write(&Failure::new(Code::SubmissionSetAside))?;
        let line = self.audit_line("exchange", "submission.set-aside", "");
        self.inner
            .store
            .write(move |writing| {
                let Some(submission) = writing.submission(id)? else { return Ok(()) };
                writing.set_aside_submission(id, &failure)?;
                let (user, hash) = (submission.received.user.0, submission.received.body.hash);
                let detail = format!("submission {} online user {user} attempts {attempts} sha256 {hash}", id.0);
                Ok::<_, Failure>(writing.append_audit(&AuditLine { detail, ..line.clone() })?)
            })
            .await?;
        tracing::error!(submission = id.0, attempts, "a submission is set aside: its work ended the process each time");
        Ok(())
    }

    /// Counts the beginning of other work, in one transaction. Returns the work that may begin: not work that is set
    /// aside, now or before, and not work of another node.
    pub(crate) async fn begin_works(&self, works: Vec<String>) -> Result<HashSet<String>, Failure> {
        let (goes_on, counted): (Vec<String>, Vec<String>) = {
            let begun = self.inner.attempts.begun();
            works.into_iter().partition(|work| begun.works.contains(work))
        };
        let now = self.now();
        let line = self.audit_line("exchange", "work.set-aside", "");
        let begins = self.inner.store.write_behind(move |writing| {
            let (mut begin, mut set_aside) = (Vec::new(), Vec::new());
            for work in &counted {
                match writing.count_work_attempt(work)? {
                    Some(known) if known.set_aside_at.is_some() => {}
                    Some(known) if known.attempts > WORK_ATTEMPTS_MAX => {
                        writing.set_aside_work(work, now)?;
                        let detail = format!("{work} attempts {}", known.attempts - 1);
                        writing.append_audit(&AuditLine { detail, ..line.clone() })?;
                        set_aside.push(work.clone());
                    }
                    Some(_) => begin.push(work.clone()),
                    None => {}
                }
            }
            Ok::<_, Failure>((begin, set_aside))
        });
        let (begin, set_aside) = begins.await?;
        for work in set_aside {
            tracing::error!(work, "work is set aside: it ended the process each time");
        }
        self.inner.attempts.begun().works.extend(begin.iter().cloned());
        Ok(goes_on.into_iter().chain(begin).collect())
    }

    /// Other work has ended with its process alive. While the store is unavailable the attempts stay open, and the
    /// process resumes them later.
    pub(crate) async fn end_works(&self, works: HashSet<String>) {
        let ended = works.clone();
        let cleared = self.inner.store.write_behind(move |writing| {
            for work in &ended {
                writing.clear_work_attempts(work)?;
            }
            Ok::<_, Failure>(())
        });
        if cleared.await.is_ok() {
            self.inner.attempts.begun().works.retain(|work| !works.contains(work));
        }
    }

    /// Takes back the attempts of this process: it was asked to stop, and may be made to.
    pub(crate) async fn take_attempts_back(&self) {
        let Begun { submissions, works } = std::mem::take(&mut *self.inner.attempts.begun());
        if submissions.is_empty() && works.is_empty() {
            return;
        }
        let taken_back = self.inner.store.write(move |writing| {
            for id in &submissions {
                writing.uncount_attempt(*id)?;
            }
            for work in &works {
                writing.clear_work_attempts(work)?;
            }
            Ok::<_, Failure>(())
        });
        if let Err(failure) = taken_back.await {
            tracing::warn!(code = failure.code.id(), "attempts stay counted although the process was asked to stop");
        }
    }
}
