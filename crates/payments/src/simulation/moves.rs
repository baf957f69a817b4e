//! The moves of the simulated treasury.

use jiff::Span;
use ledger::{AccountId, AccountRole, AccountState, CreditId, Limits};
use money::Currency;
use rulebook::Route;

use super::orders::{Order, currencies, review};
use super::treasury::Problem;
use super::{Outcome, Simulation};
use crate::{
    AdmissionRequest, DecisionError, ExecutionItem, Incoming, Lot, MessageId, PaymentId, Rejection, SettlementItem,
    Stage, Step, admit, dispatch, execute_internal, fall_due, incoming_credit, open_business_day, return_payment,
    settle,
};

/// Payments of one chunk at most: small, so that lots take several.
const CHUNK_MAX: usize = 4;
/// Once in so many decisions the machine stops before the transaction is committed.
const CRASH_ONCE_IN: usize = 25;
/// Snapshots of lots kept for stale attempts.
const SNAPSHOTS_MAX: usize = 50;
/// Open accounts are kept at this number.
const ACCOUNTS: usize = 12;

impl Simulation {
    /// Opens accounts until there are enough.
    pub(super) fn open_accounts(&mut self) -> Outcome {
        let open =
            |account: &&ledger::Account| account.role == AccountRole::Customer && account.state != AccountState::Closed;
        while self.treasury.accounts.values().filter(open).count() < ACCOUNTS {
            let [eur, usd] = currencies();
            let currency = if self.random.once_in(8) { usd } else { eur };
            let limits = self.draw_limits();
            let minor = self.random.between(0, 60_000);
            self.treasury.open_account(currency, minor, limits)?;
            self.happened("account opened", || format!("an account opens with {minor} {currency}"));
        }
        Ok(())
    }

    pub(super) fn submit(&mut self) -> Outcome {
        let order = Order::draw(&mut self.random, &self.treasury);
        let message = MessageId(self.next_message);
        self.next_message += 1;
        let payments = order.drafts();
        let actor = self.actor.clone();
        let request = AdmissionRequest {
            message,
            acceptance: order.acceptance,
            lots: &order.lots,
            payments: &payments,
            occasion: self.occasion(&actor),
        };
        let debtors: Vec<AccountId> = order.lots.iter().map(|lot| lot.debtor).collect();
        let mut dates: Vec<_> = order.lots.iter().map(|lot| lot.execution_date).collect();
        dates.push(self.treasury.day);
        let before = self.treasury.book(&debtors, &dates);
        let mut book = before.clone();
        let admission = admit(&request, &mut book).map_err(|error| error.to_string())?;
        if let Some(problem) = review(&request, &before, &book, &admission).into_iter().next() {
            return Err(problem);
        }
        if self.crashes("admission") {
            return Ok(());
        }
        let mut refusals = order.refused_before(message);
        refusals.extend_from_slice(&admission.refusals);
        let kind = match (admission.lots.is_empty(), refusals.is_empty()) {
            (true, _) => "message refused",
            (false, true) => "message accepted",
            (false, false) => "message accepted in part",
        };
        self.happened(kind, || {
            format!("message {} of {} payments, {} lots", message.0, order.payments.len(), admission.lots.len())
        });
        for lot in &admission.lots {
            self.count(if lot.stage == Stage::Held { "lot held at once" } else { "lot scheduled" });
        }
        for refusal in &admission.refusals {
            self.count(&format!("admission refuses with {}", refusal.code));
            if refusal.count > 1 {
                self.count("a range refused in one row");
            }
        }
        self.treasury.save(&book)?;
        self.treasury.insert_message(message, order.payments, refusals, &admission.lots);
        Ok(())
    }

    pub(super) fn execute(&mut self) -> Outcome {
        let held = self.treasury.lots_in(Stage::Held, Some(Route::Internal));
        let Some(lot) = self.random.pick(&held).and_then(|id| self.treasury.lots.get(id)).cloned() else {
            return Ok(());
        };
        let step = self.execute_chunk(&lot, lot.executed_below)?;
        let (step, book) = step.map_err(|error| error.to_string())?;
        self.commit("execution", &step, &book)
    }

