//! A usage guideline as a value: every decision that differs between treasuries or banks.
//!
//! The rules themselves hold what ISO 20022, ISO 13616 or the SEPA schemes fix for everyone. Each value here has a mark
//! of its source: found in a document, inferred, or our own decision because nothing is published.

use jiff::civil::{Date, date, time};
use money::{Currency, Money};

use crate::calendar::{Calendar, CutOffs};
use crate::{Bic, Country, Iban, Route};

/// The usage guideline of one account servicing institution.
#[derive(Clone, Debug)]
pub struct Guideline {
    /// Whose guideline it is.
    pub name: &'static str,
    /// The country of the institution; payments to it may be written with its letters.
    pub country: Country,
    /// The first characters of an own account's identification (after the check digits of the IBAN).
    pub bank_code: &'static str,
    /// The institution's BIC.
    pub bic: Bic,
    /// Currency in which accounts are debited and payments made.
    pub currency: Currency,
    /// Until when an order counts as received on the same business day.
    pub cut_offs: CutOffs,
    /// The institution's own working days.
    pub working_days: Calendar,
    /// The days on which SEPA payments are executed.
    pub sepa_days: Calendar,
    /// `NbOfTxs` and `CtrlSum` must be given at group and PmtInf level; where given they must be right anyway.
    pub control_totals_required: bool,
    /// How many calendar days before the business day a requested execution date may lie.
    pub days_in_past_max: u16,
    /// How many calendar days after the business day a requested execution date may lie.
    pub days_ahead_max: u16,
    /// The largest SEPA payment.
    pub sepa_amount_max: Money,
    /// How many characters a name may have in a SEPA payment.
    pub sepa_name_chars_max: usize,
    /// How many characters the unstructured remittance information may have.
    pub remittance_chars_max: usize,
    /// Letters besides the basic character set that names, addresses and texts of domestic payments may have.
    pub national_letters: &'static str,
    /// From which business day an address of a SEPA payment must give town and country in their own elements.
    pub structured_address_from: Date,
    /// How many free lines an address may have.
    pub address_lines_max: usize,
    /// How many characters a free line of an address may have.
    pub address_line_chars_max: usize,
    /// An internal payment must carry classification codes of the payer's and of the payee's side.
    pub internal_needs_both_sides: bool,
    /// A payment from an account to the same account is refused.
    pub refuses_payment_to_itself: bool,
    /// The code of the payee's side that a payment to a bailiff's account must carry.
    pub bailiff_code: &'static str,
    /// `SvcLvl/Cd` that change nothing about a payment and are therefore accepted.
    pub service_levels: &'static [&'static str],
    /// A payment with a `Purp/Cd` or `CtgyPurp/Cd` that ISO's lists do not have is refused; else the code is handed on.
    pub refuses_unknown_purposes: bool,
    /// `ChrgBr` that mean shared charges.
    pub charge_bearers: &'static [&'static str],
}

/// Letters of Latvian beyond a–z; ō and ŗ of the older spelling and of Latgalian too.
const LATVIAN_LETTERS: &str = "ĀāČčĒēĢģĪīĶķĻļŅņŌōŖŗŠšŪūŽž";

impl Guideline {
    /// The State Treasury of Latvia.
    ///
    /// # Panics
    /// Never: its BIC has the right form (tested).
    #[must_use]
    pub fn latvia() -> Guideline {
        Guideline {
            name: "Valsts kase",
            country: Country::LV,
            // Found: kase.gov.lv, accounts.
            bank_code: "TREL",
            bic: Bic::parse("TRELLV22").expect("the Treasury's BIC has the form of a BIC"),
            // Decided: other currencies follow with foreign payments.
            currency: Currency::EUR,
            // Found: kase.gov.lv, internal and SEPA payments (2021).
            cut_offs: CutOffs { internal: time(18, 0, 0, 0), sepa: time(15, 30, 0, 0) },
            // Found: eKase works on working days. Decided: working days moved by a yearly order of the Cabinet are
            // ordinary days for payments, as they are for TARGET.
            working_days: Calendar::Latvia,
            // Inferred: a SEPA payment settles on a TARGET day, and the Treasury works on its own.
            sepa_days: Calendar::LatviaAndTarget,
            // Found: opbank.lv (10/2017).
            control_totals_required: true,
            // Decided: a file prepared before a long weekend still passes; a file of last month does not.
            days_in_past_max: 5,
            // Decided: a budget year.
            days_ahead_max: 366,
            // Found: European Payments Council.
            sepa_amount_max: Money::new(99_999_999_999, Currency::EUR),
            sepa_name_chars_max: 70,
            remittance_chars_max: 140,
            // Inferred: Latvian banks publish this set for domestic payments.
            national_letters: LATVIAN_LETTERS,
            // Found: European Payments Council, address rules.
            structured_address_from: date(2026, 11, 15),
            address_lines_max: 2,
            address_line_chars_max: 70,
            // Found: kase.gov.lv, internal payments (2021).
            internal_needs_both_sides: true,
            // Decided: it moves nothing. Should the correction of classification codes, which is sent as a pain.001,
            // turn out to name one account on both sides, this is the switch.
            refuses_payment_to_itself: true,
            bailiff_code: "F22010010",
            // Decided: both mean an ordinary transfer.
            service_levels: &["SEPA", "NURG"],
            // Decided: the payee's bank would refuse or drop the code, and the payer would learn of it late or never.
            refuses_unknown_purposes: true,
            // Found: SEPA charges are shared.
            charge_bearers: &["SLEV", "SHAR"],
        }
    }

    /// Whether an account is kept by this institution.
    #[must_use]
    pub fn is_own_account(&self, iban: &Iban) -> bool {
        iban.country() == self.country && iban.as_str()[4..].starts_with(self.bank_code)
    }

    /// The regular expression (XML Schema's) of the institution's own accounts.
    #[must_use]
    pub fn own_account_pattern(&self) -> String {
        // Without a structure of its country an account has at least the form of an IBAN.
        Iban::pattern_of_country(self.country, self.bank_code).unwrap_or_else(|| Iban::PATTERN.to_owned())
    }

    /// The regular expression (XML Schema's) of the institution's BIC, with or without a branch.
    #[must_use]
    pub fn own_bic_pattern(&self) -> String {
        format!("{}([A-Z0-9]{{3}})?", self.bic.bank())
    }

    /// The calendar of business days for a route.
    #[must_use]
    pub const fn calendar(&self, route: Route) -> Calendar {
        match route {
            Route::Internal => self.working_days,
            Route::Sepa => self.sepa_days,
        }
    }

    /// The business day that is open on a day of the calendar: on a day off, the next one already.
    #[must_use]
    pub fn business_day_on(&self, day: Date) -> Date {
        self.calendar(Route::Internal).business_day_from(day)
    }
}
