//! Errors of a call. Users distinguish them by predicates, not by a list of variants that grows.

use std::error::Error as StdError;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustls::{AlertDescription, CertificateError};

use protocol::Problem;

/// Why a call failed. Its text says what happened and what to do.
///
/// ```
/// let error = client::Client::builder().url("ftp://example.org").build().unwrap_err();
/// assert!(error.is_configuration());
/// assert!(error.to_string().contains("https://"));
/// // What a program prints whose `main` returns it.
/// assert_eq!(format!("{error:?}"), format!("configuration: {error}"));
/// ```
pub struct Error {
    kind: Box<Kind>,
    attempts: u32,
}

#[derive(Debug)]
enum Kind {
    Configuration(String),
    Input { path: PathBuf, source: std::io::Error },
    Connection { url: String, detail: String },
    Tls { url: String, failure: TlsFailure },
    Timeout { doing: &'static str, after: Duration },
    Refused(Problem),
    Unavailable(Problem),
    Unexpected(String),
}

/// The code of a message that the exchange is working on: it says "ask again", not "no".
const BEING_PROCESSED: &str = "TDAM-5009";

/// What sort of failure it is; the same eight in every language. New ones may come.
///
/// ```
/// let error = client::Client::builder().build().unwrap_err();
/// assert_eq!(error.kind(), client::ErrorKind::Configuration);
/// assert_eq!(error.kind().name(), "configuration");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Unusable address, certificate, key or setting.
    Configuration,
    /// The file to be sent cannot be read.
    Input,
    /// No connection, or it was lost.
    Connection,
    /// One side does not accept the other's certificate.
    Tls,
    /// Nothing came within the time allowed.
    Timeout,
    /// The exchange says no.
    Refused,
    /// The exchange says not now.
    Unavailable,
    /// An answer that the library does not understand.
    Unexpected,
}

impl ErrorKind {
    /// In one word, as logs and other languages name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ErrorKind::Configuration => "configuration",
            ErrorKind::Input => "input",
            ErrorKind::Connection => "connection",
            ErrorKind::Tls => "tls",
            ErrorKind::Timeout => "timeout",
            ErrorKind::Refused => "refused",
            ErrorKind::Unavailable => "unavailable",
            ErrorKind::Unexpected => "unexpected",
        }
    }
}

/// What TLS says, as far as it decides what to do about it.
#[derive(Debug)]
enum TlsFailure {
    CertificateRequired,
    CertificateRefused(String),
    AuthorityUnknown,
    NameDiffers,
    ServerCertificateExpired,
    Other(String),
}

impl Error {
    pub(crate) fn configuration(what: impl Into<String>) -> Error {
        Error::new(Kind::Configuration(what.into()))
    }

    pub(crate) fn input(path: &Path, source: std::io::Error) -> Error {
        Error::new(Kind::Input { path: path.to_owned(), source })
    }

    pub(crate) fn timeout(doing: &'static str, after: Duration) -> Error {
        Error::new(Kind::Timeout { doing, after })
    }

    pub(crate) fn unexpected(what: impl Into<String>) -> Error {
        Error::new(Kind::Unexpected(what.into()))
    }

    /// A refusal by status and problem document; "not now" differs from "no".
    pub(crate) fn refused(problem: Problem) -> Error {
        Error::new(match problem.status {
            429 | 502 | 503 | 504 => Kind::Unavailable(problem),
            409 if problem.code == BEING_PROCESSED => Kind::Unavailable(problem),
            _ => Kind::Refused(problem),
        })
    }

    pub(crate) fn transport(url: &str, error: &reqwest::Error) -> Error {
        if let Some(input) = find_input(error) {
            return Error::input(&input.path, std::io::Error::new(input.source.kind(), input.source.to_string()));
        }
        if let Some(tls) = find_tls(error) {
            return Error::new(Kind::Tls { url: url.to_owned(), failure: TlsFailure::from(&tls) });
        }
        if error.is_timeout() {
            return Error::timeout("making the connection", crate::bounds::CONNECT_TIMEOUT);
        }
        Error::new(Kind::Connection { url: url.to_owned(), detail: innermost(error) })
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Error {
        self.attempts = attempts;
        self
    }

    fn new(kind: Kind) -> Error {
        Error { kind: Box::new(kind), attempts: 1 }
    }

    /// The service understood the request and refused it: the problem document says why.
    ///
    /// ```no_run
    /// # async fn example(client: client::Client) -> Result<(), client::Error> {
    /// match client.status("MSG-2026-11-23").await {
    ///     Ok(document) => println!("{} bytes", document.bytes().await?.len()),
    ///     Err(error) => match error.is_refused() {
    ///         Some(problem) => eprintln!("{}: {}", problem.code, problem.title),
    ///         None => return Err(error),
    ///     },
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_refused(&self) -> Option<&Problem> {
        match &*self.kind {
            Kind::Refused(problem) => Some(problem),
            _ => None,
        }
    }

    /// The service cannot answer now and said so (429, 503): later the same call may succeed.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        matches!(&*self.kind, Kind::Unavailable(_))
    }

