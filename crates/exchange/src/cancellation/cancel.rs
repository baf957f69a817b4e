//! Cancels what a request names, some lots in a transaction: locks them, looks again at the rights of the caller, and refuses
//! what is open. What execution or settlement has been given stays.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use ledger::{AccountId, Book};
use payments::{CancellationItem, Lot, LotId, Occasion, Step, cancel_lot, cancel_payments};
use rulebook::catalogue::Code;
use store::{AuditLine, Reading, Writing};

use super::named::{Named, named};
use super::outcome::{CancellationOutcome, outcome};
use super::request::Cancellation;
use crate::access::actor::actor;
use crate::access::caller::Authority;
use crate::bounds::RETRY_AFTER;
use crate::execution::step::{apply, book_of};
use crate::status::now::Found;
use crate::status::received::not_found;
use crate::{Caller, ClientId, Exchange, Failure, Operator, Settings, SignedBody};

/// Who cancels.
#[derive(Clone)]
enum Canceller {
    /// An online user, from accounts that it may debit.
    User { caller: Caller, is_signed: bool },
    /// An operator, as the client asked.
    Operator { actor: String, client: ClientId },
}

impl Exchange {
    /// Cancels the payments named that are not executed and not handed over for settlement. `signed` and `body` are the
    /// signature of the request and the digest of its body.
    ///
    /// A repeated request changes nothing. Many lots take several transactions; after a failure between them a repeated
    /// request goes on.
    ///
    /// # Errors
    /// When the caller may not pay or has to sign; when the client has no such message, block or payment, or the message is
    /// not judged yet; when no payment named is cancelled, now or before: they are executed, handed over or refused, or
    /// the account is not granted to the caller.
    pub async fn cancel(
        &self,
        caller: &Caller,
        asked: Cancellation,
        signed: Option<SignedBody>,
        body: [u8; 32],
    ) -> Result<CancellationOutcome, Failure> {
        self.may_submit(caller).await?;
        self.check_signed_body(signed.as_ref(), &body)?;
        let find = {
            let asked = asked.clone();
            move |reading: &mut dyn Reading, _: &Settings, message| named(reading, &message, &asked)
        };
        let named = match self.found(caller, &asked.message_id, find).await? {
            Found::Judged(named) => Arc::new(named),
            Found::Received(_) => return Err(Failure::new(Code::MessageInProgress).with_retry_after(RETRY_AFTER)),
        };
        let who = Canceller::User { caller: caller.clone(), is_signed: signed.is_some() };
        self.cancel_named(caller.client(), who, named, asked.message_id).await
    }

    /// Cancels what was found, some lots at a time, and says how it stands then.
    async fn cancel_named(
        &self,
        client: ClientId,
        who: Canceller,
        named: Arc<Named>,
        message_id: String,
    ) -> Result<CancellationOutcome, Failure> {
        let mut cancelled_now = 0;
        for lots in named.lots.chunks(self.inner.settings.lots_together_max.max(1) as usize) {
            cancelled_now += self.cancel_lots(client, who.clone(), Arc::clone(&named), lots.to_vec()).await?;
        }
        let read = move |reading: &mut dyn Reading| outcome(reading, &message_id, &named, cancelled_now);
        self.inner.store.read_long(read).await?.unless_nothing()
    }

    /// Cancels what can be of these lots, in one transaction. Returns how many payments that were.
    async fn cancel_lots(
        &self,
        client: ClientId,
        who: Canceller,
        named: Arc<Named>,
        ids: Vec<LotId>,
    ) -> Result<u64, Failure> {
        let (exchange, now) = (self.clone(), self.now());
        let job = move |writing: &mut dyn Writing| exchange.cancel_now(writing, &who, &named, &ids, now);
        let cancelled = self.inner.store.write_for(client, job).await?;
        self.inner.measures.cancelled(cancelled);
        if cancelled > 0 {
            // The money may be what another payment waits for.
            self.inner.work.notify_one();
        }
        Ok(cancelled)
    }

    fn authority_to_cancel(
        &self,
        writing: &mut dyn Writing,
        caller: &Caller,
        is_signed: bool,
        now: Timestamp,
    ) -> Result<Authority, Failure> {
        let certificate = &caller.identity().certificate.fingerprint;
        let authority = Authority::establish(writing, certificate, &self.inner.outside, now)?;
        if (self.inner.settings.signatures_required || authority.demands_signatures()) && !is_signed {
            return Err(Failure::new(Code::SignatureRequired));
        }
        Ok(authority)
    }

