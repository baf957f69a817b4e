//! A message that has a receipt and no answer yet, found by its `MsgId`: the client that holds the receipt knows
//! the message by it.
//!
//! Its row has no `MsgId`, which is in the bytes; so the exchange reads the beginnings of the client's few waiting
//! messages.

use jiff::Timestamp;
use payments::MessageId;
use rulebook::catalogue::Code;
use store::{Submission, SubmissionState};

use crate::check::pieces::MessageHead;
use crate::{Exchange, Failure, StatusAnswer, problem};

/// A message that was received and is not judged yet.
#[derive(Clone, Debug)]
pub struct ReceivedMessage {
    /// What its submission is known by.
    pub submission: MessageId,
    /// When it was received.
    pub received_at: Timestamp,
    header: MessageHead,
}

impl ReceivedMessage {
    /// `MsgId`.
    #[must_use]
    pub fn message_id(&self) -> &str {
        &self.header.message_id
    }

    /// `pain.001.001.09` …
    #[must_use]
    pub fn message_type(&self) -> &'static str {
        self.header.message_type.name()
    }

    /// `CreDtTm` as written.
    #[must_use]
    pub fn creation_date_time(&self) -> &str {
        &self.header.creation_date_time
    }

    /// `NbOfTxs` as stated.
    #[must_use]
    pub fn number_of_transactions(&self) -> u64 {
        self.header.number_of_transactions
    }

    /// `CtrlSum` as stated.
    #[must_use]
    pub fn control_sum(&self) -> Option<String> {
        self.header.control_sum.map(|sum| sum.to_string())
    }
}

impl Exchange {
    /// Which of a client's waiting submissions is the message with this `MsgId`; `None` when there is none.
    ///
    /// # Errors
    /// When it is set aside: then with the reason.
    pub(super) async fn received(
        &self,
        waiting: Vec<Submission>,
        message_id: &str,
    ) -> Result<Option<ReceivedMessage>, Failure> {
        let day = self.known_business_day().await?;
        for Submission { id, received, state, .. } in waiting {
            let (exchange, received_at) = (self.clone(), received.received_at);
            let header = crate::span::spawn_blocking(move || exchange.head_of(&received, day)).await;
            let header = match header {
                Ok(Ok(header)) => header,
                // "There is none" would be no true answer while the exchange cannot read its beginning.
                Ok(Err(failure)) if is_ours(&failure) && !matches!(state, SubmissionState::SetAside { .. }) => {
                    tracing::error!(
                        submission = id.0,
                        code = failure.code.id(),
                        "the beginning of a submission is not readable now"
                    );
                    return Err(failure);
                }
                // A beginning that cannot be read, or not any more, will have an outcome soon.
                Ok(Err(failure)) => {
                    tracing::debug!(submission = id.0, code = failure.code.id(), "its beginning cannot be read");
                    continue;
                }
                Err(error) => {
                    tracing::error!(submission = id.0, %error, "reading its beginning ended");
                    continue;
                }
            };
            if header.message_id != message_id {
                continue;
            }
            return match state {
                SubmissionState::SetAside { problem } => Err(problem::read(&problem)),
                _ => Ok(Some(ReceivedMessage { submission: id, received_at, header })),
            };
        }
        Ok(None)
    }

    /// The status of a message that waits for its answer is its receipt once more.
    pub(super) fn status_received(&self, message: &ReceivedMessage) -> Result<StatusAnswer, Failure> {
        let receipt = self.receipt(message.submission, &message.header)?;
        Ok(StatusAnswer { message_type: receipt.message_type, pain002: receipt.pain002 })
    }
}

/// The fault is not the file's.
fn is_ours(failure: &Failure) -> bool {
    failure.is_temporary() || failure.is_unexpected()
}

/// There is no such message.
pub(crate) fn not_found(message_id: &str) -> Failure {
    Failure::new(Code::NotFound).with_detail(message_id)
}
