//! `tdam schema export` and `tdam format-description`: publications from the command line.

use std::fs;

use iso20022::MessageType;
use tdam::generate::{AccountReport, PaymentBatch};

use super::{run, tdam};

#[test]
fn one_schema_goes_to_standard_output() {
    let ran = run(&mut tdam(["schema", "export", "pain.001.001.09"]));
    assert_eq!((ran.exit, ran.err.as_str()), (0, ""));
    let model = xsd::model::read_xsd(ran.out.as_bytes()).unwrap();
    assert_eq!(model.target_namespace, MessageType::Pain001V09.namespace());
    let iso = run(&mut tdam(["schema", "export", "--iso", "pain.001.001.09"]));
    assert_eq!(iso.exit, 0, "{}", iso.err);
    let iso = xsd::model::read_xsd(iso.out.as_bytes()).unwrap();
    assert_eq!(iso.to_table(), iso20022::table(MessageType::Pain001V09));
    assert_ne!(model, iso);
}

#[test]
fn several_documents_go_into_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("new/folder");
    for (arguments, ending, count) in [
        (&["schema", "export"][..], "xsd", 12),
        (&["format-description", "--format", "html"], "html", 12),
        (&["format-description", "camt.052", "pain.002.001.10", "camt.052.001.02"], "md", 3),
    ] {
        let ran = run(tdam(arguments).arg("--output").arg(&into));
        assert_eq!(ran.exit, 0, "{}", ran.err);
        assert_eq!(ran.out.lines().count(), count, "{}", ran.out);
        let files = fs::read_dir(&into).unwrap().map(|entry| entry.unwrap().path());
        assert_eq!(files.filter(|path| path.extension().unwrap() == ending).count(), count);
    }
    let ran = run(&mut tdam(["schema", "export", "pain.001"]));
    assert_eq!(ran.exit, 2, "two schemas do not fit one output");
    assert!(ran.err.contains("--output DIR"), "{}", ran.err);
}

#[test]
fn a_description_is_in_the_language_that_is_asked_for() {
    let said = |language| run(&mut tdam(["format-description", "camt.060.001.05", "--language", language])).out;
    assert!(said("lv").starts_with("# Formāta apraksts camt.060.001.05"));
    assert!(said("en").starts_with("# Format description camt.060.001.05"));
}

#[test]
fn a_message_that_does_not_exist_is_told_those_that_do() {
    for name in ["pain.008", "pain.00", "camt.052.001.09", ""] {
        let ran = run(&mut tdam(["format-description", name]));
        assert_eq!(ran.exit, 2, "{name}");
        assert!(ran.err.contains("pain.001.001.03, pain.001.001.09"), "{name}: {}", ran.err);
    }
}

/// The example of the description is a file that `tdam validate` finds in order.
#[test]
fn examples_of_descriptions_pass_validation() {
    let folder = tempfile::tempdir().unwrap();
    for message_type in MessageType::ALL {
        let page = run(&mut tdam(["format-description", message_type.name()])).out;
        let example = page.split("```xml\n").nth(1).unwrap().split("```").next().unwrap();
        let path = folder.path().join(format!("{message_type}.xml"));
        fs::write(&path, example).unwrap();
        let date = publication::EXAMPLE_DAY.to_string();
        let ran = run(tdam(["validate", "--date", &date]).arg(&path));
        assert_eq!(ran.exit, 0, "{}", ran.out);
    }
}

/// The findings of a message's published schema.
fn against_published_schema(message_type: MessageType, xml: &[u8]) -> Vec<String> {
    let schema = xsd::Schema::from_model(publication::model(message_type)).unwrap();
    let nothing = xsd::Selection::new(&schema, &[]).unwrap();
    let mut validator = xsd::Validator::new(&schema, &nothing, xml, xsd::Bounds::default());
    while !matches!(validator.next().unwrap(), xsd::Event::End) {}
    validator.findings().iter().map(ToString::to_string).collect()
}

/// For any seed, generated files have the exchange's form, so an importer tested on them meets nothing else in
/// operation.
#[test]
fn what_is_generated_is_valid_by_the_published_schema() {
    const REPORTS: [MessageType; 6] = [
        MessageType::Camt052V02,
        MessageType::Camt052V08,
        MessageType::Camt053V02,
        MessageType::Camt053V08,
        MessageType::Camt054V02,
        MessageType::Camt054V08,
    ];
    let date = "2026-11-24".parse().unwrap();
    for (seed, size) in (1..=12).zip([1, 2, 9, 300].into_iter().cycle()) {
        for message_type in [MessageType::Pain001V03, MessageType::Pain001V09] {
            let mut batch = PaymentBatch::new(size, seed, date);
            batch.message_type = message_type;
            let mut xml = Vec::new();
            batch.write(&mut xml).unwrap();
            let findings = against_published_schema(message_type, &xml);
            assert!(findings.is_empty(), "{message_type}, seed {seed}: {findings:?}");
        }
        for message_type in REPORTS {
            let mut xml = Vec::new();
            AccountReport::new(message_type, size, seed, date).write(&mut xml).unwrap();
            let findings = against_published_schema(message_type, &xml);
            assert!(findings.is_empty(), "{message_type}, seed {seed}: {findings:?}");
        }
    }
}
