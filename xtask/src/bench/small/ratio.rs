//! A heartbeat beside nginx's static file of the same bytes: same certificates, same sender, each on one processor.

use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;

use protocol::routes::HEARTBEAT;

use super::super::machine;
use super::super::server::{Server, USER};
use super::ab::{self, Ab, AbReport};
use super::nginx::{self, Nginx};
use crate::attack::failed::Failed;
use crate::attack::wire::{self, Identity, Speaks};

/// The goal: a heartbeat takes at most so many times nginx's processor time.
const GOAL: f64 = 2.0;

/// Refuses a machine that lacks a tool or a processor, before anything is measured.
pub(super) fn require_tools() -> Result<(), Failed> {
    ab::require()?;
    nginx::program()?;
    machine::pin(std::process::id(), &machine::processors())?;
    if machine::processors().len() < 2 { Err("two processors are needed".into()) } else { Ok(()) }
}

/// Measures and prints.
pub(super) async fn measure(server: &Server, place: &Path, connections: &[usize], seconds: u64) -> Result<(), Failed> {
    let cores = machine::processors();
    let [sending, serving] = cores.get(..2).and_then(|two| two.try_into().ok()).ok_or("two processors are needed")?;
    let (folder, user) = (server.folder(), server.folder().user(USER));
    let identity = Identity::new(&folder.authority_certificate(), Some(&user), Speaks::Http1, Ipv4Addr::LOCALHOST)?;
    let answer = wire::call(&mut identity.connect(server.address()?).await?, "GET", HEARTBEAT, &[], b"").await?;
    let place = place.join("nginx");
    fs::create_dir_all(&place)?;
    let nginx = Nginx::start(folder, &place, HEARTBEAT, &answer.body, serving)?;
    let ab = Ab::new(&user, &place, sending)?;
    println!(
        "\nheartbeat against {}, a file of {} bytes; by ab -k on processor {sending}, the server on {serving}",
        nginx.version,
        answer.body.len()
    );
    println!(
        "{:>5} {:>10} {:>10} {:>8} {:>10} {:>10} {:>7}",
        "conn.", "tdam µs", "nginx µs", "ratio", "tdam /s", "nginx /s", "ab µs"
    );
    machine::pin(server.id(), &[serving])?;
    let mut tls = String::new();
    for &connections in connections {
        let (ours, our_micros) = of(server.id(), || ab.run(server.address()?, HEARTBEAT, connections, seconds))?;
        let (theirs, their_micros) = of(nginx.id(), || ab.run(nginx.address, HEARTBEAT, connections, seconds))?;
        println!(
            "{connections:>5} {our_micros:>10.1} {their_micros:>10.1} {:>8.2} {:>10.0} {:>10.0} {:>7.1}",
            our_micros / their_micros,
            ours.per_second,
            theirs.per_second,
            ours.processor.as_secs_f64() * 1e6 / ours.requests
        );
        tls = if ours.tls == theirs.tls { ours.tls } else { format!("{}; nginx {}", ours.tls, theirs.tls) };
    }
    machine::pin(server.id(), &cores)?;
    println!("goal: a ratio of at most {GOAL}; {tls}");
    Ok(())
}

/// What `ab` measured, and a process' time a request.
fn of(process: u32, run: impl FnOnce() -> Result<AbReport, Failed>) -> Result<(AbReport, f64), Failed> {
    let time = || machine::processor_time(process).ok_or("a server has ended");
    let before = time()?;
    let report = run()?;
    let micros = time()?.saturating_sub(before).as_secs_f64() * 1e6 / report.requests;
    Ok((report, micros))
}