    fn cancel_now(
        &self,
        writing: &mut dyn Writing,
        who: &Canceller,
        named: &Named,
        ids: &[LotId],
        now: Timestamp,
    ) -> Result<u64, Failure> {
        let authority = match who {
            Canceller::User { caller, is_signed } => Some(self.authority_to_cancel(writing, caller, *is_signed, now)?),
            Canceller::Operator { .. } => None,
        };
        // From here on they stand still.
        let mut lots = writing.lots(ids)?;
        lots.retain(Lot::can_be_cancelled);
        if let Some(authority) = authority {
            let permitted = permitted(writing, &authority, &lots)?;
            lots.retain(|lot| permitted.contains(&lot.debtor));
        }
        if lots.is_empty() { Ok(0) } else { cancel_open(writing, who, named, &lots, now) }
    }
}

impl Operator {
    /// Cancels payments of a client that asked for it, as [`Exchange::cancel`] does.
    ///
    /// # Errors
    /// When the client has no such message, block or payment, or no payment named is cancelled, now or before.
    pub async fn cancel(&self, client: ClientId, asked: Cancellation) -> Result<CancellationOutcome, Failure> {
        let exchange = self.exchange();
        let message_id = asked.message_id.clone();
        let find = move |reading: &mut dyn Reading| match reading.message_by_message_id(client, &asked.message_id)? {
            Some(message) => named(reading, &message, &asked),
            None => Err(not_found(&asked.message_id)),
        };
        let named = Arc::new(exchange.inner.store.read_long(find).await?);
        let who = Canceller::Operator { actor: self.actor().to_owned(), client };
        exchange.cancel_named(client, who, named, message_id).await
    }
}

impl Canceller {
    fn actor(&self) -> String {
        match self {
            Canceller::User { caller, .. } => actor(caller.user()),
            Canceller::Operator { actor, .. } => actor.clone(),
        }
    }

    /// Where from and with what, or for whom, in the audit line: the export of a client finds it there.
    fn provenance(&self) -> String {
        match self {
            Canceller::User { caller, is_signed: true } => format!(" signed {}", caller.provenance()),
            Canceller::User { caller, .. } => format!(" {}", caller.provenance()),
            Canceller::Operator { client, .. } => format!(" client {}", client.0),
        }
    }
}

fn cancel_open(
    writing: &mut dyn Writing,
    who: &Canceller,
    named: &Named,
    lots: &[Lot],
    now: Timestamp,
) -> Result<u64, Failure> {
    let mut book = book_of(writing, lots, &[])?;
    let actor = who.actor();
    let occasion = Occasion { at: now, actor: &actor };
    let steps = match &named.payment {
        None => lots.iter().map(|lot| cancel_lot(lot, &mut book, occasion)).collect::<Result<Vec<Step>, _>>()?,
        Some(payment) => {
            let item = CancellationItem { ordinal: payment.ordinal, minor: payment.minor, line: payment.line };
            cancel_one(writing, lots, item, &mut book, occasion)?.into_iter().collect()
        }
    };
    let cancelled: u64 = steps.iter().flat_map(|step| &step.refusals).map(|refusal| u64::from(refusal.count)).sum();
    if cancelled == 0 {
        return Ok(0);
    }
    let lots: Vec<String> = steps.iter().map(|step| step.lot.id.number.to_string()).collect();
    let payment =
        named.payment.as_ref().map(|payment| format!(" number {}", u64::from(payment.ordinal) + 1)).unwrap_or_default();
    let (lots, provenance) = (lots.join(","), who.provenance());
    let detail = format!("message {} cancelled {cancelled} lots {lots}{payment}{provenance}", named.message.0);
    apply(writing, steps)?;
    writing.save_book(&book)?;
    writing.append_audit(&AuditLine { at: now, actor, action: "payments.cancelled".to_owned(), detail })?;
    Ok(cancelled)
}

/// The accounts of these lots that the caller may debit at this moment.
fn permitted(writing: &mut dyn Writing, authority: &Authority, lots: &[Lot]) -> Result<BTreeSet<AccountId>, Failure> {
    let debtors: BTreeSet<AccountId> = lots.iter().map(|lot| lot.debtor).collect();
    if debtors.is_empty() {
        return Ok(debtors);
    }
    let accounts = writing.accounts(&debtors.into_iter().collect::<Vec<_>>())?;
    let permits = accounts.iter().filter_map(|account| authority.may_debit(account).ok());
    Ok(permits.map(|permit| permit.account()).collect())
}

/// One payment, unless it is executed or refused.
fn cancel_one(
    writing: &mut dyn Writing,
    lots: &[Lot],
    item: CancellationItem,
    book: &mut Book,
    occasion: Occasion<'_>,
) -> Result<Option<Step>, Failure> {
    let Some(lot) = lots.first().filter(|lot| item.ordinal >= lot.executed_below) else { return Ok(None) };
    let refusals = writing.refusals_between(lot.id.message, item.ordinal, item.ordinal)?;
    if refusals.iter().any(|refusal| refusal.covers(item.ordinal, Some(lot.id.number))) {
        return Ok(None);
    }
    Ok(Some(cancel_payments(lot, &[item], book, occasion)?))
}
