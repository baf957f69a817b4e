//! Validation against libxml2, measured in one run on one file.
//!
//! ```text
//! cargo run --release -p xsd --example speed -- SCHEMA.xsd [PAYMENTS]
//! ```
//!
//! SCHEMA.xsd is the official pain.001.001.09. Writes a file of that many payments (default 100 000) to the
//! temporary folder, and prints for each way through it the best of several runs in MB/s, and the ratio to
//! `xmllint --stream --schema`. Then the same message as others would write it: payments per second, as a ratio to the
//! plain file.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use xsd::token::{Token, Tokenizer};
use xsd::{Bounds, Event, Schema, Selection, Validator};

const PAYMENT: &str = "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf";
const WANTED: &[(&str, u16)] = &[
    ("CstmrCdtTrfInitn/GrpHdr/MsgId", 1),
    ("CstmrCdtTrfInitn/GrpHdr/NbOfTxs", 2),
    ("CstmrCdtTrfInitn/PmtInf", 3),
    ("CstmrCdtTrfInitn/PmtInf/PmtInfId", 4),
    (PAYMENT, 5),
    ("CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/PmtId/EndToEndId", 6),
    ("CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/Amt/InstdAmt", 7),
    ("CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/Cdtr/Nm", 8),
    ("CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/CdtrAcct/Id/IBAN", 9),
    ("CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/RmtInf/Ustrd", 10),
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(xsd) = arguments.next() else {
        eprintln!("usage: speed SCHEMA.xsd [PAYMENTS]");
        std::process::exit(2);
    };
    let payments: usize = arguments.next().map_or(100_000, |n| n.parse().unwrap());
    let file = std::env::temp_dir().join(format!("xsd-speed-{}.xml", std::process::id()));
    let plain = message(payments);
    std::fs::write(&file, &plain).unwrap();
    let bytes = std::fs::metadata(&file).unwrap().len();
    println!("{payments} payments, {:.1} MB", bytes as f64 / 1e6);

    let schema = Schema::from_model(&xsd::model::read_xsd(&std::fs::read(&xsd).unwrap()).unwrap()).unwrap();
    let nothing = Selection::nothing(&schema);
    let wanted = Selection::new(&schema, WANTED).unwrap();
    let open = || File::open(&file).unwrap();

    let tokens = best(5, || {
        let mut tokenizer = Tokenizer::new(open());
        while !matches!(tokenizer.next().unwrap(), Token::EndOfDocument) {}
    });
    let validation = best(5, || validate(&schema, &nothing, open()));
    let extraction = best(5, || validate(&schema, &wanted, open()));
    let xmllint = best(2, || xmllint(&["--stream", "--schema", &xsd], &file));
    let parse = best(2, || xmllint_parse(&file));
    for (name, time) in [
        ("tokenizer alone", tokens),
        ("validation", validation),
        ("validation and 10 selected paths", extraction),
        ("xmllint --stream", parse),
        ("xmllint --stream --schema", xmllint),
    ] {
        println!(
            "{name:34} {:8.1} MB/s {:7.0} ms {:6.2} × xmllint --stream --schema",
            bytes as f64 / 1e6 / time.as_secs_f64(),
            time.as_secs_f64() * 1e3,
            xmllint.as_secs_f64() / time.as_secs_f64()
        );
    }
    println!();
    for (name, text) in variants(&plain) {
        std::fs::write(&file, &text).unwrap();
        let time = best(5, || validate(&schema, &wanted, open()));
        println!(
            "{name:34} {:8.1} MB/s {:7.0} ms {:6.2} × plain",
            text.len() as f64 / 1e6 / time.as_secs_f64(),
            time.as_secs_f64() * 1e3,
            extraction.as_secs_f64() / time.as_secs_f64()
        );
    }
    std::fs::remove_file(&file).unwrap();
}

/// The same message in other hands.
fn variants(plain: &str) -> Vec<(&'static str, String)> {
    let (declaration, document) = plain.split_once('\n').unwrap();
    let prefixed = document.replace("</", "\u{1}").replace('<', "<ns2:").replace('\u{1}', "</ns2:");
    let prefixed = prefixed.replacen(" xmlns=", " xmlns:ns2=", 1);
    vec![
        ("prefix on every tag", format!("{declaration}\n{prefixed}")),
        ("one line", plain.lines().map(str::trim_start).collect()),
        ("one line, prefix on every tag", prefixed.lines().map(str::trim_start).collect()),
        ("CR LF", plain.replace('\n', "\r\n")),
        ("tabs", plain.replace("  ", "\t")),
        ("comment in every payment", plain.replace("<Cdtr>", "<!-- payee --><Cdtr>")),
        ("comment before every element", plain.replace(">\n", "><!-- - -->\n")),
        ("blanks in end tags", plain.replace("</Nm>", "</Nm >").replace("</Ctry>", "</Ctry >")),
        ("entity in every payment", plain.replace("Rēķins Nr.", "Rēķins &amp; Nr.")),
        ("single quotes", plain.replace("Ccy=\"EUR\"", "Ccy='EUR'")),
    ]
}

