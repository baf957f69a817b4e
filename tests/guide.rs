//! Holds the guide for interface developers together: each page has a twin that says the same, its snippets are those that tests of the
//! client libraries run, and what can be asked for, sent, configured or refused is named on some page.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use protocol::routes::ROUTES;
use rulebook::Code;

/// The pages of the guide as the program has them; a twin is named in the line of its page.
const CONTENTS: &str = include_str!("../crates/guide/build/contents.rs");
/// Where pages of the guide are written; each has to stand in the contents.
const WRITTEN_IN: &str = "docs/interface-developers";
/// Whose examples tests run, by the language of their fences.
const LIBRARIES: [(&str, &str); 4] = [
    ("java", "clients/java/README.md"),
    ("php", "clients/php/README.md"),
    ("csharp", "clients/dotnet/README.md"),
    ("rust", "crates/client/README.md"),
];
/// Every key of the configuration with its default.
const CONFIGURATION: &str = include_str!("../crates/tdam/src/configuration/tdam.toml");
/// The names of header fields that are ours, or that the interface gives a meaning.
const HEADERS: &str = include_str!("../crates/protocol/src/headers.rs");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The pages of the contents: English, and Latvian where the guide has it.
fn contents() -> Vec<(String, Option<String>)> {
    let entries = CONTENTS.lines().map(str::trim).filter(|line| line.starts_with("both(") || line.starts_with("one("));
    let pages: Vec<_> = entries
        .map(|line| {
            let paths: Vec<&str> = line.split('"').filter(|part| part.ends_with(".md")).collect();
            (paths[0].to_owned(), paths.get(1).map(|path| (*path).to_owned()))
        })
        .collect();
    assert!(pages.len() > 20, "only {} pages were found", pages.len());
    pages
}

struct Block {
    language: String,
    lines: Vec<String>,
}

/// The fenced blocks of a page, without what a reader may word in another language: comments.
fn blocks(text: &str) -> Vec<Block> {
    let (mut blocks, mut open): (Vec<Block>, bool) = (Vec::new(), false);
    for line in text.lines() {
        if let Some(info) = line.trim_start().strip_prefix("```") {
            if !open {
                let language = info.split(' ').next().unwrap_or_default().to_owned();
                blocks.push(Block { language, lines: Vec::new() });
            }
            open = !open;
        } else if open {
            let code = without_comment(line.trim());
            blocks.last_mut().unwrap().lines.extend((!code.is_empty()).then(|| code.to_owned()));
        }
    }
    blocks
}

fn without_comment(line: &str) -> &str {
    let begins = ["# ", "// "].iter().filter_map(|sign| match line.find(sign) {
        Some(0) => Some(0),
        _ => line.find(&format!("  {sign}")).or_else(|| line.find(&format!(" {sign}")).filter(|_| *sign == "// ")),
    });
    begins.min().map_or(line, |begin| line[..begin].trim_end())
}

/// A page without its comments, which are for the tests.
fn visible(text: &str) -> String {
    let mut parts = text.split("<!--");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |page, part| page + part.split_once("-->").map_or("", |(_, behind)| behind))
}

/// Levels of headings, outside code.
fn headings(text: &str) -> Vec<usize> {
    prose(text)
        .filter(|line| line.starts_with('#'))
        .map(|line| line.len() - line.trim_start_matches('#').len())
        .collect()
}

fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

fn codes(text: &str) -> BTreeSet<String> {
    let digits = |after: &str| after.chars().take_while(char::is_ascii_digit).collect::<String>();
    text.split("TDAM-").skip(1).map(digits).filter(|code| code.len() == 4).collect()
}

