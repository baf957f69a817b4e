//! The simulated treasury's rows, which it loads and writes back as a store would.
//!
//! The treasury does not trust decisions. It keeps entries, uses of limits and stages of its own, refuses steps that
//! contradict them, and the invariants compare both.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use ledger::{
    Account, AccountId, AccountRole, AccountState, Book, CreditId, DailyUse, Entry, EntryKind, EntrySource, Growth,
    Journal, Limits,
};
use money::Currency;
use rulebook::{Code, Route};

use crate::invariants::{DailyUseFact, DayFact, Facts, PaymentFact, check};
use crate::status::{BlockTotals, payment_status, summarise};
use crate::{Lot, LotId, MessageId, PaymentId, Refusal, RefusalStage, Stage, Status, Step};

/// Something that must not happen, in words.
pub(super) type Problem = String;

/// A payment as the treasury stores it.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoredPayment {
    pub(super) ordinal: u32,
    pub(super) block: u32,
    /// `None`: refused before it got into one.
    pub(super) lot: Option<u32>,
    pub(super) minor: i64,
    pub(super) creditor: Option<AccountId>,
}

/// An accepted or refused message.
#[derive(Clone, Debug)]
pub(super) struct StoredMessage {
    pub(super) payments: Vec<StoredPayment>,
    pub(super) refusals: Vec<Refusal>,
    pub(super) decided_on: Date,
    /// What was reported last: of the payments, and of group and blocks.
    payment_statuses: BTreeMap<u32, Status>,
    summary_statuses: Vec<Status>,
}

/// All rows.
pub(super) struct Treasury {
    pub(super) day: Date,
    pub(super) accounts: BTreeMap<AccountId, Account>,
    pub(super) messages: BTreeMap<MessageId, StoredMessage>,
    pub(super) lots: BTreeMap<LotId, Lot>,
    /// The business days on which lots began to wait for funds.
    pub(super) waiting_since: BTreeMap<LotId, Date>,
    pub(super) settlement: BTreeMap<Currency, AccountId>,
    opening: BTreeMap<Currency, AccountId>,
    daily_use: BTreeMap<(AccountId, Date), DailyUse>,
    /// Limits of one day in place of an account's own.
    pub(super) day_limits: BTreeMap<(AccountId, Date), Limits>,
    entries: BTreeMap<(AccountId, Currency, Date), i128>,
    sources: BTreeSet<(AccountId, EntrySource)>,
    debits: BTreeMap<PaymentId, (u32, i64)>,
    days: BTreeMap<(AccountId, Date), (i64, i64)>,
    opened_with: BTreeMap<AccountId, i64>,
    next_account: i64,
    /// Messages whose statuses may have changed since the last check.
    touched: BTreeSet<MessageId>,
}

/// How many days finished messages, and days of accounts, are kept before they are summed up.
const KEPT_DAYS: i64 = 2;

impl Treasury {
    pub(super) fn new(day: Date, currencies: &[Currency]) -> Treasury {
        let mut treasury = Treasury {
            day,
            accounts: BTreeMap::new(),
            messages: BTreeMap::new(),
            lots: BTreeMap::new(),
            waiting_since: BTreeMap::new(),
            settlement: BTreeMap::new(),
            opening: BTreeMap::new(),
            daily_use: BTreeMap::new(),
            day_limits: BTreeMap::new(),
            entries: BTreeMap::new(),
            sources: BTreeSet::new(),
            debits: BTreeMap::new(),
            days: BTreeMap::new(),
            opened_with: BTreeMap::new(),
            next_account: 1,
            touched: BTreeSet::new(),
        };
        for &currency in currencies {
            let settlement = treasury.insert(currency, AccountRole::House, Limits::default());
            let opening = treasury.insert(currency, AccountRole::House, Limits::default());
            treasury.settlement.insert(currency, settlement);
            treasury.opening.insert(currency, opening);
        }
        treasury
    }

    fn insert(&mut self, currency: Currency, role: AccountRole, limits: Limits) -> AccountId {
        let id = AccountId(self.next_account);
        self.next_account += 1;
        let account = Account { id, currency, role, state: AccountState::Open, balance: 0, held: 0, limits };
        self.accounts.insert(id, account);
        self.opened_with.insert(id, 0);
        id
    }

