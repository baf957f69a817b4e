//! The command's end of the socket: asks the service that runs on a data folder, and waits for what came of it.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;

use super::request::{Act, ActOutcome, ActRefusal};
use super::socket::{CONVERSATION_MAX, NAME, place};
use crate::terminal::Failure;

/// Bytes of an answer: all that is set aside, up to the number that is shown.
const ANSWER_BYTES_MAX: u64 = 4 << 20;
/// How long the command waits: longer than the service stays with it, so that the service decides.
const ANSWER_MAX: Duration = Duration::from_secs(CONVERSATION_MAX.as_secs() + 10);

/// Asks the service that runs on the folder; `None` when none does.
pub(super) async fn ask(folder: &Path, act: &Act) -> Result<Option<Result<ActOutcome, ActRefusal>>, Failure> {
    let path = folder.join(NAME);
    let (_open, place) = place(folder).map_err(Failure::input(folder))?;
    let stream = match UnixStream::connect(place).await {
        Ok(stream) => stream,
        // None was ever opened, or the process that did has ended.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => return Ok(None),
        Err(source) => return Err(Failure::Input { path, source }),
    };
    let asked = tokio::time::timeout(ANSWER_MAX, exchange_lines(stream, act)).await;
    let broken = |why: &dyn std::fmt::Display| {
        Failure::Unavailable(format!(
            "the service did not say what came of it ({why}): it may be done. The same command again tells, or does it"
        ))
    };
    match asked {
        Ok(Ok(answer)) => Ok(Some(answer)),
        Ok(Err(error)) => Err(broken(&error)),
        Err(_) => Err(broken(&format_args!("no answer for {} s", ANSWER_MAX.as_secs()))),
    }
}

async fn exchange_lines(mut stream: UnixStream, act: &Act) -> io::Result<Result<ActOutcome, ActRefusal>> {
    let mut line = serde_json::to_vec(act)?;
    line.push(b'\n');
    stream.write_all(&line).await?;
    let mut answer = String::new();
    BufReader::new(stream.take(ANSWER_BYTES_MAX)).read_line(&mut answer).await?;
    Ok(serde_json::from_str(&answer)?)
}
