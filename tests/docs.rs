//! Reads the pages for people, and the heads of modules: links lead somewhere, codes exist, no page is forgotten, and no
//! sentence hides who acts.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use rulebook::Code;

/// Pages outside `docs`.
const FRONT_PAGES: &[&str] = &["README.md", "README.lv.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"];

/// Phrases that hide who acts. CONTRIBUTING, "How we write", has the rule; this list is no more than its beginning.
const HIDING_PHRASES: &[&str] = &[
    "whoever",
    "and the like",
    "brought about",
    "becomes of",
    "became of",
    "is told",
    "are told",
    "was told",
    "were told",
    "looked for",
    "sign of life",
    "signs of life",
    "thereof",
    "stead",
];

/// Generated pages: their sentences are the catalogue's.
const GENERATED: &[&str] = &["docs/reference/errors.md", "docs/reference/rules.md", "docs/reference/format/"];

/// Folders with code, whose module heads keep the rule too.
const CODE: &[&str] = &["crates", "xtask", "tests", "fuzz"];

struct Page {
    path: PathBuf,
    text: String,
}

/// A link as a page writes it.
struct Link<'a> {
    line: usize,
    /// Path relative to the page; empty for a place in the page itself.
    path: &'a str,
    fragment: Option<&'a str>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

fn pages() -> Vec<Page> {
    let mut paths: Vec<PathBuf> = FRONT_PAGES.iter().map(|name| root().join(name)).collect();
    pages_below(&root().join("docs"), &mut paths);
    let page = |path: PathBuf| Page { text: fs::read_to_string(&path).unwrap(), path: path.canonicalize().unwrap() };
    let pages: Vec<Page> = paths.into_iter().map(page).collect();
    assert!(pages.len() > 10, "only {} pages were found", pages.len());
    pages
}

fn pages_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages_below(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
}

impl Page {
    /// Lines outside fenced code, with their numbers.
    fn prose(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut is_code = false;
        (1..).zip(self.text.lines()).filter(move |(_, line)| {
            let is_fence = line.trim_start().starts_with("```");
            is_code ^= is_fence;
            !is_code && !is_fence
        })
    }

    /// Links that stay in the repository.
    fn links(&self) -> Vec<Link<'_>> {
        let mut links = Vec::new();
        for (line, text) in self.prose() {
            for after in text.split("](").skip(1) {
                let target = after.split_once(')').map_or(after, |(target, _)| target);
                if target.contains("://") || target.starts_with("mailto:") {
                    continue;
                }
                let (path, fragment) = match target.split_once('#') {
                    Some((path, fragment)) => (path, Some(fragment)),
                    None => (target, None),
                };
                links.push(Link { line, path, fragment });
            }
        }
        links
    }

    /// The names of its headings as links write them.
    fn headings(&self) -> BTreeSet<String> {
        self.prose().filter(|(_, line)| line.starts_with('#')).map(|(_, line)| slug(line)).collect()
    }
}

/// A heading as the usual renderers name it.
fn slug(heading: &str) -> String {
    let title = heading.trim_start_matches('#').trim().to_lowercase();
    title
        .chars()
        .filter_map(|character| match character {
            ' ' => Some('-'),
            '-' | '_' => Some(character),
            character if character.is_alphanumeric() => Some(character),
            _ => None,
        })
        .collect()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root().canonicalize().unwrap()).unwrap_or(path).display().to_string()
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let pages = pages();
    let (mut broken, mut checked) = (String::new(), 0);
    for page in &pages {
        for Link { line, path, fragment } in page.links() {
            checked += 1;
            let place = format!("{}:{line}", shown(&page.path));
            let target = match path {
                "" => Ok(page.path.clone()),
                path => page.path.parent().unwrap().join(path).canonicalize(),
            };
            let Ok(target) = target else {
                let _ = writeln!(broken, "{place}: there is no {path}");
                continue;
            };
            let Some(fragment) = fragment else { continue };
            let has_heading = pages.iter().any(|page| page.path == target && page.headings().contains(fragment));
            if !has_heading {
                let _ = writeln!(broken, "{place}: {} has no heading #{fragment}", shown(&target));
            }
        }
    }
    assert!(broken.is_empty(), "links that lead nowhere:\n{broken}");
    assert!(checked > 30, "only {checked} links were found");
}

