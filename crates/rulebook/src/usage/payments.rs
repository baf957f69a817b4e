//! pain.001: requirements of a bulk payment beyond the schema, as far as form can express them.

use iso20022::MessageType;
use iso20022::bounds::PLACEHOLDER_BICS;

use super::table::Narrowing::{AboveZero, AtMost, CharsMax, FractionDigits, Mandatory, NotUsed, Pattern, Values};
use super::table::{Table, Usage};
use crate::catalogue::Text;
use crate::characters::{identifier_pattern, text_pattern};
use crate::check::TRANSFER;
use crate::rules::RULES;
use crate::rules::element::{CREDITOR_BIC, CREDITOR_BICFI, DEBTOR_BIC, DEBTOR_BICFI, EXECUTION_DATE};
use crate::{Code, Guideline, Iban};

/// The element below `Document`.
const ROOT: &str = "CstmrCdtTrfInitn";

const BLOCK: &str = "PmtInf";
const PAYMENT: &str = "PmtInf/CdtTrfTxInf";

const PURPOSE: Text = Text {
    lv: "Klienta maksājumu ziņojums: viens vai vairāki maksājumu bloki (PmtInf), katrs no viena Valsts kases konta. \
         Atbilde ir pain.002.",
    en: "The client's bulk payment: one or more blocks of payments (PmtInf), each from one account in the Treasury. It is \
         answered with a pain.002.",
};

pub(super) fn usage(message_type: MessageType, guideline: &Guideline) -> Usage {
    let newer = message_type.is_newer_generation();
    let mut table = Table::new(ROOT);
    header(&mut table, guideline);
    block(&mut table, guideline, newer);
    payment(&mut table, guideline, newer);
    rules(&mut table, newer);
    table.sent_by_client(message_type, PURPOSE)
}

/// The checker's rules. They name elements from the block or the payment.
fn rules(table: &mut Table, newer: bool) {
    for rule in RULES {
        for &element in rule.elements {
            let path = match element {
                EXECUTION_DATE if newer => format!("{element}/Dt"),
                DEBTOR_BIC | CREDITOR_BIC if newer => continue,
                DEBTOR_BICFI | CREDITOR_BICFI if !newer => continue,
                _ => element.to_owned(),
            };
            let is_payment = path.starts_with("CdtTrfTxInf/");
            table.rule(&if is_payment { format!("{BLOCK}/{path}") } else { path }, rule.code);
        }
    }
}

fn header(table: &mut Table, guideline: &Guideline) {
    identifier(table, "GrpHdr/MsgId");
    table.note(
        "GrpHdr/MsgId",
        "Klientam unikāls uz visiem laikiem: atkārtots MsgId ar citu saturu tiek noraidīts (TDAM-5001).",
        "Unique for the client, for ever: the same MsgId with other contents is refused (TDAM-5001).",
    );
    if guideline.control_totals_required {
        table.refuses("GrpHdr/CtrlSum", Mandatory, &[Code::GroupControlSumMissing]);
    }
}