    /// The problem document of a refusal, or of an answer that says "not now".
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match &*self.kind {
            Kind::Refused(problem) | Kind::Unavailable(problem) => Some(problem),
            _ => None,
        }
    }

    /// No connection, or it was lost.
    #[must_use]
    pub fn is_connection(&self) -> bool {
        matches!(&*self.kind, Kind::Connection { .. })
    }

    /// TLS failed: one side does not trust or accept the other's certificate.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        matches!(&*self.kind, Kind::Tls { .. })
    }

    /// Nothing came within the time allowed. Whether the service received the message is not known; sending the same
    /// bytes again is safe.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(&*self.kind, Kind::Timeout { .. })
    }

    /// The service does not accept who calls: certificate missing, revoked or expired, address not allowed, no right to it.
    #[must_use]
    pub fn is_unauthorised(&self) -> bool {
        match &*self.kind {
            Kind::Refused(problem) => matches!(problem.status, 401 | 403),
            Kind::Tls { failure, .. } => {
                matches!(failure, TlsFailure::CertificateRequired | TlsFailure::CertificateRefused(_))
            }
            _ => false,
        }
    }

    /// The client was set up with something unusable: address, certificates, key.
    #[must_use]
    pub fn is_configuration(&self) -> bool {
        matches!(&*self.kind, Kind::Configuration(_))
    }

    /// The file to be sent could not be read.
    #[must_use]
    pub fn is_input(&self) -> bool {
        matches!(&*self.kind, Kind::Input { .. })
    }

    /// The exchange sent something that the library does not understand.
    #[must_use]
    pub fn is_unexpected(&self) -> bool {
        matches!(&*self.kind, Kind::Unexpected(_))
    }

    /// What sort of failure it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match &*self.kind {
            Kind::Configuration(_) => ErrorKind::Configuration,
            Kind::Input { .. } => ErrorKind::Input,
            Kind::Connection { .. } => ErrorKind::Connection,
            Kind::Tls { .. } => ErrorKind::Tls,
            Kind::Timeout { .. } => ErrorKind::Timeout,
            Kind::Refused(_) => ErrorKind::Refused,
            Kind::Unavailable(_) => ErrorKind::Unavailable,
            Kind::Unexpected(_) => ErrorKind::Unexpected,
        }
    }

    /// How many attempts were made before giving up.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The exchange is working on the message: it is asked again, and that is no failed attempt.
    pub(crate) fn is_being_processed(&self) -> bool {
        self.problem().is_some_and(|problem| problem.code == BEING_PROCESSED)
    }

    /// Whether another attempt with the same bytes makes sense, and after which pause at least.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match &*self.kind {
            Kind::Connection { .. } | Kind::Timeout { .. } => Some(Duration::ZERO),
            Kind::Unavailable(problem) => Some(Duration::from_secs(problem.retry_after_seconds.unwrap_or(0))),
            _ => None,
        }
    }
}

impl From<&rustls::Error> for TlsFailure {
    fn from(error: &rustls::Error) -> TlsFailure {
        use AlertDescription as Alert;
        match error {
            rustls::Error::AlertReceived(Alert::CertificateRequired | Alert::HandshakeFailure) => {
                TlsFailure::CertificateRequired
            }
            rustls::Error::AlertReceived(
                alert @ (Alert::BadCertificate
                | Alert::UnsupportedCertificate
                | Alert::CertificateRevoked
                | Alert::CertificateExpired
                | Alert::CertificateUnknown
                | Alert::UnknownCA
                | Alert::AccessDenied
                | Alert::DecryptError),
            ) => TlsFailure::CertificateRefused(format!("{alert:?}")),
            rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature) => {
                TlsFailure::AuthorityUnknown
            }
            rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            ) => TlsFailure::NameDiffers,
            rustls::Error::InvalidCertificate(
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. },
            ) => TlsFailure::ServerCertificateExpired,
            other => TlsFailure::Other(other.to_string()),
        }
    }
}

