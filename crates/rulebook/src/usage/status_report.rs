//! pain.002: what our status reports have. An importer need not handle anything else.

use iso20022::MessageType;

use super::table::Narrowing::Values;
use super::table::{Table, Usage};
use crate::Guideline;
use crate::catalogue::Text;

const ROOT: &str = "CstmrPmtStsRpt";

const PURPOSE: Text = Text {
    lv: "Atbilde uz pain.001: kas ar ziņojumu, tā blokiem un maksājumiem noticis. Versija atbilst pain.001 versijai. \
         Atsevišķi nosaukti noraidītie maksājumi, pieņemtie — tikai tad, ja to paredz iestādes iestatījums.",
    en: "The answer to a pain.001: what became of the message, its blocks and its payments. It has the generation of the \
         pain.001. Refused payments are named one by one; accepted ones only where a setting of the institution asks for it.",
};

/// Statuses of a message and of a block.
const GROUP_STATUSES: [&str; 7] = ["RCVD", "PDNG", "ACCP", "ACSP", "ACSC", "PART", "RJCT"];

/// Refused payments are always named; the others where the client's settings say so.
const PAYMENT_STATUSES: [&str; 5] = ["PDNG", "ACCP", "ACSP", "ACSC", "RJCT"];

/// Elements that accompany a status; `!` marks those that are always present in their parent.
const REASON: [&str; 3] = ["StsRsnInf/Orgtr!/Nm!", "StsRsnInf/Rsn!/Cd", "StsRsnInf/AddtlInf!"];
const PER_STATUS: [&str; 3] = ["NbOfTxsPerSts/DtldNbOfTxs", "NbOfTxsPerSts/DtldSts", "NbOfTxsPerSts/DtldCtrlSum"];

pub(super) fn usage(message_type: MessageType, _: &Guideline) -> Usage {
    let newer = message_type.is_newer_generation();
    let mut table = Table::new(ROOT);
    let statuses = || Values { name: "Status", values: GROUP_STATUSES.map(str::to_owned).to_vec() };
    table.ours("OrgnlGrpInfAndSts/GrpSts", statuses());
    table.ours("OrgnlPmtInfAndSts/PmtInfSts", statuses());
    let of_payment = Values { name: "PaymentStatus", values: PAYMENT_STATUSES.map(str::to_owned).to_vec() };
    table.ours("OrgnlPmtInfAndSts/TxInfAndSts/TxSts", of_payment);
    notes(&mut table);
    table.sent_by_us(message_type, PURPOSE, written(newer))
}

fn written(newer: bool) -> Vec<String> {
    let bic = if newer { "BICFI" } else { "BIC" };
    let mut written: Vec<String> =
        ["GrpHdr/MsgId", "GrpHdr/CreDtTm", "GrpHdr/InitgPty!/Nm!"].map(str::to_owned).to_vec();
    written.push(format!("GrpHdr/DbtrAgt!/FinInstnId/{bic}!"));
    let of_group = ["OrgnlMsgId", "OrgnlMsgNmId", "OrgnlCreDtTm", "OrgnlNbOfTxs!", "OrgnlCtrlSum", "GrpSts!"];
    let of_block = ["OrgnlPmtInfId", "OrgnlNbOfTxs", "OrgnlCtrlSum", "PmtInfSts!"];
    for (part, elements) in [("OrgnlGrpInfAndSts", &of_group[..]), ("OrgnlPmtInfAndSts", &of_block[..])] {
        let elements = elements.iter().chain(&REASON).chain(&PER_STATUS);
        written.extend(elements.map(|element| format!("{part}/{element}")));
    }
    let mut of_payment: Vec<&str> = vec!["StsId!", "OrgnlInstrId", "OrgnlEndToEndId"];
    of_payment.extend(newer.then_some("OrgnlUETR"));
    of_payment.push("TxSts!");
    of_payment.extend(REASON);
    of_payment.extend(["OrgnlTxRef!/Amt/InstdAmt", "OrgnlTxRef!/CdtrAcct/Id/IBAN"]);
    of_payment.extend(if newer {
        ["OrgnlTxRef!/ReqdExctnDt/Dt", "OrgnlTxRef!/Cdtr/Pty/Nm"]
    } else {
        ["OrgnlTxRef!/ReqdExctnDt", "OrgnlTxRef!/Cdtr/Nm"]
    });
    written.extend(of_payment.iter().map(|element| format!("OrgnlPmtInfAndSts/TxInfAndSts/{element}")));
    written.into_iter().map(|element| format!("{ROOT}/{element}")).collect()
}

fn notes(table: &mut Table) {
    table.note(
        "OrgnlGrpInfAndSts/GrpSts",
        "RCVD saņemts; PDNG gaida; ACCP pieņemts; ACSP tiek izpildīts; ACSC izpildīts; PART izpildīta daļa; RJCT noraidīts.",
        "RCVD received; PDNG waiting; ACCP accepted; ACSP being executed; ACSC settled; PART in part; RJCT refused.",
    );
    for part in ["OrgnlGrpInfAndSts", "OrgnlPmtInfAndSts", "OrgnlPmtInfAndSts/TxInfAndSts"] {
        table.note(
            &format!("{part}/StsRsnInf/AddtlInf"),
            "Sākas ar mūsu kodu (TDAM-nnnn); seko paskaidrojums angliski, vērtība un faila rinda.",
            "Begins with our code (TDAM-nnnn); the explanation, the value and the line of the file follow.",
        );
    }
}
