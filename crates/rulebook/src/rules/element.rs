//! The elements that rules look at, as paths from the group header, the block or the payment.

/// An address and its elements.
macro_rules! address {
    ($address:literal) => {
        &[
            $address,
            concat!($address, "/Dept"),
            concat!($address, "/SubDept"),
            concat!($address, "/StrtNm"),
            concat!($address, "/BldgNb"),
            concat!($address, "/BldgNm"),
            concat!($address, "/Flr"),
            concat!($address, "/PstBx"),
            concat!($address, "/Room"),
            concat!($address, "/PstCd"),
            concat!($address, "/TwnNm"),
            concat!($address, "/TwnLctnNm"),
            concat!($address, "/DstrctNm"),
            concat!($address, "/CtrySubDvsn"),
            concat!($address, "/AdrLine"),
        ]
    };
}

pub(crate) const MESSAGE_ID: &str = "GrpHdr/MsgId";
pub(crate) const GROUP_NUMBER: &str = "GrpHdr/NbOfTxs";
pub(crate) const GROUP_SUM: &str = "GrpHdr/CtrlSum";

pub(crate) const PAYMENT_INFORMATION_ID: &str = "PmtInf/PmtInfId";
pub(crate) const PAYMENT_METHOD: &str = "PmtInf/PmtMtd";
pub(crate) const BLOCK_NUMBER: &str = "PmtInf/NbOfTxs";
pub(crate) const BLOCK_SUM: &str = "PmtInf/CtrlSum";
pub(crate) const BLOCK_SERVICE_LEVEL: &str = "PmtInf/PmtTpInf/SvcLvl/Cd";
pub(crate) const BLOCK_PROPRIETARY_SERVICE_LEVEL: &str = "PmtInf/PmtTpInf/SvcLvl/Prtry";
pub(crate) const BLOCK_LOCAL_INSTRUMENT: &str = "PmtInf/PmtTpInf/LclInstrm";
pub(crate) const BLOCK_CATEGORY_PURPOSE: &str = "PmtInf/PmtTpInf/CtgyPurp/Cd";
pub(crate) const EXECUTION_DATE: &str = "PmtInf/ReqdExctnDt";
pub(crate) const DEBTOR_NAME: &str = "PmtInf/Dbtr/Nm";
pub(crate) const DEBTOR_ADDRESS: &str = "PmtInf/Dbtr/PstlAdr";
pub(crate) const DEBTOR_IBAN: &str = "PmtInf/DbtrAcct/Id/IBAN";
pub(crate) const DEBTOR_BIC: &str = "PmtInf/DbtrAgt/FinInstnId/BIC";
/// The same in the newer generation.
pub(crate) const DEBTOR_BICFI: &str = "PmtInf/DbtrAgt/FinInstnId/BICFI";
pub(crate) const BLOCK_ULTIMATE_DEBTOR_NAME: &str = "PmtInf/UltmtDbtr/Nm";
pub(crate) const BLOCK_ULTIMATE_DEBTOR_ADDRESS: &str = "PmtInf/UltmtDbtr/PstlAdr";
pub(crate) const BLOCK_ULTIMATE_DEBTOR_ID: &str = "PmtInf/UltmtDbtr/Id";
pub(crate) const BLOCK_CHARGES: &str = "PmtInf/ChrgBr";

