//! The parts of a camt.060 that the reader looks at, with their tags.

use crate::read::{Paths, item};

/// Groups of the selection: whose parts the fields are.
pub(super) mod group {
    pub(in crate::camt060) const HEADER: u8 = 1;
    pub(in crate::camt060) const REQUEST: u8 = 2;
    pub(in crate::camt060) const SENDER: u8 = 3;
    pub(in crate::camt060) const ACCOUNT: u8 = 4;
    pub(in crate::camt060) const OWNER: u8 = 5;
    pub(in crate::camt060) const SERVICER: u8 = 6;
    pub(in crate::camt060) const PERIOD: u8 = 7;
    pub(in crate::camt060) const SEQUENCE: u8 = 8;
    pub(in crate::camt060) const TRANSACTION_TYPE: u8 = 9;
    pub(in crate::camt060) const FLOOR_LIMIT: u8 = 10;
    pub(in crate::camt060) const BALANCE_TYPE: u8 = 11;
}

/// Fields of the groups that only this message has.
pub(super) mod field {
    pub(in crate::camt060) const MESSAGE_ID: u8 = 1;
    pub(in crate::camt060) const CREATION_DATE_TIME: u8 = 2;
    pub(in crate::camt060) const ID: u8 = 3;
    pub(in crate::camt060) const REQUESTED_MESSAGE_NAME: u8 = 4;
    pub(in crate::camt060) const FROM_DATE: u8 = 5;
    pub(in crate::camt060) const TO_DATE: u8 = 6;
    pub(in crate::camt060) const FROM_TIME: u8 = 7;
    pub(in crate::camt060) const TO_TIME: u8 = 8;
    pub(in crate::camt060) const QUERY_TYPE: u8 = 9;
    pub(in crate::camt060) const FROM: u8 = 10;
    pub(in crate::camt060) const TO: u8 = 11;
    pub(in crate::camt060) const EQUAL: u8 = 12;
    pub(in crate::camt060) const NOT_EQUAL: u8 = 13;
    pub(in crate::camt060) const STATUS: u8 = 14;
    pub(in crate::camt060) const CREDIT_DEBIT: u8 = 15;
    pub(in crate::camt060) const AMOUNT: u8 = 16;
    pub(in crate::camt060) const CODE: u8 = 17;
    pub(in crate::camt060) const PROPRIETARY: u8 = 18;
    pub(in crate::camt060) const RANGE_FROM: u8 = 19;
    pub(in crate::camt060) const RANGE_TO: u8 = 20;
}

pub(super) const HEADER: u16 = item(group::HEADER);
pub(super) const REQUEST: u16 = item(group::REQUEST);
/// Groups up to this one are items.
pub(super) const ITEMS: u8 = group::REQUEST;

/// Collects the paths that the reader wants.
pub(crate) fn collect(paths: &mut Paths) {
    let header = "AcctRptgReq/GrpHdr";
    paths.element(header, group::HEADER, &[("MsgId", field::MESSAGE_ID), ("CreDtTm", field::CREATION_DATE_TIME)]);
    paths.party_or_agent(&format!("{header}/MsgSndr"), group::SENDER);
    request(paths, "AcctRptgReq/RptgReq");
    transaction_type(paths, "AcctRptgReq/RptgReq/ReqdTxTp");
}

fn request(paths: &mut Paths, root: &str) {
    paths.element(root, group::REQUEST, &[("Id", field::ID), ("ReqdMsgNmId", field::REQUESTED_MESSAGE_NAME)]);
    paths.account(&format!("{root}/Acct"), group::ACCOUNT);
    paths.party_or_agent(&format!("{root}/AcctOwnr"), group::OWNER);
    paths.agent(&format!("{root}/AcctSvcr"), group::SERVICER);
    paths.element(
        &format!("{root}/RptgPrd"),
        group::PERIOD,
        &[
            ("FrToDt/FrDt", field::FROM_DATE),
            ("FrToDt/ToDt", field::TO_DATE),
            ("FrToTm/FrTm", field::FROM_TIME),
            ("FrToTm/ToTm", field::TO_TIME),
            ("Tp", field::QUERY_TYPE),
        ],
    );
    if paths.dialect.newer {
        paths.below(
            &format!("{root}/RptgSeq"),
            group::SEQUENCE,
            &[
                ("FrSeq", field::FROM),
                ("ToSeq", field::TO),
                ("FrToSeq/FrSeq", field::RANGE_FROM),
                ("FrToSeq/ToSeq", field::RANGE_TO),
                ("EQSeq", field::EQUAL),
                ("NEQSeq", field::NOT_EQUAL),
            ],
        );
    }
    paths.element(
        &format!("{root}/ReqdBalTp"),
        group::BALANCE_TYPE,
        &[("CdOrPrtry/Cd", field::CODE), ("CdOrPrtry/Prtry", field::PROPRIETARY)],
    );
}

fn transaction_type(paths: &mut Paths, root: &str) {
    let status = if paths.dialect.newer { "Sts/Cd" } else { "Sts" };
    paths.element(root, group::TRANSACTION_TYPE, &[(status, field::STATUS), ("CdtDbtInd", field::CREDIT_DEBIT)]);
    paths.element(
        &format!("{root}/FlrLmt"),
        group::FLOOR_LIMIT,
        &[("Amt", field::AMOUNT), ("CdtDbtInd", field::CREDIT_DEBIT)],
    );
}
