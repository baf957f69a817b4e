//! `tdam proxy`: plain HTTP for programs of this machine, a safe connection to the exchange.

use std::fs;
use std::path::{Path, PathBuf};

use proxy::{Choices, Running, Settings};
use tokio::signal::unix::{SignalKind, signal};

use super::runtime::service;
use crate::configuration::Log;
use crate::supervisor::Supervisor;
use crate::terminal::{Exit, Failure, Terminal, words};
use crate::{logging, serving};

/// Name of the file in a folder given by `--config`, as an online user's folder of a sandbox has it.
const FILE_NAME: &str = "connection.toml";

/// Serve programs that cannot speak to the exchange themselves: plain HTTP on this machine in; mutual TLS, signatures, safe retries and
/// renewal of the certificate out.
///
/// The proxy takes the same requests as the exchange (/v1/...). It sends a submission again with the same bytes when the connection is
/// lost, which cannot double a payment. /proxy/health says how it is.
#[derive(Debug, clap::Args)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// Configuration file (TOML), or a folder with a connection.toml; options take the place of its keys
    #[arg(long, value_name = "FILE|DIR", env = "TDAM_PROXY_CONFIG", hide_env_values = true)]
    config: Option<PathBuf>,
    /// Only check the configuration, and ask the exchange once whether it lets the proxy in
    #[arg(long)]
    check: bool,
    /// Address of the exchange: https://host:port
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Certificates of the authorities that sign the server's certificate (PEM)
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Certificate of the online user (PEM)
    #[arg(long, value_name = "FILE")]
    cert: Option<PathBuf>,
    /// Private key of the online user (PEM)
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Both in one file (PKCS #12)
    #[arg(long, value_name = "FILE")]
    key_store: Option<PathBuf>,
    /// File with the password of the key store
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Name of the environment variable with the password of the key store
    #[arg(long, value_name = "NAME")]
    password_env: Option<String>,
    /// Whether to sign submissions: true or false [default: true]
    #[arg(long, value_name = "BOOL", hide_possible_values = true)]
    sign: Option<bool>,
    /// Address and port to listen on [default: 127.0.0.1:8800]
    #[arg(long, value_name = "IP:PORT")]
    listen: Option<String>,
    /// Unix socket to listen on instead
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,
    /// Its mode, octal [default: 0600]
    #[arg(long, value_name = "MODE")]
    socket_mode: Option<String>,
    /// Listen beyond this machine; the key networks of the file must name who may call there
    #[arg(long)]
    beyond_loopback: bool,
    /// Give up when nothing moves towards the exchange for so many seconds [default: 60]
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
    /// Give up on a request after so many attempts [default: 5]
    #[arg(long, value_name = "N")]
    attempts: Option<u32>,
    /// Renew the certificate so many days before its end; 0: never [default: 30]
    #[arg(long, value_name = "DAYS")]
    renew_days_ahead: Option<u32>,
    /// Folder for messages that are being sent [default: the system's for temporary files]
    #[arg(long, value_name = "DIR")]
    spool: Option<PathBuf>,
    /// What to log: error, warn, info, debug
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    log_level: String,
}

impl Arguments {
    fn settings(&self) -> Result<Settings, Failure> {
        let file = match &self.config {
            Some(path) if path.is_dir() => read(&path.join(FILE_NAME))?,
            Some(path) => read(path)?,
            None => Choices::default(),
        };
        let options = Choices {
            url: self.url.clone(),
            ca: self.ca.clone(),
            cert: self.cert.clone(),
            key: self.key.clone(),
            key_store: self.key_store.clone(),
            password_file: self.password_file.clone(),
            password_env: self.password_env.clone(),
            sign: self.sign,
            listen: self.listen.clone(),
            socket: self.socket.clone(),
            socket_mode: self.socket_mode.clone(),
            timeout_seconds: self.timeout,
            attempts: self.attempts,
            renew_days_ahead: self.renew_days_ahead,
            spool: self.spool.clone(),
            ..Choices::default()
        };
        let sources = file.with(options).check(self.beyond_loopback).map_err(Failure::setting)?;
        sources.read(|name| std::env::var(name).ok()).map_err(Failure::setting)
    }
}

fn read(path: &Path) -> Result<Choices, Failure> {
    let length = fs::metadata(path).map_err(Failure::input(path))?.len();
    if length > proxy::bounds::FILE_BYTES_MAX {
        return Err(Failure::Usage(format!("{}: {length} bytes is too long for a configuration", path.display())));
    }
    let text = fs::read_to_string(path).map_err(Failure::input(path))?;
    Choices::of_toml(&text, path.parent().unwrap_or(Path::new(".")))
        .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let settings = arguments.settings()?;
    if arguments.check {
        return service(check(settings, terminal));
    }
    let log = Log { level: arguments.log_level.clone(), ..Log::default() };
    logging::begin(&log).map_err(Failure::service)?;
    service(serve(settings))
}

async fn check(settings: Settings, terminal: &Terminal) -> Result<Exit, Failure> {
    for finding in settings.open_secrets() {
        terminal.note(format_args!("{}: {finding}", terminal.say(words::WARNING)));
    }
    let caller = settings.try_out().await?.caller;
    terminal.line(terminal.say(words::SETTINGS_SOUND));
    terminal.line(format_args!("{}: {}", terminal.say(words::ONLINE_USER_HEAD), caller.online_user));
    terminal.line(format_args!("{}: {}", terminal.say(words::CLIENT_HEAD), caller.client));
    terminal.line(format_args!("{}: {}", terminal.say(words::CERTIFICATE_DAYS_LEFT), caller.certificate_days_left));
    Ok(Exit::Done)
}

async fn serve(settings: Settings) -> Result<Exit, Failure> {
    // From the first moment: a signal without a handler ends the process.
    let mut hangup = signal(SignalKind::hangup()).map_err(Failure::service)?;
    let asked_to_stop = serving::StopSignals::take().map_err(Failure::service)?;
    let supervisor = Supervisor::of_environment();
    let running = Running::start(settings).await.map_err(Failure::service)?;
    tracing::info!(place = running.place(), "serving");
    supervisor.ready();
    let reload = async {
        while hangup.recv().await.is_some() {
            match running.reload() {
                Ok(()) => tracing::info!("certificate and key read again"),
                Err(error) => tracing::error!(%error, "the proxy goes on with the certificate that it has"),
            }
        }
    };
    tokio::select! {
        () = asked_to_stop.received() => {}
        () = reload => {}
    }
    supervisor.stopping();
    tracing::info!("stopping: requests under way end first");
    running.stop().await;
    tracing::info!("stopped");
    Ok(Exit::Done)
}
