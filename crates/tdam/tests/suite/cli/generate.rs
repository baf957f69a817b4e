//! `tdam generate`: valid, decided by its settings, wrong only where the settings ask for flaws.

use std::collections::HashSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use iso20022::camt::{Item, Reader};
use iso20022::common::{CodeOrProprietary, CreditDebit};
use iso20022::{MessageType, pain002};
use rulebook::CodeSet;
use rulebook::code_sets::is_bank_transaction_code;
use serde_json::Value;
use tdam::generate::{AccountReport, DEBTOR_ACCOUNT, Flaw, PAYEE_ACCOUNTS, PaymentBatch, ReportSummary};

use super::{of, run, tdam};

const DATE: &str = "2026-11-24";

fn batch(transactions: u32, seed: u64) -> PaymentBatch {
    PaymentBatch::new(transactions, seed, DATE.parse().unwrap())
}

fn xml_of(batch: &PaymentBatch) -> Vec<u8> {
    let mut xml = Vec::new();
    batch.write(&mut xml).unwrap();
    xml
}

fn validate(path: &Path) -> (i32, Value) {
    let ran = run(tdam(["validate", "--json", "--date", DATE]).arg(path));
    let mut value: Value = serde_json::from_str(&ran.out).unwrap();
    (ran.exit, value["files"][0].take())
}

/// For any seed and number, both generations are valid.
#[test]
fn what_is_generated_is_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payments.xml");
    for (message_type, seed, transactions) in (0..24).map(|case| {
        let message_type = if case % 2 == 0 { MessageType::Pain001V09 } else { MessageType::Pain001V03 };
        (message_type, case * 7_919, [1, 2, 3, 5, 40, 997][case as usize % 6])
    }) {
        let mut batch = batch(transactions, seed);
        batch.message_type = message_type;
        fs::write(&path, xml_of(&batch)).unwrap();
        let (exit, file) = validate(&path);
        assert_eq!(exit, 0, "{message_type}, seed {seed}, {transactions} payments: {file:#}");
        assert_eq!(file["payments"], transactions);
    }
}

#[test]
fn the_same_settings_make_the_same_bytes_and_others_make_others() {
    assert_eq!(xml_of(&batch(300, 5)), xml_of(&batch(300, 5)));
    assert_ne!(xml_of(&batch(300, 5)), xml_of(&batch(300, 6)));
    // By which every user of one version gets the same file as every other.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payments.xml");
    let arguments = ["generate", "pain.001.001.09", "--transactions", "300", "--seed", "5", "--date", DATE, "-o"];
    let ran = run(tdam(arguments).arg(&path));
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert_eq!(fs::read(&path).unwrap(), xml_of(&batch(300, 5)));
}

