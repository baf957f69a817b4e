//! Messages as an accounting system would send them.

use jiff::{SignedDuration, Timestamp};

use super::{OURS, THEIRS};

/// A pain.001.001.09 with internal payments of one euro each.
pub fn payments(message_id: &str, count: usize) -> String {
    payments_from(OURS, message_id, count)
}

/// The same, a week from now: nothing of it is executed while a test runs.
pub fn payments_of_next_week(message_id: &str, count: usize) -> String {
    let day = (Timestamp::now() + SignedDuration::from_hours(7 * 24)).strftime("%F").to_string();
    payments(message_id, count).replace("<Dt>2026-11-23</Dt>", &format!("<Dt>{day}</Dt>"))
}

pub fn payments_from(debtor: &str, message_id: &str, count: usize) -> String {
    let sum = format!("{count}.00");
    let transactions: String = (1..=count).map(|number| transaction(message_id, number)).collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
<CstmrCdtTrfInitn>
<GrpHdr><MsgId>{message_id}</MsgId><CreDtTm>2026-11-23T09:00:00</CreDtTm><NbOfTxs>{count}</NbOfTxs><CtrlSum>{sum}</CtrlSum>
<InitgPty><Nm>Daugavas novada pašvaldība</Nm></InitgPty></GrpHdr>
<PmtInf><PmtInfId>{message_id}-1</PmtInfId><PmtMtd>TRF</PmtMtd><NbOfTxs>{count}</NbOfTxs><CtrlSum>{sum}</CtrlSum>
<ReqdExctnDt><Dt>2026-11-23</Dt></ReqdExctnDt>
<Dbtr><Nm>Daugavas novada pašvaldība</Nm></Dbtr>
<DbtrAcct><Id><IBAN>{debtor}</IBAN></Id></DbtrAcct>
<DbtrAgt><FinInstnId><BICFI>TRELLV22</BICFI></FinInstnId></DbtrAgt>
{transactions}</PmtInf>
</CstmrCdtTrfInitn>
</Document>
"#
    )
}

fn transaction(message_id: &str, number: usize) -> String {
    format!(
        "<CdtTrfTxInf><PmtId><EndToEndId>{message_id}-{number}</EndToEndId></PmtId>\
<Amt><InstdAmt Ccy=\"EUR\">1.00</InstdAmt></Amt>\
<CdtrAgt><FinInstnId><BICFI>TRELLV22</BICFI></FinInstnId></CdtrAgt>\
<Cdtr><Nm>Ventas novada pašvaldība</Nm></Cdtr>\
<CdtrAcct><Id><IBAN>{THEIRS}</IBAN></Id></CdtrAcct>\
<RgltryRptg><DbtCdtRptgInd>DEBT</DbtCdtRptgInd><Dtls><Tp>EKK</Tp><Cd>2221</Cd></Dtls></RgltryRptg>\
<RgltryRptg><DbtCdtRptgInd>CRED</DbtCdtRptgInd><Dtls><Tp>EKK</Tp><Cd>F22010010</Cd></Dtls></RgltryRptg>\
<RmtInf><Ustrd>Rekins {number}</Ustrd></RmtInf></CdtTrfTxInf>\n"
    )
}

/// A camt.060.001.05 that asks for today's report of accounts.
pub fn report_request(message_id: &str, accounts: &[&str]) -> String {
    let requests: String = accounts
        .iter()
        .map(|iban| {
            format!(
                "<RptgReq><ReqdMsgNmId>camt.052.001.08</ReqdMsgNmId><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>\
<AcctOwnr><Pty><Nm>Daugavas novada pašvaldība</Nm></Pty></AcctOwnr>\
<RptgPrd><FrToDt><FrDt>2026-11-23</FrDt><ToDt>2026-11-23</ToDt></FrToDt><Tp>ALLL</Tp></RptgPrd></RptgReq>"
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.060.001.05\"><AcctRptgReq>\
<GrpHdr><MsgId>{message_id}</MsgId><CreDtTm>2026-11-23T10:00:00</CreDtTm></GrpHdr>{requests}</AcctRptgReq></Document>\n"
    )
}
