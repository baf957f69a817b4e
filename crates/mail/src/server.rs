//! Hands letters over to a mail server by SMTP (RFC 5321), over TLS from the start or by STARTTLS (RFC 3207).
//!
//! Each letter has a connection of its own: there are few, and a server that closes idle connections is no trouble. A letter is
//! handed over when the server has said 250 to its last line. What happens after that, such as a connection that is lost before the
//! goodbye, does not matter: the library's own transport would report it as a failure, and the letter would go twice.

use std::fmt;

use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::time::timeout;

use crate::bounds::{CONNECT_TIMEOUT, GOODBYE_TIMEOUT, HANDOVER_TIMEOUT, REPLY_CHARS_MAX};
use crate::letter::{MailError, Person, WrittenLetter, mailbox};
use crate::templates::one_line;

/// How the connection to a mail server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Security {
    /// It begins in the clear and goes on in TLS, or ends.
    #[default]
    StartTls,
    /// TLS from its first byte.
    Tls,
    /// Not at all: to a mail server on this machine only, and without login.
    None,
}

/// Who logs in.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// Name.
    pub user: String,
    /// Password.
    pub password: String,
}

impl fmt::Debug for Login {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

/// What a mail server is reached by.
#[derive(Clone, Debug)]
pub struct MailServerSettings {
    /// Host name, which its certificate must name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The authorities of its certificate (PEM); `None`: those that the operating system trusts.
    pub authorities_pem: Option<Vec<u8>>,
    /// Who logs in, if anybody.
    pub login: Option<Login>,
    /// Whom letters are from.
    pub from: Person,
}

/// A mail server that takes letters.
#[derive(Clone)]
pub struct MailServer {
    settings: MailServerSettings,
    from: Mailbox,
    tls: Option<TlsParameters>,
}

impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailServer").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// What became of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handover {
    /// The server has it.
    Taken,
    /// The server refused it for good, and says why.
    Refused(String),
    /// The server refused it for now, and says why.
    Later(String),
    /// The server does not answer, or not as a mail server does: other letters fare no better.
    Unreachable(String),
}

impl MailServer {
    /// Checks the settings. No connection is made.
    ///
    /// # Errors
    /// When they contradict each other, the sender is no address, or a certificate cannot be read.
    pub fn new(settings: MailServerSettings) -> Result<MailServer, MailError> {
        let from = mailbox(&settings.from)?;
        let wrong = |why: &str| Err(MailError::Settings(why.to_owned()));
        if settings.host.is_empty() {
            return wrong("the mail server has no host name");
        }
        let tls = match settings.security {
            Security::None if settings.login.is_some() => return wrong("a password does not travel without TLS"),
            Security::None if !is_this_machine(&settings.host) => {
                return wrong("without TLS letters go to a mail server on this machine only");
            }
            Security::None => None,
            Security::StartTls | Security::Tls => Some(tls(&settings)?),
        };
        Ok(MailServer { settings, from, tls })
    }

    /// Whom letters are from.
    #[must_use]
    pub fn from(&self) -> &Person {
        &self.settings.from
    }

    /// Hands a letter over.
    pub async fn hand_over(&self, letter: &WrittenLetter) -> Handover {
        let mut connection = match timeout(HANDOVER_TIMEOUT, self.connect()).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return Handover::Unreachable(said(&error)),
            Err(_) => return no_answer(),
        };
        let taken = timeout(HANDOVER_TIMEOUT, connection.send(letter.message.envelope(), &letter.bytes())).await;
        let handover = match taken {
            Ok(Ok(_)) => Handover::Taken,
            Ok(Err(error)) if error.is_permanent() => Handover::Refused(said(&error)),
            Ok(Err(error)) if error.is_transient() => Handover::Later(said(&error)),
            Ok(Err(error)) => Handover::Unreachable(said(&error)),
            Err(_) => no_answer(),
        };
        // How the goodbye goes does not matter.
        let _ = timeout(GOODBYE_TIMEOUT, connection.quit()).await;
        handover
    }

    /// A connection on which letters can be handed over. A refusal so far is no letter's fault.
    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let MailServerSettings { host, port, security, login, .. } = &self.settings;
        let hello = ClientId::Domain(self.from.email.domain().to_owned());
        let from_the_start = self.tls.clone().filter(|_| *security == Security::Tls);
        let place = (host.as_str(), *port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(place, Some(CONNECT_TIMEOUT), &hello, from_the_start, None).await?;
        if let (Security::StartTls, Some(tls)) = (security, &self.tls) {
            connection.starttls(tls.clone(), &hello).await?;
        }
        if let Some(Login { user, password }) = login {
            let credentials = Credentials::new(user.clone(), password.clone());
            connection.auth(DEFAULT_MECHANISMS, &credentials).await?;
        }
        Ok(connection)
    }
}

fn no_answer() -> Handover {
    Handover::Unreachable(format!("no answer within {} s", HANDOVER_TIMEOUT.as_secs()))
}

fn tls(settings: &MailServerSettings) -> Result<TlsParameters, MailError> {
    let mut tls = TlsParameters::builder(settings.host.clone());
    if let Some(pem) = &settings.authorities_pem {
        let none = || MailError::Settings("the file of the mail server's authorities holds no certificate".to_owned());
        if !pem.windows(BEGINS.len()).any(|window| window == BEGINS) {
            return Err(none());
        }
        tls = tls.certificate_store(CertificateStore::None);
        tls = tls.add_root_certificate(Certificate::from_pem(pem).map_err(|_| none())?);
    }
    tls.build().map_err(|error| MailError::Settings(format!("TLS to the mail server cannot be set up: {error}")))
}

const BEGINS: &[u8] = b"-----BEGIN CERTIFICATE-----";

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

/// An error with its causes, on one line.
fn said(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        let more = next.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = next.source();
    }
    one_line(&text).chars().take(REPLY_CHARS_MAX).collect()
}
