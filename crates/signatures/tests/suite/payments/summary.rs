//! What people see before they sign.

use iso20022::common::{Account, Amount, Party};
use iso20022::pain001::{CreditTransfer, RequestedAmount};
use money::{Currency, Decimal};
use signatures::payments::{CURRENCIES_MAX, PAYEES_SHOWN_MAX, Summary, SummaryBuilder, SummaryError};

use super::values::leak;

fn amount(cents: i128, currency: &str) -> Amount {
    Amount { value: Decimal::new(cents, 2), currency: Currency::new(currency).unwrap() }
}

fn payment(account: &'static str, name: &'static str, cents: i128, currency: &str) -> CreditTransfer<'static> {
    CreditTransfer {
        amount: Some(RequestedAmount::Instructed(amount(cents, currency))),
        creditor: Some(Party { name: Some(name), ..Party::default() }),
        creditor_account: Some(Account { iban: Some(account), ..Account::default() }),
        ..CreditTransfer::default()
    }
}

fn summary(payments: &[CreditTransfer<'_>]) -> Summary {
    let mut builder = SummaryBuilder::default();
    payments.iter().for_each(|payment| builder.add(payment).unwrap());
    builder.finish()
}

#[test]
fn counts_sums_and_payees_are_shown() {
    let seen = summary(&[
        payment("LV1", "Liepa", 150, "EUR"),
        payment("LV2", "Ozols", 200, "USD"),
        payment("LV1", "Liepa", 250, "EUR"),
        payment("LV1", "Liepa", 100, "USD"),
        payment("LV1", "Cits", 1, "EUR"),
    ]);
    assert_eq!((seen.payments, seen.payments_to_others), (5, 0));
    assert_eq!(seen.sums, [amount(401, "EUR"), amount(300, "USD")]);
    let payees: Vec<_> =
        seen.payees.iter().map(|it| (it.account.as_str(), it.name.as_str(), it.payments, it.sum)).collect();
    let wanted = [
        ("LV1", "Liepa", 2, amount(400, "EUR")),
        ("LV2", "Ozols", 1, amount(200, "USD")),
        ("LV1", "Liepa", 1, amount(100, "USD")),
        ("LV1", "Cits", 1, amount(1, "EUR")),
    ];
    assert_eq!(payees, wanted);
}

#[test]
fn a_name_does_not_pass_for_the_end_of_an_account() {
    let seen = summary(&[payment("LV1", "2", 100, "EUR"), payment("LV12", "", 100, "EUR")]);
    assert_eq!(seen.payees.len(), 2);
}

#[test]
fn payees_beyond_those_that_are_shown_are_counted() {
    let accounts = (0..PAYEES_SHOWN_MAX + 3).map(|number| leak(format!("LV{number}")));
    let payments: Vec<_> = accounts.map(|account| payment(account, "N", 100, "EUR")).collect();
    let seen = summary(&payments);
    assert_eq!((seen.payees.len(), seen.payments_to_others), (PAYEES_SHOWN_MAX, 3));
    assert_eq!(seen.payments, PAYEES_SHOWN_MAX as u64 + 3);
    assert_eq!(seen.sums, [amount(100 * (PAYEES_SHOWN_MAX as i128 + 3), "EUR")]);
}

#[test]
fn a_summary_that_cannot_be_stated_is_none() {
    let mut builder = SummaryBuilder::default();
    assert_eq!(builder.add(&CreditTransfer::default()), Err(SummaryError::NoAmount));
    let letters = || ('A'..='Z').flat_map(|one| ('A'..='Z').map(move |other| format!("{one}{other}X")));
    for currency in letters().take(CURRENCIES_MAX) {
        builder.add(&payment("LV1", "N", 1, &currency)).unwrap();
    }
    assert_eq!(builder.add(&payment("LV1", "N", 1, "ZZZ")), Err(SummaryError::TooManyCurrencies));
    let mut builder = SummaryBuilder::default();
    builder.add(&payment("LV1", "N", i128::MAX, "EUR")).unwrap();
    assert_eq!(builder.add(&payment("LV1", "N", 1, "EUR")), Err(SummaryError::Overflow));
}

#[test]
fn all_that_is_seen_stands_in_the_digest() {
    let payments = [payment("LV1", "Liepa", 150, "EUR"), payment("LV2", "Ozols", 200, "USD")];
    let seen = summary(&payments);
    let changes: [&dyn Fn(&mut Summary); 8] = [
        &|it| it.payments += 1,
        &|it| it.payments_to_others += 1,
        &|it| it.sums.reverse(),
        &|it| {
            it.sums.pop();
        },
        &|it| it.payees.reverse(),
        &|it| it.payees[0].account.push('1'),
        &|it| it.payees[1].name.push('1'),
        &|it| it.payees[1].sum.value = Decimal::new(201, 2),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut changed = seen.clone();
        change(&mut changed);
        assert_ne!(changed.digest(), seen.digest(), "change {number}");
    }
    assert_eq!(summary(&payments).digest(), seen.digest());
}
