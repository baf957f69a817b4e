//! Quotas of a service: its configuration, a reload, a restart, and what the command line shows.
use serde_json::Value;

use crate::support::service::{Made, said};
use crate::support::{DAY, program};

const USER: &str = "--profile=world/users/daugava-accounting";

fn quotas(world: &Made) -> Value {
    let (exit, text) = world.run(&["quotas", "--json", USER]);
    assert_eq!(exit, 0, "{text}");
    serde_json::from_str(&text).unwrap()
}

fn bytes_left(world: &Made) -> u64 {
    quotas(world)["online_user"]["bytes"]["left"].as_u64().unwrap()
}

#[test]
fn quotas_are_configured_reloaded_and_full_after_a_restart() {
    let world = Made::new(&[]);
    world.configure("body_bytes_max = 2147483648", "body_bytes_max = 100000");
    world.configure("online_user_bytes_per_second = 268435456", "online_user_bytes_per_second = 1");
    world.configure("online_user_bytes_burst = 8589934592", "online_user_bytes_burst = 100000");
    world.configure("address_requests_per_second = 80000", "address_requests_per_second = 0");
    let mut service = world.serve();
    assert_eq!(bytes_left(&world), 100_000);
    assert_eq!(quotas(&world)["address"]["requests"], Value::Null, "0 stands for no quota");

    let file = world.folder.path().join("large.xml");
    let mut generate = program();
    generate.args(["generate", "pain.001.001.09", "--date", DAY, "--transactions", "90", "--output"]).arg(&file);
    assert_eq!(said(generate.output().unwrap()).0, 0);
    let length = std::fs::metadata(&file).unwrap().len();
    assert!((50_001..100_000).contains(&length), "the fixture has {length} bytes");
    let send = ["send", USER, "--attempts", "1", "large.xml"];
    let (_, text) = world.run(&send);
    assert!(!text.contains("TDAM-9018"), "{text}");
    let left = bytes_left(&world);
    assert!((100_000 - length..101_000 - length).contains(&left), "{left}");
    let (exit, text) = world.run(&send);
    assert!(exit == 4 && text.contains("TDAM-9018") && text.contains("online_user.bytes"), "{exit}: {text}");
    let (exit, table) = world.run(&["quotas", USER]);
    assert!(exit == 0 && table.contains("127.0.0.1") && table.contains("1073741824"), "{table}");

    world.configure("online_user_bytes_burst = 100000", "online_user_bytes_burst = 300000");
    service.signal("HUP");
    service.log_until("certificates reloaded, and quotas").unwrap();
    assert!((300_000 - length..301_000 - length).contains(&bytes_left(&world)));
    let (_, text) = world.run(&send);
    assert!(!text.contains("TDAM-9018"), "the known answer: {text}");
    service.signal("TERM");
    assert_eq!(service.ended().0.code(), Some(0));

    let _service = world.serve();
    assert_eq!(bytes_left(&world), 300_000);
}

#[test]
fn a_burst_that_lets_nothing_pass_is_refused() {
    for (from, to, key) in [
        ("online_user_bytes_burst = 8589934592", "online_user_bytes_burst = 1000", "quotas.online_user_bytes_burst"),
        ("address_requests_burst = 800000", "address_requests_burst = 0", "quotas.address_requests_burst"),
    ] {
        let world = Made::new(&[]);
        world.configure(from, to);
        let mut check = world.command();
        let (exit, text) = said(check.arg("--check").output().unwrap());
        assert!(exit != 0 && text.contains(key), "{exit}: {text}");
    }
}