impl fmt::Display for TlsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TlsFailure::CertificateRequired => {
                f.write_str("it asks for a client certificate and none was given; set the online user's certificate and key")
            }
            TlsFailure::CertificateRefused(alert) => write!(
                f,
                "it does not accept the client certificate ({alert}); check that it is the online user's, not expired, not revoked"
            ),
            TlsFailure::AuthorityUnknown => f.write_str(
                "its certificate is not signed by a certificate authority of the given PEM file. If it worked before, the service has begun to \
                 use its next authority: take up the trust bundle that it publishes (/ca.pem). Otherwise check the address and the file",
            ),
            TlsFailure::NameDiffers => {
                f.write_str("its certificate is for another host name; use the address that the certificate names")
            }
            TlsFailure::ServerCertificateExpired => {
                f.write_str("its certificate is not valid today; check this machine's clock, or tell the operator")
            }
            TlsFailure::Other(detail) => write!(f, "TLS failed: {detail}"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.kind {
            Kind::Configuration(what) | Kind::Unexpected(what) => f.write_str(what)?,
            Kind::Input { path, source } => write!(f, "{} cannot be read: {source}", path.display())?,
            Kind::Connection { url, detail } => write!(
                f,
                "no connection to {url}: {detail}; check the address and that the service runs, then send the same bytes again"
            )?,
            Kind::Tls { url, failure } => write!(f, "no secure connection to {url}: {failure}")?,
            Kind::Timeout { doing, after } => write!(
                f,
                "nothing came within {} s while {doing}; the outcome is not known, and sending the same bytes again is safe",
                after.as_secs()
            )?,
            Kind::Refused(problem) => write!(f, "refused: {}", Sentence(problem))?,
            Kind::Unavailable(problem) => write!(f, "the service cannot answer now: {}", Sentence(problem))?,
        }
        if self.attempts > 1 { write!(f, " (after {} attempts)", self.attempts) } else { Ok(()) }
    }
}

/// A problem in one sentence: code, what was found, what to do, by what the operator finds it.
struct Sentence<'a>(&'a Problem);

impl fmt::Display for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = self.0;
        if problem.code.is_empty() {
            return write!(f, "HTTP {} {}", problem.status, problem.title);
        }
        write!(f, "{} {}", problem.code, problem.detail.as_deref().unwrap_or(&problem.title))?;
        if !problem.remedy.is_empty() {
            write!(f, " {}", problem.remedy)?;
        }
        if !problem.request_id.is_empty() {
            write!(f, " [request {}]", problem.request_id)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    /// What a `main` that returns it prints, and `unwrap`: so the kind and the text, which says what to do. With `#` everything that it holds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return write!(f, "{}: {self}", self.kind().name());
        }
        f.debug_struct("Error").field("kind", &self.kind).field("attempts", &self.attempts).finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &*self.kind {
            Kind::Input { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// A file that failed while it was being sent: carried through the connection's own errors.
#[derive(Debug)]
pub(crate) struct InputFailed {
    pub(crate) path: PathBuf,
    pub(crate) source: std::io::Error,
}

impl fmt::Display for InputFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.source)
    }
}

impl StdError for InputFailed {}

/// Every error below `error`. What an `io::Error` carries is not its `source` but its inner value, hence the detour.
fn chain<'e>(error: &'e (dyn StdError + 'static)) -> Vec<&'e (dyn StdError + 'static)> {
    let mut all = Vec::new();
    let mut next = Some(error);
    while let Some(current) = next {
        all.push(current);
        let carried = current.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match carried {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => current.source(),
        };
    }
    all
}

fn find_tls(error: &reqwest::Error) -> Option<rustls::Error> {
    chain(error).into_iter().find_map(|cause| cause.downcast_ref::<rustls::Error>()).cloned()
}

fn find_input(error: &reqwest::Error) -> Option<&InputFailed> {
    chain(error).into_iter().find_map(|cause| cause.downcast_ref::<InputFailed>())
}

fn innermost(error: &reqwest::Error) -> String {
    chain(error).last().map_or_else(|| error.to_string(), ToString::to_string)
}
