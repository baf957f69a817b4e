//! What was revoked after a backup stays revoked after a restore: with SQLite and `tdam restore`, with PostgreSQL and its own tools.
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cluster::{self, Cluster};
use crate::support::service::{Made, RECOVER, said};
use crate::support::{Sandbox, program};

/// Says who answers for it.
const GROUNDS: [&str; 4] = ["--by", "Anna Ozola", "--reason", "the list of this morning"];

struct Operated<'a> {
    configuration: &'a Path,
}

impl Operated<'_> {
    fn run(&self, arguments: &[&str]) -> (i32, String) {
        said(program().args(arguments).arg("--config").arg(self.configuration).output().unwrap())
    }

    fn expect(&self, exit: i32, arguments: &[&str]) -> String {
        let (code, text) = self.run(arguments);
        assert_eq!(code, exit, "{arguments:?}: {text}");
        text
    }

    /// Bring in files.
    fn bring(&self, exit: i32, files: &[&Path]) -> String {
        let files = files.iter().map(|file| file.to_str().unwrap());
        let arguments: Vec<&str> =
            ["operator", "revocations", "bring"].into_iter().chain(files).chain(GROUNDS).collect();
        self.expect(exit, &arguments)
    }

    /// Whether the certificate of the first online user is revoked.
    fn is_revoked(&self, fingerprint: &str) -> bool {
        let list = self.expect(0, &["operator", "list"]);
        list.lines().find(|line| line.contains(fingerprint)).unwrap().contains("revoked")
    }
}

