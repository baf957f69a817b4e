//! Books the settlement system's answers for many lots in a transaction, and judges those that it cannot book.
//!
//! The exchange books a lot in file order, so an answer for a later payment waits until the earlier ones have theirs.
//! The lot and its refusals show which payments are booked already: by them the exchange distinguishes a repeated
//! answer from a contradicting one.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use jiff::Timestamp;
use ledger::{AccountId, Book};
use payments::{
    Lot, LotId, Occasion, PaymentId, PaymentRecord, Refusal, RefusalStage, Rejection, SettlementItem, Stage, Step,
    settle,
};
use rulebook::catalogue::Code;
use store::{HousePurpose, LotRange, Reading, StoreError, Writing};

use super::answered::{Answered, AnswersOfLot, AnswersOfLots, End, Part, SETTLEMENT};
use super::port::ReasonCode;
use super::returns::{Return, give_back};
use crate::Failure;
use crate::bounds::ANSWERS_JUDGED_AT_A_TIME;
use crate::execution::step::{Due, apply, book_of, next_due};
use crate::failure::damaged;

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

/// What a transaction booked of a lot.
#[derive(Debug)]
pub(crate) struct Booked {
    pub(crate) lot: LotId,
    /// Payments that ended.
    pub(crate) ended: Vec<u32>,
    /// Those of them whose money was booked back as well.
    pub(crate) returned: Vec<u32>,
}

/// Parts of answers for a lot, with their treatment. Parts that are not listed wait for the answers of earlier payments.
pub(crate) type Judged = Vec<(u32, Part, Judgement)>;

/// Judges answers that cannot be booked in file order now, each by the present state of its lot.
pub(crate) fn judge_answers(
    reading: &mut dyn Reading,
    answers: &AnswersOfLots,
) -> Result<Vec<(LotId, Judged)>, Failure> {
    let ids: Vec<LotId> = answers.iter().map(|(id, _)| *id).collect();
    let lots: HashMap<LotId, Lot> = reading.lots(&ids)?.into_iter().map(|lot| (lot.id, lot)).collect();
    let mut all = Vec::with_capacity(answers.len());
    let mut asked = Vec::new();
    for (id, of_lot) in answers {
        let judged = match lots.get(id) {
            None => refuse_all(of_lot, "there is no such lot"),
            Some(Lot { stage: Stage::Scheduled | Stage::AwaitingFunds | Stage::Held, .. }) => {
                refuse_all(of_lot, "its lot was not handed over")
            }
            Some(lot) => {
                asked.extend(of_lot.keys().map(|ordinal| (lot, *ordinal)));
                Vec::new()
            }
        };
        all.push((*id, judged));
    }
    for asked in asked.chunks(ANSWERS_JUDGED_AT_A_TIME) {
        let standings = standings(reading, asked)?;
        for ((id, of_lot), (_, judged)) in answers.iter().zip(&mut all) {
            for (ordinal, answered) in of_lot {
                if let Some(standing) = standings.get(&(*id, *ordinal)) {
                    judge(*ordinal, *answered, standing, judged);
                }
            }
        }
    }
    Ok(all)
}

