//! Admission: one pure decision about all payments of a message.
//!
//! Here the exchange checks the accounts again as they are inside the transaction that activates the message: whether
//! they are open, what their limits leave, what is available. It takes payments in file order. A payment due on the
//! business day gets a hold at once; a later one only reserves its date's limit.
//!
//! A refusal of many payments costs one row. Once an account has no funds left, or has used up its limit of a date, the
//! decision refuses the rest of its payments as one range for each lot, so a tail of 900 000 payments is one
//! [`Refusal`].

use std::collections::BTreeMap;

use jiff::civil::Date;
use ledger::{AccountId, Book};
use money::Currency;
use rulebook::{Code, Route};

use crate::bounds::MESSAGE_PAYMENTS_MAX;
use crate::decision::{cannot_pay, event, shown};
use crate::{DecisionError, Event, HELD_AGAINST, Lot, LotId, MessageId, Occasion, Refusal, RefusalStage, Stage};

/// Whether a message with refused payments is accepted in part. The client's choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Acceptance {
    /// All of it is refused.
    AllOrNothing,
    /// The rest is accepted (`PART`).
    Partial,
}

/// A lot as the check of the message made it; its number is its place in [`AdmissionRequest::lots`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewLot {
    /// The block (`PmtInf`), from 0.
    pub block: u32,
    /// The account to be debited.
    pub debtor: AccountId,
    /// How it is executed.
    pub route: Route,
    /// When it is executed; a date that has passed by now becomes the business day.
    pub execution_date: Date,
}

/// A payment that passed the checks so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewPayment {
    /// Its place in the message, from 0.
    pub ordinal: u32,
    /// The number of its lot.
    pub lot: u32,
    /// Minor units, positive.
    pub minor: i64,
    /// Line of the file where it begins; 0 when unknown.
    pub line: u32,
}

/// What is to be decided on.
#[derive(Clone, Copy, Debug)]
pub struct AdmissionRequest<'a> {
    /// The message.
    pub message: MessageId,
    /// Whether it is accepted in part when something is refused.
    pub acceptance: Acceptance,
    /// Its lots. At most one for each block, route and execution date.
    pub lots: &'a [NewLot],
    /// Its payments in file order, without those that the rulebook refused.
    pub payments: &'a [NewPayment],
    /// When and for whom.
    pub occasion: Occasion<'a>,
}

/// The decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The lots with accepted payments, by number. Empty: nothing was accepted, and the book is unchanged.
    pub lots: Vec<Lot>,
    /// What was refused, in file order. Where ranges overlap, the narrower one names the payment's own reason.
    pub refusals: Vec<Refusal>,
    /// The first event of each lot.
    pub events: Vec<Event>,
}

/// Decides which payments of a message are accepted, places holds and reserves limits in the book.
///
/// The book needs the debtor accounts, and the use of their limits on the lots' execution dates and the business day, with
/// the limits of those dates where they are others than the accounts' own.
///
/// # Errors
/// When the request contradicts itself (order, amounts, lots); the book is unchanged then.
pub fn admit(request: &AdmissionRequest<'_>, book: &mut Book) -> Result<Admission, DecisionError> {
    let mut intake = Intake::new(request, book)?;
    for payment in request.payments {
        intake.take(payment)?;
    }
    let refused_whole = request.acceptance == Acceptance::AllOrNothing && !intake.refusals.is_empty();
    if refused_whole {
        intake.refuse_remainder();
        return Ok(Admission { lots: Vec::new(), refusals: intake.refusals_in_order(), events: Vec::new() });
    }
    let lots = intake.accepted_lots();
    promise(&lots, book)?;
    let events = lots.iter().map(|lot| event(lot, None, book.business_day, request.occasion)).collect();
    Ok(Admission { lots, refusals: intake.refusals_in_order(), events })
}

/// Places what the lots promise in the book: all, or nothing.
fn promise(lots: &[Lot], book: &mut Book) -> Result<(), DecisionError> {
    let mut promised = book.clone();
    for lot in lots {
        promised.reserve_limit(lot.debtor, lot.execution_date, lot.total)?;
        promised.hold(lot.debtor, lot.open_hold())?;
    }
    *book = promised;
    Ok(())
}

