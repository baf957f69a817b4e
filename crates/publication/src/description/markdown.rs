//! The description as Markdown, for a repository or a wiki.

use std::fmt::Write as _;

use rulebook::Code;

use super::{Description, Element, Line, head, refuses, words};

impl Description {
    /// Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        page(self)
    }
}

fn page(description: &Description) -> String {
    let mut page = Page { description, text: String::new() };
    page.head();
    page.elements();
    page.rules();
    page.code_lists();
    page.example();
    page.text
}

/// Which column of the table of elements has the rules.
const RULES_COLUMN: usize = 5;

struct Page<'d> {
    description: &'d Description,
    text: String,
}

impl Page<'_> {
    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{text}");
    }

    fn title(&mut self, text: &str) {
        self.line(format_args!("\n## {text}\n"));
    }

    fn head(&mut self) {
        let description = self.description;
        self.line(format_args!("# {} {}\n", description.say(words::TITLE), description.message_type));
        self.line(format_args!("{}\n", description.purpose));
        if let Some(remark) = head::remark(description) {
            self.line(format_args!("**{remark}**\n"));
        }
        self.line(format_args!("| | |\n|---|---|"));
        for (name, value) in head::facts(description) {
            self.line(format_args!("| {name} | {} |", code_if_technical(&value)));
        }
        self.title(description.say(words::HOW_TO_READ));
        self.line(format_args!("{}", head::how_to_read(description)));
    }

    fn elements(&mut self) {
        let description = self.description;
        self.title(description.say(words::ELEMENTS));
        let heads = [
            words::NUMBER,
            words::ELEMENT,
            words::MEANING,
            words::TIMES,
            words::VALUE,
            words::RULES_HEAD,
            words::EXAMPLE,
        ];
        self.row(heads.map(|head| description.say(head).to_owned()));
        self.row(heads.map(|_| "---".to_owned()));
        for line in &description.lines {
            match line {
                Line::Element(element) => self.element(element),
                Line::LeftOut { level, refused, unused } => self.left_out(*level, refused, unused),
            }
        }
    }

    fn element(&mut self, element: &Element) {
        let description = self.description;
        let mut meaning = cell(element.name.as_deref().unwrap_or_default());
        for note in &element.notes {
            let _ = write!(meaning, "<br>*{}*", cell(note));
        }
        let mut value = cell(element.value.as_deref().unwrap_or_default());
        for (attribute, kind) in &element.attributes {
            let _ = write!(value, "<br>@{attribute}: {}", cell(kind));
        }
        let mut times = head::times(element);
        if element.is_alternative {
            let _ = write!(times, "<br>{}", description.say(words::ALTERNATIVE));
        }
        let codes: Vec<String> = element.codes.iter().map(|code| link(*code)).collect();
        let example = element.example.as_deref().map(|example| format!("`{}`", example.replace('|', "\\|")));
        let tag = format!("{}`{}`", indentation(element.level), element.tag);
        let number = element.number.clone();
        self.row([number, tag, meaning, times, value, codes.join("<br>"), example.unwrap_or_default()]);
    }

    /// A row of the table of elements; without rules that column would be empty throughout.
    fn row(&mut self, cells: [String; 7]) {
        let has_rules = !self.description.rules.is_empty();
        let shown = cells.iter().enumerate().filter(|(column, _)| *column != RULES_COLUMN || has_rules);
        let shown: Vec<&str> = shown.map(|(_, cell)| cell.as_str()).collect();
        self.line(format_args!("| {} |", shown.join(" | ")));
    }

    fn left_out(&mut self, level: usize, refused: &[(String, Vec<Code>)], unused: &[String]) {
        let description = self.description;
        let mut said = Vec::new();
        if !refused.is_empty() {
            let named = refused.iter().map(|(tag, codes)| {
                let codes: Vec<String> = codes.iter().map(|code| link(*code)).collect();
                format!("`{tag}` ({})", codes.join(", "))
            });
            let named: Vec<String> = named.collect();
            said.push(format!("{}: {}", description.say(words::REFUSED), named.join(", ")));
        }
        if !unused.is_empty() {
            let named: Vec<String> = unused.iter().map(|tag| format!("`{tag}`")).collect();
            said.push(format!("{}: {}", description.say(head::unused_word(description)), named.join(", ")));
        }
        let nothing = String::new;
        self.row([nothing(), indentation(level), said.join("<br>"), nothing(), nothing(), nothing(), nothing()]);
    }

    fn rules(&mut self) {
        let description = self.description;
        if description.rules.is_empty() {
            return;
        }
        self.title(description.say(words::RULES));
        self.line(format_args!("{}", description.say(words::RULES_INTRODUCTION)));
        for &code in &description.rules {
            let entry = code.entry();
            let iso = entry.iso_reason.map(|reason| format!(" · {reason}")).unwrap_or_default();
            self.line(format_args!("\n### {code}\n"));
            let title = entry.title.in_language(description.language);
            let refuses = refuses(code, description.language);
            let refuses =
                if refuses.is_empty() { refuses } else { format!(" · {} {refuses}", description.say(words::REFUSES)) };
            self.line(format_args!("**{}**{iso}{refuses}\n", cell(title)));
            self.line(format_args!("{}", cell(entry.explanation.in_language(description.language))));
            self.line(format_args!("{}", cell(entry.remedy.in_language(description.language))));
            self.line(format_args!("*{}*", cell(&head::source(description, entry.source))));
        }
    }

    fn code_lists(&mut self) {
        let description = self.description;
        if description.code_lists.is_empty() {
            return;
        }
        self.title(description.say(words::CODE_LISTS));
        self.line(format_args!("{}\n", description.say(words::CODE_LISTS_INTRODUCTION)));
        for (list, paths) in &description.code_lists {
            let paths: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
            self.line(format_args!("- {list}: {}", paths.join(", ")));
        }
    }

    fn example(&mut self) {
        let description = self.description;
        self.title(description.say(words::COMPLETE_EXAMPLE));
        self.line(format_args!("```xml\n{}```", crate::example(description.message_type)));
    }
}

/// What only programs read is set as code.
fn code_if_technical(value: &str) -> String {
    if value.starts_with("urn:") || value.starts_with('/') { format!("`{value}`") } else { cell(value) }
}

fn link(code: Code) -> String {
    format!("[{code}](#{})", code.id().to_lowercase())
}

fn indentation(level: usize) -> String {
    "&emsp;".repeat(level)
}

/// A text as part of a table, escaped so that nothing in it acts as markup.
fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => cell.push_str("&amp;"),
            '<' => cell.push_str("&lt;"),
            '>' => cell.push_str("&gt;"),
            '|' | '*' | '_' | '`' | '[' | ']' => {
                cell.push('\\');
                cell.push(character);
            }
            '\n' => cell.push(' '),
            _ => cell.push(character),
        }
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn what_looks_like_markup_is_shown_as_it_is() {
        assert_eq!(cell("a|b <c> & *d*_e [f]\n"), "a\\|b &lt;c&gt; &amp; \\*d\\*\\_e \\[f\\] ");
    }
}
