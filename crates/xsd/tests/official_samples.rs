//! Verdicts on public sample messages equal those of libxml2 with the official schemas.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use support::{Verdict, has_xmllint, judge, judge_from, official_models, reference, samples, xmllint};
use xsd::{Model, ReadError, Schema};

/// What design leaves outside of the equivalence: other encodings and DOCTYPE, refused by name.
fn is_outside(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Refused(ReadError::Encoding { .. } | ReadError::Doctype { .. }))
}

#[test]
fn verdicts_equal_libxml2() {
    let Some(reference) = reference() else { return };
    if !has_xmllint() {
        return;
    }
    let mut compared = 0;
    let mut valid = 0;
    let mut wrong = Vec::new();
    for (name, xsd, model) in official_models(&reference) {
        let schema = Schema::from_model(&model).unwrap_or_else(|error| panic!("{name}: {error}"));
        let files = samples(&reference, &name);
        let oracle = xmllint(&xsd, &files);
        for file in files {
            let document = std::fs::read(&file).unwrap();
            let verdict = judge(&schema, &document);
            let (expected, said) = &oracle[&file];
            compared += 1;
            valid += usize::from(*expected);
            if verdict.is_valid() != *expected && !is_outside(&verdict) {
                wrong.push(format!("{}: {verdict:?}, libxml2: {said}", file.display()));
            }
        }
    }
    println!("{compared} samples compared, {valid} of them valid");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 100, "only {compared} samples found");
}

#[test]
fn tables_are_read_back_as_they_were_written() {
    let Some(reference) = reference() else { return };
    for (name, _, model) in official_models(&reference) {
        let table = model.to_table();
        let read = Model::from_table(&table).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read, model, "{name}");
        assert_eq!(read.to_table(), table, "{name}");
    }
}

#[test]
fn verdicts_do_not_depend_on_chunks() {
    struct Portions<'a>(&'a [u8], usize);
    impl std::io::Read for Portions<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let count = self.1.min(self.0.len()).min(into.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }
    let Some(reference) = reference() else { return };
    for (name, _, model) in official_models(&reference) {
        let schema = Schema::from_model(&model).unwrap();
        for file in samples(&reference, &name).iter().step_by(3) {
            let document = std::fs::read(file).unwrap();
            let whole = format!("{:?}", judge(&schema, &document));
            for portion in [1, 7, 61] {
                let parts = judge_from(&schema, Portions(&document, portion));
                assert_eq!(format!("{parts:?}"), whole, "{} in {portion}", file.display());
            }
        }
    }
}