    /// Opens a customer's account with a balance.
    pub(super) fn open_account(
        &mut self,
        currency: Currency,
        minor: i64,
        limits: Limits,
    ) -> Result<AccountId, Problem> {
        let id = self.insert(currency, AccountRole::Customer, limits);
        let house = *self.opening.get(&currency).ok_or("no opening account")?;
        let side =
            |account, minor, source| Entry { account, minor, kind: EntryKind::Opening, source, counter_account: None };
        // The house's side needs a source of its own for each account opened.
        let entries = vec![
            side(id, minor, EntrySource::Opening),
            side(house, -minor, EntrySource::Incoming { id: CreditId(-id.0) }),
        ];
        let journal = Journal { booking_date: self.day, value_date: self.day, currency, entries };
        let mut book = self.book(&[id, house], &[]);
        book.book(&journal).map_err(|error| error.to_string())?;
        self.write_entries(&journal)?;
        self.save(&book)?;
        Ok(id)
    }

    /// Loads what a decision needs.
    pub(super) fn book(&self, accounts: &[AccountId], dates: &[Date]) -> Book {
        let loaded: BTreeSet<AccountId> = accounts.iter().copied().collect();
        let rows = loaded.iter().filter_map(|id| self.accounts.get(id)).cloned().collect();
        let uses = dates.iter().flat_map(|date| loaded.iter().map(move |id| (*id, *date)));
        let uses = uses.filter_map(|(id, date)| self.daily_use.get(&(id, date)).map(|used| (id, date, *used)));
        let limits = self.day_limits.iter().filter(|((id, date), _)| loaded.contains(id) && dates.contains(date));
        Book::new(self.day, rows, uses.collect())
            .with_day_limits(limits.map(|(&(id, date), &limits)| (id, date, limits)))
    }

    /// The limits for payments that are executed on a date, found without a book.
    pub(super) fn limits_on(&self, id: AccountId, date: Date) -> Option<Limits> {
        let own = self.accounts.get(&id).map(|account| account.limits);
        self.day_limits.get(&(id, date)).copied().or(own)
    }

    /// Writes back what a decision changed. Which limit let a use grow is found out from the account, and not believed.
    pub(super) fn save(&mut self, book: &Book) -> Result<(), Problem> {
        for account in book.accounts() {
            self.accounts.insert(account.id, account.clone());
        }
        for (id, date, used) in book.daily_use() {
            let limit = self.limits_on(id, date).and_then(|limits| limits.per_day);
            let known = self.daily_use.entry((id, date)).or_default();
            if used.minor > known.minor {
                known.growth = limit.map(|limit| Growth { to: used.minor, limit });
            }
            known.minor = used.minor;
            if *known != used {
                return Err(format!("the use of {date} by account {} is {used:?}, and should be {known:?}", id.0));
            }
        }
        Ok(())
    }

    /// Writes a step. Refuses one that was decided on an older state of its lot.
    pub(super) fn write_step(&mut self, step: &Step) -> Result<(), Problem> {
        let id = step.lot.id;
        let stored = self.lots.get(&id).ok_or(format!("{id} is not stored"))?;
        if stored.position() != step.was {
            return Err(STALE.to_owned());
        }
        if step.lot.stage < stored.stage || step.lot.executed_below < stored.executed_below {
            return Err(format!("{id} goes back from {:?} to {:?}", stored.position(), step.lot.position()));
        }
        for event in &step.events {
            if event.lot != id || event.stage != step.lot.stage || event.business_day != self.day {
                return Err(format!("{event:?} does not tell what happened to {id}"));
            }
        }
        if step.lot.stage == Stage::AwaitingFunds {
            self.waiting_since.entry(id).or_insert(self.day);
        }
        self.lots.insert(id, step.lot.clone());
        self.touched.insert(id.message);
        if let Some(journal) = &step.journal {
            self.write_entries(journal)?;
        }
        self.write_refusals(id.message, &step.refusals)
    }

    pub(super) fn write_refusals(&mut self, message: MessageId, refusals: &[Refusal]) -> Result<(), Problem> {
        let stored = self.messages.get_mut(&message).ok_or("a refusal of an unknown message")?;
        stored.refusals.extend_from_slice(refusals);
        Ok(())
    }

    pub(super) fn write_entries(&mut self, journal: &Journal) -> Result<(), Problem> {
        if journal.booking_date != self.day {
            return Err(format!("booked on {} on {}", journal.booking_date, self.day));
        }
        for entry in &journal.entries {
            if !self.sources.insert((entry.account, entry.source)) {
                return Err(format!("a second entry for {:?} on account {}", entry.source, entry.account.0));
            }
            let day = (entry.account, journal.currency, journal.booking_date);
            *self.entries.entry(day).or_default() += i128::from(entry.minor);
            if let EntrySource::Payment { message, ordinal } = entry.source
                && entry.minor < 0
            {
                let payment = PaymentId { message: MessageId(message), ordinal };
                let (count, sum) = self.debits.entry(payment).or_default();
                *count += 1;
                *sum += entry.minor;
            }
        }
        Ok(())
    }

