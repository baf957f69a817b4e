//! Structured fields (RFC 9651), as far as signatures need them: dictionaries of inner lists and of byte sequences, with
//! parameters. Values are written back in the one form that the RFC has for each.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Bytes of a field; the longest signatures and chains of components stay far below.
pub const FIELD_BYTES_MAX: usize = 16 << 10;
/// Members of a dictionary, items of an inner list, and parameters of one item.
pub const ITEMS_MAX: usize = 64;

const INTEGER_DIGITS_MAX: usize = 15;

/// A value without parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bare {
    /// A number of at most 15 digits.
    Integer(i64),
    /// Printable ASCII in quotes.
    Text(String),
    /// A word without quotes.
    Token(String),
    /// Base64 between colons.
    Bytes(Vec<u8>),
    /// `?0` or `?1`.
    Flag(bool),
}

/// Parameters in their order, each once: the last one with a name counts.
pub type Parameters = Vec<(String, Bare)>;

/// A value with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The value.
    pub value: Bare,
    /// Its parameters.
    pub parameters: Parameters,
}

/// A member of a dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Member {
    /// A single item.
    Item(Item),
    /// Items in parentheses, and parameters of the whole.
    List(Vec<Item>, Parameters),
}

/// Where a field is no structured field of the expected kind: after so many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The place.
    pub after: usize,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no structured field after byte {}", self.after)
    }
}

impl std::error::Error for Malformed {}

/// Reads a dictionary. Of two members with one name the last counts, in the place of the first.
///
/// # Errors
/// When the text is no dictionary of such members, or beyond the bounds.
pub fn dictionary(text: &str) -> Result<Vec<(String, Member)>, Malformed> {
    read_dictionary(text, false)
}

fn read_dictionary(text: &str, are_distinct: bool) -> Result<Vec<(String, Member)>, Malformed> {
    if text.len() > FIELD_BYTES_MAX {
        return Err(Malformed { after: FIELD_BYTES_MAX });
    }
    let mut reader = Reader { text: text.as_bytes(), at: 0 };
    let mut members = Vec::new();
    reader.skip(b" ");
    while !reader.is_at_end() {
        let name = reader.key()?;
        let member = if reader.takes(b'=') {
            reader.member()?
        } else {
            Member::Item(Item { value: Bare::Flag(true), parameters: reader.parameters()? })
        };
        if are_distinct && members.iter().any(|(other, _)| *other == name) {
            return Err(reader.malformed());
        }
        set(&mut members, name, member);
        if members.len() > ITEMS_MAX {
            return Err(reader.malformed());
        }
        reader.skip(b" \t");
        if reader.is_at_end() {
            break;
        }
        reader.expect(b',')?;
        reader.skip(b" \t");
        if reader.is_at_end() {
            return Err(reader.malformed());
        }
    }
    Ok(members)
}

/// Reads a dictionary that has each name once, as those of signatures do (RFC 9421, 4.1).
///
/// # Errors
/// As [`dictionary`], or when a name occurs twice.
pub fn dictionary_of_distinct(text: &str) -> Result<Vec<(String, Member)>, Malformed> {
    read_dictionary(text, true)
}

fn set<T>(all: &mut Vec<(String, T)>, name: String, value: T) {
    match all.iter_mut().find(|(other, _)| *other == name) {
        Some((_, old)) => *old = value,
        None => all.push((name, value)),
    }
}

/// Writes parameters.
pub fn write_parameters(parameters: &Parameters, out: &mut String) {
    for (name, value) in parameters {
        out.push(';');
        out.push_str(name);
        if *value != Bare::Flag(true) {
            out.push('=');
            write_bare(value, out);
        }
    }
}

/// Writes an inner list.
pub fn write_list(items: &[Item], parameters: &Parameters, out: &mut String) {
    out.push('(');
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            out.push(' ');
        }
        write_item(item, out);
    }
    out.push(')');
    write_parameters(parameters, out);
}

/// Writes an item with its parameters.
pub fn write_item(item: &Item, out: &mut String) {
    write_bare(&item.value, out);
    write_parameters(&item.parameters, out);
}

fn write_bare(value: &Bare, out: &mut String) {
    match value {
        Bare::Integer(number) => out.push_str(&number.to_string()),
        Bare::Text(text) => {
            out.push('"');
            for character in text.chars() {
                if matches!(character, '"' | '\\') {
                    out.push('\\');
                }
                out.push(character);
            }
            out.push('"');
        }
        Bare::Token(token) => out.push_str(token),
        Bare::Bytes(bytes) => {
            out.push(':');
            out.push_str(&STANDARD.encode(bytes));
            out.push(':');
        }
        Bare::Flag(flag) => out.push_str(if *flag { "?1" } else { "?0" }),
    }
}

