//! The chapters of the demonstration, each with what it claims and checks.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use client::{Body, Client, MessageOverview, SendOptions, Sent};
use iso20022::common::CreditDebit;
use iso20022::{DateTime, MessageType};
use rulebook::Iban;

use super::demonstration::Demonstration;
use crate::generate::{DEBTOR_ACCOUNT, DEBTOR_NAME, Flaw, PAYEE_ACCOUNTS, PaymentBatch, ReportRequest};
use crate::show::report::reports as shown_reports;
use crate::show::statement::Statement;
use crate::show::{self, Rest, statement};
use crate::terminal::{Failure, words};

/// The accounting system that pays.
const PAYER: &str = "daugava-accounting";
/// The same institution's system that may only look.
const VIEWER: &str = "daugava-reports";
/// The institution that is paid.
const PAYEE: &str = "vidzeme-accounting";
/// Payments made wrong, each in another way.
const FLAWS: usize = 3;
/// Entries of a report that are printed.
const ENTRIES_SHOWN_MAX: usize = 6;
/// How often the demonstration asks whether everything is settled.
const POLL: Duration = Duration::from_millis(200);
/// How long settling may take at most: a floor, and so much for each payment.
const SETTLING_MAX: Duration = Duration::from_secs(60);
const SETTLING_PER_PAYMENT: Duration = Duration::from_millis(2);

/// A file that was sent, and its answer.
pub(super) struct SentFile {
    path: PathBuf,
    message_id: String,
    answer: Vec<u8>,
}

/// Chapter 1: a bulk payment file goes through.
pub(super) async fn send_payments(demonstration: &Demonstration<'_>) -> Result<SentFile, Failure> {
    let transactions = demonstration.settings.transactions;
    let count = show::grouped(&transactions.to_string());
    demonstration.chapter(&format!("1  {PAYER} sends {count} payments, {FLAWS} of them wrong"));
    let batch = PaymentBatch {
        message_id: format!("DEMO-{}-{}", demonstration.day.strftime("%Y%m%d"), demonstration.run),
        flaws: Flaw::first(FLAWS),
        ..PaymentBatch::new(transactions, u64::from(demonstration.run), demonstration.day)
    };
    let path = demonstration.file("01-payments.pain.001.xml");
    let written = write(&batch, &path)?;
    let client = demonstration.participant(PAYER)?.client;
    let begun = Instant::now();
    let answer = send(demonstration, &client, Body::file(&path)).await?;
    demonstration.say(format_args!(
        "{} bytes checked, made durable, held and answered in {:.2} s",
        show::grouped(&written.to_string()),
        begun.elapsed().as_secs_f64()
    ));
    let overview = keep_answer(demonstration, "02-answer.pain.002.xml", &answer)?;
    show::print_status(&overview, Rest::File(&demonstration.file("02-answer.pain.002.xml")), demonstration.terminal);
    claim(overview.status == "PART", "the message is accepted in part (PART)")?;
    claim(overview.refused_total == FLAWS as u64, "exactly the wrong payments are refused")?;
    let reasons: std::collections::BTreeSet<_> = overview.refused.iter().map(|refusal| &refusal.reason.code).collect();
    claim(reasons.len() >= FLAWS, "each is refused for another reason")?;
    demonstration.holds("all others are accepted, and each refused one says why and on which line");
    Ok(SentFile { path, message_id: batch.message_id, answer })
}

/// Chapter 2: the same again changes nothing; another file under the same name is refused.
pub(super) async fn send_again(demonstration: &Demonstration<'_>, file: &SentFile) -> Result<(), Failure> {
    demonstration.chapter("2  The same file again, and another file with the same MsgId");
    let client = demonstration.participant(PAYER)?.client;
    let again = send(demonstration, &client, Body::file(&file.path)).await?;
    demonstration.keep("03-answer-again.pain.002.xml", &again)?;
    claim(again == file.answer, "the same bytes get the same answer, byte for byte")?;
    demonstration.holds("the same bytes got the same answer, byte for byte");

    let other = PaymentBatch {
        message_id: file.message_id.clone(),
        ..PaymentBatch::new(10, u64::from(demonstration.run) + 1_000_000, demonstration.day)
    };
    let path = demonstration.file("04-other-file-same-id.pain.001.xml");
    write(&other, &path)?;
    refused(demonstration, client.send_payments(Body::file(&path), options(demonstration)).await, "DU01")
}

