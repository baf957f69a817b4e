//! Measures one large submission, from bytes to the answer, and its execution and settlement, over SQLite in a
//! temporary folder: `cargo run --release -p exchange --example intake -- 100000`.
#![allow(clippy::unwrap_used, missing_docs)]

use std::error::Error;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use exchange::{
    AcceptancePolicy, AccessMode, AccountKind, Exchange, Fingerprint, Limits, Mode, NewAccount, NewCertificate,
    NewClient, NewOnlineUser, Presented, Settings, SettlementSettings, Store, SubmitOptions, Submitted, SystemClock,
    local_time,
};
use jiff::{Span, Timestamp};
use money::Currency;
use rulebook::{Calendar, Iban};

fn main() -> Result<(), Box<dyn Error>> {
    let payments: u64 = std::env::args().nth(1).map_or(Ok(100_000), |text| text.parse())?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measure(payments))
}

async fn measure(payments: u64) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let store = Store::open(folder.path(), store::SqliteOptions::default())?;
    let settlement = SettlementSettings { cycle: Duration::ZERO };
    let settings = Settings { settlement, ..Settings::default() };
    let exchange = Exchange::new(store, settings, Arc::new(SystemClock));
    let day = Calendar::LatviaAndTarget
        .business_day_from(local_time(Timestamp::now()).date().checked_add(Span::new().days(1))?);
    let debtor = Iban::with_check_digits("LV", "TREL0000000000010")?;
    let presented = populate(&exchange, day, debtor.as_str()).await?;
    let xml = message(payments, day, debtor.as_str());
    println!("{payments} payments, {:.1} MB", xml.len() as f64 / 1e6);

    let begin = Instant::now();
    let caller = exchange.authorise(&presented, "intake").await?;
    let mut intake = exchange.intake(&caller)?;
    for piece in xml.as_bytes().chunks(64 << 10) {
        intake.append(piece)?;
    }
    let received = intake.finish()?;
    println!("received   {:>9.1?}", begin.elapsed());
    let options = SubmitOptions {
        request_id: "measure".to_owned(),
        wait: Duration::from_secs(600),
        mode: Mode::Execute,
        ..SubmitOptions::default()
    };
    let submitted = exchange.submit(&caller, received, options).await?;
    let elapsed = begin.elapsed();
    println!("answered   {elapsed:>9.1?}  {:.0} payments/s", payments as f64 / elapsed.as_secs_f64());
    let Submitted::Answer { pain002, .. } = submitted else { return Err("no answer".into()) };
    let text = String::from_utf8(pain002)?;
    let status = text.split("<GrpSts>").nth(1).and_then(|rest| rest.split('<').next());
    println!("status     {status:?}");
    let begin = Instant::now();
    exchange.work_now().await?;
    println!("carried out{:>9.1?}", begin.elapsed());
    let overview = exchange.status_overview(&caller, "MEASURE").await?.judged().ok_or("the message is not answered")?;
    println!("status     {:?} {:?}", overview.status, overview.counts);
    Ok(())
}

async fn populate(exchange: &Exchange, day: jiff::civil::Date, debtor: &str) -> Result<Presented, Box<dyn Error>> {
    let operator = exchange.operator();
    operator.prepare(day).await?;
    let client = operator
        .insert_client(NewClient {
            name: "Ministrija".to_owned(),
            registration_number: "90000000001".to_owned(),
            acceptance: AcceptancePolicy::Partial,
            preferences: exchange::Preferences::default(),
        })
        .await?;
    let payees = (2..12).map(|number| Iban::with_check_digits("LV", &format!("TREL{number:012}0")));
    let mut ibans = vec![debtor.to_owned()];
    for payee in payees {
        ibans.push(payee?.as_str().to_owned());
    }
    for (place, iban) in ibans.into_iter().enumerate() {
        operator
            .insert_account(NewAccount {
                client,
                iban,
                owner_name: "Ministrija".to_owned(),
                kind: AccountKind::BudgetExpenditure,
                currency: Currency::EUR,
                opening: if place == 0 { 1_000_000_000_000 } else { 0 },
                limits: Limits::default(),
            })
            .await?;
    }
    let user = operator
        .insert_online_user(NewOnlineUser {
            client,
            name: "Measurement".to_owned(),
            mode: AccessMode::Manage,
            registration_valid_until: jiff::civil::date(2099, 12, 31),
            allowed_networks: vec!["127.0.0.0/8".parse()?],
            accounts: exchange::Grants::All,
            signature_required: false,
        })
        .await?;
    let fingerprint = Fingerprint([7; 32]);
    let now = Timestamp::now();
    operator
        .insert_certificate(NewCertificate {
            fingerprint,
            user,
            serial: "07".to_owned(),
            not_before: now,
            not_after: now.checked_add(Duration::from_secs(3_600))?,
        })
        .await?;
    Ok(Presented { fingerprint, address: "127.0.0.1".parse()? })
}

