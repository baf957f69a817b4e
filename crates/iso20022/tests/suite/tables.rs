//! The committed tables: each compiles to the schema of its message, and says what the official schema says.

use crate::support;
use iso20022::MessageType;

#[test]
fn each_table_is_the_schema_of_its_message() {
    for message_type in MessageType::ALL {
        let schema = iso20022::schema(message_type);
        assert_eq!(schema.target_namespace(), message_type.namespace());
        assert_eq!(schema.root(), "Document");
    }
}

#[test]
fn each_table_is_what_the_official_schema_says() {
    let Some(reference) = support::reference() else { return };
    for message_type in MessageType::ALL {
        let xsd = std::fs::read(reference.join("xsd").join(format!("{message_type}.xsd"))).unwrap();
        let official = xsd::model::read_xsd(&xsd).unwrap().to_table();
        // Not assert_eq: the difference would fill the screen.
        assert!(iso20022::table(message_type) == official, "run `cargo xtask gen-messages`: {message_type} differs");
    }
}

#[test]
fn each_reader_finds_its_paths_in_the_schema() {
    for message_type in MessageType::ALL {
        let empty = format!("<Document xmlns=\"{}\"/>", message_type.namespace());
        let findings = support::our_verdict(message_type, empty.as_bytes()).unwrap();
        assert_eq!(findings.len(), 1, "{message_type}: {findings:?}");
    }
}