#[test]
fn each_flaw_is_found_where_it_was_made() {
    let mut batch = batch(400, 11);
    batch.flaws = Flaw::ALL.to_vec();
    let mut xml = Vec::new();
    let summary = batch.write(&mut xml).unwrap();
    assert_eq!(summary.flawed.len(), Flaw::ALL.len());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flawed.xml");
    fs::write(&path, &xml).unwrap();
    let (exit, file) = validate(&path);
    assert_eq!(exit, 1);
    let found: Vec<_> = file["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (finding["end_to_end_id"].as_str().unwrap(), finding["code"].as_str().unwrap()))
        .collect();
    let made: Vec<_> =
        summary.flawed.iter().map(|flawed| (flawed.end_to_end_id.as_str(), flawed.flaw.code().id())).collect();
    assert_eq!(found, made, "{file:#}");
}

#[test]
fn references_are_unique() {
    let text = String::from_utf8(xml_of(&batch(2_000, 3))).unwrap();
    for element in ["<EndToEndId>", "<InstrId>", "<UETR>", "<Ustrd>"] {
        let mut values: Vec<_> = text.split(element).skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
        let all = values.len();
        values.sort_unstable();
        values.dedup();
        assert_eq!((all, values.len()), (2_000, 2_000), "{element}");
    }
}

#[test]
fn accounts_can_be_named() {
    let arguments = [
        "generate",
        "pain.001.001.03",
        "--transactions",
        "50",
        "--date",
        DATE,
        "--debtor-account",
        "LV07TREL5180453053000",
        "--creditor-account",
        "LV33TREL1060000300000=21399",
    ];
    let ran = run(&mut tdam(arguments));
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert!(ran.out.contains("LV07TREL5180453053000") && ran.out.contains("LV33TREL1060000300000"));
    assert!(!ran.out.contains(DEBTOR_ACCOUNT) && !ran.out.contains(PAYEE_ACCOUNTS[0].0));
    let ran = run(&mut tdam(["generate", "pain.001.001.03", "--debtor-account", "LV91TREL1060000100000"]));
    assert_eq!(ran.exit, 2, "an IBAN with wrong check digits is no account");
}

#[test]
fn an_output_that_cannot_be_written_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(tdam(["generate", "pain.001.001.09", "-o"]).arg(folder.path().join("absent/payments.xml")));
    assert_eq!(ran.exit, 5, "{}", ran.err);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn report_requests_are_in_order() {
    let folder = tempfile::tempdir().unwrap();
    for message_type in ["camt.060.001.03", "camt.060.001.05"] {
        let path = folder.path().join(message_type);
        for report in ["camt.052", "camt.054"] {
            let ran = run(tdam(["generate", message_type, "--report", report, "--date", DATE, "-o"]).arg(&path));
            assert_eq!(ran.exit, 0, "{}", ran.err);
            let ran = run(tdam(["validate", "--date", DATE]).arg(&path));
            assert_eq!(ran.exit, 0, "{}", ran.out);
        }
        // The request must not name a report that the exchange does not make.
        let ran = run(&mut tdam(["generate", message_type, "--report", "camt.053"]));
        assert_eq!(ran.exit, 2, "{}", ran.err);
    }
}

/// Terminals and files of some systems write a letter and its mark as two characters.
#[test]
fn names_are_composed() {
    let ran = run(&mut tdam(["generate", "pain.001.001.09", "--initiating-party", "Ri\u{304}ga"]));
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert!(ran.out.contains("<Nm>Rīga</Nm>"), "{}", ran.out);
}

fn report(message_type: MessageType, entries: u32, seed: u64) -> (Vec<u8>, ReportSummary) {
    let mut xml = Vec::new();
    let summary = AccountReport::new(message_type, entries, seed, DATE.parse().unwrap()).write(&mut xml).unwrap();
    (xml, summary)
}

fn status_report(batch: &PaymentBatch) -> Vec<u8> {
    let mut xml = Vec::new();
    batch.write_status_report(&mut xml).unwrap();
    xml
}

/// The message as every user of this version gets it, small enough to be read.
#[test]
fn what_a_report_looks_like() {
    insta::assert_snapshot!("statement", String::from_utf8(report(MessageType::Camt053V08, 9, 4).0).unwrap());
    let mut batch = batch(4, 2);
    batch.flaws = vec![Flaw::CheckDigits];
    batch.lists_every_payment = true;
    insta::assert_snapshot!("status_report", String::from_utf8(status_report(&batch)).unwrap());
}

/// All twelve, by the program's own validator; the official schemas follow below.
#[test]
fn every_type_is_in_order_whatever_the_seed_and_the_number() {
    let folder = tempfile::tempdir().unwrap();
    for (case, message_type) in MessageType::ALL.into_iter().cycle().take(48).enumerate() {
        let (seed, number) = (case as u64 * 104_729, [1, 3, 4, 10, 57, 1_200][case / 12 + case % 3]);
        let path = folder.path().join(format!("{case}.xml"));
        let arguments = ["generate", message_type.name(), "--date", DATE, "--transactions", &number.to_string()];
        let ran = run(tdam(arguments).args(["--seed", &seed.to_string(), "-o"]).arg(&path));
        assert_eq!(ran.exit, 0, "{message_type}, seed {seed}: {}", ran.err);
        let (exit, file) = validate(&path);
        assert_eq!(exit, 0, "{message_type}, seed {seed}, {number}: {file:#}");
    }
}

/// What an importer adds up: opening balance, entries, closing balance, day after day; summaries; shares of classification.
#[test]
fn account_reports_add_up() {
    for (message_type, entries, seed) in [
        (MessageType::Camt052V02, 1, 0),
        (MessageType::Camt052V08, 400, 1),
        (MessageType::Camt053V02, 9, 2),
        (MessageType::Camt053V08, 3_000, 3),
    ] {
        let (xml, summary) = report(message_type, entries, seed);
        assert_eq!(summary.opening + summary.credits - summary.debits, summary.closing);
        let mut reader = Reader::new(message_type, xml.as_slice(), xsd::Bounds::default());
        let (mut days, mut references) = (Vec::new(), HashSet::new());
        while let Some(item) = reader.next().unwrap() {
            match item {
                Item::Report(report) => days.push(AccountDay::begun(&report)),
                Item::Entry(entry) => {
                    days.last_mut().unwrap().book(signed(entry.amount, entry.credit_debit));
                    assert!(references.insert(entry.account_servicer_reference.unwrap().to_owned()));
                    let code = entry.transaction_code.domain.unwrap();
                    assert!(is_bank_transaction_code(code.domain, code.family, code.sub_family), "{code:?}");
                }
                Item::Transaction(details) => {
                    if let Some(CodeOrProprietary::Code(reason)) =
                        details.return_information.and_then(|told| told.reason)
                    {
                        assert!(CodeSet::ReturnReason.contains(reason), "{reason}");
                    }
                    let shares = details.proprietary_amounts.iter().map(|share| cents(share.amount.value));
                    let shares: Vec<i64> = shares.collect();
                    let all = cents(details.amount.unwrap().value);
                    assert!(shares.is_empty() || shares.iter().sum::<i64>() == all, "{shares:?} of {all}");
                }
                _ => {}
            }
        }
        assert!(reader.findings().is_empty());
        assert_eq!((references.len(), days.len()), (entries as usize, summary.days as usize));
        assert_eq!((days[0].opening, days[days.len() - 1].closing), (summary.opening, summary.closing));
        for day in &days {
            assert_eq!(day.opening + day.booked, day.closing, "{day:?}");
            assert!(day.lowest >= 0, "never out of funds: {day:?}");
            assert_eq!((day.entries, day.booked), day.told, "{day:?}");
        }
        assert!(days.windows(2).all(|days| days[0].closing == days[1].opening && days[0].date < days[1].date));
    }
}

#[derive(Debug)]
struct AccountDay {
    date: jiff::civil::Date,
    opening: i64,
    closing: i64,
    entries: u64,
    booked: i64,
    lowest: i64,
    told: (u64, i64),
}

impl AccountDay {
    fn begun(report: &iso20022::camt::Report<'_>) -> AccountDay {
        let [opening, closing] = report.balances else { panic!("{:?}", report.balances) };
        let summary = report.transactions_summary.unwrap();
        let (net, direction) = summary.net.unwrap();
        let net = if direction == CreditDebit::Debit { -cents(net) } else { cents(net) };
        let opening = (signed(opening.amount, opening.credit_debit), opening.date);
        AccountDay {
            date: opening.1,
            opening: opening.0,
            closing: signed(closing.amount, closing.credit_debit),
            entries: 0,
            booked: 0,
            lowest: opening.0,
            told: (summary.entries.unwrap().number, net),
        }
    }

    fn book(&mut self, cents: i64) {
        self.entries += 1;
        self.booked += cents;
        self.lowest = self.lowest.min(self.opening + self.booked);
    }
}

fn cents(value: money::Decimal) -> i64 {
    i64::try_from(value.units_at_scale(2).unwrap()).unwrap()
}

fn signed(amount: iso20022::common::Amount, direction: CreditDebit) -> i64 {
    if direction == CreditDebit::Debit { -cents(amount.value) } else { cents(amount.value) }
}

/// The status report and the account report agree on the results of the payments.
#[test]
fn what_the_status_report_calls_settled_is_what_the_account_was_debited_with() {
    one_story(MessageType::Pain001V09, MessageType::Pain002V10, MessageType::Camt054V08);
    one_story(MessageType::Pain001V03, MessageType::Pain002V03, MessageType::Camt054V02);
}

fn one_story(payments: MessageType, status: MessageType, entries: MessageType) {
    let mut batch = batch(700, 8);
    batch.message_type = payments;
    batch.message_id = batch.own_message_id();
    batch.lists_every_payment = true;
    let status_report = status_report(&batch);
    let mut reader = pain002::Reader::new(status, status_report.as_slice(), xsd::Bounds::default());
    let (mut settled, mut other) = (Vec::new(), 0);
    while let Some(item) = reader.next().unwrap() {
        let pain002::Item::Transaction(payment) = item else { continue };
        assert!(CodeSet::PaymentTransactionStatus.contains(payment.status.unwrap().code()));
        for reason in payment.reasons {
            assert!(
                matches!(reason.reason, Some(CodeOrProprietary::Code(code)) if CodeSet::StatusReason.contains(code))
            );
        }
        let amount = payment.original.unwrap().instructed_amount.unwrap();
        match payment.status {
            Some(pain002::Status::ACSC) => {
                settled.push((payment.end_to_end_id.unwrap().to_owned(), cents(amount.value)))
            }
            _ => other += 1,
        }
    }
    assert!(reader.findings().is_empty());
    assert_eq!(settled.len() + other, 700);
    assert!(settled.len() > 350 && other > 70, "a mixture: {} settled", settled.len());
    let (xml, _) = report(entries, 700, 8);
    let mut reader = Reader::new(entries, xml.as_slice(), xsd::Bounds::default());
    let (mut debited, mut is_debit) = (Vec::new(), false);
    while let Some(item) = reader.next().unwrap() {
        match item {
            Item::Entry(entry) => is_debit = entry.credit_debit == CreditDebit::Debit,
            Item::Transaction(details) if is_debit => {
                let reference = details.references.end_to_end_id.unwrap().to_owned();
                debited.push((reference, cents(details.amount.unwrap().value)));
            }
            _ => {}
        }
    }
    assert_eq!(debited, settled);
    // And both speak of the payments themselves.
    let payments = String::from_utf8(xml_of(&batch)).unwrap();
    for (reference, cents) in settled {
        let ordered =
            payments.split("<CdtTrfTxInf>").find(|payment| payment.contains(&format!("<EndToEndId>{reference}<")));
        let amount = format!(">{}.{:02}<", cents / 100, cents % 100);
        assert!(ordered.unwrap().contains(&amount), "{reference} {amount}");
    }
}

/// What stands in a status report of one payment.
struct Named {
    end_to_end_id: String,
    status: pain002::Status,
    line: Option<u32>,
}

/// The status of the message, and the payments that are named.
fn read_status_report(message_type: MessageType, xml: &[u8]) -> (pain002::Status, Vec<Named>) {
    let schema = xsd::Schema::from_model(publication::model(message_type)).unwrap();
    let nothing = xsd::Selection::new(&schema, &[]).unwrap();
    let mut validator = xsd::Validator::new(&schema, &nothing, xml, xsd::Bounds::default());
    while !matches!(validator.next().unwrap(), xsd::Event::End) {}
    let findings: Vec<_> = validator.findings().iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "not such as we publish: {findings:?}");
    let (mut status, mut named) = (None, Vec::new());
    let mut reader = pain002::Reader::new(message_type, xml, xsd::Bounds::default());
    while let Some(item) = reader.next().unwrap() {
        match item {
            pain002::Item::OriginalGroup(group) => status = group.status,
            pain002::Item::Transaction(payment) => named.push(Named {
                end_to_end_id: payment.end_to_end_id.unwrap().to_owned(),
                status: payment.status.unwrap(),
                line: payment.reasons.first().map(|reason| {
                    let last = reason.additional_information.last().unwrap();
                    last.strip_prefix("line ").unwrap().parse().unwrap()
                }),
            }),
            _ => {}
        }
    }
    assert!(reader.findings().is_empty());
    (status.unwrap(), named)
}

