//! The sub-commands: one file each, and what several of them share.

mod answer;
mod application;
mod audit;
mod authority;
mod backup;
mod backup_findings;
mod cancel;
mod check;
mod completion;
mod configuration;
mod database;
mod demo;
mod documents;
mod errors;
mod evidence;
mod format_description;
mod generate;
mod init;
mod libraries;
mod limit;
mod opened;
mod operator;
mod person;
mod proxy;
mod quotas;
mod report;
mod restore;
mod runtime;
mod sandbox;
mod schema;
mod send;
mod serve;
mod set_aside;
mod signature_check;
mod standard_input;
mod status;
mod user;
mod validate;
mod values;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::connection::Connection;
use crate::operator_connection::OperatorConnection;
use crate::terminal::{Colours, EXIT_CODES, Exit, LanguageChoice, Terminal};

/// The online data exchange module of a treasury: bulk payments (pain.001), their status (pain.002) and account reports
/// (camt.052, camt.053, camt.054) over mutually authenticated TLS.
#[derive(Debug, Parser)]
#[command(name = "tdam", version, max_term_width = 110, after_help = EXIT_CODES)]
struct CommandLine {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every sub-command takes.
#[derive(Debug, clap::Args)]
struct Global {
    /// Language of texts: lv or en [default: by LC_ALL, LC_MESSAGES or LANG]
    #[arg(
        long,
        global = true,
        display_order = 1001,
        value_name = "LV|EN",
        hide_possible_values = true,
        env = "TDAM_LANGUAGE",
        hide_env_values = true
    )]
    language: Option<LanguageChoice>,
    /// Colours: auto (on a terminal, unless NO_COLOR is set), always, never
    #[arg(
        long,
        global = true,
        display_order = 1002,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true
    )]
    color: Colours,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Arguments),
    Sandbox(sandbox::Arguments),
    Init(init::Arguments),
    Serve(serve::Arguments),
    Operator(operator::Arguments),
    User(user::Arguments),
    Evidence(evidence::Arguments),
    Audit(audit::Arguments),
    Authority(authority::Arguments),
    Application(application::Arguments),
    Person(person::Arguments),
    Limit(limit::Arguments),
    Backup(backup::Arguments),
    Restore(restore::Arguments),
    Check(check::Arguments),
    Send(send::Arguments),
    Status(status::Arguments),
    Cancel(cancel::Arguments),
    Report(report::Arguments),
    Quotas(quotas::Arguments),
    Proxy(Box<proxy::Arguments>),
    Validate(validate::Arguments),
    Generate(generate::Arguments),
    Errors(errors::Arguments),
    Schema(schema::Arguments),
    FormatDescription(format_description::Arguments),
    Completion(completion::Arguments),
    Libraries(libraries::Arguments),
}

/// Runs the program with the arguments of its process.
#[must_use]
pub fn run() -> ExitCode {
    let line = CommandLine::parse();
    let terminal = Terminal::of_process(line.global.language, line.global.color).with_json(line.command.wants_json());
    let helpers = line.command.helpers();
    let exit = match line.command {
        Command::Demo(arguments) => demo::run(arguments, &terminal),
        Command::Sandbox(arguments) => sandbox::run(arguments, &terminal),
        Command::Init(arguments) => init::run(arguments, &terminal),
        Command::Serve(arguments) => serve::run(arguments, &terminal),
        Command::Operator(arguments) => operator::run(arguments, &terminal),
        Command::User(arguments) => user::run(arguments, &terminal),
        Command::Evidence(arguments) => evidence::run(arguments, &terminal),
        Command::Audit(arguments) => audit::run(arguments, &terminal),
        Command::Authority(arguments) => authority::run(arguments, &terminal),
        Command::Application(arguments) => application::run(arguments, &terminal),
        Command::Person(arguments) => person::run(&arguments, &terminal),
        Command::Limit(arguments) => limit::run(arguments, &terminal),
        Command::Backup(arguments) => backup::run(arguments, &terminal),
        Command::Restore(arguments) => restore::run(arguments, &terminal),
        Command::Check(arguments) => check::run(arguments, &terminal),
        Command::Send(arguments) => send::run(arguments, &terminal),
        Command::Status(arguments) => status::run(arguments, &terminal),
        Command::Cancel(arguments) => cancel::run(&arguments, &terminal),
        Command::Report(arguments) => report::run(arguments, &terminal),
        Command::Quotas(arguments) => quotas::run(&arguments, &terminal),
        Command::Proxy(arguments) => proxy::run(&arguments, &terminal),
        Command::Validate(arguments) => validate::run(arguments, &terminal),
        Command::Generate(arguments) => generate::run(arguments, &terminal),
        Command::Errors(arguments) => errors::run(&arguments, &terminal),
        Command::Schema(arguments) => schema::run(&arguments, &terminal),
        Command::FormatDescription(arguments) => format_description::run(&arguments, &terminal),
        Command::Completion(arguments) => completion::run(&arguments, CommandLine::command(), &terminal),
        Command::Libraries(arguments) => libraries::run(&arguments, &terminal),
    };
    match exit {
        Ok(exit) => exit.into(),
        Err(failure) => {
            let exit = Exit::of(&failure);
            // A person can mend the rest without help.
            let is_stuck = matches!(exit, Exit::Connection | Exit::Unavailable);
            let support = helpers.filter(|_| is_stuck).and_then(|helpers| helpers.named());
            terminal.failure_with_support(&failure, support.as_deref());
            exit.into()
        }
    }
}

