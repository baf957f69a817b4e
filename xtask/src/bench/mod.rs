//! `cargo xtask bench`: measures the built program's resources from outside, for its usual work.
//!
//! Figures depend on the machine, so the benchmarks print them beside those of a common program (libxml2) from the same
//! run: ratios are comparable between machines. Nothing passes or fails by time.

use clap::Subcommand;

mod authorisation;
mod copy;
mod digest;
mod exchange_pass;
mod handshakes;
mod instructions;
mod intake;
pub(crate) mod machine;
mod memory;
mod messages;
mod metrics;
mod pages;
mod pass;
pub(crate) mod server;
mod small;
mod statement;
mod store;

/// What to measure.
#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// What identifying a known caller costs, and that it asks the store nothing.
    Authorisation(authorisation::Arguments),
    /// The canonical digest of payments, which people sign, against plain SHA-256 over the same bytes.
    Digest(digest::Arguments),
    /// A TLS server that does nothing else; another benchmark starts it as a process of its own.
    #[command(hide = true)]
    Echo(handshakes::echo::Arguments),
    /// One kind of small request, in one process; another benchmark starts it as a process of its own.
    #[command(hide = true)]
    ExchangePass(exchange_pass::Arguments),
    /// TLS handshakes with client certificates, full and resumed, beside tokio-rustls alone.
    Handshakes(handshakes::Arguments),
    /// Instructions that the hot loops need, beside those last published.
    Instructions(instructions::Arguments),
    /// One large submission against `xmllint --stream --schema` of the same file.
    Intake(intake::Arguments),
    /// The server's memory over many large messages, many small ones and long reports.
    Memory(memory::Arguments),
    /// Reading and writing of large messages against libxml2 and quick-xml, with the memory they take.
    Messages(messages::Arguments),
    /// Heartbeats, statuses and small submissions, many at once, beside nginx.
    Small(small::Arguments),
    /// All pages of an account report against `xmllint --stream` of the same pages.
    Pages(pages::Arguments),
    /// One way through one file; the other benchmarks start it as a process of its own.
    #[command(hide = true)]
    Pass(pass::Arguments),
}

/// Measures.
///
/// # Errors
/// When something that is needed is missing, or does not do what it should.
pub(crate) fn run(bench: &Bench) -> Result<(), Box<dyn std::error::Error>> {
    match bench {
        Bench::Authorisation(arguments) => authorisation::run(arguments).map_err(|error| error as _),
        Bench::Digest(arguments) => digest::run(arguments),
        Bench::Echo(arguments) => handshakes::echo::run(arguments).map_err(|error| error as _),
        Bench::ExchangePass(arguments) => exchange_pass::run(arguments).map_err(|error| error as _),
        Bench::Handshakes(arguments) => handshakes::run(arguments).map_err(|error| error as _),
        Bench::Instructions(arguments) => instructions::run(arguments),
        Bench::Intake(arguments) => intake::run(arguments).map_err(|error| error as _),
        Bench::Memory(arguments) => memory::run(arguments).map_err(|error| error as _),
        Bench::Messages(arguments) => messages::run(arguments),
        Bench::Pages(arguments) => pages::run(arguments).map_err(|error| error as _),
        Bench::Pass(arguments) => pass::run(arguments),
        Bench::Small(arguments) => small::run(arguments).map_err(|error| error as _),
    }
}
