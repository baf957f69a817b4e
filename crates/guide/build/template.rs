//! What stands around a page: its head, the contents, and the way to the other language and to the Markdown.

use std::fmt::Write as _;

use crate::contents::FIRST;
use crate::links::{LATVIAN, Language, address};
use crate::render::Rendered;

/// Where the contact for help is put in when the page is served.
pub(crate) const SUPPORT: &str = "<!--support-->";

/// Inside each page, so that a page needs nothing else. The header field of the answer names its digest.
pub(crate) const STYLE: &str = include_str!("style.css");

/// A page of the contents.
pub(crate) struct Line {
    pub(crate) name: &'static str,
    pub(crate) title: String,
    /// The language of the page, where the guide has it in one only.
    pub(crate) language: Language,
}

struct Words {
    guide: &'static str,
    contents: &'static str,
    on_this_page: &'static str,
    other: (&'static str, Language),
    skip: &'static str,
}

fn words(language: Language) -> Words {
    if language == LATVIAN {
        return Words {
            guide: "Ceļvedis saskarņu izstrādātājiem",
            contents: "Saturs",
            on_this_page: "Šajā lapā",
            other: ("English", "en"),
            skip: "Uz lapas tekstu",
        };
    }
    Words {
        guide: "Guide for interface developers",
        contents: "Contents",
        on_this_page: "On this page",
        other: ("Latviski", "lv"),
        skip: "To the text",
    }
}

/// A whole page. `has_twin`: whether the guide has it in the other language too; otherwise the link leads to the contents there.
pub(crate) fn page(name: &str, language: Language, page: &Rendered, contents: &[Line], has_twin: bool) -> String {
    let words = words(language);
    let (other_name, other_language) = words.other;
    let twin = address(other_language, if has_twin { name } else { FIRST });
    let alternate = if has_twin {
        format!("<link rel=\"alternate\" hreflang=\"{other_language}\" href=\"{twin}\" />\n")
    } else {
        String::new()
    };
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\" />\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n<title>{} – tdam</title>\n{alternate}\
         <link rel=\"alternate\" type=\"text/markdown\" href=\"{}.md\" />\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header><a class=\"skip\" href=\"#text\">{}</a> <a href=\"{}\">{}</a> <span>\
         <a href=\"{twin}\" hreflang=\"{other_language}\" lang=\"{other_language}\">{other_name}</a> \
         <a href=\"{}.md\">Markdown</a></span></header>\n<div class=\"columns\">\n<main id=\"text\">\n",
        escaped(&page.title),
        address(language, name),
        words.skip,
        address(language, FIRST),
        words.guide,
        address(language, name),
    );
    let (heading, rest) =
        page.body.split_once("</h1>").map_or(("", page.body.as_str()), |(heading, rest)| (heading, rest));
    let _ = writeln!(html, "{heading}{}", if heading.is_empty() { "" } else { "</h1>" });
    if page.sections.len() > 2 {
        let _ = writeln!(html, "<details class=\"here\"><summary>{}</summary>\n<ul>", words.on_this_page);
        for (name, text) in &page.sections {
            let _ = writeln!(html, "<li><a href=\"#{name}\">{}</a></li>", escaped(text));
        }
        html.push_str("</ul>\n</details>\n");
    }
    let _ = writeln!(
        html,
        "{}{SUPPORT}</main>\n<nav aria-label=\"{}\">\n<p>{}</p>\n<ul>",
        rest.trim_start(),
        words.contents,
        words.contents
    );
    for line in contents {
        let current = if line.name == name { " aria-current=\"page\"" } else { "" };
        let foreign = if line.language == language {
            String::new()
        } else {
            format!(" hreflang=\"{0}\" lang=\"{0}\"", line.language)
        };
        let _ = writeln!(
            html,
            "<li><a href=\"{}\"{current}{foreign}>{}</a></li>",
            address(line.language, line.name),
            escaped(&line.title)
        );
    }
    html.push_str("</ul>\n</nav>\n</div>\n</body>\n</html>\n");
    html
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
