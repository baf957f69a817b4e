//! Prints the digests of a pain.001 as `ci/python/payments_digest.py` does, so the two can be held against each other.
//!
//!     cargo run -p signatures --example digest -- CLIENT SUBMISSION pain.001.xml

use std::error::Error;
use std::fs;

use iso20022::MessageType;
use iso20022::pain001::{Item, Reader};
use signatures::payments::{Context, MessageDigester};

/// In the namespace of the newer generation.
const MARK: &[u8] = b"pain.001.001.09";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [client, submission, file] = arguments.as_slice() else { return Err("CLIENT SUBMISSION pain.001.xml".into()) };
    let context = Context { client: client.parse()?, submission: submission.parse()? };
    let xml = fs::read(file)?;
    let is_newer = xml.windows(MARK.len()).any(|some| some == MARK);
    let message_type = if is_newer { MessageType::Pain001V09 } else { MessageType::Pain001V03 };
    let mut reader = Reader::new(message_type, xml.as_slice(), xsd::Bounds::default());
    let Some(Item::GroupHeader(header)) = reader.next()? else { return Err("no group header".into()) };
    let mut digester = MessageDigester::new(context, &header, None);
    let (mut blocks, mut payments) = (Vec::new(), Vec::new());
    while let Some(item) = reader.next()? {
        let digest = digester.item(&item)?;
        match item {
            Item::EndOfPaymentInformation { .. } => blocks.extend(digest),
            _ => payments.extend(digest),
        }
    }
    if !reader.findings().is_empty() || reader.omitted() > 0 {
        return Err("the message departs from its schema".into());
    }
    println!("message {}", digester.finish()?.message);
    blocks.iter().enumerate().for_each(|(place, block)| println!("block {place} {block}"));
    payments.iter().enumerate().for_each(|(ordinal, payment)| println!("payment {ordinal} {payment}"));
    Ok(())
}
