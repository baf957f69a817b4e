//! Makes the pages while the program is built, so that it has no Markdown in its memory and no parser inside: they are constants, which
//! the system reads from the program's file when somebody asks for a page.

mod contents;
mod links;
mod render;
mod template;

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use contents::{CONTENTS, Entry};
use links::{ENGLISH, LATVIAN, Language, Titles, relinked};
use render::{Rendered, rendered};
use sha2::{Digest as _, Sha256};
use template::Line;

struct Page {
    name: &'static str,
    language: Language,
    has_twin: bool,
    markdown: String,
    html: Rendered,
    dropped: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../..");
    let folder = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build");
    let mut texts = Vec::new();
    for entry in CONTENTS {
        for (language, path) in [(ENGLISH, Some(entry.english)), (LATVIAN, entry.latvian)] {
            if let Some(path) = path {
                texts.push((entry, language, path, read(&root, path)?));
            }
        }
    }
    let titles: Titles = texts.iter().map(|(_, _, path, text)| (*path, title(text))).collect();
    let pages = texts.iter().map(|(entry, language, path, text)| page(entry, language, path, text, &titles));
    let pages: Vec<Page> = pages.collect();
    let mut table = String::from("pub(crate) const PAGES: &[Page] = &[\n");
    for page in &pages {
        let file = |ending: &str| folder.join(format!("{}-{}.{ending}", page.language, page.name));
        let lines = contents_in(&pages, page.language);
        let html = template::page(page.name, page.language, &page.html, &lines, page.has_twin);
        let (before, after) = html.split_once(template::SUPPORT).ok_or("the template has no place for the contact")?;
        fs::write(file("before"), before)?;
        fs::write(file("after"), after)?;
        fs::write(file("md"), &page.markdown)?;
        writeln!(
            table,
            "Page {{ language: {:?}, name: {:?}, title: {:?}, before: include_str!({:?}), after: include_str!({:?}), \
             markdown: include_str!({:?}) }},",
            page.language,
            page.name,
            page.html.title,
            file("before"),
            file("after"),
            file("md"),
        )?;
    }
    let style = BASE64_STANDARD.encode(Sha256::digest(template::STYLE));
    writeln!(table, "];\npub(crate) const STYLE_DIGEST: &str = \"sha256-{style}\";")?;
    let dropped: Vec<(String, &String)> = pages
        .iter()
        .flat_map(|page| page.dropped.iter().map(|target| (format!("{}/{}", page.language, page.name), target)))
        .collect();
    writeln!(table, "pub(crate) const NOT_SERVED: &[(&str, &str)] = &{dropped:?};")?;
    fs::write(folder.join("pages.rs"), table)?;
    Ok(())
}

fn read(root: &Path, path: &str) -> Result<String, Box<dyn Error>> {
    let file = root.join(path);
    println!("cargo::rerun-if-changed={}", file.display());
    Ok(fs::read_to_string(&file).map_err(|error| format!("{path}: {error}"))?)
}

/// The first heading.
fn title(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim_start_matches('#').trim().to_owned()
}

fn page(entry: &Entry, language: Language, path: &str, text: &str, titles: &Titles) -> Page {
    let markdown = relinked(path, text, ".md", titles);
    Page {
        name: entry.name,
        language,
        has_twin: entry.latvian.is_some(),
        markdown: markdown.text,
        html: rendered(&relinked(path, text, "", titles).text),
        dropped: markdown.dropped,
    }
}

/// The contents as a page lists them: each page in its language, or else in the one that there is.
fn contents_in(pages: &[Page], language: Language) -> Vec<Line> {
    let lines = CONTENTS.iter().filter_map(|entry| {
        let of_entry = || pages.iter().filter(|page| page.name == entry.name);
        let page = of_entry().find(|page| page.language == language).or_else(|| of_entry().next())?;
        Some(Line { name: page.name, title: page.html.title.clone(), language: page.language })
    });
    lines.collect()
}