/// Blocks of a thousand payments, every fifth of them internal.
fn message(payments: u64, day: jiff::civil::Date, debtor: &str) -> String {
    let mut blocks = String::new();
    let per_block = 1_000;
    for first in (0..payments).step_by(per_block as usize) {
        let count = per_block.min(payments - first);
        let mut body = String::new();
        for number in first..first + count {
            let (payee, codes) = if number % 5 == 0 {
                let payee = Iban::with_check_digits("LV", &format!("TREL{:012}0", 2 + number % 10)).unwrap();
                (
                    payee.as_str().to_owned(),
                    "<RgltryRptg><DbtCdtRptgInd>DEBT</DbtCdtRptgInd><Dtls><Tp>EKK</Tp><Cd>2221</Cd></Dtls></RgltryRptg><RgltryRptg><DbtCdtRptgInd>CRED</DbtCdtRptgInd><Dtls><Tp>EKK</Tp><Cd>21490</Cd></Dtls></RgltryRptg>",
                )
            } else {
                ("EE382200221020145685".to_owned(), "")
            };
            let _ = write!(
                body,
                "<CdtTrfTxInf>\n  <PmtId><InstrId>INSTR-{number:08}</InstrId><EndToEndId>E2E-{number:08}</EndToEndId></PmtId>\n  <Amt><InstdAmt Ccy=\"EUR\">{}.{:02}</InstdAmt></Amt>\n  <Cdtr><Nm>Supplier number {number} Ltd</Nm><PstlAdr><StrtNm>Brivibas iela</StrtNm><BldgNb>{}</BldgNb><PstCd>LV-1010</PstCd><TwnNm>Riga</TwnNm><Ctry>LV</Ctry></PstlAdr></Cdtr>\n  <CdtrAcct><Id><IBAN>{payee}</IBAN></Id></CdtrAcct>\n  {codes}<RmtInf><Ustrd>Invoice {number} of the month, as agreed</Ustrd></RmtInf>\n</CdtTrfTxInf>\n",
                1 + number % 900,
                number % 100,
                1 + number % 200
            );
        }
        let sum: u64 = (first..first + count).map(|number| (1 + number % 900) * 100 + number % 100).sum();
        let _ = write!(
            blocks,
            "<PmtInf><PmtInfId>BLOCK-{first}</PmtInfId><PmtMtd>TRF</PmtMtd><NbOfTxs>{count}</NbOfTxs><CtrlSum>{}.{:02}</CtrlSum><ReqdExctnDt><Dt>{day}</Dt></ReqdExctnDt><Dbtr><Nm>Ministrija</Nm></Dbtr><DbtrAcct><Id><IBAN>{debtor}</IBAN></Id></DbtrAcct><DbtrAgt><FinInstnId><BICFI>TRELLV22</BICFI></FinInstnId></DbtrAgt>\n{body}</PmtInf>\n",
            sum / 100,
            sum % 100
        );
    }
    let sum: u64 = (0..payments).map(|number| (1 + number % 900) * 100 + number % 100).sum();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"><CstmrCdtTrfInitn><GrpHdr><MsgId>MEASURE</MsgId><CreDtTm>2026-11-23T09:00:00</CreDtTm><NbOfTxs>{payments}</NbOfTxs><CtrlSum>{}.{:02}</CtrlSum><InitgPty><Nm>Ministrija</Nm></InitgPty></GrpHdr>\n{blocks}</CstmrCdtTrfInitn></Document>\n",
        sum / 100,
        sum % 100
    )
}
