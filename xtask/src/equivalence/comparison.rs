//! The comparison itself: documents in batches, two verdicts on each, batches side by side on all cores.

use std::collections::BTreeMap;
use std::error::Error;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use iso20022::MessageType;
use tdam::generate::random::Random;
use xsd::{Bounds, Findings, Model, ReadError, Selection, Validator};

use super::argued::Opinion;
use super::document::Document;
use super::oracle;
use super::{author, mutate};

/// Documents that one process of libxml2 is given.
const BATCH: u64 = 400;
/// Longer samples are compared, but not mutated: most mutants of theirs would be alike.
const MUTATED_BYTES_MAX: usize = 40_000;

/// The available documents of one message.
pub(super) struct Corpus {
    pub(super) message: MessageType,
    /// The official schema.
    pub(super) schema: PathBuf,
    model: Model,
    /// Name and bytes.
    samples: Vec<(String, Vec<u8>)>,
    /// Valid samples to mutate.
    valid: Vec<String>,
}

/// A document on which the two verdicts differ.
pub(super) struct Difference {
    pub(super) corpus: usize,
    pub(super) name: String,
    pub(super) made: String,
    pub(super) document: Vec<u8>,
    pub(super) ours: Result<Findings, ReadError>,
    pub(super) libxml2: Opinion,
}

/// The numbers of compared documents.
#[derive(Default)]
pub(super) struct Tally {
    /// Documents, and how many of them are valid for libxml2: by message, and by way of mutation.
    pub(super) messages: BTreeMap<MessageType, (u64, u64)>,
    pub(super) ways: BTreeMap<&'static str, (u64, u64)>,
    pub(super) samples: u64,
    pub(super) differences: Vec<Difference>,
}

enum Batch {
    Samples(usize),
    Mutants(usize, Range<u64>),
}

struct Subject {
    name: String,
    ways: Vec<&'static str>,
    document: Vec<u8>,
}

/// Reads schemas and samples.
///
/// # Errors
/// When something cannot be read.
pub(super) fn corpora(schemas: &Path, samples: &Path) -> Result<Vec<Corpus>, Box<dyn Error>> {
    let corpora = MessageType::ALL.into_iter().map(|message| {
        let mut files = Vec::new();
        // There is no public sample of every message.
        if let Ok(folder) = std::fs::read_dir(samples.join(message.name())) {
            for entry in folder {
                let path = entry?.path();
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                files.push((name, std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?));
            }
        }
        files.sort();
        let texts = files.iter().filter_map(|(_, bytes)| String::from_utf8(bytes.clone()).ok());
        let short = texts.filter(|text| text.len() < MUTATED_BYTES_MAX);
        let valid = short.filter(|text| is_valid(&verdict(message, text.as_bytes()))).collect();
        let schema = schemas.join(format!("{message}.xsd"));
        std::fs::metadata(&schema).map_err(|error| format!("{}: {error}", schema.display()))?;
        Ok(Corpus { message, schema, model: Model::from_table(iso20022::table(message))?, samples: files, valid })
    });
    let corpora = corpora.collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    if corpora.iter().all(|corpus| corpus.samples.is_empty()) {
        return Err(format!("{}: no sample of any message", samples.display()).into());
    }
    Ok(corpora)
}

/// Our verdict.
fn verdict(message: MessageType, document: &[u8]) -> Result<Findings, ReadError> {
    let schema = iso20022::schema(message);
    Validator::new(schema, &Selection::nothing(schema), document, Bounds::default()).finish()
}

pub(super) fn is_valid(verdict: &Result<Findings, ReadError>) -> bool {
    verdict.as_ref().is_ok_and(Findings::is_empty)
}

/// Compares all samples and so many mutants.
///
/// # Errors
/// When libxml2 cannot be asked.
pub(super) fn run(corpora: &[Corpus], mutants: u64, seed: u64, jobs: usize) -> Result<Tally, Box<dyn Error>> {
    let each = mutants.div_ceil(corpora.len() as u64);
    let mut batches = Vec::new();
    for index in 0..corpora.len() {
        batches.push(Batch::Samples(index));
        let starts = (0..each).step_by(BATCH as usize);
        batches.extend(starts.map(|start| Batch::Mutants(index, start..each.min(start + BATCH))));
    }
    let (next, tally, failure) = (AtomicUsize::new(0), Mutex::new(Tally::default()), Mutex::new(None));
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(error) = compare(corpora, batch, seed, &tally) {
                        *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
                    }
                }
            });
        }
    });
    match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error.into()),
        None => Ok(tally.into_inner().unwrap_or_else(PoisonError::into_inner)),
    }
}

fn compare(corpora: &[Corpus], batch: &Batch, seed: u64, tally: &Mutex<Tally>) -> Result<(), Box<dyn Error>> {
    let (index, subjects) = match batch {
        Batch::Samples(index) => (*index, samples(&corpora[*index])),
        Batch::Mutants(index, numbers) => (*index, mutated(&corpora[*index], numbers.clone(), seed)?),
    };
    let corpus = &corpora[index];
    let documents: Vec<&[u8]> = subjects.iter().map(|subject| subject.document.as_slice()).collect();
    let opinions = oracle::libxml2(&corpus.schema, &documents)?;
    let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
    for (subject, libxml2) in subjects.into_iter().zip(opinions) {
        let count = |(all, valid): &mut (u64, u64)| {
            *all += 1;
            *valid += u64::from(libxml2.is_valid);
        };
        count(tally.messages.entry(corpus.message).or_default());
        subject.ways.iter().for_each(|way| count(tally.ways.entry(way).or_default()));
        tally.samples += u64::from(subject.ways.is_empty());
        let ours = verdict(corpus.message, &subject.document);
        if is_valid(&ours) != libxml2.is_valid {
            let made = if subject.ways.is_empty() { "sample".to_owned() } else { subject.ways.join(", ") };
            let Subject { name, document, .. } = subject;
            tally.differences.push(Difference { corpus: index, name, made, document, ours, libxml2 });
        }
    }
    Ok(())
}

fn samples(corpus: &Corpus) -> Vec<Subject> {
    let each = corpus.samples.iter();
    each.map(|(name, document)| Subject { name: name.clone(), ways: Vec::new(), document: document.clone() }).collect()
}

fn mutated(corpus: &Corpus, numbers: Range<u64>, seed: u64) -> Result<Vec<Subject>, Box<dyn Error>> {
    numbers
        .map(|number| {
            let name = format!("{}-{seed}-{number}.xml", corpus.message);
            // Each has a generator of its own: it depends on seed, message and number alone.
            let mut random = Random::of(seed, (corpus.message as u64) << 40 | number);
            let original = match corpus.valid.len() as u64 {
                samples if samples > 0 && random.chance(40) => corpus.valid[random.below(samples) as usize].clone(),
                _ => author::write(&corpus.model, &mut random),
            };
            if let Ok(Some(finding)) = verdict(corpus.message, original.as_bytes()).map(|f| f.iter().next().cloned()) {
                return Err(format!("{name}: what was written from the schema is not valid: {finding}").into());
            }
            let mutant = mutate::mutant(Document::new(&corpus.model, original), number, &mut random);
            Ok(Subject { name, ways: mutant.ways, document: mutant.document })
        })
        .collect()
}
