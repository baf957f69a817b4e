//! Messages as clients might send them: amounts near what is left, many lots, dates ahead and behind.

use jiff::civil::Date;
use ledger::{AccountId, AccountRole, AccountState};
use money::Currency;
use rulebook::{Code, Route};

use super::random::Random;
use super::treasury::{Problem, StoredPayment, Treasury};
use crate::{Acceptance, Admission, AdmissionRequest, MessageId, NewLot, NewPayment, Refusal, RefusalStage, Stage};
use ledger::Book;

/// Blocks of a message, payments of a block, days ahead: enough for every case, few enough to read a trace.
const BLOCKS_MAX: usize = 3;
const PAYMENTS_MAX: usize = 8;
const DAYS_AHEAD_MAX: i64 = 3;

/// A message before it is decided on.
pub(super) struct Order {
    pub(super) acceptance: Acceptance,
    pub(super) lots: Vec<NewLot>,
    /// All payments; those without a lot were refused by the rulebook.
    pub(super) payments: Vec<StoredPayment>,
}

impl Order {
    /// Draws a message of one client: of any accounts.
    pub(super) fn draw(random: &mut Random, treasury: &Treasury) -> Order {
        let acceptance = if random.once_in(3) { Acceptance::AllOrNothing } else { Acceptance::Partial };
        let customers = treasury.accounts.values().filter(|account| account.role == AccountRole::Customer);
        let mut ids: Vec<AccountId> = customers.clone().map(|account| account.id).collect();
        // Closed accounts gather over time; mostly the others pay.
        let closed: Vec<AccountId> =
            customers.filter(|account| account.state == AccountState::Closed).map(|account| account.id).collect();
        if !random.once_in(6) {
            ids.retain(|id| !closed.contains(id));
        }
        let mut order = Order { acceptance, lots: Vec::new(), payments: Vec::new() };
        for block in 0..=random.below(BLOCKS_MAX) {
            let debtor = if random.once_in(60) { None } else { random.pick(&ids).copied() };
            let date = draw_date(random, treasury.day);
            order.draw_block(random, treasury, block, debtor.unwrap_or(AccountId(-1)), date, &ids);
        }
        order
    }

    fn draw_block(
        &mut self,
        random: &mut Random,
        treasury: &Treasury,
        block: usize,
        debtor: AccountId,
        execution_date: Date,
        payees: &[AccountId],
    ) {
        let block = u32::try_from(block).unwrap_or(0);
        let mut amounts = Amounts::of(treasury, debtor, execution_date);
        for _ in 0..=random.below(PAYMENTS_MAX) {
            let ordinal = u32::try_from(self.payments.len()).unwrap_or(u32::MAX);
            let route = if random.once_in(2) { Route::Internal } else { Route::Sepa };
            let minor = amounts.draw(random);
            let creditor = match route {
                Route::Internal if !random.once_in(25) => random.pick(payees).copied(),
                _ => None,
            };
            let by_rulebook = self.acceptance == Acceptance::Partial && random.once_in(20);
            let draft = NewLot { block, debtor, route, execution_date };
            let lot = (!by_rulebook).then(|| self.lot(draft));
            self.payments.push(StoredPayment { ordinal, block, lot, minor, creditor });
        }
    }

