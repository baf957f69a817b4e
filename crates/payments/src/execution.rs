//! Internal transfers: both accounts are in this ledger, so the exchange books or refuses a payment at once.
//!
//! The exchange works through a lot in chunks; each is one decision and one transaction.

use ledger::{AccountId, Book, Entry, EntryKind, EntrySource};
use rulebook::Route;

use crate::decision::cannot_pay;
use crate::progress::{Progress, cannot_receive};
use crate::{DecisionError, Lot, Occasion, RefusalStage, Stage, Step};

/// A payment to be executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExecutionItem {
    /// Its place in the message, from 0.
    pub ordinal: u32,
    /// Minor units.
    pub minor: i64,
    /// The payee's account; `None` when no account of ours has that IBAN.
    pub creditor: Option<AccountId>,
    /// Line of the file where it begins; 0 when unknown.
    pub line: u32,
}

/// Executes the next payments of an internal lot: `items` are those that follow [`Lot::executed_below`] in file
/// order, at most [`STEP_PAYMENTS_MAX`](crate::bounds::STEP_PAYMENTS_MAX) of them.
///
/// The book needs the payer (with the use of its limit on the lot's execution date) and all payees. A payee that is
/// missing, closed, blocked, kept in another currency or the payer itself refuses that payment alone; a payer that
/// was blocked or closed after acceptance refuses all that is left of the lot. The last chunk completes the lot.
///
/// # Errors
/// When the lot is not held, or the items are not the ones that follow; the book is unchanged then.
pub fn execute_internal(
    lot: &Lot,
    items: &[ExecutionItem],
    book: &mut Book,
    occasion: Occasion<'_>,
) -> Result<Step, DecisionError> {
    let mut progress = Progress::new(lot, Stage::Held, Route::Internal, RefusalStage::Execution, items.len())?;
    if let Some(code) = cannot_pay(lot.debtor, book) {
        items.iter().try_for_each(|item| progress.advance(item.ordinal, item.minor))?;
        return Step::refuse_rest(lot, code, RefusalStage::Execution, book, occasion);
    }
    let payer = book.open_account(lot.debtor)?;
    for item in items {
        progress.advance(item.ordinal, item.minor)?;
        let payee = item.creditor.and_then(|creditor| book.account(creditor));
        match (cannot_receive(payee, payer), payee) {
            (None, Some(payee)) => {
                progress.booked(item.minor, transfer(lot, item, payee.id));
            }
            (code, _) => {
                let code = code.unwrap_or(rulebook::Code::CreditorAccountUnknown);
                progress.refused(item.ordinal, item.minor, item.line, code.id().to_owned(), String::new());
            }
        }
    }
    progress.finish(book, occasion)
}

/// The two sides of a transfer.
fn transfer(lot: &Lot, item: &ExecutionItem, payee: AccountId) -> [Entry; 2] {
    let source = EntrySource::Payment { message: lot.id.message.0, ordinal: item.ordinal };
    let side = |account, minor, other| Entry {
        account,
        minor,
        kind: EntryKind::InternalTransfer,
        source,
        counter_account: Some(other),
    };
    [side(lot.debtor, -item.minor, payee), side(payee, item.minor, lot.debtor)]
}