#[test]
fn a_status_report_is_such_as_the_exchange_writes_whatever_became_of_the_payments() {
    let mut statuses = HashSet::new();
    for case in 0..48_u64 {
        let (transactions, flaws) = [(1, 0), (1, 0), (2, 2), (3, 0), (40, 5), (600, 2)][case as usize % 6];
        let newer = case / 6 % 2 == 0;
        let mut batch = batch(transactions, case * 7_919);
        batch.message_type = if newer { MessageType::Pain001V09 } else { MessageType::Pain001V03 };
        batch.flaws = Flaw::first(flaws);
        let payments = String::from_utf8(xml_of(&batch)).unwrap();
        let message_type = batch.message_type.status_report().unwrap();
        let (status, refused) = read_status_report(message_type, &status_report(&batch));
        statuses.insert(status.code().to_owned());
        assert!(refused.iter().all(|payment| payment.status == pain002::Status::RJCT), "case {case}");
        assert!(refused.len() >= flaws, "case {case}");
        for payment in &refused {
            let line = payments.lines().nth(payment.line.unwrap() as usize - 1).unwrap();
            assert!(line.contains(&format!("<EndToEndId>{}<", payment.end_to_end_id)), "case {case}: {line}");
        }
        batch.lists_every_payment = true;
        let (again, all) = read_status_report(message_type, &status_report(&batch));
        assert_eq!((again, all.len()), (status, transactions as usize));
        let of_all = all.iter().filter(|payment| payment.status == pain002::Status::RJCT);
        assert!(of_all.map(|payment| &payment.end_to_end_id).eq(refused.iter().map(|payment| &payment.end_to_end_id)));
    }
    let mut statuses: Vec<_> = statuses.into_iter().collect();
    statuses.sort_unstable();
    assert_eq!(statuses, ["ACCP", "ACSC", "ACSP", "PART", "RJCT"]);
}

