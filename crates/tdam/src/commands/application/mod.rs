//! `tdam application`: applications from the draft to the rights that hold, as an operator's client of the exchange.

mod forms;
mod print;
mod words;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use client::Operator;
use client::operator::ApplicationFilter;
use protocol::applications::{ActAnswer, ApplicationContent, ApplicationDetail};
use protocol::content_reader::complaint;

use super::answer::save;
use super::runtime::in_runtime;
use crate::operator_connection::OperatorConnection;
use crate::terminal::{Exit, Failure, Terminal};

/// Bytes of a file that the exchange takes.
const FILE_BYTES_MAX: u64 = server::bounds::APPLICATION_FILE_BYTES_MAX;
/// Bytes of a content that the exchange takes.
const CONTENT_BYTES_MAX: u64 = server::bounds::OPERATOR_REQUEST_BYTES_MAX;
/// So many digits of a digest name it at least: what is approved was shown, not guessed.
const DIGEST_DIGITS_MIN: usize = 16;

/// Enter applications, look at them, and decide about them, as an operator.
///
/// An application lives from draft to submitted, checked, approved and in force. One operator enters it, another one approves it.
#[derive(Args, Debug)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// Print the result as JSON
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Only try it: the exchange says what would come of it, and changes nothing
    #[arg(long, global = true)]
    dry_run: bool,
    #[command(flatten)]
    pub(super) connection: OperatorConnection,
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand, Debug)]
enum Act {
    /// Print a form to fill in (JSON)
    Form {
        /// What is applied for
        kind: forms::Kind,
    },
    /// Enter an application, as a draft
    Enter {
        /// The filled-in form (JSON); - for standard input
        #[arg(value_name = "FILE")]
        content: PathBuf,
        /// The number of the client's person who applied, where the exchange knows that person
        #[arg(long, value_name = "PERSON")]
        applicant: Option<i64>,
    },
    /// Change the content of a draft that you entered
    Rewrite {
        /// The number of the application
        id: i64,
        /// The filled-in form (JSON); - for standard input
        #[arg(value_name = "FILE")]
        content: PathBuf,
    },
    /// List applications, newest first
    List {
        /// In this state only
        #[arg(long, value_name = "STATE")]
        state: Option<forms::State>,
        /// Of this kind only
        #[arg(long, value_name = "KIND")]
        kind: Option<forms::Kind>,
        /// Of the client with this number only
        #[arg(long, value_name = "NUMBER")]
        client: Option<i64>,
        /// The page before this application
        #[arg(long, value_name = "NUMBER")]
        before: Option<i64>,
    },
    /// Show an application: what changes, its files, its steps, and the digest that an approval needs
    Show {
        /// The number of the application
        id: i64,
    },
    /// Attach a file to a draft that you entered
    Attach {
        /// The number of the application
        id: i64,
        /// The file
        file: PathBuf,
        /// What it is
        #[arg(long, value_name = "KIND", default_value = "signed")]
        kind: FileKind,
    },
    /// Get a file of an application
    File {
        /// The number of the application
        id: i64,
        /// The name of the file
        name: String,
        /// Write it here
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
    },
    /// Note how you verified the signature of a file
    Verify {
        /// The number of the application
        id: i64,
        /// The name of the file [default: the one that the institution signed]
        #[arg(long, value_name = "NAME")]
        file: Option<String>,
        /// The tool or service, and what it said
        #[arg(long, value_name = "TEXT")]
        how: String,
    },
    /// Complete a draft that you entered: content and files stand from here on
    Submit {
        /// The number of the application
        id: i64,
    },
    /// Note that you have checked a submitted application
    Check {
        /// The number of the application
        id: i64,
    },
    /// Approve a checked application that another operator entered
    Approve {
        /// The number of the application
        id: i64,
        /// The digest that `show` printed, or its first 16 digits
        #[arg(long, value_name = "DIGEST")]
        digest: String,
    },
    /// Refuse an application
    Reject {
        /// The number of the application
        id: i64,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Make the code with which the contact person gets the certificate, once the application is in force. It is shown only now
    Code {
        /// The number of the application
        id: i64,
        /// What the code is good for [default: as applied for; otherwise request]
        #[arg(long, value_name = "KIND")]
        kind: Option<CodeKind>,
    },
    /// Get the certificate of the person of an application in force, for the request that the person brings; or let a certificate of another
    /// house's authority in that the application names by its fingerprint
    Certify {
        /// The number of the application
        id: i64,
        /// The certificate request (PKCS #10), or the certificate of the other authority (PEM or DER)
        request: PathBuf,
        /// Write the certificate with its chain here
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
    },
    /// Take an application back that you entered
    Withdraw {
        /// The number of the application
        id: i64,
    },
}

/// What an enrolment code is good for.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum CodeKind {
    /// A certificate request (CSR): the private key never leaves the client
    Request,
    /// A PKCS #12 file with a new key, encrypted with AES-256
    KeyStore,
    /// The same with triple DES, for programs that read nothing newer
    KeyStoreTripleDes,
}

