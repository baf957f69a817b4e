//! `tdam sandbox`: a whole exchange for an interface developer's tests, with accounts that hold money, certificates, a
//! settable business day, and incoming payments on request.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use jiff::civil::{Date, Time};

use super::operator::{self, Act, Credit};
use super::runtime::service;
use super::{configuration, values};
use crate::configuration::{Configuration, Listen};
use crate::installation::{self, Folder, OperatorPlan, Site};
use crate::serving::{self, Serving};
use crate::terminal::{Exit, Failure, Style, Terminal};
use crate::{disk_failure, logging, tour};

/// Run an exchange to try things on: accounts with money, certificates, simulated settlement.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    #[command(flatten)]
    run: Run,
    #[command(subcommand)]
    act: Option<SandboxAct>,
}

#[derive(Args, Debug)]
struct Run {
    /// Folder of the sandbox; made when it is not there
    #[arg(long, value_name = "DIR", default_value = "tdam-sandbox")]
    dir: PathBuf,
    /// Institutions, accounts and online users to begin with (TOML) [default: a plan that is built in]
    #[arg(long, value_name = "FILE")]
    world: Option<PathBuf>,
    /// Where to listen (HTTPS) [default: where it listened when it was made; 127.0.0.1:8443 for a new one]
    #[arg(long, value_name = "ADDRESS")]
    address: Option<SocketAddr>,
    /// Where to listen for health and the error catalogue (HTTP) [default: as for --address; 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    plain_address: Option<SocketAddr>,
    /// Where to listen for those who enrol with a code (HTTPS) [default: as its configuration says; nowhere for a new one]
    #[arg(long, value_name = "ADDRESS")]
    enrollment_address: Option<SocketAddr>,
    /// Where to listen for Prometheus (HTTP) [default: as its configuration says; nowhere for a new one]
    #[arg(long, value_name = "ADDRESS")]
    metrics_address: Option<SocketAddr>,
    /// Host name or address by which clients reach it; used when the sandbox is made, for its certificate too
    #[arg(long, value_name = "NAME", value_parser = values::host_name)]
    name: Option<String>,
    #[command(flatten)]
    store: super::database::StoreArguments,
    /// The business day [default: today, or the next day that is worked on]; it stands still until it is moved
    #[arg(long, value_name = "YYYY-MM-DD")]
    business_day: Option<Date>,
    /// The time of day that counts as the time of receipt, so that cut-offs do not depend on when you try things
    #[arg(long, value_name = "HH:MM", default_value = "10:00", value_parser = values::parse_time)]
    business_time: Time,
    /// An account that foreign test files debit, and the sandbox account that stands for it
    #[arg(long, value_name = "IBAN=IBAN", value_parser = parse_alias)]
    map_debtor: Vec<(String, String)>,
    /// Say once, and for ever, that what an older version made in the folder is a sandbox
    #[arg(long)]
    made_as_sandbox: bool,
    /// How long simulated settlement takes, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    settlement_seconds: u64,
}

#[derive(Subcommand, Debug)]
enum SandboxAct {
    /// Simulate a payment that comes in from outside
    Credit {
        /// Folder of the sandbox
        #[arg(long, value_name = "DIR", default_value = "tdam-sandbox")]
        dir: PathBuf,
        #[command(flatten)]
        credit: Box<Credit>,
    },
    /// Show the business day, or move it forward
    Day {
        /// Folder of the sandbox
        #[arg(long, value_name = "DIR", default_value = "tdam-sandbox")]
        dir: PathBuf,
        /// The new business day; `next` for the next one of the calendar
        #[arg(value_name = "YYYY-MM-DD|next")]
        day: Option<String>,
    },
}

fn parse_alias(text: &str) -> Result<(String, String), String> {
    let (theirs, ours) = text.split_once('=').ok_or("write it as IBAN=IBAN")?;
    let ours = rulebook::Iban::parse(ours).map_err(|error| format!("{ours}: {error}"))?;
    Ok((theirs.to_owned(), ours.as_str().to_owned()))
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    service(async {
        match arguments.act {
            None => serve(arguments.run, terminal).await,
            Some(SandboxAct::Credit { dir, credit }) => operator::credit(&Folder::new(dir), *credit, terminal).await,
            Some(SandboxAct::Day { dir, day }) => {
                operator::act(&configuration::of_folder(&Folder::new(dir))?, Act::Day { day, confirm: None }, terminal)
                    .await
            }
        }
    })
}

async fn serve(run: Run, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut plan = super::init::plan(run.world.as_deref())?;
    if plan.operators.is_empty() {
        // A world of one's own need not name any.
        plan.operators = super::init::plan(None)?.operators;
    }
    OperatorPlan::check_pair(&plan.operators)?;
    let guideline = exchange::Settings::default().guideline;
    let day = run.business_day.unwrap_or_else(|| serving::first_business_day(&guideline));
    let folder = Folder::new(&run.dir);
    let usual = Listen::default();
    let site = Site {
        address: run.address.unwrap_or(usual.address),
        plain: run.plain_address.or(usual.plain),
        name: run.name,
        database: run.store.database(),
        is_sandbox: true,
        passphrase: None,
    };
    let created = installation::create(folder, &plan, &site, day).await?;

    let mut configuration = Configuration::read(&created.folder.configuration())?;
    configuration.listen.address = run.address.unwrap_or(configuration.listen.address);
    configuration.listen.plain = run.plain_address.or(configuration.listen.plain);
    configuration.listen.enrollment = run.enrollment_address.or(configuration.listen.enrollment);
    configuration.listen.metrics = run.metrics_address.or(configuration.listen.metrics);
    configuration.business_day.automatic = false;
    configuration.sandbox.debtor_aliases.extend(run.map_debtor.into_iter().collect::<BTreeMap<_, _>>());
    logging::begin(&configuration.log).map_err(Failure::service)?;
    let mut settings = configuration.exchange_settings();
    settings.is_sandbox = true;
    settings.business_time = Some(run.business_time);
    settings.settlement.cycle = Duration::from_secs(run.settlement_seconds);
    if run.made_as_sandbox {
        operator::vouch_for_sandbox(&configuration).await?;
    }
    let serving = Serving::start(&configuration, settings).await.map_err(Failure::service)?;
    if let Some(day) = run.business_day {
        let operator = serving.exchange().operator();
        if operator.business_day().await.map_err(Failure::service)? < day {
            operator.set_business_day(day).await.map_err(Failure::service)?;
        }
    }

    let asked_to_stop = serving::StopSignals::take().map_err(Failure::service)?;
    created.folder.note_url(&serving.url()).map_err(Failure::service)?;
    let tour = tour::Tour::of(&created.folder, &serving).await.map_err(Failure::service)?;
    let made = if created.is_new { "made" } else { "found" };
    let place = created.folder.root().display();
    terminal.line(terminal.paint(Style::Strong, format!("Sandbox {made} in {place}")));
    terminal.line(tour.text());
    terminal.line("Ctrl-C stops it; the same command continues where it was.");
    let halted = tokio::select! {
        () = asked_to_stop.received() => None,
        error = serving.halted() => Some(error),
    };
    if let Some(error) = halted {
        return Err(disk_failure::stop(serving, &error).await);
    }
    serving.stop().await;
    Ok(Exit::Done)
}