#[test]
fn a_status_report_names_as_many_payments_as_the_exchange_would() {
    let max = exchange::bounds::REFUSALS_NAMED_MAX;
    for (transactions, refusals_named) in [(20_000, 1_000..max), (160_000, max..max + 1)] {
        let mut batch = batch(transactions, 3);
        let (_, refused) = read_status_report(MessageType::Pain002V10, &status_report(&batch));
        assert!(refusals_named.contains(&refused.len()), "{}", refused.len());
        batch.lists_every_payment = true;
        let xml = status_report(&batch);
        let (_, named) = read_status_report(MessageType::Pain002V10, &xml);
        assert_eq!(named.len(), max);
        let counted = String::from_utf8(xml).unwrap().contains(" more payments)");
        assert_eq!(counted, refused.len() == max, "beyond the bound the blocks say how many");
    }
}

#[test]
fn every_payment_is_listed_in_status_reports_only() {
    let ran = run(&mut tdam(["generate", "pain.001.001.09", "--lists-every-payment"]));
    assert_eq!(ran.exit, 2, "{}", ran.err);
    let ran = run(&mut tdam(["generate", "pain.002.001.03", "--lists-every-payment", "--date", DATE]));
    assert_eq!((ran.exit, ran.out.matches("<TxInfAndSts>").count()), (0, 10), "{}", ran.err);
}

