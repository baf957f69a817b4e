//! The tree over payments and blocks: held against a second implementation by recursion, and proofs of every payment.

use std::collections::HashMap;

use iso20022::pain001::{CreditTransfer, GroupHeader, Item, PaymentInformation};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use signatures::payments::{
    Canonical, Context, Digest, DigestError, Digested, Inclusion, MessageDigester, Place, Proof, Wanted,
    block_head_digest, message_head_digest, payment_digest,
};

use super::values::leak;

const CONTEXT: Context = Context { client: 7, submission: 4711 };
/// Every shape of a tree up to here is tried with each of its leaves.
const LEAVES_MAX: usize = 33;

fn header() -> GroupHeader<'static> {
    GroupHeader { message_id: "M", ..GroupHeader::default() }
}

fn head(name: &'static str) -> PaymentInformation<'static> {
    PaymentInformation { payment_information_id: name, ..PaymentInformation::default() }
}

fn payment(name: &'static str) -> CreditTransfer<'static> {
    CreditTransfer { end_to_end_id: name, ..CreditTransfer::default() }
}

/// A message: blocks by name, each with payments by name.
type Blocks = Vec<(&'static str, Vec<&'static str>)>;

fn digested(blocks: &Blocks, wanted: Option<Wanted>) -> Digested {
    let mut digester = MessageDigester::new(CONTEXT, &header(), wanted);
    for (name, payments) in blocks {
        digester.begin_block(&head(name)).unwrap();
        for name in payments {
            digester.payment(&payment(name)).unwrap();
        }
        digester.end_block().unwrap();
    }
    digester.finish().unwrap()
}

fn hash(kind: u8, parts: &[&[u8]]) -> Digest {
    let mut bytes = b"tdam/signed-payments/1\0".to_vec();
    bytes.push(kind);
    parts.iter().for_each(|part| bytes.extend_from_slice(part));
    Digest(Sha256::digest(bytes).into())
}

/// RFC 6962, 2.1, as it is written there.
fn root(leaves: &[Digest]) -> Digest {
    if let [leaf] = leaves {
        return *leaf;
    }
    let half = leaves.len().div_ceil(2).next_power_of_two();
    hash(1, &[&root(&leaves[..half]).0, &root(&leaves[half..]).0])
}

/// The second implementation: the digests of payments, of blocks, and of the message.
fn naive(blocks: &Blocks) -> (Vec<Digest>, Vec<Digest>, Digest) {
    let message_head = message_head_digest(CONTEXT, &header());
    let (mut all, mut tops) = (Vec::new(), Vec::new());
    for (place, (name, payments)) in (0_u64..).zip(blocks) {
        let block_head = block_head_digest(message_head, place, &head(name));
        let mut leaves = Vec::new();
        for name in payments {
            let place = Place { block_head, ordinal: (all.len() + leaves.len()) as u64 };
            leaves.push(payment_digest(place, &payment(name), &mut Canonical::default()));
        }
        let count = leaves.len() as u64;
        tops.push(hash(4, &[&block_head.0, &count.to_be_bytes(), &root(&leaves).0]));
        all.extend(leaves);
    }
    let counts = [tops.len() as u64, all.len() as u64].map(u64::to_be_bytes);
    let message = hash(5, &[&message_head.0, &counts[0], &counts[1], &root(&tops).0]);
    (all, tops, message)
}

fn names(count: usize) -> Vec<&'static str> {
    (0..count).map(|number| leak(format!("P{number}"))).collect()
}

#[test]
fn the_tree_is_that_of_the_rfc_and_every_payment_is_proved() {
    for count in 1..=LEAVES_MAX {
        let blocks = vec![("A", names(count))];
        let (payments, _, message) = naive(&blocks);
        for (place, leaf) in payments.iter().enumerate() {
            let found = digested(&blocks, Some(Wanted::Payment(place as u64)));
            assert_eq!((found.message, found.payments), (message, count as u64));
            let proof = found.proof.unwrap();
            assert_eq!(proof.message_digest(*leaf), Some(message), "payment {place} of {count}");
            for other in payments.iter().filter(|other| *other != leaf) {
                assert_ne!(proof.message_digest(*other), Some(message), "payment {place} of {count}");
            }
        }
    }
}

#[test]
fn every_block_is_proved() {
    for count in 1..=LEAVES_MAX {
        let blocks: Blocks = (0..count).map(|number| (leak(format!("B{number}")), names(1 + number % 3))).collect();
        let (_, tops, message) = naive(&blocks);
        for (place, block) in tops.iter().enumerate() {
            let found = digested(&blocks, Some(Wanted::Block(place as u64)));
            assert_eq!(found.message, message);
            assert_eq!(found.proof.unwrap().message_digest(*block), Some(message), "block {place} of {count}");
        }
    }
}

#[test]
fn evidence_of_one_payment_of_many_is_small() {
    let count = 1000;
    let found = digested(&vec![("A", names(count))], Some(Wanted::Payment(617)));
    let Some(Proof::Payment(proof)) = found.proof else { panic!("{found:?}") };
    assert_eq!((proof.inclusion.path.len(), proof.block.inclusion.path.len()), (10, 0));
}

#[test]
fn nothing_is_proved_of_a_part_that_is_not_there() {
    let blocks = vec![("A", names(3))];
    for wanted in [Wanted::Payment(3), Wanted::Payment(u64::MAX), Wanted::Block(1)] {
        assert_eq!(digested(&blocks, Some(wanted)).proof, None);
    }
}

#[test]
fn a_changed_proof_proves_nothing() {
    let blocks = vec![("A", names(5)), ("B", names(6))];
    let (payments, _, message) = naive(&blocks);
    let leaf = payments[7];
    let Some(Proof::Payment(proof)) = digested(&blocks, Some(Wanted::Payment(7))).proof else { panic!() };
    assert_eq!(proof.message_digest(leaf), Some(message));
    let changes: [&dyn Fn(&mut Inclusion); 6] = [
        &|it| it.position += 1,
        &|it| it.count += 1,
        &|it| it.count = 0,
        &|it| {
            it.path.pop();
        },
        &|it| it.path.push(Digest([0; 32])),
        &|it| it.path.reverse(),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut changed = proof.clone();
        change(&mut changed.inclusion);
        assert_ne!(changed.message_digest(leaf), Some(message), "change {number}");
    }
    let mut changed = proof.clone();
    changed.block_head.0[0] ^= 1;
    assert_ne!(changed.message_digest(leaf), Some(message));
    changed = proof.clone();
    changed.block.payments += 1;
    assert_ne!(changed.message_digest(leaf), Some(message));
    changed = proof.clone();
    changed.block.message_head.0[31] ^= 1;
    assert_ne!(changed.message_digest(leaf), Some(message));
    // A node is no payment: the upper half of the tree does not pass for a shorter one.
    let upper = Inclusion { position: 0, count: 2, path: proof.inclusion.path[1..].to_vec() };
    changed = proof.clone();
    changed.inclusion = upper;
    assert_ne!(changed.message_digest(leaf), Some(message));
}

#[test]
fn removing_reordering_repeating_and_moving_changes_the_digest() {
    let base: Blocks = vec![("A", vec!["1", "2", "3", "4"]), ("B", vec!["5", "6"]), ("C", vec!["7"])];
    let mut all = vec![base.clone()];
    let mut change = |change: &dyn Fn(&mut Blocks)| {
        let mut blocks = base.clone();
        change(&mut blocks);
        blocks.retain(|(_, payments)| !payments.is_empty());
        all.push(blocks);
    };
    for block in 0..3 {
        change(&|blocks| drop(blocks.remove(block)));
        change(&|blocks| blocks.insert(block, blocks[block].clone()));
        for other in block + 1..3 {
            change(&|blocks| blocks.swap(block, other));
            change(&|blocks| {
                let payments = blocks.remove(other).1;
                blocks[block].1.extend(payments);
            });
            change(&|blocks| {
                let last = blocks[block].1.pop().unwrap();
                blocks[other].1.insert(0, last);
            });
        }
        for payment in 0..base[block].1.len() {
            change(&|blocks| {
                blocks[block].1.remove(payment);
            });
            change(&|blocks| {
                let again = blocks[block].1[payment];
                blocks[block].1.insert(payment, again);
            });
            change(&|blocks| {
                let again = blocks[block].1[payment];
                blocks[block].1.push(again);
            });
            for other in payment + 1..base[block].1.len() {
                change(&|blocks| blocks[block].1.swap(payment, other));
            }
        }
    }
    let mut seen: HashMap<Digest, Blocks> = HashMap::new();
    for blocks in all {
        if let Some(same) = seen.insert(digested(&blocks, None).message, blocks.clone()) {
            assert_eq!(same, blocks, "one digest");
        }
    }
    assert!(seen.len() > 30, "{}", seen.len());
}

#[test]
fn parts_out_of_order_have_no_digest() {
    let digester = || MessageDigester::new(CONTEXT, &header(), None);
    assert_eq!(digester().finish(), Err(DigestError::Empty));
    assert_eq!(digester().end_block(), Err(DigestError::OutOfOrder));
    assert_eq!(digester().payment(&payment("1")), Err(DigestError::OutOfOrder));
    assert_eq!(digester().item(&Item::GroupHeader(header())), Err(DigestError::OutOfOrder));
    let mut open = digester();
    open.begin_block(&head("A")).unwrap();
    assert_eq!(open.begin_block(&head("B")), Err(DigestError::OutOfOrder));
    assert_eq!(open.finish(), Err(DigestError::OutOfOrder));
    let mut empty = digester();
    empty.begin_block(&head("A")).unwrap();
    assert_eq!(empty.end_block(), Err(DigestError::Empty));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn messages_of_any_shape_agree_with_the_second_implementation(
        sizes in proptest::collection::vec(1_usize..20, 1..12),
        wanted in any::<prop::sample::Index>(),
    ) {
        let blocks: Blocks =
            sizes.iter().enumerate().map(|(number, size)| (leak(format!("B{number}")), names(*size))).collect();
        let (payments, _, message) = naive(&blocks);
        let wanted = wanted.index(payments.len());
        let found = digested(&blocks, Some(Wanted::Payment(wanted as u64)));
        prop_assert_eq!(found.message, message);
        prop_assert_eq!((found.blocks, found.payments), (sizes.len() as u64, payments.len() as u64));
        prop_assert_eq!(found.proof.unwrap().message_digest(payments[wanted]), Some(message));
    }
}