    /// Executes the next chunk of a lot, from an ordinal that may be out of date.
    pub(super) fn execute_chunk(&mut self, lot: &Lot, from: u32) -> Result<Decided, Problem> {
        let view = Lot { executed_below: from, ..lot.clone() };
        let limit = 1 + self.random.below(CHUNK_MAX);
        let items: Vec<ExecutionItem> = self
            .treasury
            .next_payments(&view, limit)
            .iter()
            .map(|payment| ExecutionItem {
                ordinal: payment.ordinal,
                minor: payment.minor,
                creditor: payment.creditor,
                line: 10 + payment.ordinal,
            })
            .collect();
        let mut accounts: Vec<AccountId> = items.iter().filter_map(|item| item.creditor).collect();
        accounts.push(lot.debtor);
        let before = self.treasury.book(&accounts, &[lot.execution_date]);
        let mut book = before.clone();
        let decided = execute_internal(lot, &items, &mut book, self.occasion("executor"));
        unchanged_if_refused(decided, &before, book)
    }

    pub(super) fn hand_over(&mut self) -> Outcome {
        let held = self.treasury.lots_in(Stage::Held, Some(Route::Sepa));
        let Some(lot) = self.random.pick(&held).and_then(|id| self.treasury.lots.get(id)).cloned() else {
            return Ok(());
        };
        let mut book = self.treasury.book(&[lot.debtor], &[lot.execution_date]);
        let step = dispatch(&lot, &mut book, self.occasion("executor")).map_err(|error| error.to_string())?;
        self.commit("dispatch", &step, &book)
    }

    pub(super) fn answer(&mut self) -> Outcome {
        let dispatched = self.treasury.lots_in(Stage::Dispatched, None);
        let Some(lot) = self.random.pick(&dispatched).and_then(|id| self.treasury.lots.get(id)).cloned() else {
            return Ok(());
        };
        let (step, book) = self.settle_chunk(&lot, lot.executed_below)?.map_err(|error| error.to_string())?;
        self.commit("settlement", &step, &book)
    }

    pub(super) fn settle_chunk(&mut self, lot: &Lot, from: u32) -> Result<Decided, Problem> {
        let view = Lot { executed_below: from, ..lot.clone() };
        let limit = 1 + self.random.below(CHUNK_MAX);
        let payments = self.treasury.next_payments(&view, limit);
        let items: Vec<SettlementItem> = payments
            .iter()
            .map(|payment| SettlementItem {
                ordinal: payment.ordinal,
                minor: payment.minor,
                line: 10 + payment.ordinal,
            })
            .collect();
        let rejections: Vec<Rejection<'_>> = items
            .iter()
            .filter(|_| self.random.once_in(6))
            .map(|item| Rejection { ordinal: item.ordinal, code: "TDAM-7001", detail: "" })
            .collect();
        let currency = self.treasury.accounts.get(&lot.debtor).map_or(Currency::EUR, |account| account.currency);
        let house = self.treasury.settlement[&currency];
        let before = self.treasury.book(&[lot.debtor, house], &[lot.execution_date]);
        let mut book = before.clone();
        let decided = settle(lot, &items, &rejections, house, &mut book, self.occasion("settlement"));
        unchanged_if_refused(decided, &before, book)
    }

    pub(super) fn dates_come(&mut self, cut_off_passed: bool) -> Outcome {
        let lots: Vec<Lot> = self.treasury.lots.values().cloned().collect();
        let debtors: Vec<AccountId> = lots.iter().map(|lot| lot.debtor).collect();
        let dates: Vec<_> = lots.iter().map(|lot| lot.execution_date).collect();
        let mut book = self.treasury.book(&debtors, &dates);
        // The cut-off of SEPA comes first.
        let sepa_passed = cut_off_passed || self.random.once_in(8);
        let passed = |route| if route == Route::Sepa { sepa_passed } else { cut_off_passed };
        let since = |lot: &Lot| self.treasury.waiting_since.get(&lot.id).copied().unwrap_or(lot.execution_date);
        let steps = fall_due(&lots, &mut book, passed, since, self.occasion("executor"));
        let steps = steps.map_err(|error| error.to_string())?;
        if self.crashes("falling due") {
            return Ok(());
        }
        for step in &steps {
            match (step.was.stage, step.lot.stage) {
                (Stage::AwaitingFunds, Stage::Held) => self.count("funds came"),
                (_, Stage::AwaitingFunds) => self.count("waits for funds"),
                (_, Stage::Held) => self.count("fell due, covered"),
                _ => {}
            }
            self.write(step)?;
        }
        self.happened("dates looked at", || format!("{} lots change because their time has come", steps.len()));
        self.treasury.save(&book)?;
        Ok(())
    }

