//! Applications by command, beside a sandbox: the whole life, in both languages, and what the commands refuse themselves.
use std::fs;

use serde_json::Value;

use crate::support::{Sandbox, program};

const ANNA: [&str; 2] = ["--as", "tdam-sandbox/operators/anna"];
const JANIS: [&str; 2] = ["--as", "tdam-sandbox/operators/janis"];

fn application(sandbox: &Sandbox, by: [&str; 2], arguments: &[&str]) -> (i32, String) {
    sandbox.say(&[&["application"], arguments, &by].concat())
}

fn json(sandbox: &Sandbox, by: [&str; 2], arguments: &[&str]) -> Value {
    let (exit, value) = sandbox.run([&["application"], arguments, &by].concat());
    assert_eq!(exit, 0, "{arguments:?}: {value:#}");
    value
}

#[test]
fn a_newcomer_takes_an_application_from_its_form_to_the_code() {
    let sandbox = Sandbox::start();
    let (exit, form) = sandbox.say(&["application", "form", "new-online-user"]);
    assert_eq!(exit, 0, "{form}");
    fs::write(sandbox.path("form.json"), form).unwrap();
    fs::write(sandbox.path("pieteikums.edoc"), "signed").unwrap();
    assert!(application(&sandbox, ANNA, &["list"]).1.contains("There are no applications."));
    let (exit, tried) = application(&sandbox, ANNA, &["enter", "form.json", "--dry-run"]);
    assert!(exit == 0 && tried.contains("Only tried: nothing has changed."), "{tried}");
    assert_eq!(json(&sandbox, ANNA, &["enter", "form.json"])["id"], 1);
    for (arguments, state) in [
        (&["attach", "1", "pieteikums.edoc"][..], "draft"),
        (&["verify", "1", "--how", "eParakstītājs: derīgs"], "draft"),
        (&["submit", "1"], "submitted"),
        (&["check", "1"], "checked"),
    ] {
        assert_eq!(json(&sandbox, ANNA, arguments)["state"], state, "{arguments:?}");
    }
    let (_, shown) = application(&sandbox, JANIS, &["show", "1"]);
    for said in ["Daugava lietvedība", "LV68TREL1000000001001", "eParakstītājs: derīgs", "Anna Bērziņa (1)"] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let digest = json(&sandbox, JANIS, &["show", "1"])["digest"].as_str().unwrap().to_owned();
    let (exit, refused) = application(&sandbox, ANNA, &["approve", "1", "--digest", &digest]);
    assert!(exit == 1 && refused.contains("TDAM-9033"), "{exit} {refused}");
    let (exit, other) = application(&sandbox, JANIS, &["approve", "1", "--digest", &"0".repeat(64)]);
    assert!(exit == 1 && other.contains("TDAM-9034"), "{exit} {other}");
    let tried = json(&sandbox, JANIS, &["approve", "1", "--digest", &digest, "--dry-run"]);
    assert_eq!((tried["state"].as_str(), tried["trial"].as_bool()), (Some("in-force"), Some(true)));
    assert_eq!(json(&sandbox, JANIS, &["approve", "1", "--digest", &digest[..16]])["state"], "in-force");
    let (_, listed) = application(&sandbox, JANIS, &["list", "--state", "in-force", "--language", "lv"]);
    assert!(listed.contains("jauns tiešsaistes lietotājs") && listed.contains("spēkā"), "{listed}");

    let (exit, code) = application(&sandbox, JANIS, &["code", "1"]);
    assert!(exit == 0 && code.contains("Līga Ozola") && code.contains("It is shown only now."), "{code}");
    let (_, steps) = application(&sandbox, ANNA, &["show", "1", "--language", "lv"]);
    assert!(steps.contains("izveidots saņemšanas kods"), "{steps}");
    let output = ["file", "1", "pieteikums.edoc", "--output", "back.edoc"];
    assert_eq!(application(&sandbox, JANIS, &output).0, 0);
    assert_eq!(fs::read_to_string(sandbox.path("back.edoc")).unwrap(), "signed");
    let (exit, persons) = sandbox.say(&["person", "list", JANIS[0], JANIS[1]]);
    assert!(
        exit == 0 && persons.lines().any(|line| line.contains("Jānis Kalniņš") && line.ends_with("you")),
        "{persons}"
    );
}

