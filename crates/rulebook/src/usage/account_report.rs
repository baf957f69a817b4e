//! camt.052, camt.053, camt.054: what our reports have. An importer need not handle anything else.

use iso20022::MessageType;

use super::table::Narrowing::{AtMost, Pattern, Values};
use super::table::{Table, Usage};
use crate::Guideline;
use crate::catalogue::Text;

const PURPOSE_052: Text = Text {
    lv: "Konta pārskats: atlikumi un ieraksti par jebkuru periodu, arī par šodienu. Ja pēdējā diena ir slēgta, beigu atlikums ir \
         galīgs (CLBD), citādi starpatlikums (ITBD).",
    en: "Account report: balances and entries of any period, today included. Where the last day is closed, the balance at the end \
         is final (CLBD), otherwise interim (ITBD).",
};
const PURPOSE_053: Text = Text {
    lv: "Konta izraksts: atlikumi un ieraksti par slēgtām dienām.",
    en: "Statement: balances and entries of closed days.",
};
const PURPOSE_054: Text = Text {
    lv: "Paziņojums par norakstījumiem un ieskaitījumiem: ieraksti bez atlikumiem.",
    en: "Notification of debits and credits: entries without balances.",
};

pub(super) fn usage(message_type: MessageType, guideline: &Guideline) -> Usage {
    let kind = Kind::of(message_type);
    let newer = message_type.is_newer_generation();
    let mut table = Table::new(kind.root);
    restrictions(&mut table, &kind, newer, guideline);
    notes(&mut table, &kind);
    table.sent_by_us(message_type, kind.purpose, written(&kind, newer))
}

/// The differences of the three.
struct Kind {
    root: &'static str,
    /// One report, statement or notification.
    report: &'static str,
    /// Types of balances; none in a notification.
    balances: &'static [&'static str],
    purpose: Text,
}

impl Kind {
    fn of(message_type: MessageType) -> Kind {
        match message_type {
            MessageType::Camt053V02 | MessageType::Camt053V08 => Kind {
                root: "BkToCstmrStmt",
                report: "Stmt",
                balances: &["OPBD", "ITBD", "CLBD"],
                purpose: PURPOSE_053,
            },
            MessageType::Camt054V02 | MessageType::Camt054V08 => {
                Kind { root: "BkToCstmrDbtCdtNtfctn", report: "Ntfctn", balances: &[], purpose: PURPOSE_054 }
            }
            _ => Kind {
                root: "BkToCstmrAcctRpt",
                report: "Rpt",
                balances: &["OPBD", "ITBD", "CLBD"],
                purpose: PURPOSE_052,
            },
        }
    }
}

fn restrictions(table: &mut Table, kind: &Kind, newer: bool, guideline: &Guideline) {
    let at = |element: &str| format!("{}/{element}", kind.report);
    let own = Pattern { name: "TreasuryAccount", pattern: guideline.own_account_pattern() };
    table.ours(&at("Acct/Id/IBAN"), own);
    if !kind.balances.is_empty() {
        let types = kind.balances.iter().map(|&balance| balance.to_owned()).collect();
        table.ours(&at("Bal/Tp/CdOrPrtry/Cd"), Values { name: "Balance", values: types });
        table.ours(&at("Bal/Tp/SubTp/Cd"), Values { name: "Interim", values: vec!["INTM".to_owned()] });
    }
    let status = if newer { "Ntry/Sts/Cd" } else { "Ntry/Sts" };
    table.ours(&at(status), Values { name: "Booked", values: vec!["BOOK".to_owned()] });
    table.ours(&at("Ntry/NtryDtls"), AtMost(1));
    table.ours(&at("Ntry/NtryDtls/TxDtls"), AtMost(1));
    table.ours(&at("Ntry/NtryDtls/TxDtls/RmtInf/Ustrd"), AtMost(1));
    table.ours(&at("Ntry/NtryDtls/TxDtls/RmtInf/Strd"), AtMost(1));
}

