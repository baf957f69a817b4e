//! NbOfTxs and CtrlSum at both levels.
use crate::common::*;
use iso20022::common::Amount;
use iso20022::pain001::{CreditTransfer, PaymentInformation, RequestedAmount};
use money::{Currency, Decimal};
use proptest::prelude::*;
use rulebook::{Code, Language, Scope};

fn two_blocks() -> Message<'static> {
    let second = PaymentInformation { payment_information_id: "REKINI", ..block() };
    Message::of(vec![(block(), vec![sepa(), internal()]), (second, vec![sepa()])])
}

#[test]
fn right_totals_pass_and_are_handed_back() {
    let outcome = two_blocks().check();
    assert_eq!(outcome.findings, []);
    assert_eq!(outcome.block_totals[0].payments, 2);
    assert_eq!(outcome.block_totals[0].control_sum, Some(decimal("200")));
    assert_eq!((outcome.totals.blocks, outcome.totals.payments), (2, 3));
    assert_eq!(outcome.totals.control_sum, Some(decimal("300.00")));
}

#[test]
fn the_groups_totals() {
    let mut message = two_blocks();
    message.group.number_of_transactions = 4;
    message.group.control_sum = Some(decimal("300.01"));
    let outcome = message.check();
    assert_eq!(outcome.codes(), [Code::GroupNumberOfTransactionsWrong, Code::GroupControlSumWrong]);
    let [number, sum] = &outcome.findings[..] else { panic!("two findings") };
    assert_eq!((number.scope, number.position), (Scope::Group, message.group.position));
    assert_eq!((number.element, number.value.as_str(), number.expected.as_str()), ("GrpHdr/NbOfTxs", "4", "3"));
    assert_eq!((sum.value.as_str(), sum.expected.as_str()), ("300.01", "300.00"));
    assert_eq!(number.entry().iso_reason, Some("AM19"));
    assert_eq!(sum.entry().iso_reason, Some("AM16"));
    assert_eq!(
        sum.text(Language::English),
        "GrpHdr/CtrlSum is 300.01, but the payments of the message add up to 300.00."
    );
    assert_eq!(sum.text(Language::Latvian), "GrpHdr/CtrlSum ir 300.01, bet ziņojuma maksājumu kopsumma ir 300.00.");

    let mut message = two_blocks();
    message.group.control_sum = None;
    assert_eq!(message.check().codes(), [Code::GroupControlSumMissing]);
}

#[test]
fn a_blocks_totals_refuse_that_block_only() {
    let mut message = two_blocks();
    message.blocks[1].0.number_of_transactions = Some(2);
    message.blocks[1].0.control_sum = Some(decimal("100.001"));
    let outcome = message.check();
    assert_eq!(outcome.codes(), [Code::BlockNumberOfTransactionsWrong, Code::BlockControlSumWrong]);
    assert!(outcome.findings.iter().all(|finding| finding.scope == Scope::PaymentInformation { block: 1 }));
    assert_eq!(outcome.findings[0].entry().iso_reason, Some("AM20"));
    assert_eq!(outcome.findings[1].entry().iso_reason, Some("AM17"));

    let mut message = two_blocks();
    message.blocks[0].0.number_of_transactions = None;
    message.blocks[0].0.control_sum = None;
    assert_eq!(message.check().codes(), [Code::BlockNumberOfTransactionsMissing, Code::BlockControlSumMissing]);
}

#[test]
fn another_guideline_may_do_without_totals() {
    let mut message = two_blocks();
    message.guideline.control_totals_required = false;
    message.blocks[0].0.number_of_transactions = None;
    message.blocks[0].0.control_sum = None;
    message.group.control_sum = None;
    assert_eq!(message.check().findings, []);
    // A given value must still be right.
    message.blocks[0].0.control_sum = Some(decimal("1"));
    assert_eq!(message.check().codes(), [Code::BlockControlSumWrong]);
}

#[test]
fn refused_payments_count_and_currencies_do_not() {
    let dollars = CreditTransfer { amount: Some(RequestedAmount::Instructed(amount("0.5", "USD"))), ..sepa() };
    let outcome = Message::of(vec![(block(), vec![dollars, sepa()])]).check();
    assert_eq!(outcome.codes(), [Code::ForeignPaymentNotOffered]);
    assert_eq!(outcome.totals.control_sum, Some(decimal("100.5")));
}

#[test]
fn a_sum_beyond_all_digits_is_a_finding_not_a_panic() {
    let huge = RequestedAmount::Instructed(Amount { value: Decimal::new(i128::MAX, 2), currency: Currency::EUR });
    let huge = CreditTransfer { amount: Some(huge), ..sepa() };
    let mut message = two_blocks();
    message.blocks[0].1 = vec![huge, huge];
    let outcome = message.check();
    assert_eq!(outcome.totals.control_sum, None);
    assert!(outcome.codes().contains(&Code::GroupControlSumWrong));
    assert!(outcome.codes().contains(&Code::AmountAboveSepaMaximum));
}

proptest! {
    #[test]
    fn sums_are_exact(cents in prop::collection::vec(1_i64..200_000_000_000, 1..50)) {
        let payments = cents.iter().map(|cents| {
            let value = Decimal::new(i128::from(*cents), 2);
            let amount = Some(RequestedAmount::Instructed(Amount { value, currency: Currency::EUR }));
            CreditTransfer { amount, ..sepa() }
        });
        let message = Message::of(vec![(block(), payments.collect())]);
        let outcome = message.check();
        let sum: i64 = cents.iter().sum();
        prop_assert_eq!(outcome.totals.control_sum, Some(Decimal::new(i128::from(sum), 2)));
        let too_large = cents.iter().filter(|cents| **cents > 99_999_999_999).count();
        prop_assert_eq!(outcome.findings.len(), too_large);
    }
}