pub(crate) const INSTRUCTION_ID: &str = "CdtTrfTxInf/PmtId/InstrId";
pub(crate) const END_TO_END_ID: &str = "CdtTrfTxInf/PmtId/EndToEndId";
pub(crate) const SERVICE_LEVEL: &str = "CdtTrfTxInf/PmtTpInf/SvcLvl/Cd";
pub(crate) const PROPRIETARY_SERVICE_LEVEL: &str = "CdtTrfTxInf/PmtTpInf/SvcLvl/Prtry";
pub(crate) const LOCAL_INSTRUMENT: &str = "CdtTrfTxInf/PmtTpInf/LclInstrm";
pub(crate) const CATEGORY_PURPOSE: &str = "CdtTrfTxInf/PmtTpInf/CtgyPurp/Cd";
pub(crate) const AMOUNT: &str = "CdtTrfTxInf/Amt/InstdAmt";
pub(crate) const EQUIVALENT_AMOUNT: &str = "CdtTrfTxInf/Amt/EqvtAmt";
pub(crate) const CHARGES: &str = "CdtTrfTxInf/ChrgBr";
pub(crate) const ULTIMATE_DEBTOR_NAME: &str = "CdtTrfTxInf/UltmtDbtr/Nm";
pub(crate) const ULTIMATE_DEBTOR_ADDRESS: &str = "CdtTrfTxInf/UltmtDbtr/PstlAdr";
pub(crate) const ULTIMATE_DEBTOR_ID: &str = "CdtTrfTxInf/UltmtDbtr/Id";
pub(crate) const CREDITOR_BIC: &str = "CdtTrfTxInf/CdtrAgt/FinInstnId/BIC";
/// The same in the newer generation.
pub(crate) const CREDITOR_BICFI: &str = "CdtTrfTxInf/CdtrAgt/FinInstnId/BICFI";
pub(crate) const CREDITOR_NAME: &str = "CdtTrfTxInf/Cdtr/Nm";
pub(crate) const CREDITOR_ADDRESS: &str = "CdtTrfTxInf/Cdtr/PstlAdr";
pub(crate) const CREDITOR_ACCOUNT: &str = "CdtTrfTxInf/CdtrAcct/Id";
pub(crate) const CREDITOR_IBAN: &str = "CdtTrfTxInf/CdtrAcct/Id/IBAN";
pub(crate) const ULTIMATE_CREDITOR_NAME: &str = "CdtTrfTxInf/UltmtCdtr/Nm";
pub(crate) const ULTIMATE_CREDITOR_ADDRESS: &str = "CdtTrfTxInf/UltmtCdtr/PstlAdr";
pub(crate) const ULTIMATE_CREDITOR_ID: &str = "CdtTrfTxInf/UltmtCdtr/Id";
pub(crate) const PURPOSE: &str = "CdtTrfTxInf/Purp/Cd";
pub(crate) const CLASSIFICATION: &str = "CdtTrfTxInf/RgltryRptg/Dtls";
pub(crate) const REMITTANCE: &str = "CdtTrfTxInf/RmtInf/Ustrd";
pub(crate) const CREDITOR_REFERENCE: &str = "CdtTrfTxInf/RmtInf/Strd/CdtrRefInf/Ref";
pub(crate) const REFERENCE_PROPRIETARY: &str = "CdtTrfTxInf/RmtInf/Strd/CdtrRefInf/Tp/CdOrPrtry/Prtry";
pub(crate) const REFERENCE_ISSUER: &str = "CdtTrfTxInf/RmtInf/Strd/CdtrRefInf/Tp/Issr";
pub(crate) const DOCUMENT_NUMBER: &str = "CdtTrfTxInf/RmtInf/Strd/RfrdDocInf/Nb";
pub(crate) const ADDITIONAL_REMITTANCE: &str = "CdtTrfTxInf/RmtInf/Strd/AddtlRmtInf";

/// The elements of each address that are written in words. An address itself stands first.
const ADDRESS_PARTS: &[&[&str]] = &[
    address!("PmtInf/Dbtr/PstlAdr"),
    address!("PmtInf/UltmtDbtr/PstlAdr"),
    address!("CdtTrfTxInf/UltmtDbtr/PstlAdr"),
    address!("CdtTrfTxInf/Cdtr/PstlAdr"),
    address!("CdtTrfTxInf/UltmtCdtr/PstlAdr"),
];

/// The element of an address that has this name; the address where it has none such.
pub(crate) fn part_of_address(address: &'static str, name: &str) -> &'static str {
    let known = ADDRESS_PARTS.iter().find(|parts| parts.first() == Some(&address));
    let is_named = |part: &&&'static str| part.rsplit('/').next() == Some(name);
    known.and_then(|parts| parts.iter().find(is_named)).copied().unwrap_or(address)
}
