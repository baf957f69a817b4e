//! Random histories: for any messages of clients, acts of other banks and credits from outside, the exchange's answers
//! and reports are valid by its published schemas, agree in both generations, and call a return a return.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use exchange::{AcceptancePolicy, IncomingPayment, Preferences, Settings};
use iso20022::MessageType;
use iso20022::camt::{Item, Reader};
use iso20022::common::{CodeOrProprietary, CreditDebit, Party};
use jiff::civil::Date;
use money::{Currency, Money};

use super::support::messages::report_request;
use super::support::*;

/// Each is a history of its own; a failing one is named.
const SEEDS: u64 = 5;
const DAYS: usize = 3;

#[tokio::test]
async fn answers_and_reports_are_valid_by_what_is_published_and_agree() {
    let mut returned = 0;
    for seed in 1..=seeds(SEEDS) {
        returned += History::of(seed).live().await;
    }
    assert!(returned > 0, "no payment came back in any history");
}

/// Draws (SplitMix64).
pub struct Draws(u64);

impl Draws {
    pub fn of(seed: u64) -> Draws {
        Draws(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(choices.len() as u64)).unwrap()]
    }
}

struct History {
    seed: u64,
    draws: Draws,
    payments: u32,
}

const NAMES: [&str; 4] = ["Kokneses bibliotēka", "Ādažu \"Sils\" & co", "SIA Paraugs", "Anna Bērziņa"];
const IDENTIFICATIONS: [&str; 6] = [
    "<OrgId><Othr><Id>90000000222</Id></Othr></OrgId>",
    "<OrgId><Othr><Id>40003</Id><SchmeNm><Cd>TXID</Cd></SchmeNm><Issr>VID</Issr></Othr></OrgId>",
    "<OrgId><Othr><Id>7</Id><SchmeNm><Prtry>NODAĻA</Prtry></SchmeNm></Othr></OrgId>",
    "<PrvtId><Othr><Id>010190-12345</Id></Othr></PrvtId>",
    "<PrvtId><Othr><Id>X1</Id><SchmeNm><Cd>NIDN</Cd></SchmeNm><Issr>LV</Issr></Othr></PrvtId>",
    "<OrgId><Othr><Id>A</Id></Othr><Othr><Id>B</Id></Othr></OrgId>",
];
const REFERENCE_TYPES: [&str; 6] = [
    "",
    "<Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp>",
    "<Tp><CdOrPrtry><Cd>PUOR</Cd></CdOrPrtry><Issr>ISO</Issr></Tp>",
    "<Tp><CdOrPrtry><Cd>RADM</Cd></CdOrPrtry></Tp>",
    "<Tp><CdOrPrtry><Prtry>LIKUMS</Prtry></CdOrPrtry></Tp>",
    "<Tp><CdOrPrtry><Prtry>REKINS</Prtry></CdOrPrtry><Issr>Liepaja</Issr></Tp>",
];
const TEXTS: [&str; 8] = [
    "SIMULATE RETURN AC04",
    "SIMULATE RETURN MD07",
    "SIMULATE RETURN",
    "SIMULATE RETURN ac4",
    "SIMULATE REJECT AM09",
    "SIMULATE DELAY",
    "Invoice 17",
    "Not allowed: №",
];

impl History {
    fn of(seed: u64) -> History {
        History { seed, draws: Draws(seed), payments: 0 }
    }

