//! The properties of the fuzz target `http` hold for the connections it starts from, and for those it found.
//!
//! A process of its own: a panic in any of its threads ends it.
#![allow(missing_docs)]

use std::collections::BTreeMap;
use std::io::Write as _;

#[path = "../../../fuzz/http/mod.rs"]
#[allow(unreachable_pub, reason = "the fuzz target takes it in too")]
mod http;

#[test]
fn every_seed_is_answered_soundly() {
    // A panic in a task of the service must not end there. The harness keeps what is printed until the test ends, and this
    // one does not: so the reason goes to the process's own error output.
    std::panic::set_hook(Box::new(move |panic| {
        let _ = writeln!(std::io::stderr(), "{panic}\n{}", std::backtrace::Backtrace::force_capture());
        std::process::abort();
    }));
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds-http");
    let service = http::Service::new();
    let mut statuses = BTreeMap::new();
    for entry in std::fs::read_dir(seeds).expect("the seeds are there") {
        let path = entry.expect("a seed").path();
        println!("{}", path.display());
        let input = std::fs::read(&path).expect("a seed can be read");
        let answered = http::every_answer_is_sound(&service, &input);
        println!("  {answered:?}");
        for status in answered {
            *statuses.entry(status).or_insert(0) += 1;
        }
        http::the_service_still_answers(&service);
    }
    // The seeds reach what they are there for.
    for expected in [200, 400, 401, 403, 404, 405, 409, 413, 415, 422, 431] {
        assert!(statuses.contains_key(&expected), "{expected} is not among {statuses:?}");
    }
}
