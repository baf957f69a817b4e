//! Books the settlement system's answers: assesses an answer for the lot's present state, and runs the transactions
//! that follow.
//!
//! The exchange books a lot in file order, so an answer for a later payment waits until the earlier ones have theirs.
//! The lot and its refusals show which payments are booked already: by them the exchange distinguishes a repeated
//! answer from a contradicting one.

use std::collections::HashMap;
use std::fmt;

use jiff::Timestamp;
use payments::{
    Lot, LotId, Occasion, PaymentId, PaymentRecord, Refusal, RefusalStage, Rejection, SettlementItem, Stage, settle,
};
use rulebook::catalogue::Code;
use store::{HousePurpose, Reading, StoreError, Writing};

use super::answered::{Answered, AnswersOfLot, End, Part, SETTLEMENT};
use super::port::ReasonCode;
use super::returns::give_back;
use crate::Failure;
use crate::bounds::{ANSWERS_JUDGED_AT_A_TIME, HEAD_LOOKED_AT};
use crate::execution::step::{apply, book_of, next_due};
use crate::failure::damaged;

/// The treatment of the answers for a lot.
#[derive(Debug)]
pub(crate) enum Assessment {
    /// The lot's next payment has its answer.
    Bookable,
    /// It has not, so the exchange judges each part of an answer separately. Parts that are not listed wait.
    Judged(Vec<(u32, Part, Judgement)>),
}

/// The treatment of a part of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// It repeats a booked answer, or has nothing to book.
    Known,
    /// The money of a settled payment is to be booked back.
    GiveBack(ReasonCode),
    /// It cannot be true.
    Refused(String),
}

/// What one transaction booked.
#[derive(Debug, Default)]
pub(crate) struct Booked {
    /// Payments that ended.
    pub(crate) ended: Vec<u32>,
    /// Those of them whose money was booked back as well.
    pub(crate) returned: Vec<u32>,
}

/// Assesses the answers for a lot in its present state.
pub(crate) fn assess(reading: &mut dyn Reading, id: LotId, answers: &AnswersOfLot) -> Result<Assessment, Failure> {
    let Some(lot) = reading.lot(id)? else { return Ok(refuse_all(answers, "there is no such lot")) };
    match lot.stage {
        Stage::Scheduled | Stage::AwaitingFunds | Stage::Held => {
            return Ok(refuse_all(answers, "its lot was not handed over"));
        }
        Stage::Dispatched => {
            let head = next_due(reading, &[(&lot, HEAD_LOOKED_AT)])?[0][0].ordinal;
            if answers.get(&head).is_some_and(|answered| answered.end.is_some()) {
                return Ok(Assessment::Bookable);
            }
        }
        Stage::Completed | Stage::Refused => {}
    }
    let ordinals: Vec<u32> = answers.keys().copied().collect();
    let mut judged = Vec::new();
    for ordinals in ordinals.chunks(ANSWERS_JUDGED_AT_A_TIME) {
        let standings = standings(reading, &lot, ordinals)?;
        for ordinal in ordinals {
            judge(*ordinal, answers[ordinal], &standings[ordinal], &mut judged);
        }
    }
    Ok(Assessment::Judged(judged))
}

fn refuse_all(answers: &AnswersOfLot, why: &str) -> Assessment {
    let parts = answers.iter().flat_map(|(ordinal, answered)| answered.parts().map(move |part| (*ordinal, part)));
    Assessment::Judged(parts.map(|(ordinal, part)| (ordinal, part, Judgement::Refused(why.to_owned()))).collect())
}

/// How a payment stands at which an answer is held.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    /// The lot has no such payment.
    NotInLot,
    /// It was refused before its lot was handed over.
    NeverHandedOver,
    /// It was handed over and is not booked.
    Open,
    Settled,
    /// With the other side's text.
    Rejected(String),
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Standing::NotInLot => f.write_str("its lot has no such payment"),
            Standing::NeverHandedOver => f.write_str("it was refused before its lot was handed over"),
            Standing::Open => f.write_str("it is open"),
            Standing::Settled => f.write_str("it is settled already"),
            Standing::Rejected(reason) => write!(f, "it is rejected already ({reason})"),
        }
    }
}

