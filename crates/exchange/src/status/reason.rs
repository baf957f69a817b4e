//! The reason of a refusal: one value from the check to every answer.
//!
//! The exchange gives the same reason for ever. So it stores the parts of a refusal's reasons, and each answer, early
//! or late, XML or JSON, makes its text from them by the catalogue. This file holds both writer and reader of the
//! stored form.

use std::borrow::Cow;

use iso20022::common::Amount;
use money::{Decimal, Money};
use payments::Refusal;
use rulebook::catalogue::{Arguments, Code, Language};
use rulebook::check::Finding;
use serde::{Deserialize, Serialize};

use super::reason_scope::ReasonScope;
use crate::bounds::REASONS_MAX;
use crate::{Failure, stored as stored_value};

/// Why something was refused, in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalReason {
    /// The catalogue's code.
    pub code: Code,
    /// The element concerned, as a path; empty where none is.
    pub element: Cow<'static, str>,
    /// What was found, shortened; may be empty.
    pub value: Box<str>,
    /// What was expected: a limit, a count, a date; may be empty.
    pub expected: Box<str>,
    /// What was given, where a rule measures it: characters, mostly; may be empty.
    pub given: Box<str>,
    /// Line of the file; 0 when unknown.
    pub line: u32,
    /// Which payments the reason is about, where it stands at their block.
    pub payments: Option<ReasonScope>,
    /// The sentence, where only an answer of an earlier version has it; empty otherwise.
    pub text: Box<str>,
}

impl RefusalReason {
    /// A reason with what was found, which may be empty, and the line of the file; 0 when unknown.
    #[must_use]
    pub fn new(code: Code, value: impl Into<Box<str>>, line: u32) -> RefusalReason {
        RefusalReason {
            code,
            element: Cow::Borrowed(""),
            value: value.into(),
            expected: Box::default(),
            given: Box::default(),
            line,
            payments: None,
            text: Box::default(),
        }
    }

    pub(crate) fn with_expected(mut self, expected: impl Into<Box<str>>) -> RefusalReason {
        self.expected = expected.into();
        self
    }

    pub(crate) fn with_given(mut self, given: impl Into<Box<str>>) -> RefusalReason {
        self.given = given.into();
        self
    }

    /// The same with the account that is debited, where that is at fault and not named: a decision on execution knows no number.
    pub(crate) fn naming_account(self, debtor_iban: &str) -> RefusalReason {
        let is_lacking = self.value.is_empty() && is_of_account(self.code);
        if is_lacking { RefusalReason { value: debtor_iban.into(), ..self } } else { self }
    }

    /// The same said of some payments of a block.
    #[must_use]
    pub fn about(mut self, payments: ReasonScope) -> RefusalReason {
        self.payments = Some(payments);
        self
    }

    /// Bytes of its texts.
    pub(crate) fn text_bytes(&self) -> usize {
        self.value.len() + self.expected.len() + self.given.len() + self.text.len()
    }

    /// A reason as an answer writes it in English, with the parts that stand in its sentence: so it can be said in another language,
    /// and its values are values again. Of a sentence that this version would not write only the text is kept.
    #[must_use]
    pub fn read_back(code: Code, text: &str, line: u32) -> RefusalReason {
        let bare = RefusalReason::new(code, "", line);
        let of_payments = || {
            let (payments, left) = ReasonScope::read(text)?;
            Some(bare.clone().with_expected(left).about(payments))
        };
        let with_values = || {
            let Arguments { element, value, expected, given } = code.entry().values_in(text)?;
            let reason = RefusalReason { element: Cow::Owned(element.to_owned()), ..bare.clone() };
            Some(RefusalReason { value: value.into(), ..reason.with_expected(expected).with_given(given) })
        };
        let says_it = |reason: &RefusalReason| reason.sentence(Language::English) == text;
        let read = of_payments().filter(says_it).or_else(|| with_values().filter(says_it));
        let read = read.or_else(|| Some(bare.clone()).filter(says_it));
        read.unwrap_or_else(|| RefusalReason { text: text.into(), ..bare })
    }

    /// The sentence for the user, in a language.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        if language == Language::English && !self.text.is_empty() {
            return self.text.clone().into_string();
        }
        let RefusalReason { code, element, value, expected, given, .. } = self;
        let sentence = match self.payments {
            // Of many payments only the kind of mistake is one.
            Some(_) => code.entry().title.in_language(language).to_owned(),
            None => code.entry().text(language, &Arguments { element, value, expected, given }),
        };
        match self.payments {
            None => sentence,
            Some(payments) => format!("{sentence} {}", payments.said(expected, language)),
        }
    }

    /// What to do about it, in a language.
    #[must_use]
    pub fn remedy(&self, language: Language) -> String {
        self.code.entry().advice(language, &self.value, &self.expected)
    }
}

