//! A settlement system that exchanges files, as clearing houses do: a pacs.008 for each lot one way, pacs.002 and pacs.004 the
//! other. And the clearing house behind it, which the tests play.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use exchange::settlement_port::{
    AnswerListId, OutgoingLot, OutgoingPayments, ReasonCode, SettlementAnswer, SettlementError, SettlementOutcome,
    SettlementSystem,
};

use super::texts;

/// `to-clearing` has a file for each lot; `from-clearing` files of answers, which go to `booked` once they are confirmed.
pub struct FileSettlement {
    folder: PathBuf,
}

const TO_CLEARING: &str = "to-clearing";
const FROM_CLEARING: &str = "from-clearing";
const BOOKED: &str = "booked";

impl FileSettlement {
    pub fn in_folder(folder: &Path) -> FileSettlement {
        for name in [TO_CLEARING, FROM_CLEARING, BOOKED] {
            fs::create_dir_all(folder.join(name)).unwrap();
        }
        FileSettlement { folder: folder.to_path_buf() }
    }

    pub fn outgoing(&self) -> PathBuf {
        self.folder.join(TO_CLEARING)
    }

    pub fn incoming(&self) -> PathBuf {
        self.folder.join(FROM_CLEARING)
    }

    fn write_lot(
        &self,
        path: &Path,
        lot: &OutgoingLot,
        payments: &mut dyn OutgoingPayments,
    ) -> Result<(), SettlementError> {
        // A process that ends here leaves a file that nobody reads.
        let half = path.with_extension("half");
        let mut file = io::BufWriter::new(File::create(&half).map_err(away)?);
        let OutgoingLot { id, business_day, debtor_iban, debtor_name, payments: count, total, .. } = lot;
        let (message, number, currency) = (id.message.0, id.number, total.currency());
        writeln!(
            file,
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08\"><FIToFICstmrCdtTrf><GrpHdr>\
             <MsgId>{message}-{number}</MsgId><NbOfTxs>{count}</NbOfTxs>\
             <TtlIntrBkSttlmAmt Ccy=\"{currency}\">{}</TtlIntrBkSttlmAmt><IntrBkSttlmDt>{business_day}</IntrBkSttlmDt>\
             </GrpHdr>",
            total.to_decimal(),
        )
        .map_err(away)?;
        payments.each(&mut |payment| {
            let (amount, details) = (payment.amount.to_decimal(), payment.details);
            writeln!(
                file,
                "<CdtTrfTxInf><PmtId><EndToEndId>{}</EndToEndId><TxId>{}</TxId></PmtId>\
                 <IntrBkSttlmAmt Ccy=\"{currency}\">{amount}</IntrBkSttlmAmt>\
                 <Dbtr><Nm>{debtor_name}</Nm></Dbtr><DbtrAcct><Id><IBAN>{debtor_iban}</IBAN></Id></DbtrAcct>\
                 <Cdtr><Nm>{}</Nm></Cdtr><CdtrAcct><Id><IBAN>{}</IBAN></Id></CdtrAcct>\
                 <RmtInf><Ustrd>{}</Ustrd></RmtInf></CdtTrfTxInf>",
                details.end_to_end_id,
                payment.reference,
                details.creditor_name,
                details.creditor_iban,
                details.remittance,
            )
            .map_err(away)
        })?;
        file.write_all(b"</FIToFICstmrCdtTrf></Document>\n").map_err(away)?;
        file.into_inner().map_err(|error| away(error.into_error()))?.sync_all().map_err(away)?;
        fs::rename(&half, path).map_err(away)
    }
}

fn away(error: io::Error) -> SettlementError {
    SettlementError::Unavailable(error.to_string())
}

impl SettlementSystem for FileSettlement {
    fn hand_over(&self, lot: &OutgoingLot, payments: &mut dyn OutgoingPayments) -> Result<(), SettlementError> {
        let path = self.outgoing().join(format!("{}-{}.xml", lot.id.message.0, lot.id.number));
        if path.exists() { Ok(()) } else { self.write_lot(&path, lot, payments) }
    }

    fn waiting(&self, after: Option<&AnswerListId>, limit: usize) -> Result<Vec<AnswerListId>, SettlementError> {
        let entries = fs::read_dir(self.incoming()).map_err(away)?;
        let names: Result<BTreeSet<String>, _> =
            entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned())).collect();
        let names = names.map_err(away)?.into_iter().filter(|name| after.is_none_or(|after| after.0 < *name));
        Ok(names.take(limit).map(AnswerListId).collect())
    }

    fn read(&self, list: &AnswerListId) -> Result<Vec<SettlementAnswer>, SettlementError> {
        let text = match fs::read_to_string(self.incoming().join(&list.0)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            text => text.map_err(away)?,
        };
        let of_status = texts(&text, "TxInfAndSts").into_iter().map(status);
        let of_return = texts(&text, "TxInf").into_iter().map(returned);
        let answers: Option<Vec<SettlementAnswer>> = of_status.chain(of_return).collect();
        answers
            .filter(|answers| !answers.is_empty())
            .ok_or_else(|| SettlementError::Unreadable(format!("{list} is no pacs.002 and no pacs.004")))
    }

    fn confirm(&self, list: &AnswerListId) -> Result<(), SettlementError> {
        match fs::rename(self.incoming().join(&list.0), self.folder.join(BOOKED).join(&list.0)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(away(error)),
            _ => Ok(()),
        }
    }
}