/// The official schemas, where they are: `TDAM_REFERENCE`, or `../shared/reference` beside the repository.
fn official_schemas() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference");
    let folder = std::env::var_os("TDAM_REFERENCE").map_or_else(beside, PathBuf::from).join("xsd");
    folder.is_dir().then_some(folder)
}

#[test]
fn libxml2_with_the_official_schemas_agrees() {
    let Some(schemas) = official_schemas() else {
        println!("not checked against the official schemas: TDAM_REFERENCE names no folder that has them");
        return;
    };
    if Command::new("xmllint").arg("--version").output().is_err() {
        println!("not checked against the official schemas: xmllint is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (message_type, seed) in
        MessageType::ALL.into_iter().flat_map(|message| [1, 77, 9_001].map(|seed| (message, seed)))
    {
        let name = message_type.name();
        let path = folder.path().join(format!("{name}-{seed}.xml"));
        let mut arguments = vec!["generate".to_owned(), name.to_owned(), "--transactions".to_owned(), "500".to_owned()];
        arguments.extend(["--seed".to_owned(), seed.to_string()]);
        if name.starts_with("pain") {
            arguments.extend(["--flaws".to_owned(), "5".to_owned()]);
        }
        let ran = run(tdam(arguments).arg("-o").arg(&path));
        assert_eq!(ran.exit, 0, "{}", ran.err);
        let schema = schemas.join(format!("{name}.xsd"));
        let judged = Command::new("xmllint").args(["--noout", "--schema"]).arg(schema).arg(&path).output().unwrap();
        assert!(judged.status.success(), "{name}, seed {seed}: {}", String::from_utf8_lossy(&judged.stderr));
    }
}

/// As with `tdam generate … | head`.
#[test]
fn a_reader_that_has_enough_is_no_failure() {
    let mut command = tdam(["generate", "camt.053.001.08", "--transactions", "20000"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut start = [0; 5];
    child.stdout.take().unwrap().read_exact(&mut start).unwrap();
    // The pipe is closed by now, and the message is far longer than a pipe holds.
    let ran = of(child.wait_with_output().unwrap());
    assert_eq!((&start, ran.exit, ran.err.as_str()), (b"<?xml", 0, ""));
}
