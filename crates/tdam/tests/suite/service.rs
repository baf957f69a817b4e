//! The exchange as those who run it see it: a folder is made, a server runs, and commands beside it take effect at once.
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;

use crate::support::service::said;
use crate::support::{DAY, Sandbox, program};
use tdam::configuration::{Configuration, TEMPLATE};
use tdam::installation::{Plan, SANDBOX};

const PAYER: &str = "LV68TREL1000000001001";
const PAYEE: &str = "LV42TREL2000000002001";

#[test]
fn the_template_says_the_defaults_and_names_every_key() {
    let read: Configuration = toml::from_str(TEMPLATE).unwrap();
    assert_eq!(read, Configuration::default());
    let written = toml::to_string(&Configuration::default()).unwrap();
    for line in written.lines().filter(|line| line.contains('=') || line.starts_with('[')) {
        let key = line.split('=').next().unwrap().trim();
        // A table without rows is written as a table, and documented as a key.
        let key = key.trim_matches(|c| c == '[' || c == ']').rsplit('.').next().unwrap();
        assert!(TEMPLATE.lines().any(|line| line.trim_matches(['[', ']']).starts_with(key)), "{key} is not documented");
    }
}

#[test]
fn unknown_keys_and_wrong_values_are_refused_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tdam.toml");
    for (text, expected) in [
        ("[listen]\nadress = \"127.0.0.1:1\"\n", "adress"),
        ("[listen]\nplain = \"here\"\n", "127.0.0.1:8080"),
        ("[log]\nformat = \"xml\"\n", "text"),
        ("data = 7\n", "line 1"),
        ("[check]\ndaily_at = \"25:00\"\n", "03:00"),
        ("[support]\nemail = \"help.example.org\"\n", "help@example.org"),
        ("[support]\nemail = \"a b@example.org\"\n", "help@example.org"),
        ("[support]\npage = \"javascript:alert(1)\"\n", "https://example.org/help"),
        ("[support]\nphone = \"call us\"\n", "+371"),
        ("[support]\nname_lv = \"two\\nlines\"\n", "a line of text"),
    ] {
        fs::write(&path, text).unwrap();
        let output = program().args(["serve", "--check", "--config"]).arg(&path).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(expected), "{said}");
    }
    fs::write(&path, TEMPLATE).unwrap();
    let sound = program().args(["serve", "--check", "--config"]).arg(&path).output().unwrap();
    assert_eq!(sound.status.code(), Some(0));
}

#[test]
fn the_plan_of_the_sandbox_is_sound() {
    let plan: Plan = SANDBOX.parse().unwrap();
    let ibans: Vec<&str> =
        plan.clients.iter().flat_map(|client| &client.accounts).map(|account| account.iban.as_str()).collect();
    let guideline = rulebook::Guideline::latvia();
    for iban in &ibans {
        let read = rulebook::Iban::parse(iban).unwrap();
        assert!(guideline.is_own_account(&read), "{iban}");
    }
    assert!("[[client]]\nname = 1".parse::<Plan>().is_err());
}

#[test]
fn a_folder_is_made_once_and_nothing_else_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("treasury");
    let init = || program().arg("init").arg("--dir").arg(&place).output().unwrap();
    let first = init();
    assert_eq!(first.status.code(), Some(0), "{}", String::from_utf8_lossy(&first.stderr));
    assert!(place.join("tdam.toml").is_file() && place.join("pki/ca.pem").is_file());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(place.join("pki/ca.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "others may not read the authority's key");
    }
    let authority = fs::read(place.join("pki/ca.pem")).unwrap();
    assert_eq!(init().status.code(), Some(0), "the same again finds it");
    assert_eq!(fs::read(place.join("pki/ca.pem")).unwrap(), authority);

    let taken = folder.path().join("taken");
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("thesis.txt"), "mine").unwrap();
    let refused = program().arg("init").arg("--dir").arg(&taken).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(fs::read_dir(&taken).unwrap().count(), 1);
}

