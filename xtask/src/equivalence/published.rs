//! The published schemas under mutation: they refuse nothing that the exchange takes, and take nothing that ISO 20022
//! refuses.

use iso20022::MessageType;
use rulebook::Code;
use tdam::generate::random::Random;
use xsd::{Bounds, Model, Selection, Validator};

use super::argued::{Case, class_of};
use super::document::Document;
use super::mutate::{self, Mutant};
use super::{comparison, oracle};

// The messages to begin with and what judges them are those of the publication's own tests.
#[path = "../../../crates/publication/tests/suite/support/mod.rs"]
#[allow(dead_code, unreachable_pub, reason = "the publication's tests use more of it")]
mod support;

use support::{PAYMENTS, checked, findings, full_payment, published};

fn iso(message_type: MessageType) -> Model {
    Model::from_table(iso20022::table(message_type)).unwrap()
}

fn mutant(model: &Model, original: &str, number: u64, random: &mut Random) -> (Vec<&'static str>, Option<String>) {
    let Mutant { document, ways } = mutate::mutant(Document::new(model, original.to_owned()), number, random);
    // Other encodings are no matter of a schema.
    (ways, String::from_utf8(document).ok())
}

/// Small changes of many kinds; a message that is still accepted is changed again.
#[test]
fn what_the_checker_accepts_the_published_schema_accepts() {
    for message_type in PAYMENTS {
        let (schema, model) = (published(message_type), iso(message_type));
        let seeds = [publication::example(message_type).to_owned(), full_payment(message_type)];
        let (mut accepted, mut refused_by_both) = (0, 0);
        for number in 0..1_500 {
            let mut random = Random::of(9_001, (message_type as u64) << 40 | number);
            let mut message = seeds[number as usize % 2].clone();
            for change in 0..3 {
                let (ways, Some(changed)) = mutant(&model, &message, number + 13 * change, &mut random) else { break };
                // A message that names its types itself names ISO's, which the published schema has narrowed.
                if changed == message || ways.contains(&"xsi:type") {
                    break;
                }
                let (by_checker, by_schema) = (checked(message_type, &changed), findings(&schema, &changed));
                if by_checker.is_none_or(|codes: Vec<Code>| !codes.is_empty()) {
                    refused_by_both += usize::from(!by_schema.is_empty());
                    break;
                }
                accepted += 1;
                assert!(by_schema.is_empty(), "{message_type}, {ways:?}: {by_schema:?}\n{changed}");
                message = changed;
            }
        }
        assert!(
            accepted > 200 && refused_by_both > 200,
            "{message_type}: {accepted} accepted, {refused_by_both} refused"
        );
    }
}

/// For any change of a message: if it is valid by the published schema, it is valid by ISO 20022's.
#[test]
fn what_the_published_schema_accepts_iso_20022_accepts() {
    for message_type in MessageType::ALL {
        let (ours, iso_schema, model) = (published(message_type), iso20022::schema(message_type), iso(message_type));
        let (mut accepted, mut narrower) = (0, 0);
        for number in 0..400 {
            let mut random = Random::of(20_022, (message_type as u64) << 40 | number);
            let example = publication::example(message_type);
            let (ways, Some(changed)) = mutant(&model, example, number, &mut random) else { continue };
            let (by_ours, by_iso) = (findings(&ours, &changed), findings(iso_schema, &changed));
            if by_ours.is_empty() {
                accepted += 1;
                assert!(by_iso.is_empty(), "{message_type}, {ways:?}: {by_iso:?}\n{changed}");
            }
            narrower += usize::from(by_iso.is_empty() && !by_ours.is_empty());
        }
        assert!(accepted > 50 && narrower > 0, "{message_type}: {accepted} accepted, {narrower} refused by ours alone");
    }
}

/// libxml2, with the published schema as others get it, says the same of each mutant.
#[test]
fn libxml2_agrees_about_mutants() {
    if support::official_schemas().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for message_type in MessageType::ALL {
        let path = folder.path().join("published.xsd");
        std::fs::write(&path, publication::xsd(message_type)).unwrap();
        let (schema, model) = (published(message_type), iso(message_type));
        let mutants: Vec<Vec<u8>> = (0..80)
            .map(|number| {
                let mut random = Random::of(7, (message_type as u64) << 40 | number);
                let example = publication::example(message_type).to_owned();
                mutate::mutant(Document::new(&model, example), number, &mut random).document
            })
            .collect();
        let documents: Vec<&[u8]> = mutants.iter().map(Vec::as_slice).collect();
        for (document, libxml2) in documents.iter().zip(&oracle::libxml2(&path, &documents).unwrap()) {
            let nothing = Selection::nothing(&schema);
            let ours = Validator::new(&schema, &nothing, *document, Bounds::default()).finish();
            if comparison::is_valid(&ours) != libxml2.is_valid {
                let is_argued = class_of(&Case { document, ours: &ours, libxml2 }).is_some();
                let shown = String::from_utf8_lossy(document);
                assert!(is_argued, "{message_type}: {ours:?}\n{}\n{shown}", libxml2.words);
            }
        }
    }
}
