//! The lines that the program prints for pasting work: in their order, again and again, in any world.
use std::fs;
use std::process::{Command, Stdio};

use crate::support::{DAY, Sandbox, free_port, program};
use serde_json::Value;

/// Another house than the sandbox's, with names that a shell would take apart.
const OTHER_WORLD: &str = r#"
[[client]]
name = "Ogres novada 'Sarma' un biedri"
registration_number = "90000000009"
acceptance = "all-or-nothing"

[[client.account]]
iban = "LV42TREL2000000002001"
kind = "settlement"
opening = "100000.00"

[[client.online_user]]
name = "Lasītājs"
folder = "a-reader"
mode = "view"
networks = ["127.0.0.0/8", "::1/128"]

[[client.online_user]]
name = "Grāmatvedība"
folder = "accounting-system"
mode = "manage"
networks = ["127.0.0.0/8", "::1/128"]
"#;

/// The lines to paste that call the program itself.
fn own_lines(printed: &str) -> Vec<String> {
    let program = env!("CARGO_BIN_EXE_tdam");
    let lines = printed.lines().map(str::trim).filter(|line| line.starts_with(program));
    lines.map(str::to_owned).collect()
}

fn paste(sandbox: &Sandbox, line: &str) {
    let ran = Command::new("sh")
        .args(["-c", line])
        .current_dir(sandbox.path("."))
        .env("LC_ALL", "C")
        .env_remove("TDAM_PROFILE")
        .env_remove("TDAM_URL")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout) + String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{line}\n{said}");
}

#[test]
fn the_lines_of_a_sandbox_work_in_their_order_twice() {
    let usual = tdam::installation::SANDBOX;
    for (plan, business_day, dir) in
        [(usual, DAY, "tdam-sandbox"), (usual, "2027-03-31", "tdam-sandbox"), (OTHER_WORLD, DAY, "my 'own' sandbox")]
    {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("plan.toml"), plan).unwrap();
        let mut serve = program();
        serve.args(["sandbox", "--dir", dir, "--world", "plan.toml", "--business-day", business_day]);
        serve.args(["--address", "127.0.0.1:0", "--plain-address", "127.0.0.1:0"]).current_dir(folder.path());
        let sandbox = Sandbox::serve_as(serve, folder);
        let lines = own_lines(&sandbox.printed);
        assert_eq!(lines.len(), 5, "{}", sandbox.printed);
        for line in lines.iter().chain(&lines) {
            paste(&sandbox, line);
        }
    }
}

/// Messages with the same number and seed but other arguments have different identifiers and payments.
#[test]
fn messages_of_other_arguments_are_other_messages() {
    let sandbox = Sandbox::start();
    let ten = ["--transactions", "10"];
    for (number, (message_type, more)) in [
        ("pain.001.001.09", vec![]),
        ("pain.001.001.09", vec!["--flaws", "4"]),
        ("pain.001.001.09", vec!["--flaws", "3"]),
        ("pain.001.001.03", vec![]),
        ("pain.001.001.09", vec!["--seed", "2"]),
        ("pain.001.001.09", vec!["--initiating-party", "Daugavas novada domes nodaļa"]),
        ("pain.001.001.09", vec!["--creditor-account", "LV15TREL2000000002002"]),
        ("pain.001.001.09", vec!["--transactions", "12"]),
        ("pain.001.001.03", vec!["--transactions", "13", "--flaws", "1"]),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("{number}.xml");
        let number_of_payments = if more.contains(&"--transactions") { &[][..] } else { &ten[..] };
        let arguments =
            [&["generate", message_type, "--date", DAY, "--output", &name], number_of_payments, &more].concat();
        let (exit, made) = sandbox.run(arguments);
        assert_eq!(exit, 0, "{made:#}");
        let flawed: Vec<&Value> = made["flawed"].as_array().unwrap().iter().map(|flawed| &flawed["code"]).collect();
        let expected = i32::from(!flawed.is_empty());
        for repeated in [false, true] {
            let (exit, sent) = sandbox.run(["send", &name]);
            let sent = &sent["files"][0];
            assert_eq!(
                (exit, &sent["repeated"]),
                (expected, &Value::Bool(repeated)),
                "{message_type} {more:?}: {sent:#}"
            );
            let refused = sent["overview"]["refused"].as_array().unwrap();
            let refused: Vec<&Value> = refused.iter().map(|refused| &refused["reason"]["code"]).collect();
            assert_eq!(refused, flawed, "{message_type} {more:?}: {sent:#}");
        }
    }
}

#[test]
fn an_act_in_another_folder_says_where_to_go() {
    let folder = tempfile::tempdir().unwrap();
    let ran = program().args(["sandbox", "day"]).current_dir(folder.path()).output().unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(2));
    assert!(said.contains("tdam-sandbox holds no exchange") && said.contains("--dir"), "{said}");
}

/// If the demonstration's port is taken, the lines that it prints at its end still work.
#[test]
fn what_a_demonstration_prints_keeps_its_world_running() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind(("127.0.0.1", free_port())).unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ran = program()
        .args(["demo", "--transactions", "20", "--address", &address])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let printed = String::from_utf8(ran.stdout).unwrap();
    assert!(ran.status.success(), "{printed}{}", String::from_utf8_lossy(&ran.stderr));
    let lines = own_lines(&printed);
    let (keep, lines) = lines.split_first().unwrap();
    let arguments: Vec<&str> = keep.split_whitespace().skip(1).collect();
    assert_eq!(&arguments[..3], ["sandbox", "--dir", "tdam-demo"], "{printed}");
    let mut serve = program();
    serve.args(&arguments).current_dir(folder.path());
    let sandbox = Sandbox::serve_as(serve, folder);
    assert_eq!(lines.len(), 5, "{printed}");
    for line in lines.iter().chain(lines) {
        paste(&sandbox, line);
    }
}