fn block(table: &mut Table, guideline: &Guideline, newer: bool) {
    let at = |element: &str| format!("{BLOCK}/{element}");
    identifier(table, &at("PmtInfId"));
    let method = Values { name: "Transfer", values: vec![TRANSFER.to_owned()] };
    table.refuses(&at("PmtMtd"), method, &[Code::PaymentMethodNotTransfer]);
    if guideline.control_totals_required {
        table.refuses(&at("NbOfTxs"), Mandatory, &[Code::BlockNumberOfTransactionsMissing]);
        table.refuses(&at("CtrlSum"), Mandatory, &[Code::BlockControlSumMissing]);
    }
    payment_type(table, BLOCK, guideline);
    party(table, &at("Dbtr"), guideline);
    // Any other identification of the account is not an IBAN.
    table.refuses(&at("DbtrAcct/Id/Othr"), NotUsed, &[Code::DebtorIbanMissing]);
    let own = Pattern { name: "TreasuryAccount", pattern: guideline.own_account_pattern() };
    table.refuses(&at("DbtrAcct/Id/IBAN"), own, &[Code::DebtorIbanInvalid, Code::DebtorAccountNotTreasury]);
    let bic = if newer { "DbtrAgt/FinInstnId/BICFI" } else { "DbtrAgt/FinInstnId/BIC" };
    // What stands for a missing BIC passes, as the readers leave it out.
    let own_or_none = format!("{}|{}", guideline.own_bic_pattern(), PLACEHOLDER_BICS.join("|"));
    let own = Pattern { name: "TreasuryOrNone", pattern: own_or_none };
    table.refuses(&at(bic), own, &[Code::DebtorAgentNotTreasury]);
    no_bic(table, &at(bic));
    party(table, &at("UltmtDbtr"), guideline);
    identification(table, &at("UltmtDbtr"), guideline);
    table.note(
        &at("UltmtDbtr"),
        "Ja norādīts arī maksājumā, noteicošais ir maksājumā norādītais, arī ja tur ir tikai daļas, kuras pārskatā nerāda (dzimšanas datums, \
         adrese, valsts, saziņa). Abu līmeņu datus nekad nejauc; elements bez satura nenozīmē neko.",
        "Where the payment names one too, the payment's rules, even if it gives only parts that reports do not show (date of birth, \
         address, country, contact). The two levels are never mixed; an element without content means nothing.",
    );
}

fn payment(table: &mut Table, guideline: &Guideline, newer: bool) {
    let at = |element: &str| format!("{PAYMENT}/{element}");
    identifier(table, &at("PmtId/InstrId"));
    identifier(table, &at("PmtId/EndToEndId"));
    table.note(
        &at("PmtId/EndToEndId"),
        "Ja sava identifikatora nav: NOTPROVIDED; tas drīkst atkārtoties.",
        "Where there is none of your own: NOTPROVIDED, which may be repeated.",
    );
    payment_type(table, PAYMENT, guideline);
    table.refuses(&at("Amt/EqvtAmt"), NotUsed, &[Code::EquivalentAmountNotOffered]);
    table.refuses(&at("Amt/InstdAmt"), AboveZero, &[Code::AmountNotPositive]);
    table.refuses(&at("Amt/InstdAmt"), FractionDigits(guideline.currency.minor_digits()), &[Code::AmountDecimals]);
    let currency = Values { name: "Currency", values: vec![guideline.currency.code().to_owned()] };
    table.refuses(&at("Amt/InstdAmt/@Ccy"), currency, &[Code::CurrencyNotAllowed, Code::ForeignPaymentNotOffered]);
    party(table, &at("UltmtDbtr"), guideline);
    identification(table, &at("UltmtDbtr"), guideline);
    party(table, &at("Cdtr"), guideline);
    no_bic(table, &at(if newer { "CdtrAgt/FinInstnId/BICFI" } else { "CdtrAgt/FinInstnId/BIC" }));
    table.refuses(&at("CdtrAcct"), Mandatory, &[Code::CreditorAccountMissing]);
    table.refuses(&at("CdtrAcct/Id/Othr"), NotUsed, &[Code::ForeignPaymentNotOffered]);
    let iban = Pattern { name: "Iban", pattern: Iban::PATTERN.to_owned() };
    table.refuses(&at("CdtrAcct/Id/IBAN"), iban, &[Code::CreditorIbanStructure]);
    party(table, &at("UltmtCdtr"), guideline);
    identification(table, &at("UltmtCdtr"), guideline);
    parties_own_words(table, &at("Purp"));
    table.note(
        &at("RgltryRptg"),
        "Budžeta klasifikācijas kodi (EKK): Tp = EKK, Cd = kods, Amt = daļa; maksātāja puse DEBT, saņēmēja puse CRED. Vieta XML \
         ziņojumā nav publicēta; šis ir mūsu lēmums.",
        "Classification codes (EKK): Tp = EKK, Cd = code, Amt = share; payer's side DEBT, payee's side CRED. Where a message \
         carries them is not published; this is our decision.",
    );
    table.refuses(&at("RmtInf/Ustrd"), AtMost(1), &[Code::RemittanceRepeated]);
    table.refuses(&at("RmtInf/Ustrd"), CharsMax(guideline.remittance_chars_max), &[Code::RemittanceTooLong]);
    text(table, &at("RmtInf/Ustrd"), guideline);
    text(table, &at("RmtInf/Strd/RfrdDocInf/Nb"), guideline);
    text(table, &at("RmtInf/Strd/AddtlRmtInf"), guideline);
    table.note(
        &at("RmtInf/Strd"),
        "Lasa kreditora atsauci (CdtrRefInf/Ref) ar tās veidu (Tp), dokumentu numurus (RfrdDocInf/Nb) un papildu tekstu (AddtlRmtInf); \
         pārskatā tie ir bez izmaiņām, un pēc tiem atšķir vienādus maksājumus. Pārējo šajā elementā nelasa un tālāk nenodod. Maksājumā \
         drīkst būt viena atsauce un trīs papildu teksta rindas. Tas ir mūsu lēmums: izrakstā ir vieta vienam Strd.",
        "The creditor reference (CdtrRefInf/Ref) is read with its type (Tp), the numbers of documents (RfrdDocInf/Nb) and further text \
         (AddtlRmtInf); reports show them unchanged, and they tell equal payments apart. Nothing else in this element is read or \
         handed on. A payment may have one reference and three further lines. This is our decision: a statement has one Strd.",
    );
}