#[test]
fn every_page_is_reached_from_the_readme() {
    let pages = pages();
    let readme = root().join("README.md").canonicalize().unwrap();
    let (mut reached, mut open) = (BTreeSet::new(), vec![readme]);
    while let Some(path) = open.pop() {
        let Some(page) = pages.iter().find(|page| page.path == path) else { continue };
        if !reached.insert(path) {
            continue;
        }
        let targets = page.links().into_iter().filter(|link| !link.path.is_empty());
        open.extend(targets.filter_map(|link| page.path.parent().unwrap().join(link.path).canonicalize().ok()));
    }
    let forgotten: Vec<String> =
        pages.iter().filter(|page| !reached.contains(&page.path)).map(|page| shown(&page.path)).collect();
    assert!(forgotten.is_empty(), "no way leads from README.md to {forgotten:?}");
}

#[test]
fn every_code_that_is_named_exists() {
    let mut unknown = String::new();
    let mut known = 0;
    for page in pages() {
        for (line, text) in (1..).zip(page.text.lines()) {
            for after in text.split("TDAM-").skip(1) {
                let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
                // `TDAM-nnnn` stands for any code.
                if digits.is_empty() {
                    continue;
                }
                match format!("TDAM-{digits}").parse::<Code>() {
                    Ok(_) => known += 1,
                    Err(_) => {
                        let _ = writeln!(unknown, "{}:{line}: TDAM-{digits}", shown(&page.path));
                    }
                }
            }
        }
    }
    assert!(unknown.is_empty(), "codes that the catalogue does not have:\n{unknown}");
    assert!(known > 100, "only {known} codes were found");
}

/// Lower-case words with one blank between them and around them, so that a phrase is found over ends of lines.
fn words(text: &str) -> String {
    let only_words = text.to_lowercase().replace(|character: char| !character.is_alphanumeric(), " ");
    format!(" {} ", only_words.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn hiding_phrases(text: &str) -> Vec<&'static str> {
    let text = words(text);
    HIDING_PHRASES.iter().copied().filter(|phrase| text.contains(&format!(" {phrase} "))).collect()
}

/// The head of a module: its lines of `//!`.
fn head(source: &str) -> String {
    source.lines().filter_map(|line| line.strip_prefix("//!")).collect::<Vec<_>>().join("\n")
}

fn sources_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            sources_below(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_phrase_hides_who_acts() {
    let prose = |page: &Page| page.prose().map(|(_, line)| line).collect::<Vec<_>>().join("\n");
    let mut texts: Vec<(String, String)> = pages().iter().map(|page| (shown(&page.path), prose(page))).collect();
    texts.retain(|(name, _)| !GENERATED.iter().any(|generated| name.starts_with(generated)));
    let mut sources = Vec::new();
    CODE.iter().for_each(|folder| sources_below(&root().join(folder), &mut sources));
    assert!(sources.len() > 300, "only {} files of code were found", sources.len());
    let root = root().canonicalize().unwrap();
    for path in sources {
        let source = fs::read_to_string(&path).unwrap();
        let path = path.canonicalize().unwrap();
        texts.push((path.strip_prefix(&root).unwrap().display().to_string(), head(&source)));
    }
    let mut found = String::new();
    for (name, text) in texts {
        for phrase in hiding_phrases(&text) {
            let _ = writeln!(found, "{name}: \"{phrase}\"");
        }
    }
    assert!(found.is_empty(), "say who acts instead:\n{found}");
}

#[test]
fn a_phrase_is_found_over_the_end_of_a_line_and_not_within_a_word() {
    assert_eq!(
        hiding_phrases("What becomes\nof it is TOLD by nobody, whoever asks."),
        ["whoever", "becomes of", "is told"]
    );
    assert_eq!(hiding_phrases("Use this instead; the homestead stays."), [""; 0]);
}
