//! `tdam operator recover`: certificates for operators again, when none is left who can decide.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::acts::{self, ActOutcome, Returning};
use crate::configuration::Configuration;
use crate::terminal::{Exit, Failure, Terminal};

/// Bytes of a certificate request: an RSA key of 8192 bits takes 3 kB.
const REQUEST_BYTES_MAX: u64 = 6 << 10;

/// Which operator brings which request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::commands) struct Bringing {
    person: i64,
    request: PathBuf,
}

impl std::str::FromStr for Bringing {
    type Err = String;

    fn from_str(text: &str) -> Result<Bringing, String> {
        let parts = text.split_once('=').and_then(|(person, path)| Some((person.parse().ok()?, path)));
        let (person, path) = parts.ok_or("say NUMBER=FILE; `tdam operator list` shows the numbers of persons")?;
        Ok(Bringing { person, request: path.into() })
    }
}

pub(super) async fn recover(
    configuration: &Configuration,
    bringing: &[Bringing],
    to: &Path,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let operators: Result<Vec<Returning>, Failure> = bringing.iter().map(read).collect();
    let act = acts::Act::Recover { operators: operators? };
    // Before anything happens: a folder that is missing would cost the answer.
    if !to.is_dir() {
        return Err(Failure::Usage(format!("{} is no folder", to.display())));
    }
    let ActOutcome::Certificates(given) = acts::act(configuration, &act).await? else {
        return Err(Failure::Other("the service gave another answer than certificates".to_owned()));
    };
    for one in given {
        let path = to.join(format!("person-{}.pem", one.person));
        let file = OpenOptions::new().write(true).create(true).truncate(true).open(&path);
        file.and_then(|mut file| file.write_all(one.pem.as_bytes())).map_err(Failure::output(&path))?;
        terminal.line(format_args!(
            "Person {} has a certificate until {}: {}. Enter an application for the next one.",
            one.person,
            one.not_after,
            path.display()
        ));
    }
    Ok(Exit::Done)
}

fn read(bringing: &Bringing) -> Result<Returning, Failure> {
    let path = &bringing.request;
    let length = fs::metadata(path).map_err(Failure::input(path))?.len();
    if length > REQUEST_BYTES_MAX {
        return Err(Failure::Usage(format!(
            "{}: {length} bytes is too long for a certificate request",
            path.display()
        )));
    }
    let request = fs::read_to_string(path).map_err(Failure::input(path))?;
    Ok(Returning { person: bringing.person, request })
}
