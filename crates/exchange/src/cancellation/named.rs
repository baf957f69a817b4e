//! Finds what a cancellation names: blocks, lots, or one payment of a message.

use std::collections::BTreeSet;

use payments::{LotId, MessageId, PaymentRecord};
use rulebook::catalogue::Code;
use store::{Block, Message, Reading, StoreError, StoredPayment};

use super::request::Cancellation;
use crate::Failure;
use crate::bounds::PAYMENTS_SEARCHED_AT_A_TIME;
use crate::failure::damaged;
use crate::status::received::not_found;

/// What a cancellation is about. Nothing of it ever changes.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) message: MessageId,
    /// In order.
    pub(super) blocks: Vec<Block>,
    /// In order; none when nothing of it was accepted.
    pub(super) lots: Vec<LotId>,
    /// The one payment that is meant, if it is one.
    pub(super) payment: Option<NamedPayment>,
}

/// A payment that is meant by itself.
#[derive(Clone, Debug)]
pub(super) struct NamedPayment {
    pub(super) ordinal: u32,
    pub(super) minor: i64,
    pub(super) line: u32,
    pub(super) end_to_end_id: String,
    lot: Option<u32>,
    block: u32,
}

/// Finds it.
///
/// # Errors
/// When the message has no such block or payment, or several payments are named alike.
pub(super) fn named(reading: &mut dyn Reading, message: &Message, asked: &Cancellation) -> Result<Named, Failure> {
    let mut blocks = reading.blocks(message.id)?;
    if let Some(id) = &asked.payment_information_id {
        blocks.retain(|block| block.payment_information_id == *id);
    }
    // Of a message that was refused as a whole no block is stored.
    if blocks.is_empty() {
        return Err(match &asked.payment_information_id {
            Some(id) if message.payments > 0 => not_found(id),
            _ => Failure::new(Code::CancellationTooLate),
        });
    }
    let payment = if asked.names_a_payment() { Some(payment(reading, message, &blocks, asked)?) } else { None };
    let mut lots = reading.lots_of(message.id)?;
    let numbers: BTreeSet<u32> = blocks.iter().map(|block| block.number).collect();
    lots.retain(|lot| match &payment {
        Some(payment) => payment.lot == Some(lot.id.number),
        None => numbers.contains(&lot.block),
    });
    if let Some(payment) = &payment {
        blocks.retain(|block| block.number == payment.block);
    }
    Ok(Named { message: message.id, blocks, lots: lots.iter().map(|lot| lot.id).collect(), payment })
}

fn payment(
    reading: &mut dyn Reading,
    message: &Message,
    blocks: &[Block],
    asked: &Cancellation,
) -> Result<NamedPayment, Failure> {
    let mut found = Vec::new();
    match asked.number {
        Some(number) => {
            let ordinal = number.checked_sub(1).filter(|ordinal| *ordinal < message.payments);
            let ordinal = ordinal.ok_or_else(|| not_found(&asked.name_of_payment()))?;
            search(reading, message.id, (ordinal, 1), asked, &mut found)?;
            found.retain(|payment| blocks.iter().any(|block| block.number == payment.block));
        }
        None => {
            for block in blocks {
                search(reading, message.id, (block.first, block.count), asked, &mut found)?;
            }
        }
    }
    match (found.pop(), found.is_empty()) {
        (None, _) => Err(not_found(&asked.name_of_payment())),
        (Some(payment), true) => Ok(payment),
        (Some(_), false) => Err(Failure::new(Code::SeveralPaymentsNamed).with_detail(asked.name_of_payment())),
    }
}

/// Looks through so many payments from an ordinal on, until two are found: a third one would change nothing.
fn search(
    reading: &mut dyn Reading,
    message: MessageId,
    (first, count): (u32, u32),
    asked: &Cancellation,
    found: &mut Vec<NamedPayment>,
) -> Result<(), Failure> {
    let (mut from, end) = (first, first.saturating_add(count));
    while from < end && found.len() < 2 {
        let limit = PAYMENTS_SEARCHED_AT_A_TIME.min(end - from);
        let given = reading.payments(message, None, from, limit, &mut |payment| {
            found.extend(fitting(&payment, asked)?);
            Ok(())
        })?;
        if given == 0 {
            break;
        }
        from = from.saturating_add(given);
    }
    Ok(())
}

fn fitting(payment: &StoredPayment<'_>, asked: &Cancellation) -> Result<Option<NamedPayment>, StoreError> {
    let record = PaymentRecord::decode(payment.record).map_err(|error| damaged(&error))?;
    let StoredPayment { ordinal, minor, lot, block, .. } = *payment;
    Ok(asked.fits(record.end_to_end_id, record.instruction_id).then(|| NamedPayment {
        ordinal,
        minor,
        line: record.line,
        end_to_end_id: record.end_to_end_id.to_owned(),
        lot,
        block,
    }))
}
