//! Messages for tests of the published schemas, and other judges of them. The mutation tests of `xtask` use them too.
use std::path::{Path, PathBuf};
use std::process::Command;

use iso20022::common::{Account, Agent, CodeOrProprietary, Party, PaymentType, PostalAddress, Remittance};
use iso20022::pain001::{CreditTransfer, GroupHeader, Item, PaymentInformation, Reader, RequestedAmount, Writer};
use iso20022::{MessageType, common::Amount};
use money::{Currency, Decimal};
use publication::EXAMPLE_DAY;
use rulebook::{CheckContext, Checker, Code, Finding, Guideline};
use xsd::{Bounds, Event, Schema, Selection, Validator};

pub const PAYMENTS: [MessageType; 2] = [MessageType::Pain001V03, MessageType::Pain001V09];

/// The published schema, compiled from its document: what others get.
pub fn published(message_type: MessageType) -> Schema {
    let model = xsd::model::read_xsd(publication::xsd(message_type).as_bytes()).unwrap();
    Schema::from_model(&model).unwrap()
}

/// What a schema finds wrong; a document that cannot be read has that as its only finding.
pub fn findings(schema: &Schema, xml: &str) -> Vec<String> {
    let nothing = Selection::new(schema, &[]).unwrap();
    let mut validator = Validator::new(schema, &nothing, xml.as_bytes(), Bounds::default());
    loop {
        match validator.next() {
            Ok(Event::End) => return validator.findings().iter().map(ToString::to_string).collect(),
            Ok(_) => {}
            Err(error) => return vec![error.to_string()],
        }
    }
}

/// What the guideline's checker finds wrong with a pain.001; `None` when it is not valid by ISO 20022's schema.
pub fn checked(message_type: MessageType, xml: &str) -> Option<Vec<Code>> {
    let guideline = Guideline::latvia();
    let context = CheckContext {
        business_day: EXAMPLE_DAY,
        received_at: EXAMPLE_DAY.at(10, 0, 0, 0),
        message_type,
        hash_key: 11,
    };
    let mut checker = Checker::new(&guideline, context);
    let mut found: Vec<Finding> = Vec::new();
    let mut reader = Reader::new(message_type, xml.as_bytes(), Bounds::default());
    while let Some(item) = reader.next().ok()? {
        match item {
            Item::GroupHeader(header) => checker.group_header(&header, &mut found),
            Item::PaymentInformation(block) => drop(checker.payment_information(&block, &mut found)),
            Item::CreditTransfer(payment) => drop(checker.credit_transfer(&payment, &mut found)),
            Item::EndOfPaymentInformation { .. } => drop(checker.end_of_payment_information(&mut found)),
        }
    }
    checker.end_of_message(&mut found);
    let is_valid = reader.findings().is_empty() && reader.omitted() == 0;
    is_valid.then(|| found.into_iter().map(|finding| finding.code).collect())
}

