//! `cargo xtask bench handshakes`: measures TLS handshakes with client certificates, full and resumed, beside an echo server that has
//! nothing but tokio-rustls and the same TLS configuration.
//!
//! A connection is made, ended by the client, and read to its end: the server has then finished its side of the handshake, and no
//! request is part of it. The two servers take turns under the same sender. Both are processes of their own on one processor, where the
//! machine has two; their processor time for a handshake depends on the machine, the ratio hardly does.

pub(super) mod echo;
mod identity;
mod sender;

use std::time::Duration;

use clap::Args;
use tdam::installation;

use self::echo::Echo;
use self::identity::{Identity, KeyKind};
use self::sender::{Kind, Sender, Version};
use super::machine;
use super::server::{self, Server};
use crate::attack::failed::Failed;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// How often the two servers take turns.
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// How many connections are made at once.
    #[arg(long, default_value_t = 8)]
    connections: usize,
    /// Measure this binary instead of the one built from here.
    #[arg(long, value_name = "FILE")]
    program: Option<std::path::PathBuf>,
}

/// What is measured: each kind with the key of the client's certificate. What is resumed needs no key of the client.
const KINDS: [Kind; 6] = [
    Kind { version: Version::Tls13, key: KeyKind::P256, is_resumed: false },
    Kind { version: Version::Tls13, key: KeyKind::Rsa2048, is_resumed: false },
    Kind { version: Version::Tls12, key: KeyKind::P256, is_resumed: false },
    Kind { version: Version::Tls12, key: KeyKind::Rsa2048, is_resumed: false },
    Kind { version: Version::Tls13, key: KeyKind::P256, is_resumed: true },
    Kind { version: Version::Tls12, key: KeyKind::P256, is_resumed: true },
];

/// What one server has done.
#[derive(Clone, Copy, Default)]
struct Done {
    handshakes: u64,
    taken: Duration,
    processor: Duration,
}

impl Done {
    fn add(&mut self, other: Done) {
        self.handshakes += other.handshakes;
        self.taken += other.taken;
        self.processor += other.processor;
    }

    fn microseconds_each(&self) -> f64 {
        self.processor.as_secs_f64() * 1e6 / self.handshakes as f64
    }
}

/// Measures and prints.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure(arguments))
}

async fn measure(arguments: &Arguments) -> Result<(), Failed> {
    let program = arguments.program.clone().map_or_else(server::build, Ok)?;
    let place = tempfile::tempdir()?;
    let day = tdam::serving::first_business_day(&rulebook::Guideline::latvia());
    let server = Server::start(&program, place.path(), &installation::SANDBOX.parse()?, None, day).await?;
    let echo = Echo::start(server.folder())?;
    let identities = [KeyKind::P256, KeyKind::Rsa2048].map(|key| Identity::issued(server.folder(), key));
    let [p256, rsa] = identities;
    let (p256, rsa) = (p256?, rsa?);
    println!("{}", machine::description());
    if let [ours, senders @ ..] = machine::processors().as_slice()
        && !senders.is_empty()
    {
        machine::pin(server.id(), &[*ours])?;
        machine::pin(echo.id(), &[*ours])?;
        machine::pin(std::process::id(), senders)?;
    }

    println!(
        "\nhandshakes with client certificates, {} connections at once, beside tokio-rustls alone",
        arguments.connections
    );
    println!(
        "{:>28} {:>12} {:>10} {:>12} {:>14} {:>10} {:>12} {:>8}",
        "", "handshakes", "a second", "server's µs", "per s and core", "echo's µs", "per s and core", "ratio"
    );
    for kind in KINDS {
        let identity = if kind.key == KeyKind::P256 { &p256 } else { &rsa };
        let sender = Sender::new(server.folder(), identity, kind)?;
        let (mut ours, mut plain) = (Done::default(), Done::default());
        for _ in 0..arguments.rounds.max(1) {
            ours.add(turn(&sender, server.id(), server.address()?, arguments).await?);
            plain.add(turn(&sender, echo.id(), echo.address(), arguments).await?);
        }
        print_row(kind, ours, plain);
    }
    println!("\nload average at the end: {}", machine::load_average());
    Ok(())
}

/// One server's turn.
async fn turn(
    sender: &Sender,
    process: u32,
    address: std::net::SocketAddr,
    arguments: &Arguments,
) -> Result<Done, Failed> {
    // What is kept from the turn before is of another server.
    let warm = sender.warm(address, arguments.connections.max(1)).await?;
    let processor = || machine::processor_time(process).ok_or("the server has ended");
    let before = processor()?;
    let (handshakes, taken) = warm.send(address, Duration::from_secs(arguments.seconds.max(1))).await?;
    let processor = processor()?.saturating_sub(before);
    if handshakes == 0 || processor.is_zero() {
        return Err("nothing was measured; more --seconds help".into());
    }
    Ok(Done { handshakes, taken, processor })
}

fn print_row(kind: Kind, ours: Done, plain: Done) {
    let per_core = |done: Done| 1e6 / done.microseconds_each();
    println!(
        "{:>28} {:>12} {:>10.0} {:>12.1} {:>14.0} {:>10.1} {:>12.0} {:>8.2}",
        kind.to_string(),
        ours.handshakes,
        ours.handshakes as f64 / ours.taken.as_secs_f64(),
        ours.microseconds_each(),
        per_core(ours),
        plain.microseconds_each(),
        per_core(plain),
        ours.microseconds_each() / plain.microseconds_each(),
    );
}
