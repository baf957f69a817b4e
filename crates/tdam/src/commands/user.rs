//! `tdam user`: what an operator does for online users.

use clap::{Args, Subcommand, ValueEnum};
use exchange::{Exchange, OnlineUser, SystemClock};
use std::sync::Arc;

use super::configuration::ConfigurationFile;
use super::runtime::service;
use crate::acts::{self, ActOutcome, NewCodeKind};
use crate::configuration::Configuration;
use crate::terminal::{Exit, Failure, Terminal};

/// Act on online users, as the operator.
#[derive(Args, Debug)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    #[command(flatten)]
    config: ConfigurationFile,
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand, Debug, Clone)]
enum Act {
    /// Make a code with which a contact person gets the online user's certificate. Earlier unused codes no longer work
    Enroll {
        /// The online user: its number or name
        user: String,
        /// What the code is good for
        #[arg(long, value_name = "KIND", default_value = "request")]
        kind: Kind,
        /// Print the answer as JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// A certificate request (CSR): the private key never leaves the client
    Request,
    /// A PKCS #12 file with a new key, encrypted with AES-256
    KeyStore,
    /// The same with triple DES, for programs that read nothing newer
    KeyStoreTripleDes,
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let configuration = arguments.config.read()?;
    service(async {
        let Act::Enroll { user, kind, json } = arguments.act;
        enroll(&configuration, &user, kind, json, terminal).await
    })
}

async fn enroll(
    configuration: &Configuration,
    user: &str,
    kind: Kind,
    json: bool,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let meant = meant(configuration, user).await?;
    let kind = match kind {
        Kind::Request => NewCodeKind::Request,
        Kind::KeyStore => NewCodeKind::KeyStore,
        Kind::KeyStoreTripleDes => NewCodeKind::KeyStoreTripleDes,
    };
    let made = acts::act(configuration, &acts::Act::Enroll { user: meant.id.0, kind }).await?;
    let ActOutcome::EnrolmentCode(made) = made else {
        return Err(Failure::Other("the service answered something else".to_owned()));
    };
    if json {
        terminal.line(serde_json::to_string(&made).map_err(Failure::service)?);
        return Ok(Exit::Done);
    }
    terminal.line(format_args!("Code for {} of {}, until {}:", made.online_user, made.client, made.valid_until));
    terminal.line(format_args!("\n  {}\n", made.code));
    terminal.line(
        "Give it to the contact person another way than by the e-mail that names the address. It is shown only now.",
    );
    Ok(Exit::Done)
}

/// The one online user that a number or a name stands for.
async fn meant(configuration: &Configuration, user: &str) -> Result<OnlineUser, Failure> {
    let store = configuration.open_store().await.map_err(Failure::service)?;
    let operator = Exchange::new(store, configuration.exchange_settings(), Arc::new(SystemClock)).operator();
    let mut meant = Vec::new();
    for client in operator.clients().await.map_err(Failure::service)? {
        let users = operator.online_users(client.id).await.map_err(Failure::service)?;
        meant.extend(users.into_iter().filter(|known| known.id.0.to_string() == user || known.name == user));
    }
    match (meant.pop(), meant.len()) {
        (Some(user), 0) => Ok(user),
        (None, _) => Err(Failure::Usage(format!(
            "no online user has the number or name {user:?}; `tdam operator list` shows them"
        ))),
        (Some(_), others) => {
            Err(Failure::Usage(format!("{} online users are called {user:?}: give the number of one", others + 1)))
        }
    }
}