    /// Returns how many payments came back.
    async fn live(&mut self) -> usize {
        let settings = Settings { entries_per_page: self.draws.one_of(&[3, 7, 100]), ..Settings::default() };
        let acceptance = self.draws.one_of(&[AcceptancePolicy::Partial, AcceptancePolicy::AllOrNothing]);
        let treasury = TestExchange::with(acceptance, settings).await;
        let operator = treasury.exchange.operator();
        let wanted = Preferences {
            lists_every_payment: self.draws.chance(50),
            daily_balances: self.draws.chance(50),
            ..Preferences::default()
        };
        operator.set_preferences(treasury.ministry, wanted).await.unwrap();
        let (mut today, mut messages) = (TODAY, Vec::new());
        for day in 0..DAYS {
            for _ in 0..=self.draws.below(2) {
                let id = format!("H{}-{}", self.seed, messages.len());
                // The answer is held against the published schema there.
                treasury.answer(&self.message(&id, today)).await;
                messages.push(id);
            }
            for _ in 0..self.draws.below(3) {
                operator.credit(self.credit()).await.unwrap();
            }
            treasury.carry_out().await;
            if day + 1 < DAYS {
                today = operator.advance_business_day().await.unwrap();
            }
        }
        for id in &messages {
            treasury.status(id).await;
        }
        let mut returned = 0;
        for (role, iban) in [
            (Role::Manager, ministry_account()),
            (Role::Viewer, ministry_second_account()),
            (Role::Neighbour, municipality_account()),
        ] {
            let mut said = Vec::new();
            for name in ["camt.052.001.08", "camt.052.001.02", "camt.054.001.08", "camt.054.001.02"] {
                said.push(self.entries(&treasury, role, name, &iban, today).await);
            }
            assert!(said.iter().all(|entries| *entries == said[0]), "seed {}: {said:#?}", self.seed);
            returned += self.returns(&said[0]);
        }
        treasury.check_invariants().await;
        returned
    }

