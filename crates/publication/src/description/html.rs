//! The description as HTML: one self-contained file, readable on a telephone and printable.

use std::fmt::Write as _;

use rulebook::Code;

use super::{Description, Element, Line, head, refuses, words};

/// Kept small: this is a page to read, not an application.
const STYLE: &str = include_str!("page.css");

impl Description {
    /// HTML: one file that needs no other.
    #[must_use]
    pub fn to_html(&self) -> String {
        page(self)
    }
}

fn page(description: &Description) -> String {
    let mut page = Page { description, text: String::new() };
    let (language, title) = (description.language.tag(), description.say(words::TITLE));
    let message_type = description.message_type;
    page.line(format_args!("<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">"));
    page.line(format_args!("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"));
    page.line(format_args!("<title>{title} {message_type}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>"));
    page.head();
    page.elements();
    page.rules();
    page.code_lists();
    page.example();
    page.line(format_args!("</main>\n</body>\n</html>"));
    page.text
}

struct Page<'d> {
    description: &'d Description,
    text: String,
}

impl Page<'_> {
    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{text}");
    }

    fn title(&mut self, id: &str, text: &str) {
        self.line(format_args!("<h2 id=\"{id}\">{text}</h2>"));
    }

    fn head(&mut self) {
        let description = self.description;
        self.line(format_args!("<h1>{} <b>{}</b></h1>", description.say(words::TITLE), description.message_type));
        self.line(format_args!("<p class=\"purpose\">{}</p>", escaped(description.purpose)));
        if let Some(remark) = head::remark(description) {
            self.line(format_args!("<p class=\"remark\">{}</p>", escaped(remark)));
        }
        self.line(format_args!("<dl>"));
        for (name, value) in head::facts(description) {
            self.line(format_args!("<dt>{name}</dt><dd>{}</dd>", escaped(&value)));
        }
        self.line(format_args!("</dl>\n<nav>"));
        let rules = (!description.rules.is_empty()).then_some(("rules", words::RULES));
        let lists = (!description.code_lists.is_empty()).then_some(("code-lists", words::CODE_LISTS));
        let parts = [Some(("elements", words::ELEMENTS)), rules, lists, Some(("example", words::COMPLETE_EXAMPLE))];
        for (id, text) in parts.into_iter().flatten() {
            self.line(format_args!("<a href=\"#{id}\">{}</a>", description.say(text)));
        }
        self.line(format_args!("</nav>"));
    }

    fn elements(&mut self) {
        let description = self.description;
        self.title("elements", description.say(words::ELEMENTS));
        // Emphasis in the words is Markdown's.
        let how_to_read = escaped(head::how_to_read(description)).replace('*', "");
        self.line(format_args!("<p>{how_to_read}</p>\n<table>\n<thead><tr>"));
        // Without rules that column would be empty throughout.
        let rules = (!description.rules.is_empty()).then_some(words::RULES_HEAD);
        let before = [words::NUMBER, words::ELEMENT, words::TIMES, words::VALUE];
        for title in before.into_iter().chain(rules).chain([words::EXAMPLE]) {
            self.line(format_args!("<th scope=\"col\">{}</th>", description.say(title)));
        }
        self.line(format_args!("</tr></thead>\n<tbody>"));
        for line in &description.lines {
            match line {
                Line::Element(element) => self.element(element),
                Line::LeftOut { level, refused, unused } => self.left_out(*level, refused, unused),
            }
        }
        self.line(format_args!("</tbody>\n</table>"));
    }

    fn element(&mut self, element: &Element) {
        let description = self.description;
        let Element { number, level, tag, path, .. } = element;
        let class = if element.value.is_some() { "leaf" } else { "group" };
        self.line(format_args!("<tr id=\"{}\" class=\"{class}\">", anchor(path)));
        let target = anchor(path);
        self.line(format_args!("<td class=\"number\"><a href=\"#{target}\">{number}</a></td>"));
        let title = element.iso_name.map(|name| format!(" title=\"{name}\"")).unwrap_or_default();
        let _ = write!(self.text, "<td class=\"element\" style=\"--level:{level}\"><code{title}>{tag}</code>");
        let name = element.name.as_deref().map(escaped).unwrap_or_default();
        let _ = write!(self.text, " <span class=\"name\">{name}</span>");
        for note in &element.notes {
            let _ = write!(self.text, "<br><span class=\"note\">{}</span>", escaped(note));
        }
        self.line(format_args!("</td>"));
        let times = escaped(&head::times(element));
        let alternative = if element.is_alternative { description.say(words::ALTERNATIVE) } else { "" };
        let label = description.say(words::TIMES);
        self.line(format_args!("<td class=\"times\" data-label=\"{label}\">{times} <small>{alternative}</small></td>"));
        let mut value = escaped(element.value.as_deref().unwrap_or_default());
        for (attribute, kind) in &element.attributes {
            let _ = write!(value, "<br><code>{attribute}</code>: {}", escaped(kind));
        }
        self.cell(words::VALUE, &value);
        if !description.rules.is_empty() {
            let codes: Vec<String> = element.codes.iter().map(|code| link(*code)).collect();
            self.cell(words::RULES_HEAD, &codes.join(" "));
        }
        let example = element.example.as_deref().map(|example| format!("<code>{}</code>", escaped(example)));
        self.cell(words::EXAMPLE, &example.unwrap_or_default());
        self.line(format_args!("</tr>"));
    }

    /// A cell that says on a narrow screen what it is; an empty one is not shown there.
    fn cell(&mut self, label: rulebook::catalogue::Text, content: &str) {
        let label = self.description.say(label);
        self.line(format_args!("<td data-label=\"{label}\">{content}</td>"));
    }

    fn left_out(&mut self, level: usize, refused: &[(String, Vec<Code>)], unused: &[String]) {
        let description = self.description;
        let mut said = String::new();
        if !refused.is_empty() {
            let named: Vec<String> = refused
                .iter()
                .map(|(tag, codes)| {
                    let codes: Vec<String> = codes.iter().map(|code| link(*code)).collect();
                    format!("<code>{tag}</code> {}", codes.join(" "))
                })
                .collect();
            let word = description.say(words::REFUSED);
            let _ = write!(said, "<span class=\"refused\">{word}: {}</span>", named.join(", "));
        }
        if !unused.is_empty() {
            let named: Vec<String> = unused.iter().map(|tag| format!("<code>{tag}</code>")).collect();
            let word = description.say(head::unused_word(description));
            let _ = write!(said, "<span class=\"unused\">{word}: {}</span>", named.join(", "));
        }
        let columns = if description.rules.is_empty() { 4 } else { 5 };
        self.line(format_args!(
            "<tr class=\"left-out\"><td></td><td colspan=\"{columns}\" style=\"--level:{level}\">{said}</td></tr>"
        ));
    }

    fn rules(&mut self) {
        let description = self.description;
        if description.rules.is_empty() {
            return;
        }
        let language = description.language;
        self.title("rules", description.say(words::RULES));
        self.line(format_args!("<p>{}</p>", escaped(description.say(words::RULES_INTRODUCTION))));
        for &code in &description.rules {
            let entry = code.entry();
            self.line(format_args!("<section class=\"rule\" id=\"{}\">", code.id().to_lowercase()));
            let title = escaped(entry.title.in_language(language));
            self.line(format_args!("<h3><code>{code}</code> {title}</h3>"));
            self.line(format_args!("<p>{}</p>", escaped(entry.explanation.in_language(language))));
            self.line(format_args!("<p>{}</p>", escaped(entry.remedy.in_language(language))));
            let iso = entry.iso_reason.map(|reason| format!("ISO {reason} · ")).unwrap_or_default();
            let refused = refuses(code, language);
            let refused =
                if refused.is_empty() { refused } else { format!("{} {refused} · ", description.say(words::REFUSES)) };
            let source = escaped(&head::source(description, entry.source));
            self.line(format_args!("<p class=\"source\">{iso}{refused}{source}</p>\n</section>"));
        }
    }

    fn code_lists(&mut self) {
        let description = self.description;
        if description.code_lists.is_empty() {
            return;
        }
        self.title("code-lists", description.say(words::CODE_LISTS));
        self.line(format_args!("<p>{}</p>\n<ul>", escaped(description.say(words::CODE_LISTS_INTRODUCTION))));
        for (list, paths) in &description.code_lists {
            let paths = paths.iter().map(|path| format!("<a href=\"#{}\"><code>{path}</code></a>", anchor(path)));
            self.line(format_args!("<li>{list}: {}</li>", paths.collect::<Vec<_>>().join(", ")));
        }
        self.line(format_args!("</ul>"));
    }

    fn example(&mut self) {
        let description = self.description;
        self.title("example", description.say(words::COMPLETE_EXAMPLE));
        let xml = escaped(crate::example(description.message_type));
        self.line(format_args!("<pre>{xml}</pre>"));
    }
}

fn link(code: Code) -> String {
    format!("<a href=\"#{}\">{code}</a>", code.id().to_lowercase())
}

/// A path as the name of a place in the page.
fn anchor(path: &str) -> String {
    path.replace('/', ".")
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_looks_like_markup_is_shown_as_it_is() {
        assert_eq!(escaped("<a href=\"x\">&amp;"), "&lt;a href=&quot;x&quot;&gt;&amp;amp;");
    }
}
