//! The parts of a pain.002 that the reader looks at, with their tags.

use crate::read::{Paths, item};

/// Groups of the selection: whose parts the fields are.
pub(super) mod group {
    pub(in crate::pain002) const HEADER: u8 = 1;
    pub(in crate::pain002) const ORIGINAL_GROUP: u8 = 2;
    pub(in crate::pain002) const BLOCK: u8 = 3;
    pub(in crate::pain002) const TRANSACTION: u8 = 4;
    pub(in crate::pain002) const INITIATING_PARTY: u8 = 5;
    pub(in crate::pain002) const FORWARDING_AGENT: u8 = 6;
    pub(in crate::pain002) const DEBTOR_AGENT: u8 = 7;
    /// `StsRsnInf` at any of the three levels.
    pub(in crate::pain002) const REASON: u8 = 8;
    /// `NbOfTxsPerSts` at either level.
    pub(in crate::pain002) const TOTAL: u8 = 9;
    pub(in crate::pain002) const ORIGINAL: u8 = 10;
    pub(in crate::pain002) const DEBTOR_ACCOUNT: u8 = 11;
    pub(in crate::pain002) const CREDITOR_AGENT: u8 = 12;
    pub(in crate::pain002) const CREDITOR_ACCOUNT: u8 = 13;
    pub(in crate::pain002) const REMITTANCE: u8 = 14;
}

/// Fields of the groups that only this message has.
pub(super) mod field {
    pub(in crate::pain002) const MESSAGE_ID: u8 = 1;
    pub(in crate::pain002) const CREATION_DATE_TIME: u8 = 2;
    pub(in crate::pain002) const MESSAGE_NAME: u8 = 3;
    pub(in crate::pain002) const NUMBER_OF_TRANSACTIONS: u8 = 4;
    pub(in crate::pain002) const CONTROL_SUM: u8 = 5;
    pub(in crate::pain002) const STATUS: u8 = 6;
    pub(in crate::pain002) const PAYMENT_INFORMATION_ID: u8 = 7;
    pub(in crate::pain002) const STATUS_ID: u8 = 8;
    pub(in crate::pain002) const INSTRUCTION_ID: u8 = 9;
    pub(in crate::pain002) const END_TO_END_ID: u8 = 10;
    pub(in crate::pain002) const UETR: u8 = 11;
    pub(in crate::pain002) const ACCEPTANCE_DATE_TIME: u8 = 12;
    pub(in crate::pain002) const SERVICER_REFERENCE: u8 = 13;
    pub(in crate::pain002) const INSTRUCTED_AMOUNT: u8 = 14;
    pub(in crate::pain002) const REQUESTED_EXECUTION_DATE: u8 = 15;
    pub(in crate::pain002) const DEBTOR_NAME: u8 = 16;
    pub(in crate::pain002) const CREDITOR_NAME: u8 = 17;
}

pub(super) const HEADER: u16 = item(group::HEADER);
pub(super) const ORIGINAL_GROUP: u16 = item(group::ORIGINAL_GROUP);
pub(super) const BLOCK: u16 = item(group::BLOCK);
pub(super) const TRANSACTION: u16 = item(group::TRANSACTION);
/// Groups up to this one are items.
pub(super) const ITEMS: u8 = group::TRANSACTION;

/// Collects the paths that the reader wants.
pub(super) fn collect(paths: &mut Paths) {
    header(paths, "CstmrPmtStsRpt/GrpHdr");
    original_group(paths, "CstmrPmtStsRpt/OrgnlGrpInfAndSts");
    block(paths, "CstmrPmtStsRpt/OrgnlPmtInfAndSts");
    transaction(paths, "CstmrPmtStsRpt/OrgnlPmtInfAndSts/TxInfAndSts");
    original_transaction(paths, "CstmrPmtStsRpt/OrgnlPmtInfAndSts/TxInfAndSts/OrgnlTxRef");
}

