//! The published schemas: narrower than ISO 20022's, readable by other programs, and our examples are valid by them.
use std::process::Command;

use crate::support::{self, findings, published};
use iso20022::MessageType;
use rulebook::Guideline;
use rulebook::usage::{Direction, Narrowing, Usage};
use xsd::Model;

fn iso(message_type: MessageType) -> Model {
    Model::from_table(iso20022::table(message_type)).unwrap()
}

#[test]
fn the_document_says_what_the_model_says() {
    for message_type in MessageType::ALL {
        let read = xsd::model::read_xsd(publication::xsd(message_type).as_bytes()).unwrap();
        assert_eq!(read, *publication::model(message_type), "{message_type}");
        assert_eq!(read.target_namespace, message_type.namespace());
    }
}

/// A restriction that changes nothing would be published for nothing. Only lengths may be as they are in ISO 20022.
#[test]
fn every_restriction_narrows() {
    for message_type in MessageType::ALL {
        let usage = Usage::of(message_type, &Guideline::latvia());
        for (index, restriction) in usage.restrictions.iter().enumerate() {
            let mut without = usage.clone();
            without.restrictions.remove(index);
            let model = publication::narrowed(&iso(message_type), &without).unwrap().model;
            let changes = model != *publication::model(message_type);
            let is_length = matches!(restriction.narrowing, Narrowing::CharsMax(_));
            assert!(changes || is_length, "{message_type}: {restriction:?}");
        }
    }
}

#[test]
fn a_guideline_that_does_not_fit_is_refused_by_name() {
    let message_type = MessageType::Pain001V09;
    let fits = Usage::of(message_type, &Guideline::latvia());
    let refused = |path: &str, narrowing: Narrowing| {
        let mut usage = fits.clone();
        usage.restrictions[0].path = path.to_owned();
        usage.restrictions[0].narrowing = narrowing;
        publication::narrowed(&iso(message_type), &usage).unwrap_err().to_string()
    };
    let unknown = refused("CstmrCdtTrfInitn/GrpHdr/Nonsense", Narrowing::Mandatory);
    assert_eq!(unknown, "CstmrCdtTrfInitn/GrpHdr/Nonsense: the schema has no such element");
    let demanded = refused("CstmrCdtTrfInitn/GrpHdr/MsgId", Narrowing::NotUsed);
    assert_eq!(demanded, "CstmrCdtTrfInitn/GrpHdr/MsgId: the schema demands this element");
    let values = Narrowing::Values { name: "Wrong", values: vec!["CASH".to_owned()] };
    let value = refused("CstmrCdtTrfInitn/PmtInf/PmtMtd", values);
    assert_eq!(value, "CstmrCdtTrfInitn/PmtInf/PmtMtd: the schema does not allow the value CASH");
    let nothing = refused("CstmrCdtTrfInitn/PmtInf/DbtrAcct/Id/IBAN", Narrowing::NotUsed);
    assert_eq!(nothing, "CstmrCdtTrfInitn/PmtInf/DbtrAcct/Id/(choice): nothing is left to choose");
}

#[test]
fn examples_are_valid_by_both_schemas() {
    for message_type in MessageType::ALL {
        let example = publication::example(message_type);
        assert_eq!(findings(&published(message_type), example), [] as [&str; 0], "{message_type}");
        assert_eq!(findings(iso20022::schema(message_type), example), [] as [&str; 0], "{message_type}");
    }
}

#[test]
fn nothing_stands_in_our_messages_that_the_table_does_not_have() {
    for message_type in MessageType::ALL {
        let usage = Usage::of(message_type, &Guideline::latvia());
        assert_eq!(usage.direction == Direction::ToClient, !usage.written.is_empty(), "{message_type}");
        for path in &usage.written {
            assert!(path.starts_with(&format!("{}/", usage.root)), "{path}");
        }
        // The root of the table is the root of the schema.
        let schema = publication::xsd(message_type);
        assert!(schema.contains(&format!("<xs:element name=\"{}\"", usage.root)), "{message_type}");
    }
}

#[test]
fn libxml2_reads_the_published_schemas_and_agrees_about_the_examples() {
    let Some(official) = support::official_schemas() else { return };
    let folder = tempfile::tempdir().unwrap();
    for message_type in MessageType::ALL {
        let example = folder.path().join(format!("{message_type}.xml"));
        let schema = folder.path().join(format!("{message_type}.xsd"));
        std::fs::write(&example, publication::example(message_type)).unwrap();
        std::fs::write(&schema, publication::xsd(message_type)).unwrap();
        for schema in [schema, official.join(format!("{message_type}.xsd"))] {
            let judged =
                Command::new("xmllint").args(["--noout", "--nonet", "--schema"]).arg(&schema).arg(&example).output();
            let judged = judged.unwrap();
            assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
        }
    }
}
