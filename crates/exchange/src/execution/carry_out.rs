//! Executes held lots: books internal ones, and dispatches SEPA ones to the settlement system.

use ledger::{AccountId, Book};
use payments::{ExecutionItem, Lot, LotId, Occasion, PaymentRecord, Stage, Step, dispatch, execute_internal};
use rulebook::Route;
use store::{StoreError, Writing};
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::background::chore::{Chore, Doing, Round};
use crate::bounds::WAITING_LOOKED_AT_EVERY;
use crate::execution::lots::Parts;
use crate::execution::step::{Due, EXECUTOR, apply, book_of, next_due};
use crate::failure::damaged;
use crate::{Exchange, Failure};

#[derive(Default)]
pub(crate) struct CarryOut {
    /// When the suspected lots were last compared with those that are there.
    looked: Option<Instant>,
}

impl Chore for CarryOut {
    fn name(&self) -> &'static str {
        "carry out"
    }

    fn is_wanted(&self, round: &Round) -> bool {
        round.has(Stage::Held) || self.looks_at_suspects(round)
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, round: &'a mut Round) -> Doing<'a> {
        Box::pin(async {
            let (begun, with_suspects) = (Instant::now(), self.looks_at_suspects(round));
            let more = exchange.carry_out_held(with_suspects, round).await?;
            if with_suspects {
                self.looked = Some(begun);
            }
            Ok(more)
        })
    }
}

impl CarryOut {
    fn looks_at_suspects(&self, round: &Round) -> bool {
        let suspects = &round.suspects;
        suspects.are_unknown() || !suspects.are_none() && round.looks_again(self.looked, WAITING_LOOKED_AT_EVERY)
    }
}

impl Exchange {
    async fn carry_out_held(&self, with_suspects: bool, round: &mut Round) -> Result<bool, Failure> {
        let mut held = self.lots(Stage::Held).await?;
        if with_suspects {
            let dispatched = self.lots(Stage::Dispatched).await?;
            round.suspects.keep(held.iter().chain(&dispatched));
        }
        held.retain(|lot| !round.leaves_alone(lot.id, self.now()));
        let mut more = false;
        for lots in self.to_carry_out(held, round) {
            let (lots, begun) = self.begin_lots(lots, round).await;
            if !lots.is_empty() {
                more |= self.carry_out_together(lots, round).await;
            }
            self.end_lots(begun).await;
            self.inner.progress.step();
        }
        if !round.dispatched.is_empty() {
            round.moved_to(Stage::Dispatched);
        }
        Ok(more)
    }

    /// Carries lots out in one transaction; when that cannot be done, in several, so that one that is damaged does not keep
    /// the others. Returns whether a step was taken.
    async fn carry_out_together(&self, lots: Vec<Lot>, round: &mut Round) -> bool {
        let (mut more, mut parts) = (false, Parts::of(lots));
        while let Some(lots) = parts.next() {
            let span = tracing::info_span!("lot", lot = %lots[0].id, lots = lots.len());
            let ids = lots.iter().map(|lot| lot.id).collect();
            match self.carry_out(lots[0].route, ids).instrument(span).await {
                Ok(lots) => {
                    more |= !lots.is_empty();
                    round.dispatched.extend(lots.into_iter().filter(|lot| lot.stage == Stage::Dispatched));
                }
                Err(failure) => {
                    for lot in parts.failed(lots, &failure) {
                        round.unless_failed(lot.id, Err(failure.clone()), self.now());
                    }
                }
            }
        }
        more
    }

    /// Carries out held lots of one route in one transaction: books the next payments of internal ones, up to a bound of
    /// payments, and dispatches SEPA ones. Returns the lots as they are then.
    async fn carry_out(&self, route: Route, ids: Vec<LotId>) -> Result<Vec<Lot>, Failure> {
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

fn execute_now(
    writing: &mut dyn Writing,
    ids: &[LotId],
    limit: u32,
    occasion: Occasion<'_>,
) -> Result<Vec<Lot>, Failure> {
    let lots = held(writing, ids)?;
    let wanted: Vec<(&Lot, u32)> = lots.iter().map(|lot| (lot, lot.open_count().min(limit))).collect();
    let payments = next_due(writing, &wanted)?;
    if lots.is_empty() {
        return Ok(lots);
    }
    let creditors: Vec<AccountId> = payments.iter().flatten().filter_map(|payment| payment.creditor).collect();
    let mut book = book_of(writing, &lots, &creditors)?;
    let mut steps = Vec::with_capacity(lots.len());
    for (lot, due) in lots.iter().zip(&payments) {
        let items = due.iter().map(|payment| {
            let line = PaymentRecord::decode(&payment.record).map_err(|error| damaged(&error))?.line;
            let Due { ordinal, minor, creditor, .. } = *payment;
            Ok(ExecutionItem { ordinal, minor, creditor, line })
        });
        let items: Vec<ExecutionItem> = items.collect::<Result<_, StoreError>>()?;
        steps.push(execute_internal(lot, &items, &mut book, occasion)?);
    }
    finish(writing, steps, &book)
}

/// Writes what was decided. Returns the lots as they are then.
fn finish(writing: &mut dyn Writing, steps: Vec<Step>, book: &Book) -> Result<Vec<Lot>, Failure> {
    let lots = steps.iter().map(|step| step.lot.clone()).collect();
    apply(writing, steps)?;
    writing.save_book(book)?;
    Ok(lots)
}

/// Decides that SEPA lots go to the settlement system. They are handed over after the commit.
fn dispatch_now(writing: &mut dyn Writing, ids: &[LotId], occasion: Occasion<'_>) -> Result<Vec<Lot>, Failure> {
    let lots = held(writing, ids)?;
    if lots.is_empty() {
        return Ok(lots);
    }
    let mut book = book_of(writing, &lots, &[])?;
    let steps = lots.iter().map(|lot| dispatch(lot, &mut book, occasion)).collect::<Result<Vec<Step>, _>>()?;
    finish(writing, steps, &book)
}

/// Those of these lots that are still held; from here on they stand still.
fn held(writing: &mut dyn Writing, ids: &[LotId]) -> Result<Vec<Lot>, StoreError> {
    let mut lots = writing.lots(ids)?;
    lots.retain(|lot| lot.stage == Stage::Held);
    Ok(lots)
}
