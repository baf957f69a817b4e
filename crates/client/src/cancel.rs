//! Cancels payments that are not executed yet.

use protocol::{CancellationAnswer, media, routes};

use crate::call::Call;
use crate::{Body, Client, Error, Language};

/// The payments to be cancelled: of a message, of a block of it, or one payment. Whatever is given must fit.
///
/// ```
/// use client::Cancellation;
///
/// let all = Cancellation::of_message("MSG-2026-11-23");
/// let one = Cancellation::of_message("MSG-2026-11-23").block("MSG-2026-11-23-A").end_to_end_id("INVOICE-17");
/// let third = Cancellation::of_message("MSG-2026-11-23").number(3);
/// # let _ = (all, one, third);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancellation {
    message_id: String,
    block: Option<String>,
    end_to_end_id: Option<String>,
    instruction_id: Option<String>,
    number: Option<u32>,
    language: Option<Language>,
}

impl Cancellation {
    /// All payments of the message with this `MsgId`.
    #[must_use]
    pub fn of_message(message_id: &str) -> Cancellation {
        Cancellation {
            message_id: message_id.to_owned(),
            block: None,
            end_to_end_id: None,
            instruction_id: None,
            number: None,
            language: None,
        }
    }

    /// Only those of the block with this `PmtInfId`.
    #[must_use]
    pub fn block(mut self, payment_information_id: &str) -> Cancellation {
        self.block = Some(payment_information_id.to_owned());
        self
    }

    /// Only the payment with this `EndToEndId`.
    #[must_use]
    pub fn end_to_end_id(mut self, end_to_end_id: &str) -> Cancellation {
        self.end_to_end_id = Some(end_to_end_id.to_owned());
        self
    }

    /// Only the payment with this `InstrId`.
    #[must_use]
    pub fn instruction_id(mut self, instruction_id: &str) -> Cancellation {
        self.instruction_id = Some(instruction_id.to_owned());
        self
    }

    /// Only the payment at this place in the message, from 1.
    #[must_use]
    pub fn number(mut self, number: u32) -> Cancellation {
        self.number = Some(number);
        self
    }

    /// The language of reasons and problems.
    #[must_use]
    pub fn language(mut self, language: Language) -> Cancellation {
        self.language = Some(language);
        self
    }

    fn parameters(&self) -> impl Iterator<Item = (&'static str, String)> {
        let number = self.number.map(|number| number.to_string());
        let named = [
            (routes::MSG_ID, Some(self.message_id.clone())),
            (routes::PMT_INF_ID, self.block.clone()),
            (routes::END_TO_END_ID, self.end_to_end_id.clone()),
            (routes::INSTR_ID, self.instruction_id.clone()),
            (routes::NUMBER, number),
        ];
        named.into_iter().filter_map(|(name, value)| Some((name, value?)))
    }
}

impl Client {
    /// Cancels payments that are not executed yet. Says how the payments named stand afterwards; the same call again changes
    /// nothing.
    ///
    /// ```no_run
    /// # async fn example(client: client::Client) -> Result<(), client::Error> {
    /// let answer = client.cancel(&client::Cancellation::of_message("MSG-2026-11-23")).await?;
    /// println!("{} of {} cancelled", answer.cancelled, answer.payments);
    /// for kept in &answer.reasons {
    ///     println!("payments {} to {}: {}", kept.first, kept.last, kept.reason.text);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_refused`]: with status 404 when there is no such message, block or payment; with status 409 when nothing of
    /// it can be cancelled any more (TDAM-4020), or the exchange has not judged the message yet (TDAM-5009).
    pub async fn cancel(&self, cancellation: &Cancellation) -> Result<CancellationAnswer, Error> {
        let mut target = self.resolve(routes::PAYMENTS_CANCEL)?;
        for (name, value) in cancellation.parameters() {
            target.query_pairs_mut().append_pair(name, &value);
        }
        let body = Body::bytes(Vec::new());
        let mut call = Call::post(target, media::JSON, &body);
        call.is_submission = true;
        call.language = cancellation.language;
        self.json(call).await
    }
}