/// One client, so one open connection: the server refuses requests on a connection that was good before.
#[test]
fn a_certificate_revoked_by_command_is_refused_on_the_next_request_over_the_open_connection() {
    let sandbox = Sandbox::start();
    let user = sandbox.path("tdam-sandbox/users/daugava-accounting");
    let read = |name: &str| fs::read(user.join(name)).unwrap();
    let client = client::Client::builder()
        .url(sandbox.url.as_str())
        .certificate_authority_pem(fs::read(sandbox.path("tdam-sandbox/pki/ca.pem")).unwrap())
        .identity_pem(read("certificate.pem"), read("key.pem"))
        .build()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        client.heartbeat().await.unwrap();
        let certificate = user.join("certificate.pem");
        let (exit, said) = sandbox.operate(&["revoke", certificate.to_str().unwrap()]);
        assert_eq!(exit, 0, "{said}");
        let error = client.heartbeat().await.unwrap_err();
        assert!(error.is_unauthorised(), "{error}");
        assert_eq!(error.problem().unwrap().code, "TDAM-1003", "{error}");
    });
    let certificate = user.join("certificate.pem");
    let (exit, said) = sandbox.operate(&["revoke", certificate.to_str().unwrap()]);
    assert_eq!(exit, 2, "a second time there is nothing to revoke: {said}");
}

/// The socket is there before its mode is, and folders are opened by mistake: another user of the machine is asked who it is.
#[test]
fn another_user_of_the_machine_gets_no_answer_at_the_socket() {
    if !rustix::process::geteuid().is_root() {
        println!("only root becomes another user");
        return;
    }
    let sandbox = Sandbox::start();
    let socket = sandbox.path("tdam-sandbox/data/operator.sock");
    for opened in socket.ancestors().skip(1).take(3) {
        fs::set_permissions(opened, fs::Permissions::from_mode(0o711)).unwrap();
    }
    fs::set_permissions(&socket, fs::Permissions::from_mode(0o666)).unwrap();
    let ask = r#"import socket, sys
connection = socket.socket(socket.AF_UNIX)
connection.connect(sys.argv[1])
connection.sendall(b'"list_set_aside"\n')
sys.stdout.buffer.write(connection.makefile('rb').read())"#;
    let asked = |uid| {
        let mut python = std::process::Command::new("python3");
        let output = python.args(["-c", ask]).arg(&socket).current_dir("/").uid(uid).gid(uid).output().unwrap();
        said(output)
    };
    const NOBODY: u32 = 65_534;
    let (exit, answer) = asked(0);
    assert!(exit == 0 && answer.contains("set_aside"), "{answer}");
    let (_, answer) = asked(NOBODY);
    assert!(!answer.contains("set_aside"), "{answer}");
}

/// A key that is lost is revoked at once, a person's too.
#[test]
fn a_persons_certificate_is_revoked_by_command() {
    let sandbox = Sandbox::start();
    let folder = sandbox.path("tdam-sandbox/operators/janis");
    let list = || said(program().args(["person", "list", "--as"]).arg(&folder).output().unwrap());
    assert_eq!(list().0, 0);
    let certificate = folder.join("certificate.pem");
    let revoke = ["revoke", certificate.to_str().unwrap(), "--reason", "key-compromise"];
    let (exit, text) = sandbox.operate(&revoke);
    assert_eq!(exit, 0, "{text}");
    let (exit, text) = list();
    assert!(exit == 3 && text.contains("TDAM-1003"), "{exit}: {text}");
    assert_eq!(sandbox.operate(&revoke).0, 2, "a second time there is nothing to revoke");
    let configuration = sandbox.path("tdam-sandbox/tdam.toml");
    let mut lines = program();
    lines.args(["audit", "list", "--action", "person.certificate-revoked", "--json", "--config"]).arg(&configuration);
    let (_, text) = said(lines.output().unwrap());
    assert!(text.contains("reason key-compromise of person 2") && text.contains("operator uid"), "{text}");
    let (exit, text) = sandbox.operate(&["check"]);
    assert_eq!(exit, 0, "{text}");
}

