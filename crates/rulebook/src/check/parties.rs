//! Accounts and banks of payer and payee.

use iso20022::MessageType;
use iso20022::common::{Account, Agent};
use jiff::civil::Date;
use money::Currency;

use super::report::Report;
use crate::identification::IbanError;
use crate::rules::element::{
    CREDITOR_ACCOUNT, CREDITOR_BIC, CREDITOR_BICFI, CREDITOR_IBAN, DEBTOR_BIC, DEBTOR_BICFI, DEBTOR_IBAN,
};
use crate::{Bic, Code, Country, Guideline, Iban, Route};

/// What every IBAN looks like (ISO 13616), for one whose country has none.
const ANY_STRUCTURE: &str = "2!a2!n30c";

/// The payer's account must be one of the institution's own.
pub(super) fn check_debtor_account(
    account: &Account<'_>,
    guideline: &Guideline,
    report: &mut Report<'_>,
) -> Option<Iban> {
    let Some(text) = account.iban else {
        report.missing(Code::DebtorIbanMissing, DEBTOR_IBAN);
        return None;
    };
    let Ok(iban) = Iban::parse(text) else {
        report.found(Code::DebtorIbanInvalid, DEBTOR_IBAN, text, "");
        return None;
    };
    if !guideline.is_own_account(&iban) {
        report.found(Code::DebtorAccountNotTreasury, DEBTOR_IBAN, iban, "");
        return None;
    }
    Some(iban)
}

/// The payer's bank, where it is named by a BIC, must be the institution.
pub(super) fn check_debtor_agent(
    agent: &Agent<'_>,
    message_type: MessageType,
    guideline: &Guideline,
    report: &mut Report<'_>,
) {
    let Some(text) = agent.bic else { return };
    let element = if message_type.is_newer_generation() { DEBTOR_BICFI } else { DEBTOR_BIC };
    if Bic::parse(text).map(|bic| bic.bank() == guideline.bic.bank()) != Ok(true) {
        report.found(Code::DebtorAgentNotTreasury, element, text, guideline.bic);
    }
}

/// The payee's account, where it is an IBAN.
pub(super) fn check_creditor_account(account: Option<&Account<'_>>, report: &mut Report<'_>) -> Option<Iban> {
    let Some(text) = account.and_then(|account| account.iban) else {
        match account.and_then(|account| account.other) {
            // Only an account abroad has no IBAN.
            Some(other) => report.found(Code::ForeignPaymentNotOffered, CREDITOR_ACCOUNT, other, ""),
            None => report.missing(Code::CreditorAccountMissing, CREDITOR_ACCOUNT),
        }
        return None;
    };
    match Iban::parse(text) {
        Ok(iban) => Some(iban),
        Err(IbanError::CheckDigits) => {
            report.found(Code::CreditorIbanCheckDigits, CREDITOR_IBAN, text, "");
            None
        }
        Err(IbanError::Country | IbanError::Length { .. } | IbanError::Character { .. }) => {
            let country = text.get(..2).and_then(Country::new);
            let structure = country.and_then(Iban::structure_of_country).unwrap_or_else(|| ANY_STRUCTURE.to_owned());
            report.found(Code::CreditorIbanStructure, CREDITOR_IBAN, text, structure);
            None
        }
    }
}

/// How a payment to an account travels (kase.gov.lv, internal payments): to an own account internally, in euro to an
/// account in a SEPA country by SEPA, anything else abroad.
pub(super) fn derive_route(
    iban: &Iban,
    currency: Currency,
    guideline: &Guideline,
    execution_date: Date,
    report: &mut Report<'_>,
) -> Option<Route> {
    if guideline.is_own_account(iban) {
        if currency != guideline.currency {
            report.found(Code::CurrencyNotAllowed, crate::rules::element::AMOUNT, currency, guideline.currency);
        }
        return Some(Route::Internal);
    }
    if currency == Currency::EUR && iban.country().is_sepa(execution_date) {
        return Some(Route::Sepa);
    }
    let what = format_args!("{currency}, {}", iban.country()).to_string();
    report.found(Code::ForeignPaymentNotOffered, CREDITOR_IBAN, what, "");
    None
}

/// The payee's bank, where it is named by a BIC, must fit the payee's account.
pub(super) fn check_creditor_agent(
    agent: Option<&Agent<'_>>,
    iban: Option<&Iban>,
    message_type: MessageType,
    guideline: &Guideline,
    report: &mut Report<'_>,
) {
    let Some(text) = agent.and_then(|agent| agent.bic) else { return };
    let element = if message_type.is_newer_generation() { CREDITOR_BICFI } else { CREDITOR_BIC };
    let Ok(bic) = Bic::parse(text) else {
        report.found(Code::CreditorBicForm, element, text, "");
        return;
    };
    let Some(iban) = iban else { return };
    if guideline.is_own_account(iban) {
        if bic.bank() != guideline.bic.bank() {
            report.found(Code::CreditorBicNotTreasury, element, text, guideline.bic);
        }
    } else if bic.country().iban_country() != iban.country() {
        report.found(Code::CreditorBicCountry, element, text, iban.country());
    }
}