impl From<&Finding> for RefusalReason {
    fn from(finding: &Finding) -> RefusalReason {
        RefusalReason {
            element: Cow::Borrowed(finding.element),
            ..RefusalReason::new(finding.code, finding.value.as_str(), finding.position.line)
                .with_expected(finding.expected.as_str())
                .with_given(finding.given.as_str())
        }
    }
}

/// What part of a message a stored refusal speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Level {
    /// The message as a whole.
    Message,
    /// A block.
    Block,
    /// A payment that the first answer named.
    Payment,
    /// A payment that the first answer only counted.
    Counted,
}

/// The stored form, in a refusal's detail. Fields are only ever added, with defaults.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    of: Level,
    why: Vec<StoredReason<'a>>,
}

#[derive(Serialize, Deserialize)]
struct StoredReason<'a> {
    code: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    element: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    value: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    expected: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    given: Cow<'a, str>,
    #[serde(default)]
    line: u32,
}

/// Beginning of the stored form; the detail of earlier versions is a bare value.
const STORED: &str = "{\"of\":";

/// Reasons as they are stored.
pub(crate) fn stored(of: Level, reasons: &[RefusalReason]) -> String {
    let why = reasons.iter().take(REASONS_MAX);
    let why = why.map(|reason| StoredReason {
        code: reason.code.id().into(),
        element: reason.element.as_ref().into(),
        value: reason.value.as_ref().into(),
        expected: reason.expected.as_ref().into(),
        given: reason.given.as_ref().into(),
        line: reason.line,
    });
    // Invariant: texts and numbers, which serde_json writes whatever they are.
    serde_json::to_string(&Stored { of, why: why.collect() }).expect("texts and numbers can be written as JSON")
}

/// The reasons of a stored refusal, and what it speaks of: `None` where it was stored by an earlier version, or by a decision
/// that gives one reason with its value. A client's value may look as the stored form begins, so what does not parse is one.
///
/// # Errors
/// When it has a code that the catalogue lacks.
pub(crate) fn read(refusal: &Refusal) -> Result<(Option<Level>, Vec<RefusalReason>), Failure> {
    let parsed = |detail: &str| serde_json::from_str::<Stored<'_>>(detail).ok();
    let Some(Stored { of, why }) = Some(&refusal.detail)
        .filter(|detail| detail.starts_with(STORED))
        .and_then(|d| parsed(d))
        .filter(|stored| !stored.why.is_empty())
    else {
        return Ok((None, vec![of_payment(refusal, None, refusal.line)?]));
    };
    let reason = |stored: StoredReason<'_>| {
        let code = stored_value::code(&stored.code, row(refusal))?;
        let element = Cow::Owned(stored.element.into_owned());
        let reason = RefusalReason::new(code, stored.value, stored.line);
        Ok(RefusalReason { element, ..reason.with_expected(stored.expected).with_given(stored.given) })
    };
    Ok((Some(of), why.into_iter().map(reason).collect::<Result<_, Failure>>()?))
}

/// The row of a refusal, as an unexpected failure names it.
pub(super) fn row(refusal: &Refusal) -> String {
    format!("the refusal of payments {} to {} of message {}", refusal.first, refusal.last, refusal.message.0)
}

/// The single reason of a refusal by a decision: its value, and the value it was compared with.
fn of_decision(refusal: &Refusal) -> Result<RefusalReason, Failure> {
    let code = stored_value::code(&refusal.code, row(refusal))?;
    let (value, expected) = refusal.detail.split_once(payments::HELD_AGAINST).unwrap_or((refusal.detail.as_str(), ""));
    // Earlier versions stored the amount of the first payment where the account is at fault.
    let value = if is_of_account(code) && value.contains(' ') { "" } else { value };
    Ok(RefusalReason::new(code, value, refusal.line).with_expected(expected))
}

fn is_of_account(code: Code) -> bool {
    matches!(code, Code::DebtorAccountUnknown | Code::DebtorAccountBlocked | Code::DebtorAccountClosed)
}

