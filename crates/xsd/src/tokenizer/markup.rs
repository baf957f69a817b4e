//! Tags, comments, processing instructions, the XML declaration.

use super::attributes::{AttributeSlot, ValueSlot};
use super::name::{name_end, prefix_length};
use super::namespaces::NamespaceId;
use super::scan::{find_byte, space_end};
use super::text::reference;
use super::{NameSlot, Stage, Step, Stop, Tokenizer};
use crate::bounds::Bound;
use crate::error::{Malformed, ReadError};

const IN_TAG: &str = "a tag";

/// Programs that join files leave one before the XML declaration, where it is invisible.
const BYTE_ORDER_MARK: char = '\u{FEFF}';

impl Tokenizer<'_> {
    /// One token before or after the root element.
    pub(super) fn outside_step(&mut self) -> Result<Step, Stop> {
        if self.end_pending {
            return Ok(self.pending_end());
        }
        if self.stage == Stage::Start {
            self.declaration()?;
            self.stage = Stage::Prolog;
        }
        let at = loop {
            let at = space_end(self.input.bytes(), self.input.pos);
            self.input.pos = at;
            if at < self.input.bytes().len() || !self.refill()? {
                break self.input.pos;
            }
        };
        self.token_at = self.input.offset(at);
        match self.input.bytes().get(at) {
            None => {
                if self.stage == Stage::Epilog {
                    self.stage = Stage::End;
                    return Ok(Step::EndOfDocument);
                }
                if !self.prolog_seen {
                    return Err(Stop::Read(ReadError::Empty));
                }
                Err(Stop::Malformed(at, Malformed::NoRoot))
            }
            Some(b'<') => self.markup_step(),
            Some(_) if self.input.text()[at..].starts_with(BYTE_ORDER_MARK) => {
                Err(Stop::Malformed(at, Malformed::MisplacedByteOrderMark))
            }
            Some(_) => Err(Stop::Malformed(at, Malformed::TextOutsideRoot)),
        }
    }

    /// A token that begins with `<` and is no CDATA section.
    pub(super) fn markup_step(&mut self) -> Result<Step, Stop> {
        let at = self.input.pos;
        let rest = &self.input.bytes()[at..];
        match rest.get(1) {
            None => Err(Stop::Incomplete("a tag")),
            Some(b'/') => self.end_tag(),
            Some(b'!') => self.declaration_like(),
            Some(b'?') => self.instruction(),
            Some(_) if self.stage == Stage::Epilog => Err(Stop::Malformed(at, Malformed::SecondRoot)),
            Some(_) => self.start_tag(),
        }
    }

    /// The end of an element whose tag was `<a/>`.
    pub(super) fn pending_end(&mut self) -> Step {
        self.end_pending = false;
        self.pop_element();
        Step::End(self.pending_name)
    }

    fn start_tag(&mut self) -> Result<Step, Stop> {
        let at = self.input.pos;
        let bindings = self.namespaces.len();
        self.slots.clear();
        match self.scan_start_tag(at, bindings) {
            Ok(step) => Ok(step),
            Err(stop) => {
                self.namespaces.leave(bindings);
                self.slots.clear();
                Err(stop)
            }
        }
    }

    fn scan_start_tag(&mut self, at: usize, bindings: usize) -> Result<Step, Stop> {
        let start = at + 1;
        let end = name_end(self.input.text(), start).ok_or(Stop::Incomplete(IN_TAG))?;
        let prefix = self.qualified(start, end)?;
        let mut index = end;
        let empty = loop {
            let behind = space_end(self.input.bytes(), index);
            match self.input.bytes().get(behind) {
                None => return Err(Stop::Incomplete(IN_TAG)),
                Some(b'>') => {
                    index = behind + 1;
                    break false;
                }
                Some(b'/') => match self.input.bytes().get(behind + 1) {
                    None => return Err(Stop::Incomplete(IN_TAG)),
                    Some(b'>') => {
                        index = behind + 2;
                        break true;
                    }
                    Some(_) => return Err(self.unexpected(behind, IN_TAG)),
                },
                Some(_) if behind == index => return Err(self.unexpected(behind, IN_TAG)),
                Some(_) => index = self.attribute(behind, bindings)?,
            }
        };
        self.check_token(at, index)?;
        self.resolve_attributes()?;
        let name = self.name_slot(start, end, prefix)?;
        self.push_element(start, end, bindings)?;
        if self.open.len() == 1 {
            self.note_root(name, start);
        }
        self.input.pos = index;
        self.stage = Stage::Content;
        self.end_pending = empty;
        self.pending_name = name;
        Ok(Step::Start(name))
    }

    /// Length of the prefix of the qualified name between two places.
    fn qualified(&self, start: usize, end: usize) -> Result<usize, Stop> {
        let name = &self.input.text()[start..end];
        if name.is_empty() {
            return Err(Stop::Malformed(start, Malformed::BadTagStart));
        }
        prefix_length(name).ok_or_else(|| {
            let reason = if name.contains(':') {
                Malformed::BadQualifiedName(name.to_owned())
            } else {
                Malformed::BadName(name.to_owned())
            };
            Stop::Malformed(start, reason)
        })
    }

    fn name_slot(&self, start: usize, end: usize, prefix: usize) -> Result<NameSlot, Stop> {
        let namespace = if prefix == 0 { self.namespaces.default_id() } else { self.prefix_namespace(start, prefix)? };
        Ok(NameSlot {
            start: self.input.offset(start),
            end: self.input.offset(end),
            local: self.input.offset(start + if prefix == 0 { 0 } else { prefix + 1 }),
            namespace,
        })
    }

    fn prefix_namespace(&self, start: usize, length: usize) -> Result<NamespaceId, Stop> {
        let prefix = &self.input.text()[start..start + length];
        self.namespaces
            .resolve(prefix)
            .ok_or_else(|| Stop::Malformed(start, Malformed::UndeclaredPrefix(prefix.to_owned())))
    }

    fn unexpected(&self, index: usize, inside: &'static str) -> Stop {
        let c = self.input.text()[index..].chars().next().unwrap_or(' ');
        Stop::Malformed(index, Malformed::UnexpectedCharacter(c, inside))
    }

    /// Scans one attribute or namespace declaration; returns the index behind it.
    fn attribute(&mut self, start: usize, bindings: usize) -> Result<usize, Stop> {
        let text = self.input.text();
        let bytes = text.as_bytes();
        let end = name_end(text, start).ok_or(Stop::Incomplete(IN_TAG))?;
        if end == start {
            return Err(self.unexpected(start, IN_TAG));
        }
        let prefix = self.qualified(start, end)?;
        let equals = space_end(bytes, end);
        match bytes.get(equals) {
            None => return Err(Stop::Incomplete(IN_TAG)),
            Some(b'=') => {}
            Some(_) => return Err(self.unexpected(equals, IN_TAG)),
        }
        let quote_at = space_end(bytes, equals + 1);
        let quote = match bytes.get(quote_at) {
            None => return Err(Stop::Incomplete(IN_TAG)),
            Some(&quote @ (b'"' | b'\'')) => quote,
            Some(_) => return Err(self.unexpected(quote_at, IN_TAG)),
        };
        let (value, behind) = self.attribute_value(quote_at + 1, quote)?;
        let local = start + if prefix == 0 { 0 } else { prefix + 1 };
        let text = self.input.text();
        let value_text = match value {
            ValueSlot::Window(from, to) => self.input.slice(from, to),
            ValueSlot::Scratch(from, to) => &self.slots.scratch[from..to],
        };
        let declares = match &text[start..local] {
            "" if &text[start..end] == "xmlns" => Some(""),
            "xmlns:" => Some(&text[local..end]),
            _ => None,
        };
        if let Some(declared) = declares {
            if self.namespaces.declared_since(bindings, declared) {
                return Err(Stop::Malformed(start, Malformed::DuplicateAttribute(text[start..end].to_owned())));
            }
            if self.namespaces.len() >= self.bounds.namespaces_max {
                return Err(Stop::Read(self.passed(
                    Bound::Namespaces,
                    self.bounds.namespaces_max as u64,
                    self.input.offset(start),
                )));
            }
            if self.namespaces.text_bytes() + declared.len() + value_text.len() > self.bounds.name_bytes_max {
                return Err(Stop::Read(self.too_many_names(start)));
            }
            if !self.namespaces.declare(declared, value_text) {
                return Err(Stop::Malformed(start, Malformed::BadNamespaceDeclaration(declared.to_owned())));
            }
        } else {
            self.slots.slots.push(AttributeSlot {
                start: self.input.offset(start),
                local: self.input.offset(local),
                end: self.input.offset(end),
                value,
                namespace: NamespaceId::NONE,
            });
        }
        let count = self.slots.slots.len() + self.namespaces.len() - bindings;
        if count > self.bounds.attributes_max {
            return Err(Stop::Read(self.passed(
                Bound::Attributes,
                self.bounds.attributes_max as u64,
                self.input.offset(start),
            )));
        }
        Ok(behind)
    }

    /// Scans a value up to its quote; returns it and the index behind the quote.
    fn attribute_value(&mut self, start: usize, quote: u8) -> Result<(ValueSlot, usize), Stop> {
        let text = self.input.text();
        let bytes = text.as_bytes();
        let mut at = start;
        let mut plain = true;
        loop {
            match bytes.get(at) {
                None => return Err(Stop::Incomplete("an attribute value")),
                Some(&b) if b == quote => break,
                Some(b'<') => return Err(Stop::Malformed(at, Malformed::LessThanInAttribute)),
                Some(b'&' | b'\t' | b'\n') => {
                    plain = false;
                    at += 1;
                }
                Some(_) => at += 1,
            }
        }
        if plain {
            let slot = ValueSlot::Window(self.input.offset(start), self.input.offset(at));
            return Ok((slot, at + 1));
        }
        let from = self.slots.scratch.len();
        let mut index = start;
        while index < at {
            let c = match bytes[index] {
                b'&' => {
                    let (c, behind) = reference(&text[..at], index).map_err(|stop| match stop {
                        Stop::Incomplete(_) => Stop::Malformed(index, Malformed::BadReference),
                        stop => stop,
                    })?;
                    index = behind;
                    c
                }
                b'\t' | b'\n' => {
                    index += 1;
                    ' '
                }
                _ => {
                    let c = text[index..].chars().next().unwrap_or(' ');
                    index += c.len_utf8();
                    c
                }
            };
            self.slots.scratch.push(c);
        }
        Ok((ValueSlot::Scratch(from, self.slots.scratch.len()), at + 1))
    }

    /// Gives attributes their namespaces and refuses doubles, by name as written and by namespace.
    fn resolve_attributes(&mut self) -> Result<(), Stop> {
        for current in 0..self.slots.slots.len() {
            let slot = self.slots.slots[current];
            let start = self.input.index(slot.start);
            if slot.local > slot.start {
                let length = (slot.local - slot.start) as usize - 1;
                self.slots.slots[current].namespace = self.prefix_namespace(start, length)?;
            }
            let slot = self.slots.slots[current];
            let local = self.input.slice(slot.local, slot.end);
            let doubled = self.slots.slots[..current].iter().any(|earlier| {
                self.input.slice(earlier.local, earlier.end) == local
                    && self.namespaces.uri(earlier.namespace) == self.namespaces.uri(slot.namespace)
            });
            if doubled {
                return Err(Stop::Malformed(
                    start,
                    Malformed::DuplicateAttribute(self.input.slice(slot.start, slot.end).to_owned()),
                ));
            }
        }
        Ok(())
    }

    fn end_tag(&mut self) -> Result<Step, Stop> {
        let at = self.input.pos;
        let text = self.input.text();
        let start = at + 2;
        let end = name_end(text, start).ok_or(Stop::Incomplete(IN_TAG))?;
        let close = space_end(text.as_bytes(), end);
        match text.as_bytes().get(close) {
            None => return Err(Stop::Incomplete(IN_TAG)),
            Some(b'>') => {}
            Some(_) => return Err(self.unexpected(close, "an end tag")),
        }
        self.check_token(at, close + 1)?;
        let Some(element) = self.open.last() else {
            return Err(Stop::Malformed(at, Malformed::StrayEndTag));
        };
        let found = &self.input.text()[start..end];
        if !self.name_matches(element, found) {
            return Err(Stop::Malformed(
                at,
                Malformed::MismatchedEndTag { expected: self.open_name(element), found: found.to_owned() },
            ));
        }
        // The start tag had the same name, so it is qualified and its prefix is declared.
        let prefix = self.qualified(start, end)?;
        let name = self.name_slot(start, end, prefix)?;
        self.input.pos = close + 1;
        self.pop_element();
        Ok(Step::End(name))
    }

    /// Markup that begins with `<!`: a comment, or something to refuse.
    fn declaration_like(&mut self) -> Result<Step, Stop> {
        let at = self.input.pos;
        let rest = &self.input.bytes()[at..];
        if rest.starts_with(b"<!--") {
            return self.comment();
        }
        for (start, inside) in [(&b"<!--"[..], "a comment"), (b"<!DOCTYPE", "a DOCTYPE")] {
            if start.starts_with(rest) {
                return Err(Stop::Incomplete(inside));
            }
        }
        if rest.starts_with(b"<!DOCTYPE") && self.stage == Stage::Prolog {
            return Err(Stop::Read(ReadError::Doctype { position: self.input.locate(self.input.offset(at)) }));
        }
        Err(self.unexpected(at + 1, "markup"))
    }

    fn comment(&mut self) -> Result<Step, Stop> {
        let at = self.input.pos;
        let body = at + 4;
        let bytes = self.input.bytes();
        let mut end = find_byte(bytes, body, b'-');
        while bytes.get(end + 1).is_some_and(|&b| b != b'-') {
            end = find_byte(bytes, end + 1, b'-');
        }
        match bytes.get(end + 2) {
            None => Err(Stop::Incomplete("a comment")),
            Some(b'>') => {
                self.check_token(at, end + 3)?;
                self.input.pos = end + 3;
                self.prolog_seen = true;
                Ok(Step::Comment(self.input.offset(body), self.input.offset(end)))
            }
            Some(_) => Err(Stop::Malformed(end, Malformed::DoubleHyphenInComment)),
        }
    }

    fn instruction(&mut self) -> Result<Step, Stop> {
        const INSIDE: &str = "a processing instruction";
        let at = self.input.pos;
        let text = self.input.text();
        let start = at + 2;
        let target_end = name_end(text, start).ok_or(Stop::Incomplete(INSIDE))?;
        let target = &text[start..target_end];
        if target == "xml" {
            return Err(Stop::Malformed(at, Malformed::MisplacedDeclaration));
        }
        // Namespaces in XML: a target is a name without colon.
        if !super::name::is_ncname(target) || target.eq_ignore_ascii_case("xml") {
            return Err(Stop::Malformed(start, Malformed::BadInstructionTarget(target.to_owned())));
        }
        let body = space_end(text.as_bytes(), target_end);
        let Some(length) = text[body..].find("?>") else {
            return Err(Stop::Incomplete(INSIDE));
        };
        if body == target_end && length > 0 {
            return Err(self.unexpected(body, INSIDE));
        }
        let end = body + length;
        self.check_token(at, end + 2)?;
        let step = Step::Instruction(self.input.offset(start), self.input.offset(target_end), self.input.offset(end));
        self.input.pos = end + 2;
        self.prolog_seen = true;
        Ok(step)
    }

    /// The XML declaration, if the document begins with one.
    fn declaration(&mut self) -> Result<(), Stop> {
        const INSIDE: &str = "the XML declaration";
        const START: &[u8] = b"<?xml";
        while self.input.bytes().len() < START.len() + 1 {
            if !self.refill()? {
                break;
            }
        }
        let bytes = self.input.bytes();
        if !bytes.starts_with(START) || !matches!(bytes.get(START.len()), None | Some(b' ' | b'\t' | b'\n' | b'?')) {
            return Ok(());
        }
        let Some(end) = self.input.text().find("?>") else {
            return Err(Stop::Incomplete(INSIDE));
        };
        let body = &self.input.text()[START.len()..end];
        let declared = declaration_parts(body)
            .map_err(|reason| Stop::Malformed(START.len(), Malformed::BadDeclaration(reason)))?;
        if let Some(encoding) = declared
            && !encoding.eq_ignore_ascii_case("utf-8")
        {
            return Err(Stop::Read(ReadError::Encoding {
                found: encoding.chars().take(40).collect(),
                position: self.input.locate(self.input.offset(0)),
            }));
        }
        self.check_token(0, end + 2)?;
        self.input.pos = end + 2;
        self.prolog_seen = true;
        Ok(())
    }
}