#[test]
fn twins_have_the_same_examples_headings_tables_and_codes() {
    let mut differences = Vec::new();
    for (english, latvian) in contents() {
        let Some(latvian) = latvian.filter(|_| !english.starts_with("docs/reference/")) else { continue };
        let (one, other) = (visible(&read(&english)), visible(&read(&latvian)));
        let mut differ = |what: &str, one: String, other: String| {
            if one != other {
                differences.push(format!("{latvian}: {what}: {one} in English, {other} here"));
            }
        };
        differ("headings", format!("{:?}", headings(&one)), format!("{:?}", headings(&other)));
        let rows = |text: &str| prose(text).filter(|line| line.starts_with('|')).count();
        differ("rows of tables", rows(&one).to_string(), rows(&other).to_string());
        differ("codes", format!("{:?}", codes(&one)), format!("{:?}", codes(&other)));
        let (one, other) = (blocks(&one), blocks(&other));
        differ("examples", one.len().to_string(), other.len().to_string());
        for (number, (one, other)) in one.iter().zip(&other).enumerate() {
            differ(&format!("language of example {number}"), one.language.clone(), other.language.clone());
            // A drawing has no language, and words.
            if !one.language.is_empty() {
                differ(&format!("example {number}"), one.lines.join("\n"), other.lines.join("\n"));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_page_is_in_the_guide_in_both_languages() {
    let mut written = Vec::new();
    pages_below(WRITTEN_IN, &mut written);
    let contents = contents();
    let has = |path: &String| {
        contents
            .iter()
            .any(|(english, latvian)| english == path || latvian.as_ref().is_some_and(|latvian| latvian == path))
    };
    let forgotten: Vec<&String> = written.iter().filter(|path| !has(path)).collect();
    assert!(forgotten.is_empty(), "crates/guide/build/contents.rs lacks {forgotten:?}");
    // The program writes these itself: in both languages at once, or from texts that it has in English.
    let one: Vec<&str> =
        contents.iter().filter(|(_, latvian)| latvian.is_none()).map(|(english, _)| english.as_str()).collect();
    assert_eq!(one, ["docs/reference/errors.md", "docs/reference/rules.md", "docs/reference/format/README.md"]);
}

fn pages_below(folder: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            pages_below(&path, found);
        } else if path.ends_with(".md") {
            found.push(path);
        }
    }
}

/// The tests of the libraries compile and run the examples of their READMEs; here is a snippet of such an example, or none.
#[test]
fn every_snippet_is_part_of_an_example_that_a_test_runs() {
    let mut pages = Vec::new();
    pages_below(WRITTEN_IN, &mut pages);
    let (mut unknown, mut known) = (Vec::new(), 0);
    for (language, readme) in LIBRARIES {
        let examples = blocks(&read(readme));
        for page in &pages {
            for snippet in blocks(&read(page)).iter().filter(|block| block.language == language) {
                known += 1;
                let is_run = |example: &Block| {
                    example.language == language
                        && example.lines.windows(snippet.lines.len()).any(|lines| lines == snippet.lines)
                };
                if !examples.iter().any(is_run) {
                    unknown.push(format!("{page}: {readme} has no example with\n{}", snippet.lines.join("\n")));
                }
            }
        }
    }
    assert!(unknown.is_empty(), "{}", unknown.join("\n\n"));
    assert!(known > 20, "only {known} snippets were found");
}

/// Each Rust example stands in the suite's file, which compiles and runs it, between two marks; what it calls there for an address stands on the page.
#[test]
fn the_rust_examples_are_those_that_the_suite_runs() {
    const ADDRESSES: [(&str, &str); 2] =
        [("exchange()", "\"https://127.0.0.1:8443\""), ("enrolment()", "\"https://127.0.0.1:8444\"")];
    let suite = read("crates/tdam/tests/suite/rust_examples.rs");
    let run: Vec<Vec<String>> = suite
        .split("// The page begins.")
        .skip(1)
        .map(|rest| {
            let example = rest.split("// The page ends.").next().unwrap_or_default();
            let example =
                ADDRESSES.iter().fold(example.to_owned(), |text, (call, on_page)| text.replace(call, on_page));
            example
                .lines()
                .map(|line| without_comment(line.trim()).to_owned())
                .filter(|line| !line.is_empty())
                .collect()
        })
        .collect();
    let page = blocks(&read("crates/client/README.md"));
    let shown: Vec<Vec<String>> =
        page.into_iter().filter(|block| block.language == "rust").map(|block| block.lines).collect();
    assert_eq!(shown, run);
}

/// Every page of `docs` in one text.
fn every_page() -> String {
    let mut pages = vec!["SECURITY.md".to_owned()];
    pages_below("docs", &mut pages);
    pages.iter().map(|page| read(page)).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_route_header_and_code_is_named_on_some_page() {
    let text = every_page();
    let unnamed_routes: Vec<&str> =
        ROUTES.iter().map(|route| route.path).filter(|path| !names_route(&text, path)).collect();
    assert!(unnamed_routes.is_empty(), "no page names {unnamed_routes:?}");
    let lower = text.to_lowercase();
    let headers: Vec<&str> = HEADERS.split("&str = \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(headers.len() > 5, "only {headers:?} were found");
    let unnamed: Vec<&&str> = headers.iter().filter(|header| !lower.contains(*header)).collect();
    assert!(unnamed.is_empty(), "no page names {unnamed:?}");
    let unnamed: Vec<&str> = Code::ALL.iter().map(|code| code.id()).filter(|code| !text.contains(code)).collect();
    assert!(unnamed.is_empty(), "no page names {unnamed:?}");
}

/// Whether a page writes the path, with anything where it is variable.
fn names_route(text: &str, path: &str) -> bool {
    let mut fixed = path.split(['{', '}']).step_by(2);
    let first = fixed.next().unwrap_or_default();
    let rest: Vec<&str> = fixed.collect();
    text.match_indices(first).any(|(begin, _)| {
        let mut behind = &text[begin + first.len()..];
        rest.iter().all(|fixed| {
            let variable = behind
                .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '…')))
                .unwrap_or(behind.len());
            let fits = variable > 0 && behind[variable..].starts_with(fixed);
            behind = behind.get(variable + fixed.len()..).unwrap_or_default();
            fits
        }) && !(rest.is_empty() && behind.starts_with('/') && path != "/")
    })
}

#[test]
fn every_key_of_the_configuration_is_named_on_some_page() {
    let text = every_page();
    let words: BTreeSet<&str> = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).collect();
    let keys = CONFIGURATION.lines().filter_map(|line| line.trim_start_matches("# ").split_once(" = "));
    let keys: BTreeSet<&str> =
        keys.map(|(key, _)| key).filter(|key| key.chars().all(|c| c.is_ascii_lowercase() || c == '_')).collect();
    assert!(keys.len() > 60, "only {} keys were found", keys.len());
    let unnamed: Vec<&&str> = keys.iter().filter(|key| !words.contains(**key)).collect();
    assert!(unnamed.is_empty(), "no page names {unnamed:?}");
}
