//! Measures writing and reading of a large pain.001.001.09 and camt.053.001.08, against libxml2 where it is at hand.
//!
//! `cargo run --release -p iso20022 --example throughput -- [payments]`
//!
//! The payments are of the size found in practice: 33 elements (66 tags), about 830 bytes each. libxml2 is asked with
//! `xmllint --stream` (with the official schema, if `TDAM_REFERENCE` or `../shared/reference` has it). Figures are the best
//! of three runs; trust the ratios.

use std::error::Error;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use iso20022::common::{
    Account, Agent, Amount, CodeOrProprietary, CreditDebit, Party, PostalAddress, RegulatoryDetail, Remittance,
};
use iso20022::{DateTime, MessageType, camt, pain001};
use jiff::civil;
use money::{Currency, Decimal};

const PAYMENTS_DEFAULT: u32 = 100_000;
const RUNS: u32 = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let payments = std::env::args().nth(1).map_or(Ok(PAYMENTS_DEFAULT), |count| count.parse())?;
    let folder = std::env::temp_dir();
    let (pain001, camt053) = (folder.join("throughput-pain.001.xml"), folder.join("throughput-camt.053.xml"));

    println!("{payments} payments");
    let written = best(|| write_payments(&pain001, payments))?;
    let bytes = std::fs::metadata(&pain001)?.len();
    println!("pain.001.001.09, {:.1} MB, {} B for a payment", megabytes(bytes), bytes / u64::from(payments.max(1)));
    report("  written", bytes, written);
    let read = best(|| read_payments(&pain001, payments))?;
    report("  read: schema and extraction", bytes, read);
    against_libxml2(MessageType::Pain001V09, &pain001, bytes, read)?;

    let written = best(|| write_entries(&camt053, payments))?;
    let bytes = std::fs::metadata(&camt053)?.len();
    println!("camt.053.001.08, {:.1} MB, {} B for an entry", megabytes(bytes), bytes / u64::from(payments.max(1)));
    report("  written", bytes, written);
    println!("    {:.2} million entries a second", f64::from(payments) / written.as_secs_f64() / 1e6);
    let read = best(|| read_entries(&camt053, payments))?;
    report("  read: schema and extraction", bytes, read);
    against_libxml2(MessageType::Camt053V08, &camt053, bytes, written)?;

    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        println!("most memory: {}", status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("?").trim());
    }
    std::fs::remove_file(pain001)?;
    std::fs::remove_file(camt053)?;
    Ok(())
}

/// The shortest of some runs.
fn best(mut run: impl FnMut() -> Result<(), Box<dyn Error>>) -> Result<Duration, Box<dyn Error>> {
    let mut shortest = Duration::MAX;
    for _ in 0..RUNS {
        let begun = Instant::now();
        run()?;
        shortest = shortest.min(begun.elapsed());
    }
    Ok(shortest)
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn report(what: &str, bytes: u64, time: Duration) {
    println!("{what}: {:.0} ms, {:.0} MB/s", time.as_secs_f64() * 1e3, megabytes(bytes) / time.as_secs_f64());
}

fn against_libxml2(message_type: MessageType, path: &Path, bytes: u64, ours: Duration) -> Result<(), Box<dyn Error>> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/reference"));
    let reference = std::env::var_os("TDAM_REFERENCE").map_or_else(beside, PathBuf::from);
    let schema = reference.join("xsd").join(format!("{message_type}.xsd"));
    let mut runs = vec![("xmllint --stream", Vec::new())];
    if schema.is_file() {
        runs.push(("xmllint --stream --schema", vec!["--schema".into(), schema.into_os_string()]));
    }
    for (name, arguments) in runs {
        let mut command = Command::new("xmllint");
        command.args(["--noout", "--nonet", "--stream"]).args(arguments).arg(path).stderr(Stdio::null());
        if command.status().is_err() {
            println!("  no xmllint to compare with");
            return Ok(());
        }
        let theirs = best(|| if command.status()?.success() { Ok(()) } else { Err("xmllint refuses it".into()) })?;
        report(&format!("  {name}"), bytes, theirs);
        println!("    we are {:.1} times as fast", theirs.as_secs_f64() / ours.as_secs_f64());
    }
    Ok(())
}