    pub(super) fn next_day(&mut self) -> Outcome {
        let days = if self.random.once_in(5) { 3 } else { 1 };
        let next = self.treasury.day.saturating_add(Span::new().days(days));
        let next = open_business_day(self.treasury.day, next).map_err(|error| error.to_string())?;
        self.treasury.close_day(next);
        self.at = self.at.saturating_add(jiff::SignedDuration::from_hours(24 * days)).map_err(|e| e.to_string())?;
        self.happened("business day moved", || format!("the business day is {next}"));
        self.open_accounts()
    }

    pub(super) fn credit_arrives(&mut self) -> Outcome {
        // An awaited amount, give or take a cent; or any amount to any account.
        let waiting = self.treasury.lots_in(Stage::AwaitingFunds, None);
        let waiting = self.random.pick(&waiting).and_then(|id| self.treasury.lots.get(id));
        let missing = waiting.and_then(|lot| {
            let account = self.treasury.accounts.get(&lot.debtor)?;
            Some((account.clone(), lot.open_minor() - account.available()?))
        });
        let (account, minor) = match missing {
            Some((account, missing)) => (account, (missing + self.random.between(-1, 1)).max(1)),
            None => {
                let Some(account) = self.any_customer().cloned() else { return Ok(()) };
                (account, self.random.between(1, 60_000))
            }
        };
        let (id, currency) = (account.id, account.currency);
        let incoming = Incoming { id: CreditId(self.next_incoming), account: id, minor };
        let house = self.treasury.settlement[&currency];
        let before = self.treasury.book(&[id, house], &[]);
        let mut book = before.clone();
        match incoming_credit(&incoming, house, &mut book) {
            Ok(journal) => {
                if self.crashes("incoming credit") {
                    return Ok(());
                }
                self.next_incoming += 1;
                self.treasury.write_entries(&journal)?;
                self.treasury.save(&book)?;
                self.happened("incoming credit", || format!("{minor} arrive on account {}", id.0));
            }
            Err(error) if before == book => self.count(&refused_as("incoming credit", &error)),
            Err(error) => return Err(format!("{error}, and yet the book changed")),
        }
        Ok(())
    }

    pub(super) fn money_comes_back(&mut self) -> Outcome {
        let sepa = self.treasury.lots.values().filter(|lot| lot.route == Route::Sepa);
        let lots: Vec<Lot> = sepa.filter(|lot| lot.stage >= Stage::Held).cloned().collect();
        let Some(lot) = self.random.pick(&lots) else { return Ok(()) };
        let Some(message) = self.treasury.messages.get(&lot.id.message) else { return Ok(()) };
        let accepted: Vec<_> = message
            .payments
            .iter()
            .filter(|payment| payment.lot == Some(lot.id.number))
            .filter(|payment| !message.refusals.iter().any(|it| it.covers(payment.ordinal, payment.lot)))
            .copied()
            .collect();
        let Some(payment) = self.random.pick(&accepted).copied() else { return Ok(()) };
        let id = PaymentId { message: lot.id.message, ordinal: payment.ordinal };
        if self.returned.contains(&id) {
            return Ok(());
        }
        let account = &self.treasury.accounts[&lot.debtor];
        let house = self.treasury.settlement[&account.currency];
        // Of what has not settled, a cent is asked back: nothing but its place in the lot can tell.
        let minor = if payment.ordinal < lot.executed_below { payment.minor } else { 1 };
        let incoming = Incoming { id: CreditId(self.next_incoming), account: lot.debtor, minor };
        let before = self.treasury.book(&[lot.debtor, house], &[]);
        let mut book = before.clone();
        match return_payment(lot, payment.ordinal, &incoming, house, &mut book) {
            Ok(journal) => {
                if payment.ordinal >= lot.executed_below {
                    return Err(format!("{id} came back before it was settled"));
                }
                self.next_incoming += 1;
                self.returned.insert(id);
                self.treasury.write_entries(&journal)?;
                self.treasury.save(&book)?;
                self.happened("return", || format!("{id} comes back"));
            }
            Err(error) if before == book => self.count(&refused_as("return", &error)),
            Err(error) => return Err(format!("{error}, and yet the book changed")),
        }
        Ok(())
    }