fn header(paths: &mut Paths, root: &str) {
    paths.element(root, group::HEADER, &[("MsgId", field::MESSAGE_ID), ("CreDtTm", field::CREATION_DATE_TIME)]);
    paths.party(&format!("{root}/InitgPty"), group::INITIATING_PARTY);
    paths.agent(&format!("{root}/FwdgAgt"), group::FORWARDING_AGENT);
    paths.agent(&format!("{root}/DbtrAgt"), group::DEBTOR_AGENT);
}

fn original_group(paths: &mut Paths, root: &str) {
    paths.element(
        root,
        group::ORIGINAL_GROUP,
        &[
            ("OrgnlMsgId", field::MESSAGE_ID),
            ("OrgnlMsgNmId", field::MESSAGE_NAME),
            ("OrgnlCreDtTm", field::CREATION_DATE_TIME),
            ("OrgnlNbOfTxs", field::NUMBER_OF_TRANSACTIONS),
            ("OrgnlCtrlSum", field::CONTROL_SUM),
            ("GrpSts", field::STATUS),
        ],
    );
    reasons_and_totals(paths, root);
}

fn block(paths: &mut Paths, root: &str) {
    paths.element(
        root,
        group::BLOCK,
        &[
            ("OrgnlPmtInfId", field::PAYMENT_INFORMATION_ID),
            ("OrgnlNbOfTxs", field::NUMBER_OF_TRANSACTIONS),
            ("OrgnlCtrlSum", field::CONTROL_SUM),
            ("PmtInfSts", field::STATUS),
        ],
    );
    reasons_and_totals(paths, root);
}

fn reasons_and_totals(paths: &mut Paths, root: &str) {
    paths.reason(&format!("{root}/StsRsnInf"), group::REASON);
    paths.element(
        &format!("{root}/NbOfTxsPerSts"),
        group::TOTAL,
        &[
            ("DtldNbOfTxs", field::NUMBER_OF_TRANSACTIONS),
            ("DtldSts", field::STATUS),
            ("DtldCtrlSum", field::CONTROL_SUM),
        ],
    );
}

fn transaction(paths: &mut Paths, root: &str) {
    paths.element(
        root,
        group::TRANSACTION,
        &[
            ("StsId", field::STATUS_ID),
            ("OrgnlInstrId", field::INSTRUCTION_ID),
            ("OrgnlEndToEndId", field::END_TO_END_ID),
            ("TxSts", field::STATUS),
            ("AccptncDtTm", field::ACCEPTANCE_DATE_TIME),
            ("AcctSvcrRef", field::SERVICER_REFERENCE),
        ],
    );
    if paths.dialect.newer {
        paths.below(root, group::TRANSACTION, &[("OrgnlUETR", field::UETR)]);
    }
    paths.reason(&format!("{root}/StsRsnInf"), group::REASON);
}

fn original_transaction(paths: &mut Paths, root: &str) {
    paths.element(root, group::ORIGINAL, &[("Amt/InstdAmt", field::INSTRUCTED_AMOUNT)]);
    paths.date_choice(&format!("{root}/ReqdExctnDt"), group::ORIGINAL, field::REQUESTED_EXECUTION_DATE);
    let (debtor, creditor) = if paths.dialect.newer { ("Dbtr/Pty/Nm", "Cdtr/Pty/Nm") } else { ("Dbtr/Nm", "Cdtr/Nm") };
    paths.below(root, group::ORIGINAL, &[(debtor, field::DEBTOR_NAME), (creditor, field::CREDITOR_NAME)]);
    paths.remittance(&format!("{root}/RmtInf"), group::REMITTANCE);
    paths.account(&format!("{root}/DbtrAcct"), group::DEBTOR_ACCOUNT);
    paths.agent(&format!("{root}/CdtrAgt"), group::CREDITOR_AGENT);
    paths.account(&format!("{root}/CdtrAcct"), group::CREDITOR_ACCOUNT);
}