/// A `TxInfAndSts` of a pacs.002.
fn status(text: &str) -> Option<SettlementAnswer> {
    let payment = (*texts(text, "OrgnlTxId").first()?).to_owned();
    let outcome = match *texts(text, "TxSts").first()? {
        "ACSC" => SettlementOutcome::Settled,
        "PDNG" => SettlementOutcome::Delayed,
        "RJCT" => SettlementOutcome::Rejected(reason(text)),
        _ => return None,
    };
    Some(SettlementAnswer { payment, outcome })
}

/// A `TxInf` of a pacs.004.
fn returned(text: &str) -> Option<SettlementAnswer> {
    let payment = (*texts(text, "OrgnlTxId").first()?).to_owned();
    Some(SettlementAnswer { payment, outcome: SettlementOutcome::Returned(reason(text)) })
}

fn reason(text: &str) -> ReasonCode {
    texts(text, "Cd").first().and_then(|code| ReasonCode::new(code)).unwrap_or(ReasonCode::NOT_SPECIFIED)
}

/// A payment as the clearing house got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleared {
    pub reference: String,
    pub end_to_end_id: String,
    pub cents: i64,
}

/// The clearing house: what it got, and what it answers.
impl FileSettlement {
    /// All payments that came, lot by lot; each once, however often its lot was handed over.
    pub fn cleared(&self) -> Vec<Cleared> {
        let mut files: Vec<PathBuf> = fs::read_dir(self.outgoing()).unwrap().map(|file| file.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|ending| ending == "xml"));
        files.sort();
        let mut payments = Vec::new();
        for file in files {
            let text = fs::read_to_string(file).unwrap();
            let of_lot: Vec<Cleared> = texts(&text, "CdtTrfTxInf").into_iter().map(Cleared::read).collect();
            assert_eq!(texts(&text, "NbOfTxs"), [of_lot.len().to_string()]);
            payments.extend(of_lot);
        }
        let references: BTreeSet<&str> = payments.iter().map(|payment| payment.reference.as_str()).collect();
        assert_eq!(references.len(), payments.len(), "a payment came twice: {payments:?}");
        payments
    }

    /// The reference of a payment that came.
    pub fn reference_of(&self, end_to_end_id: &str) -> String {
        let all = self.cleared();
        let found = all.iter().find(|payment| payment.end_to_end_id == end_to_end_id);
        found.unwrap_or_else(|| panic!("{end_to_end_id} did not come: {all:?}")).reference.clone()
    }

    /// Answers in one file: `ACSC`, `PDNG`, `RJCT AC04`, `RTRN AC04` for a payment each.
    pub fn answer(&self, name: &str, answers: &[(&str, &str)]) {
        let (mut statuses, mut returns) = (String::new(), String::new());
        for (payment, said) in answers {
            let (status, code) = said.split_once(' ').unwrap_or((said, ""));
            let reason = if code.is_empty() { String::new() } else { format!("<Rsn><Cd>{code}</Cd></Rsn>") };
            let original = format!("<OrgnlTxId>{payment}</OrgnlTxId>");
            let _ = match status {
                "RTRN" => writeln!(returns, "<TxInf>{original}<RtrRsnInf>{reason}</RtrRsnInf></TxInf>"),
                _ => writeln!(
                    statuses,
                    "<TxInfAndSts>{original}<TxSts>{status}</TxSts><StsRsnInf>{reason}</StsRsnInf></TxInfAndSts>"
                ),
            };
        }
        self.put(name, &format!("<Document>{statuses}{returns}</Document>"));
    }

    /// Puts a file there as a whole.
    pub fn put(&self, name: &str, text: &str) {
        let half = self.folder.join(name);
        fs::write(&half, text).unwrap();
        fs::rename(half, self.incoming().join(name)).unwrap();
    }

    /// The names of files that are not confirmed.
    pub fn unconfirmed(&self) -> Vec<String> {
        self.waiting(None, usize::MAX).unwrap().into_iter().map(|list| list.0).collect()
    }
}

impl Cleared {
    fn read(text: &str) -> Cleared {
        let of = |name: &str| texts(text, name)[0].to_owned();
        let amount = text.split_once("<IntrBkSttlmAmt Ccy=\"EUR\">").unwrap().1;
        let cents = amount.split('<').next().unwrap().replace('.', "").parse().unwrap();
        Cleared { reference: of("TxId"), end_to_end_id: of("EndToEndId"), cents }
    }
}
