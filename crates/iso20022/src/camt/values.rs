//! The values of a camt.052, camt.053 or camt.054, independent of kind and generation.
//!
//! The three differ in the names of two elements and in whether there are balances; so they share their values. An
//! entry and each of its transactions are values of their own, because one entry may cover 100 000 payments.

use jiff::civil;
use money::Decimal;

use crate::DateTime;
use crate::common::{Account, Agent, Amount, CodeOrProprietary, CreditDebit, Party, Remittance};

/// `GrpHdr`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupHeader<'a> {
    /// `MsgId`.
    pub message_id: &'a str,
    /// `CreDtTm`; `None` only when a reader found no readable one.
    pub creation_date_time: Option<DateTime>,
    /// `MsgRcpt`.
    pub recipient: Option<Party<'a>>,
    /// `MsgPgntn`.
    pub pagination: Option<Pagination>,
    /// `OrgnlBizQry/MsgId`: the request that is answered (.08; the .02 writer leaves it out).
    pub original_query_message_id: Option<&'a str>,
    /// `AddtlInf`.
    pub additional_information: Option<&'a str>,
}

/// `MsgPgntn`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// `PgNb`, from 1.
    pub page_number: u32,
    /// `LastPgInd`.
    pub last_page: bool,
}

/// `Rpt`, `Stmt` or `Ntfctn` up to its entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report<'a> {
    /// `Id`.
    pub id: &'a str,
    /// `ElctrncSeqNb`.
    pub electronic_sequence_number: Option<u64>,
    /// `LglSeqNb`.
    pub legal_sequence_number: Option<u64>,
    /// `CreDtTm`.
    pub creation_date_time: Option<DateTime>,
    /// `FrToDt`.
    pub period: Option<Period>,
    /// `CpyDplctInd`: `COPY`, `DUPL`, `CODU`.
    pub copy_duplicate: Option<&'a str>,
    /// `Acct`.
    pub account: ReportAccount<'a>,
    /// `Bal`, in order. camt.054 has none.
    pub balances: &'a [Balance<'a>],
    /// `TxsSummry`.
    pub transactions_summary: Option<TransactionsSummary>,
}

/// `FrToDt`, both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// `FrDtTm`.
    pub from: DateTime,
    /// `ToDtTm`.
    pub to: DateTime,
}

/// `Acct`: the account that is reported on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportAccount<'a> {
    /// `Id` and `Ccy`.
    pub account: Account<'a>,
    /// `Nm`.
    pub name: Option<&'a str>,
    /// `Ownr`.
    pub owner: Option<Party<'a>>,
    /// `Svcr`.
    pub servicer: Option<Agent<'a>>,
}

/// `Bal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance<'a> {
    /// `Tp/CdOrPrtry`: `OPBD`, `ITBD`, `CLBD`, `CLAV`, …
    pub balance_type: CodeOrProprietary<'a>,
    /// `Tp/SubTp/Cd`: `INTM` for the balance of a page.
    pub sub_type: Option<&'a str>,
    /// `Amt`, never negative: the sign is in `credit_debit`.
    pub amount: Amount,
    /// `CdtDbtInd`.
    pub credit_debit: CreditDebit,
    /// `Dt/Dt`, or the date of `Dt/DtTm`.
    pub date: civil::Date,
}

/// `TxsSummry`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TransactionsSummary {
    /// `TtlNtries`.
    pub entries: Option<EntryTotal>,
    /// `TtlNtries/TtlNetNtryAmt` (.02) or `TtlNetNtry` (.08): the net and its direction.
    pub net: Option<(Decimal, CreditDebit)>,
    /// `TtlCdtNtries`.
    pub credits: Option<EntryTotal>,
    /// `TtlDbtNtries`.
    pub debits: Option<EntryTotal>,
}

/// A number of entries and their sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryTotal {
    /// `NbOfNtries`.
    pub number: u64,
    /// `Sum`.
    pub sum: Decimal,
}

/// `Ntry` without its details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// `NtryRef`.
    pub reference: Option<&'a str>,
    /// `Amt`, never negative.
    pub amount: Amount,
    /// `CdtDbtInd`.
    pub credit_debit: CreditDebit,
    /// `RvslInd`: the entry undoes an earlier one.
    pub reversal: bool,
    /// `Sts`: `BOOK`, `PDNG`, `INFO` (.08: `Sts/Cd`).
    pub status: &'a str,
    /// `BookgDt`.
    pub booking_date: Option<civil::Date>,
    /// `ValDt`.
    pub value_date: Option<civil::Date>,
    /// `AcctSvcrRef`.
    pub account_servicer_reference: Option<&'a str>,
    /// `BkTxCd`.
    pub transaction_code: BankTransactionCode<'a>,
    /// `NtryDtls/Btch`.
    pub batch: Option<Batch<'a>>,
}

