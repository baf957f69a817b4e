//! The table of rules that the checker applies; documentation lists them and every finding refers to one.
//!
//! A rule has the texts, the ISO reason code and the source of its code in the [catalogue](crate::catalogue); this
//! table adds the elements that it checks. An element's first step says what the rule refuses: the message, a block, or
//! a payment.

pub(crate) mod element;

use crate::Code;
use crate::catalogue::Entry;
use element::*;

/// What part of a message a rule refuses when it is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The whole message.
    Group,
    /// A `PmtInf` block.
    PaymentInformation,
    /// A payment.
    CreditTransfer,
}

/// A rule of the usage guideline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its code: identification, texts, ISO reason code and source.
    pub code: Code,
    /// What it refuses. A rule about a block's head that only matters to SEPA refuses the block's SEPA payments.
    pub levels: &'static [Level],
    /// The elements that it looks at; each finding names one of them, or of an address the part concerned.
    pub elements: &'static [&'static str],
}

impl Rule {
    /// The rule with this code; `None` when the checker has no such rule.
    #[must_use]
    pub fn of(code: Code) -> Option<&'static Rule> {
        RULES.iter().find(|rule| rule.code == code)
    }

    /// The stable identification: that of its code.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        self.code.id()
    }

    /// Its texts and source.
    #[must_use]
    pub fn entry(&self) -> &'static Entry {
        self.code.entry()
    }
}

const GROUP: &[Level] = &[Level::Group];
const BLOCK: &[Level] = &[Level::PaymentInformation];
const PAYMENT: &[Level] = &[Level::CreditTransfer];
const BLOCK_AND_PAYMENT: &[Level] = &[Level::PaymentInformation, Level::CreditTransfer];
const ALL: &[Level] = &[Level::Group, Level::PaymentInformation, Level::CreditTransfer];

