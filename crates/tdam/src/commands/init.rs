//! `tdam init`: makes the folder that `tdam serve` serves from.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::runtime::service;
use super::values;
use crate::configuration;
use crate::installation::{self, Folder, OperatorPlan, Plan, Site};
use crate::serving;
use crate::terminal::{Exit, Failure, Terminal};
use crate::tour;

/// Make the folder of an exchange: authority, certificates, configuration, clients with accounts and online users.
#[derive(clap::Args, Debug)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// The folder; the command never changes an existing one
    #[arg(long, value_name = "DIR", default_value = "tdam")]
    dir: PathBuf,
    /// Clients, accounts and online users to begin with (TOML) [default: the sandbox's; see --print-world]
    #[arg(long, value_name = "FILE")]
    world: Option<PathBuf>,
    /// Where it will listen (HTTPS)
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8443")]
    address: SocketAddr,
    /// Where it will listen for health and the error catalogue (HTTP)
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    plain_address: SocketAddr,
    /// Host name or address by which clients reach it; its certificate has it, beside localhost and the address it listens on
    #[arg(long, value_name = "NAME", value_parser = values::host_name)]
    name: Option<String>,
    /// One of the two operators to begin with; name two [default: those of the world]
    #[arg(long = "operator", value_name = "NAME <E-MAIL>")]
    operators: Vec<String>,
    #[command(flatten)]
    store: super::database::StoreArguments,
    /// Encrypt the authorities' keys with the passphrase from there: env:NAME, fd:N or prompt
    #[arg(long, value_name = "SOURCE")]
    passphrase_from: Option<String>,
    /// Print the sandbox's plan, to begin a file of your own with
    #[arg(long)]
    print_world: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    if arguments.print_world {
        terminal.line(installation::SANDBOX.trim_end());
        return Ok(Exit::Done);
    }
    if arguments.address.port() == 0 {
        return Err(Failure::Usage("--address: clients must know the port, so it cannot be 0".to_owned()));
    }
    let mut plan = plan(arguments.world.as_deref())?;
    if !arguments.operators.is_empty() {
        let named = arguments.operators.iter().enumerate();
        let named = named.map(|(index, text)| OperatorPlan::of_address(text, index + 1)).collect::<Result<_, _>>();
        plan.operators = named.map_err(|error| Failure::Usage(format!("--operator {error}")))?;
    }
    if let Err(error) = OperatorPlan::check_pair(&plan.operators) {
        return Err(Failure::Usage(format!(
            "{error}: give --operator \"Name <e-mail>\" twice, or name them in the world"
        )));
    }
    service(async {
        let day = serving::first_business_day(&exchange::Settings::default().guideline);
        let folder = Folder::new(&arguments.dir);
        let (address, plain, database) = (arguments.address, Some(arguments.plain_address), arguments.store.database());
        let passphrase = arguments
            .passphrase_from
            .as_deref()
            .map(|source| configuration::passphrase_from(source, "authority"))
            .transpose();
        let passphrase = passphrase.map_err(Failure::Usage)?;
        let site = Site { address, plain, name: arguments.name, database, is_sandbox: false, passphrase };
        let made = installation::create(folder, &plan, &site, day).await?;
        let verb = if made.is_new { "made" } else { "is there already" };
        terminal.line(format_args!("{} {verb}. Serve it with:", made.folder.root().display()));
        let configuration = tour::quoted(&made.folder.configuration());
        terminal.line(format_args!("  {} serve --config {configuration}", tour::program()));
        for operator in made.folder.operators().iter().filter(|_| made.is_new) {
            terminal.line(format_args!(
                "Certificate and key of an operator, to hand over and delete here: {}",
                operator.display()
            ));
        }
        Ok(Exit::Done)
    })
}

/// The plan in a file, or the sandbox's.
pub(super) fn plan(path: Option<&Path>) -> Result<Plan, Failure> {
    let text = match path {
        Some(path) => std::fs::read_to_string(path).map_err(Failure::input(path))?,
        None => installation::SANDBOX.to_owned(),
    };
    text.parse().map_err(|error: installation::InstallationError| Failure::Usage(error.to_string()))
}