/// `!` marks what always stands where its parent does.
fn written(kind: &Kind, newer: bool) -> Vec<String> {
    let mut written: Vec<String> =
        ["GrpHdr/MsgId", "GrpHdr/CreDtTm", "GrpHdr/MsgPgntn!/PgNb", "GrpHdr/MsgPgntn!/LastPgInd"]
            .map(str::to_owned)
            .to_vec();
    written.extend(newer.then(|| "GrpHdr/OrgnlBizQry/MsgId".to_owned()));
    let mut of_report: Vec<String> = Vec::new();
    of_report.extend(HEAD.map(str::to_owned));
    of_report.push(format!("Acct/Svcr!/FinInstnId/{}!", if newer { "BICFI" } else { "BIC" }));
    of_report.push("Acct/Svcr!/FinInstnId/Nm!".to_owned());
    if !kind.balances.is_empty() {
        of_report.extend(BALANCE.map(str::to_owned));
    }
    of_report.extend(SUMMARY.map(str::to_owned));
    of_report.extend(
        if newer {
            ["TxsSummry!/TtlNtries!/TtlNetNtry!/Amt", "TxsSummry!/TtlNtries!/TtlNetNtry!/CdtDbtInd"]
        } else {
            ["TxsSummry!/TtlNtries!/TtlNetNtryAmt!", "TxsSummry!/TtlNtries!/CdtDbtInd!"]
        }
        .map(str::to_owned),
    );
    of_report.extend(ENTRY.map(|element| format!("Ntry/{element}")));
    of_report.push(format!("Ntry/Sts{}", if newer { "/Cd" } else { "" }));
    of_report.extend(transaction(newer).into_iter().map(|element| format!("Ntry/NtryDtls/TxDtls/{element}")));
    written.extend(of_report.into_iter().map(|element| format!("{}/{element}", kind.report)));
    written.into_iter().map(|element| format!("{}/{element}", kind.root)).collect()
}

const HEAD: [&str; 8] = [
    "Id",
    "ElctrncSeqNb!",
    "CreDtTm!",
    "FrToDt!/FrDtTm",
    "FrToDt!/ToDtTm",
    "Acct/Id/IBAN",
    "Acct/Ccy!",
    "Acct/Ownr!/Nm",
];

const BALANCE: [&str; 5] = ["Bal!/Tp/CdOrPrtry/Cd", "Bal!/Tp/SubTp/Cd", "Bal!/Amt", "Bal!/CdtDbtInd", "Bal!/Dt/Dt"];

const SUMMARY: [&str; 6] = [
    "TxsSummry!/TtlNtries!/NbOfNtries!",
    "TxsSummry!/TtlNtries!/Sum!",
    "TxsSummry!/TtlCdtNtries!/NbOfNtries!",
    "TxsSummry!/TtlCdtNtries!/Sum!",
    "TxsSummry!/TtlDbtNtries!/NbOfNtries!",
    "TxsSummry!/TtlDbtNtries!/Sum!",
];

const ENTRY: [&str; 8] = [
    "Amt",
    "CdtDbtInd",
    "BookgDt!/Dt",
    "ValDt!/Dt",
    "AcctSvcrRef!",
    "BkTxCd/Domn!/Cd",
    "BkTxCd/Domn!/Fmly/Cd",
    "BkTxCd/Domn!/Fmly/SubFmlyCd",
];