const fn rule(code: Code, levels: &'static [Level], elements: &'static [&'static str]) -> Rule {
    Rule { code, levels, elements }
}

/// Every rule, ascending by code.
///
/// [`Code::BailiffCodeRequired`] is applied by the keeper of accounts, who alone knows which account is a bailiff's
/// ([`is_classified_for_bailiff`](crate::classification::is_classified_for_bailiff)); all others by the checker.
pub const RULES: &[Rule] = &[
    rule(Code::GroupNumberOfTransactionsWrong, GROUP, &[GROUP_NUMBER]),
    rule(Code::GroupControlSumMissing, GROUP, &[GROUP_SUM]),
    rule(Code::GroupControlSumWrong, GROUP, &[GROUP_SUM]),
    rule(Code::BlockNumberOfTransactionsMissing, BLOCK, &[BLOCK_NUMBER]),
    rule(Code::BlockNumberOfTransactionsWrong, BLOCK, &[BLOCK_NUMBER]),
    rule(Code::BlockControlSumMissing, BLOCK, &[BLOCK_SUM]),
    rule(Code::BlockControlSumWrong, BLOCK, &[BLOCK_SUM]),
    rule(Code::DebtorIbanMissing, BLOCK, &[DEBTOR_IBAN]),
    rule(Code::DebtorIbanInvalid, BLOCK, &[DEBTOR_IBAN]),
    rule(Code::DebtorAccountNotTreasury, BLOCK, &[DEBTOR_IBAN]),
    rule(Code::DebtorAgentNotTreasury, BLOCK, &[DEBTOR_BIC, DEBTOR_BICFI]),
    rule(Code::CreditorAccountMissing, PAYMENT, &[CREDITOR_ACCOUNT]),
    rule(Code::CreditorIbanStructure, PAYMENT, &[CREDITOR_IBAN]),
    rule(Code::CreditorIbanCheckDigits, PAYMENT, &[CREDITOR_IBAN]),
    rule(Code::CreditorBicForm, PAYMENT, &[CREDITOR_BIC, CREDITOR_BICFI]),
    rule(Code::CreditorBicCountry, PAYMENT, &[CREDITOR_BIC, CREDITOR_BICFI]),
    rule(Code::CreditorBicNotTreasury, PAYMENT, &[CREDITOR_BIC, CREDITOR_BICFI]),
    rule(Code::CreditorIsDebtor, PAYMENT, &[CREDITOR_IBAN]),
    rule(Code::AmountNotPositive, PAYMENT, &[AMOUNT]),
    rule(Code::AmountMissing, PAYMENT, &[AMOUNT]),
    rule(Code::AmountDecimals, PAYMENT, &[AMOUNT]),
    rule(Code::AmountAboveSepaMaximum, PAYMENT, &[AMOUNT]),
    rule(Code::CurrencyNotAllowed, PAYMENT, &[AMOUNT]),
    rule(Code::EquivalentAmountNotOffered, PAYMENT, &[EQUIVALENT_AMOUNT]),
    rule(Code::ForeignPaymentNotOffered, PAYMENT, &[CREDITOR_ACCOUNT, CREDITOR_IBAN]),
    rule(
        Code::CharacterNotAllowed,
        ALL,
        &[
            MESSAGE_ID,
            PAYMENT_INFORMATION_ID,
            DEBTOR_NAME,
            DEBTOR_ADDRESS,
            BLOCK_ULTIMATE_DEBTOR_NAME,
            BLOCK_ULTIMATE_DEBTOR_ADDRESS,
            BLOCK_ULTIMATE_DEBTOR_ID,
            INSTRUCTION_ID,
            END_TO_END_ID,
            CREDITOR_NAME,
            CREDITOR_ADDRESS,
            ULTIMATE_DEBTOR_NAME,
            ULTIMATE_DEBTOR_ADDRESS,
            ULTIMATE_DEBTOR_ID,
            ULTIMATE_CREDITOR_NAME,
            ULTIMATE_CREDITOR_ADDRESS,
            ULTIMATE_CREDITOR_ID,
            REMITTANCE,
            CREDITOR_REFERENCE,
            REFERENCE_PROPRIETARY,
            REFERENCE_ISSUER,
            DOCUMENT_NUMBER,
            ADDITIONAL_REMITTANCE,
        ],
    ),
    rule(Code::IdentifierSlashes, ALL, &[MESSAGE_ID, PAYMENT_INFORMATION_ID, INSTRUCTION_ID, END_TO_END_ID]),
    rule(
        Code::NameTooLong,
        PAYMENT,
        &[DEBTOR_NAME, BLOCK_ULTIMATE_DEBTOR_NAME, CREDITOR_NAME, ULTIMATE_DEBTOR_NAME, ULTIMATE_CREDITOR_NAME],
    ),
    rule(Code::RemittanceTooLong, PAYMENT, &[REMITTANCE]),
    rule(Code::RemittanceRepeated, PAYMENT, &[REMITTANCE, CREDITOR_REFERENCE, ADDITIONAL_REMITTANCE]),
    rule(Code::CreditorReferenceInvalid, PAYMENT, &[CREDITOR_REFERENCE]),
    rule(Code::CreditorNameMissing, PAYMENT, &[CREDITOR_NAME]),
    rule(Code::RemittanceTextAndReference, PAYMENT, &[CREDITOR_REFERENCE, DOCUMENT_NUMBER, ADDITIONAL_REMITTANCE]),
    rule(Code::ExecutionDateTooFarInPast, BLOCK, &[EXECUTION_DATE]),
    rule(Code::ExecutionDateTooFarAhead, BLOCK, &[EXECUTION_DATE]),
    rule(Code::ExecutionDateMissing, BLOCK, &[EXECUTION_DATE]),
    rule(Code::CreditorAddressUnstructured, PAYMENT, CREDITOR_ADDRESSES),
    rule(Code::DebtorAddressUnstructured, PAYMENT, DEBTOR_ADDRESSES),
    rule(Code::CreditorAddressIncomplete, PAYMENT, CREDITOR_ADDRESSES),
    rule(Code::DebtorAddressIncomplete, PAYMENT, DEBTOR_ADDRESSES),
    rule(Code::CreditorAddressLines, PAYMENT, CREDITOR_ADDRESSES),
    rule(Code::DebtorAddressLines, PAYMENT, DEBTOR_ADDRESSES),
    rule(Code::CreditorCountryUnknown, PAYMENT, CREDITOR_ADDRESSES),
    rule(Code::DebtorCountryUnknown, PAYMENT, DEBTOR_ADDRESSES),
    rule(Code::EkkForm, PAYMENT, &[CLASSIFICATION]),
    rule(Code::EkkSharesDiffer, PAYMENT, &[CLASSIFICATION]),
    rule(Code::EkkShareMissing, PAYMENT, &[CLASSIFICATION]),
    rule(Code::EkkShareInvalid, PAYMENT, &[CLASSIFICATION]),
    rule(Code::EkkPayerSideMissing, PAYMENT, &[CLASSIFICATION]),
    rule(Code::EkkPayeeSideMissing, PAYMENT, &[CLASSIFICATION]),
    rule(Code::EkkSideMissing, PAYMENT, &[CLASSIFICATION]),
    rule(Code::BailiffCodeRequired, PAYMENT, &[CLASSIFICATION]),
    rule(Code::AmkForm, PAYMENT, &[CLASSIFICATION]),
    rule(Code::AmkCountry, PAYMENT, &[CLASSIFICATION]),
    rule(Code::PaymentMethodNotTransfer, BLOCK, &[PAYMENT_METHOD]),
    rule(Code::ChargesNotShared, PAYMENT, &[BLOCK_CHARGES, CHARGES]),
    rule(
        Code::ServiceLevelNotOffered,
        BLOCK_AND_PAYMENT,
        &[BLOCK_SERVICE_LEVEL, BLOCK_PROPRIETARY_SERVICE_LEVEL, SERVICE_LEVEL, PROPRIETARY_SERVICE_LEVEL],
    ),
    rule(Code::LocalInstrumentNotOffered, BLOCK_AND_PAYMENT, &[BLOCK_LOCAL_INSTRUMENT, LOCAL_INSTRUMENT]),
    rule(Code::CategoryPurposeUnknown, BLOCK_AND_PAYMENT, &[BLOCK_CATEGORY_PURPOSE, CATEGORY_PURPOSE]),
    rule(Code::PurposeUnknown, PAYMENT, &[PURPOSE]),
    rule(Code::PaymentInformationIdRepeated, BLOCK, &[PAYMENT_INFORMATION_ID]),
    rule(Code::EndToEndIdRepeated, PAYMENT, &[END_TO_END_ID]),
    rule(Code::InstructionIdRepeated, PAYMENT, &[INSTRUCTION_ID]),
];

const CREDITOR_ADDRESSES: &[&str] = &[CREDITOR_ADDRESS, ULTIMATE_CREDITOR_ADDRESS];
const DEBTOR_ADDRESSES: &[&str] = &[DEBTOR_ADDRESS, BLOCK_ULTIMATE_DEBTOR_ADDRESS, ULTIMATE_DEBTOR_ADDRESS];