    fn message(&mut self, id: &str, date: Date) -> String {
        let newer = self.draws.chance(60);
        let count = 1 + self.draws.below(6);
        let (mut payments, mut sum) = (String::new(), 0);
        for _ in 0..count {
            let cents = 1 + self.draws.below(90_000);
            sum += cents;
            payments += &self.payment(cents, newer);
        }
        let (namespace, bic) = if newer { ("09", "BICFI") } else { ("03", "BIC") };
        let date = if newer { format!("<Dt>{date}</Dt>") } else { date.to_string() };
        let ultimate = if self.draws.chance(40) { self.party("UltmtDbtr") } else { String::new() };
        let (sum, iban) = (euros(sum), ministry_account());
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.{namespace}\"><CstmrCdtTrfInitn><GrpHdr>\
             <MsgId>{id}</MsgId><CreDtTm>2026-11-23T09:30:00</CreDtTm><NbOfTxs>{count}</NbOfTxs><CtrlSum>{sum}</CtrlSum>\
             <InitgPty><Nm>Ministrija</Nm></InitgPty></GrpHdr><PmtInf><PmtInfId>{id}-A</PmtInfId><PmtMtd>TRF</PmtMtd>\
             <NbOfTxs>{count}</NbOfTxs><CtrlSum>{sum}</CtrlSum><ReqdExctnDt>{date}</ReqdExctnDt>\
             <Dbtr><Nm>Ministrija</Nm></Dbtr><DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct>\
             <DbtrAgt><FinInstnId><{bic}>TRELLV22</{bic}></FinInstnId></DbtrAgt>{ultimate}{payments}</PmtInf>\
             </CstmrCdtTrfInitn></Document>"
        )
    }

    fn payment(&mut self, cents: u64, newer: bool) -> String {
        self.payments += 1;
        let (number, amount) = (self.payments, euros(cents));
        let internal = self.draws.chance(40);
        let iban = match internal {
            true if self.draws.chance(50) => municipality_account(),
            true => ministry_second_account(),
            false => self.draws.one_of(&[ESTONIAN, GERMAN]).to_owned(),
        };
        let mut xml = "<CdtTrfTxInf><PmtId>".to_owned();
        if self.draws.chance(70) {
            let _ = write!(xml, "<InstrId>I-{number}</InstrId>");
        }
        let _ = write!(xml, "<EndToEndId>H{}-{number}</EndToEndId>", self.seed);
        if newer && self.draws.chance(50) {
            let _ = write!(xml, "<UETR>7a562c67-ca16-48ba-b074-{:012x}</UETR>", u64::from(number) << 8 | self.seed);
        }
        let _ = write!(xml, "</PmtId><Amt><InstdAmt Ccy=\"EUR\">{amount}</InstdAmt></Amt>");
        if self.draws.chance(40) {
            xml += &self.party("UltmtDbtr");
        }
        if !internal && self.draws.chance(30) {
            let bic = self.draws.one_of(&["HABAEE2X", "1AB4DE22", "DEUTDEFF500"]);
            let tag = if newer { "BICFI" } else { "BIC" };
            // The older generation has no place for digits in front.
            if newer || !bic.starts_with('1') {
                let _ = write!(xml, "<CdtrAgt><FinInstnId><{tag}>{bic}</{tag}></FinInstnId></CdtrAgt>");
            }
        }
        let _ = write!(xml, "<Cdtr><Nm>Supplier Ltd</Nm></Cdtr><CdtrAcct><Id><IBAN>{iban}</IBAN></Id></CdtrAcct>");
        if self.draws.chance(30) {
            xml += &self.party("UltmtCdtr");
        }
        if internal {
            xml += "<RgltryRptg><DbtCdtRptgInd>DEBT</DbtCdtRptgInd><Dtls><Tp>EKK</Tp><Cd>2221</Cd></Dtls></RgltryRptg>\
                    <RgltryRptg><DbtCdtRptgInd>CRED</DbtCdtRptgInd><Dtls><Tp>EKK</Tp><Cd>21490</Cd></Dtls></RgltryRptg>";
        }
        if self.draws.chance(35) {
            let kind = self.draws.one_of(&REFERENCE_TYPES);
            let _ = write!(xml, "<RmtInf><Strd><CdtrRefInf>{kind}<Ref>A{number}</Ref></CdtrRefInf></Strd></RmtInf>");
        } else {
            let _ = write!(xml, "<RmtInf><Ustrd>{}</Ustrd></RmtInf>", self.draws.one_of(&TEXTS));
        }
        xml + "</CdtTrfTxInf>\n"
    }

    fn party(&mut self, role: &str) -> String {
        let (named, identified) = (self.draws.chance(80), self.draws.chance(70));
        let mut xml = format!("<{role}>");
        if named {
            let name = self.draws.one_of(&NAMES).replace('&', "&amp;");
            let _ = write!(xml, "<Nm>{name}</Nm>");
        }
        if identified {
            let _ = write!(xml, "<Id>{}</Id>", self.draws.one_of(&IDENTIFICATIONS));
        }
        xml + &format!("</{role}>")
    }

    fn credit(&mut self) -> IncomingPayment {
        self.payments += 1;
        let mut text = |percent, choices: &[&'static str]| {
            if self.draws.chance(percent) { self.draws.one_of(choices).to_owned() } else { String::new() }
        };
        let creditor_reference = text(50, &["RF18539007547034", "1234561"]);
        let reference_type =
            if creditor_reference.is_empty() { String::new() } else { text(60, &["SCOR", "PUOR", "LIKUMS"]) };
        let reference_issuer = if reference_type.is_empty() { String::new() } else { text(50, &["ISO"]) };
        IncomingPayment {
            debtor_name: text(90, &NAMES),
            debtor_iban: text(90, &[ESTONIAN, GERMAN]),
            end_to_end_id: text(80, &["NOTPROVIDED", "R-1"]),
            remittance: text(70, &["Nodoklis", "Rēķins <1> & 2"]),
            ultimate_debtor_name: text(40, &NAMES),
            ultimate_debtor_id: text(40, &["010190-12345", "90000000222"]),
            ultimate_creditor_name: text(40, &NAMES),
            ultimate_creditor_id: text(40, &["010190-12345", "90000000222"]),
            return_reason: text(30, &["AC04", "FOCR"]),
            iban: ministry_account(),
            minor: i64::try_from(1 + self.draws.below(5_000)).unwrap(),
            creditor_reference,
            reference_type,
            reference_issuer,
        }
    }

    /// All entries of an account since the first day, from all pages, each valid by the published schema.
    async fn entries(&self, treasury: &TestExchange, role: Role, name: &str, iban: &str, to: Date) -> Vec<Shown> {
        let request = report_request(name, iban, TODAY, to);
        let (caller, received) = treasury.receive(role, request.as_bytes()).await.unwrap();
        let handle = treasury.exchange.order_reports(&caller, received).await.unwrap().remove(0);
        let message_type: MessageType = name.parse().unwrap();
        let mut shown: Vec<Shown> = Vec::new();
        for number in 1..=handle.pages {
            let xml = treasury.exchange.report_page(&caller, handle.report, number).await.unwrap().xml;
            let text = String::from_utf8_lossy(&xml);
            let findings = against_published_schema(message_type, &xml);
            assert!(findings.is_empty(), "seed {}: {findings:?} in {text}", self.seed);
            let mut reader = Reader::new(message_type, xml.as_slice(), xsd::Bounds::default());
            while let Some(item) = reader.next().unwrap() {
                match item {
                    Item::Entry(entry) => shown.push(Shown {
                        reference: entry.account_servicer_reference.unwrap().to_owned(),
                        cents: signed(entry.amount, entry.credit_debit),
                        code: entry.transaction_code.domain.unwrap().sub_family.to_owned(),
                        ..Shown::default()
                    }),
                    Item::Transaction(transaction) => shown.last_mut().unwrap().take(&transaction),
                    _ => {}
                }
            }
        }
        shown
    }

    /// A return names the entry that it gives back, in the same amount, and has a reason.
    fn returns(&self, entries: &[Shown]) -> usize {
        let by_reference: BTreeMap<&str, &Shown> =
            entries.iter().map(|entry| (entry.reference.as_str(), entry)).collect();
        assert_eq!(by_reference.len(), entries.len(), "seed {}: a reference twice in {entries:#?}", self.seed);
        let mut returned = 0;
        for entry in entries {
            assert_eq!(entry.code == "RRTN", entry.reason.is_some(), "seed {}: {entry:#?}", self.seed);
            if entry.reason.is_none() || entry.named == entry.reference {
                continue;
            }
            returned += 1;
            let original = by_reference[entry.named.as_str()];
            assert_eq!(original.cents, -entry.cents, "seed {}", self.seed);
            let references = |entry: &Shown| entry.references.clone();
            assert_eq!(references(original), references(entry), "seed {}", self.seed);
            assert!(!entry.references[0].is_empty() && !entry.references[1].is_empty(), "seed {}", self.seed);
            assert_eq!(original.remittance, entry.remittance, "seed {}", self.seed);
            let swapped = [&entry.parties[1], &entry.parties[0]];
            assert_eq!([&original.parties[0], &original.parties[1]], swapped, "seed {}", self.seed);
        }
        returned
    }
}