    pub(super) fn account_changes(&mut self) -> Outcome {
        let Some(id) = self.any_customer().map(|account| account.id) else { return Ok(()) };
        let close = self.random.once_in(6);
        let Some(account) = self.treasury.accounts.get_mut(&id) else { return Ok(()) };
        let state = match account.state {
            AccountState::Closed => return Ok(()),
            _ if close => AccountState::Closed,
            AccountState::Blocked => AccountState::Open,
            AccountState::Open => AccountState::Blocked,
        };
        account.state = state;
        self.happened(&format!("account becomes {state:?}"), || format!("account {} becomes {state:?}", id.0));
        // Most blocks are lifted soon, so that the treasury keeps working.
        if state == AccountState::Blocked {
            self.blocked.push(id);
        }
        if self.blocked.len() > 2 {
            let lifted = self.blocked.remove(0);
            if let Some(account) = self.treasury.accounts.get_mut(&lifted)
                && account.state == AccountState::Blocked
            {
                account.state = AccountState::Open;
                self.happened("account becomes Open", || format!("account {} becomes Open", lifted.0));
            }
        }
        Ok(())
    }

    pub(super) fn limits_change(&mut self) -> Outcome {
        let Some(id) = self.any_customer().map(|account| account.id) else { return Ok(()) };
        let limits = self.draw_limits();
        if self.random.once_in(2) {
            let date = self.treasury.day.saturating_add(Span::new().days(self.random.between(0, 2)));
            self.treasury.day_limits.insert((id, date), limits);
            self.happened("limits of a day changed", || format!("account {} gets {limits:?} for {date}", id.0));
            return Ok(());
        }
        if let Some(account) = self.treasury.accounts.get_mut(&id) {
            account.limits = limits;
        }
        self.happened("limits changed", || format!("account {} gets {limits:?}", id.0));
        Ok(())
    }

    /// Writes a step, unless the machine stops before.
    pub(super) fn commit(&mut self, what: &str, step: &Step, book: &ledger::Book) -> Outcome {
        if self.crashes(what) {
            return Ok(());
        }
        self.write(step)?;
        self.treasury.save(book)?;
        self.happened(what, || {
            format!("{what}: {} is {:?} below {}", step.lot.id, step.lot.stage, step.lot.executed_below)
        });
        Ok(())
    }

    fn write(&mut self, step: &Step) -> Outcome {
        for refusal in &step.refusals {
            self.count(&format!("{:?} refuses with {}", refusal.stage, refusal.code));
        }
        if step.was.stage != step.lot.stage {
            self.count(&format!("lot {:?} after {:?}", step.lot.stage, step.was.stage));
        }
        if let Some(lot) = self.treasury.lots.get(&step.lot.id) {
            self.snapshots.push(lot.clone());
        }
        if self.snapshots.len() > SNAPSHOTS_MAX {
            self.snapshots.remove(0);
        }
        self.treasury.write_step(step)
    }

    fn crashes(&mut self, what: &str) -> bool {
        let crashes = self.random.once_in(CRASH_ONCE_IN);
        if crashes {
            self.happened(&format!("crash before the commit of {what}"), || format!("crash during {what}"));
        }
        crashes
    }

    fn any_customer(&mut self) -> Option<&ledger::Account> {
        let customers = self.treasury.accounts.values().filter(|account| account.role == AccountRole::Customer);
        let mut customers: Vec<&ledger::Account> = customers.collect();
        // Closed ones gather over time.
        if !self.random.once_in(10) {
            customers.retain(|account| account.state != AccountState::Closed);
        }
        self.random.pick(&customers).copied()
    }

    fn draw_limits(&mut self) -> Limits {
        let mut one_of = |limits: [Option<i64>; 3]| limits[self.random.below(3)];
        Limits {
            per_payment: one_of([None, Some(5_000), Some(20_000)]),
            per_day: one_of([None, Some(15_000), Some(50_000)]),
        }
    }
}

pub(super) type Decided = Result<(Step, ledger::Book), DecisionError>;

/// A refused decision must have left the book as it was.
pub(super) fn unchanged_if_refused(
    decided: Result<Step, DecisionError>,
    before: &ledger::Book,
    after: ledger::Book,
) -> Result<Decided, Problem> {
    match decided {
        Ok(step) => Ok(Ok((step, after))),
        Err(error) if *before == after => Ok(Err(error)),
        Err(error) => Err(format!("{error}, and yet the book changed")),
    }
}

/// A name for what was refused and why, without the particulars.
pub(super) fn refused_as(what: &str, error: &DecisionError) -> String {
    let reason = format!("{error:?}");
    let name: String = reason.chars().take_while(|letter| letter.is_alphanumeric()).collect();
    format!("{what} refused: {name}")
}