    /// Stores a message that was decided on.
    pub(super) fn insert_message(
        &mut self,
        id: MessageId,
        payments: Vec<StoredPayment>,
        refusals: Vec<Refusal>,
        lots: &[Lot],
    ) {
        let message = StoredMessage {
            payments,
            refusals,
            decided_on: self.day,
            payment_statuses: BTreeMap::new(),
            summary_statuses: Vec::new(),
        };
        self.messages.insert(id, message);
        self.touched.insert(id);
        self.lots.extend(lots.iter().map(|lot| (lot.id, lot.clone())));
    }

    /// The next payments of a lot, in file order.
    pub(super) fn next_payments(&self, lot: &Lot, limit: usize) -> Vec<StoredPayment> {
        let Some(message) = self.messages.get(&lot.id.message) else { return Vec::new() };
        let of_lot = message.payments.iter().filter(|payment| payment.lot == Some(lot.id.number));
        let next = of_lot.filter(|payment| payment.ordinal >= lot.executed_below);
        // Not those that execution refused: who reads with an old place in mind finds them still to be done.
        let is_passed_over =
            |it: &Refusal| it.stage == RefusalStage::Admission || it.code == Code::CancelledByClient.id();
        let passed_over = || message.refusals.iter().filter(|refusal| is_passed_over(refusal));
        let open = next.filter(|payment| !passed_over().any(|it| it.covers(payment.ordinal, payment.lot)));
        open.take(limit).copied().collect()
    }

    /// Lots that can be worked on.
    pub(super) fn lots_in(&self, stage: Stage, route: Option<Route>) -> Vec<LotId> {
        let lots = self.lots.values().filter(|lot| lot.stage == stage);
        lots.filter(|lot| route.is_none_or(|route| route == lot.route)).map(|lot| lot.id).collect()
    }

    /// Ends the business day: fixes its balances, and sums up what is long over.
    pub(super) fn close_day(&mut self, next: Date) {
        for (id, account) in &self.accounts {
            let opening = self.opened_with.insert(*id, account.balance).unwrap_or(0);
            self.days.insert((*id, self.day), (opening, account.balance));
        }
        self.day = next;
        self.sum_up();
    }

    fn sum_up(&mut self) {
        let kept = self.day.saturating_sub(jiff::Span::new().days(KEPT_DAYS));
        self.days.retain(|(_, date), _| *date >= kept);
        let long_ago = Date::constant(2000, 1, 1);
        let old: Vec<_> =
            self.entries.keys().filter(|(_, _, date)| *date < kept && *date > long_ago).copied().collect();
        for key @ (account, currency, _) in old {
            let minor = self.entries.remove(&key).unwrap_or(0);
            *self.entries.entry((account, currency, long_ago)).or_default() += minor;
        }
        let finished = |lot: &Lot| lot.stage >= Stage::Completed && lot.execution_date < kept;
        let lots = &self.lots;
        let of = |id: MessageId| lots.range(first_lot(id)..=last_lot(id)).map(|(_, lot)| lot);
        let over = |(id, message): &(&MessageId, &StoredMessage)| message.decided_on < kept && of(**id).all(finished);
        let over: Vec<MessageId> = self.messages.iter().filter(over).map(|(id, _)| *id).collect();
        for id in over {
            self.messages.remove(&id);
            self.debits.retain(|payment, _| payment.message != id);
            let lots: Vec<LotId> = self.lots.range(first_lot(id)..=last_lot(id)).map(|(id, _)| *id).collect();
            for lot in lots.iter().filter_map(|id| self.lots.remove(id)) {
                if let Some(used) = self.daily_use.get_mut(&(lot.debtor, lot.execution_date)) {
                    used.minor -= lot.limit_use();
                }
            }
        }
        self.daily_use.retain(|(_, date), used| *date >= kept || used.minor != 0);
    }