/// What payments have left so far of something they share: an account's funds, or a date's limit.
struct Room {
    left: i64,
    exhausted: bool,
}

impl Room {
    fn covers(&mut self, minor: i64) -> bool {
        self.exhausted |= minor > self.left;
        !self.exhausted
    }
}

/// A lot while its payments come in.
struct Filling {
    draft: NewLot,
    due: bool,
    currency: Currency,
    payment_limit: Option<i64>,
    funds: usize,
    limit: usize,
    /// From where on the rest is refused: a place in the list of refusals.
    closed: Option<usize>,
    /// Why all of it is refused, known before the first payment.
    barred: Option<Code>,
    first: u32,
    last: u32,
    count: u32,
    total: i64,
}

struct Intake<'a> {
    request: &'a AdmissionRequest<'a>,
    rooms: Vec<Room>,
    /// Places of rooms: an account's funds, or (with a date) what its limit of that date leaves.
    places: BTreeMap<(AccountId, Option<Date>), usize>,
    lots: Vec<Filling>,
    refusals: Vec<Refusal>,
    next_ordinal: u64,
}

impl<'a> Intake<'a> {
    fn new(request: &'a AdmissionRequest<'a>, book: &Book) -> Result<Intake<'a>, DecisionError> {
        let given = request.payments.len();
        if given > MESSAGE_PAYMENTS_MAX {
            return Err(DecisionError::TooManyPayments { given, allowed: MESSAGE_PAYMENTS_MAX });
        }
        let mut intake = Intake {
            request,
            rooms: Vec::new(),
            places: BTreeMap::new(),
            lots: Vec::with_capacity(request.lots.len()),
            refusals: Vec::new(),
            next_ordinal: 0,
        };
        for draft in request.lots {
            let execution_date = draft.execution_date.max(book.business_day);
            let draft = NewLot { execution_date, ..*draft };
            let account = book.account(draft.debtor);
            let available = account.and_then(ledger::Account::available).unwrap_or(0);
            let used = book.used_on(draft.debtor, execution_date);
            let limits = book.limits_on(draft.debtor, execution_date).unwrap_or_default();
            let day_limit = limits.per_day.unwrap_or(i64::MAX);
            let lot = Filling {
                due: execution_date <= book.business_day,
                currency: account.map_or(Currency::EUR, |account| account.currency),
                payment_limit: limits.per_payment,
                funds: intake.room(draft.debtor, None, available),
                limit: intake.room(draft.debtor, Some(execution_date), day_limit.saturating_sub(used)),
                closed: None,
                barred: cannot_pay(draft.debtor, book),
                first: 0,
                last: 0,
                count: 0,
                total: 0,
                draft,
            };
            intake.lots.push(lot);
        }
        Ok(intake)
    }

    /// The place of the room that lots of this account (and date) share.
    fn room(&mut self, account: AccountId, date: Option<Date>, left: i64) -> usize {
        *self.places.entry((account, date)).or_insert_with(|| {
            self.rooms.push(Room { left, exhausted: false });
            self.rooms.len() - 1
        })
    }

    fn take(&mut self, payment: &NewPayment) -> Result<(), DecisionError> {
        let NewPayment { ordinal, lot: number, minor, .. } = *payment;
        if u64::from(ordinal) < self.next_ordinal {
            return Err(DecisionError::NotInFileOrder { ordinal });
        }
        self.next_ordinal = u64::from(ordinal) + 1;
        if minor <= 0 {
            return Err(DecisionError::AmountNotPositive { ordinal });
        }
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let lot = self.lots.get_mut(place).ok_or(DecisionError::NoSuchLot { ordinal, lot: number })?;
        if let Some(closed) = lot.closed {
            let range = &mut self.refusals[closed];
            range.last = ordinal;
            range.count += 1;
            return Ok(());
        }
        if let Some(code) = lot.barred {
            // The account is at fault, not the amount.
            self.close(place, payment, code, String::new());
            return Ok(());
        }
        let (limit, funds, currency) = (lot.limit, Some(lot.funds).filter(|_| lot.due), lot.currency);
        // An account without funds refuses all later payments, small ones too: the client can foresee file order.
        if self.rooms[limit].exhausted {
            self.close(place, payment, Code::DayLimitExceeded, held_against(minor, self.rooms[limit].left, currency));
            return Ok(());
        }
        if let Some(funds) = funds.filter(|funds| self.rooms[*funds].exhausted) {
            self.close(place, payment, Code::InsufficientFunds, held_against(minor, self.rooms[funds].left, currency));
            return Ok(());
        }
        if let Some(limit) = lot.payment_limit.filter(|limit| minor > *limit) {
            let detail = held_against(minor, limit, currency);
            self.refusals.push(refusal(self.request.message, payment, Code::PaymentLimitExceeded, detail));
            return Ok(());
        }
        if !self.rooms[limit].covers(minor) {
            self.close(place, payment, Code::DayLimitExceeded, held_against(minor, self.rooms[limit].left, currency));
            return Ok(());
        }
        if let Some(funds) = funds.filter(|funds| !self.rooms[*funds].covers(minor)) {
            self.close(place, payment, Code::InsufficientFunds, held_against(minor, self.rooms[funds].left, currency));
            return Ok(());
        }
        let lot = &mut self.lots[place];
        self.rooms[lot.limit].left -= minor;
        if lot.due {
            self.rooms[lot.funds].left -= minor;
        }
        if lot.count == 0 {
            lot.first = ordinal;
        }
        lot.last = ordinal;
        lot.count += 1;
        // Cannot overflow: what a date's limit leaves, at most `i64::MAX`, covers it.
        lot.total += minor;
        Ok(())
    }

    /// Refuses this payment and all later ones of its lot. What is left no longer changes, so `detail` states it for all of
    /// them; the amount in it is that of this payment alone.
    fn close(&mut self, place: usize, payment: &NewPayment, code: Code, detail: String) {
        self.lots[place].closed = Some(self.refusals.len());
        self.refusals.push(refusal(self.request.message, payment, code, detail));
    }

    /// Refuses what is not refused yet, because the message is all or nothing.
    fn refuse_remainder(&mut self) {
        let (Some(first), Some(last)) = (self.request.payments.first(), self.request.payments.last()) else { return };
        let refused: usize = self.refusals.iter().map(|refusal| refusal.count as usize).sum();
        let count = u32::try_from(self.request.payments.len() - refused).unwrap_or(u32::MAX);
        if count > 0 {
            self.refusals.push(Refusal {
                message: self.request.message,
                first: first.ordinal,
                last: last.ordinal,
                lot: None,
                count,
                code: Code::RefusedByPolicy.id().to_owned(),
                detail: String::new(),
                line: first.line,
                stage: RefusalStage::Admission,
            });
        }
    }

    fn accepted_lots(&self) -> Vec<Lot> {
        let numbered = (0_u32..).zip(&self.lots);
        numbered
            .filter(|(_, lot)| lot.count > 0)
            .map(|(number, lot)| Lot {
                id: LotId { message: self.request.message, number },
                block: lot.draft.block,
                debtor: lot.draft.debtor,
                route: lot.draft.route,
                execution_date: lot.draft.execution_date,
                first: lot.first,
                last: lot.last,
                count: lot.count,
                total: lot.total,
                limit_per_payment: lot.payment_limit,
                stage: if lot.due { Stage::Held } else { Stage::Scheduled },
                executed_below: lot.first,
                booked: 0,
                booked_count: 0,
                refused: 0,
                refused_count: 0,
            })
            .collect()
    }

    fn refusals_in_order(mut self) -> Vec<Refusal> {
        self.refusals.sort_by_key(|refusal| (refusal.first, refusal.last));
        self.refusals
    }
}

/// An amount, and what it was held against: a limit, or what is left of one or of the funds.
fn held_against(minor: i64, left: i64, currency: Currency) -> String {
    format!("{}{HELD_AGAINST}{}", shown(minor, currency), shown(left.max(0), currency))
}

fn refusal(message: MessageId, payment: &NewPayment, code: Code, detail: String) -> Refusal {
    Refusal {
        message,
        first: payment.ordinal,
        last: payment.ordinal,
        lot: Some(payment.lot),
        count: 1,
        code: code.id().to_owned(),
        detail,
        line: payment.line,
        stage: RefusalStage::Admission,
    }
}