/// Chapter 3: status, until everything is executed and settled.
pub(super) async fn follow_until_settled(demonstration: &Demonstration<'_>, file: &SentFile) -> Result<(), Failure> {
    demonstration.chapter("3  Status now, and when everything is executed and settled");
    let client = demonstration.participant(PAYER)?.client;
    let now = status(demonstration, &client, &file.message_id, "05-status.pain.002.xml").await?;
    demonstration.say(format_args!("now: {}", statuses(&now)));
    let patience = SETTLING_MAX + SETTLING_PER_PAYMENT * demonstration.settings.transactions;
    let begun = Instant::now();
    let settled = loop {
        let overview = client.status_overview(&file.message_id, Some(demonstration.terminal.client_language())).await?;
        if is_settled(&overview) {
            break overview;
        }
        if begun.elapsed() > patience {
            return Err(Failure::Other(format!("not settled after {patience:?}: {}", statuses(&overview))));
        }
        tokio::time::sleep(POLL).await;
    };
    demonstration.say(format_args!("{:.1} s later: {}", begun.elapsed().as_secs_f64(), statuses(&settled)));
    let last = status(demonstration, &client, &file.message_id, "06-status-settled.pain.002.xml").await?;
    claim(last.refused_total == FLAWS as u64, "no payment was refused later")?;
    demonstration.holds("every accepted payment is settled (ACSC)");
    Ok(())
}

/// Chapter 4: reports of the payer and of the payee, which add up.
pub(super) async fn reports(demonstration: &Demonstration<'_>) -> Result<(), Failure> {
    demonstration.chapter("4  Account report (camt.052) of the payer, credits (camt.054) of the payee");
    let payer = demonstration.participant(PAYER)?.client;
    let account = Request { account: DEBTOR_ACCOUNT, report: MessageType::Camt052V08, direction: None };
    let statements = report(demonstration, &payer, &account, "07").await?;
    let total: u64 = statements.iter().map(Statement::entries_total).sum();
    for (page, statement) in statements.iter().enumerate() {
        let difference = statement.difference();
        claim(
            difference.is_some_and(|difference| difference.is_zero()),
            "opening balance + entries = interim balance",
        )?;
        let continues = page == 0 || balance(statement.opening()) == balance(statements[page - 1].closing());
        claim(continues, "each page begins where the one before it ended")?;
    }
    if let (Some(first), Some(last)) = (statements.first(), statements.last()) {
        for report in shown_reports(&statements) {
            show::print_report(&report, Rest::File(demonstration.messages()), demonstration.terminal);
        }
        demonstration.holds(format_args!(
            "opening balance {} + {} entries on {} page(s) = interim balance {}",
            balance(first.opening()),
            show::grouped(&total.to_string()),
            statements.len(),
            balance(last.closing()),
        ));
    }
    // In a new installation the account has no other entries; otherwise this run adds to those of the day.
    let expected = u64::from(demonstration.settings.transactions) - FLAWS as u64;
    let each_once = if demonstration.is_new { total == expected } else { total >= expected };
    claim(each_once, "every accepted payment has one entry, and none was booked twice")?;

    let payee = demonstration.participant(PAYEE)?.client;
    let account = PAYEE_ACCOUNTS[0].0;
    let credits = Request { account, report: MessageType::Camt054V08, direction: Some(CreditDebit::Credit) };
    let statements = report(demonstration, &payee, &credits, "09").await?;
    let total: u64 = statements.iter().map(Statement::entries_total).sum();
    for report in shown_reports(&statements) {
        demonstration.say("");
        show::print_report(&report, Rest::File(demonstration.messages()), demonstration.terminal);
    }
    claim(total > 0, "the receiving institution sees its credits")?;
    demonstration.holds(format_args!("the receiving institution sees {} credits", show::grouped(&total.to_string())));
    Ok(())
}