/// The remaining funds or limit are the same for all payments of a refusal; the compared amount is each payment's own.
fn is_of_what_is_left(code: Code) -> bool {
    matches!(code, Code::InsufficientFunds | Code::DayLimitExceeded)
}

/// Why a decision refused this payment, alone or with others. `amount` is the payment's own, where it is known.
pub(crate) fn of_payment(refusal: &Refusal, amount: Option<Amount>, line: u32) -> Result<RefusalReason, Failure> {
    let reason = RefusalReason { line, ..of_decision(refusal)? };
    if !is_of_what_is_left(reason.code) {
        return Ok(reason);
    }
    let own = match amount {
        Some(amount) => shown(amount),
        None if refusal.first == refusal.last => reason.value.into_string(),
        // The detail has the amount of the first.
        None => String::new(),
    };
    // One that was covered itself was refused because of those before it: the catalogue has words for that.
    let number = |shown: &str| Decimal::parse(shown.split(' ').next()?).ok();
    let is_covered = number(&own).zip(number(&reason.expected)).is_some_and(|(own, left)| own <= left);
    Ok(RefusalReason { value: if is_covered { Box::default() } else { own.into() }, ..reason })
}

/// A block's reason for a range of its payments that are not named one by one.
pub(crate) fn of_range(refusal: &Refusal) -> Result<RefusalReason, Failure> {
    let Refusal { first, last, count, .. } = *refusal;
    let reason = of_decision(refusal)?;
    let (value, expected) = if is_of_what_is_left(reason.code) {
        (Box::default(), reason.expected)
    } else {
        (reason.value, Box::default())
    };
    let scope = ReasonScope::Range(count, u64::from(first) + 1, u64::from(last) + 1);
    Ok(RefusalReason { value, expected, ..RefusalReason::new(reason.code, "", reason.line) }.about(scope))
}

/// The reason of a payment without faults in a refused block. One rule holds for every answer: a payment with faults of
/// its own has those, another one has this.
pub(crate) fn with_block(line: u32) -> RefusalReason {
    RefusalReason::new(Code::RefusedWithBlock, "", line)
}