    fn lot(&mut self, draft: NewLot) -> u32 {
        let place = self.lots.iter().position(|lot| *lot == draft).unwrap_or_else(|| {
            self.lots.push(draft);
            self.lots.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// What admission gets to see.
    pub(super) fn drafts(&self) -> Vec<NewPayment> {
        let with_lot = self.payments.iter().filter_map(|payment| payment.lot.map(|lot| (payment, lot)));
        with_lot
            .map(|(payment, lot)| NewPayment {
                ordinal: payment.ordinal,
                lot,
                minor: payment.minor,
                line: 10 + payment.ordinal,
            })
            .collect()
    }

    /// What the rulebook refused.
    pub(super) fn refused_before(&self, message: MessageId) -> Vec<Refusal> {
        let refused = self.payments.iter().filter(|payment| payment.lot.is_none());
        refused
            .map(|payment| Refusal {
                message,
                first: payment.ordinal,
                last: payment.ordinal,
                lot: None,
                count: 1,
                code: Code::CreditorIbanCheckDigits.id().to_owned(),
                detail: String::new(),
                line: 10 + payment.ordinal,
                stage: RefusalStage::Admission,
            })
            .collect()
    }
}

fn draw_date(random: &mut Random, today: Date) -> Date {
    let days = match random.below(10) {
        0 => -random.between(1, 3),
        1..=3 => random.between(1, DAYS_AHEAD_MAX),
        _ => 0,
    };
    today.saturating_add(jiff::Span::new().days(days))
}

/// The amounts at which decisions change, for one account and date, while payments are drawn.
struct Amounts {
    payment_limit: Option<i64>,
    /// What the account and its day have left; payments drawn so far are taken off.
    left: Vec<i64>,
    /// Nothing needs to be there yet, so more is promised than there is.
    ahead: bool,
}

impl Amounts {
    fn of(treasury: &Treasury, debtor: AccountId, date: Date) -> Amounts {
        let Some(account) = treasury.accounts.get(&debtor) else {
            return Amounts { payment_limit: None, left: vec![100], ahead: false };
        };
        let date = date.max(treasury.day);
        let book = treasury.book(&[debtor], &[date]);
        let limits = treasury.limits_on(debtor, date).unwrap_or_default();
        let left_of_day = limits.per_day.map(|limit| limit - book.used_on(debtor, date));
        let left = account.available().into_iter().chain(left_of_day).collect();
        Amounts { payment_limit: limits.per_payment, left, ahead: date > treasury.day }
    }

    fn draw(&mut self, random: &mut Random) -> i64 {
        let edges: Vec<i64> = self.left.iter().copied().chain(self.payment_limit).filter(|edge| *edge > 0).collect();
        let minor = match random.pick(&edges).copied() {
            Some(edge) if random.once_in(if self.ahead { 4 } else { 10 }) => (edge + random.between(-1, 1)).max(1),
            Some(edge) => random.between(1, (edge / 4).max(1)),
            None => random.between(1, 100),
        };
        let passes = self.payment_limit.is_none_or(|limit| minor <= limit);
        self.left.iter_mut().filter(|_| passes).for_each(|left| *left -= minor);
        minor
    }
}

/// Looks at an admission with other eyes: payment by payment, with nothing but the book as it was.
pub(super) fn review(request: &AdmissionRequest<'_>, before: &Book, after: &Book, it: &Admission) -> Vec<Problem> {
    let mut problems = Vec::new();
    let whole = request.acceptance == Acceptance::AllOrNothing;
    if whole && !it.lots.is_empty() && !it.refusals.is_empty() {
        problems.push("all or nothing, and yet some".to_owned());
    }
    if it.lots.is_empty() && before != after {
        problems.push("nothing was accepted, and yet the book changed".to_owned());
    }
    let refused: u64 = it.refusals.iter().map(|refusal| u64::from(refusal.count)).sum();
    let accepted: u64 = it.lots.iter().map(|lot| u64::from(lot.count)).sum();
    if refused + accepted != request.payments.len() as u64 {
        problems.push(format!("{} payments: {accepted} accepted, {refused} refused", request.payments.len()));
    }
    for (number, draft) in (0_u32..).zip(request.lots) {
        let of_lot = request.payments.iter().filter(|payment| payment.lot == number);
        let taken = of_lot.filter(|payment| !it.refusals.iter().any(|no| no.covers(payment.ordinal, Some(number))));
        let taken: Vec<i64> = taken.map(|payment| payment.minor).collect();
        let lot = it.lots.iter().find(|lot| lot.id.number == number);
        let (count, total) = lot.map_or((0, 0), |lot| (lot.count as usize, lot.total));
        if (count, total) != (taken.len(), taken.iter().sum()) {
            problems.push(format!("lot {number} has {count} of {total}, not refused are {taken:?}"));
        }
        let due = draft.execution_date <= before.business_day;
        if lot.is_some_and(|lot| (lot.stage == Stage::Held) != due) {
            problems.push(format!("lot {number} is in the wrong stage"));
        }
        if lot.is_some_and(|lot| lot.execution_date != draft.execution_date.max(before.business_day)) {
            problems.push(format!("lot {number} counts towards the limit of a date that has passed"));
        }
        let date = draft.execution_date.max(before.business_day);
        let limit = before.limits_on(draft.debtor, date).and_then(|limits| limits.per_payment);
        if lot.is_some_and(|lot| lot.limit_per_payment != limit) {
            problems
                .push(format!("lot {number} was accepted under {limit:?}, and states another limit of one payment"));
        }
        if taken.iter().any(|minor| limit.is_some_and(|limit| *minor > limit)) {
            problems.push(format!("lot {number} has a payment over the limit of one payment"));
        }
    }
    if !whole {
        problems.extend(
            it.refusals
                .iter()
                .filter(|refusal| !justified(refusal, request, before, it))
                .map(|refusal| format!("{} of payment {} was not necessary", refusal.code, refusal.first)),
        );
    }
    problems
}

/// Whether the first payment of a refusal really did not fit into what those before it had left, or one before it
/// of the same account (and date) had not.
fn justified(refusal: &Refusal, request: &AdmissionRequest<'_>, before: &Book, it: &Admission) -> bool {
    let draft_of = |number: u32| request.lots[number as usize];
    let date_of = |number: u32| draft_of(number).execution_date.max(before.business_day);
    let Some(number) = refusal.lot else { return true };
    let Some(payment) = request.payments.iter().find(|payment| payment.ordinal == refusal.first) else { return false };
    let Some(account) = before.account(draft_of(number).debtor) else {
        return refusal.code == Code::DebtorAccountUnknown.id();
    };
    let funds = refusal.code == Code::InsufficientFunds.id();
    let shares = |other: u32| {
        let date = if funds { date_of(other) <= before.business_day } else { date_of(other) == date_of(number) };
        draft_of(other).debtor == account.id && date
    };
    let earlier = request.payments.iter().filter(|it| it.ordinal < refusal.first && shares(it.lot));
    let taken = earlier.filter(|payment| !it.refusals.iter().any(|no| no.covers(payment.ordinal, Some(payment.lot))));
    let taken: i64 = taken.map(|payment| payment.minor).sum();
    let ran_out_before =
        it.refusals.iter().any(|no| no.first < refusal.first && no.code == refusal.code && no.lot.is_some_and(&shares));
    if funds {
        return ran_out_before || account.available().is_none_or(|available| taken + payment.minor > available);
    }
    let limits = before.limits_on(account.id, date_of(number)).unwrap_or_default();
    if refusal.code == Code::DayLimitExceeded.id() {
        let used = before.used_on(account.id, date_of(number));
        let over = |limit: i64| used + taken + payment.minor > limit;
        return ran_out_before || limits.per_day.is_some_and(over);
    }
    if refusal.code == Code::PaymentLimitExceeded.id() {
        return limits.per_payment.is_some_and(|limit| payment.minor > limit);
    }
    account.state != AccountState::Open
}

/// Currencies of the simulated treasury; transfers between them are refused.
pub(super) fn currencies() -> [Currency; 2] {
    [Currency::EUR, Currency::new("USD").unwrap_or(Currency::EUR)]
}