/// `BkTxCd`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BankTransactionCode<'a> {
    /// `Domn`.
    pub domain: Option<DomainCode<'a>>,
    /// `Prtry/Cd`.
    pub proprietary: Option<&'a str>,
    /// `Prtry/Issr`.
    pub proprietary_issuer: Option<&'a str>,
}

/// `Domn`: `PMNT`, `ICDT`, `ESCT`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DomainCode<'a> {
    /// `Cd`.
    pub domain: &'a str,
    /// `Fmly/Cd`.
    pub family: &'a str,
    /// `Fmly/SubFmlyCd`.
    pub sub_family: &'a str,
}

/// `Btch`: the entry stands for a batch of payments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Batch<'a> {
    /// `MsgId`.
    pub message_id: Option<&'a str>,
    /// `PmtInfId`.
    pub payment_information_id: Option<&'a str>,
    /// `NbOfTxs`.
    pub number_of_transactions: Option<u64>,
    /// `TtlAmt`.
    pub total_amount: Option<Amount>,
    /// `CdtDbtInd`.
    pub credit_debit: Option<CreditDebit>,
}

/// `TxDtls`: one payment of an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TransactionDetails<'a> {
    /// `Refs`.
    pub references: References<'a>,
    /// The payment's share of the entry: `AmtDtls/TxAmt` in .02, `Amt` (and the entry's `CdtDbtInd`) in .08.
    pub amount: Option<Amount>,
    /// `AmtDtls/InstdAmt`: what the payer ordered, where the currency differs.
    pub instructed_amount: Option<Amount>,
    /// `AmtDtls/PrtryAmt`: shares of the amount by a house's own types.
    pub proprietary_amounts: &'a [ProprietaryAmount<'a>],
    /// `RltdPties/Dbtr` (.08: `Dbtr/Pty`).
    pub debtor: Option<Party<'a>>,
    /// `RltdPties/DbtrAcct`.
    pub debtor_account: Option<Account<'a>>,
    /// `RltdPties/UltmtDbtr`.
    pub ultimate_debtor: Option<Party<'a>>,
    /// `RltdPties/Cdtr`.
    pub creditor: Option<Party<'a>>,
    /// `RltdPties/CdtrAcct`.
    pub creditor_account: Option<Account<'a>>,
    /// `RltdPties/UltmtCdtr`.
    pub ultimate_creditor: Option<Party<'a>>,
    /// `RltdAgts/DbtrAgt`.
    pub debtor_agent: Option<Agent<'a>>,
    /// `RltdAgts/CdtrAgt`.
    pub creditor_agent: Option<Agent<'a>>,
    /// `Purp/Cd`.
    pub purpose: Option<&'a str>,
    /// `RmtInf`.
    pub remittance: Remittance<'a>,
    /// `RtrInf`.
    pub return_information: Option<ReturnInformation<'a>>,
    /// `AddtlTxInf`.
    pub additional_information: Option<&'a str>,
}

/// `Refs`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct References<'a> {
    /// `MsgId`.
    pub message_id: Option<&'a str>,
    /// `AcctSvcrRef`.
    pub account_servicer_reference: Option<&'a str>,
    /// `PmtInfId`.
    pub payment_information_id: Option<&'a str>,
    /// `InstrId`.
    pub instruction_id: Option<&'a str>,
    /// `EndToEndId`.
    pub end_to_end_id: Option<&'a str>,
    /// `UETR` (.08; the .02 writer leaves it out).
    pub uetr: Option<&'a str>,
    /// `TxId`.
    pub transaction_id: Option<&'a str>,
}

/// `PrtryAmt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProprietaryAmount<'a> {
    /// `Tp`.
    pub kind: &'a str,
    /// `Amt`.
    pub amount: Amount,
}

/// `RtrInf`: why a payment came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReturnInformation<'a> {
    /// `Rsn`.
    pub reason: Option<CodeOrProprietary<'a>>,
    /// `AddtlInf`, in order.
    pub additional_information: &'a [&'a str],
}
