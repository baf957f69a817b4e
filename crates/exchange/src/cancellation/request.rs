//! What a client asks to be cancelled.

/// The payments to be cancelled: of a message, of a block of it, or one payment. Whatever is given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cancellation {
    /// `MsgId`.
    pub message_id: String,
    /// `PmtInfId` of a block.
    pub payment_information_id: Option<String>,
    /// `EndToEndId` of a payment.
    pub end_to_end_id: Option<String>,
    /// `InstrId` of a payment.
    pub instruction_id: Option<String>,
    /// Place of a payment in the message, from 1, as statuses name it.
    pub number: Option<u32>,
}

impl Cancellation {
    /// Whether it is about one payment.
    pub(super) fn names_a_payment(&self) -> bool {
        self.end_to_end_id.is_some() || self.instruction_id.is_some() || self.number.is_some()
    }

    /// Whether a payment with these identifications is meant, as far as they are given.
    pub(super) fn fits(&self, end_to_end_id: &str, instruction_id: &str) -> bool {
        let is = |given: &Option<String>, known: &str| given.as_deref().is_none_or(|given| given == known);
        is(&self.end_to_end_id, end_to_end_id) && is(&self.instruction_id, instruction_id)
    }

    /// What it names the payment by, the most exact first.
    pub(super) fn name_of_payment(&self) -> String {
        let number = self.number.map(|number| number.to_string());
        number.or_else(|| self.end_to_end_id.clone()).or_else(|| self.instruction_id.clone()).unwrap_or_default()
    }
}
