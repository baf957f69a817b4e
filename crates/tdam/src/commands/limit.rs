//! `tdam limit`: limits of accounts and of single days, as an operator's client of the exchange. Who wants other limits for a day
//! applies for them, so this command changes nothing: it prints the form of the application.

use clap::{Args, Subcommand};
use jiff::civil::Date;
use protocol::applications::{ApplicationContent, OneDayLimitsForm};
use protocol::limits::{AccountLimits, LimitList};
use rulebook::catalogue::Text;

use super::runtime::in_runtime;
use crate::operator_connection::OperatorConnection;
use crate::terminal::{Cell, Column, Exit, Failure, Style, Table, Terminal, words};

/// No limit, as an option says it.
const NONE: &str = "none";

const PER_PAYMENT: Text = Text { en: "Per payment", lv: "Maksājumam" };
const PER_DAY: Text = Text { en: "Per day", lv: "Dienai" };
const DAY: Text = Text { en: "Day", lv: "Diena" };
const EVERY_DAY: Text = Text { en: "every other day", lv: "pārējās dienās" };
const APPLICATION: Text = Text { en: "Application", lv: "Pieteikums" };
const NO_LIMIT: Text = Text { en: "no limit", lv: "bez limita" };
const NO_ACCOUNTS: Text = Text { en: "The client has no accounts.", lv: "Klientam kontu nav." };
const NOT_A_CLIENTS: Text =
    Text { en: "is no client's account, so it has no limits", lv: "nav klienta konts, tāpēc limitu tam nav" };

/// Look at limits of accounts and of single days, and make the form of an application for other ones.
#[derive(Args, Debug)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// Print the result as JSON
    #[arg(long, global = true)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) connection: OperatorConnection,
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand, Debug)]
enum Act {
    /// List the limits of a client's accounts, and those of single days from today on
    List {
        /// The number of the client
        client: i64,
    },
    /// Print the form of an application for other limits on one day (`tdam application enter` takes it)
    Form {
        /// The account (IBAN)
        iban: String,
        /// The day for whose payments they hold
        #[arg(long, value_name = "YYYY-MM-DD")]
        day: Date,
        /// What one payment may take, or none [default: as on other days]
        #[arg(long, value_name = "AMOUNT|none")]
        per_payment: Option<String>,
        /// What the day may take, or none [default: as on other days]
        #[arg(long, value_name = "AMOUNT|none")]
        per_day: Option<String>,
    },
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let Arguments { json, connection, act } = arguments;
    let operator = connection.operator(terminal)?;
    match act {
        Act::List { client } => {
            let limits = in_runtime(async { operator.limits_of_client(client).await })??;
            if json {
                terminal.json(&serde_json::json!(limits));
            } else {
                list(&limits, terminal);
            }
        }
        Act::Form { iban, day, per_payment, per_day } => {
            let limits = in_runtime(async { operator.limits_of_account(&iban).await })??;
            let Some(account) = limits.accounts.first() else {
                return Err(Failure::Usage(format!("{iban} {}", terminal.say(NOT_A_CLIENTS))));
            };
            terminal.json(&serde_json::json!(form(account, day, per_payment, per_day)));
        }
    }
    Ok(Exit::Done)
}

/// A limit that nobody names stays as on other days: left out of the form, it would be none on that day.
fn form(account: &AccountLimits, day: Date, payment: Option<String>, of_day: Option<String>) -> ApplicationContent {
    let limit = |wanted: Option<String>, now: &Option<String>| match wanted {
        Some(wanted) => (wanted != NONE).then_some(wanted),
        None => now.clone(),
    };
    ApplicationContent::OneDayLimits(OneDayLimitsForm {
        iban: account.iban.clone(),
        day: day.to_string(),
        limit_per_payment: limit(payment, &account.limit_per_payment),
        limit_per_day: limit(of_day, &account.limit_per_day),
    })
}

fn list(limits: &LimitList, terminal: &Terminal) {
    if limits.accounts.is_empty() {
        terminal.line(terminal.say(NO_ACCOUNTS));
        return;
    }
    let mut table = Table::new([
        Column::new(terminal.say(words::ACCOUNT)),
        Column::new(terminal.say(DAY)),
        Column::right(terminal.say(PER_PAYMENT)),
        Column::right(terminal.say(PER_DAY)),
        Column::new(""),
        Column::right(terminal.say(APPLICATION)),
    ]);
    let amount = |limit: &Option<String>| limit.clone().unwrap_or_else(|| terminal.say(NO_LIMIT).to_owned());
    for account in &limits.accounts {
        table.row([
            Cell::styled(Style::Strong, &account.iban),
            terminal.say(EVERY_DAY).into(),
            amount(&account.limit_per_payment).into(),
            amount(&account.limit_per_day).into(),
            account.currency.clone().into(),
            "".into(),
        ]);
        for day in &account.days {
            table.row([
                "".into(),
                day.day.clone().into(),
                amount(&day.limit_per_payment).into(),
                amount(&day.limit_per_day).into(),
                account.currency.clone().into(),
                day.application.into(),
            ]);
        }
    }
    terminal.table(&table);
}
