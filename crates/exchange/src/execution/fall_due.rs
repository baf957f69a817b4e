//! Lots fall due: at the start of their day they are held, or wait for funds until the cut-off.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::AccountId;
use payments::{Lot, LotId, Occasion, Stage, fall_due};
use rulebook::Route;
use store::{Reading, StoreError};
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::background::chore::{Chore, Doing, Round};
use crate::bounds::WAITING_LOOKED_AT_EVERY;
use crate::execution::lots::{Parts, lots_in_stage};
use crate::execution::step::{EXECUTOR, apply, book_of};
use crate::{Exchange, Failure, local_time_of_receipt};

#[derive(Default)]
pub(crate) struct FallDue {
    /// When the lots that wait for funds were last looked at.
    looked: Option<Instant>,
}

impl Chore for FallDue {
    fn name(&self) -> &'static str {
        "fall due"
    }

    fn is_counted(&self) -> bool {
        true
    }

    fn is_wanted(&self, round: &Round) -> bool {
        round.has(Stage::Scheduled) || self.looks_at_waiting(round)
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, round: &'a mut Round) -> Doing<'a> {
        Box::pin(async {
            let (begun, with_waiting) = (Instant::now(), self.looks_at_waiting(round));
            let more = exchange.let_fall_due(with_waiting, round).await?;
            if with_waiting {
                self.looked = Some(begun);
            }
            Ok(more)
        })
    }
}

impl FallDue {
    fn looks_at_waiting(&self, round: &Round) -> bool {
        round.has(Stage::AwaitingFunds) && round.looks_again(self.looked, WAITING_LOOKED_AT_EVERY)
    }
}

impl Exchange {
    /// Holds the funds of due lots, and lets uncovered ones wait. Returns whether anything changed.
    async fn let_fall_due(&self, with_waiting: bool, round: &mut Round) -> Result<bool, Failure> {
        let now = self.now();
        let exchange = self.clone();
        let mut ready = self.inner.store.read(move |reading| exchange.ready_lots(reading, with_waiting, now)).await?;
        ready.retain(|lot| !round.leaves_alone(*lot, now));
        ready.sort_unstable();
        let mut more = false;
        for lots in self.grouped(ready, |_| 0) {
            let mut parts = Parts::of(lots);
            while let Some(lots) = parts.next() {
                let span = tracing::info_span!("lot", lot = %lots[0], lots = lots.len());
                match self.let_fall_due_together(lots.clone(), now).instrument(span).await {
                    Ok(done) => more |= done,
                    Err(failure) if failure.is_temporary() => return Err(failure),
                    Err(failure) => {
                        for lot in parts.failed(lots, &failure) {
                            round.unless_failed(lot, Err(failure.clone()), now);
                        }
                    }
                }
            }
            self.inner.progress.step();
        }
        if more {
            round.moved_to(Stage::Held);
        }
        Ok(more)
    }

    /// The same for some lots, in one transaction.
    async fn let_fall_due_together(&self, ids: Vec<LotId>, now: Timestamp) -> Result<bool, Failure> {
        let exchange = self.clone();
        self.inner
            .store
            .write_behind(move |writing| {
                let lots = writing.lots(&ids)?;
                let mut book = book_of(writing, &lots, &[])?;
                let day = book.business_day;
                let since = waiting_since(writing, &lots, day)?;
                if let Some(lot) = lots.iter().find(|lot| waits_since_before(lot, day) && !since.contains_key(&lot.id))
                {
                    return Err(StoreError::Corrupt(format!("{} waits for funds and has no event", lot.id)).into());
                }
                let occasion = Occasion { at: now, actor: EXECUTOR };
                let passed = |route| exchange.cut_off_passed(route, day, now);
                let steps = fall_due(&lots, &mut book, passed, |lot| since_of(&since, lot), occasion)?;
                let is_changed = !steps.is_empty();
                apply(writing, steps)?;
                writing.save_book(&book)?;
                Ok(is_changed)
            })
            .await
    }

    /// Lots of which [`fall_due`] would change something, searched in a snapshot, so that waiting costs no commit.
    fn ready_lots(&self, reading: &mut dyn Reading, with_waiting: bool, now: Timestamp) -> Result<Vec<LotId>, Failure> {
        let day = reading.business_day()?;
        let scheduled = lots_in_stage(reading, Stage::Scheduled, day)?;
        let mut ready: Vec<LotId> = scheduled.iter().map(|lot| lot.id).collect();
        if !with_waiting {
            return Ok(ready);
        }
        let waiting = lots_in_stage(reading, Stage::AwaitingFunds, day)?;
        let debtors: Vec<AccountId> =
            waiting.iter().map(|lot| lot.debtor).collect::<BTreeSet<_>>().into_iter().collect();
        let accounts = if debtors.is_empty() { Vec::new() } else { reading.accounts(&debtors)? };
        let accounts: HashMap<AccountId, &ledger::Account> =
            accounts.iter().map(|account| (account.ledger.id, &account.ledger)).collect();
        let since = waiting_since(reading, &waiting, day)?;
        for lot in waiting {
            let account = accounts.get(&lot.debtor);
            let covered = account.and_then(|account| account.available()).is_none_or(|left| left >= lot.open_minor());
            let closed = account.is_none_or(|account| account.state != ledger::AccountState::Open);
            // A lot without its event counts as late; the transaction refuses to take a step on it, and on it alone.
            let late = since_of(&since, &lot) < day || self.cut_off_passed(lot.route, day, now);
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

/// Whether a lot has waited for funds since before a business day, as far as its execution date says.
fn waits_since_before(lot: &Lot, day: Date) -> bool {
    lot.stage == Stage::AwaitingFunds && lot.execution_date < day
}

/// The business days on which such lots began to wait: those of their last events.
fn waiting_since<R: Reading + ?Sized>(
    reading: &mut R,
    lots: &[Lot],
    day: Date,
) -> Result<HashMap<LotId, Date>, StoreError> {
    let waiting = lots.iter().filter(|lot| waits_since_before(lot, day));
    let events = reading.last_events(&waiting.map(|lot| lot.id).collect::<Vec<LotId>>())?;
    Ok(events.into_iter().map(|event| (event.lot, event.business_day)).collect())
}

/// The same for one lot; its execution date, where that is not over yet or it does not wait.
fn since_of(since: &HashMap<LotId, Date>, lot: &Lot) -> Date {
    since.get(&lot.id).copied().unwrap_or(lot.execution_date)
}
