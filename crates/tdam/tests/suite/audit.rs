//! `tdam audit`: the chain of a real sandbox as staff list it, export it, and verify it on another machine.
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use audit::{AUDIT_CHAIN_START, AuditPublicKey, Checkpoint, audit_hash, line_from_json, line_to_json};
use serde_json::Value;

use crate::support::service::said;
use crate::support::{Sandbox, program};

/// A sandbox whose chain has a checkpoint, and the files that an auditor takes away.
struct Audited {
    sandbox: Sandbox,
    folder: tempfile::TempDir,
}

impl Audited {
    fn new() -> Audited {
        let sandbox = Sandbox::start();
        sandbox.generate("payments.xml", &["--transactions", "3"]);
        let (exit, sent) = sandbox.run(["send", "payments.xml"]);
        assert_eq!(exit, 0, "{sent:#}");
        let audited = Audited { sandbox, folder: tempfile::tempdir().unwrap() };
        // The service signs soon after it began.
        let checkpoints = loop {
            let checkpoints = audited.expect(0, &["checkpoints", "--json"]);
            if checkpoints.contains("signature") {
                break checkpoints;
            }
        };
        fs::write(audited.path("checkpoints.jsonl"), checkpoints.lines().next().unwrap().to_owned() + "\n").unwrap();
        audited.expect(0, &["export", "--to", audited.path("audit.jsonl").to_str().unwrap()]);
        fs::copy(audited.sandbox.path("tdam-sandbox/pki/audit.pub"), audited.path("audit.pub")).unwrap();
        audited
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn expect(&self, exit: i32, arguments: &[&str]) -> String {
        let configuration = self.sandbox.path("tdam-sandbox/tdam.toml");
        let output = program().arg("audit").args(arguments).arg("--config").arg(configuration).output().unwrap();
        let (code, text) = said(output);
        assert_eq!(code, exit, "{arguments:?}: {text}");
        text
    }

    fn export(&self) -> String {
        fs::read_to_string(self.path("audit.jsonl")).unwrap()
    }

    fn checkpoint(&self) -> Checkpoint {
        Checkpoint::from_json(fs::read_to_string(self.path("checkpoints.jsonl")).unwrap().trim_end()).unwrap()
    }

    /// Verifies a text as an auditor does, without the sandbox; exit code and findings.
    fn verify(&self, text: &str, with_checkpoints: bool) -> (i32, Value) {
        let file = self.path("verified.jsonl");
        fs::write(&file, text).unwrap();
        let mut verify = program();
        verify.args(["audit", "verify", "--json", "--key"]).arg(self.path("audit.pub")).arg(&file);
        if with_checkpoints {
            verify.arg("--checkpoints").arg(self.path("checkpoints.jsonl"));
        }
        let output = verify.current_dir(self.folder.path()).output().unwrap();
        (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
    }

    /// Expects one fault at a line.
    fn expect_fault(&self, what: &str, lines: &[String], at: i64, words: &str) {
        let (exit, findings) = self.verify(&lines.concat(), true);
        let fault = &findings["faults"][0];
        assert_eq!((exit, fault["line"].as_i64()), (1, Some(at)), "{what}: {findings}");
        assert!(fault["what"].as_str().unwrap().contains(words), "{what}: {findings}");
    }
}

#[test]
fn an_export_verifies_elsewhere_and_each_damage_is_found() {
    let audited = Audited::new();
    let export = audited.export();
    let lines: Vec<String> = export.split_inclusive('\n').map(str::to_owned).collect();
    let count = lines.len() as i64;
    let covered = audited.checkpoint().sequence;
    assert!((4..count).contains(&covered), "{covered} of {count}");
    let (exit, findings) = audited.verify(&export, true);
    assert_eq!(
        (exit, &findings["sound"], &findings["lines"]),
        (0, &Value::Bool(true), &Value::from(count)),
        "{findings}"
    );
    assert_eq!((&findings["checkpoints"], &findings["confirmed"]), (&Value::from(1), &Value::from(covered)));

    let backup = audited.path("backup");
    let world = audited.sandbox.path("tdam-sandbox");
    let (exit, text) = said(program().arg("backup").arg(&world).arg("--to").arg(&backup).output().unwrap());
    assert_eq!(exit, 0, "{text}");
    let kept = fs::read_to_string(backup.join("checkpoints.jsonl")).unwrap();
    assert_eq!(
        Checkpoint::from_json(kept.lines().next().unwrap()).unwrap(),
        audited.checkpoint(),
        "the backup has them"
    );

    let changed = |place: usize, with: String| {
        let mut changed = lines.clone();
        changed[place] = with;
        changed
    };
    let second = lines[1].replace("\"detail\":\"", "\"detail\":\"x");
    audited.expect_fault("changed", &changed(1, second), 2, "one of them was changed");
    let mut dropped = lines.clone();
    dropped.remove(1);
    audited.expect_fault("dropped", &dropped, 2, "dropped, moved or inserted");
    let mut swapped = lines.clone();
    swapped.swap(1, 2);
    audited.expect_fault("swapped", &swapped, 2, "dropped, moved or inserted");
    let mut inserted = lines.clone();
    inserted.insert(1, lines[0].clone());
    audited.expect_fault("inserted", &inserted, 2, "dropped, moved or inserted");
    let cut = &lines[..covered as usize - 1];
    audited.expect_fault("cut", cut, covered, "the end of the chain is missing");
    assert_eq!(audited.verify(&cut.concat(), false).0, 0, "only a checkpoint convicts it");

    let rewritten = chained_anew(&lines);
    assert_eq!(audited.verify(&rewritten.concat(), false).0, 0, "only a checkpoint convicts it");
    audited.expect_fault("rewritten", &rewritten, covered, "rewritten");
    let mut other = audited.checkpoint();
    other.hash[0] ^= 1;
    fs::write(audited.path("checkpoints.jsonl"), other.to_json()).unwrap();
    audited.expect_fault("a forged checkpoint", &lines, covered, "not signed");
}

/// The chain with another second line and hashes that fit it: what somebody with the database alone can make.
fn chained_anew(lines: &[String]) -> Vec<String> {
    let mut hash = AUDIT_CHAIN_START;
    let anew = |text: &String| {
        let mut line = line_from_json(text.trim_end()).unwrap();
        if line.sequence == 2 {
            line.line.actor = "somebody else".to_owned();
        }
        hash = audit_hash(&hash, line.sequence, &line.line);
        line.hash = hash;
        line_to_json(&line) + "\n"
    };
    lines.iter().map(anew).collect()
}

#[test]
fn another_byte_anywhere_in_an_export_is_found() {
    let audited = Audited::new();
    let export = audited.export().into_bytes();
    let key = fs::read_to_string(audited.path("audit.pub")).unwrap();
    let key = AuditPublicKey::read(key.trim_end()).unwrap();
    let checkpoints = [audited.checkpoint()];
    let faults = |bytes: &[u8]| audit::verify(bytes, &checkpoints, &key).unwrap().faults.len();
    assert_eq!(faults(&export), 0);
    let mut damaged = export.clone();
    // Each place in turn, with a step that no length of a member divides.
    for place in (0..export.len()).step_by(7) {
        for bit in [0x01, 0x20, 0x80] {
            damaged[place] ^= bit;
            assert_eq!(faults(&damaged), 1, "bit {bit:x} of byte {place}: {}", String::from_utf8_lossy(&damaged));
            damaged[place] ^= bit;
        }
    }
}

#[test]
fn the_list_has_filters_and_names_its_reader() {
    let audited = Audited::new();
    let lines = |arguments: &[&str]| -> Vec<Value> {
        let text = audited.expect(0, &[&["list", "--json"], arguments].concat());
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let clients = lines(&["--action", "client"]);
    assert!(!clients.is_empty() && clients.iter().all(|line| line["action"] == "client.added"), "{clients:?}");
    assert_eq!(lines(&["--action", "clien"]), Vec::<Value>::new(), "no part of a word");
    let accepted = lines(&["--actor", "online user"]);
    assert!(accepted.iter().any(|line| line["action"] == "payments.accepted"), "{accepted:?}");
    let last = lines(&["--last", "1"]);
    assert_eq!((last.len(), &last[0]["action"]), (1, &Value::from("audit.listed")));
    let who = last[0]["actor"].as_str().unwrap();
    assert!(who.starts_with("operator uid "), "{who}");
    assert_eq!(lines(&["--until", "2026-01-01"]), Vec::<Value>::new());
    assert_eq!(lines(&["--since", "2999-01-01T00:00:00Z"]), Vec::<Value>::new());
    let read = lines(&["--about", "action \"client\""]);
    assert!(read.iter().any(|line| line["action"] == "audit.listed"), "{read:?}");
    let table = audited.expect(0, &["list", "--last", "2"]);
    assert!(table.contains("earlier lines match too") && table.contains("audit.listed"), "{table}");
    audited.expect(2, &["list", "--since", "yesterday"]);
    let printed = audited.expect(0, &["checkpoints"]);
    assert!(printed.starts_with("Checkpoint ") && printed.contains("  signature  "), "{printed}");
}

#[test]
fn a_new_key_is_private_and_may_be_encrypted() {
    let folder = tempfile::tempdir().unwrap();
    let make = |name: &str, more: &[&str]| {
        let mut make = program();
        make.args(["audit", "new-key", "--to"]).arg(folder.path().join(name)).args(more);
        said(make.env("AUDIT_PASSPHRASE", "a long enough passphrase").output().unwrap())
    };
    let (exit, text) = make("open.key", &[]);
    assert_eq!(exit, 0, "{text}");
    let public = fs::read_to_string(folder.path().join("open.pub")).unwrap();
    assert!(text.contains(public.trim_end()), "{text}");
    assert_ne!(make("open.key", &[]).0, 0, "nothing is overwritten");
    let (exit, text) = make("closed.key", &["--passphrase-from", "env:AUDIT_PASSPHRASE"]);
    assert_eq!(exit, 0, "{text}");
    let pem = fs::read_to_string(folder.path().join("closed.key")).unwrap();
    assert!(pki::is_encrypted(&pem));
    for name in ["open.key", "closed.key"] {
        let mode = fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
    assert!(folder.path().join("closed.pub").is_file());
}
