//! A model written as a schema document reads back as itself, and libxml2 judges by it as by the original.
use std::process::Command;

use crate::support;
use proptest::prelude::*;
use xsd::model::{Component, Documentation, read_xsd};
use xsd::{Model, Schema};

#[test]
fn what_is_written_reads_back() {
    let table = "xsd-table 1
namespace urn:example:\"order\"&more
root Order Order

type Order
  Head 1..1 Empty
  (choice) 0..n
    Line 1..n Line
    (sequence) 2..3
      Note 0..1 xs:string
      (any) 0..n ##other lax

type Empty
  @id optional Key

type Line
  @Ccy required Currency
  value Amount

value Key xs:token
  whiteSpace collapse
  pattern [<>&\"]{2}

value Currency xs:string
  enumeration EUR
  enumeration \"a\\tb\\nc\"

value Amount xs:decimal
  totalDigits 9
  fractionDigits 2
  maxInclusive 1.5
  minExclusive 0
";
    let model = Model::from_table(table).unwrap();
    let xsd = model.to_xsd();
    assert_eq!(read_xsd(xsd.as_bytes()).unwrap(), model.clone().in_reading_order(), "{xsd}");
    assert_eq!(model.to_table(), table);
}

#[test]
fn documentation_stands_in_the_document_and_changes_nothing() {
    let table = "xsd-table 1\nnamespace urn:x\nroot A A\n\ntype A\n  @k optional V\n  B 0..1 V\n\nvalue V xs:string\n  maxLength 3\n";
    let model = Model::from_table(table).unwrap();
    let documented = model.to_documented_xsd(&|component| {
        let text = match component {
            Component::Schema => "all of <it>",
            Component::Element { of: "A", name: "B" } => "an element & more",
            Component::Attribute { of: "A", name: "k" } => "an attribute",
            Component::Value("V") => "a value",
            _ => return Vec::new(),
        };
        vec![Documentation { language: "en", text: text.to_owned() }]
    });
    for text in ["all of &lt;it&gt;", "an element &amp; more", "an attribute", "a value"] {
        let expected = format!("<xs:documentation xml:lang=\"en\">{text}</xs:documentation>");
        assert_eq!(documented.matches(&expected).count(), 1, "{documented}");
    }
    assert_eq!(read_xsd(documented.as_bytes()).unwrap(), model);
}

proptest! {
    #[test]
    fn any_text_survives_as_a_facet(text in "\\PC{0,20}|[\t\r\n\"&<> ]{0,5}") {
        let table = "xsd-table 1\nnamespace urn:x\nroot A A\n\ntype A\n  B 1..1 V\n\nvalue V xs:string\n";
        let mut model = Model::from_table(table).unwrap();
        model.simple_types[0].facets.enumeration.push(text);
        prop_assert_eq!(read_xsd(model.to_xsd().as_bytes()).unwrap(), model);
    }
}

#[test]
fn types_that_nothing_uses_are_left_out_on_request() {
    let table = "xsd-table 1\nnamespace urn:x\nroot A A\n\ntype A\n  B 1..1 V\n\ntype Unused\n  C 1..1 W\n\nvalue V xs:string\n\nvalue W xs:string\n";
    let model = Model::from_table(table).unwrap().without_unused_types();
    let names = |model: &Model| -> Vec<String> {
        let complex = model.complex_types.iter().map(|t| t.name.clone());
        complex.chain(model.simple_types.iter().map(|t| t.name.clone())).collect()
    };
    assert_eq!(names(&model), ["A", "V"]);
    Schema::from_table(&model.to_table()).unwrap();
}

#[test]
fn the_official_schemas_survive_and_libxml2_judges_by_the_copies_as_by_the_originals() {
    let Some(reference) = support::reference() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut judged = 0;
    for (name, path, model) in support::official_models(&reference) {
        let xsd = model.to_xsd();
        assert_eq!(read_xsd(xsd.as_bytes()).unwrap(), model, "{name}");
        let copy = folder.path().join(format!("{name}.xsd"));
        std::fs::write(&copy, xsd).unwrap();
        if !support::has_xmllint() {
            continue;
        }
        for sample in support::samples(&reference, &name) {
            let verdict = |schema: &std::path::Path| {
                let mut command = Command::new("xmllint");
                command.args(["--noout", "--nonet", "--schema"]).arg(schema).arg(&sample);
                command.output().unwrap().status.code()
            };
            // 5 would be: the schema itself is refused.
            let of_copy = verdict(&copy);
            assert_ne!(of_copy, Some(5), "{name}");
            assert_eq!(of_copy, verdict(&path), "{}", sample.display());
            judged += 1;
        }
    }
    println!("{judged} samples judged by the copies");
}
