//! From Markdown to HTML: headings get the names by which links know them, and raw HTML is shown, never obeyed.

use std::collections::HashSet;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// A page as HTML.
pub(crate) struct Rendered {
    /// Text of the first heading.
    pub(crate) title: String,
    /// Name and text of each heading of the second level.
    pub(crate) sections: Vec<(String, String)>,
    pub(crate) body: String,
}

pub(crate) fn rendered(markdown: &str) -> Rendered {
    let mut is_comment = false;
    let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    let parsed = Parser::new_ext(markdown, options).filter_map(|event| shown(event, &mut is_comment));
    let mut events: Vec<Event<'_>> = parsed.collect();
    let (mut title, mut sections, mut names) = (String::new(), Vec::new(), HashSet::new());
    for index in 0..events.len() {
        let Event::Start(Tag::Heading { level, .. }) = &events[index] else { continue };
        let level = *level;
        let text = text_of_heading(&events[index + 1..]);
        let mut name = slug(&text);
        let mut count = 0;
        while !names.insert(name.clone()) {
            count += 1;
            name = format!("{}-{count}", slug(&text));
        }
        match level {
            HeadingLevel::H1 if title.is_empty() => title.clone_from(&text),
            HeadingLevel::H2 => sections.push((name.clone(), text)),
            _ => {}
        }
        if let Event::Start(Tag::Heading { id, .. }) = &mut events[index] {
            *id = Some(CowStr::from(name));
        }
    }
    let mut body = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut body, events.into_iter());
    Rendered { title, sections, body }
}

/// Comments are for the tests; a break is a break; other raw HTML is text.
fn shown<'e>(event: Event<'e>, is_comment: &mut bool) -> Option<Event<'e>> {
    match event {
        Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => None,
        // A comment comes line by line.
        Event::Html(raw) => {
            *is_comment |= raw.trim_start().starts_with("<!--");
            let is_hidden = *is_comment;
            *is_comment &= !raw.contains("-->");
            (!is_hidden).then_some(Event::Text(raw))
        }
        Event::InlineHtml(raw) if raw.as_ref() == "<br>" => Some(Event::HardBreak),
        Event::InlineHtml(raw) => Some(Event::Text(raw)),
        event => Some(event),
    }
}

fn text_of_heading(events: &[Event<'_>]) -> String {
    let inside = events.iter().take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    inside
        .filter_map(|event| match event {
            Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
            _ => None,
        })
        .collect()
}

/// A heading as links name it: the rule of the usual renderers, which `tests/docs.rs` applies too.
fn slug(title: &str) -> String {
    let name = |character| match character {
        ' ' => Some('-'),
        '-' | '_' => Some(character),
        character if character.is_alphanumeric() => Some(character),
        _ => None,
    };
    title.trim().to_lowercase().chars().filter_map(name).collect()
}
