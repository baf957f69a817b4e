//! The payments of a large message at the decision: staged already, or, of a trial, kept nowhere.

use std::collections::{BTreeSet, HashMap};

use money::{Currency, Money};
use payments::{MessageId, PaymentId, PaymentRecord, Refusal};
use store::{Deciding, PaymentsDigest, ReadPayments, StoreError, StoredPayment};

use crate::admission::assessment::Assessment;
use crate::admission::message_payments::Payments;
use crate::admission::payment_in_file::PaymentInFile;
use crate::bounds::READ_BACK_PAYMENTS;
use crate::check::pieces::PaymentLabel;
use crate::failure::damaged;

/// Payments that are staged.
pub(crate) struct Staged {
    pub(crate) currency: Currency,
    pub(crate) digest: [u8; 32],
}

impl Payments for Staged {
    fn store(&self, _: &mut dyn Deciding, _: MessageId, _: &Assessment) -> Result<(), StoreError> {
        Ok(())
    }

    fn describe(
        &self,
        writing: &mut dyn Deciding,
        refusal: &Refusal,
        limit: usize,
    ) -> Result<Vec<PaymentInFile>, StoreError> {
        let Refusal { message, lot, first, last, .. } = *refusal;
        read_staged(writing, message, lot, first, last, limit, self.currency)
    }

    fn digest(&self) -> [u8; 32] {
        self.digest
    }

    fn forget(&self, writing: &mut dyn Deciding, message: MessageId) -> Result<(), StoreError> {
        writing.discard_stage(message)
    }
}

/// Payments of a large trial: read, and kept nowhere.
pub(crate) struct NotStored;

impl Payments for NotStored {
    fn store(&self, _: &mut dyn Deciding, _: MessageId, _: &Assessment) -> Result<(), StoreError> {
        Ok(())
    }

    fn describe(&self, _: &mut dyn Deciding, _: &Refusal, _: usize) -> Result<Vec<PaymentInFile>, StoreError> {
        Ok(Vec::new())
    }

    fn digest(&self) -> [u8; 32] {
        PaymentsDigest::default().end()
    }

    fn forget(&self, _: &mut dyn Deciding, _: MessageId) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Reads payments of a message back as an answer names them.
pub(crate) fn read_staged(
    reading: &mut dyn ReadPayments,
    message: MessageId,
    lot: Option<u32>,
    first: u32,
    last: u32,
    limit: usize,
    currency: Currency,
) -> Result<Vec<PaymentInFile>, StoreError> {
    let mut described = Vec::new();
    let mut from = first;
    // Payments refused on admission are outside their lot's range in the store, so scan all.
    while described.len() < limit && from <= last {
        let (start, page) = (from, READ_BACK_PAYMENTS.min(last - from + 1));
        reading.payments(message, None, from, page, &mut |payment| {
            from = payment.ordinal.saturating_add(1);
            if payment.ordinal <= last && described.len() < limit && (lot.is_none() || lot == payment.lot) {
                described.push(in_file(&payment, currency)?);
            }
            Ok(())
        })?;
        if from == start {
            break;
        }
    }
    Ok(described)
}

/// Reads these payments of a message back as an answer names them, by ordinal.
pub(crate) fn read_staged_payments(
    reading: &mut dyn ReadPayments,
    message: MessageId,
    ordinals: impl Iterator<Item = u32>,
    currency: Currency,
) -> Result<HashMap<u32, PaymentInFile>, StoreError> {
    let ordinals: BTreeSet<u32> = ordinals.collect();
    let ids: Vec<PaymentId> = ordinals.into_iter().map(|ordinal| PaymentId { message, ordinal }).collect();
    let mut described = HashMap::with_capacity(ids.len());
    reading.payments_of(&ids, &mut |id, payment| {
        described.insert(id.ordinal, in_file(&payment, currency)?);
        Ok(())
    })?;
    Ok(described)
}

fn in_file(payment: &StoredPayment<'_>, currency: Currency) -> Result<PaymentInFile, StoreError> {
    let record = PaymentRecord::decode(payment.record).map_err(|error| damaged(&error))?;
    // 0 means an unbookable amount; only the first answer has the amount itself.
    let amount = (payment.minor > 0).then(|| crate::status::pain002::amount(Money::new(payment.minor, currency)));
    let named = PaymentLabel::of(&record, amount);
    Ok(PaymentInFile { ordinal: payment.ordinal, block: payment.block, lot: payment.lot, line: record.line, named })
}
