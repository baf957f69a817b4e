//! Fixed digests of whole messages. `ci/python/payments_digest.py` made them, which has nothing of this code; the gate runs
//! it again.

use iso20022::MessageType;
use iso20022::pain001::{Item, Reader};
use signatures::payments::{Context, MessageDigester};

const CONTEXT: Context = Context { client: 7, submission: 4711 };

/// The digests of a message, as the script prints them.
fn digests(message_type: MessageType, xml: &[u8]) -> String {
    let mut reader = Reader::new(message_type, xml, xsd::Bounds::default());
    let Some(Item::GroupHeader(header)) = reader.next().unwrap() else { panic!("no header") };
    let mut digester = MessageDigester::new(CONTEXT, &header, None);
    let (mut blocks, mut payments) = (Vec::new(), Vec::new());
    while let Some(item) = reader.next().unwrap() {
        let digest = digester.item(&item).unwrap();
        match item {
            Item::EndOfPaymentInformation { .. } => blocks.extend(digest),
            _ => payments.extend(digest),
        }
    }
    assert!(reader.findings().is_empty(), "{:?}", reader.findings());
    let message = digester.finish().unwrap().message;
    let mut lines = vec![format!("message {message}")];
    lines.extend(blocks.iter().enumerate().map(|(place, block)| format!("block {place} {block}")));
    lines.extend(payments.iter().enumerate().map(|(place, payment)| format!("payment {place} {payment}")));
    lines.join("\n") + "\n"
}

#[test]
fn one_message_has_one_digest_in_both_generations() {
    let wanted = include_str!("../../messages/both-generations.digests");
    let older = include_bytes!("../../messages/both-generations.03.xml");
    let newer = include_bytes!("../../messages/both-generations.09.xml");
    assert_eq!(digests(MessageType::Pain001V03, older), wanted);
    assert_eq!(digests(MessageType::Pain001V09, newer), wanted);
}

#[test]
fn what_only_the_newer_generation_has_is_covered_too() {
    let wanted = include_str!("../../messages/newer-generation.digests");
    let newer = include_bytes!("../../messages/newer-generation.xml");
    assert_eq!(digests(MessageType::Pain001V09, newer), wanted);
}