fn no_bic(table: &mut Table, path: &str) {
    table.note(
        path,
        "Ja BIC nav zināms, elementu labāk izlaist; vērtības, ko programmas raksta tā vietā (NOTPROVIDED, XXXXXXXX u. c.), nenozīmē neko, \
         ja tām ir 8 vai 11 zīmes kā BIC.",
        "Where the BIC is not known, better leave the element out; what programs write in its place (NOTPROVIDED, XXXXXXXX and \
         others) means nothing, if it has 8 or 11 characters as a BIC has.",
    );
}

fn identifier(table: &mut Table, path: &str) {
    let form = Pattern { name: "Identifier", pattern: identifier_pattern() };
    table.refuses(path, form, &[Code::CharacterNotAllowed, Code::IdentifierSlashes]);
}

/// Which letters a text may have depends on where the payment goes; no text may have more than the country's.
fn text(table: &mut Table, path: &str, guideline: &Guideline) {
    let form = Pattern { name: "DomesticText", pattern: text_pattern(guideline.national_letters) };
    table.refuses(path, form, &[Code::CharacterNotAllowed]);
}

fn party(table: &mut Table, path: &str, guideline: &Guideline) {
    for part in ["Nm", "PstlAdr/StrtNm", "PstlAdr/BldgNb", "PstlAdr/PstCd", "PstlAdr/TwnNm", "PstlAdr/AdrLine"] {
        text(table, &format!("{path}/{part}"), guideline);
    }
}

/// Reports show the identification of an ultimate party beside its name.
fn identification(table: &mut Table, path: &str, guideline: &Guideline) {
    for kind in ["OrgId", "PrvtId"] {
        for part in ["Id", "SchmeNm/Prtry", "Issr"] {
            text(table, &format!("{path}/Id/{kind}/Othr/{part}"), guideline);
        }
    }
}

fn payment_type(table: &mut Table, path: &str, guideline: &Guideline) {
    let at = |element: &str| format!("{path}/PmtTpInf/{element}");
    let levels = guideline.service_levels.iter().map(|&level| level.to_owned()).collect();
    let offered = Values { name: "Offered", values: levels };
    table.refuses(&at("SvcLvl/Cd"), offered, &[Code::ServiceLevelNotOffered]);
    table.refuses(&at("SvcLvl/Prtry"), NotUsed, &[Code::ServiceLevelNotOffered]);
    table.refuses(&at("LclInstrm"), NotUsed, &[Code::LocalInstrumentNotOffered]);
    parties_own_words(table, &at("CtgyPurp"));
}

/// `Prtry` of a purpose changes nothing about a payment.
fn parties_own_words(table: &mut Table, path: &str) {
    table.note(
        path,
        "Prtry ir pušu brīvs teksts: to pieņem, bet neizmanto un tālāk nenodod.",
        "Prtry is free text of the parties: it is accepted, but neither used nor handed on.",
    );
}