fn refuse_all(answers: &AnswersOfLot, why: &str) -> Judged {
    let parts = answers.iter().flat_map(|(ordinal, answered)| answered.parts().map(move |part| (*ordinal, part)));
    parts.map(|(ordinal, part)| (ordinal, part, Judgement::Refused(why.to_owned()))).collect()
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

/// How these payments stand, of lots that were handed over; the payments of a lot follow each other, ascending.
fn standings(reading: &mut dyn Reading, asked: &[(&Lot, u32)]) -> Result<HashMap<(LotId, u32), Standing>, StoreError> {
    let mut standings: HashMap<(LotId, u32), Standing> =
        asked.iter().map(|(lot, ordinal)| ((lot.id, *ordinal), Standing::NotInLot)).collect();
    // Lots of one message may be asked about for the same payment, so a payment does not tell which is meant.
    let of_payment = |(lot, ordinal): &(&Lot, u32)| PaymentId { message: lot.id.message, ordinal: *ordinal };
    let ids: BTreeSet<PaymentId> = asked.iter().map(of_payment).collect();
    let mut lot_of: HashMap<PaymentId, u32> = HashMap::new();
    reading.payments_of(&ids.into_iter().collect::<Vec<_>>(), &mut |id, payment| {
        lot_of.extend(payment.lot.map(|lot| (id, lot)));
        Ok(())
    })?;
    let of_lots = || asked.chunk_by(|(one, _), (other, _)| one.id == other.id);
    let ranges: Vec<LotRange> = of_lots()
        .map(|asked| {
            let ((lot, first), (_, last)) = (asked[0], asked[asked.len() - 1]);
            LotRange { lot: lot.id, first, last, limit: u32::MAX }
        })
        .collect();
    let mut refusals: HashMap<LotId, Vec<Refusal>> = HashMap::new();
    for (lot, refusal) in reading.refusals_in(&ranges)? {
        refusals.entry(lot).or_default().push(refusal);
    }
    for asked in of_lots() {
        let lot = asked[0].0;
        let of_lot = refusals.remove(&lot.id).unwrap_or_default();
        let (single, ranges): (Vec<Refusal>, Vec<Refusal>) = of_lot
            .into_iter()
            .filter(|refusal| refusal.lot.is_none_or(|number| number == lot.id.number))
            .partition(|refusal| refusal.first == refusal.last);
        let single: HashMap<u32, &Refusal> = single.iter().map(|refusal| (refusal.first, refusal)).collect();
        for (_, ordinal) in asked {
            if lot_of.get(&of_payment(&(lot, *ordinal))) != Some(&lot.id.number) {
                continue;
            }
            let range = || ranges.iter().find(|range| range.covers(*ordinal, Some(lot.id.number)));
            let is_booked = lot.stage != Stage::Dispatched || *ordinal < lot.executed_below;
            let standing = match single.get(ordinal).copied().or_else(range) {
                Some(refusal) if refusal.stage == RefusalStage::Settlement => {
                    Standing::Rejected(refusal.detail.clone())
                }
                Some(_) => Standing::NeverHandedOver,
                None if is_booked => Standing::Settled,
                None => Standing::Open,
            };
            standings.insert((lot.id, *ordinal), standing);
        }
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

/// Books the answers for the next payments of lots, so many of each at most. Returns those of which it booked something.
pub(crate) fn book_answers(
    writing: &mut dyn Writing,
    answers: &AnswersOfLots,
    limit: u32,
    now: Timestamp,
) -> Result<Vec<Booked>, Failure> {
    let of_lots: HashMap<LotId, &AnswersOfLot> = answers.iter().map(|(id, answers)| (*id, answers)).collect();
    let mut lots = writing.lots(&answers.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
    lots.retain(|lot| lot.stage == Stage::Dispatched);
    let ended = |lot: &Lot| of_lots[&lot.id].values().filter(|answered| answered.end.is_some()).count();
    let wanted = lots.iter().map(|lot| (lot, u32::try_from(ended(lot)).unwrap_or(u32::MAX).min(limit)));
    let wanted: Vec<(&Lot, u32)> = wanted.collect();
    let mut bookable = Vec::new();
    for (due, (lot, _)) in next_due(writing, &wanted)?.into_iter().zip(wanted) {
        let end_of = |due: Due| {
            let answered = of_lots[&lot.id].get(&due.ordinal)?;
            Some((due, answered.end?, answered.returned))
        };
        let next: Vec<(Due, End, Option<ReasonCode>)> = due.into_iter().map_while(end_of).collect();
        if !next.is_empty() {
            bookable.push((lot.clone(), next));
        }
    }
    if bookable.is_empty() {
        return Ok(Vec::new());
    }
    let house = writing.house_account(HousePurpose::Settlement)?;
    let of_book: Vec<Lot> = bookable.iter().map(|(lot, _)| lot.clone()).collect();
    let mut book = book_of(writing, &of_book, &[house])?;
    let (mut steps, mut returns, mut booked) = (Vec::new(), Vec::new(), Vec::new());
    for (lot, next) in bookable {
        let step = settle_next(&lot, &next, house, &mut book, now)?;
        let ended = next.iter().map(|(due, ..)| due.ordinal).collect();
        let came_back = |(due, end, reason): (Due, End, Option<ReasonCode>)| match (end, reason) {
            (End::Settled, Some(reason)) => Some((due, reason)),
            _ => None,
        };
        let of_lot: Vec<(Due, ReasonCode)> = next.into_iter().filter_map(came_back).collect();
        let returned = of_lot.iter().map(|(due, _)| due.ordinal).collect();
        booked.push(Booked { lot: lot.id, ended, returned });
        returns.extend(of_lot.into_iter().map(|(due, reason)| (step.lot.clone(), due, reason)));
        steps.push(step);
    }
    apply(writing, steps)?;
    let returns: Vec<Return<'_>> =
        returns.iter().map(|(lot, payment, reason)| Return { lot, payment, reason: *reason }).collect();
    give_back(writing, &returns, (house, &mut book), now)?;
    writing.save_book(&book)?;
    Ok(booked)
}

/// Decides on the next payments of a lot by their answers.
fn settle_next(
    lot: &Lot,
    next: &[(Due, End, Option<ReasonCode>)],
    house: AccountId,
    book: &mut Book,
    now: Timestamp,
) -> Result<Step, Failure> {
    let (mut items, mut rejections) = (Vec::with_capacity(next.len()), Vec::new());
    for (due, end, _) in next {
        let record = PaymentRecord::decode(&due.record).map_err(|error| damaged(&error))?;
        items.push(SettlementItem { ordinal: due.ordinal, minor: due.minor, line: record.line });
        if let End::Rejected(reason) = end {
            let code = Code::for_settlement_reason(reason.as_str()).id();
            rejections.push(Rejection { ordinal: due.ordinal, code, detail: reason.as_str() });
        }
    }
    Ok(settle(lot, &items, &rejections, house, book, Occasion { at: now, actor: SETTLEMENT })?)
}
