//! The grammar of regular expressions in XML Schema (part 2, appendix F), without Unicode categories and blocks.

use super::set::CharSet;
use crate::bounds::{NESTING_MAX, STATES_MAX};

/// An expression.
#[derive(Debug, Clone)]
pub(super) enum Node {
    One(CharSet),
    Both(Vec<Node>),
    Either(Vec<Node>),
    Repeat(Box<Node>, u32, Option<u32>),
}

pub(super) fn parse(pattern: &str) -> Result<Node, String> {
    let mut parser = Parser { chars: pattern.chars().collect(), at: 0, depth: 0 };
    let node = parser.either()?;
    match parser.peek() {
        None => Ok(node),
        Some(c) => Err(format!("`{c}` is not expected")),
    }
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self) -> Result<char, String> {
        let c = self.peek().ok_or("it ends too early")?;
        self.at += 1;
        Ok(c)
    }

    fn take_if(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn either(&mut self) -> Result<Node, String> {
        let mut branches = vec![self.branch()?];
        while self.take_if('|') {
            branches.push(self.branch()?);
        }
        Ok(match branches.len() {
            1 => branches.remove(0),
            _ => Node::Either(branches),
        })
    }

    fn branch(&mut self) -> Result<Node, String> {
        let mut pieces = Vec::new();
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            let atom = self.atom()?;
            pieces.push(self.quantified(atom)?);
        }
        Ok(Node::Both(pieces))
    }

    fn quantified(&mut self, atom: Node) -> Result<Node, String> {
        let (min, max) = match self.peek() {
            Some('?') => (0, Some(1)),
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('{') => {
                self.at += 1;
                let min = self.number()?;
                let max = if self.take_if(',') {
                    match self.peek() {
                        Some('}') => None,
                        _ => Some(self.number()?),
                    }
                } else {
                    Some(min)
                };
                if self.peek() != Some('}') {
                    return Err("`}` is missing".to_owned());
                }
                if max.is_some_and(|max| max < min) {
                    return Err(format!("{{{min},…}} ends before it begins"));
                }
                (min, max)
            }
            _ => return Ok(atom),
        };
        self.at += 1;
        Ok(Node::Repeat(Box::new(atom), min, max))
    }

    fn number(&mut self) -> Result<u32, String> {
        let mut number = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            self.at += 1;
            let next = number.unwrap_or(0) * 10 + digit;
            if next as usize > STATES_MAX {
                return Err(format!("repeats above {STATES_MAX} are not supported"));
            }
            number = Some(next);
        }
        number.ok_or_else(|| "a number is missing".to_owned())
    }

    fn atom(&mut self) -> Result<Node, String> {
        Ok(match self.take()? {
            '(' => {
                self.depth += 1;
                if self.depth > NESTING_MAX {
                    return Err(format!("nesting above {NESTING_MAX} is not supported"));
                }
                let inner = self.either()?;
                if !self.take_if(')') {
                    return Err("`)` is missing".to_owned());
                }
                self.depth -= 1;
                inner
            }
            '[' => Node::One(self.class()?),
            '.' => Node::One(CharSet::of(&[('\n', '\n'), ('\r', '\r')]).complement()),
            '\\' => Node::One(self.escape()?.1),
            c @ ('?' | '*' | '+' | '{' | '}' | ')' | ']' | '|') => {
                return Err(format!("`{c}` is not expected"));
            }
            c => Node::One(CharSet::of(&[(c, c)])),
        })
    }

    /// After the backslash: the character, if it stands for a single one, and the set.
    fn escape(&mut self) -> Result<(Option<char>, CharSet), String> {
        let space = || CharSet::of(&[(' ', ' '), ('\t', '\t'), ('\n', '\n'), ('\r', '\r')]);
        let single = match self.take()? {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            c @ ('\\' | '|' | '.' | '-' | '^' | '?' | '*' | '+' | '{' | '}' | '(' | ')' | '[' | ']') => c,
            's' => return Ok((None, space())),
            'S' => return Ok((None, space().complement())),
            c => return Err(format!("`\\{c}` is not supported")),
        };
        Ok((Some(single), CharSet::of(&[(single, single)])))
    }

    /// After the opening bracket.
    fn class(&mut self) -> Result<CharSet, String> {
        self.depth += 1;
        if self.depth > NESTING_MAX {
            return Err(format!("nesting above {NESTING_MAX} is not supported"));
        }
        let negated = self.take_if('^');
        let mut set = CharSet::default();
        let mut first = true;
        let mut subtracted = None;
        loop {
            let c = self.take()?;
            let start = match c {
                ']' if !first => break,
                ']' | '[' => return Err(format!("`{c}` must be escaped")),
                '-' if !first && self.peek() == Some('[') => {
                    self.at += 1;
                    subtracted = Some(self.class()?);
                    if !self.take_if(']') {
                        return Err("`]` is missing after a subtraction".to_owned());
                    }
                    break;
                }
                '-' if !first && self.peek() != Some(']') => {
                    return Err("`-` must be escaped here".to_owned());
                }
                '\\' => match self.escape()? {
                    (Some(c), _) => c,
                    (None, several) => {
                        set = set.add(several);
                        first = false;
                        continue;
                    }
                },
                c => c,
            };
            first = false;
            let range =
                self.peek() == Some('-') && !matches!(self.chars.get(self.at + 1), Some(']' | '[') | None) && c != '-';
            let end = if range {
                self.at += 1;
                match self.take()? {
                    '\\' => self.escape()?.0.ok_or("a range must end in one character")?,
                    end => end,
                }
            } else {
                start
            };
            if end < start {
                return Err(format!("range {start}-{end} ends before it begins"));
            }
            set = set.add(CharSet::of(&[(start, end)]));
        }
        self.depth -= 1;
        let set = if negated { set.complement() } else { set };
        Ok(match subtracted {
            Some(other) => set.without(&other),
            None => set,
        })
    }
}
