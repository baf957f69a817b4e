//! `cargo xtask fuzz-seeds`: writes `fuzz/seeds`, from which fuzzing starts: small messages of all twelve types, written
//! from the schemas, each as it is and changed in a few ways.

use std::error::Error;
use std::path::PathBuf;

use clap::Args;
use iso20022::MessageType;
use tdam::generate::random::Random;
use xsd::Model;

use super::document::Document;
use super::{author, mutate};

/// Longer ones would only slow down the search.
const BYTES_MAX: usize = 2_500;
/// Changed messages of each type.
const MUTANTS: u64 = 6;

/// Where to write.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Folder of the seeds.
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/seeds"))]
    folder: PathBuf,
}

/// Writes the seeds, always the same.
///
/// # Errors
/// When they cannot be written.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    for message in MessageType::ALL {
        let model = Model::from_table(iso20022::table(message))?;
        let mut random = Random::of(0, message as u64);
        for number in 0..=MUTANTS {
            let original = loop {
                let text = author::write(&model, &mut random);
                if text.len() <= BYTES_MAX {
                    break text;
                }
            };
            let document = match number {
                0 => original.into_bytes(),
                // Ways differ from message to message, so that all of them appear.
                _ => {
                    let way = number + MUTANTS * message as u64;
                    mutate::mutant(Document::new(&model, original), way, &mut random).document
                }
            };
            std::fs::write(arguments.folder.join(format!("{message}-{number}.xml")), document)?;
        }
    }
    Ok(())
}