/// How these payments (ascending) of a lot stand that was handed over.
fn standings(reading: &mut dyn Reading, lot: &Lot, ordinals: &[u32]) -> Result<HashMap<u32, Standing>, StoreError> {
    let message = lot.id.message;
    let mut standings: HashMap<u32, Standing> = ordinals.iter().map(|ordinal| (*ordinal, Standing::NotInLot)).collect();
    let ids: Vec<PaymentId> = ordinals.iter().map(|ordinal| PaymentId { message, ordinal: *ordinal }).collect();
    reading.payments_of(&ids, &mut |id, payment| {
        if payment.lot == Some(lot.id.number) {
            let is_booked = lot.stage != Stage::Dispatched || id.ordinal < lot.executed_below;
            standings.insert(id.ordinal, if is_booked { Standing::Settled } else { Standing::Open });
        }
        Ok(())
    })?;
    let (Some(first), Some(last)) = (ordinals.first(), ordinals.last()) else { return Ok(standings) };
    let (single, ranges): (Vec<Refusal>, Vec<Refusal>) = reading
        .refusals_between(message, *first, *last)?
        .into_iter()
        .filter(|refusal| refusal.lot.is_none_or(|number| number == lot.id.number))
        .partition(|refusal| refusal.first == refusal.last);
    let single: HashMap<u32, &Refusal> = single.iter().map(|refusal| (refusal.first, refusal)).collect();
    for (ordinal, standing) in &mut standings {
        let range = || ranges.iter().find(|range| range.covers(*ordinal, Some(lot.id.number)));
        let Some(refusal) = single.get(ordinal).copied().or_else(range) else { continue };
        *standing = match standing {
            Standing::NotInLot => Standing::NotInLot,
            _ if refusal.stage == RefusalStage::Settlement => Standing::Rejected(refusal.detail.clone()),
            _ => Standing::NeverHandedOver,
        };
    }
    Ok(standings)
}

fn judge(ordinal: u32, answered: Answered, standing: &Standing, judged: &mut Vec<(u32, Part, Judgement)>) {
    let refused = || Judgement::Refused(standing.to_string());
    for part in answered.parts() {
        let judgement = match (part, standing) {
            (_, Standing::NotInLot | Standing::NeverHandedOver) => refused(),
            // Where it stands by now says more.
            (Part::Delay, _) => Judgement::Known,
            (_, Standing::Open) => continue,
            (Part::End, Standing::Settled) => match answered.end {
                Some(End::Settled) => Judgement::Known,
                _ => refused(),
            },
            (Part::End, Standing::Rejected(before)) => match answered.end {
                Some(End::Rejected(reason)) if reason.as_str() == before => Judgement::Known,
                _ => refused(),
            },
            (Part::Return, Standing::Settled) => match answered.returned {
                Some(reason) => Judgement::GiveBack(reason),
                None => continue,
            },
            (Part::Return, Standing::Rejected(_)) => refused(),
        };
        judged.push((ordinal, part, judgement));
    }
}

/// Books the answers for the next payments of a lot, so many at most.
pub(crate) fn book_answers(
    writing: &mut dyn Writing,
    id: LotId,
    answers: &AnswersOfLot,
    limit: u32,
    now: Timestamp,
) -> Result<Booked, Failure> {
    let Some(lot) = writing.lot(id)?.filter(|lot| lot.stage == Stage::Dispatched) else { return Ok(Booked::default()) };
    let mut next = Vec::new();
    for due in next_due(writing, &[(&lot, limit)])?.remove(0) {
        let Some(Answered { end: Some(end), returned, .. }) = answers.get(&due.ordinal).copied() else { break };
        next.push((due, end, returned));
    }
    if next.is_empty() {
        return Ok(Booked::default());
    }
    let house = writing.house_account(HousePurpose::Settlement)?;
    let mut book = book_of(writing, std::slice::from_ref(&lot), &[house])?;
    let (mut items, mut rejections, mut returns) = (Vec::with_capacity(next.len()), Vec::new(), Vec::new());
    for (due, end, returned) in &next {
        let record = PaymentRecord::decode(&due.record).map_err(|error| damaged(&error))?;
        items.push(SettlementItem { ordinal: due.ordinal, minor: due.minor, line: record.line });
        match (end, returned) {
            (End::Rejected(reason), _) => {
                let code = Code::for_settlement_reason(reason.as_str()).id();
                rejections.push(Rejection { ordinal: due.ordinal, code, detail: reason.as_str() });
            }
            (End::Settled, Some(reason)) => returns.push((due, *reason)),
            (End::Settled, None) => {}
        }
    }
    let occasion = Occasion { at: now, actor: SETTLEMENT };
    let step = settle(&lot, &items, &rejections, house, &mut book, occasion)?;
    let lot = step.lot.clone();
    apply(writing, vec![step])?;
    give_back(writing, &lot, &returns, (house, &mut book), now)?;
    writing.save_book(&book)?;
    let returned = returns.iter().map(|(due, _)| due.ordinal).collect();
    Ok(Booked { ended: items.iter().map(|item| item.ordinal).collect(), returned })
}