/// What names those who help.
enum Helpers {
    OfUser(Connection),
    OfOperator(OperatorConnection),
}

impl Helpers {
    fn named(&self) -> Option<String> {
        match self {
            Helpers::OfUser(connection) => connection.support(),
            Helpers::OfOperator(connection) => connection.support(),
        }
    }
}

impl Command {
    /// Where people find help with the exchange that it calls, if it calls one.
    fn helpers(&self) -> Option<Helpers> {
        match self {
            Command::Send(arguments) => Some(Helpers::OfUser(arguments.connection.clone())),
            Command::Status(arguments) => Some(Helpers::OfUser(arguments.connection.clone())),
            Command::Cancel(arguments) => Some(Helpers::OfUser(arguments.connection.clone())),
            Command::Report(arguments) => Some(Helpers::OfUser(arguments.connection.clone())),
            Command::Quotas(arguments) => Some(Helpers::OfUser(arguments.connection.clone())),
            Command::Application(arguments) => Some(Helpers::OfOperator(arguments.connection.clone())),
            Command::Person(arguments) => Some(Helpers::OfOperator(arguments.connection.clone())),
            Command::Limit(arguments) => Some(Helpers::OfOperator(arguments.connection.clone())),
            _ => None,
        }
    }

    fn wants_json(&self) -> bool {
        match self {
            Command::Send(arguments) => arguments.json,
            Command::Evidence(arguments) => arguments.wants_json(),
            Command::Status(arguments) => arguments.json,
            Command::Cancel(arguments) => arguments.json,
            Command::Report(arguments) => arguments.json,
            Command::Quotas(arguments) => arguments.json,
            Command::Application(arguments) => arguments.json,
            Command::Person(arguments) => arguments.json,
            Command::Limit(arguments) => arguments.json,
            Command::Validate(arguments) => arguments.json || arguments.sarif,
            Command::Generate(arguments) => arguments.json,
            Command::Errors(arguments) => arguments.json,
            Command::Audit(arguments) => arguments.wants_json(),
            Command::Libraries(arguments) => arguments.wants_json(),
            Command::Demo(_)
            | Command::Sandbox(_)
            | Command::Init(_)
            | Command::Serve(_)
            | Command::Proxy(_)
            | Command::Operator(_)
            | Command::User(_)
            | Command::Authority(_)
            | Command::Backup(_)
            | Command::Restore(_)
            | Command::Check(_)
            | Command::Schema(_)
            | Command::FormatDescription(_)
            | Command::Completion(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::fmt::Write as _;
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use clap::CommandFactory as _;

    use super::CommandLine;
    use super::completion::{KnownShell, script};

    #[test]
    fn the_command_line_has_no_contradictions() {
        CommandLine::command().debug_assert();
    }

    /// Each command with the commands below it, by its path.
    fn paths(command: &clap::Command, path: &str, found: &mut Vec<(String, Vec<String>)>) {
        let below: Vec<String> = command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
        if below.is_empty() {
            return;
        }
        for inside in command.get_subcommands() {
            paths(inside, &format!("{path} {}", inside.get_name()), found);
        }
        found.push((path.to_owned(), below));
    }

    fn every_command() -> Vec<(String, Vec<String>)> {
        let mut found = Vec::new();
        paths(&CommandLine::command(), "tdam", &mut found);
        assert!(found.len() > 5, "{found:?}");
        found
    }

    #[test]
    fn bash_completes_every_command() {
        let mut asked = script(KnownShell::Bash, CommandLine::command());
        let every_command = every_command();
        for (path, _) in &every_command {
            let depth = path.split(' ').count();
            let before = path.rsplit(' ').next().unwrap_or_default();
            writeln!(asked, "COMP_WORDS=({path} ''); COMP_CWORD={depth}; COMPREPLY=()").unwrap();
            writeln!(asked, "_tdam tdam '' {before}; echo \"@{path}: ${{COMPREPLY[*]}}\"").unwrap();
        }
        let mut bash = Command::new("bash").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        bash.stdin.take().unwrap().write_all(asked.as_bytes()).unwrap();
        let said = String::from_utf8(bash.wait_with_output().unwrap().stdout).unwrap();
        for (path, below) in every_command {
            let line = said.lines().find_map(|line| line.strip_prefix(&format!("@{path}: "))).unwrap_or_default();
            let offered: Vec<&str> = line.split(' ').collect();
            for command in below {
                assert!(offered.contains(&command.as_str()), "`{path}` then {command}: {offered:?}");
            }
        }
    }

    #[test]
    fn zsh_and_fish_know_every_command_and_what_it_is_for() {
        let [zsh, fish] = [KnownShell::Zsh, KnownShell::Fish].map(|shell| script(shell, CommandLine::command()));
        for (path, below) in every_command() {
            for command in below {
                assert!(zsh.contains(&format!("'{command}:")), "zsh: {path} {command}");
                assert!(fish.contains(&format!("-a \"{command}\"")), "fish: {path} {command}");
            }
        }
    }
}