struct Reader<'t> {
    text: &'t [u8],
    /// At most the length of the text.
    at: usize,
}

impl Reader<'_> {
    fn malformed(&self) -> Malformed {
        Malformed { after: self.at }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, byte: u8) -> Result<(), Malformed> {
        if self.takes(byte) { Ok(()) } else { Err(self.malformed()) }
    }

    fn skip(&mut self, bytes: &[u8]) {
        while self.peek().is_some_and(|byte| bytes.contains(&byte)) {
            self.at += 1;
        }
    }

    fn while_is(&mut self, is: impl Fn(u8) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&is) {
            self.at += 1;
        }
        let taken = self.text.get(start..self.at).unwrap_or_default();
        taken.iter().map(|byte| char::from(*byte)).collect()
    }

    fn key(&mut self) -> Result<String, Malformed> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_lowercase() || byte == b'*') {
            return Err(self.malformed());
        }
        let is_key = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.*".contains(&byte);
        Ok(self.while_is(is_key))
    }

    fn member(&mut self) -> Result<Member, Malformed> {
        if !self.takes(b'(') {
            return self.item().map(Member::Item);
        }
        let mut items = Vec::new();
        loop {
            self.skip(b" ");
            if self.takes(b')') {
                return Ok(Member::List(items, self.parameters()?));
            }
            if items.len() >= ITEMS_MAX {
                return Err(self.malformed());
            }
            items.push(self.item()?);
            if !matches!(self.peek(), Some(b' ' | b')')) {
                return Err(self.malformed());
            }
        }
    }

    fn item(&mut self) -> Result<Item, Malformed> {
        Ok(Item { value: self.bare()?, parameters: self.parameters()? })
    }

    fn parameters(&mut self) -> Result<Parameters, Malformed> {
        let mut parameters = Vec::new();
        while self.takes(b';') {
            self.skip(b" ");
            let name = self.key()?;
            let value = if self.takes(b'=') { self.bare()? } else { Bare::Flag(true) };
            set(&mut parameters, name, value);
            if parameters.len() > ITEMS_MAX {
                return Err(self.malformed());
            }
        }
        Ok(parameters)
    }

    fn bare(&mut self) -> Result<Bare, Malformed> {
        match self.peek() {
            Some(b'"') => self.text(),
            Some(b':') => self.bytes(),
            Some(b'?') => self.flag(),
            Some(byte) if byte.is_ascii_digit() || byte == b'-' => self.integer(),
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'*' => {
                let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/".contains(&byte);
                Ok(Bare::Token(self.while_is(is_token)))
            }
            _ => Err(self.malformed()),
        }
    }

    fn text(&mut self) -> Result<Bare, Malformed> {
        self.expect(b'"')?;
        let mut text = String::new();
        loop {
            let byte = self.peek().ok_or_else(|| self.malformed())?;
            self.at += 1;
            match byte {
                b'"' => return Ok(Bare::Text(text)),
                b'\\' => match self.peek() {
                    Some(escaped @ (b'"' | b'\\')) => {
                        self.at += 1;
                        text.push(char::from(escaped));
                    }
                    _ => return Err(self.malformed()),
                },
                0x20..=0x7e => text.push(char::from(byte)),
                _ => return Err(self.malformed()),
            }
        }
    }

    fn bytes(&mut self) -> Result<Bare, Malformed> {
        self.expect(b':')?;
        let encoded = self.while_is(|byte| byte != b':');
        let decoded = STANDARD.decode(encoded).map_err(|_| self.malformed())?;
        self.expect(b':')?;
        Ok(Bare::Bytes(decoded))
    }

    fn flag(&mut self) -> Result<Bare, Malformed> {
        self.expect(b'?')?;
        match self.takes(b'1') {
            true => Ok(Bare::Flag(true)),
            false => self.expect(b'0').map(|()| Bare::Flag(false)),
        }
    }

    fn integer(&mut self) -> Result<Bare, Malformed> {
        let sign = if self.takes(b'-') { -1 } else { 1 };
        let digits = self.while_is(|byte| byte.is_ascii_digit());
        // A decimal is a number, but none that a signature has.
        if digits.is_empty() || digits.len() > INTEGER_DIGITS_MAX || self.peek() == Some(b'.') {
            return Err(self.malformed());
        }
        let number: i64 = digits.parse().map_err(|_| self.malformed())?;
        Ok(Bare::Integer(sign * number))
    }
}
