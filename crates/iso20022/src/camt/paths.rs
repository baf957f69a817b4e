//! The parts of a report that the reader looks at, with their tags.

use super::names::names;
use crate::read::{Paths, item};

/// Groups of the selection: whose parts the fields are.
pub(super) mod group {
    pub(in crate::camt) const HEADER: u8 = 1;
    pub(in crate::camt) const REPORT: u8 = 2;
    pub(in crate::camt) const ENTRY: u8 = 3;
    pub(in crate::camt) const TRANSACTION: u8 = 4;
    pub(in crate::camt) const RECIPIENT: u8 = 5;
    pub(in crate::camt) const ACCOUNT: u8 = 6;
    pub(in crate::camt) const OWNER: u8 = 7;
    pub(in crate::camt) const SERVICER: u8 = 8;
    pub(in crate::camt) const BALANCE: u8 = 9;
    pub(in crate::camt) const TOTAL: u8 = 10;
    pub(in crate::camt) const CREDITS: u8 = 11;
    pub(in crate::camt) const DEBITS: u8 = 12;
    pub(in crate::camt) const BATCH: u8 = 13;
    pub(in crate::camt) const PROPRIETARY_AMOUNT: u8 = 14;
    pub(in crate::camt) const DEBTOR: u8 = 15;
    pub(in crate::camt) const DEBTOR_ACCOUNT: u8 = 16;
    pub(in crate::camt) const ULTIMATE_DEBTOR: u8 = 17;
    pub(in crate::camt) const CREDITOR: u8 = 18;
    pub(in crate::camt) const CREDITOR_ACCOUNT: u8 = 19;
    pub(in crate::camt) const ULTIMATE_CREDITOR: u8 = 20;
    pub(in crate::camt) const DEBTOR_AGENT: u8 = 21;
    pub(in crate::camt) const CREDITOR_AGENT: u8 = 22;
    pub(in crate::camt) const REMITTANCE: u8 = 23;
    pub(in crate::camt) const RETURN: u8 = 24;
}

/// Fields of the groups that only these messages have.
pub(super) mod field {
    pub(in crate::camt) const MESSAGE_ID: u8 = 1;
    pub(in crate::camt) const CREATION_DATE_TIME: u8 = 2;
    pub(in crate::camt) const PAGE_NUMBER: u8 = 3;
    pub(in crate::camt) const LAST_PAGE: u8 = 4;
    pub(in crate::camt) const ORIGINAL_QUERY: u8 = 5;
    pub(in crate::camt) const ADDITIONAL_INFORMATION: u8 = 6;
    pub(in crate::camt) const ID: u8 = 7;
    pub(in crate::camt) const ELECTRONIC_SEQUENCE: u8 = 8;
    pub(in crate::camt) const LEGAL_SEQUENCE: u8 = 9;
    pub(in crate::camt) const FROM: u8 = 10;
    pub(in crate::camt) const TO: u8 = 11;
    pub(in crate::camt) const COPY_DUPLICATE: u8 = 12;
    pub(in crate::camt) const ACCOUNT_NAME: u8 = 13;
    pub(in crate::camt) const CODE: u8 = 14;
    pub(in crate::camt) const PROPRIETARY: u8 = 15;
    pub(in crate::camt) const SUB_TYPE: u8 = 16;
    pub(in crate::camt) const AMOUNT: u8 = 17;
    pub(in crate::camt) const CREDIT_DEBIT: u8 = 18;
    pub(in crate::camt) const DATE: u8 = 19;
    pub(in crate::camt) const NUMBER: u8 = 20;
    pub(in crate::camt) const SUM: u8 = 21;
    pub(in crate::camt) const NET: u8 = 22;
    pub(in crate::camt) const REFERENCE: u8 = 23;
    pub(in crate::camt) const REVERSAL: u8 = 24;
    pub(in crate::camt) const STATUS: u8 = 25;
    pub(in crate::camt) const BOOKING_DATE: u8 = 26;
    pub(in crate::camt) const VALUE_DATE: u8 = 27;
    pub(in crate::camt) const SERVICER_REFERENCE: u8 = 28;
    pub(in crate::camt) const DOMAIN: u8 = 29;
    pub(in crate::camt) const FAMILY: u8 = 30;
    pub(in crate::camt) const SUB_FAMILY: u8 = 31;
    pub(in crate::camt) const PROPRIETARY_CODE: u8 = 32;
    pub(in crate::camt) const PROPRIETARY_ISSUER: u8 = 33;
    pub(in crate::camt) const PAYMENT_INFORMATION_ID: u8 = 34;
    pub(in crate::camt) const INSTRUCTION_ID: u8 = 35;
    pub(in crate::camt) const END_TO_END_ID: u8 = 36;
    pub(in crate::camt) const UETR: u8 = 37;
    pub(in crate::camt) const TRANSACTION_ID: u8 = 38;
    pub(in crate::camt) const TRANSACTION_AMOUNT: u8 = 39;
    pub(in crate::camt) const INSTRUCTED_AMOUNT: u8 = 40;
    pub(in crate::camt) const PURPOSE: u8 = 41;
}

