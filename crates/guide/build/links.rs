//! Links between pages: from paths of the repository to addresses of the guide.
//!
//! A link to what is not served would lead nowhere, so its text stays without it. A test lists what such links led to.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::contents::{CONTENTS, SERVED_ELSEWHERE};

/// A language of the guide, as tags name it.
pub(crate) type Language = &'static str;
pub(crate) const ENGLISH: Language = "en";
pub(crate) const LATVIAN: Language = "lv";

/// The address of a page.
pub(crate) fn address(language: Language, name: &str) -> String {
    format!("/guide/{language}/{name}")
}

/// A page with the links as the guide has them, and what the links led to that it does not have.
pub(crate) struct Relinked {
    pub(crate) text: String,
    pub(crate) dropped: Vec<String>,
}

/// The titles of the pages, by their paths.
pub(crate) type Titles = HashMap<&'static str, String>;

/// Rewrites the links of a page. `ending` stands behind the names of pages: `.md` where Markdown links to Markdown. A link that is called
/// after the file that it leads to is called after the page.
pub(crate) fn relinked(path: &str, markdown: &str, ending: &str, titles: &Titles) -> Relinked {
    let mut relinked = Relinked { text: String::with_capacity(markdown.len()), dropped: Vec::new() };
    let mut is_code = false;
    for line in markdown.lines() {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        if is_code || is_fence {
            relinked.text.push_str(line)
        } else {
            relinked.line(path, line, ending, titles)
        }
        relinked.text.push('\n');
    }
    relinked
}

impl Relinked {
    fn line(&mut self, path: &str, line: &str, ending: &str, titles: &Titles) {
        let mut rest = line;
        while let Some((before, after)) = rest.split_once("](") {
            let Some((target, behind)) = after.split_once(')') else { break };
            let begin = opening(before);
            let text = before.get(begin + 1..).unwrap_or_default();
            self.text.push_str(&before[..begin]);
            match served(path, target, ending) {
                Some(address) => {
                    let title = titles.get(resolved(path, target).as_str()).filter(|_| text.ends_with(".md"));
                    let _ = write!(self.text, "[{}]({address})", title.map_or(text, String::as_str));
                }
                None => {
                    self.text.push_str(text);
                    self.dropped.push(resolved(path, target));
                }
            }
            rest = behind;
        }
        self.text.push_str(rest);
    }
}

/// Where the text of a link begins that ends here: the bracket that is still open.
fn opening(before: &str) -> usize {
    let mut depth = 0_usize;
    for (index, character) in before.char_indices().rev() {
        match character {
            ']' => depth += 1,
            '[' if depth == 0 => return index,
            '[' => depth -= 1,
            _ => {}
        }
    }
    before.len()
}

/// The address that a link has in the guide; `None` if the guide does not have what it leads to.
fn served(path: &str, target: &str, ending: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") || target.starts_with('#') {
        return Some(target.to_owned());
    }
    let fragment = target.split_once('#').map(|(_, fragment)| format!("#{fragment}")).unwrap_or_default();
    let file = resolved(path, target);
    if let Some((_, address)) = SERVED_ELSEWHERE.iter().find(|(served, _)| *served == file) {
        return Some((*address).to_owned());
    }
    let of = |language, page: Option<&str>, name| {
        page.filter(|page| *page == file).map(|_| format!("{}{ending}{fragment}", address(language, name)))
    };
    CONTENTS.iter().find_map(|entry| {
        of(ENGLISH, Some(entry.english), entry.name).or_else(|| of(LATVIAN, entry.latvian, entry.name))
    })
}

/// The path in the repository that a link on a page means.
fn resolved(path: &str, target: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.split('#').next().unwrap_or_default().split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
