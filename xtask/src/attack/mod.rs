//! `cargo xtask attack`: repeats on the built program every attack that once stopped, filled or deceived the exchange.
//!
//! Every attack is bounded in number and time and stays on loopback. Attackers are processes of their own at the lowest
//! priority, so the figures show the exchange's defence and not the share of the processor. Another client pays
//! meanwhile, and monitoring asks for health. The command always judges bounds of function; it judges bounds of time
//! only in the long form, since the short one runs on shared machines.

mod attacker;
mod attackers;
mod audit;
pub(crate) mod clocks;
pub(crate) mod cluster;
mod connections;
mod database;
mod disk;
pub(crate) mod failed;
mod files;
mod handles;
mod http2;
mod hygiene;
mod known;
mod large_messages;
mod messages;
mod nodes;
mod outcome;
mod readers;
pub(crate) mod server;
mod server_log;
mod slow_bodies;
mod table;
mod testbed;
mod unread;
mod victim;
pub(crate) mod wire;
mod work;

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use cluster::Cluster;
use failed::Failed;
use outcome::Outcome;
use testbed::Testbed;

/// What to attack, and how.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The program [default: it is built for release].
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Only scenarios whose row or name begins so (C1, connections, …).
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// More, longer, and bounds of time are judged too.
    #[arg(long)]
    long: bool,
    /// Fails where something cannot be checked here.
    #[arg(long)]
    complete: bool,
    /// Only say which scenarios there are.
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    orders: attackers::Orders,
}

/// A row of the list of attacks, as it is tried out.
struct Scenario {
    /// The row of the list.
    row: &'static str,
    name: &'static str,
    form: Form,
    store: Store,
    run: Run,
}

/// In which forms a scenario is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Both,
    LongOnly,
}

/// Where the exchange keeps its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Store {
    Sqlite,
    Postgresql,
}

type Run = fn(&Testbed) -> Result<Outcome, Failed>;

const fn scenario(row: &'static str, name: &'static str, form: Form, run: Run) -> Scenario {
    Scenario { row, name, form, store: Store::Sqlite, run }
}

const fn on_postgresql(row: &'static str, name: &'static str, form: Form, run: Run) -> Scenario {
    Scenario { row, name, form, store: Store::Postgresql, run }
}

/// All of them, in the order in which they run.
const SCENARIOS: &[Scenario] = &[
    scenario("C1", "empty-blocks", Form::Both, messages::empty_blocks_and_restart),
    scenario("C1, M2", "shapes", Form::Both, messages::other_shapes),
    scenario("H1", "half-open", Form::Both, connections::half_open_from_one_address),
    scenario("H1", "half-open-everywhere", Form::Both, connections::half_open_from_many_addresses),
    scenario("H1", "handshakes", Form::Both, connections::flood_of_handshakes),
    scenario("H2", "idle-revoked", Form::Both, connections::idle_of_a_revoked_certificate),
    scenario("H2", "idle-user", Form::LongOnly, connections::idle_of_a_user),
    scenario("Low", "idle-plain", Form::Both, connections::idle_on_the_plain_listener),
    scenario("H3", "slow-bodies", Form::Both, slow_bodies::slow_bodies),
    scenario("H3", "slow-heads", Form::LongOnly, slow_bodies::slow_heads),
    scenario("H3", "report-orders", Form::Both, readers::report_orders),
    scenario("H4", "unread-reports", Form::Both, unread::unread_reports),
    scenario("H4", "closed-window", Form::Both, unread::closed_window),
    scenario("H4", "unread-http1", Form::Both, unread::unread_http1),
    scenario("H5, P3", "status-requests", Form::Both, readers::status_requests),
    scenario("P9", "payments-at-once", Form::Both, readers::payments_at_once),
    scenario("M3", "revoked-flood", Form::Both, audit::flood_of_a_revoked_user),
    scenario("M6", "few-handles", Form::Both, handles::few_handles),
    scenario("M7", "leavers", Form::Both, work::leavers),
    scenario("M9", "large-messages", Form::Both, large_messages::stream),
    scenario("M9", "largest-message", Form::Both, large_messages::acceptance),
    scenario("M1, M5, M8", "full-disk", Form::Both, disk::full_disk),
    scenario("H7", "failed-sync", Form::Both, disk::failed_sync),
    scenario("P8", "same-payments", Form::Both, work::the_same_payments),
    scenario("C2", "missing-database", Form::Both, files::missing_database),
    scenario("C2", "database-taken-away", Form::Both, files::database_taken_away),
    scenario("H6", "modes", Form::Both, files::modes),
    scenario("H8", "wrong-clock", Form::Both, clocks::start_with_a_wrong_clock),
    scenario("H8", "clock-jump", Form::LongOnly, clocks::jump_while_serving),
    scenario("Low", "paths", Form::Both, files::paths),
    scenario("Low", "hang-up", Form::Both, files::hang_up),
    scenario("Low", "requests", Form::Both, hygiene::requests),
    scenario("C1, P1", "poison", Form::Both, nodes::poison),
    on_postgresql("P1", "poison-postgresql", Form::LongOnly, nodes::poison),
    on_postgresql("P1", "empty-blocks-postgresql", Form::LongOnly, messages::empty_blocks_and_restart),
    on_postgresql("P2", "frozen-node", Form::Both, nodes::frozen_node),
    on_postgresql("P3", "status-requests-postgresql", Form::Both, readers::status_requests),
    on_postgresql("P3", "report-orders-postgresql", Form::LongOnly, readers::report_orders),
    on_postgresql("P4", "clock-of-one-node", Form::Both, nodes::clock_of_one_node),
    on_postgresql("P5, M4", "tampering", Form::Both, nodes::tampering),
    on_postgresql("P6", "payees-in-the-log", Form::Both, server_log::payees_in_the_log),
    on_postgresql("P8", "same-payments-postgresql", Form::Both, work::the_same_payments),
    on_postgresql("P7", "different-settings", Form::Both, nodes::different_settings),
    on_postgresql("P9", "payments-at-once-postgresql", Form::LongOnly, readers::payments_at_once),
    on_postgresql("M9", "large-messages-postgresql", Form::LongOnly, large_messages::stream),
    on_postgresql("M9", "largest-message-postgresql", Form::LongOnly, large_messages::acceptance),
    on_postgresql("P10", "locks", Form::Both, nodes::locks),
];

