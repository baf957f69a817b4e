//! Operators read evidence, and each reading is an audit line.

use payments::MessageId;
use rulebook::catalogue::Code;
use store::{AuditLine, BodyHash, Client, KeptEvidence, OnlineUser, Writing};

use crate::{Failure, Operator};

/// Whose evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvidenceOf {
    /// A submission, by its number.
    Submission(MessageId),
    /// The message with this `MsgId`, of whichever client.
    Message(String),
}

/// The evidence of a submission, with what it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The submission.
    pub submission: MessageId,
    /// The message's `MsgId`; `None` while the submission has no answer.
    pub message_id: Option<String>,
    /// Whose submission.
    pub client: Client,
    /// Who sent it.
    pub user: OnlineUser,
    /// SHA-256 of the body that was received.
    pub body: BodyHash,
    /// What is kept.
    pub kept: KeptEvidence,
}

impl Operator {
    /// Reads the evidence of a submission. The audit says that the operator did.
    ///
    /// # Errors
    /// [`Code::NotFound`] when there is no such submission, several clients have used the `MsgId`, or the submission was not signed; the
    /// detail says which.
    pub async fn evidence(&self, of: EvidenceOf) -> Result<Evidence, Failure> {
        let line = self.line("evidence.read", "");
        self.write(move |writing| {
            let id = match &of {
                EvidenceOf::Submission(id) => *id,
                EvidenceOf::Message(message_id) => submission_of(writing, message_id)?,
            };
            let found = evidence(writing, id)?;
            let detail = format!("submission {} sha256 {}", id.0, found.body);
            writing.append_audit(&AuditLine { detail, ..line.clone() })?;
            Ok(found)
        })
        .await
    }
}

fn not_found(detail: String) -> Failure {
    Failure::new(Code::NotFound).with_detail(detail)
}

fn submission_of(writing: &mut dyn Writing, message_id: &str) -> Result<MessageId, Failure> {
    let mut found = Vec::new();
    for client in writing.clients()? {
        found.extend(writing.message_by_message_id(client.id, message_id)?.map(|message| message.id));
    }
    match found[..] {
        [id] => Ok(id),
        [] => Err(not_found(format!("no message has the MsgId {message_id:?}"))),
        _ => {
            let numbers: Vec<String> = found.iter().map(|id| id.0.to_string()).collect();
            Err(not_found(format!("several clients have used this MsgId: submissions {}", numbers.join(", "))))
        }
    }
}

fn evidence(writing: &mut dyn Writing, id: MessageId) -> Result<Evidence, Failure> {
    let submission = writing.submission(id)?.ok_or_else(|| not_found(format!("there is no submission {}", id.0)))?;
    let kept = writing.evidence(id)?.ok_or_else(|| not_found(format!("submission {} was not signed", id.0)))?;
    let registration = writing.registration(submission.received.user)?;
    let registration =
        registration.ok_or_else(|| Failure::unexpected(format_args!("submission {} is of nobody", id.0)))?;
    let message_id = writing.message(id)?.map(|message| message.message_id);
    let (client, user, body) = (registration.client, registration.user, submission.received.body.hash);
    Ok(Evidence { submission: id, message_id, client, user, body, kept })
}