pub(super) const HEADER: u16 = item(group::HEADER);
pub(super) const REPORT: u16 = item(group::REPORT);
pub(super) const ENTRY: u16 = item(group::ENTRY);
pub(super) const TRANSACTION: u16 = item(group::TRANSACTION);
/// Groups up to this one are items.
pub(super) const ITEMS: u8 = group::TRANSACTION;

/// Collects the paths that the reader wants.
///
/// # Panics
/// When the message is no report: [`super::Reader::new`] has refused it.
pub(super) fn collect(paths: &mut Paths) {
    let Some(names) = names(paths.message_type) else {
        panic!("{} is no account report", paths.message_type);
    };
    header(paths, &format!("{}/GrpHdr", names.message));
    let root = format!("{}/{}", names.message, names.report);
    report(paths, &root);
    summary(paths, &format!("{root}/TxsSummry"));
    if names.balances_min.is_some() {
        balances(paths, &format!("{root}/Bal"));
    }
    entry(paths, &format!("{root}/Ntry"));
    transaction(paths, &format!("{root}/Ntry/NtryDtls/TxDtls"));
    related(paths, &format!("{root}/Ntry/NtryDtls/TxDtls"));
}

fn header(paths: &mut Paths, root: &str) {
    paths.element(
        root,
        group::HEADER,
        &[
            ("MsgId", field::MESSAGE_ID),
            ("CreDtTm", field::CREATION_DATE_TIME),
            ("MsgPgntn/PgNb", field::PAGE_NUMBER),
            ("MsgPgntn/LastPgInd", field::LAST_PAGE),
            ("AddtlInf", field::ADDITIONAL_INFORMATION),
        ],
    );
    paths.party(&format!("{root}/MsgRcpt"), group::RECIPIENT);
    if paths.dialect.newer {
        paths.below(root, group::HEADER, &[("OrgnlBizQry/MsgId", field::ORIGINAL_QUERY)]);
    }
}

fn report(paths: &mut Paths, root: &str) {
    paths.element(
        root,
        group::REPORT,
        &[
            ("Id", field::ID),
            ("ElctrncSeqNb", field::ELECTRONIC_SEQUENCE),
            ("LglSeqNb", field::LEGAL_SEQUENCE),
            ("CreDtTm", field::CREATION_DATE_TIME),
            ("FrToDt/FrDtTm", field::FROM),
            ("FrToDt/ToDtTm", field::TO),
            ("CpyDplctInd", field::COPY_DUPLICATE),
            ("Acct/Nm", field::ACCOUNT_NAME),
        ],
    );
    paths.account(&format!("{root}/Acct"), group::ACCOUNT);
    paths.party(&format!("{root}/Acct/Ownr"), group::OWNER);
    paths.agent(&format!("{root}/Acct/Svcr"), group::SERVICER);
}

fn summary(paths: &mut Paths, root: &str) {
    let net: &[_] = if paths.dialect.newer {
        &[("TtlNtries/TtlNetNtry/Amt", field::NET), ("TtlNtries/TtlNetNtry/CdtDbtInd", field::CREDIT_DEBIT)]
    } else {
        &[("TtlNtries/TtlNetNtryAmt", field::NET), ("TtlNtries/CdtDbtInd", field::CREDIT_DEBIT)]
    };
    paths.element(root, group::TOTAL, net);
    for (total, group) in
        [("TtlNtries", group::TOTAL), ("TtlCdtNtries", group::CREDITS), ("TtlDbtNtries", group::DEBITS)]
    {
        paths.below(&format!("{root}/{total}"), group, &[("NbOfNtries", field::NUMBER), ("Sum", field::SUM)]);
    }
}

fn balances(paths: &mut Paths, root: &str) {
    paths.element(
        root,
        group::BALANCE,
        &[
            ("Tp/CdOrPrtry/Cd", field::CODE),
            ("Tp/CdOrPrtry/Prtry", field::PROPRIETARY),
            ("Tp/SubTp/Cd", field::SUB_TYPE),
            ("Amt", field::AMOUNT),
            ("CdtDbtInd", field::CREDIT_DEBIT),
            ("Dt/Dt", field::DATE),
            ("Dt/DtTm", field::DATE),
        ],
    );
}

