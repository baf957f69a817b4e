//! Other validators' verdicts on the same documents: libxml2 with the official schema, and Xerces where we differ from
//! libxml2.

use std::collections::HashMap;
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::argued::Opinion;

/// Asks `xmllint` about documents, all in one process; the answers are in the order of the documents.
///
/// # Errors
/// When `xmllint` cannot be run.
pub(super) fn libxml2(schema: &Path, documents: &[&[u8]]) -> Result<Vec<Opinion>, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let names: Vec<String> = (0..documents.len()).map(|number| format!("{number}.xml")).collect();
    for (name, document) in names.iter().zip(documents) {
        std::fs::write(folder.path().join(name), document)?;
    }
    let output = Command::new("xmllint")
        .current_dir(folder.path())
        .args(["--noout", "--nonet", "--schema"])
        .arg(std::path::absolute(schema)?)
        .args(&names)
        .output()
        .map_err(|error| format!("xmllint: {error}"))?;
    let numbers: HashMap<&str, usize> =
        names.iter().enumerate().map(|(number, name)| (name.as_str(), number)).collect();
    let mut opinions = vec![Opinion::default(); documents.len()];
    let mut about = None;
    // A line begins with the name of its document, or continues the one before. A malformed document has no verdict.
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        let name = line.split([':', ' ']).next().unwrap_or_default();
        about = numbers.get(name).copied().or(about);
        if let Some(number) = about {
            opinions[number].is_valid |= line.strip_prefix(name) == Some(" validates");
            opinions[number].words.push_str(line);
            opinions[number].words.push('\n');
        }
    }
    Ok(opinions)
}

/// Asks Xerces about documents (schema, document); `None` where there is no JDK.
///
/// # Errors
/// When the JDK is there and does not do what it should.
pub(super) fn xerces(documents: &[(PathBuf, &[u8])]) -> Result<Option<Vec<Opinion>>, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let mut questions = String::new();
    for (number, (schema, document)) in documents.iter().enumerate() {
        let file = folder.path().join(format!("{number}.xml"));
        std::fs::write(&file, document)?;
        questions.push_str(&format!("{}\t{}\n", std::path::absolute(schema)?.display(), file.display()));
    }
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/src/equivalence/SecondOpinion.java");
    let asked = Command::new("java").arg(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut java) = asked else {
        return Ok(None);
    };
    if let Some(mut input) = java.stdin.take() {
        input.write_all(questions.as_bytes())?;
    }
    let output = java.wait_with_output()?;
    let answers = String::from_utf8(output.stdout)?;
    let opinions: Vec<Opinion> =
        answers.lines().map(|line| Opinion { is_valid: line == "valid", words: line.to_owned() }).collect();
    if opinions.len() != documents.len() {
        return Err(
            format!("Xerces was asked about {} documents and spoke of {}", documents.len(), opinions.len()).into()
        );
    }
    Ok(Some(opinions))
}