fn cents(ordinal: u32) -> Amount {
    Amount { value: Decimal::new(i128::from(ordinal % 1_000_000 + 1_000), 2), currency: Currency::EUR }
}

fn payee(name: &str) -> Party<'_> {
    Party {
        name: Some(name),
        postal_address: PostalAddress {
            present: true,
            street_name: Some("Brīvības gatve"),
            post_code: Some("LV-1039"),
            town_name: Some("Rīga"),
            country: Some("LV"),
            ..PostalAddress::default()
        },
        identification: Some("40003000001"),
        ..Party::default()
    }
}

const PAYER: Account<'static> = Account { iban: Some("LV07TREL5180453053000"), other: None, currency: Some("EUR") };
const PAYEE: Account<'static> = Account { iban: Some("LV80BANK0000435195001"), other: None, currency: None };

fn write_payments(path: &Path, payments: u32) -> Result<(), Box<dyn Error>> {
    let mut writer = pain001::Writer::new(MessageType::Pain001V09, File::create(path)?);
    let sum: i128 = (0..payments).map(|ordinal| i128::from(ordinal % 1_000_000 + 1_000)).sum();
    writer.group_header(&pain001::GroupHeader {
        message_id: "MAKSAJUMI-2026-11-23",
        creation_date_time: "2026-11-23T09:30:00+02:00",
        number_of_transactions: u64::from(payments),
        control_sum: Some(Decimal::new(sum, 2)),
        initiating_party: Party { name: Some("Paraugu ministrija"), ..Party::default() },
        ..pain001::GroupHeader::default()
    })?;
    writer.payment_information(&pain001::PaymentInformation {
        payment_information_id: "PMT-1",
        payment_method: "TRF",
        number_of_transactions: Some(u64::from(payments)),
        control_sum: Some(Decimal::new(sum, 2)),
        requested_execution_date: Some(civil::date(2026, 11, 24)),
        debtor: Party { name: Some("Paraugu ministrija"), ..Party::default() },
        debtor_account: PAYER,
        debtor_agent: Agent { bic: Some("TRELLV22"), ..Agent::default() },
        ..pain001::PaymentInformation::default()
    })?;
    for ordinal in 0..payments {
        let (instruction_id, end_to_end_id) = (format!("INS-{ordinal:08}"), format!("E2E-2026-{ordinal:010}"));
        let uetr = format!("{ordinal:08x}-0000-4000-8000-00000000000a");
        let name = format!("SIA Piegādātājs Nr. {}", ordinal % 5_000);
        let text = format!("Rēķins Nr. {ordinal} par precēm un pakalpojumiem, līgums 2026/{}", ordinal % 977);
        let lines = [text.as_str()];
        let codes =
            [RegulatoryDetail { indicator: Some("DEBT"), kind: Some("EKK"), code: Some("2221"), ..Default::default() }];
        writer.credit_transfer(&pain001::CreditTransfer {
            position: Default::default(),
            block: 0,
            ordinal,
            instruction_id: Some(&instruction_id),
            end_to_end_id: &end_to_end_id,
            uetr: Some(&uetr),
            payment_type: Default::default(),
            amount: Some(pain001::RequestedAmount::Instructed(cents(ordinal))),
            charge_bearer: None,
            ultimate_debtor: None,
            creditor_agent: Some(Agent { bic: Some("HABALV22"), ..Agent::default() }),
            creditor: Some(payee(&name)),
            creditor_account: Some(PAYEE),
            ultimate_creditor: None,
            purpose: Some("GDDS"),
            regulatory_reporting: &codes,
            remittance: Remittance { unstructured: &lines, creditor_reference: None },
        })?;
    }
    writer.finish()?;
    Ok(())
}

