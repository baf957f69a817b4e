//! Messages that cases send: made as `tdam generate` makes them, each with references of its own.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil::Date;
use tdam::generate::{Flaw, PayeeAccount, PaymentBatch};

use super::world::{PAYEE, Place, iban};
use crate::attack::failed::Failed;

/// About how long a payment is in a message, in bytes.
const PAYMENT_BYTES: u64 = 900;
/// Seeds; no two messages of a run have the same.
static NUMBER: AtomicU64 = AtomicU64::new(1 << 34);

/// A message that was written.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) message_id: String,
    /// The sum of its payments, in cents.
    pub(super) cents: i64,
    pub(super) payments: u32,
}

/// How many payments make a message of about so many bytes.
pub(super) fn payments_of(bytes: u64) -> u32 {
    u32::try_from(bytes / PAYMENT_BYTES).unwrap_or(u32::MAX).max(1)
}

/// Writes a pain.001 of a place for this day; so many of its payments are wrong, each in a way that is refused.
pub(super) fn write(file: &Path, place: Place, day: Date, payments: u32, flaws: usize) -> Result<Made, Failed> {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let mut batch = PaymentBatch::new(payments, number, day);
    batch.message_id = format!("S{:x}-{}-{number:x}", std::process::id(), place.0);
    batch.initiating_party = format!("Iestāde {}", place.0);
    batch.debtor_accounts = vec![iban(place.0).parse().map_err(|error| format!("{error:?}"))?];
    batch.payee_accounts = vec![PAYEE.parse::<PayeeAccount>()?];
    batch.flaws = Flaw::first(flaws);
    let mut output = BufWriter::new(File::create(file)?);
    let summary = batch.write(&mut output)?;
    output.flush()?;
    let cents = summary.control_sum.units_at_scale(2);
    // A flawed amount has a third decimal; the sum of such a message is not asked for.
    let cents = cents.map_or(Ok(0), i64::try_from)?;
    Ok(Made { message_id: batch.message_id, cents, payments: summary.transactions })
}

/// Writes a camt.060 for the account of a place, or another one, and this day.
pub(super) fn write_report_request(file: &Path, place: Place, day: Date, account: Option<&str>) -> Result<(), Failed> {
    let account = account.map_or_else(|| iban(place.0), str::to_owned);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.060.001.05\"><AcctRptgReq>\
         <GrpHdr><MsgId>R{number:x}</MsgId><CreDtTm>{day}T09:00:00</CreDtTm></GrpHdr>\
         <RptgReq><ReqdMsgNmId>camt.052.001.08</ReqdMsgNmId><Acct><Id><IBAN>{account}</IBAN></Id></Acct>\
         <AcctOwnr><Pty><Nm>Iestāde {}</Nm></Pty></AcctOwnr></RptgReq></AcctRptgReq></Document>\n",
        place.0
    );
    std::fs::write(file, text)?;
    Ok(())
}