impl CodeKind {
    const fn word(self) -> &'static str {
        match self {
            CodeKind::Request => "request",
            CodeKind::KeyStore => "key-store",
            CodeKind::KeyStoreTripleDes => "key-store-triple-des",
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FileKind {
    /// The application, signed by the institution
    Signed,
    /// Anything else that belongs to it
    Supporting,
}

impl FileKind {
    const fn word(self) -> &'static str {
        match self {
            FileKind::Signed => "signed",
            FileKind::Supporting => "supporting",
        }
    }
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let Arguments { json, dry_run, connection, act } = arguments;
    if let Act::Form { kind } = act {
        terminal.line(forms::form(kind).trim_end());
        return Ok(Exit::Done);
    }
    let operator = connection.operator(terminal)?.on_trial(dry_run);
    in_runtime(async {
        match act {
            Act::Form { .. } => Ok(()),
            Act::List { state, kind, client, before } => {
                let (state, kind) = (state.map(forms::State::word), kind.map(forms::Kind::word));
                let filter = ApplicationFilter {
                    state: state.map(str::to_owned),
                    kind: kind.map(str::to_owned),
                    client,
                    before,
                };
                let list = operator.applications(&filter).await?;
                shown(json, &list, terminal, |terminal| print::list(&list, terminal));
                Ok(())
            }
            Act::Show { id } => {
                let application = operator.application(id).await?;
                shown(json, &application, terminal, |terminal| print::application(&application, terminal));
                Ok(())
            }
            Act::File { id, name, output } => {
                save(operator.file(id, &name).await?, &output).await?;
                terminal.note(format_args!("{} {}", terminal.say(crate::terminal::words::WRITTEN), output.display()));
                Ok(())
            }
            Act::Code { .. } | Act::Certify { .. } if dry_run => {
                Err(Failure::Usage(terminal.say(words::NOTHING_TO_TRY).to_owned()))
            }
            Act::Certify { id, request, output } => {
                let chain = operator.certify_person(id, bounded(&request, CONTENT_BYTES_MAX, terminal)?).await?;
                std::fs::write(&output, chain).map_err(Failure::output(&output))?;
                terminal.note(format_args!("{} {}", terminal.say(crate::terminal::words::WRITTEN), output.display()));
                Ok(())
            }
            Act::Code { id, kind } => {
                let code = operator.enrolment_code(id, kind.map(CodeKind::word)).await?;
                shown(json, &code, terminal, |terminal| print::code(&code, terminal));
                Ok(())
            }
            act => {
                let done = change(&operator, act, terminal).await?;
                shown(json, &done, terminal, |terminal| print::act(&done, terminal));
                Ok::<_, Failure>(())
            }
        }
    })??;
    Ok(Exit::Done)
}

/// What changes an application.
async fn change(operator: &Operator, act: Act, terminal: &Terminal) -> Result<ActAnswer, Failure> {
    Ok(match act {
        Act::Enter { content, applicant } => operator.enter(&content_in(&content, terminal)?, applicant).await?,
        Act::Rewrite { id, content } => operator.rewrite(id, &content_in(&content, terminal)?).await?,
        Act::Attach { id, file, kind } => {
            let bytes = bounded(&file, FILE_BYTES_MAX, terminal)?;
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            operator.attach(id, &name, kind.word(), bytes).await?
        }
        Act::Verify { id, file, how } => {
            let file = match file {
                Some(file) => file,
                None => signed_file(&operator.application(id).await?, terminal)?,
            };
            operator.verify(id, &file, &how).await?
        }
        Act::Submit { id } => operator.submit(id).await?,
        Act::Check { id } => operator.check(id).await?,
        Act::Approve { id, digest } => {
            let digest = whole_digest(operator, id, digest, terminal).await?;
            operator.approve(id, &digest).await?
        }
        Act::Reject { id, reason } => operator.reject(id, &reason).await?,
        Act::Withdraw { id } => operator.withdraw(id).await?,
        // These change no application; `run` has done them.
        Act::Form { .. }
        | Act::List { .. }
        | Act::Show { .. }
        | Act::File { .. }
        | Act::Code { .. }
        | Act::Certify { .. } => ActAnswer::default(),
    })
}

fn shown(json: bool, value: &impl serde::Serialize, terminal: &Terminal, print: impl FnOnce(&Terminal)) {
    if json { terminal.json(&serde_json::json!(value)) } else { print(terminal) }
}

/// A filled-in form. The exchange reads it once more; the command reads it first, to name the file and line of a mistake.
fn content_in(path: &Path, terminal: &Terminal) -> Result<ApplicationContent, Failure> {
    let bytes = bounded(path, CONTENT_BYTES_MAX, terminal)?;
    serde_json::from_slice(&bytes).map_err(|error| {
        let found = words::complaint(complaint(&error), terminal.language());
        Failure::Usage(format!("{}: {found}", path.display()))
    })
}

/// The bytes of a file; `-` is standard input.
fn bounded(path: &Path, bytes_max: u64, terminal: &Terminal) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(bytes_max + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(bytes_max + 1).read_to_end(&mut bytes))
    };
    read.map_err(Failure::input(path))?;
    if bytes.len() as u64 > bytes_max {
        let at_most = terminal.say(words::BYTES_AT_MOST);
        return Err(Failure::Usage(format!("{} {at_most} {bytes_max}", path.display())));
    }
    Ok(bytes)
}

fn signed_file(application: &ApplicationDetail, terminal: &Terminal) -> Result<String, Failure> {
    let signed: Vec<_> = application.files.iter().filter(|file| file.kind == FileKind::Signed.word()).collect();
    match signed.as_slice() {
        [file] => Ok(file.name.clone()),
        [] => Err(Failure::Usage(terminal.say(words::NO_SIGNED_FILE).to_owned())),
        _ => Err(Failure::Usage(terminal.say(words::SEVERAL_SIGNED_FILES).to_owned())),
    }
}

/// The digest that begins so. The exchange compares all of it with the application's.
async fn whole_digest(operator: &Operator, id: i64, digits: String, terminal: &Terminal) -> Result<String, Failure> {
    let digits = digits.to_ascii_lowercase();
    if digits.len() < DIGEST_DIGITS_MIN || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        let at_least = terminal.say(words::DIGEST_DIGITS);
        return Err(Failure::Usage(format!("--digest: {at_least} {DIGEST_DIGITS_MIN}")));
    }
    let now = operator.application(id).await?.digest.unwrap_or_default();
    // Another digest goes to the exchange as it was given, so that the exchange says what is wrong with it.
    Ok(if now.starts_with(&digits) { now } else { format!("{digits:0<64}") })
}