/// A payment in which every element stands that the guideline narrows.
pub fn full_payment(message_type: MessageType) -> String {
    let address = PostalAddress {
        street_name: Some("Brīvības iela"),
        building_number: Some("21A"),
        post_code: Some("LV-1010"),
        town_name: Some("Rīga"),
        country: Some("LV"),
        address_lines: &["3. stāvs"],
        ..PostalAddress::ABSENT
    };
    let party = |name| Party { name: Some(name), postal_address: address, ..Party::default() };
    let account = |iban| Account { iban: Some(iban), ..Account::default() };
    let agent = |bic| Agent { bic: Some(bic), ..Agent::default() };
    let payment_type = PaymentType {
        service_levels: &[CodeOrProprietary::Code("SEPA")],
        category_purpose: Some("SUPP"),
        ..PaymentType::default()
    };
    let amount = Amount { value: Decimal::new(1_234, 2), currency: Currency::EUR };
    // Where a schema lets a client choose, one block has the one and the other the other.
    let identified = |name, is_private| Party {
        identification: Some("Nr. 1"),
        identification_scheme: Some(CodeOrProprietary::Proprietary("Pašu")),
        identification_issuer: Some("Reģistrs"),
        is_private,
        ..party(name)
    };
    let blocks = [
        (false, ["P/1", "I/1", "E/1"], Remittance { unstructured: &["Rēķins Nr. 1"], ..Remittance::default() }),
        (
            true,
            ["P/2", "I/2", "E/2"],
            Remittance { document_numbers: &["Nr. 1"], additional: &["Rēķins"], ..Remittance::default() },
        ),
    ];
    let total = Decimal::new(2 * 1_234, 2);
    let mut writer = Writer::new(message_type, Vec::new());
    writer
        .group_header(&GroupHeader {
            message_id: "M/1",
            creation_date_time: "2026-11-24T09:00:00",
            number_of_transactions: blocks.len() as u64,
            control_sum: Some(total),
            initiating_party: party("Iesniedzējs"),
            ..GroupHeader::default()
        })
        .unwrap();
    for (is_private, [block, instruction_id, end_to_end_id], remittance) in blocks {
        let ultimate_debtor = Some(identified("Patiesais maksātājs", is_private));
        writer
            .payment_information(&PaymentInformation {
                payment_information_id: block,
                payment_method: "TRF",
                number_of_transactions: Some(1),
                control_sum: Some(amount.value),
                payment_type,
                requested_execution_date: Some(EXAMPLE_DAY),
                debtor: party("Maksātājs"),
                debtor_account: account("LV07TREL5180453053000"),
                debtor_agent: agent("TRELLV22XXX"),
                ultimate_debtor,
                ..PaymentInformation::default()
            })
            .unwrap();
        writer
            .credit_transfer(&CreditTransfer {
                position: Default::default(),
                block: 0,
                ordinal: 0,
                instruction_id: Some(instruction_id),
                end_to_end_id,
                uetr: None,
                payment_type,
                amount: Some(RequestedAmount::Instructed(amount)),
                charge_bearer: Some("SLEV"),
                ultimate_debtor,
                creditor_agent: Some(agent("HABALV22")),
                creditor: Some(party("Saņēmējs")),
                creditor_account: Some(account("LV62HABA0551234567890")),
                ultimate_creditor: Some(identified("Patiesais saņēmējs", is_private)),
                purpose: Some("SUPP"),
                regulatory_reporting: &[],
                remittance,
            })
            .unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

/// Where an element stands in a text.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub start: usize,
    /// Behind the start tag.
    pub inner: usize,
    /// Before the end tag.
    pub inner_end: usize,
    pub end: usize,
}

/// The places of an element, by its path below `Document`, in a message of our own writers.
pub fn places(xml: &str, path: &str) -> Vec<Place> {
    let mut open: Vec<(&str, usize, usize)> = Vec::new();
    let mut found = Vec::new();
    for (start, _) in xml.match_indices('<') {
        let end = start + xml[start..].find('>').unwrap() + 1;
        let tag = &xml[start + 1..end - 1];
        if tag.starts_with('?') {
            continue;
        }
        if tag.starts_with('/') {
            let here: Vec<&str> = open.iter().skip(1).map(|(name, ..)| *name).collect();
            let (_, start_of_element, inner) = open.pop().unwrap();
            if here.join("/") == path {
                found.push(Place { start: start_of_element, inner, inner_end: start, end });
            }
        } else {
            open.push((tag.split(' ').next().unwrap(), start, end));
        }
    }
    found
}

/// The reference folder with the official schemas; `None`, said in a line, if there is none.
pub fn official_schemas() -> Option<PathBuf> {
    let folder = match std::env::var_os("TDAM_REFERENCE") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference"),
    };
    let schemas = folder.join("xsd");
    if schemas.is_dir() && Command::new("xmllint").arg("--version").output().is_ok() {
        return Some(schemas);
    }
    println!("skipped: no official schemas (TDAM_REFERENCE), or no xmllint");
    None
}