/// The first online user of an installation: its folder, and the fingerprint of its certificate.
fn online_user(world: &Path) -> (PathBuf, String) {
    let mut users: Vec<PathBuf> =
        fs::read_dir(world.join("users")).unwrap().map(|entry| entry.unwrap().path()).collect();
    users.sort();
    let user = users.remove(0);
    let pem = fs::read_to_string(user.join("certificate.pem")).unwrap();
    let fingerprint = pki::fingerprint(&pki::certificate_der(&pem).unwrap());
    (user, fingerprint.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A service does not begin, and says why. One that begins is ended at once.
fn refuses_to_serve(configuration: &Path) {
    let mut serve = program();
    serve.arg("serve").arg("--config").arg(configuration).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut process = serve.spawn().unwrap();
    let mut log = String::new();
    for line in BufReader::new(process.stderr.take().unwrap()).lines() {
        log += &line.unwrap();
        if log.contains("serving") {
            process.kill().unwrap();
            break;
        }
    }
    let status = process.wait().unwrap();
    assert!(!status.success() && log.contains("restored from a copy of"), "{status}: {log}");
}

/// The revocation list that an authority signs now with this certificate on it; `at` in seconds from now.
fn revocation_list(world: &Path, serial: &str, at: i64) -> Vec<u8> {
    let read = |name: &str| fs::read_to_string(world.join("pki").join(name)).unwrap();
    let key = pki::KeyInFile::from_pem(&read("issuing.key")).unwrap();
    let authority = pki::CertificateAuthority::load(&read("issuing.pem"), Box::new(key)).unwrap();
    let now = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(at);
    let revoked = pki::Revoked { serial: serial.to_owned(), at: now, reason: pki::Reason::KeyCompromise };
    let until = now + jiff::SignedDuration::from_hours(1);
    authority.revocation_list(7, now, until, &[revoked]).unwrap()
}

fn serial(user: &Path) -> String {
    let pem = fs::read_to_string(user.join("certificate.pem")).unwrap();
    pki::describe(&pki::certificate_der(&pem).unwrap()).unwrap().serial
}

#[test]
fn what_was_revoked_after_a_backup_stays_revoked_after_a_restore() {
    let world = Made::new(&[]);
    let (place, backup) = (world.folder.path().join("world"), world.folder.path().join("backup"));
    let (user, fingerprint) = online_user(&place);
    let service = world.serve();
    let operated = Operated { configuration: &place.join("tdam.toml") };
    let (exit, text) = world.run(&["backup", "world", "--to", "backup"]);
    assert_eq!(exit, 0, "{text}");
    let older = world.folder.path().join("older.crl");
    fs::write(&older, revocation_list(&place, &serial(&user), -3600)).unwrap();
    operated.expect(0, &["operator", "revoke", &fingerprint, "--reason", "key-compromise"]);
    // An operator's certificate too; a list of today names both, the one made below only the first.
    let operators = place.join("operators/anna/certificate.pem");
    operated.expect(0, &["operator", "revoke", operators.to_str().unwrap()]);
    let export = world.folder.path().join("audit.jsonl");
    operated.expect(0, &["audit", "export", "--to", export.to_str().unwrap()]);
    let list = world.folder.path().join("later.crl");
    fs::write(&list, revocation_list(&place, &serial(&user), 0)).unwrap();
    drop(service);
    fs::rename(&place, world.folder.path().join("lost")).unwrap();

    for (number, source) in [&list, &export].into_iter().enumerate() {
        let restored = if number == 0 { place.clone() } else { world.folder.path().join("second") };
        let output = program().arg("restore").arg(&backup).arg("--to").arg(&restored).output().unwrap();
        let (exit, text) = said(output);
        assert!(exit == 0 && text.contains("It serves nobody yet"), "{text}");
        let configuration = restored.join("tdam.toml");
        let operated = Operated { configuration: &configuration };
        assert!(!operated.is_revoked(&fingerprint), "the copy does not know it");

        refuses_to_serve(&configuration);
        operated.expect(1, &["operator", "revocations"]);
        let text = operated.bring(2, &[&older]);
        assert!(text.contains("older than the copy"), "{text}");
        let strange = world.folder.path().join("strange");
        fs::write(&strange, "no fingerprint\n").unwrap();
        operated.bring(2, &[&strange]);
        operated.expect(2, &["operator", "revocations", "none", "--by", "Anna Ozola"]);
        operated.expect(2, &["operator", "revocations", "none", "--by", " ", "--reason", "none"]);
        assert!(!operated.is_revoked(&fingerprint), "nothing came of what was refused");

        let text = operated.bring(0, &[source]);
        assert!(text.contains(["revoked now: 1,", "revoked now: 2,"][number]), "{text}");
        assert!(operated.is_revoked(&fingerprint));
        operated.expect(0, &["operator", "revocations"]);
        operated.bring(2, &[source]);
        let lines = operated.expect(0, &["audit", "list", "--action", "restore", "--json"]);
        assert!(lines.contains("Anna Ozola") && lines.contains("the list of this morning"), "{lines}");
        let (exit, text) = said(program().arg("check").arg(&restored).output().unwrap());
        assert_eq!(exit, 0, "{text}");
    }

    let service = world.serve();
    let profile = place.join("users");
    fs::create_dir_all(&profile).unwrap();
    let kept = world.folder.path().join("lost/users").join(user.file_name().unwrap());
    let profile = profile.join(user.file_name().unwrap());
    fs::rename(kept, &profile).unwrap();
    let (exit, text) = said(program().args(["quotas", "--profile"]).arg(&profile).output().unwrap());
    assert_eq!(exit, 3, "a revoked certificate opens nothing: {text}");
    drop(service);
}

/// An export brings all that was taken away since; one that says nothing of the time since, or of another exchange, brings nothing and
/// settles nothing.
#[test]
fn an_export_brings_what_was_taken_away_and_a_wrong_one_is_refused() {
    const ACCOUNT: &str = "LV42TREL2000000002001";
    let world = Made::new(&[]);
    let (place, configuration) = (world.folder.path().join("world"), world.path("tdam.toml"));
    let operated = Operated { configuration: &configuration };
    let file = |name: &str| world.folder.path().join(name);
    let export = |operated: &Operated<'_>, name: &str| {
        operated.expect(0, &["audit", "export", "--to", file(name).to_str().unwrap()]);
        fs::read_to_string(file(name)).unwrap()
    };
    let service = world.serve();
    export(&operated, "older");
    assert_eq!(world.run(&["backup", "world", "--to", "backup"]).0, 0);
    operated.expect(0, &["operator", "user", "2", "--suspend"]);
    operated.expect(0, &["operator", "user", "3", "--suspend"]);
    operated.expect(0, &["operator", "account", ACCOUNT, "blocked"]);
    let person = world.path("operators/janis/certificate.pem");
    operated.expect(0, &["operator", "revoke", person.to_str().unwrap()]);
    let whole = export(&operated, "export");
    drop(service);
    let stranger = Made::new(&[]);
    export(&Operated { configuration: &stranger.path("tdam.toml") }, "foreign");
    fs::remove_dir_all(&place).unwrap();
    assert_eq!(world.run(&["restore", "backup", "--to", "world"]).0, 0);

    let lines: Vec<&str> = whole.lines().collect();
    let written = |name: &str, text: &str| fs::write(file(name), text).unwrap();
    written("changed", &whole.replacen("online user 3 was", "online user 1 was", 1));
    written("dropped", &(lines[..lines.len() - 3].join("\n") + "\n" + lines[lines.len() - 2]));
    written("excerpt", &lines[lines.len() - 4..].join("\n"));
    written("cut", &whole[..whole.len() - 30]);
    written("empty", " \n");
    for (source, because) in [
        ("older", "before the copy"),
        ("foreign", "another exchange"),
        ("changed", "it was changed"),
        ("dropped", "bring the whole export"),
        ("excerpt", "bring the whole export"),
        ("cut", "no line of the audit chain"),
        ("empty", "it says nothing"),
    ] {
        let text = operated.bring(2, &[&file(source)]);
        assert!(text.contains(because), "{source}: {text}");
    }
    operated.bring(2, &[&file("export"), &file("export")]);
    operated.expect(1, &["operator", "revocations"]);

    let text = operated.bring(0, &[&file("export")]);
    let brought = "online users suspended: 2, that have to sign: 0; accounts blocked or closed: 1; persons ended";
    assert!(text.contains("Certificates revoked now: 1") && text.contains(brought), "{text}");
    let list = operated.expect(0, &["operator", "list"]);
    assert!(list.lines().any(|line| line.contains(ACCOUNT) && line.contains("Blocked")), "{list}");
    for user in ["2", "3"] {
        let shown = operated.expect(0, &["operator", "user", user]);
        assert!(shown.lines().any(|line| line.contains("suspended") && line.contains("yes")), "{shown}");
    }
    let (exit, text) = world.run(&["check", "world"]);
    assert_eq!(exit, 0, "{text}");
}

#[test]
fn an_operator_may_state_that_nothing_was_revoked_and_nobody_comes_back_before() {
    let world = Made::new(&[]);
    let (exit, text) = world.run(&["backup", "world", "--to", "backup"]);
    assert_eq!(exit, 0, "{text}");
    let operated = Operated { configuration: &world.path("tdam.toml") };
    let text = operated.expect(2, &["operator", "revocations", "none", "--by", "A", "--reason", "B"]);
    assert!(text.contains("no restore waits"), "{text}");
    fs::remove_dir_all(world.folder.path().join("world")).unwrap();
    let (exit, text) = world.run(&["restore", "backup", "--to", "world"]);
    assert_eq!(exit, 0, "{text}");
    // Their certificates may be revoked by what the copy does not know, so operators do not come back before that is settled.
    world.end_certificates_of_persons();
    world.request_certificates();
    let (exit, text) = world.run(&RECOVER);
    assert!(exit == 1 && text.contains("restored from a copy of"), "{exit}: {text}");
    operated.expect(
        0,
        &["operator", "revocations", "none", "--by", "Anna Ozola", "--reason", "the backup is of a minute ago"],
    );
    drop(world.serve());
    let (exit, text) = world.run(&RECOVER);
    assert_eq!(exit, 0, "{text}");
}

fn dump(cluster: &Cluster, schema: &str) -> Vec<u8> {
    let output = Command::new("pg_dump").args(["--schema", schema, &cluster.url()]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn restore(cluster: &Cluster, schema: &str, dump: &[u8]) {
    cluster.run(&format!("DROP SCHEMA {schema} CASCADE"));
    let mut psql = Command::new("psql");
    psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", &cluster.url()]);
    let mut process = psql.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    process.stdin.take().unwrap().write_all(dump).unwrap();
    assert!(process.wait().unwrap().success());
}

#[test]
fn the_same_with_postgresql_and_its_own_tools() {
    let Some(cluster) = cluster::shared() else { return };
    let schema = cluster.new_name();
    let mut command = program();
    command.env("TDAM_STORE", cluster.clerk_url()).env("TDAM_STORE_OWNER", cluster.url());
    command.env("TDAM_STORE_SCHEMA", &schema);
    let mut sandbox = Sandbox::serve_by(command, tempfile::tempdir().unwrap());
    let world = sandbox.path("tdam-sandbox");
    let (_, fingerprint) = online_user(&world);
    let operated = Operated { configuration: &world.join("tdam.toml") };
    let (dumped, as_of) = (dump(cluster, &schema), jiff::Timestamp::now().to_string());
    operated.expect(0, &["operator", "revoke", &fingerprint]);
    let export = sandbox.path("audit.jsonl");
    operated.expect(0, &["audit", "export", "--to", export.to_str().unwrap()]);
    assert_eq!(sandbox.stop(), Some(0));
    restore(cluster, &schema, &dumped);

    assert!(!operated.is_revoked(&fingerprint), "the copy does not know it");
    operated.expect(0, &["operator", "revocations", "restored", "--as-of", &as_of]);
    refuses_to_serve(operated.configuration);
    operated.bring(0, &[&export]);
    assert!(operated.is_revoked(&fingerprint));
    let lines = operated.expect(0, &["audit", "list", "--action", "restore", "--json"]);
    assert!(lines.contains("restore.marked") && lines.contains("restore.settled"), "{lines}");
    operated.expect(0, &["operator", "check"]);
}
