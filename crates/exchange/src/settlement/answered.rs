//! The settlement system's answer about a payment, in parts that the exchange books or refuses separately.

use std::collections::BTreeMap;

use payments::LotId;

use super::port::ReasonCode;

/// Who answers for payments to other banks, in events and in the audit.
pub(crate) const SETTLEMENT: &str = "settlement";

/// The settlement system's answer about one payment, as far as it is not booked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answered {
    /// How it ended.
    pub(crate) end: Option<End>,
    /// Why its money came back.
    pub(crate) returned: Option<ReasonCode>,
    /// It takes longer.
    pub(crate) is_delayed: bool,
}

/// How a payment ended at the settlement system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Settled,
    Rejected(ReasonCode),
}

/// Parts of an answer; the exchange books or refuses each separately.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Delay,
    End,
    Return,
}

/// The answers for a lot, by the payment's place in the message.
pub(crate) type AnswersOfLot = BTreeMap<u32, Answered>;

/// Answers for lots, each with its own.
pub(crate) type AnswersOfLots = Vec<(LotId, AnswersOfLot)>;

impl Answered {
    /// The parts that it has.
    pub(crate) fn parts(self) -> impl Iterator<Item = Part> {
        let delay = self.is_delayed.then_some(Part::Delay);
        let (end, returned) = (self.end.map(|_| Part::End), self.returned.map(|_| Part::Return));
        [delay, end, returned].into_iter().flatten()
    }
}
