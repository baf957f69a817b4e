//! Findings as a SARIF 2.1.0 log: the form in which code-scanning tools take them from any checker.

use std::collections::BTreeMap;
use std::path::Path;

use rulebook::Code;
use rulebook::catalogue::Language;
use serde_json::{Value, json};

use super::{Excerpt, Finding, Verdict};

/// The schema of the form, by its published name.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Bytes that stand for themselves in a URI (RFC 3986, unreserved) or part the steps of a path.
const PLAIN: &[u8] = b"-._~/";

/// A log of one run, to which files are added.
#[derive(Debug)]
pub(crate) struct Log {
    language: Language,
    results: Vec<Value>,
    /// The rules that findings refer to, in the order in which they came.
    rules: Vec<Value>,
    places: BTreeMap<Code, usize>,
    artifacts: Vec<Value>,
    unreadable: Vec<Value>,
}

impl Log {
    pub(crate) fn new(language: Language) -> Log {
        Log {
            language,
            results: Vec::new(),
            rules: Vec::new(),
            places: BTreeMap::new(),
            artifacts: Vec::new(),
            unreadable: Vec::new(),
        }
    }

    /// Adds the findings of a file.
    pub(crate) fn add(&mut self, path: &Path, verdict: &Verdict, excerpts: &[Option<Excerpt>]) {
        let uri = uri(path);
        for (finding, excerpt) in verdict.findings.iter().zip(excerpts) {
            let result = self.result(&uri, finding, excerpt.as_ref());
            self.results.push(result);
        }
        self.artifacts.push(json!({ "location": { "uri": uri } }));
    }

    /// Adds a file that could not be read.
    pub(crate) fn add_unreadable(&mut self, path: &Path, why: &str) {
        self.unreadable.push(json!({
            "level": "error",
            "message": { "text": why },
            "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(path) } } }],
        }));
    }

    /// The log as it is written.
    pub(crate) fn finish(self) -> Value {
        json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "tdam",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": self.rules,
                } },
                "language": self.language.tag(),
                // Ours are characters, as editors count them.
                "columnKind": "unicodeCodePoints",
                "artifacts": self.artifacts,
                "invocations": [{
                    "executionSuccessful": self.unreadable.is_empty(),
                    "toolExecutionNotifications": self.unreadable,
                }],
                "results": self.results,
            }],
        })
    }

    fn result(&mut self, uri: &str, finding: &Finding, excerpt: Option<&Excerpt>) -> Value {
        let mut place = json!({ "artifactLocation": { "uri": uri } });
        let line = excerpt.map_or(finding.line, |excerpt| excerpt.line);
        if line > 0 {
            let column = excerpt.map_or(finding.column, |excerpt| excerpt.column).max(1);
            let mut region = json!({ "startLine": line, "startColumn": column });
            if let Some(excerpt) = excerpt {
                region["endColumn"] = json!(column + excerpt.mark_length as u64);
                let marked = excerpt.text.chars().skip(excerpt.mark_start).take(excerpt.mark_length);
                region["snippet"] = json!({ "text": marked.collect::<String>() });
            }
            place["region"] = region;
        }
        let mut location = json!({ "physicalLocation": place });
        if !finding.path.is_empty() {
            location["logicalLocations"] = json!([{ "fullyQualifiedName": finding.path, "kind": "element" }]);
        }
        json!({
            "ruleId": finding.code.id(),
            "ruleIndex": self.rule(finding.code),
            "level": "error",
            "message": { "text": finding.text },
            "locations": [location],
            "properties": {
                "layer": finding.layer.name(),
                "iso_reason": finding.code.iso_reason(),
                "end_to_end_id": finding.end_to_end_id,
                "value": finding.value,
                "expected": finding.expected,
            },
        })
    }

    fn rule(&mut self, code: Code) -> usize {
        if let Some(place) = self.places.get(&code) {
            return *place;
        }
        let entry = code.entry();
        let say = |text: rulebook::catalogue::Text| text.in_language(self.language);
        let (explanation, remedy) = (say(entry.explanation), say(entry.remedy));
        self.rules.push(json!({
            "id": code.id(),
            "name": format!("{code:?}"),
            "shortDescription": { "text": say(entry.title) },
            "fullDescription": { "text": explanation },
            "help": { "text": format!("{explanation}\n\n{remedy}"), "markdown": format!("{explanation}\n\n**{remedy}**") },
            "defaultConfiguration": { "level": "error" },
        }));
        let place = self.rules.len() - 1;
        self.places.insert(code, place);
        place
    }
}

/// A path as a URI: relative ones stay relative, so that a tool can look them up in a checkout.
fn uri(path: &Path) -> String {
    if path == Path::new("-") {
        return "stdin".to_owned();
    }
    let scheme = if path.is_absolute() { "file://" } else { "" };
    let text = path.to_string_lossy();
    let mut uri = scheme.to_owned();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || PLAIN.contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