#[test]
fn settings_of_a_client_are_shown_and_changed_beside_the_service() {
    let sandbox = Sandbox::start();
    let shown = |said: &str| -> Vec<String> {
        said.lines().skip(1).filter_map(|line| line.split_whitespace().next_back()).map(str::to_owned).collect()
    };
    let (exit, said) = sandbox.operate(&["client", "90000000001"]);
    assert_eq!((exit, shown(&said)), (0, vec!["no".into(), "no".into(), "for-ever".into()]), "{said}");
    let (exit, said) = sandbox.operate(&["client", "1", "--daily-balances", "yes", "--end-to-end-ids-unique", "30"]);
    assert_eq!((exit, shown(&said)), (0, vec!["no".into(), "yes".into(), "30".into()]), "{said}");
    let (exit, said) = sandbox.operate(&["client", "Daugavas novada pašvaldība"]);
    assert_eq!((exit, shown(&said)), (0, vec!["no".into(), "yes".into(), "30".into()]), "{said}");
    for wrong in [&["--daily-balances", "true"], &["--end-to-end-ids-unique", "0"]] {
        let (exit, said) = sandbox.operate(&[&["client", "1"], &wrong[..]].concat());
        assert_eq!(exit, 2, "{said}");
    }
    let (exit, said) = sandbox.operate(&["client", "somebody"]);
    assert_eq!((exit, said.contains("no client has")), (2, true), "{said}");
    let (exit, said) = sandbox.operate(&["check"]);
    assert_eq!(exit, 0, "{said}");
}

#[test]
fn a_world_file_says_the_settings_of_a_client() {
    let folder = tempfile::tempdir().unwrap();
    let made = |settings: &str| {
        let plan = folder.path().join("world.toml");
        let client =
            "[[client]]\nname = \"Iestāde\"\nregistration_number = \"90000000009\"\nacceptance = \"partial\"\n";
        fs::write(&plan, format!("{client}{settings}\n")).unwrap();
        let place = folder.path().join(settings.len().to_string());
        let operators = ["--operator", "Anna <anna@kase.example.lv>", "--operator", "Jānis <janis@kase.example.lv>"];
        let mut init = program();
        init.arg("init").args(operators).arg("--world").arg(plan).arg("--dir").arg(&place);
        let output = init.output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap(), place)
    };
    let (exit, said, place) = made("lists_every_payment = true\nend_to_end_ids_unique = \"within-message\"");
    assert_eq!(exit, Some(0), "{said}");
    let shown = program().args(["operator", "client", "1", "--config"]).arg(place.join("tdam.toml")).output().unwrap();
    let words: Vec<String> = String::from_utf8(shown.stdout).unwrap().split_whitespace().map(str::to_owned).collect();
    let expected = ["lists-every-payment", "yes", "daily-balances", "no", "end-to-end-ids-unique", "within-message"];
    assert!(words.ends_with(&expected.map(str::to_owned)), "{words:?}");
    for wrong in ["end_to_end_ids_unique = \"0\"", "end_to_end_ids_unique = 30", "daily_balances = \"yes\""] {
        let (exit, said, _) = made(wrong);
        assert_eq!((exit, said.contains("world.toml") || said.contains(wrong)), (Some(2), true), "{said}");
    }
}

#[test]
fn a_credit_from_outside_shows_in_the_report_and_the_books_stay_in_order() {
    let mut sandbox = Sandbox::start();
    let credit = ["sandbox", "credit", "--account", PAYER, "--amount", "12.34", "--end-to-end-id", "FROM-OUTSIDE-1"];
    let (exit, said) = sandbox.say(&credit);
    assert_eq!(exit, 0, "{said}");
    for wrong in ["0", "-1", "12.345", "a lot", "99999999999999999999"] {
        let amount = format!("--amount={wrong}");
        let (exit, said) = sandbox.say(&["sandbox", "credit", "--account", PAYER, &amount]);
        assert_ne!(exit, 0, "{wrong}: {said}");
    }
    let (exit, report) =
        sandbox.run(["report", "--account", PAYER, "--from", DAY, "--to", DAY, "--type", "camt.054", "--credits"]);
    assert_eq!(exit, 0, "{report:#}");
    let entries = report["reports"][0]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 1, "{report:#}");
    assert_eq!(entries[0]["end_to_end_id"], "FROM-OUTSIDE-1");

    let (exit, said) = sandbox.operate(&["check"]);
    assert_eq!((exit, said.contains("All invariants hold")), (0, true), "{said}");
    assert_eq!(sandbox.stop(), Some(0), "a server that is asked to stop ends well");
}