fn read_payments(path: &Path, payments: u32) -> Result<(), Box<dyn Error>> {
    let mut reader = pain001::Reader::new(MessageType::Pain001V09, File::open(path)?, xsd::Bounds::default());
    let (mut stated, mut sum, mut seen) = (None, Decimal::ZERO, 0_u32);
    while let Some(item) = reader.next()? {
        match item {
            pain001::Item::GroupHeader(header) => stated = header.control_sum,
            pain001::Item::CreditTransfer(payment) => {
                seen += 1;
                if let Some(pain001::RequestedAmount::Instructed(amount)) = payment.amount {
                    sum = sum.checked_add(amount.value).ok_or("the sum is too large")?;
                }
            }
            _ => {}
        }
    }
    if seen != payments || stated != Some(sum) || !reader.findings().is_empty() {
        return Err(format!("read {seen} payments of {sum}, findings {:?}", reader.findings()).into());
    }
    Ok(())
}

fn write_entries(path: &Path, entries: u32) -> Result<(), Box<dyn Error>> {
    let created = Some("2026-11-23T23:10:00+02:00".parse::<DateTime>()?);
    let mut writer = camt::Writer::new(MessageType::Camt053V08, File::create(path)?);
    writer.group_header(&camt::GroupHeader {
        message_id: "IZR-2026-11-23",
        creation_date_time: created,
        ..camt::GroupHeader::default()
    })?;
    let day = civil::date(2026, 11, 23);
    let balance = |code| camt::Balance {
        balance_type: CodeOrProprietary::Code(code),
        sub_type: None,
        amount: cents(0),
        credit_debit: CreditDebit::Credit,
        date: day,
    };
    writer.report(&camt::Report {
        id: "IZR-1",
        creation_date_time: created,
        account: camt::ReportAccount { account: PAYER, ..camt::ReportAccount::default() },
        balances: &[balance("OPBD"), balance("CLBD")],
        ..camt::Report::default()
    })?;
    let mut reference = *b"TK20261123-00000000";
    for ordinal in 0..entries {
        count_up(&mut reference);
        let reference = std::str::from_utf8(&reference)?;
        writer.entry(&camt::Entry {
            reference: Some(reference),
            amount: cents(ordinal),
            credit_debit: CreditDebit::Debit,
            reversal: false,
            status: "BOOK",
            booking_date: Some(day),
            value_date: Some(day),
            account_servicer_reference: Some(reference),
            transaction_code: camt::BankTransactionCode {
                domain: Some(camt::DomainCode { domain: "PMNT", family: "ICDT", sub_family: "ESCT" }),
                ..camt::BankTransactionCode::default()
            },
            batch: None,
        })?;
        writer.transaction(&camt::TransactionDetails {
            references: camt::References {
                account_servicer_reference: Some(reference),
                end_to_end_id: Some(reference),
                ..camt::References::default()
            },
            amount: Some(cents(ordinal)),
            creditor: Some(Party { name: Some("SIA Piegādātājs"), ..Party::default() }),
            creditor_account: Some(PAYEE),
            remittance: Remittance {
                unstructured: &["Rēķins par precēm un pakalpojumiem, līgums 2026/17"],
                creditor_reference: None,
            },
            ..camt::TransactionDetails::default()
        })?;
    }
    writer.finish()?;
    Ok(())
}

/// The next number in the digits at the end: formatting one would be measured too.
fn count_up(digits: &mut [u8]) {
    for digit in digits.iter_mut().rev() {
        if *digit != b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
}

fn read_entries(path: &Path, entries: u32) -> Result<(), Box<dyn Error>> {
    let mut reader = camt::Reader::new(MessageType::Camt053V08, File::open(path)?, xsd::Bounds::default());
    let mut seen = 0_u32;
    while let Some(item) = reader.next()? {
        seen += u32::from(matches!(item, camt::Item::Transaction(_)));
    }
    if seen != entries || !reader.findings().is_empty() {
        return Err(format!("read {seen} entries, findings {:?}", reader.findings()).into());
    }
    Ok(())
}