/// An entry as a report shows it, the same in both generations.
#[derive(Clone, Debug, Default, PartialEq)]
struct Shown {
    reference: String,
    /// `AcctSvcrRef` of its transaction.
    named: String,
    cents: i64,
    code: String,
    reason: Option<String>,
    /// `MsgId`, `PmtInfId`, `InstrId`, `EndToEndId`.
    references: [String; 4],
    remittance: String,
    /// Ultimate debtor and creditor.
    parties: [String; 2],
}

impl Shown {
    fn take(&mut self, transaction: &iso20022::camt::TransactionDetails<'_>) {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let references = transaction.references;
        self.named = text(references.account_servicer_reference);
        self.references = [
            text(references.message_id),
            text(references.payment_information_id),
            text(references.instruction_id),
            text(references.end_to_end_id),
        ];
        self.reason = transaction.return_information.map(|information| match information.reason {
            Some(CodeOrProprietary::Code(code)) => code.to_owned(),
            other => format!("{other:?}"),
        });
        self.remittance = format!("{:?}", transaction.remittance);
        // The older generation has no LEI; none is drawn here.
        let party = |party: Option<Party<'_>>| format!("{party:?}");
        self.parties = [party(transaction.ultimate_debtor), party(transaction.ultimate_creditor)];
    }
}

fn signed(amount: iso20022::common::Amount, direction: CreditDebit) -> i64 {
    let minor = Money::from_decimal(amount.value, amount.currency).unwrap().minor();
    if direction == CreditDebit::Credit { minor } else { -minor }
}

fn euros(cents: u64) -> String {
    Money::new(i64::try_from(cents).unwrap(), Currency::EUR).to_decimal().to_string()
}