/// An amount as decisions show it.
fn shown(amount: Amount) -> String {
    let Amount { value, currency } = amount;
    Money::from_decimal(value, currency).map_or_else(|_| format!("{value} {currency}"), |money| money.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use payments::{MessageId, RefusalStage};

    use super::*;

    fn refusal(detail: String) -> Refusal {
        let code = Code::CharacterNotAllowed.id().to_owned();
        let stage = RefusalStage::Admission;
        Refusal { message: MessageId(1), first: 0, last: 0, lot: None, count: 1, code, detail, line: 7, stage }
    }

    #[test]
    fn what_is_stored_comes_back() {
        let reasons = vec![
            RefusalReason {
                element: Cow::Borrowed("CdtTrfTxInf/Cdtr/Nm"),
                ..RefusalReason::new(Code::CharacterNotAllowed, "A \"&\" B\\", 7).with_expected("& (U+0026)")
            },
            RefusalReason::new(Code::NameTooLong, "x", 8).with_expected("70").with_given("84"),
        ];
        for level in [Level::Message, Level::Block, Level::Payment, Level::Counted] {
            assert_eq!(read(&refusal(stored(level, &reasons))).unwrap(), (Some(level), reasons.clone()));
        }
    }

    #[test]
    fn what_earlier_versions_stored_is_a_value() {
        for value in ["", "LV68TREL1000000001001", "{\"of\":", "{\"of\":\"payment\"}"] {
            let (level, reasons) = read(&refusal(value.to_owned())).unwrap();
            assert_eq!((level, reasons[0].value.as_ref(), reasons[0].line), (None, value, 7));
        }
    }

    #[test]
    fn a_range_gives_each_payment_its_own_amount_and_nobody_another_ones() {
        let code = Code::InsufficientFunds.id().to_owned();
        let detail = "700.00 EUR > 500.00 EUR".to_owned();
        let range = Refusal { first: 4, last: 9, count: 5, code, ..refusal(detail) };
        let euros =
            |value: &str| Some(Amount { value: Decimal::parse(value).unwrap(), currency: money::Currency::EUR });
        let of = |amount| {
            let reason = of_payment(&range, amount, 1).unwrap();
            (reason.value.into_string(), reason.expected.into_string())
        };
        let left = || "500.00 EUR".to_owned();
        assert_eq!(of(euros("700.1")), ("700.10 EUR".to_owned(), left()));
        assert_eq!(of(euros("500.01")), ("500.01 EUR".to_owned(), left()));
        assert_eq!(of(euros("500.00")), (String::new(), left()), "it was covered itself");
        assert_eq!(of(None), (String::new(), left()));
        let read = of_range(&range).unwrap();
        assert_eq!(
            read.sentence(Language::English),
            "The account has not enough funds (5 payments, from number 5 to 10 of the file; 500.00 EUR left)"
        );
        assert_eq!(
            read.sentence(Language::Latvian),
            "Kontā nepietiek līdzekļu (5 maksājumi, faila 5.–10.; atlicis 500.00 EUR)"
        );
    }

    #[test]
    fn a_reason_of_an_earlier_version_keeps_its_sentence() {
        let sentences = |code, detail: &str| {
            let (_, reasons) =
                read(&Refusal { code: Code::id(code).to_owned(), ..refusal(detail.to_owned()) }).unwrap();
            Language::ALL.map(|language| reasons[0].sentence(language))
        };
        let stored = |code: Code, values: &str| {
            let id = code.id();
            sentences(code, &format!("{{\"of\":\"block\",\"why\":[{{\"code\":\"{id}\",{values},\"line\":7}}]}}"))
        };
        let used = ["PmtInfId „A-1” jau bija agrākā ziņojumā.", "PmtInfId `A-1` was in an earlier message already."];
        assert_eq!(stored(Code::PaymentInformationIdUsed, "\"value\":\"A-1\""), used);
        assert_eq!(sentences(Code::PaymentInformationIdUsed, "A-1"), used, "the first version stored the value alone");
        let shares = [
            "EKK summas kopā ir 9.00, bet maksājuma summa ir 10.00.",
            "The shares add up to 9.00, but the payment's amount is 10.00.",
        ];
        let values = "\"element\":\"CdtTrfTxInf/RgltryRptg/Dtls\",\"value\":\"9.00\",\"expected\":\"10.00\"";
        assert_eq!(stored(Code::EkkSharesDiffer, values), shares);
    }

    #[test]
    fn a_sentence_is_read_back_into_its_parts() {
        let reasons = [
            RefusalReason::new(Code::PaymentInformationIdUsed, "A-1", 3),
            RefusalReason::new(Code::PaymentInformationIdUsed, "A-1", 3)
                .with_expected("MSG-1")
                .with_given("2026-11-23"),
            RefusalReason::new(Code::InstructionIdUsed, "A-1", 3),
            RefusalReason::new(Code::EkkSharesDiffer, "9.00", 3).with_expected("10.00"),
            RefusalReason::new(Code::EkkSharesDiffer, "9.00", 3).with_expected("10.00").with_given("DEBT"),
            RefusalReason::new(Code::EkkShareMissing, "2222", 3),
            RefusalReason::new(Code::BailiffCodeRequired, "LV68TREL1000000001001", 3).with_expected("F22010010"),
            RefusalReason::new(Code::RemittanceRepeated, "2", 3).with_expected("1"),
            RefusalReason::new(Code::InsufficientFunds, "7.00 EUR", 3).with_expected("5.00 EUR"),
            RefusalReason::new(Code::InsufficientFunds, "", 3),
            RefusalReason::new(Code::DayLimitExceeded, "", 3)
                .with_expected("5.00 EUR")
                .about(ReasonScope::Range(21, 5, 30)),
            RefusalReason::new(Code::InsufficientFunds, "", 3).about(ReasonScope::Range(1, 5, 5)),
            RefusalReason::new(Code::CharacterNotAllowed, "", 3).about(ReasonScope::More(1)),
            RefusalReason::new(Code::EndToEndIdUsed, "A {value} (B)", 3)
                .with_expected("MSG-1")
                .with_given("2026-11-23"),
            RefusalReason {
                element: Cow::Borrowed("CdtTrfTxInf/Cdtr/Nm"),
                ..RefusalReason::new(Code::NameTooLong, "x", 3).with_expected("70").with_given("84")
            },
        ];
        for reason in reasons {
            let text = reason.sentence(Language::English);
            let read = RefusalReason::read_back(reason.code, &text, 3);
            assert!(read.text.is_empty(), "{read:?}");
            assert_eq!(read.sentence(Language::English), text);
            assert_eq!(read.sentence(Language::Latvian), reason.sentence(Language::Latvian));
        }
        let other = RefusalReason::read_back(Code::InsufficientFunds, "As an earlier version said it.", 3);
        assert_eq!(other.sentence(Language::English), "As an earlier version said it.");
    }
}
