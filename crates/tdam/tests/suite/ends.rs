//! What ends, as people of the client and of the house meet it: warnings on the command line, lists, renewal, the mail server's
//! settings.
use std::fs;

use jiff::Timestamp;

use crate::support::service::{Made, RECOVER, said};
use crate::support::traffic::{Load, accounting};
use crate::support::{Sandbox, program};

const USER: &str = "--profile=world/users/daugava-accounting";
const DAYS: i64 = 12;

/// The registrations of a world that does not run end in so many days.
fn end_soon(world: &Made) {
    let today = exchange::local_time(Timestamp::now()).date();
    let last_day = today.duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24 + DAYS;
    let database = rusqlite::Connection::open(world.path("data/tdam.sqlite")).unwrap();
    database.execute("UPDATE online_user SET registration_valid_until = ?1", [last_day]).unwrap();
    // At noon in UTC it is the same day in Riga.
    let noon = (last_day * 24 + 12) * 3_600_000_000;
    database.execute("UPDATE person_certificate SET not_after = ?1", [noon]).unwrap();
}

#[test]
fn the_command_line_says_once_what_ends_and_the_operators_list_shows_it() {
    let world = Made::new(&[]);
    end_soon(&world);
    let _service = world.serve();
    let (exit, text) = world.run(&["quotas", USER]);
    assert_eq!(exit, 0, "{text}");
    let expected = "TDAM-1072 The last day of the registration is ";
    assert_eq!(text.matches(expected).count(), 1, "{text}");
    let output = program()
        .args(["quotas", "--json", "--language", "lv", USER])
        .current_dir(world.folder.path())
        .output()
        .unwrap();
    let warned = String::from_utf8(output.stderr).unwrap();
    assert!(warned.contains("TDAM-1072 Pieteikuma pēdējā diena ir"), "{warned}");
    serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap();

    let (exit, list) = world.run(&["operator", "list", "--config", "world/tdam.toml"]);
    assert_eq!(exit, 0, "{list}");
    let ends_soon = |line: &&str| line.contains("registered until") && line.contains("days left: ends soon");
    assert!(list.lines().any(|line| ends_soon(&line)), "{list}");
    assert!(list.lines().any(|line| line.contains("valid until") && line.ends_with("days left")), "{list}");
    let (exit, persons) = world.run(&["person", "list", "--as", "world/operators/anna"]);
    assert_eq!(exit, 0, "{persons}");
    let ends = persons.matches(" ends soon").count();
    assert!(ends == 2 && persons.contains("TDAM-1073 The last day of the person's certificate is "), "{persons}");
    let of_persons = list.split("Persons").nth(1).unwrap();
    assert_eq!(of_persons.matches("days left: ends soon").count(), 2, "{list}");
    // The way back is for operators who cannot decide; through the service it says so too.
    world.request_certificates();
    let (exit, refused) = world.run(&RECOVER);
    assert!(exit == 1 && refused.contains("TDAM-1042"), "{exit}: {refused}");
    let (exit, mail) = world.run(&["operator", "mail", "--config", "world/tdam.toml"]);
    assert_eq!((exit, mail.trim()), (0, "No letter waits."));
    let (exit, mail) = world.run(&["operator", "mail", "retry", "7", "--config", "world/tdam.toml"]);
    assert!(exit == 2 && mail.contains("letter 7"), "{exit}: {mail}");
}

#[test]
fn operators_whose_certificates_have_ended_come_back_while_no_service_runs() {
    let world = Made::new(&[]);
    world.request_certificates();
    world.end_certificates_of_persons();
    let (exit, said) = world.run(&[&RECOVER[..3], &RECOVER[4..]].concat());
    assert!(exit == 1 && said.contains("TDAM-2022"), "one alone: {exit}: {said}");
    let (exit, said) = world.run(&RECOVER);
    assert_eq!(exit, 0, "{said}");
    let given = ["person-1.pem", "person-2.pem"].map(|name| fs::read_to_string(world.path(name)).unwrap());
    let (exit, _) = world.run(&RECOVER);
    assert_eq!(
        (exit, fs::read_to_string(world.path("person-1.pem")).unwrap()),
        (0, given[0].clone()),
        "the same again"
    );
    let audited = ["audit", "list", "--action", "person.recovered", "--json", "--config", "world/tdam.toml"];
    let (exit, lines) = world.run(&audited);
    assert!(exit == 0 && lines.matches("operator uid").count() == 2, "{lines}");
}

#[test]
fn settings_of_a_mail_server_that_contradict_each_other_are_refused_by_name_and_no_password_is_said() {
    const PASSWORD: &str = "drosa-parole-4711";
    for (settings, part) in [
        ("host = \"mail.example.org\"", "is no e-mail address"),
        ("host = \"localhost\"\nfrom = \"a@example.org\"\nuser = \"tdam\"", "need each other"),
        (
            "host = \"localhost\"\nfrom = \"a@example.org\"\nsecurity = \"none\"\nuser = \"tdam\"\npassword_file = \"password\"",
            "without TLS",
        ),
        ("host = \"mail.example.org\"\nfrom = \"a@example.org\"\nsecurity = \"none\"", "on this machine only"),
        ("host = \"localhost\"\nfrom = \"a@example.org\"\nauthorities = \"absent.pem\"", "absent.pem"),
        ("host = \"localhost\"\nsecurity = \"ssl\"", "starttls"),
    ] {
        let world = Made::new(&[]);
        fs::write(world.path("password"), format!("{PASSWORD}\n")).unwrap();
        let text = fs::read_to_string(world.path("tdam.toml")).unwrap();
        let (before, after) = text.split_once("[mail]").unwrap();
        let (_, after) = after.split_once("\n[").unwrap();
        fs::write(world.path("tdam.toml"), format!("{before}[mail]\n{settings}\n\n[{after}")).unwrap();
        let mut check = world.command();
        let (exit, text) = said(check.arg("--check").output().unwrap());
        assert!(exit != 0 && text.contains(part), "{settings}: {exit}: {text}");
        assert!(!text.contains(PASSWORD), "{text}");
    }
}

/// Senders go on with the old certificate while the next one is issued, and others begin with that.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_renewal_over_the_channel_costs_no_request() {
    const ANSWERS: usize = 12;
    let sandbox = Sandbox::start();
    let world = sandbox.path("tdam-sandbox");
    let mut before = Load::start(&world, &sandbox.url);
    before.wait_for(ANSWERS).await;
    let key = rcgen::KeyPair::generate().unwrap();
    let request = rcgen::CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
    let chain = accounting(&world, &sandbox.url).renew_certificate(request.clone()).await.unwrap();
    let again = accounting(&world, &sandbox.url).renew_certificate(request).await.unwrap();
    assert_eq!(chain, again, "an answer that was lost comes again");
    before.wait_for(ANSWERS).await;

    let user = world.join("users/daugava-accounting");
    fs::write(user.join("certificate.pem"), chain).unwrap();
    fs::write(user.join("key.pem"), key.serialize_pem()).unwrap();
    let mut after = Load::start(&world, &sandbox.url);
    after.wait_for(ANSWERS).await;
    before.wait_for(1).await;
    let sent = (before.stop().await, after.stop().await);
    assert_eq!((before.answers.len() as u64, after.answers.len() as u64), sent);
    assert_eq!((before.failed_calls(), after.failed_calls()), (0, 0), "calls that failed");
    let heartbeat = accounting(&world, &sandbox.url).heartbeat().await.unwrap();
    assert_eq!(heartbeat.caller.warnings, []);
}
