//! Amounts are exact: nothing rounds, nothing wraps.
#![allow(clippy::unwrap_used, missing_docs)]

use money::{Currency, Decimal, DecimalError, Money, MoneyError};
use proptest::prelude::*;

#[test]
fn a_decimal_becomes_minor_units_of_its_currency() {
    let yen = Currency::new("JPY").unwrap();
    let dinar = Currency::new("KWD").unwrap();
    let read = |text, currency| Money::from_decimal(Decimal::parse(text).unwrap(), currency);
    assert_eq!(read("12.5", Currency::EUR).unwrap().minor(), 1_250);
    assert_eq!(read("1.50000", Currency::EUR).unwrap().minor(), 150);
    assert_eq!(read("7", yen).unwrap().minor(), 7);
    assert_eq!(read("0.125", dinar).unwrap().minor(), 125);
    assert_eq!(read("0.125", Currency::EUR), Err(MoneyError::TooManyFractionDigits { allowed: 2 }));
    assert_eq!(read("92233720368547758.08", Currency::EUR), Err(MoneyError::Overflow));
}

#[test]
fn forms_of_a_decimal() {
    for (text, shown) in [("0", "0"), ("-0.50", "-0.50"), ("+7.", "7"), (".25", "0.25"), ("007", "7")] {
        assert_eq!(Decimal::parse(text).unwrap().to_string(), shown, "{text}");
    }
    for text in ["", "-", ".", "1.2.3", "1e3", " 1", "١"] {
        assert_eq!(Decimal::parse(text).map(|d| d.to_string()), Err(DecimalError::Malformed), "{text:?}");
    }
    assert_eq!(Decimal::parse("0.1234567890123456789").map(|d| d.to_string()), Err(DecimalError::TooLong));
}

#[test]
fn currencies_do_not_mix_and_sums_do_not_wrap() {
    let dollar = Currency::new("USD").unwrap();
    let most = Money::new(i64::MAX, Currency::EUR);
    assert_eq!(most.checked_add(Money::new(1, Currency::EUR)), Err(MoneyError::Overflow));
    assert_eq!(Money::new(i64::MIN, dollar).checked_neg(), Err(MoneyError::Overflow));
    let mixed = most.checked_sub(Money::zero(dollar));
    assert_eq!(mixed, Err(MoneyError::CurrencyMismatch { left: Currency::EUR, right: dollar }));
    assert!(Currency::new("eur").is_err() && Currency::new("EURO").is_err());
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(minor in any::<i64>()) {
        let amount = Money::new(minor, Currency::EUR);
        let read = Decimal::parse(&amount.to_decimal().to_string()).unwrap();
        prop_assert_eq!(Money::from_decimal(read, Currency::EUR).unwrap(), amount);
    }

    #[test]
    fn order_and_sum_agree_with_integers(a in any::<i64>(), b in any::<i64>(), sa in 0_u32..18, sb in 0_u32..18) {
        let (left, right) = (Decimal::new(i128::from(a), sa), Decimal::new(i128::from(b), sb));
        let (wide_a, wide_b) = (left.units_at_scale(18).unwrap(), right.units_at_scale(18).unwrap());
        prop_assert_eq!(left.cmp(&right), wide_a.cmp(&wide_b));
        prop_assert_eq!(left.checked_add(right).unwrap().units_at_scale(18), Some(wide_a + wide_b));
    }
}