/// Attacks, and prints the table.
///
/// # Errors
/// When a bound is broken, or an attack could not be made.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    if let Some(kind) = arguments.orders.kind {
        return attacker::obey(&arguments.orders, kind);
    }
    let chosen = SCENARIOS.iter().filter(|scenario| is_chosen(scenario, arguments));
    if arguments.list {
        chosen.for_each(|scenario| println!("{:8} {}", scenario.row, scenario.name));
        return Ok(());
    }
    let program = match &arguments.program {
        Some(program) => std::path::absolute(program)?,
        None => crate::bench::server::build()?,
    };
    println!("{}, {}\n", program.display(), crate::bench::machine::description());
    table::head();
    let began = Instant::now();
    let chosen: Vec<&Scenario> = chosen.collect();
    let mut broken = Vec::new();
    std::thread::scope(|scope| {
        let [first, second] = lanes(&chosen, arguments.long);
        let program = program.as_path();
        let second = scope.spawn(move || play(&second, program, arguments));
        broken = play(&first, program, arguments);
        broken.extend(second.join().unwrap_or_else(|_| vec!["a scenario panicked".to_owned()]));
    });
    println!("\n{} s; load average at the end: {}", began.elapsed().as_secs(), crate::bench::machine::load_average());
    if broken.is_empty() { Ok(()) } else { Err(format!("bounds are broken:\n{}", broken.join("\n")).into()) }
}

/// Which scenarios run after each other, and which lanes at the same time: in the short form those of each store, since most
/// of them wait. Where time is judged, each has the machine for itself. Two on PostgreSQL never meet: some change settings of
/// the whole cluster.
fn lanes<'s>(chosen: &[&'s Scenario], is_long: bool) -> [Vec<&'s Scenario>; 2] {
    if is_long {
        return [chosen.to_vec(), Vec::new()];
    }
    let (sqlite, postgresql) = chosen.iter().partition(|scenario| scenario.store == Store::Sqlite);
    [sqlite, postgresql]
}

/// Plays the scenarios of a lane, prints what each did, and returns the bounds that are broken.
fn play(lane: &[&Scenario], program: &Path, arguments: &Arguments) -> Vec<String> {
    let mut broken = Vec::new();
    for scenario in lane {
        let begun = Instant::now();
        match played(scenario, program, arguments.long) {
            Ok(mut outcome) => {
                outcome.compare_with_known(scenario.name);
                table::rows(scenario.row, &outcome, begun.elapsed());
                let failures = outcome.failures(arguments.complete);
                broken.extend(failures.map(|bound| table::failed_bound(scenario.name, bound)));
            }
            Err(error) => {
                table::failure(scenario.row, scenario.name, &error);
                broken.push(format!("{}: {error}", scenario.name));
            }
        }
    }
    broken
}

fn played(scenario: &Scenario, program: &Path, is_long: bool) -> Result<Outcome, Failed> {
    let mut testbed = Testbed::new(program, is_long)?;
    if scenario.store == Store::Postgresql {
        let Some(cluster) = Cluster::shared() else {
            let mut outcome = testbed.outcome(scenario.name, "");
            outcome.skipped("everything", "PostgreSQL is not installed");
            return Ok(outcome);
        };
        testbed.schema = Some(cluster.new_name());
        testbed.cluster = Some(cluster);
    }
    (scenario.run)(&testbed)
}

fn is_chosen(scenario: &Scenario, arguments: &Arguments) -> bool {
    if arguments.only.is_empty() {
        return arguments.long || scenario.form == Form::Both;
    }
    arguments.only.iter().any(|only| {
        scenario.name.starts_with(only) || scenario.row.split(", ").any(|row| row.starts_with(only.as_str()))
    })
}