/// Chapter 5: what must fail, fails, and says why.
pub(super) async fn what_must_fail(demonstration: &Demonstration<'_>) -> Result<(), Failure> {
    demonstration.chapter("5  What must fail");
    let small = |number: u32| PaymentBatch {
        message_id: format!("DEMO-{}-{}-{number}", demonstration.day.strftime("%Y%m%d"), demonstration.run),
        ..PaymentBatch::new(10, u64::from(demonstration.run) + 2_000_000, demonstration.day)
    };
    let path = demonstration.file("11-not-allowed.pain.001.xml");
    write(&small(11), &path)?;

    demonstration.say("no certificate:");
    refused(
        demonstration,
        demonstration.stranger()?.client.send_payments(Body::file(&path), options(demonstration)).await,
        "TDAM-",
    )?;
    demonstration.say("an online user that may only look (View), paying:");
    refused(
        demonstration,
        demonstration.participant(VIEWER)?.client.send_payments(Body::file(&path), options(demonstration)).await,
        "TDAM-",
    )?;

    demonstration.say("another client's account, paying from it:");
    let client = demonstration.participant(PAYEE)?.client;
    let answer = send(demonstration, &client, Body::file(&path)).await?;
    let overview = keep_answer(demonstration, "12-not-allowed.pain.002.xml", &answer)?;
    show::print_status(
        &overview,
        Rest::File(&demonstration.file("12-not-allowed.pain.002.xml")),
        demonstration.terminal,
    );
    claim(overview.status == "RJCT", "nobody pays from another client's account")?;

    demonstration.say("another client's account, looking at it:");
    let request = Request { account: DEBTOR_ACCOUNT, report: MessageType::Camt052V08, direction: None };
    let xml = request.xml(demonstration, "13")?;
    demonstration.keep("13-not-allowed.camt.060.xml", &xml)?;
    let pages = client.request_report(Body::bytes(xml), Some(demonstration.terminal.client_language())).await;
    refused(demonstration, pages.map(|_| Sent::InProgress(client::InProgress::at(""))), "TDAM-")?;
    demonstration.holds("each was refused with a code, a reason and what to do");
    Ok(())
}

/// A report to be asked for.
struct Request {
    account: &'static str,
    report: MessageType,
    direction: Option<CreditDebit>,
}

impl Request {
    fn xml(&self, demonstration: &Demonstration<'_>, number: &str) -> Result<Vec<u8>, Failure> {
        let request = ReportRequest {
            account: Iban::parse(self.account).map_err(Failure::service)?,
            report: self.report,
            from: demonstration.day,
            to: demonstration.day,
            direction: self.direction,
            message_id: format!("DEMO-{}-{}-{number}", demonstration.day.strftime("%Y%m%d"), demonstration.run),
            created: DateTime::local(demonstration.day.at(10, 0, 0, 0)),
            sender: DEBTOR_NAME.to_owned(),
        };
        request.to_xml().map_err(Failure::service)
    }
}

/// Asks for a report and reads all of its pages; every message is kept.
async fn report(
    demonstration: &Demonstration<'_>,
    client: &Client,
    request: &Request,
    number: &str,
) -> Result<Vec<statement::Statement>, Failure> {
    let kind = request.report.name().get(..8).unwrap_or_default();
    let xml = request.xml(demonstration, number)?;
    demonstration.keep(&format!("{number}-request.camt.060.xml"), &xml)?;
    let mut pages = client.request_report(Body::bytes(xml), Some(demonstration.terminal.client_language())).await?;
    let mut statements = Vec::new();
    let next: u32 = number.parse::<u32>().unwrap_or_default() + 1;
    while let Some(page) = pages.next().await? {
        let number = page.number;
        let xml = page.document.bytes().await?;
        demonstration.keep(&format!("{next:02}-page-{number}.{kind}.xml"), &xml)?;
        statement::read(request.report, xml.as_ref(), ENTRIES_SHOWN_MAX, &mut statements).map_err(Failure::service)?;
    }
    Ok(statements)
}

