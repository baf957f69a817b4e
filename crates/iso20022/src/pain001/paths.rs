//! The parts of a pain.001 that the reader looks at, with their tags.

use crate::read::{Paths, item};

/// Groups of the selection: whose parts the fields are.
pub(super) mod group {
    pub(in crate::pain001) const HEADER: u8 = 1;
    pub(in crate::pain001) const BLOCK: u8 = 2;
    pub(in crate::pain001) const TRANSFER: u8 = 3;
    pub(in crate::pain001) const INITIATING_PARTY: u8 = 4;
    pub(in crate::pain001) const PAYMENT_TYPE: u8 = 5;
    pub(in crate::pain001) const DEBTOR: u8 = 6;
    pub(in crate::pain001) const DEBTOR_ACCOUNT: u8 = 7;
    pub(in crate::pain001) const DEBTOR_AGENT: u8 = 8;
    pub(in crate::pain001) const ULTIMATE_DEBTOR: u8 = 9;
    pub(in crate::pain001) const CHARGES_ACCOUNT: u8 = 10;
    pub(in crate::pain001) const CREDITOR_AGENT: u8 = 11;
    pub(in crate::pain001) const CREDITOR: u8 = 12;
    pub(in crate::pain001) const CREDITOR_ACCOUNT: u8 = 13;
    pub(in crate::pain001) const ULTIMATE_CREDITOR: u8 = 14;
    pub(in crate::pain001) const REMITTANCE: u8 = 15;
    /// `RgltryRptg`.
    pub(in crate::pain001) const REGULATORY: u8 = 16;
    /// `RgltryRptg/Dtls`.
    pub(in crate::pain001) const DETAIL: u8 = 17;
}

/// Fields of the groups that only this message has.
pub(super) mod field {
    pub(in crate::pain001) const MESSAGE_ID: u8 = 1;
    pub(in crate::pain001) const CREATION_DATE_TIME: u8 = 2;
    pub(in crate::pain001) const NUMBER_OF_TRANSACTIONS: u8 = 3;
    pub(in crate::pain001) const CONTROL_SUM: u8 = 4;
    pub(in crate::pain001) const PAYMENT_INFORMATION_ID: u8 = 5;
    pub(in crate::pain001) const PAYMENT_METHOD: u8 = 6;
    pub(in crate::pain001) const BATCH_BOOKING: u8 = 7;
    pub(in crate::pain001) const REQUESTED_EXECUTION_DATE: u8 = 8;
    pub(in crate::pain001) const CHARGE_BEARER: u8 = 9;
    pub(in crate::pain001) const INSTRUCTION_ID: u8 = 10;
    pub(in crate::pain001) const END_TO_END_ID: u8 = 11;
    pub(in crate::pain001) const UETR: u8 = 12;
    pub(in crate::pain001) const INSTRUCTED_AMOUNT: u8 = 13;
    pub(in crate::pain001) const EQUIVALENT_AMOUNT: u8 = 14;
    pub(in crate::pain001) const CURRENCY_OF_TRANSFER: u8 = 15;
    pub(in crate::pain001) const PURPOSE: u8 = 16;
    pub(in crate::pain001) const INDICATOR: u8 = 17;
    pub(in crate::pain001) const DETAIL_TYPE: u8 = 18;
    pub(in crate::pain001) const DETAIL_COUNTRY: u8 = 19;
    pub(in crate::pain001) const DETAIL_CODE: u8 = 20;
    pub(in crate::pain001) const DETAIL_AMOUNT: u8 = 21;
}

pub(super) const HEADER: u16 = item(group::HEADER);
pub(super) const BLOCK: u16 = item(group::BLOCK);
pub(super) const TRANSFER: u16 = item(group::TRANSFER);
/// Groups up to this one are items.
pub(super) const ITEMS: u8 = group::TRANSFER;

