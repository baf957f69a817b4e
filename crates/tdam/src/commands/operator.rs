//! `tdam operator`: acts of the Treasury's staff, also beside a running server, which sees them with its next request.
//! Acts that change the work of a server go through it (`acts`).

mod cancel;
mod first_operators;
mod mail;
mod online_user;
mod preferences;
mod recover;
mod returns;
mod revocations;
mod upkeep;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use exchange::{Client, End, ExportSummary, IncomingPayment, Operator, Removable, RevocationReason};
use ledger::AccountState;
use money::{Currency, Decimal, Money};
use store::Bodies;

use super::cancel::Payments;
use super::configuration::ConfigurationFile;
use super::opened::open;
use super::runtime::service;
use super::{configuration, set_aside};
use crate::acts::{self, NewState};
use crate::configuration::{Configuration, Treasury};
use crate::export;
use crate::hexadecimal::hexadecimal;
use crate::installation::Folder;
use crate::terminal::{Exit, Failure, Terminal};

/// Acts of the Treasury's staff: list, revoke certificates, move the business day, check every invariant.
#[derive(Args, Debug)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    #[command(flatten)]
    config: ConfigurationFile,

    #[command(subcommand)]
    act: Act,
}

/// The acts.
#[derive(Subcommand, Debug, Clone)]
pub(super) enum Act {
    /// List clients, accounts, online users, persons and certificates
    List,
    /// Revoke a certificate: its next request is refused
    Revoke {
        /// The certificate (PEM file), or its SHA-256 fingerprint in hexadecimal
        #[arg(value_name = "FILE|FINGERPRINT")]
        certificate: String,
        /// Why; the revocation list says it
        #[arg(long, value_name = "REASON", value_parser = reason, default_value = "unspecified")]
        reason: RevocationReason,
    },
    /// Show the business day, or move it forward
    Day {
        /// The new business day; `next` for the next one of the calendar
        #[arg(value_name = "YYYY-MM-DD|next")]
        day: Option<String>,
        /// The same day again, when it lies far ahead: the business day never goes back
        #[arg(long, value_name = "YYYY-MM-DD", requires = "day")]
        confirm: Option<String>,
    },
    /// Show the state of the clock, or confirm it
    Clock {
        /// What day it is: refused when the clock says another
        #[arg(long, value_name = "YYYY-MM-DD")]
        today: Option<String>,
    },
    /// Show the room for the data, and how much the kept bodies of each client take
    Room,
    /// Open, block or close an account
    Account {
        /// IBAN
        iban: String,
        /// What it becomes
        state: NewState,
    },
    /// List returned payments whose money waits for an account, or note that you have paid one by hand
    Returns {
        #[command(subcommand)]
        act: Option<returns::Act>,
    },
    /// Show whether the store was restored and serves nobody yet; bring in later revocations, and let it serve
    Revocations {
        #[command(subcommand)]
        act: Option<revocations::Act>,
    },
    /// List letters about certificates and registrations that end, as far as they wait or could not be sent
    Mail {
        #[command(subcommand)]
        act: Option<mail::Act>,
    },
    /// List, show, retry or refuse work that is set aside because it ended the process each time
    SetAside {
        #[command(subcommand)]
        act: Option<set_aside::Act>,
    },
    /// Cancel payments that are not executed yet, as their client asked
    Cancel {
        /// The client: its number, registration number or name
        client: String,
        #[command(flatten)]
        payments: Payments,
    },
    /// Show or change the settings of a client; settings that you do not give stay unchanged
    Client {
        /// The client: its number, registration number or name
        client: String,
        #[command(flatten)]
        changes: preferences::Changes,
    },
    /// Show or change the rights of an online user: accounts, suspension, signatures
    User {
        /// The online user: its number or name
        user: String,
        #[command(flatten)]
        changes: online_user::Changes,
    },
    /// Show which message bodies have been kept long enough and would be removed
    Retention {
        /// As if bodies were kept for so many days [default: as configured]
        #[arg(long, value_name = "N")]
        days: Option<u32>,
    },
    /// Write everything of one client in open formats: messages, answers, payments, accounts, entries, audit lines
    Export {
        /// The client: its number, registration number or name
        client: String,
        /// A folder that does not exist yet
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    /// Register the first two operators of an installation that an older version made, while no service runs on it
    FirstOperators {
        /// Each of the two
        #[arg(value_name = "NAME <E-MAIL>", num_args = 2, required = true)]
        operators: Vec<String>,
        /// The folder of the installation: their certificates and keys go below it
        #[arg(long, value_name = "DIR")]
        dir: PathBuf,
        /// Address of the exchange: https://host:port
        #[arg(long, value_name = "URL")]
        url: String,
    },
    /// Give operators certificates again when for a day none were left who can decide; outside sandboxes to two at once
    Recover {
        /// An operator's number, and the certificate request (PEM) for the own key
        #[arg(value_name = "NUMBER=FILE", num_args = 1..=2, required = true)]
        operators: Vec<recover::Bringing>,
        /// The folder for the certificates
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    /// Check every invariant on the data: balances, holds, limits, payments, reports, audit chain
    Check {
        /// Read every stored body too, and compare it with its hash and with the stored data of its message
        #[arg(long)]
        bodies: bool,
    },
}

/// A credit from outside, as a sandbox simulates it.
#[derive(Args, Debug, Clone)]
#[group(id = "incoming_credit")]
pub(super) struct Credit {
    /// Account to be credited (IBAN)
    #[arg(long)]
    account: String,
    /// Amount in euro
    #[arg(long)]
    amount: String,
    /// Payer's name
    #[arg(long, default_value = "SIA Paraugs")]
    debtor_name: String,
    /// Payer's account (IBAN)
    #[arg(long, default_value = "LV80BANK0000435195001")]
    debtor_account: String,
    /// End-to-end identification
    #[arg(long, default_value = "NOTPROVIDED")]
    end_to_end_id: String,
    /// Remittance information [default: Simulated incoming payment, unless there is a reference]
    #[arg(long)]
    remittance: Option<String>,
    /// The payee's reference (CdtrRefInf/Ref)
    #[arg(long, default_value = "", hide_default_value = true)]
    creditor_reference: String,
    /// Its type: SCOR, PUOR, RADM, RPIN, FXDR, DISP, or a proprietary one
    #[arg(long, default_value = "", hide_default_value = true, requires = "creditor_reference")]
    reference_type: String,
    /// Whose type it is
    #[arg(long, default_value = "", hide_default_value = true, requires = "reference_type")]
    reference_issuer: String,
    /// Name of whom the payer pays for
    #[arg(long, default_value = "", hide_default_value = true)]
    ultimate_debtor_name: String,
    /// Registration number or personal code of whom the payer pays for
    #[arg(long, default_value = "", hide_default_value = true)]
    ultimate_debtor_id: String,
    /// Name of whom the money is for in the end
    #[arg(long, default_value = "", hide_default_value = true)]
    ultimate_creditor_name: String,
    /// Registration number or personal code of whom the money is for in the end
    #[arg(long, default_value = "", hide_default_value = true)]
    ultimate_creditor_id: String,
    /// The payment comes back: ISO code of the reason, such as AC04
    #[arg(long, default_value = "", hide_default_value = true)]
    return_reason: String,
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let configuration = arguments.config.read()?;
    let act_now = match arguments.act {
        Act::Retention { days } => {
            let configured = configuration.exchange_settings().large_bodies_days;
            Act::Retention { days: days.or(configured) }
        }
        other => other,
    };
    service(act(&configuration, act_now, terminal))
}

/// Does something to the exchange that a configuration names.
pub(super) async fn act(configuration: &Configuration, act: Act, terminal: &Terminal) -> Result<Exit, Failure> {
    match act {
        Act::Revoke { certificate, reason } => revoke(configuration, &certificate, reason, terminal).await,
        Act::Account { iban, state } => set_account_state(configuration, iban, state, terminal).await,
        Act::Returns { act: Some(act) } => returns::act(configuration, act, terminal).await,
        Act::Returns { act: None } => returns::list(&open(configuration).await?.1, terminal).await,
        Act::Revocations { act } => revocations::run(configuration, act, terminal).await,
        Act::Mail { act: Some(act) } => mail::act(configuration, act, terminal).await,
        Act::Mail { act: None } => mail::list(&open(configuration).await?.1, terminal).await,
        Act::SetAside { act } => set_aside::run(configuration, act, terminal).await,
        Act::List => list(&open(configuration).await?.1, terminal).await,
        Act::Day { day, confirm } => {
            let (_, operator) = open(configuration).await?;
            upkeep::move_day(&operator, day.as_deref(), confirm.as_deref(), terminal).await
        }
        Act::Clock { today } => upkeep::clock(&open(configuration).await?.1, today.as_deref(), terminal).await,
        Act::Room => upkeep::room(&open(configuration).await?.1, terminal).await,
        Act::Retention { days } => retention(&open(configuration).await?.1, days, terminal).await,
        Act::Client { client, changes } => {
            let client = meant(&open(configuration).await?.1, &client).await?;
            preferences::show_and_change(configuration, &client, &changes, terminal).await
        }
        Act::Cancel { client, payments } => {
            let client = meant(&open(configuration).await?.1, &client).await?;
            cancel::cancel(configuration, &client, payments, terminal).await
        }
        Act::User { user, changes } => {
            let (_, operator) = open(configuration).await?;
            online_user::show_and_change(configuration, &operator, &user, &changes, terminal).await
        }
        Act::Export { client, to } => {
            export(open(configuration).await?.1, &configuration.treasury, &client, to, terminal).await
        }
        Act::FirstOperators { operators, dir, url } => {
            first_operators::make(configuration, &dir, &operators, &url, terminal).await
        }
        Act::Recover { operators, to } => recover::recover(configuration, &operators, &to, terminal).await,
        Act::Check { bodies } => {
            let (store, _) = open(configuration).await?;
            let depth = if bodies { Bodies::Read } else { Bodies::Present };
            super::check::check_store(&store, depth, &configuration.exchange_settings(), terminal)
        }
    }
}

async fn set_account_state(
    configuration: &Configuration,
    iban: String,
    state: NewState,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    acts::act(configuration, &acts::Act::SetAccountState { iban: iban.clone(), state }).await?;
    terminal.line(format_args!("{iban} is {:?} now.", AccountState::from(state)));
    Ok(Exit::Done)
}

/// Notes that an exchange which an older version made is a sandbox.
pub(super) async fn vouch_for_sandbox(configuration: &Configuration) -> Result<(), Failure> {
    let (_, operator) = open(configuration).await?;
    operator.vouch_for_sandbox().await.map(drop).map_err(Failure::service)
}

/// Books a credit from outside.
pub(super) async fn credit(folder: &Folder, credit: Credit, terminal: &Terminal) -> Result<Exit, Failure> {
    const REMITTANCE: &str = "Simulated incoming payment";
    let (_, operator) = open(&configuration::of_folder(folder)?).await?;
    let amount = amount(&credit.amount)?;
    // SEPA carries a text or a reference, not both.
    let unless_said = if credit.creditor_reference.is_empty() { REMITTANCE } else { "" };
    let remittance = credit.remittance.unwrap_or_else(|| unless_said.to_owned());
    let id = operator
        .credit(IncomingPayment {
            iban: credit.account.clone(),
            minor: amount.minor(),
            debtor_name: credit.debtor_name,
            debtor_iban: credit.debtor_account,
            end_to_end_id: credit.end_to_end_id,
            remittance,
            creditor_reference: credit.creditor_reference,
            reference_type: credit.reference_type,
            reference_issuer: credit.reference_issuer,
            ultimate_debtor_name: credit.ultimate_debtor_name,
            ultimate_debtor_id: credit.ultimate_debtor_id,
            ultimate_creditor_name: credit.ultimate_creditor_name,
            ultimate_creditor_id: credit.ultimate_creditor_id,
            return_reason: credit.return_reason,
        })
        .await
        .map_err(Failure::service)?;
    terminal.line(format_args!("{} credited with {amount} (incoming payment {id}).", credit.account));
    Ok(Exit::Done)
}

fn amount(text: &str) -> Result<Money, Failure> {
    let wrong = |why: &dyn std::fmt::Display| Failure::Usage(format!("{text:?} is no amount such as 12.50: {why}"));
    let value = Decimal::parse(text).map_err(|error| wrong(&error))?;
    Money::from_decimal(value, Currency::EUR).map_err(|error| wrong(&error))
}

/// The reason that a name stands for.
fn reason(name: &str) -> Result<RevocationReason, String> {
    let known = RevocationReason::ALL.into_iter();
    known
        .clone()
        .find(|reason| reason.name() == name)
        .ok_or_else(|| format!("say one of {}", known.map(RevocationReason::name).collect::<Vec<_>>().join(", ")))
}

async fn revoke(
    configuration: &Configuration,
    certificate: &str,
    reason: RevocationReason,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let fingerprint = hexadecimal(&fingerprint_of(certificate)?);
    acts::act(configuration, &acts::Act::RevokeFor { fingerprint, reason: reason.code() }).await?;
    terminal.line("Revoked. The next request with this certificate is refused.");
    Ok(Exit::Done)
}

fn fingerprint_of(certificate: &str) -> Result<[u8; 32], Failure> {
    let path = Path::new(certificate);
    if path.is_file() {
        let pem = std::fs::read_to_string(path).map_err(Failure::input(path))?;
        return Ok(pki::fingerprint(&pki::certificate_der(&pem).map_err(Failure::service)?));
    }
    acts::fingerprint_of(certificate).ok_or_else(|| {
        let wrong = format!("{certificate:?} is neither a file nor a fingerprint of 64 hexadecimal digits");
        Failure::Usage(wrong)
    })
}

async fn list(operator: &Operator, terminal: &Terminal) -> Result<Exit, Failure> {
    operator.note_directory_reading().await.map_err(Failure::service)?;
    terminal.line(format_args!("Business day {}", operator.business_day().await.map_err(Failure::service)?));
    for client in operator.clients().await.map_err(Failure::service)? {
        terminal.line(format_args!("\n{} ({}), {:?}", client.name, client.registration_number, client.acceptance));
        for account in operator.accounts(client.id).await.map_err(Failure::service)? {
            let ledger = &account.ledger;
            let held = Money::new(ledger.held, ledger.currency);
            terminal.line(format_args!(
                "  {}  {:>22}  on hold {held:>18}  {:?}",
                account.iban,
                ledger.balance().to_string(),
                ledger.state
            ));
        }
        for user in operator.online_users(client.id).await.map_err(Failure::service)? {
            let registration = operator.end_of_registration(&user);
            terminal.line(format_args!(
                "  {} {} ({:?}, registered until {}, {}{})",
                user.id.0,
                user.name,
                user.mode,
                user.registration_valid_until,
                left(&registration),
                if user.suspended_at.is_some() { ", suspended" } else { "" }
            ));
            for certificate in operator.certificates(user.id).await.map_err(Failure::service)? {
                let state = match certificate.revoked_at {
                    Some(at) => format!("revoked {at}"),
                    None => {
                        format!(
                            "valid until {}, {}",
                            certificate.not_after,
                            left(&operator.end_of_certificate(&certificate))
                        )
                    }
                };
                let digits = hexadecimal(&certificate.fingerprint.0);
                terminal.line(format_args!("    {digits}  {state}"));
            }
        }
    }
    list_persons(operator, terminal).await?;
    Ok(Exit::Done)
}

/// Persons with the fingerprints of their certificates: who lost a key names it by that.
async fn list_persons(operator: &Operator, terminal: &Terminal) -> Result<(), Failure> {
    terminal.line("\nPersons");
    for (person, certificates) in operator.persons_with_certificates().await.map_err(Failure::service)? {
        let record = &person.record;
        let roles: Vec<&str> = record.roles.iter().map(|role| role.word()).collect();
        let whose = record.client.map_or_else(|| "operator".to_owned(), |client| format!("of client {client}"));
        let ended = if person.ended_at.is_some() { ", ended" } else { "" };
        let (id, name, until) = (person.id, &record.name, record.valid_until);
        terminal.line(format_args!("  {id} {name} ({whose}, {}, registered until {until}{ended})", roles.join(", ")));
        for certificate in certificates {
            let digits = hexadecimal(&certificate.fingerprint.0);
            match certificate.revoked_at {
                Some(at) => terminal.line(format_args!("    {digits}  revoked {at:.0}")),
                None => terminal.line(format_args!(
                    "    {digits}  valid until {:.0}, {}",
                    certificate.not_after,
                    left(&operator.end_of_person_certificate(&certificate))
                )),
            }
        }
    }
    Ok(())
}

/// How soon something ends, with a mark where somebody should act.
fn left(end: &End) -> String {
    match end.days_left {
        ..0 => "over".to_owned(),
        days if end.is_soon() => format!("{days} days left: ends soon"),
        days => format!("{days} days left"),
    }
}

/// The one client that a number, registration number or name stands for.
async fn meant(operator: &Operator, client: &str) -> Result<Client, Failure> {
    let clients = operator.clients().await.map_err(Failure::service)?;
    let is_meant = |known: &Client| {
        known.id.0.to_string() == client || known.registration_number == client || known.name == client
    };
    let mut meant: Vec<Client> = clients.into_iter().filter(is_meant).collect();
    match (meant.pop(), meant.len()) {
        (Some(client), 0) => Ok(client),
        (None, _) => Err(Failure::Usage(format!(
            "no client has the number, registration number or name {client:?}; `tdam operator list` shows them"
        ))),
        (Some(_), others) => Err(Failure::Usage(format!(
            "{} clients are called {client:?}: give the number of one; `tdam operator list` shows them",
            others + 1
        ))),
    }
}

async fn export(
    operator: Operator,
    house: &Treasury,
    client: &str,
    to: PathBuf,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let client = meant(&operator, client).await?;
    let day = operator.business_day().await.map_err(Failure::service)?;
    let (place, house) = (to.clone(), house.clone());
    let written = tokio::task::spawn_blocking(move || export::write(&operator, &house, &client, day, &place));
    let summary = written.await.map_err(Failure::service)??;
    let ExportSummary { accounts, entries, messages, payments, audit_lines, .. } = summary;
    terminal.line(format_args!(
        "Exported to {}: {accounts} accounts, {entries} entries, {messages} messages, {payments} payments, {audit_lines} \
         lines of the audit chain.",
        to.display()
    ));
    Ok(Exit::Done)
}

async fn retention(operator: &Operator, days: Option<u32>, terminal: &Terminal) -> Result<Exit, Failure> {
    let Some(days) = days else {
        terminal.line("Bodies are kept for ever (retention.large_bodies_days = 0).");
        return Ok(Exit::Done);
    };
    let Removable { kept_from, bodies, bytes } = operator.removable_bodies(days).await.map_err(Failure::service)?;
    terminal.line(format_args!(
        "Kept for {days} days, so from {kept_from} on: {bodies} answered bodies of {bytes} bytes in all are older."
    ));
    Ok(Exit::Done)
}
