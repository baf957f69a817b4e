//! Arguments that `tdam schema export` and `tdam format-description` share: the messages, and the output.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use iso20022::MessageType;

use crate::terminal::{Failure, Terminal, words};

/// Which messages, and where their documents go.
#[derive(Debug, clap::Args)]
pub(super) struct Documents {
    /// Messages, in full or by their beginning: pain.001.001.09, pain.001, camt [default: all twelve]
    #[arg(value_name = "MESSAGE", value_parser = messages)]
    messages: Vec<Messages>,
    /// Write a file for each message into this folder [default: standard output, for one message]
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// The messages that one argument names.
#[derive(Clone, Debug)]
struct Messages(Vec<MessageType>);

fn messages(start: &str) -> Result<Messages, String> {
    let begins = |message_type: &MessageType| {
        let rest = message_type.name().strip_prefix(start);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let named: Vec<MessageType> = MessageType::ALL.into_iter().filter(begins).collect();
    if named.is_empty() {
        let known = MessageType::ALL.map(MessageType::name).join(", ");
        return Err(format!("the messages are {known}"));
    }
    Ok(Messages(named))
}

impl Documents {
    /// Writes a document for each message; its file is called after the message with this ending.
    pub(super) fn write(
        &self,
        ending: &str,
        terminal: &Terminal,
        make: impl Fn(MessageType) -> String,
    ) -> Result<(), Failure> {
        let wanted = self.wanted();
        let Some(folder) = &self.output else {
            let [message_type] = wanted.as_slice() else {
                let several = format!("{} documents need a folder: --output DIR", wanted.len());
                return Err(Failure::Usage(several));
            };
            // The reader that closed the pipe has what it wanted.
            let _ = std::io::stdout().lock().write_all(make(*message_type).as_bytes());
            return Ok(());
        };
        fs::create_dir_all(folder).map_err(Failure::output(folder))?;
        for message_type in wanted {
            let path = folder.join(format!("{message_type}.{ending}"));
            fs::write(&path, make(message_type)).map_err(Failure::output(&path))?;
            terminal.line(format_args!("{message_type} {} {}", terminal.say(words::WRITTEN), path.display()));
        }
        Ok(())
    }

    fn wanted(&self) -> Vec<MessageType> {
        if self.messages.is_empty() {
            return MessageType::ALL.into();
        }
        let mut wanted: Vec<MessageType> = self.messages.iter().flat_map(|named| named.0.iter().copied()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        wanted
    }
}