/// Collects the paths that the reader wants.
pub(crate) fn collect(paths: &mut Paths) {
    header(paths, "CstmrCdtTrfInitn/GrpHdr");
    block(paths, "CstmrCdtTrfInitn/PmtInf");
    transfer(paths, "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf");
}

fn header(paths: &mut Paths, root: &str) {
    paths.element(
        root,
        group::HEADER,
        &[
            ("MsgId", field::MESSAGE_ID),
            ("CreDtTm", field::CREATION_DATE_TIME),
            ("NbOfTxs", field::NUMBER_OF_TRANSACTIONS),
            ("CtrlSum", field::CONTROL_SUM),
        ],
    );
    paths.party(&format!("{root}/InitgPty"), group::INITIATING_PARTY);
}

fn block(paths: &mut Paths, root: &str) {
    paths.element(
        root,
        group::BLOCK,
        &[
            ("PmtInfId", field::PAYMENT_INFORMATION_ID),
            ("PmtMtd", field::PAYMENT_METHOD),
            ("BtchBookg", field::BATCH_BOOKING),
            ("NbOfTxs", field::NUMBER_OF_TRANSACTIONS),
            ("CtrlSum", field::CONTROL_SUM),
            ("ChrgBr", field::CHARGE_BEARER),
        ],
    );
    paths.date_choice(&format!("{root}/ReqdExctnDt"), group::BLOCK, field::REQUESTED_EXECUTION_DATE);
    paths.payment_type(&format!("{root}/PmtTpInf"), group::PAYMENT_TYPE);
    paths.party(&format!("{root}/Dbtr"), group::DEBTOR);
    paths.account(&format!("{root}/DbtrAcct"), group::DEBTOR_ACCOUNT);
    paths.agent(&format!("{root}/DbtrAgt"), group::DEBTOR_AGENT);
    paths.party(&format!("{root}/UltmtDbtr"), group::ULTIMATE_DEBTOR);
    paths.account(&format!("{root}/ChrgsAcct"), group::CHARGES_ACCOUNT);
}

fn transfer(paths: &mut Paths, root: &str) {
    paths.element(
        root,
        group::TRANSFER,
        &[
            ("PmtId/InstrId", field::INSTRUCTION_ID),
            ("PmtId/EndToEndId", field::END_TO_END_ID),
            ("Amt/InstdAmt", field::INSTRUCTED_AMOUNT),
            ("Amt/EqvtAmt/Amt", field::EQUIVALENT_AMOUNT),
            ("Amt/EqvtAmt/CcyOfTrf", field::CURRENCY_OF_TRANSFER),
            ("ChrgBr", field::CHARGE_BEARER),
            ("Purp/Cd", field::PURPOSE),
        ],
    );
    if paths.dialect.newer {
        paths.below(root, group::TRANSFER, &[("PmtId/UETR", field::UETR)]);
    }
    paths.payment_type(&format!("{root}/PmtTpInf"), group::PAYMENT_TYPE);
    paths.party(&format!("{root}/UltmtDbtr"), group::ULTIMATE_DEBTOR);
    paths.agent(&format!("{root}/CdtrAgt"), group::CREDITOR_AGENT);
    paths.party(&format!("{root}/Cdtr"), group::CREDITOR);
    paths.account(&format!("{root}/CdtrAcct"), group::CREDITOR_ACCOUNT);
    paths.party(&format!("{root}/UltmtCdtr"), group::ULTIMATE_CREDITOR);
    paths.remittance(&format!("{root}/RmtInf"), group::REMITTANCE);
    paths.element(&format!("{root}/RgltryRptg"), group::REGULATORY, &[("DbtCdtRptgInd", field::INDICATOR)]);
    paths.element(
        &format!("{root}/RgltryRptg/Dtls"),
        group::DETAIL,
        &[
            ("Tp", field::DETAIL_TYPE),
            ("Ctry", field::DETAIL_COUNTRY),
            ("Cd", field::DETAIL_CODE),
            ("Amt", field::DETAIL_AMOUNT),
        ],
    );
}
