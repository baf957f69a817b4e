//! A mail server of this test, on a real connection with real TLS: what it says, and how the handover ends.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use mail::{Handover, Login, MailServer, MailServerSettings, Security};
use onboarding::Ending;
use pki::{CertificateAuthority, Subject, Validity};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::letters::{house, letter};

/// How the server behaves.
#[derive(Clone, Copy, Default)]
struct Manners {
    offers_starttls: bool,
    /// What it says to `AUTH`, `RCPT` and the end of the letter, if not yes.
    to_auth: Option<&'static str>,
    to_rcpt: Option<&'static str>,
    to_letter: Option<&'static str>,
    /// It hangs up instead of saying goodbye.
    hangs_up_at_quit: bool,
}

/// What it was told, line by line; those inside TLS begin with a star.
type Heard = Arc<Mutex<Vec<String>>>;

struct TestServer {
    port: u16,
    authority_pem: Vec<u8>,
    heard: Heard,
}

impl TestServer {
    async fn start(manners: Manners) -> TestServer {
        let validity = Validity::of_days(Timestamp::now(), 2);
        let authority = CertificateAuthority::create(&Subject::new("Mail authority"), validity).unwrap();
        let issued = authority.issue_server(&["localhost"], validity).unwrap();
        let chain =
            CertificateDer::pem_slice_iter(issued.certificate_pem.as_bytes()).collect::<Result<_, _>>().unwrap();
        let key = PrivateKeyDer::from_pem_slice(issued.private_key_pem.unwrap().as_bytes()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let tls = TlsAcceptor::from(Arc::new(tls.with_no_client_auth().with_single_cert(chain, key).unwrap()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Heard::default();
        let told = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, told) = (tls.clone(), Arc::clone(&told));
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    stream.write_all(b"220 localhost\r\n").await.unwrap();
                    if talk(&mut stream, manners, &told, false).await {
                        let Ok(stream) = tls.accept(stream.into_inner()).await else { return };
                        talk(&mut BufReader::new(stream), manners, &told, true).await;
                    }
                });
            }
        });
        TestServer { port, authority_pem: authority.certificate_pem().as_bytes().to_vec(), heard }
    }

    fn settings(&self) -> MailServerSettings {
        MailServerSettings {
            host: "localhost".to_owned(),
            port: self.port,
            security: Security::StartTls,
            authorities_pem: Some(self.authority_pem.clone()),
            login: None,
            from: house(),
        }
    }

    async fn hand_over(&self, settings: MailServerSettings) -> Handover {
        let written = letter(Ending::Certificate).write(&settings.from).unwrap();
        MailServer::new(settings).unwrap().hand_over(&written).await
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

/// Speaks SMTP until the end, or until TLS begins (`true`).
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    manners: Manners,
    heard: &Heard,
    in_tls: bool,
) -> bool {
    let mut line = String::new();
    let mut in_letter = false;
    loop {
        line.clear();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return false;
        }
        let said = line.trim_end().to_owned();
        heard.lock().unwrap().push(format!("{}{said}", if in_tls { "*" } else { "" }));
        let verb = said.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        let starttls = if manners.offers_starttls && !in_tls { "250-STARTTLS\r\n" } else { "" };
        let answer = match verb.as_str() {
            _ if in_letter && said != "." => continue,
            _ if in_letter => {
                in_letter = false;
                manners.to_letter.unwrap_or("250 taken").to_owned()
            }
            "EHLO" => format!("250-localhost\r\n{starttls}250-AUTH PLAIN LOGIN\r\n250 8BITMIME"),
            "STARTTLS" if manners.offers_starttls => "220 go on".to_owned(),
            "AUTH" => manners.to_auth.unwrap_or("235 welcome").to_owned(),
            "RCPT" => manners.to_rcpt.unwrap_or("250 ok").to_owned(),
            "DATA" => {
                in_letter = true;
                "354 go on".to_owned()
            }
            "QUIT" if manners.hangs_up_at_quit => return false,
            "QUIT" => "221 bye".to_owned(),
            "MAIL" | "RSET" | "NOOP" => "250 ok".to_owned(),
            _ => "502 what?".to_owned(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
        if verb == "STARTTLS" && manners.offers_starttls {
            return true;
        }
    }
}

const POLITE: Manners =
    Manners { offers_starttls: true, to_auth: None, to_rcpt: None, to_letter: None, hangs_up_at_quit: false };

#[tokio::test]
async fn a_letter_goes_inside_tls_and_the_password_with_it() {
    let server = TestServer::start(POLITE).await;
    let login = Some(Login { user: "tdam".to_owned(), password: "secret".to_owned() });
    let settings = MailServerSettings { login, ..server.settings() };
    assert!(!format!("{settings:?}").contains("secret"), "{settings:?}");
    assert_eq!(server.hand_over(settings).await, Handover::Taken);
    let heard = server.heard();
    assert_eq!(heard[..2], ["EHLO kase.example", "STARTTLS"]);
    let in_clear = heard.iter().filter(|line| !line.starts_with('*')).count();
    assert_eq!(in_clear, 2, "{heard:#?}");
    for line in ["*MAIL FROM:<noreply@kase.example>", "*RCPT TO:<anna@example.org>", "*.", "*QUIT"] {
        assert!(heard.iter().any(|said| said.starts_with(line)), "{line}: {heard:#?}");
    }
    assert!(heard.iter().any(|said| said.starts_with("*AUTH PLAIN")), "{heard:#?}");
}

#[tokio::test]
async fn a_server_that_is_lost_at_the_goodbye_has_the_letter() {
    let server = TestServer::start(Manners { hangs_up_at_quit: true, ..POLITE }).await;
    assert_eq!(server.hand_over(server.settings()).await, Handover::Taken);
}

#[tokio::test]
async fn without_tls_or_with_a_foreign_certificate_nothing_is_told() {
    let plain = TestServer::start(Manners { offers_starttls: false, ..POLITE }).await;
    assert!(matches!(plain.hand_over(plain.settings()).await, Handover::Unreachable(_)));
    let foreign = TestServer::start(POLITE).await;
    let settings = MailServerSettings { authorities_pem: Some(plain.authority_pem.clone()), ..foreign.settings() };
    assert!(matches!(foreign.hand_over(settings).await, Handover::Unreachable(_)));
    for server in [plain, foreign] {
        let heard = server.heard();
        assert!(!heard.iter().any(|line| line.contains("MAIL") || line.contains("AUTH PLAIN")), "{heard:?}");
    }
}

#[tokio::test]
async fn what_the_server_says_decides() {
    let no = |manners: Manners| async move {
        let server = TestServer::start(manners).await;
        let login = Some(Login { user: "tdam".to_owned(), password: "secret".to_owned() });
        server.hand_over(MailServerSettings { login, ..server.settings() }).await
    };
    let unknown = no(Manners { to_rcpt: Some("550 5.1.1 no such person"), ..POLITE }).await;
    assert!(matches!(&unknown, Handover::Refused(why) if why.contains("no such person")), "{unknown:?}");
    let busy = no(Manners { to_rcpt: Some("451 4.7.1 grey-listed"), ..POLITE }).await;
    assert!(matches!(&busy, Handover::Later(why) if why.contains("grey-listed")), "{busy:?}");
    let full = no(Manners { to_letter: Some("452 4.3.1 full"), ..POLITE }).await;
    assert!(matches!(full, Handover::Later(_)), "{full:?}");
    // A wrong password is no fault of the letter.
    let stranger = no(Manners { to_auth: Some("535 5.7.8 wrong password"), ..POLITE }).await;
    assert!(matches!(&stranger, Handover::Unreachable(why) if !why.contains("secret")), "{stranger:?}");
    let gone = TestServer::start(POLITE).await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = gone.hand_over(MailServerSettings { port: free, ..gone.settings() }).await;
    assert!(matches!(nobody, Handover::Unreachable(_)), "{nobody:?}");
}

#[tokio::test]
async fn letters_go_in_the_clear_on_this_machine_only_and_never_with_a_password() {
    let server = TestServer::start(Manners { offers_starttls: false, ..POLITE }).await;
    let clear = MailServerSettings { security: Security::None, authorities_pem: None, ..server.settings() };
    assert_eq!(server.hand_over(clear.clone()).await, Handover::Taken);
    let login = Some(Login { user: "tdam".to_owned(), password: "secret".to_owned() });
    for wrong in [
        MailServerSettings { login, ..clear.clone() },
        MailServerSettings { host: "mail.example.org".to_owned(), ..clear.clone() },
        MailServerSettings { host: String::new(), ..clear.clone() },
        MailServerSettings { authorities_pem: Some(b"no certificate".to_vec()), ..server.settings() },
    ] {
        let error = MailServer::new(wrong).map(drop).unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