fn balance(balance: Option<&statement::StatedBalance>) -> String {
    balance.map(|balance| show::grouped(&balance.amount.to_string())).unwrap_or_default()
}

fn options(demonstration: &Demonstration<'_>) -> SendOptions {
    SendOptions::default().language(demonstration.terminal.client_language())
}

/// Writes a message; returns its length in bytes.
fn write(batch: &PaymentBatch, path: &Path) -> Result<u64, Failure> {
    let file = File::create(path).map_err(Failure::output(path))?;
    batch.write(BufWriter::with_capacity(1 << 18, file)).map_err(Failure::service)?;
    Ok(std::fs::metadata(path).map_err(Failure::input(path))?.len())
}

/// Sends a file with a progress bar and waits for its answer, however large it is.
async fn send(demonstration: &Demonstration<'_>, client: &Client, body: Body) -> Result<Vec<u8>, Failure> {
    let progress = demonstration.terminal.progress(words::SENDING, body.length().await?);
    let (bar, checking) = (progress.clone(), demonstration.terminal.say(words::BEING_CHECKED));
    let options = options(demonstration).progress(move |sent, length| {
        bar.at(sent);
        if sent == length {
            bar.now(checking);
        }
    });
    let answer = match client.send_payments(body, options).await? {
        Sent::Answer(answer) => answer,
        Sent::InProgress(later) => client.wait_for_answer(&later, Duration::from_secs(3_600)).await?,
    };
    progress.clear();
    Ok(answer.xml.to_vec())
}

fn keep_answer(demonstration: &Demonstration<'_>, name: &str, xml: &[u8]) -> Result<MessageOverview, Failure> {
    demonstration.keep(name, xml)?;
    show::status::read(MessageType::Pain002V10, xml, demonstration.terminal.language).map_err(Failure::service)
}

async fn status(
    demonstration: &Demonstration<'_>,
    client: &Client,
    id: &str,
    name: &str,
) -> Result<MessageOverview, Failure> {
    let xml = client.status(id).await?.bytes().await?;
    keep_answer(demonstration, name, &xml)
}

/// Shows the problem that a call was refused with; anything else breaks the demonstration.
fn refused(
    demonstration: &Demonstration<'_>,
    outcome: Result<Sent, client::Error>,
    expected: &str,
) -> Result<(), Failure> {
    let Err(error) = outcome else {
        return Err(Failure::Other("what must fail was accepted".to_owned()));
    };
    let Some(problem) = error.problem() else { return Err(error.into()) };
    demonstration.say(format_args!("  {} {} {}", problem.status, problem.code, problem.title));
    for line in [problem.detail.as_deref().unwrap_or_default(), &problem.remedy] {
        if !line.is_empty() {
            demonstration.say(format_args!("  {line}"));
        }
    }
    let matches = problem.code.starts_with(expected) || problem.iso_reason.as_deref() == Some(expected);
    claim(matches, &format!("the refusal says {expected}"))
}

fn claim(holds: bool, what: &str) -> Result<(), Failure> {
    if holds { Ok(()) } else { Err(Failure::Other(format!("the demonstration claims what does not hold: {what}"))) }
}

/// Whether every payment has a final status.
fn is_settled(overview: &MessageOverview) -> bool {
    let done = overview.counts.iter().filter(|count| matches!(count.status.as_str(), "ACSC" | "RJCT"));
    done.map(|count| count.count).sum::<u64>() == overview.number_of_transactions
}

fn statuses(overview: &MessageOverview) -> String {
    let mut counts: std::collections::BTreeMap<&str, u32> = std::collections::BTreeMap::new();
    for block in &overview.blocks {
        *counts.entry(block.status.as_str()).or_default() += 1;
    }
    let blocks: Vec<_> = counts.iter().map(|(status, count)| format!("{count} block(s) {status}")).collect();
    format!("message {}, {}", overview.status, blocks.join(", "))
}
