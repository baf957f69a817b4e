//! Every page as it is served: its HTML is in order, and no link of it leads nowhere.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::{BTreeSet, HashMap, HashSet};

use guide::{Page, Support};

/// What pages of the repository link to and the guide does not have: pages for others than interface developers.
const FOR_OTHERS: &[&str] = &[
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/operators/README.md",
    "docs/operators/day-to-day.md",
    "docs/operators/running.md",
    "docs/reference/speed.md",
];

/// Elements without an end.
const VOID: &[&str] = &["meta", "link", "br", "hr", "input"];

const HELP: Support<'static> = Support {
    name: "Help & <care>",
    email: "help@example.org",
    phone: "+371 67000000",
    page: "https://example.org/help?a=1&b=2",
};

fn address(page: &Page) -> String {
    format!("/guide/{}/{}", page.language, page.name)
}

/// A tag as it stands in a page: its name, its attributes, and whether it opens or closes.
struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
    is_end: bool,
}

/// The tags of a page. Whatever is not exactly a tag, a text or a reference to a character panics.
fn tags(html: &str) -> Vec<Tag<'_>> {
    let body = html.strip_prefix("<!DOCTYPE html>\n").unwrap();
    let mut tags = Vec::new();
    for part in body.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or_else(|| panic!("no end of the tag: {part}"));
        assert!(!text.contains('>') || tag == "style", "a bare >: {text}");
        for reference in text.split('&').skip(1) {
            let name = reference.split(';').next().unwrap();
            assert!(
                ["amp", "lt", "gt", "quot", "#39", "#x27"].contains(&name),
                "no reference to a character: &{reference}"
            );
        }
        let (tag, is_end) = tag.strip_prefix('/').map_or((tag, false), |tag| (tag, true));
        let tag = tag.trim_end_matches('/').trim_end();
        let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut attributes = Vec::new();
        while !rest.trim().is_empty() {
            let (key, value) = rest.trim_start().split_once("=\"").unwrap_or_else(|| panic!("no attribute: {rest}"));
            let (value, behind) = value.split_once('"').unwrap();
            attributes.push((key, value));
            rest = behind;
        }
        tags.push(Tag { name, attributes, is_end });
    }
    tags
}

#[test]
fn html_is_in_order_and_needs_nothing_else() {
    for page in guide::pages() {
        let html = page.html(&HELP);
        let (mut open, mut ids, mut lines) = (Vec::new(), HashSet::new(), HashMap::new());
        for tag in tags(&html) {
            let place = format!("{} <{}>", address(page), tag.name);
            assert!(!["script", "img", "iframe", "form", "object"].contains(&tag.name), "{place}");
            *lines.entry(tag.name.to_owned()).or_insert(0) += 1;
            for (key, value) in &tag.attributes {
                assert!(!key.starts_with("on") && *key != "src", "{place} {key}");
                assert!(*key != "style" || value.starts_with("text-align"), "{place} {key}={value}");
                assert!(*key != "id" || ids.insert((*value).to_owned()), "{place}: the id {value} stands twice");
            }
            if tag.is_end {
                assert_eq!(open.pop(), Some(tag.name), "{place} ends");
            } else if !VOID.contains(&tag.name) {
                open.push(tag.name);
            }
        }
        assert_eq!(open, [""; 0], "{}", address(page));
        assert_eq!((lines["h1"], lines["main"], lines["title"]), (2, 2, 2), "{}", address(page));
        assert!(html.contains(&format!("<html lang=\"{}\">", page.language)));
        assert!(html.contains("Help &amp; &lt;care&gt;") && html.contains("href=\"mailto:help@example.org\""));
        assert!(!page.title.is_empty());
    }
}

#[test]
fn every_link_of_every_page_leads_somewhere() {
    let pages: HashMap<String, (HashSet<String>, &Page)> = guide::pages()
        .iter()
        .map(|page| {
            let html = page.html(&Support::default());
            let ids = tags(&html).into_iter().flat_map(|tag| tag.attributes).filter(|(key, _)| *key == "id");
            (address(page), (ids.map(|(_, value)| value.to_owned()).collect(), page))
        })
        .collect();
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for page in guide::pages() {
        let html = page.html(&Support::default());
        let links = tags(&html).into_iter().flat_map(|tag| tag.attributes).filter(|(key, _)| *key == "href");
        let in_markdown = page.markdown(&Support::default());
        let in_markdown = in_markdown.split("](/guide").skip(1).filter_map(|rest| rest.split_once(')'));
        let in_markdown = in_markdown.map(|(rest, _)| format!("/guide{rest}"));
        let links: Vec<String> = links.map(|(_, link)| link.to_owned()).chain(in_markdown).collect();
        for link in links {
            checked += 1;
            let (path, id) = link.split_once('#').map_or((link.as_str(), None), |(path, id)| (path, Some(id)));
            let path = if path.is_empty() { address(page) } else { path.trim_end_matches(".md").to_owned() };
            let target = pages.get(&path);
            let is_there = match (target, id.map(decoded)) {
                (Some((ids, _)), Some(id)) => ids.contains(&id),
                (Some(_), None) => true,
                (None, _) => path.contains("://") || path == "/v1/openapi.json",
            };
            if !is_there {
                wrong.push(format!("{}: {link}", address(page)));
            }
        }
    }
    assert!(wrong.is_empty(), "links that lead nowhere:\n{}", wrong.join("\n"));
    assert!(checked > 1_000, "only {checked} links were found");
}

/// Letters of Latvian stand percent-encoded in the links of HTML.
fn decoded(id: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = id.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let hexadecimal = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match hexadecimal.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn only_links_to_pages_for_others_are_left_out() {
    let left_out: BTreeSet<&str> = guide::not_served().iter().map(|(_, target)| *target).collect();
    let expected: BTreeSet<&str> = FOR_OTHERS.iter().copied().collect();
    assert_eq!(left_out, expected);
}

#[test]
fn every_page_is_in_the_contents_of_both_languages() {
    for language in ["en", "lv"] {
        let html = guide::page(language, guide::CONTENTS).unwrap().html(&Support::default());
        for page in guide::pages() {
            let is_here = page.language == language || guide::page(language, page.name).is_none();
            assert!(!is_here || html.contains(&format!("href=\"{}\"", address(page))), "{language}: {}", page.name);
        }
        let other = if language == "en" { "lv" } else { "en" };
        assert!(html.contains(&format!("hreflang=\"{other}\" href=\"/guide/{other}/contents\"")));
    }
}

#[test]
fn support_is_shown_as_configured_and_never_as_a_script() {
    let page = guide::page("lv", guide::CONTENTS).unwrap();
    let hostile = Support { page: "javascript:alert(1)", ..Support::default() };
    assert!(!page.html(&hostile).contains("javascript"));
    assert!(!page.html(&Support::default()).contains("class=\"support\""));
    assert!(
        page.markdown(&HELP)
            .ends_with("Atbalsts: Help & <care>, +371 67000000, help@example.org, https://example.org/help?a=1&b=2\n")
    );
}