/// The encoding that the declaration's inside names.
fn declaration_parts(body: &str) -> Result<Option<&str>, &'static str> {
    let (version, rest) = pseudo_attribute(body, "version")?.ok_or("it must begin with a version")?;
    if !version.strip_prefix("1.").is_some_and(|minor| !minor.is_empty() && minor.bytes().all(|b| b.is_ascii_digit())) {
        return Err("the version must be 1.0");
    }
    let (encoding, rest) = match pseudo_attribute(rest, "encoding")? {
        Some((encoding, rest)) => (Some(encoding), rest),
        None => (None, rest),
    };
    if let Some(encoding) = encoding {
        let mut bytes = encoding.bytes();
        if !bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
            || !bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        {
            return Err("the encoding is no name of an encoding");
        }
    }
    let rest = match pseudo_attribute(rest, "standalone")? {
        Some(("yes" | "no", rest)) => rest,
        Some(_) => return Err("standalone must be yes or no"),
        None => rest,
    };
    if rest.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n')) { Ok(encoding) } else { Err("something else follows") }
}

/// Value of the part of this name at the beginning of `text`, and what follows; `None` if another part stands there.
fn pseudo_attribute<'t>(text: &'t str, name: &str) -> Result<Option<(&'t str, &'t str)>, &'static str> {
    const BLANK: [char; 3] = [' ', '\t', '\n'];
    let inner = text.trim_start_matches(BLANK);
    let Some(rest) = inner.strip_prefix(name) else {
        return Ok(None);
    };
    if inner.len() == text.len() {
        return Err("white space is missing");
    }
    let rest = rest.trim_start_matches(BLANK).strip_prefix('=').ok_or("`=` is missing")?.trim_start_matches(BLANK);
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or("a quote is missing")?;
    rest[1..].split_once(quote).map(Some).ok_or("a quote is missing")
}
