//! `tdam audit export`: the whole chain, line by line. A part of it could not be verified.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use audit::line_to_json;
use exchange::{AuditFilter, AuditReading, Operator};

use crate::backup::files::create;
use crate::commands::opened::open;
use crate::configuration::Configuration;
use crate::terminal::{Exit, Failure, Terminal};

/// Where to.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// A file that does not exist yet [default: the standard output]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

pub(super) async fn run(
    configuration: &Configuration,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let (_, operator) = open(configuration).await?;
    let Some(path) = &arguments.to else {
        operator.note_audit_reading(AuditReading::Exported, &AuditFilter::default()).await.map_err(Failure::service)?;
        write_all(&operator, io::stdout(), Path::new("standard output")).await?;
        return Ok(Exit::Done);
    };
    let file = create(path, true)?;
    operator.note_audit_reading(AuditReading::Exported, &AuditFilter::default()).await.map_err(Failure::service)?;
    let (written, file) = write_all(&operator, BufWriter::new(file), path).await?;
    let file: File = file.into_inner().map_err(|error| Failure::output(path)(error.into_error()))?;
    file.sync_all().map_err(Failure::output(path))?;
    terminal.line(format_args!("{written} lines of the audit chain are in {}.", path.display()));
    Ok(Exit::Done)
}

/// Writes a page at a time, up to the last line that there is when its page is read.
async fn write_all<W: Write>(operator: &Operator, mut to: W, path: &Path) -> Result<(i64, W), Failure> {
    let mut written = 0;
    loop {
        let page = operator.audit_page(written + 1).await.map_err(Failure::service)?;
        for line in &page {
            writeln!(to, "{}", line_to_json(line)).map_err(Failure::output(path))?;
        }
        match page.last() {
            Some(last) => written = last.sequence,
            None => {
                to.flush().map_err(Failure::output(path))?;
                return Ok((written, to));
            }
        }
    }
}
