//! Splits Rust source into tokens, without comments. Exact enough to find names, paths and brackets: the inside of texts and
//! numbers is no matter here.

/// A token: a name, a sign, or what stands for a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'t> {
    pub(crate) text: &'t str,
    pub(crate) line: usize,
}

impl Token<'_> {
    pub(crate) fn is_name(&self) -> bool {
        self.text.starts_with(|first: char| first.is_alphabetic() || first == '_')
    }
}

/// What stands for a text, a character or a number.
const LITERAL: &str = "\"";

pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let (mut rest, mut line) = (text, 1);
    while let Some(first) = rest.chars().next() {
        let (length, token) = next(rest, first);
        if let Some(text) = token {
            found.push(Token { text, line });
        }
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    found
}

/// The length of what stands at the beginning, and its token if it is one.
fn next(rest: &str, first: char) -> (usize, Option<&str>) {
    if first.is_whitespace() {
        return (first.len_utf8(), None);
    }
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), None);
    }
    if rest.starts_with("/*") {
        return (comment_length(rest), None);
    }
    if let Some(length) = text_length(rest).or_else(|| character_length(rest)) {
        return (length, Some(LITERAL));
    }
    if first.is_ascii_digit() {
        return (name_length(rest), Some(LITERAL));
    }
    // A lifetime, or a name that is a keyword elsewhere.
    for mark in ["'", "r#"] {
        if let Some(name) = rest.strip_prefix(mark).filter(|name| name_length(name) > 0) {
            let length = name_length(name);
            return (mark.len() + length, (mark != "'").then_some(&name[..length]));
        }
    }
    if name_length(rest) > 0 {
        let length = name_length(rest);
        return (length, Some(&rest[..length]));
    }
    let length =
        ["::", "->", "=>"].iter().find(|sign| rest.starts_with(**sign)).map_or(first.len_utf8(), |sign| sign.len());
    (length, Some(&rest[..length]))
}

fn name_length(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// Comments stand in each other.
fn comment_length(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        match rest {
            _ if rest.starts_with("/*") => (depth, at) = (depth + 1, at + 2),
            _ if rest.starts_with("*/") => (depth, at) = (depth - 1, at + 2),
            _ => at += rest.chars().next().map_or(1, char::len_utf8),
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a text, of bytes, or of either written raw.
fn text_length(text: &str) -> Option<usize> {
    let body = text.strip_prefix(['b', 'c']).unwrap_or(text);
    let mark = text.len() - body.len();
    if let Some(raw) = body.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let inside = raw[hashes..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        let start = mark + 1 + hashes + 1;
        return Some(start + inside.find(&end).map_or(inside.len(), |at| at + end.len()));
    }
    let inside = body.strip_prefix('"')?;
    let mut characters = inside.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some(mark + 1 + at + 1),
            '\\' => drop(characters.next()),
            _ => {}
        }
    }
    Some(text.len())
}

/// The length of a character; `None` for a lifetime.
fn character_length(text: &str) -> Option<usize> {
    let body = text.strip_prefix('b').unwrap_or(text);
    let inside = body.strip_prefix('\'')?;
    let mark = text.len() - inside.len();
    let mut characters = inside.char_indices();
    if let (_, '\\') = characters.next()? {
        characters.next();
        return Some(mark + characters.find(|(_, character)| *character == '\'')?.0 + 1);
    }
    let (at, end) = characters.next()?;
    (end == '\'').then_some(mark + at + 1)
}

/// Index of the bracket that closes the one at `open`.
pub(crate) fn closing(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => {
                depth -= 1;
                if depth == 0 {
                    return index;
                }
            }
            _ => {}
        }
    }
    tokens.len() - 1
}
