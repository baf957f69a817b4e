//! `cargo xtask bench digest`: the canonical digest of payments, against plain SHA-256 over the same bytes.
//!
//! The readers of many small messages stay open, each with its payment, so the benchmark takes no time for reading. The
//! ways take turns; a ratio is one of times within a turn, and the benchmark prints the median.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use clap::Args;
use iso20022::MessageType;
use iso20022::pain001::{CreditTransfer, GroupHeader, Item, PaymentInformation, Reader};
use sha2::{Digest as _, Sha256};
use signatures::payments::{
    Canonical, Context, Digest, MessageDigester, Place, SummaryBuilder, Wanted, block_head_digest, message_head_digest,
    payment_bytes,
};
use tdam::generate::PaymentBatch;

use super::machine;

/// Different payments, which are digested again and again.
const DIFFERENT: u32 = 1_000;
/// The digest may take so many times as long as plain SHA-256.
const GOAL: f64 = 3.0;
const CONTEXT: Context = Context { client: 7, submission: 4711 };

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Payments of the message, a multiple of a thousand.
    #[arg(long, default_value_t = 100_000)]
    payments: u32,
    /// How often the ways take turns.
    #[arg(long, default_value_t = 9)]
    rounds: usize,
}

/// Measures and prints.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    if arguments.rounds == 0 || arguments.payments < DIFFERENT {
        return Err("no rounds or too few payments, no figures".into());
    }
    println!("{}", machine::description());
    let messages = (0..DIFFERENT).map(|seed| -> Result<Vec<u8>, Box<dyn Error>> {
        let mut xml = Vec::new();
        PaymentBatch::new(1, u64::from(seed), jiff::civil::date(2026, 11, 24)).write(&mut xml)?;
        Ok(xml)
    });
    let messages: Vec<Vec<u8>> = messages.collect::<Result<_, _>>()?;
    let open = |xml| Reader::new(MessageType::Pain001V09, xml, xsd::Bounds::default());
    let mut readers: Vec<Reader<'_>> = messages.iter().map(|xml| open(xml.as_slice())).collect();
    let payments = readers.iter_mut().map(payment_of).collect::<Result<Vec<_>, _>>()?;
    let times = arguments.payments / DIFFERENT;

    let bytes = all_bytes(&payments, times);
    println!(
        "{} payments, {} B each",
        payments.len() * times as usize,
        bytes.len() / (payments.len() * times as usize)
    );
    let (mut plain, mut digest, mut shown) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..arguments.rounds {
        plain.push(timed(|| Ok(Digest(Sha256::digest(&bytes).into())))?);
        digest.push(timed(|| message_digest(&payments, times))?);
        shown.push(timed(|| summary_digest(&payments, times))?);
    }
    println!("{:<44} {:>9} {:>8} {:>7} {:>6}", "", "median ms", "MB/s", "ratio", "goal");
    print_row("plain SHA-256 over the same bytes", &plain, &plain, bytes.len(), "");
    print_row("digest of the message, a payment proved", &digest, &plain, bytes.len(), &format!("≤ {GOAL}"));
    print_row("summary for people", &shown, &plain, bytes.len(), "");
    println!("ratio: how many times as long as plain SHA-256; load average at the end: {}", machine::load_average());
    Ok(())
}

/// The payment of a message, which the reader lends out as long as it is open.
fn payment_of<'r>(reader: &'r mut Reader<'_>) -> Result<CreditTransfer<'r>, Box<dyn Error>> {
    for _ in 0..2 {
        reader.next()?;
    }
    match reader.next()? {
        Some(Item::CreditTransfer(payment)) => Ok(payment),
        other => Err(format!("{other:?} instead of a payment").into()),
    }
}

/// What the digests of the payments cover.
fn all_bytes(payments: &[CreditTransfer<'_>], times: u32) -> Vec<u8> {
    let message_head = message_head_digest(CONTEXT, &GroupHeader::default());
    let block_head = block_head_digest(message_head, 0, &PaymentInformation::default());
    let (mut all, mut buffer) = (Vec::new(), Canonical::default());
    for (ordinal, payment) in (0..).zip((0..times).flat_map(|_| payments)) {
        payment_bytes(Place { block_head, ordinal }, payment, &mut buffer);
        all.extend_from_slice(buffer.bytes());
    }
    all
}

fn message_digest(payments: &[CreditTransfer<'_>], times: u32) -> Result<Digest, Box<dyn Error>> {
    let mut digester = MessageDigester::new(CONTEXT, &GroupHeader::default(), Some(Wanted::Payment(17)));
    digester.begin_block(&PaymentInformation::default())?;
    for payment in (0..times).flat_map(|_| payments) {
        digester.payment(payment)?;
    }
    digester.end_block()?;
    Ok(digester.finish()?.message)
}

fn summary_digest(payments: &[CreditTransfer<'_>], times: u32) -> Result<Digest, Box<dyn Error>> {
    let mut builder = SummaryBuilder::default();
    for payment in (0..times).flat_map(|_| payments) {
        builder.add(payment)?;
    }
    Ok(builder.finish().digest())
}

fn timed(work: impl FnOnce() -> Result<Digest, Box<dyn Error>>) -> Result<Duration, Box<dyn Error>> {
    let begun = Instant::now();
    black_box(work()?);
    Ok(begun.elapsed())
}

fn print_row(name: &str, times: &[Duration], plain: &[Duration], bytes: usize, goal: &str) {
    let seconds = median(times.iter().map(Duration::as_secs_f64).collect());
    let ratios = times.iter().zip(plain).map(|(its, plain)| its.as_secs_f64() / plain.as_secs_f64());
    let ratio = median(ratios.collect());
    println!("{name:<44} {:>9.1} {:>8.0} {ratio:>7.2} {goal:>6}", seconds * 1e3, bytes as f64 / 1e6 / seconds);
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
