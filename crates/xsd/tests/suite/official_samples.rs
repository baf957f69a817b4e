//! The official schemas as tables, and public sample messages read in pieces. (Verdicts on samples: `cargo xtask equivalence`.)
use crate::support::{judge, judge_from, official_models, reference, samples};
use xsd::{Model, Schema};

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
