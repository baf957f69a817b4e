//! Changing any leaf of a header, a block or a payment changes its digest, and no two changes have the same one.

use std::collections::HashMap;
use std::fmt::Debug;

use iso20022::common::{Amount, CodeOrProprietary, Position};
use iso20022::pain001::{CreditTransfer, GroupHeader, PaymentInformation, RequestedAmount};
use money::{Currency, Decimal};
use signatures::payments::{
    Canonical, Context, Digest, Place, block_head_digest, message_head_digest, payment_bytes, payment_digest,
};

use super::values::{Text, Vary, leak};

const CONTEXT: Context = Context { client: 7, submission: 4711 };
const ABOVE: Digest = Digest([1; 32]);
/// Fewer changes would mean that the test finds no leaves.
const CHANGES_MIN: usize = 100;

fn of_payment(payment: &CreditTransfer<'_>) -> Digest {
    payment_digest(Place { block_head: ABOVE, ordinal: 3 }, payment, &mut Canonical::default())
}

/// The value with the last character of a text moved to the text behind it, or the two exchanged, for each text.
fn moved<T: Vary>(value: &T) -> Vec<(String, T)> {
    let mut texts: Vec<Text> = Vec::new();
    value.map_texts(&mut |text| {
        texts.push(text);
        text
    });
    let with = |place: usize, one: Text, next: Text| {
        let mut at = 0;
        value.map_texts(&mut |text| {
            at += 1;
            match at - 1 {
                before if before == place => one,
                before if before == place + 1 => next,
                _ => text,
            }
        })
    };
    let mut found = Vec::new();
    for (place, pair) in texts.windows(2).enumerate() {
        let &[one, next] = pair else { continue };
        found.push((format!("{one} and {next} exchanged"), with(place, next, one)));
        if let Some((at, last)) = one.char_indices().next_back() {
            let (shorter, longer) = (leak(one[..at].to_owned()), leak(format!("{last}{next}")));
            found.push((format!("the end of {one} moved to {next}"), with(place, shorter, longer)));
        }
    }
    found
}

/// Digests the values, their changes and their moves. Equal digests must be those of equal values, and of nothing else.
fn no_two_are_alike<T: Vary + Debug + PartialEq>(values: &[T], digest: impl Fn(&T) -> Digest) {
    let mut seen: HashMap<Digest, (String, T)> = HashMap::new();
    let mut changes = 0;
    for value in values {
        let all = [("unchanged".to_owned(), value.clone())].into_iter().chain(value.variants()).chain(moved(value));
        for (what, changed) in all {
            changes += 1;
            if let Some((before, same)) = seen.insert(digest(&changed), (what.clone(), changed.clone())) {
                assert_eq!(same, changed, "{before:?} and {what:?} have one digest");
            }
        }
    }
    assert!(changes >= CHANGES_MIN, "only {changes} changes");
}

#[test]
fn changing_any_leaf_of_a_payment_changes_its_digest() {
    no_two_are_alike(&[CreditTransfer::full(&mut 0), CreditTransfer::default()], of_payment);
}

#[test]
fn changing_any_leaf_of_a_block_changes_the_digest_of_its_head() {
    let blocks = [PaymentInformation::full(&mut 0), PaymentInformation::default()];
    no_two_are_alike(&blocks, |head| block_head_digest(ABOVE, 3, head));
}

#[test]
fn changing_any_leaf_of_a_header_changes_the_digest_of_the_messages_head() {
    no_two_are_alike(&[GroupHeader::full(&mut 0), GroupHeader::default()], |header| {
        message_head_digest(CONTEXT, header)
    });
}

#[test]
fn client_and_submission_stand_in_the_messages_head() {
    let header = GroupHeader::full(&mut 0);
    let of = |client, submission| message_head_digest(Context { client, submission }, &header);
    let all = [of(7, 4711), of(4711, 7), of(8, 4711), of(7, 4712), of(-7, 4711)];
    all.iter().enumerate().for_each(|(place, one)| assert!(!all[place + 1..].contains(one)));
}

#[test]
fn the_head_above_and_the_place_stand_in_a_payment_and_in_a_blocks_head() {
    let payment = CreditTransfer::full(&mut 0);
    let of = |above, ordinal| {
        payment_digest(Place { block_head: Digest([above; 32]), ordinal }, &payment, &mut Canonical::default())
    };
    assert_ne!(of(1, 3), of(2, 3));
    assert_ne!(of(1, 3), of(1, 4));
    let head = PaymentInformation::full(&mut 0);
    let of = |above, block| block_head_digest(Digest([above; 32]), block, &head);
    assert_ne!(of(1, 3), of(2, 3));
    assert_ne!(of(1, 3), of(1, 4));
}

#[test]
fn where_a_payment_stands_in_the_file_changes_nothing() {
    let payment = CreditTransfer::full(&mut 0);
    let elsewhere = CreditTransfer { position: Position { line: 7, column: 8 }, block: 9, ordinal: 10, ..payment };
    assert_eq!(of_payment(&payment), of_payment(&elsewhere));
}

#[test]
fn spelling_of_a_number_changes_nothing() {
    let of = |units, scale| {
        let amount = Amount { value: Decimal::new(units, scale), currency: Currency::EUR };
        let amount = Some(RequestedAmount::Instructed(amount));
        of_payment(&CreditTransfer { amount, ..CreditTransfer::default() })
    };
    assert_eq!(of(15, 1), of(1500, 3));
    assert_eq!(of(0, 0), of(0, 5));
    let beyond = 1_i128 << 80;
    assert_eq!(of(beyond, 1), of(beyond * 1000, 4));
    assert_ne!(of(15, 1), of(15, 2));
}

#[test]
fn a_code_is_not_a_houses_own_word() {
    let with = |reference: CodeOrProprietary<'static>| {
        let mut payment = CreditTransfer::full(&mut 0);
        payment.payment_type.local_instrument = Some(reference);
        of_payment(&payment)
    };
    assert_ne!(with(CodeOrProprietary::Code("INST")), with(CodeOrProprietary::Proprietary("INST")));
}

#[test]
fn a_reused_buffer_keeps_nothing_of_the_payment_before() {
    let (full, empty) = (CreditTransfer::full(&mut 0), CreditTransfer::default());
    let place = Place { block_head: ABOVE, ordinal: 0 };
    let mut used = Canonical::default();
    payment_bytes(place, &full, &mut used);
    payment_bytes(place, &empty, &mut used);
    let mut fresh = Canonical::default();
    payment_bytes(place, &empty, &mut fresh);
    assert_eq!(used.bytes(), fresh.bytes());
}
