//! The comparison's result for people: counts, the argued classes with an example each, and differences without an
//! argument.

use std::error::Error;
use std::path::Path;

use super::argued::{self, CLASSES, Case, Confirmation, Opinion};
use super::comparison::{Corpus, Difference, Tally, is_valid};
use super::oracle;

/// Shown characters of another validator's words.
const WORDS_MAX: usize = 200;

/// Prints it all, and leaves documents without an argument in a folder.
///
/// # Errors
/// When there is a document without an argument.
pub(super) fn print(corpora: &[Corpus], tally: Tally, folder: &Path) -> Result<(), Box<dyn Error>> {
    for (message, (all, valid)) in &tally.messages {
        println!("{message}: {all} compared, {valid} valid for libxml2");
    }
    println!("\nby way of mutation:");
    for (way, (all, valid)) in &tally.ways {
        println!("{all:>7}, {valid:>6} valid  {way}");
    }
    let all: u64 = tally.messages.values().map(|(all, _)| all).sum();
    let differing = tally.differences.len();
    println!("\n{all} documents compared ({} samples), {differing} verdicts differ", tally.samples);

    let questions: Vec<_> = tally
        .differences
        .iter()
        .map(|difference| (corpora[difference.corpus].schema.clone(), difference.document.as_slice()))
        .collect();
    let xerces = oracle::xerces(&questions)?;
    if xerces.is_none() {
        println!("no second opinion: there is no JDK");
    }
    let second = |number: usize| xerces.as_ref().map(|opinions: &Vec<Opinion>| &opinions[number]);
    let mut unargued: Vec<usize> = Vec::new();
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); CLASSES.len()];
    for (number, difference) in tally.differences.iter().enumerate() {
        match class_of(difference, second(number)) {
            Some(class) => members[class].push(number),
            None => unargued.push(number),
        }
    }
    for (class, members) in CLASSES.iter().zip(&members).filter(|(_, members)| !members.is_empty()) {
        println!("\nargued: {}, {} documents. {}", class.name, members.len(), class.argument);
        let agree = members.iter().filter_map(|&number| second(number).map(|o| (number, o)));
        let agree = agree.filter(|(number, o)| o.is_valid == is_valid(&tally.differences[*number].ours)).count();
        if xerces.is_some() {
            println!("  Xerces says with us: {agree}");
        }
        show(&tally.differences[members[0]], second(members[0]));
    }
    if unargued.is_empty() {
        return Ok(());
    }
    println!("\nWITHOUT AN ARGUMENT:");
    std::fs::create_dir_all(folder)?;
    for &number in &unargued {
        let difference = &tally.differences[number];
        let file = folder.join(&difference.name);
        std::fs::write(&file, &difference.document)?;
        let schema = corpora[difference.corpus].schema.display();
        println!("cargo run -p xsd --example validate -- {schema} {}", file.display());
        show(difference, second(number));
    }
    Err(format!("{} of {all} verdicts differ from libxml2's without an argument", unargued.len()).into())
}

/// The class of a difference, where Xerces confirms it if it has to and can be asked.
fn class_of(difference: &Difference, second: Option<&Opinion>) -> Option<usize> {
    let Difference { document, ours, libxml2, .. } = difference;
    let class = argued::class_of(&Case { document, ours, libxml2 })?;
    let confirmed = match (class.confirmation, second) {
        (Confirmation::Xerces, Some(opinion)) => opinion.is_valid == is_valid(ours),
        (Confirmation::Xerces, None) | (Confirmation::None, _) => true,
    };
    let index = CLASSES.iter().position(|known| known.name == class.name);
    index.filter(|_| confirmed)
}

fn show(difference: &Difference, second: Option<&Opinion>) {
    let ours = match &difference.ours {
        Ok(findings) => findings.iter().next().map_or("valid".to_owned(), ToString::to_string),
        Err(error) => error.to_string(),
    };
    println!("  {} ({})", difference.name, difference.made);
    println!("  we:      {}", shortened(&ours));
    let libxml2 = if difference.libxml2.is_valid { "valid" } else { &difference.libxml2.words };
    println!("  libxml2: {}", shortened(libxml2));
    if let Some(opinion) = second {
        println!("  Xerces:  {}", shortened(&opinion.words));
    }
}

fn shortened(words: &str) -> String {
    words.replace('\n', " ").chars().take(WORDS_MAX).collect()
}
