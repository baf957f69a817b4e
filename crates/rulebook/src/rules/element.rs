//! The elements that rules look at, as paths from the group header, the block or the payment.

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
pub(crate) const DOCUMENT_NUMBER: &str = "CdtTrfTxInf/RmtInf/Strd/RfrdDocInf/Nb";
pub(crate) const ADDITIONAL_REMITTANCE: &str = "CdtTrfTxInf/RmtInf/Strd/AddtlRmtInf";
