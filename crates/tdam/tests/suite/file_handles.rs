//! File handles, as the operator of a real process sees them.
use std::process::Command;

use crate::support::service::{Made, Service, said};

/// `tdam serve` with a hard limit of file handles.
fn with_handles(world: &Made, limit: u32) -> Command {
    let mut shell = Command::new("sh");
    let script = format!("ulimit -n {limit}; exec \"$1\" serve --config \"$2\"");
    shell.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_tdam")]).arg(world.path("tdam.toml"));
    shell
}

#[test]
fn too_few_file_handles_are_refused_and_few_mean_fewer_connections() {
    let world = Made::new(&[]);
    let (code, text) = said(with_handles(&world, 200).output().unwrap());
    assert!(code != 0 && text.contains("file handles") && text.contains("LimitNOFILE"), "{text}");

    let few = Service::started(with_handles(&world, 1200), world.plain);
    let warning = few.started.iter().find(|line| line.contains("file handles are short"));
    assert!(warning.is_some_and(|line| line.contains("connections_max")), "{:?}", few.started);
    assert_eq!(few.ask("/health").0, 200);
}