fn entry(paths: &mut Paths, root: &str) {
    paths.element(
        root,
        group::ENTRY,
        &[
            ("NtryRef", field::REFERENCE),
            ("Amt", field::AMOUNT),
            ("CdtDbtInd", field::CREDIT_DEBIT),
            ("RvslInd", field::REVERSAL),
            ("BookgDt/Dt", field::BOOKING_DATE),
            ("BookgDt/DtTm", field::BOOKING_DATE),
            ("ValDt/Dt", field::VALUE_DATE),
            ("ValDt/DtTm", field::VALUE_DATE),
            ("AcctSvcrRef", field::SERVICER_REFERENCE),
            ("BkTxCd/Domn/Cd", field::DOMAIN),
            ("BkTxCd/Domn/Fmly/Cd", field::FAMILY),
            ("BkTxCd/Domn/Fmly/SubFmlyCd", field::SUB_FAMILY),
            ("BkTxCd/Prtry/Cd", field::PROPRIETARY_CODE),
            ("BkTxCd/Prtry/Issr", field::PROPRIETARY_ISSUER),
            ("AddtlNtryInf", field::ADDITIONAL_INFORMATION),
        ],
    );
    let status: &[_] = if paths.dialect.newer {
        &[("Sts/Cd", field::STATUS), ("Sts/Prtry", field::STATUS)]
    } else {
        &[("Sts", field::STATUS)]
    };
    paths.below(root, group::ENTRY, status);
    paths.element(
        &format!("{root}/NtryDtls/Btch"),
        group::BATCH,
        &[
            ("MsgId", field::MESSAGE_ID),
            ("PmtInfId", field::PAYMENT_INFORMATION_ID),
            ("NbOfTxs", field::NUMBER),
            ("TtlAmt", field::AMOUNT),
            ("CdtDbtInd", field::CREDIT_DEBIT),
        ],
    );
}

fn transaction(paths: &mut Paths, root: &str) {
    paths.element(
        root,
        group::TRANSACTION,
        &[
            ("Refs/MsgId", field::MESSAGE_ID),
            ("Refs/AcctSvcrRef", field::SERVICER_REFERENCE),
            ("Refs/PmtInfId", field::PAYMENT_INFORMATION_ID),
            ("Refs/InstrId", field::INSTRUCTION_ID),
            ("Refs/EndToEndId", field::END_TO_END_ID),
            ("Refs/TxId", field::TRANSACTION_ID),
            ("AmtDtls/InstdAmt/Amt", field::INSTRUCTED_AMOUNT),
            ("AmtDtls/TxAmt/Amt", field::TRANSACTION_AMOUNT),
            ("Purp/Cd", field::PURPOSE),
            ("AddtlTxInf", field::ADDITIONAL_INFORMATION),
        ],
    );
    if paths.dialect.newer {
        paths.below(root, group::TRANSACTION, &[("Refs/UETR", field::UETR), ("Amt", field::AMOUNT)]);
    }
    paths.element(
        &format!("{root}/AmtDtls/PrtryAmt"),
        group::PROPRIETARY_AMOUNT,
        &[("Tp", field::CODE), ("Amt", field::AMOUNT)],
    );
    paths.remittance(&format!("{root}/RmtInf"), group::REMITTANCE);
    paths.reason(&format!("{root}/RtrInf"), group::RETURN);
}

/// Whom a transaction was between.
fn related(paths: &mut Paths, root: &str) {
    for (party, group) in [
        ("Dbtr", group::DEBTOR),
        ("UltmtDbtr", group::ULTIMATE_DEBTOR),
        ("Cdtr", group::CREDITOR),
        ("UltmtCdtr", group::ULTIMATE_CREDITOR),
    ] {
        let root = format!("{root}/RltdPties/{party}");
        if paths.dialect.newer {
            paths.party_or_agent(&root, group);
        } else {
            paths.party(&root, group);
        }
    }
    paths.account(&format!("{root}/RltdPties/DbtrAcct"), group::DEBTOR_ACCOUNT);
    paths.account(&format!("{root}/RltdPties/CdtrAcct"), group::CREDITOR_ACCOUNT);
    paths.agent(&format!("{root}/RltdAgts/DbtrAgt"), group::DEBTOR_AGENT);
    paths.agent(&format!("{root}/RltdAgts/CdtrAgt"), group::CREDITOR_AGENT);
}