#[test]
fn the_business_day_moves_forward_only_and_payments_follow_it() {
    let sandbox = Sandbox::start();
    let later = "2026-11-26";
    let (exit, made) =
        sandbox.run(["generate", "pain.001.001.09", "--transactions", "4", "--date", later, "--output", "later.xml"]);
    assert_eq!(exit, 0, "{made:#}");
    let (exit, sent) = sandbox.run(["send", "later.xml"]);
    assert_eq!(exit, 0, "{sent:#}");
    assert_eq!(sent["files"][0]["overview"]["status"], "ACCP");
    cancelled_before_its_day(&sandbox, later);

    let (exit, said) = sandbox.say(&["sandbox", "day", "2026-11-20"]);
    assert_ne!(exit, 0, "the business day went back: {said}");
    let (exit, said) = sandbox.say(&["sandbox", "day", later]);
    assert_eq!((exit, said.contains(later)), (0, true), "{said}");

    let id = made["message_id"].as_str().unwrap();
    loop {
        let (_, status) = sandbox.run(["status", id]);
        if status["status"] == "ACSC" {
            break;
        }
    }
    let (exit, report) = sandbox.run(["report", "--account", PAYEE, "--from", later, "--to", later]);
    assert_ne!(exit, 0, "another client's account: {report:#}");
}

/// Payments of a later day, of which none is executed then.
fn cancelled_before_its_day(sandbox: &Sandbox, day: &str) {
    const ID: &str = "CANCELLED/1";
    let arguments = ["--transactions", "3", "--message-id", ID, "--date", day, "--output", "cancelled.xml"];
    let (exit, made) = sandbox.run([&["generate", "pain.001.001.09"][..], &arguments].concat());
    assert_eq!(exit, 0, "{made:#}");
    assert_eq!(sandbox.run(["send", "cancelled.xml"]).0, 0);
    let counts = |answer: &serde_json::Value| {
        ["payments", "cancelled", "cancelled_before", "not_cancelled"].map(|name| answer[name].as_u64().unwrap())
    };
    let (exit, one) = sandbox.run(["cancel", ID, "--number", "2"]);
    assert_eq!((exit, counts(&one)), (0, [1, 1, 0, 0]), "{one:#}");
    let (exit, said) = sandbox.say(&["cancel", ID, "--language", "en"]);
    assert_eq!((exit, said.as_str()), (0, "CANCELLED/1: payments 3\n  cancelled 3\n  cancelled before 1\n"));
    let (exit, again) = sandbox.run(["cancel", ID]);
    assert_eq!((exit, counts(&again)), (0, [3, 3, 3, 0]), "{again:#}");
    let arguments = ["--message-id", "CANCELLED/2", "--seed", "2", "--date", day, "--output", "cancelled-2.xml"];
    assert_eq!(sandbox.run([&["generate", "pain.001.001.09"][..], &arguments].concat()).0, 0);
    assert_eq!(sandbox.run(["send", "cancelled-2.xml"]).0, 0);
    let (exit, said) = sandbox.operate(&["cancel", "1", "CANCELLED/2"]);
    assert_eq!((exit, said.as_str()), (0, "CANCELLED/2: payments 10\n  cancelled 10\n"));
    for id in [ID, "CANCELLED/2"] {
        let (exit, status) = sandbox.run(["status", id]);
        assert_eq!((exit, &status["status"]), (1, &"RJCT".into()), "{status:#}");
    }
    for (asked, code) in
        [(&["cancel", "NEVER/SENT"][..], "TDAM-9001"), (&["cancel", ID, "--block", "NONE"], "TDAM-9001")]
    {
        let (exit, problem) = sandbox.run(asked);
        assert_eq!((exit, problem.to_string().contains(code)), (1, true), "{problem:#}");
    }
}

#[test]
fn two_servers_do_not_serve_one_folder() {
    let sandbox = Sandbox::start();
    let second = program().args(["serve", "--config"]).arg(sandbox.path("tdam-sandbox/tdam.toml")).output().unwrap();
    assert_ne!(second.status.code(), Some(0));
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.contains("serv"), "{said}");
}
