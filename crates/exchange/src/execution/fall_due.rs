//! Lots fall due: at the start of their day they are held, or wait for funds until the cut-off.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::AccountId;
use payments::{Lot, LotId, Occasion, Stage, fall_due};
use rulebook::Route;
use store::{Reading, StoreError};

use crate::background::chore::{Chore, Doing, Round};
use crate::execution::lots::lots_in_stage;
use crate::execution::step::{EXECUTOR, apply, book_of};
use crate::{Exchange, Failure, local_time_of_receipt};

pub(crate) struct FallDue;

impl Chore for FallDue {
    fn name(&self) -> &'static str {
        "fall due"
    }

    fn is_counted(&self) -> bool {
        true
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, _: &'a mut Round) -> Doing<'a> {
        Box::pin(exchange.let_fall_due())
    }
}

impl Exchange {
    /// Holds the funds of due lots, and lets uncovered ones wait. Returns whether anything changed.
    async fn let_fall_due(&self) -> Result<bool, Failure> {
        let now = self.now();
        let exchange = self.clone();
        let ready = self.inner.store.read(move |reading| exchange.ready_lots(reading, now)).await?;
        if ready.is_empty() {
            return Ok(false);
        }
        let exchange = self.clone();
        self.inner
            .store
            .write_behind(move |writing| {
                let mut lots = Vec::with_capacity(ready.len());
                let mut since = HashMap::new();
                for id in &ready {
                    if let Some(lot) = writing.lot(*id)? {
                        since.insert(lot.id, waiting_since(writing, &lot)?);
                        lots.push(lot);
                    }
                }
                let mut book = book_of(writing, &lots, &[])?;
                let day = book.business_day;
                let occasion = Occasion { at: now, actor: EXECUTOR };
                let passed = |route| exchange.cut_off_passed(route, day, now);
                let since = |lot: &Lot| since.get(&lot.id).copied().unwrap_or(lot.execution_date);
                let steps = fall_due(&lots, &mut book, passed, since, occasion)?;
                for step in &steps {
                    apply(writing, step)?;
                }
                writing.save_book(&book)?;
                Ok(!steps.is_empty())
            })
            .await
    }

    /// Lots of which [`fall_due`] would change something, searched in a snapshot, so that waiting costs no commit.
    fn ready_lots(&self, reading: &mut dyn Reading, now: Timestamp) -> Result<Vec<LotId>, Failure> {
        let day = reading.business_day()?;
        let scheduled = lots_in_stage(reading, Stage::Scheduled, day)?;
        let mut ready: Vec<LotId> = scheduled.iter().map(|lot| lot.id).collect();
        let waiting = lots_in_stage(reading, Stage::AwaitingFunds, day)?;
        let debtors: Vec<AccountId> =
            waiting.iter().map(|lot| lot.debtor).collect::<BTreeSet<_>>().into_iter().collect();
        let accounts = if debtors.is_empty() { Vec::new() } else { reading.accounts(&debtors)? };
        for lot in waiting {
            let account = accounts.iter().find(|account| account.ledger.id == lot.debtor);
            let covered = account.and_then(|account| account.ledger.available()).is_none_or(|left| left >= lot.total);
            let closed = account.is_none_or(|account| account.ledger.state != ledger::AccountState::Open);
            let late = waiting_since(reading, &lot)? < day || self.cut_off_passed(lot.route, day, now);
            if covered || closed || late {
                ready.push(lot.id);
            }
        }
        Ok(ready)
    }

    /// Whether the last moment of the business day for a route is over.
    fn cut_off_passed(&self, route: Route, business_day: Date, now: Timestamp) -> bool {
        let now = local_time_of_receipt(&self.inner.settings, now, business_day);
        let cut_off = self.inner.settings.guideline.cut_offs.of(route);
        now > business_day.to_datetime(cut_off)
    }
}

/// The business day on which a lot began to wait for funds; its execution date, where that is not over yet or it does
/// not wait.
fn waiting_since<R: Reading + ?Sized>(reading: &mut R, lot: &Lot) -> Result<Date, StoreError> {
    if lot.stage != Stage::AwaitingFunds || lot.execution_date >= reading.business_day()? {
        return Ok(lot.execution_date);
    }
    let event = reading.last_event(lot.id)?;
    let event = event.ok_or_else(|| StoreError::Corrupt(format!("{} waits for funds and has no event", lot.id)))?;
    Ok(event.business_day)
}
