//! Makes `crates/iso20022/tables/<message>.table` from the official ISO 20022 schemas.
//!
//! The schema files are not part of the repository; everyone can download them from iso20022.org. Their tables are part
//! of it, because a build must not depend on a download and a review must show a change of a message.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use iso20022::MessageType;

/// What to make the tables from.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Folder with the official schemas, named `<message>.xsd`.
    #[arg(long, value_name = "DIR")]
    xsd: PathBuf,
    /// Writes nothing; fails when a table differs from what would be written.
    #[arg(long)]
    check: bool,
    /// Folder of the tables.
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/iso20022/tables"))]
    tables: PathBuf,
}

/// Writes the twelve tables, or checks them.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let mut outdated = Vec::new();
    for message in MessageType::ALL {
        let table = table_of(message, &arguments.xsd)?;
        let path = arguments.tables.join(format!("{message}.table"));
        if fs::read_to_string(&path).is_ok_and(|present| present == table) {
            continue;
        }
        if arguments.check {
            outdated.push(message.name());
        } else {
            fs::write(&path, table).map_err(|error| format!("{}: {error}", path.display()))?;
            println!("{}", path.display());
        }
    }
    if outdated.is_empty() {
        return Ok(());
    }
    Err(format!("not up to date: {}", outdated.join(", ")).into())
}

/// The table of one message; it is compiled once, so that a table that cannot be used is never written.
fn table_of(message: MessageType, folder: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let path = folder.join(format!("{message}.xsd"));
    let explain = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let bytes = fs::read(&path).map_err(|error| explain(&error))?;
    let table = xsd::model::read_xsd(&bytes).map_err(|error| explain(&error))?.to_table();
    let schema = xsd::Schema::from_table(&table).map_err(|error| explain(&error))?;
    if schema.target_namespace() != message.namespace() {
        return Err(explain(&format!("its namespace is {}", schema.target_namespace())).into());
    }
    Ok(table)
}
