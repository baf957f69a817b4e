//! Classification of a payment: EKK of both sides with their shares, AMK.

use iso20022::common::RegulatoryDetail;
use money::{Currency, Decimal, Money};

use super::report::Report;
use crate::classification::{AMK_TYPE, Amk, AmkError, EKK_TYPE, Ekk, Side, ekk_details};
use crate::rules::element::CLASSIFICATION;
use crate::{Code, Guideline, Route};

/// Checks the codes of a payment. `amount` and `route` are `None` when another rule already refused them.
pub(super) fn check_classification(
    details: &[RegulatoryDetail<'_>],
    amount: Option<Money>,
    route: Option<Route>,
    guideline: &Guideline,
    report: &mut Report<'_>,
) {
    for detail in details {
        match detail.kind {
            Some(EKK_TYPE) => check_ekk(detail, amount.map(Money::currency), report),
            Some(AMK_TYPE) => check_amk(detail, report),
            // The Treasury ignores reporting to other authorities.
            _ => {}
        }
    }
    for side in Side::ALL {
        let needed = guideline.internal_needs_both_sides && route == Some(Route::Internal);
        check_side(details, side, amount, needed, report);
    }
}

fn check_ekk(detail: &RegulatoryDetail<'_>, currency: Option<Currency>, report: &mut Report<'_>) {
    let code = detail.code.unwrap_or_default();
    if Ekk::parse(code).is_err() {
        report.found(Code::EkkForm, CLASSIFICATION, code, "");
    }
    if !Side::ALL.iter().any(|side| side.is_meant_by(detail.indicator)) {
        report.found(Code::EkkSideMissing, CLASSIFICATION, code, "");
    }
    let (Some(share), Some(currency)) = (detail.amount, currency) else { return };
    let positive = !share.value.is_zero() && !share.value.is_negative();
    if share.currency != currency || !positive {
        let value = format_args!("{} {}", share.value, share.currency).to_string();
        report.found(Code::EkkShareInvalid, CLASSIFICATION, value, currency);
    }
}

fn check_amk(detail: &RegulatoryDetail<'_>, report: &mut Report<'_>) {
    let (code, country) = (detail.code.unwrap_or_default(), detail.country.unwrap_or_default());
    match Amk::parse(code, country) {
        Ok(_) => {}
        Err(AmkError::Code) => report.found(Code::AmkForm, CLASSIFICATION, code, ""),
        Err(AmkError::Country) => report.found(Code::AmkCountry, CLASSIFICATION, country, ""),
    }
}

/// The shares of a side add up to the payment; a single code without a share means the whole payment.
fn check_side(
    details: &[RegulatoryDetail<'_>],
    side: Side,
    amount: Option<Money>,
    needed: bool,
    report: &mut Report<'_>,
) {
    let mut codes = 0_usize;
    let mut sum = Some(Decimal::ZERO);
    let mut without_share = None;
    for detail in ekk_details(details, side) {
        codes += 1;
        match detail.amount {
            Some(share) => sum = sum.and_then(|sum| sum.checked_add(share.value)),
            None => without_share = Some(detail.code.unwrap_or_default()),
        }
    }
    match (codes, without_share) {
        (0, _) if needed => report.found(missing_side(side), CLASSIFICATION, "", side.indicator()),
        (0, _) | (1, Some(_)) => {}
        (_, Some(code)) => report.measured(Code::EkkShareMissing, CLASSIFICATION, code, "", side.indicator()),
        (_, None) => {
            let Some(amount) = amount else { return };
            if sum != Some(amount.to_decimal()) {
                let sum = sum.map(|sum| sum.to_string()).unwrap_or_default();
                report.measured(Code::EkkSharesDiffer, CLASSIFICATION, sum, amount.to_decimal(), side.indicator());
            }
        }
    }
}

const fn missing_side(side: Side) -> Code {
    match side {
        Side::Payer => Code::EkkPayerSideMissing,
        Side::Payee => Code::EkkPayeeSideMissing,
    }
}
