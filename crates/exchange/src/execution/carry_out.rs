//! Executes held lots: books internal ones, and dispatches SEPA ones to the settlement system.

use ledger::AccountId;
use payments::{ExecutionItem, Lot, LotId, Occasion, PaymentRecord, Stage, dispatch, execute_internal};
use rulebook::Route;
use store::{StoreError, Writing};
use tracing::Instrument as _;

use crate::background::chore::{Chore, Doing, Round};
use crate::execution::step::{Due, EXECUTOR, apply, book_of, next_due};
use crate::failure::damaged;
use crate::{Exchange, Failure};

pub(crate) struct CarryOut;

impl Chore for CarryOut {
    fn name(&self) -> &'static str {
        "carry out"
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, round: &'a mut Round) -> Doing<'a> {
        Box::pin(exchange.carry_out_held(round))
    }
}

impl Exchange {
    async fn carry_out_held(&self, round: &mut Round) -> Result<bool, Failure> {
        let mut held = self.lots(Stage::Held).await?;
        if !round.suspects.are_none() {
            let dispatched = self.lots(Stage::Dispatched).await?;
            round.suspects.keep(held.iter().chain(&dispatched));
        }
        held.retain(|lot| !round.leaves_alone(lot.id, self.now()));
        let mut more = false;
        for lots in self.to_carry_out(held, round) {
            let (lots, begun) = self.begin_lots(lots, round).await;
            if !lots.is_empty() {
                more |= self.carry_out_together(&lots, round).await;
            }
            self.end_lots(begun).await;
            self.inner.progress.step();
        }
        Ok(more)
    }

    /// Carries lots out in one transaction; when that cannot be done, each in its own, so that one that is damaged does
    /// not keep the others. Returns whether a step was taken.
    async fn carry_out_together(&self, lots: &[Lot], round: &mut Round) -> bool {
        let carry_out = |lots: &[Lot]| {
            let span = tracing::info_span!("lot", lot = %lots[0].id, lots = lots.len());
            self.carry_out(lots[0].route, lots.iter().map(|lot| lot.id).collect()).instrument(span)
        };
        let failure = match carry_out(lots).await {
            Ok(done) => return done,
            Err(failure) => failure,
        };
        let mut more = false;
        for lot in lots {
            let done = match lots {
                [_, _, ..] if !failure.is_temporary() => carry_out(std::slice::from_ref(lot)).await,
                _ => Err(failure.clone()),
            };
            more |= round.unless_failed(lot.id, done, self.now());
        }
        more
    }

    /// Carries out held lots of one route in one transaction: books the next payments of internal ones, up to a bound of
    /// payments, and dispatches SEPA ones. Returns whether there was something to do.
    async fn carry_out(&self, route: Route, ids: Vec<LotId>) -> Result<bool, Failure> {
        let (now, limit) = (self.now(), self.inner.settings.execute_chunk_payments);
        self.inner
            .store
            .write_behind(move |writing| {
                let occasion = Occasion { at: now, actor: EXECUTOR };
                match route {
                    Route::Internal => execute_now(writing, &ids, limit, occasion),
                    Route::Sepa => dispatch_now(writing, &ids, occasion),
                }
            })
            .await
    }
}

fn execute_now(writing: &mut dyn Writing, ids: &[LotId], limit: u32, occasion: Occasion<'_>) -> Result<bool, Failure> {
    let (mut lots, mut payments, mut room) = (Vec::new(), Vec::new(), limit);
    for lot in held(writing, ids)? {
        if room == 0 {
            break;
        }
        let due = next_due(writing, &lot, room)?;
        room = room.saturating_sub(u32::try_from(due.len()).unwrap_or(u32::MAX));
        lots.push(lot);
        payments.push(due);
    }
    if lots.is_empty() {
        return Ok(false);
    }
    let creditors: Vec<AccountId> = payments.iter().flatten().filter_map(|payment| payment.creditor).collect();
    let mut book = book_of(writing, &lots, &creditors)?;
    for (lot, due) in lots.iter().zip(&payments) {
        let items = due.iter().map(|payment| {
            let line = PaymentRecord::decode(&payment.record).map_err(|error| damaged(&error))?.line;
            let Due { ordinal, minor, creditor, .. } = *payment;
            Ok(ExecutionItem { ordinal, minor, creditor, line })
        });
        let items: Vec<ExecutionItem> = items.collect::<Result<_, StoreError>>()?;
        apply(writing, &execute_internal(lot, &items, &mut book, occasion)?)?;
    }
    writing.save_book(&book)?;
    Ok(true)
}

/// Decides that SEPA lots go to the settlement system. They are handed over after the commit.
fn dispatch_now(writing: &mut dyn Writing, ids: &[LotId], occasion: Occasion<'_>) -> Result<bool, Failure> {
    let lots = held(writing, ids)?;
    if lots.is_empty() {
        return Ok(false);
    }
    let mut book = book_of(writing, &lots, &[])?;
    for lot in &lots {
        apply(writing, &dispatch(lot, &mut book, occasion)?)?;
    }
    writing.save_book(&book)?;
    Ok(true)
}

/// Those of these lots that are still held; from here on they stand still.
fn held(writing: &mut dyn Writing, ids: &[LotId]) -> Result<Vec<Lot>, StoreError> {
    let mut held = Vec::with_capacity(ids.len());
    for id in ids {
        held.extend(writing.lot(*id)?.filter(|lot| lot.stage == Stage::Held));
    }
    Ok(held)
}