#[test]
fn a_command_says_as_whom_it_acts_and_reads_its_files_strictly() {
    let sandbox = Sandbox::start();
    let (exit, said) = sandbox.say(&["application", "list"]);
    assert!(exit == 2 && said.contains("--as"), "{exit} {said}");
    let user = ["--as", "tdam-sandbox/users/daugava-accounting"];
    let (exit, said) = application(&sandbox, user, &["list"]);
    assert!(exit == 3 && said.contains("TDAM-1016"), "{exit} {said}");
    fs::write(sandbox.path("wrong.json"), "{\n  \"kind\": \"renewal\",\n  \"user\": 1\n}").unwrap();
    let (exit, said) = application(&sandbox, ANNA, &["enter", "wrong.json"]);
    assert!(exit == 2 && said.contains("wrong.json") && said.contains("unknown field `user`"), "{exit} {said}");
    let (exit, said) = application(&sandbox, ANNA, &["show", "7"]);
    assert!(exit == 1 && said.contains("TDAM-9001"), "{exit} {said}");
    let (exit, said) = application(&sandbox, JANIS, &["approve", "7", "--digest", "12"]);
    assert!(exit == 2 && said.contains("16"), "{exit} {said}");
}

/// A stolen certificate of an operator ends as one of an online user does, by the same command.
#[test]
fn an_operators_certificate_is_revoked_by_command() {
    let sandbox = Sandbox::start();
    let persons = |by: [&str; 2]| sandbox.say(&["person", "list", by[0], by[1]]);
    assert_eq!(persons(JANIS).0, 0);
    let certificate = sandbox.path("tdam-sandbox/operators/janis/certificate.pem");
    let revoke = ["revoke", certificate.to_str().unwrap(), "--reason", "key-compromise"];
    let (exit, said) = sandbox.operate(&revoke);
    assert!(exit == 0 && said.contains("Revoked."), "{exit} {said}");
    let (exit, said) = persons(JANIS);
    assert!(exit == 3 && said.contains("TDAM-1003"), "{exit} {said}");
    assert_eq!(persons(ANNA).0, 0);
    let (exit, said) = sandbox.operate(&revoke);
    assert!(exit == 2 && said.contains("was revoked before, at 2"), "{exit} {said}");
    let (_, list) = sandbox.operate(&["list"]);
    let janis = list.lines().skip_while(|line| !line.contains("Jānis Kalniņš")).nth(1).unwrap_or_default();
    assert!(janis.contains("revoked 2"), "{list}");
    let (exit, said) = sandbox.operate(&["revoke", &"0".repeat(64)]);
    assert!(exit == 2 && said.contains("no online user and no person"), "{exit} {said}");
    let (exit, said) = sandbox.operate(&["check"]);
    assert_eq!(exit, 0, "{said}");
}

/// Mistakes that clerks make, in the clerk's language.
#[test]
fn mistakes_are_told_in_latvian() {
    let sandbox = Sandbox::start();
    let said = |arguments: &[&str]| {
        let (exit, said) = sandbox.say(&[&["application"], arguments, &["--language", "lv"]].concat());
        assert_ne!(exit, 0, "{said}");
        said
    };
    assert!(said(&["list"]).contains("norādiet, kā vārdā: --as MAPE"));
    let enter = |form: &str| {
        fs::write(sandbox.path("form.json"), form).unwrap();
        said(&["enter", "form.json", ANNA[0], ANNA[1]])
    };
    for (form, because) in [
        (
            "{\n  \"kind\": \"renewal\",\n  \"user\": 1\n}",
            "nezināms lauks `user`; iespējamie: `online_user` vai `valid_until`",
        ),
        ("{\n  \"kind\": \"renewal\",\n  \"user\": 1\n}", ", rinda 3, zīme 8"),
        ("{\"kind\": \"lift-suspension\", \"online_user\": \"1\"}", "teksts \"1\", jābūt veselam skaitlim"),
        ("[\"lift-suspension\", 1]", "jābūt objektam { … }"),
        ("{\"kind\": \"lift-block\", \"iban\": \"LV41TREL1000000001002\"}", "iban: šis konts nav bloķēts."),
        ("{\"kind\": \"lift-block\", \"iban\": \"LV41TREL1000000001003\"}", "kontrolcipari vai garums ir nepareizs"),
        ("{\"kind\": \"renewal\", \"online_user\": 9, \"valid_until\": \"2029-01-01\"}", "lietotāja ar numuru 9 nav"),
    ] {
        let said = enter(form);
        assert!(said.contains(because), "{because}: {said}");
    }
    assert!(said(&["show", "7", ANNA[0], ANNA[1]]).contains("Pieteikuma ar numuru 7 nav."));
}

