//! Our verdict against libxml2's, in a process of its own: `libxml2.py`, which needs nothing but Python and libxml2.
//!
//! `TDAM_REFERENCE` names the folder that has the official schemas in `xsd/`.
#![no_main]

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use xsd::Bounds;

#[path = "../../xtask/src/equivalence/argued.rs"]
#[allow(dead_code, reason = "the chore prints more of it")]
mod argued;
#[path = "../properties.rs"]
#[allow(dead_code, unreachable_pub, reason = "each target uses its part")]
mod properties;

use argued::{Case, Opinion};

static LIBXML2: Mutex<Option<Libxml2>> = Mutex::new(None);

struct Libxml2 {
    _process: Child,
    questions: ChildStdin,
    answers: ChildStdout,
}

impl Libxml2 {
    fn start() -> Libxml2 {
        let schemas = std::env::var("TDAM_REFERENCE").expect("TDAM_REFERENCE names the folder with xsd/") + "/xsd";
        let mut process = Command::new("python3")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/libxml2.py"))
            .arg(schemas)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 is there");
        let questions = process.stdin.take().expect("a pipe");
        let answers = process.stdout.take().expect("a pipe");
        Libxml2 { _process: process, questions, answers }
    }

    /// Name and document, each behind its length; the answer is `1` or `0` and words behind their length.
    fn ask(&mut self, message: &str, document: &[u8]) -> std::io::Result<Opinion> {
        let mut question = Vec::new();
        for part in [message.as_bytes(), document] {
            question.extend((part.len() as u32).to_le_bytes());
            question.extend(part);
        }
        self.questions.write_all(&question)?;
        self.questions.flush()?;
        let mut head = [0; 5];
        self.answers.read_exact(&mut head)?;
        let mut words = vec![0; u32::from_le_bytes([head[1], head[2], head[3], head[4]]) as usize];
        self.answers.read_exact(&mut words)?;
        Ok(Opinion { is_valid: head[0] == b'1', words: String::from_utf8_lossy(&words).into_owned() })
    }
}

libfuzzer_sys::fuzz_target!(|document: &[u8]| {
    let message_type = properties::message_type(document);
    let ours = properties::verdict(message_type, document, Bounds::default());
    let mut libxml2 = LIBXML2.lock().unwrap_or_else(PoisonError::into_inner);
    let asked = libxml2.get_or_insert_with(Libxml2::start).ask(message_type.name(), document);
    let Ok(libxml2) = asked else {
        // It fell over this document; a new one takes its place.
        *libxml2 = None;
        return;
    };
    let is_valid = ours.as_ref().is_ok_and(xsd::Findings::is_empty);
    if is_valid != libxml2.is_valid && argued::class_of(&Case { document, ours: &ours, libxml2: &libxml2 }).is_none() {
        panic!("we: {ours:?}\nlibxml2: {libxml2:?}");
    }
});
