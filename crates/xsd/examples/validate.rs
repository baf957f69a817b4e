//! Validates one file: `cargo run --release -p xsd --example validate -- SCHEMA FILE`.
//!
//! SCHEMA is a schema document (`.xsd`) or a table text.
#![allow(missing_docs)]

use std::error::Error;
use std::fs::File;
use std::process::ExitCode;

use xsd::{Bounds, Schema, Selection, Validator};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [schema, file] = arguments.as_slice() else {
        eprintln!("usage: validate SCHEMA FILE");
        return Ok(ExitCode::from(2));
    };
    let text = std::fs::read_to_string(schema)?;
    let schema = match schema.ends_with(".xsd") {
        true => Schema::from_model(&xsd::model::read_xsd(text.as_bytes())?)?,
        false => Schema::from_table(&text)?,
    };
    let nothing = Selection::nothing(&schema);
    let validator = Validator::new(&schema, &nothing, File::open(file)?, Bounds::default());
    let findings = validator.finish()?;
    for finding in &findings {
        println!("{file}:{finding}");
    }
    println!("{file}: {} findings", findings.total());
    Ok(ExitCode::from(u8::from(!findings.is_empty())))
}