fn transaction(newer: bool) -> Vec<String> {
    let mut written: Vec<String> =
        ["MsgId", "AcctSvcrRef!", "PmtInfId", "InstrId", "EndToEndId"].map(|id| format!("Refs!/{id}")).to_vec();
    let amounts: &[&str] = if newer { &["Refs!/UETR", "Amt!", "CdtDbtInd!"] } else { &["AmtDtls!/TxAmt!/Amt"] };
    written.extend(amounts.iter().map(|&element| element.to_owned()));
    written.extend(["AmtDtls/PrtryAmt/Tp", "AmtDtls/PrtryAmt/Amt"].map(str::to_owned));
    let party = if newer { "Pty/Nm" } else { "Nm" };
    for role in ["Dbtr", "UltmtDbtr", "Cdtr", "UltmtCdtr"] {
        written.push(format!("RltdPties/{role}/{party}"));
    }
    for role in ["UltmtDbtr", "UltmtCdtr"] {
        let party = if newer { format!("RltdPties/{role}/Pty/Id") } else { format!("RltdPties/{role}/Id") };
        let organisation: &[&str] = if newer { &["AnyBIC", "LEI"] } else { &["BICOrBEI"] };
        written.extend(organisation.iter().map(|code| format!("{party}/OrgId/{code}")));
        for kind in ["OrgId", "PrvtId"] {
            let parts = ["Id", "SchmeNm/Cd", "SchmeNm/Prtry", "Issr"];
            written.extend(parts.map(|part| format!("{party}/{kind}/Othr/{part}")));
        }
    }
    for role in ["Dbtr", "Cdtr"] {
        written.push(format!("RltdPties/{role}Acct/Id/IBAN"));
        // Of a bank whose BIC has digits where the older generation has letters only, it stands in `Othr`.
        if newer {
            written.push(format!("RltdAgts/{role}Agt/FinInstnId/BICFI!"));
        } else {
            written.extend(["BIC", "Othr/Id"].map(|id| format!("RltdAgts/{role}Agt/FinInstnId/{id}")));
        }
    }
    let texts = [
        "Purp/Cd",
        "RmtInf/Ustrd",
        "RmtInf/Strd/CdtrRefInf/Ref!",
        "RmtInf/Strd/RfrdDocInf/Nb!",
        "RmtInf/Strd/AddtlRmtInf",
    ];
    written.extend(texts.map(str::to_owned));
    let reference = ["CdOrPrtry/Cd", "CdOrPrtry/Prtry", "Issr"];
    written.extend(reference.map(|part| format!("RmtInf/Strd/CdtrRefInf/Tp/{part}")));
    written.push("RtrInf/Rsn/Cd".to_owned());
    written.push("AddtlTxInf".to_owned());
    written
}

fn notes(table: &mut Table, kind: &Kind) {
    let at = |element: &str| format!("{}/{element}", kind.report);
    table.note(
        "GrpHdr/MsgPgntn",
        "Garš pārskats ir vairākās lapās; katra ir atsevišķs ziņojums, un atlikumi turpinās no lapas uz lapu (INTM).",
        "A long report has several pages, each a message of its own; balances go on from page to page (INTM).",
    );
    if !kind.balances.is_empty() {
        table.note(
            &at("Bal"),
            "Divi: sākuma atlikums un beigu atlikums. Sākuma atlikums ir iepriekšējās dienas beigu atlikums. Ja klients to ir \
             lūdzis, vairāku dienu pārskatā starp tiem ir arī katras dienas atlikumi: dienas CLBD un nākamās dienas OPBD.",
            "Two: the opening balance, and the one at the end. The opening balance is the closing balance of the day before. Where \
             the client asked for it, a report of several days has the balances of each day between them: CLBD of a day and OPBD \
             of the next one.",
        );
    }
    table.note(
        &at("Ntry/AcctSvcrRef"),
        "Ieraksta atsauce: nemainīga un neatkārtojas. Pēc tās ierakstu pazīst arī citos pārskatos.",
        "The entry's reference: it never changes and no other entry has it. By it an entry is known in every report.",
    );
    table.note(
        &at("Ntry/NtryDtls/TxDtls/AmtDtls/PrtryAmt"),
        "Budžeta klasifikācijas koda (EKK) daļa: Tp ir „EKK/kods”. Vieta XML ziņojumā nav publicēta; šis ir mūsu lēmums.",
        "The share of a classification code (EKK): Tp is `EKK/code`. Where a message carries it is not published; this is our decision.",
    );
    table.note(
        &at("Ntry/NtryDtls/TxDtls/RtrInf"),
        "Maksājums ir atgriezts: Rsn/Cd ir iemesla kods, kādu to atsūtīja otra banka. Refs ir atgrieztā maksājuma atsauces, arī \
         AcctSvcrRef – ar to sākotnējo ierakstu atrod iepriekšējos pārskatos.",
        "The payment came back: Rsn/Cd is the reason as the other bank sent it. Refs has the references of the payment that \
         came back, AcctSvcrRef too: by it the first entry is found in earlier reports.",
    );
    table.note(
        &at("Ntry/NtryDtls/TxDtls/Refs/MsgId"),
        "Maksātāja atsauces ir tikai maksātāja pārskatā.",
        "The payer's references stand in the payer's report only.",
    );
}