    /// What the invariants speak of.
    fn facts(&self) -> Facts {
        let mut facts = Facts::new();
        self.accounts.values().for_each(|account| facts.account(account));
        for (&(account, currency, date), &minor) in &self.entries {
            facts.entries(account, currency, date, minor);
        }
        self.lots.values().for_each(|lot| facts.lot(lot));
        for (&(account, date), &used) in &self.daily_use {
            facts.daily_use(DailyUseFact { account, date, used });
        }
        for (&(account, date), &(opening, closing)) in &self.days {
            facts.day(DayFact { account, date, opening, closing });
        }
        for (&message, stored) in &self.messages {
            for payment in &stored.payments {
                let id = PaymentId { message, ordinal: payment.ordinal };
                let (debits, debited) = self.debits.get(&id).copied().unwrap_or((0, 0));
                let refused = stored.refusals.iter().any(|it| it.covers(payment.ordinal, payment.lot));
                let StoredPayment { lot, minor, .. } = *payment;
                facts.payment(PaymentFact { id, lot, minor, debits, debited, refused });
            }
        }
        facts
    }

    /// What does not hold; nothing when all is well.
    pub(super) fn check(&mut self, quiescent: bool) -> Vec<Problem> {
        let mut facts = self.facts();
        if quiescent {
            facts.quiescent();
        }
        let mut problems: Vec<Problem> = check(&facts).iter().map(ToString::to_string).collect();
        problems.extend(self.check_statuses());
        problems
    }

    /// Statuses agree with what was booked, their counts add up, and none goes back.
    fn check_statuses(&mut self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for id in std::mem::take(&mut self.touched) {
            let Some(message) = self.messages.get_mut(&id) else { continue };
            let lots: Vec<Lot> = self.lots.range(first_lot(id)..=last_lot(id)).map(|(_, lot)| lot.clone()).collect();
            for payment in &message.payments {
                let this = PaymentId { message: id, ordinal: payment.ordinal };
                let Some(status) = payment_status(payment.ordinal, payment.lot, &lots, &message.refusals) else {
                    problems.push(format!("{this} has no status"));
                    continue;
                };
                if (status == Status::Settled) != self.debits.contains_key(&this) {
                    problems.push(format!("{this} is {} but its entries say otherwise", status.code()));
                }
                let before = message.payment_statuses.insert(payment.ordinal, status);
                if before.is_some_and(|before| !may_follow(before, status)) {
                    problems.push(format!("{this} went from {before:?} to {status:?}"));
                }
            }
            match summaries(message, &lots) {
                None => problems.push(format!("message {} cannot be summarised", id.0)),
                Some((statuses, settled)) => {
                    let booked = message.payment_statuses.values().filter(|it| **it == Status::Settled).count();
                    if settled != booked as u64 {
                        problems.push(format!("message {} reports {settled} settled, {booked} are", id.0));
                    }
                    let before = std::mem::replace(&mut message.summary_statuses, statuses);
                    let moved = before.iter().zip(&message.summary_statuses);
                    for (before, now) in moved.filter(|(before, now)| !may_follow(**before, **now)) {
                        problems.push(format!("a summary of message {} went from {before:?} to {now:?}", id.0));
                    }
                }
            }
        }
        problems
    }
}

/// The error of [`Treasury::write_step`] for a step that another one overtook.
pub(super) const STALE: &str = "the lot has moved on";

/// The statuses of group and blocks, and how many payments the group reports as settled.
fn summaries(message: &StoredMessage, lots: &[Lot]) -> Option<(Vec<Status>, u64)> {
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for payment in &message.payments {
        *counts.entry(payment.block).or_default() += 1;
    }
    let totals = |(&block, &count): (&u32, &u32)| BlockTotals { block, count, sum: None, currency: Currency::EUR };
    let blocks: Vec<BlockTotals> = counts.iter().map(totals).collect();
    let summary = summarise(&blocks, lots)?;
    let settled = summary.group.per_status.get(&Status::Settled).map_or(0, |tally| tally.count);
    let statuses = std::iter::once(summary.group.status).chain(summary.blocks.iter().map(|(_, it)| it.status));
    Some((statuses.collect(), settled))
}

/// Whether a status may be reported after another.
fn may_follow(before: Status, now: Status) -> bool {
    match before {
        _ if before == now => true,
        Status::Settled | Status::Rejected => false,
        Status::Partial => now == Status::Rejected,
        Status::Pending | Status::Accepted | Status::InProcess => now > before,
    }
}

fn first_lot(message: MessageId) -> LotId {
    LotId { message, number: 0 }
}

fn last_lot(message: MessageId) -> LotId {
    LotId { message, number: u32::MAX }
}
