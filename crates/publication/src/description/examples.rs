//! The values that the example of a message has at each place.

use std::collections::HashMap;

use iso20022::MessageType;
use xsd::token::{Token, Tokenizer};

/// The first value at each path below `Document`.
pub(super) struct Examples(HashMap<String, String>);

impl Examples {
    pub(super) fn of(message_type: MessageType) -> Examples {
        let mut values = HashMap::new();
        let mut tokenizer = Tokenizer::new(crate::example(message_type).as_bytes());
        let (mut open, mut text) = (Vec::<String>::new(), String::new());
        // Our own example is well-formed; what could not be read would only lack in the description, and a test says so.
        while let Ok(token) = tokenizer.next() {
            match token {
                Token::Start { name, .. } => {
                    open.push(name.local().to_owned());
                    text.clear();
                }
                Token::Text(piece) => text.push_str(piece),
                Token::End { .. } => {
                    // Between the ends of two elements there is white space only.
                    if !text.trim().is_empty() {
                        let path = open.get(1..).unwrap_or_default().join("/");
                        values.entry(path).or_insert_with(|| text.clone());
                    }
                    open.pop();
                    text.clear();
                }
                Token::EndOfDocument => break,
                _ => {}
            }
        }
        Examples(values)
    }

    pub(super) fn value(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }
}