fn validate(schema: &Schema, selection: &Selection, file: File) {
    let mut validator = Validator::new(schema, selection, file, Bounds::default());
    while !matches!(validator.next().unwrap(), Event::End) {}
    let first = validator.findings().iter().next();
    assert!(first.is_none(), "{}", first.unwrap());
}

fn xmllint(arguments: &[&str], file: &Path) {
    let status = Command::new("xmllint")
        .args(["--noout", "--nonet"])
        .args(arguments)
        .arg(file)
        .stderr(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "xmllint refuses the file");
}

fn xmllint_parse(file: &Path) {
    xmllint(&["--stream"], file);
}

fn best(runs: usize, mut run: impl FnMut()) -> Duration {
    (0..runs)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .min()
        .unwrap()
}

/// A plain pain.001.001.09 as accounting systems write it.
fn message(payments: usize) -> String {
    let mut xml = String::with_capacity(payments * 900 + 2_000);
    xml.push_str(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\">\n  \
         <CstmrCdtTrfInitn>\n    <GrpHdr>\n      <MsgId>SPEED-1</MsgId>\n      <CreDtTm>2026-11-23T09:00:00</CreDtTm>\n",
    );
    let _ = write!(
        xml,
        "      <NbOfTxs>{payments}</NbOfTxs>\n      <InitgPty>\n        <Nm>Paraugu ministrija</Nm>\n      </InitgPty>\n    </GrpHdr>\n"
    );
    xml.push_str(
        "    <PmtInf>\n      <PmtInfId>SPEED-1-1</PmtInfId>\n      <PmtMtd>TRF</PmtMtd>\n      <ReqdExctnDt>\n        \
         <Dt>2026-11-24</Dt>\n      </ReqdExctnDt>\n      <Dbtr>\n        <Nm>Paraugu ministrija</Nm>\n      </Dbtr>\n      \
         <DbtrAcct>\n        <Id>\n          <IBAN>LV07TREL5180453053000</IBAN>\n        </Id>\n      </DbtrAcct>\n      \
         <DbtrAgt>\n        <FinInstnId>\n          <BICFI>TRELLV22</BICFI>\n        </FinInstnId>\n      </DbtrAgt>\n",
    );
    for number in 1..=payments {
        let _ = write!(
            xml,
            "      <CdtTrfTxInf>\n        <PmtId>\n          <InstrId>I-{number}</InstrId>\n          <EndToEndId>E2E-2026-{number}</EndToEndId>\n        \
             </PmtId>\n        <Amt>\n          <InstdAmt Ccy=\"EUR\">{}.{:02}</InstdAmt>\n        </Amt>\n        <CdtrAgt>\n          \
             <FinInstnId>\n            <BICFI>HABALV22</BICFI>\n          </FinInstnId>\n        </CdtrAgt>\n        <Cdtr>\n          \
             <Nm>Jānis Bērziņš {number}</Nm>\n          <PstlAdr>\n            <StrtNm>Brīvības iela</StrtNm>\n            \
             <BldgNb>{}</BldgNb>\n            <PstCd>LV-1010</PstCd>\n            <TwnNm>Rīga</TwnNm>\n            <Ctry>LV</Ctry>\n          \
             </PstlAdr>\n        </Cdtr>\n        <CdtrAcct>\n          <Id>\n            <IBAN>LV80HABA{:013}</IBAN>\n          </Id>\n        \
             </CdtrAcct>\n        <RmtInf>\n          <Ustrd>Rēķins Nr. {number}, 2026. gada novembris</Ustrd>\n        </RmtInf>\n      </CdtTrfTxInf>\n",
            number % 10_000,
            number % 100,
            number % 200 + 1,
            number
        );
    }
    xml.push_str("    </PmtInf>\n  </CstmrCdtTrfInitn>\n</Document>\n");
    xml
}