/// The form for limits of one day has those of other days where nobody names another one: left out they would be none.
#[test]
fn limits_are_shown_and_their_form_keeps_what_nobody_names() {
    const IBAN: &str = "LV68TREL1000000001001";
    let sandbox = Sandbox::start();
    let limit = |arguments: &[&str]| sandbox.say(&[&["limit"], arguments, &ANNA].concat());
    let (exit, listed) = limit(&["list", "1"]);
    assert!(exit == 0 && listed.contains(IBAN) && listed.contains("100000.00"), "{exit} {listed}");
    let (exit, own) = sandbox.run([&["limit", "list", "1"][..], &ANNA].concat());
    let accounts = own["accounts"].as_array().unwrap().clone();
    let account = accounts.iter().find(|account| account["iban"] == IBAN).unwrap();
    assert_eq!((exit, account["limit_per_payment"].as_str()), (0, Some("100000.00")));
    let today = sandbox.say(&["application", "form", "one-day-limits"]).1;
    let today: Value = serde_json::from_str(&today).unwrap();
    let day = today["day"].as_str().unwrap();
    let (exit, form) = limit(&["form", IBAN, "--day", day, "--per-day", "700000.00"]);
    assert_eq!(exit, 0, "{form}");
    let read: Value = serde_json::from_str(&form).unwrap();
    assert_eq!(
        read,
        serde_json::json!({ "kind": "one-day-limits", "iban": IBAN, "day": day, "limit_per_payment": "100000.00",
                            "limit_per_day": "700000.00" })
    );
    let (_, none) = limit(&["form", IBAN, "--day", day, "--per-payment", "none"]);
    assert!(!none.contains("limit_per_payment"), "{none}");
    fs::write(sandbox.path("limits.json"), form).unwrap();
    assert_eq!(json(&sandbox, ANNA, &["enter", "limits.json"])["state"], "draft");
    let (exit, said) = limit(&["list", "77"]);
    assert!(exit == 1 && said.contains("no client with the number 77"), "{exit} {said}");
}

#[test]
fn init_asks_for_two_operators() {
    let folder = tempfile::tempdir().unwrap();
    let world = folder.path().join("world.toml");
    fs::write(&world, "[[client]]\nname = \"Iestāde\"\nregistration_number = \"1\"\nacceptance = \"partial\"\n")
        .unwrap();
    let init = |operators: &[&str]| {
        let mut init = program();
        init.arg("init").arg("--world").arg(&world).arg("--dir").arg(folder.path().join("treasury"));
        let output = init.args(operators.iter().flat_map(|operator| ["--operator", operator])).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (output.status.code(), said)
    };
    let anna = "Anna Bērziņa <anna@kase.example.lv>";
    for wrong in [&[][..], &[anna], &[anna, anna, anna], &[anna, "Jānis"], &[anna, "<janis@kase.example.lv>"]] {
        let (exit, said) = init(wrong);
        assert!(exit == Some(2) && said.contains("--operator"), "{wrong:?}: {said}");
    }
    assert_eq!(init(&[anna, "Jānis Kalniņš <janis>"]).0, Some(2));
    let (exit, said) = init(&[anna, "Jānis Kalniņš <janis@kase.example.lv>"]);
    assert_eq!(exit, Some(0), "{said}");
    let key = folder.path().join("treasury/operators/operator-2/key.pem");
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(key).unwrap().permissions());
    assert_eq!(mode & 0o077, 0, "nobody else reads the key");
}

/// An installation that an older version made has no operators; then two are registered once, and while no service runs.
#[test]
fn an_older_installation_gets_its_first_operators_once() {
    let mut sandbox = Sandbox::start();
    let first = |sandbox: &Sandbox| {
        let mut command = program();
        command.args(["operator", "first-operators", "Anna <anna@kase.example.lv>", "Jānis <janis@kase.example.lv>"]);
        command.args(["--url", &sandbox.url, "--dir"]).arg(sandbox.path("tdam-sandbox"));
        let output = command.arg("--config").arg(sandbox.path("tdam-sandbox/tdam.toml")).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (output.status.code(), said)
    };
    let (exit, said) = first(&sandbox);
    assert!(exit == Some(4) && said.contains("stop it first"), "{exit:?} {said}");
    assert_eq!(sandbox.stop(), Some(0));
    let (exit, said) = first(&sandbox);
    assert!(exit == Some(1) && said.contains("TDAM-1033"), "two are there already: {exit:?} {said}");
    let database = sandbox.path("tdam-sandbox/data/tdam.sqlite");
    let older = rusqlite::Connection::open(database).unwrap();
    older.execute_batch("DELETE FROM person_certificate; DELETE FROM person; VACUUM;").unwrap();
    drop(older);
    let (exit, said) = first(&sandbox);
    assert!(exit == Some(0) && said.contains("operators/operator-2"), "{exit:?} {said}");
    let sandbox = Sandbox::serve(sandbox.into_stopped_folder());
    let by = ["--as", "tdam-sandbox/operators/operator-1", "--url", &sandbox.url];
    let (exit, persons) = sandbox.say(&[&["person", "list"][..], &by].concat());
    assert!(exit == 0 && persons.contains("Jānis"), "{exit} {persons}");
}
