//! Messages written for these tests.

use super::{TODAY, ministry_account};
use iso20022::MessageType;
use jiff::civil::Date;
use money::{Currency, Money};

#[derive(Clone, Debug)]
pub struct Payment {
    pub end_to_end_id: String,
    pub cents: i64,
    pub creditor_iban: String,
    pub remittance: String,
}

#[derive(Clone, Debug)]
pub struct Block {
    pub id: String,
    pub debtor_iban: String,
    pub date: Date,
    pub payments: Vec<Payment>,
}

#[derive(Clone, Debug)]
pub struct File {
    pub message_type: MessageType,
    pub message_id: String,
    pub blocks: Vec<Block>,
    /// Beside what is right.
    pub stated_payments: Option<usize>,
}

pub fn payment(end_to_end_id: &str, cents: i64, creditor_iban: &str) -> Payment {
    Payment {
        end_to_end_id: end_to_end_id.to_owned(),
        cents,
        creditor_iban: creditor_iban.to_owned(),
        remittance: format!("Invoice {end_to_end_id}"),
    }
}

impl Payment {
    pub fn saying(self, remittance: &str) -> Payment {
        Payment { remittance: remittance.to_owned(), ..self }
    }

    fn xml(&self) -> String {
        let Payment { end_to_end_id, creditor_iban, remittance, .. } = self;
        let amount = euros(self.cents);
        // Internal payments need the classification of both sides.
        let classification = if creditor_iban.contains("TREL") {
            "<RgltryRptg><DbtCdtRptgInd>DEBT</DbtCdtRptgInd><Dtls><Tp>EKK</Tp><Cd>2221</Cd></Dtls></RgltryRptg>\
             <RgltryRptg><DbtCdtRptgInd>CRED</DbtCdtRptgInd><Dtls><Tp>EKK</Tp><Cd>21490</Cd></Dtls></RgltryRptg>"
        } else {
            ""
        };
        format!(
            "<CdtTrfTxInf><PmtId><InstrId>I-{end_to_end_id}</InstrId><EndToEndId>{end_to_end_id}</EndToEndId></PmtId>\
             <Amt><InstdAmt Ccy=\"EUR\">{amount}</InstdAmt></Amt>\
             <Cdtr><Nm>Supplier Ltd</Nm></Cdtr><CdtrAcct><Id><IBAN>{creditor_iban}</IBAN></Id></CdtrAcct>\
             {classification}<RmtInf><Ustrd>{remittance}</Ustrd></RmtInf></CdtTrfTxInf>\n"
        )
    }
}

impl File {
    /// One block from the ministry's account, for today.
    pub fn new(message_id: &str, payments: Vec<Payment>) -> File {
        let block = Block { id: format!("{message_id}-B1"), debtor_iban: ministry_account(), date: TODAY, payments };
        File {
            message_type: MessageType::Pain001V09,
            message_id: message_id.to_owned(),
            blocks: vec![block],
            stated_payments: None,
        }
    }

    /// So many SEPA payments of 1.00.
    pub fn of_many(message_id: &str, payments: usize, creditor_iban: &str) -> File {
        let one = |number| payment(&format!("{message_id}-{number}"), 1_00, creditor_iban);
        File::new(message_id, (0..payments).map(one).collect())
    }

    pub fn from(mut self, debtor_iban: &str) -> File {
        self.blocks[0].debtor_iban = debtor_iban.to_owned();
        self
    }

    pub fn on(mut self, date: Date) -> File {
        self.blocks[0].date = date;
        self
    }

    pub fn older(mut self) -> File {
        self.message_type = MessageType::Pain001V03;
        self
    }

    pub fn xml(&self) -> String {
        let namespace = self.message_type.namespace();
        let payments = self.blocks.iter().flat_map(|block| &block.payments);
        let count = self.stated_payments.unwrap_or(payments.clone().count());
        let sum = euros(payments.map(|payment| payment.cents).sum());
        let blocks: String = self.blocks.iter().map(|block| self.block(block)).collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"{namespace}\"><CstmrCdtTrfInitn>\n\
             <GrpHdr><MsgId>{}</MsgId><CreDtTm>2026-11-23T09:30:00</CreDtTm><NbOfTxs>{count}</NbOfTxs>\
             <CtrlSum>{sum}</CtrlSum><InitgPty><Nm>Ministrija</Nm></InitgPty></GrpHdr>\n\
             {blocks}</CstmrCdtTrfInitn></Document>\n",
            self.message_id
        )
    }

    fn block(&self, block: &Block) -> String {
        let Block { id, debtor_iban, date, payments } = block;
        let newer = self.message_type.is_newer_generation();
        let date = if newer { format!("<Dt>{date}</Dt>") } else { date.to_string() };
        let bic = if newer { "BICFI" } else { "BIC" };
        let (count, sum) = (payments.len(), euros(payments.iter().map(|payment| payment.cents).sum()));
        let payments: String = payments.iter().map(Payment::xml).collect();
        format!(
            "<PmtInf><PmtInfId>{id}</PmtInfId><PmtMtd>TRF</PmtMtd><NbOfTxs>{count}</NbOfTxs><CtrlSum>{sum}</CtrlSum>\
             <ReqdExctnDt>{date}</ReqdExctnDt><Dbtr><Nm>Ministrija</Nm></Dbtr>\
             <DbtrAcct><Id><IBAN>{debtor_iban}</IBAN></Id></DbtrAcct>\
             <DbtrAgt><FinInstnId><{bic}>TRELLV22</{bic}></FinInstnId></DbtrAgt>\n{payments}</PmtInf>\n"
        )
    }
}

fn euros(cents: i64) -> String {
    Money::new(cents, Currency::EUR).to_decimal().to_string()
}

/// A camt.060.001.05 for one report.
pub fn report_request(message_name: &str, iban: &str, from: Date, to: Date) -> String {
    report_requests(&[(message_name, iban, from, to)])
}

pub fn report_requests(reports: &[(&str, &str, Date, Date)]) -> String {
    let requests: String = reports
        .iter()
        .map(|(message_name, iban, from, to)| {
            format!(
                "<RptgReq><ReqdMsgNmId>{message_name}</ReqdMsgNmId><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>\
                 <AcctOwnr><Pty><Nm>Ministrija</Nm></Pty></AcctOwnr>\
                 <RptgPrd><FrToDt><FrDt>{from}</FrDt><ToDt>{to}</ToDt></FrToDt><Tp>ALLL</Tp></RptgPrd></RptgReq>"
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.060.001.05\"><AcctRptgReq>\
         <GrpHdr><MsgId>REQ-1</MsgId><CreDtTm>2026-11-23T09:30:00</CreDtTm></GrpHdr>{requests}</AcctRptgReq></Document>"
    )
}
