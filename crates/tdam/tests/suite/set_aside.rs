//! A submission whose work ends the process each time: the test kills the real program while it works on it and
//! restarts it like a supervisor, until the program sets the submission aside; then an operator decides.
//!
//! The same on PostgreSQL returns at once where that is not installed.
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use crate::cluster::{self, Cluster};
use crate::support::program;
use crate::support::service::{Made, Service, said, stands};
use exchange::bounds::SUBMISSION_ATTEMPTS_MAX;
use serde_json::Value;

/// Payments of the message that is killed for: many, so that the work on it is certainly not over when it is seen to have
/// begun.
const MANY: &str = "40000";

/// Where the data are.
enum Data {
    Folder,
    Server(&'static Cluster, String),
}

struct Sandbox {
    made: Made,
    data: Data,
}

impl Sandbox {
    fn in_folder() -> Sandbox {
        Sandbox { made: Made::new(&[]), data: Data::Folder }
    }

    fn in_server() -> Option<Sandbox> {
        let cluster = cluster::shared()?;
        let schema = cluster.new_name();
        let (served, owned) = (cluster.clerk_url(), cluster.url());
        let made = Made::new(&["--store", &served, "--store-owner", &owned, "--store-schema", &schema]);
        // A node that was killed is taken over from soon.
        made.configure("node_lease_seconds = 15", "node_lease_seconds = 2");
        Some(Sandbox { made, data: Data::Server(cluster, schema) })
    }

    fn operate(&self, arguments: &[&str]) -> (i32, String) {
        let mut command = program();
        command.arg("operator").args(arguments).arg("--config").arg(self.made.path("tdam.toml"));
        said(command.current_dir(self.made.folder.path()).output().unwrap())
    }

    fn serve(&self) -> Service {
        self.made.serve()
    }

    fn generate(&self, file: &str, payments: &str, seed: &str) {
        let arguments = ["generate", "pain.001.001.09", "--transactions", payments, "--seed", seed];
        let (exit, said) = self.made.run(&[&arguments[..], &["--output", file]].concat());
        assert_eq!(exit, 0, "{said}");
    }

    fn client(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command.args(arguments).arg("--json").current_dir(self.made.folder.path());
        command.args(["--profile", "world/users/daugava-accounting"]);
        command.args(["--url", &format!("https://localhost:{}", self.made.port)]);
        command
    }

    fn call(&self, arguments: &[&str]) -> (i32, Value) {
        let Output { status, stdout, stderr } = self.client(arguments).output().unwrap();
        let text = String::from_utf8(stdout).unwrap();
        let value = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{error}: {text}{}", String::from_utf8_lossy(&stderr)));
        (status.code().unwrap(), value)
    }

    fn database(&self) -> rusqlite::Connection {
        let place = self.made.path("data/tdam.sqlite");
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let connection = rusqlite::Connection::open_with_flags(place, flags).unwrap();
        connection.busy_timeout(Duration::from_secs(30)).unwrap();
        connection
    }

    /// How many bodies are read ahead, as far as the database in the folder knows.
    fn marks(&self) -> i64 {
        const SQL: &str = "SELECT count(*) FROM work_attempt WHERE work LIKE 'reading ahead%'";
        self.database().query_row(SQL, [], |row| row.get(0)).unwrap()
    }

    /// State and attempts of the oldest submission.
    fn submission(&self) -> Option<(i64, i64)> {
        const SQL: &str = "SELECT state, attempts FROM submission WHERE id = (SELECT min(id) FROM submission)";
        match &self.data {
            Data::Folder => self.database().query_row(SQL, [], |row| Ok((row.get(0)?, row.get(1)?))).ok(),
            Data::Server(cluster, schema) => {
                let found = cluster.run(&SQL.replace("FROM submission", &format!("FROM {schema}.submission")));
                let (state, attempts) = found.trim().split_once('|')?;
                Some((state.parse().unwrap(), attempts.parse().unwrap()))
            }
        }
    }

    /// Asks the service to stop while it makes this attempt, and kills it before it is done, but after it took the attempt back.
    fn stop_and_kill_at(&self, service: Service, attempt: i64) {
        while self.submission().is_none_or(|(state, attempts)| state == 0 && attempts < attempt) {
            std::thread::sleep(crate::BETWEEN_LOOKS);
        }
        service.signal("TERM");
        while self.submission().is_some_and(|(state, attempts)| state == 0 && attempts == attempt) {
            std::thread::sleep(crate::BETWEEN_LOOKS);
        }
        service.signal("STOP");
        assert_eq!(self.submission(), Some((0, attempt - 1)), "the work was over before it could be ended");
        service.signal("KILL");
        let _ = service.ended();
    }

    /// Begins to send the message; returns when the service works on it, and is dealt with.
    fn send_and(&self, service: Service, deal: impl Fn(&Sandbox, Service)) {
        let mut sending = self.client(&["send", "poison.xml", "--wait", "0"]);
        let mut sending = sending.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        deal(self, service);
        let _ = sending.kill();
        sending.wait().unwrap();
    }

    /// Kills the service while it makes this attempt at the submission.
    fn kill_at(&self, service: Service, attempt: i64) {
        while self.submission().is_none_or(|(state, attempts)| state == 0 && attempts < attempt) {
            std::thread::sleep(crate::BETWEEN_LOOKS);
        }
        // The state seen while the process stands still is the state at its kill.
        service.signal("STOP");
        assert_eq!(self.submission(), Some((0, attempt)), "the work was over before it could be ended");
        service.signal("KILL");
        let _ = service.ended();
    }

    /// A service that has set the submission aside. The number of processes that it took is as documented.
    fn with_a_submission_set_aside(&self) -> Service {
        self.generate("poison.xml", MANY, "1");
        self.send_and(self.serve(), |sandbox, service| sandbox.kill_at(service, 1));
        for attempt in 2..=i64::from(SUBMISSION_ATTEMPTS_MAX) {
            self.kill_at(self.serve(), attempt);
        }
        let service = self.serve();
        service.health_until(|_, health| stands(health, "set_aside"));
        service
    }

    fn holds_what_must_hold(&self) {
        let (exit, said) = self.operate(&["check"]);
        assert_eq!(exit, 0, "{said}");
    }
}

fn set_aside_and_retried(sandbox: &Sandbox) {
    let service = sandbox.with_a_submission_set_aside();
    assert_eq!(service.ask("/health/ready").0, 200, "the rest goes on, so nobody is sent elsewhere");
    sandbox.generate("innocent.xml", "3", "2");
    let (exit, sent) = sandbox.call(&["send", "innocent.xml"]);
    assert_eq!(exit, 0, "{sent:#}");
    let (exit, again) = sandbox.call(&["send", "poison.xml"]);
    assert_ne!(exit, 0);
    assert!(again.to_string().contains("TDAM-9010"), "{again:#}");

    let (exit, listed) = sandbox.operate(&["set-aside"]);
    assert_eq!(exit, 1, "scripts see that there is something: {listed}");
    assert!(listed.contains("Daugavas novada"), "{listed}");
    let id = listed.lines().nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let (exit, shown) = sandbox.operate(&["set-aside", "show", &id, "--body", "body.xml"]);
    assert_eq!(exit, 0, "{shown}");
    let at = sandbox.made.folder.path();
    assert_eq!(std::fs::read(at.join("body.xml")).unwrap(), std::fs::read(at.join("poison.xml")).unwrap());
    for unknown in [["set-aside", "show", "4711"], ["set-aside", "retry", "4711"], ["set-aside", "refuse", "4711"]] {
        let (exit, said) = sandbox.operate(&unknown);
        assert_eq!(exit, 2, "{said}");
        assert!(said.contains("4711") && said.contains("not set aside"), "{said}");
    }
    let (exit, said) = sandbox.operate(&["set-aside", "refuse", "abc"]);
    assert_eq!(exit, 2, "{said}");
    assert!(said.contains("only a submission can be refused, by its number"), "{said}");

    let (exit, said) = sandbox.operate(&["set-aside", "retry", &id]);
    assert_eq!(exit, 0, "{said}");
    let (_, answer) = sandbox.call(&["send", "poison.xml"]);
    assert_eq!(answer["files"][0]["overview"]["status"], "ACCP", "{answer:#}");
    service.health_until(|_, health| !stands(health, "set_aside"));
    let (exit, said) = sandbox.operate(&["set-aside", "list"]);
    assert_eq!((exit, said.trim()), (0, "Nothing is set aside."));
    sandbox.holds_what_must_hold();
}

fn set_aside_and_refused(sandbox: &Sandbox) {
    let service = sandbox.with_a_submission_set_aside();
    service.signal("TERM");
    assert!(service.ended().0.success());
    // Without a service the command acts directly.
    let (_, listed) = sandbox.operate(&["set-aside"]);
    let id = listed.lines().nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let (exit, said) = sandbox.operate(&["set-aside", "refuse", &id]);
    assert_eq!(exit, 0, "{said}");
    assert_eq!(sandbox.operate(&["set-aside"]).0, 0);

    let service = sandbox.serve();
    let (_, health) = service.health_until(|status, _| status == 200);
    assert!(!stands(&health, "set_aside"), "{health}");
    sandbox.holds_what_must_hold();
    let lines = sandbox.operate(&["export", "1", "--to", "exported"]);
    assert_eq!(lines.0, 0, "{}", lines.1);
}

#[test]
fn what_ends_the_process_is_set_aside_and_tried_again_on_demand() {
    set_aside_and_retried(&Sandbox::in_folder());
}

#[test]
fn what_ends_the_process_is_set_aside_and_refused_without_a_service() {
    set_aside_and_refused(&Sandbox::in_folder());
}

#[test]
fn a_service_that_was_asked_to_stop_may_be_killed_as_often_as_it_likes() {
    let sandbox = Sandbox::in_folder();
    sandbox.generate("poison.xml", MANY, "1");
    sandbox.send_and(sandbox.serve(), |sandbox, service| sandbox.stop_and_kill_at(service, 1));
    for _ in 0..SUBMISSION_ATTEMPTS_MAX {
        sandbox.stop_and_kill_at(sandbox.serve(), 1);
    }
    let service = sandbox.serve();
    let (_, answer) = sandbox.call(&["send", "poison.xml"]);
    assert_eq!(answer["files"][0]["overview"]["status"], "ACCP", "{answer:#}");
    assert!(!stands(&service.ask("/health").1, "set_aside"));
    sandbox.holds_what_must_hold();
}

#[test]
fn the_same_in_postgresql() {
    let Some(sandbox) = Sandbox::in_server() else { return };
    set_aside_and_retried(&sandbox);
    let Some(sandbox) = Sandbox::in_server() else { return };
    set_aside_and_refused(&sandbox);
}

/// Sends a body piece by piece with curl, which sends what it is given, and never ends it.
struct HalfSent {
    curl: std::process::Child,
    body: std::io::Cursor<Vec<u8>>,
}

impl HalfSent {
    fn begin(sandbox: &Sandbox, file: &str) -> Option<HalfSent> {
        let user = sandbox.made.path("users/daugava-accounting");
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--request", "POST", "--upload-file", "-", "--no-buffer", "--header", "Expect:"]);
        curl.args(["--header", "Content-Type: application/xml"]);
        curl.arg("--cacert").arg(sandbox.made.path("pki/ca.pem"));
        curl.arg("--cert").arg(user.join("certificate.pem")).arg("--key").arg(user.join("key.pem"));
        curl.arg(format!("https://localhost:{}/v1/payments", sandbox.made.port));
        let curl = curl.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let Ok(curl) = curl else {
            println!("skipped: curl is not installed");
            return None;
        };
        let body = std::io::Cursor::new(std::fs::read(sandbox.made.folder.path().join(file)).unwrap());
        Some(HalfSent { curl, body })
    }

    /// Sends the next piece, but never the last one.
    fn send_on(&mut self) {
        use std::io::{Read as _, Write as _};

        const PIECE_BYTES: usize = 16 << 10;
        let left = self.body.get_ref().len() - usize::try_from(self.body.position()).unwrap();
        let mut piece = [0; PIECE_BYTES];
        assert!(left > PIECE_BYTES, "the node reads nothing ahead");
        self.body.read_exact(&mut piece).unwrap();
        self.curl.stdin.as_mut().unwrap().write_all(&piece).unwrap();
    }
}

impl Drop for HalfSent {
    fn drop(&mut self) {
        let _ = self.curl.kill();
        let _ = self.curl.wait();
    }
}

#[test]
fn a_process_that_ends_while_it_reads_what_arrives_leaves_a_mark_and_nothing_else() {
    let sandbox = Sandbox::in_folder();
    sandbox.generate("large.xml", MANY, "1");
    let service = sandbox.serve();
    let Some(mut sending) = HalfSent::begin(&sandbox, "large.xml") else { return };
    while sandbox.marks() == 0 {
        sending.send_on();
    }
    service.signal("STOP");
    assert_eq!((sandbox.marks(), sandbox.submission()), (1, None));
    service.signal("KILL");
    let _ = service.ended();
    drop(sending);

    let service = sandbox.serve();
    let (_, answer) = sandbox.call(&["send", "large.xml"]);
    assert_eq!(answer["files"][0]["overview"]["status"], "ACCP", "{answer:#}");
    assert_eq!(sandbox.marks(), 0, "an answered message of the client takes it away");
    assert!(!stands(&service.ask("/health").1, "set_aside"));
    sandbox.holds_what_must_hold();
}

fn is_socket_of_its_owner(path: &Path) -> bool {
    let found = std::fs::symlink_metadata(path).unwrap();
    found.file_type().is_socket() && found.permissions().mode() & 0o777 == 0o600
}

#[test]
fn who_acts_beside_a_service_acts_through_it() {
    const ACCOUNT: &str = "LV41TREL1000000001002";
    let sandbox = Sandbox::in_folder();
    let (exit, said) = sandbox.operate(&["account", ACCOUNT, "blocked"]);
    assert_eq!(exit, 0, "without a service: {said}");
    let mut service = sandbox.serve();
    let socket = sandbox.made.path("data/operator.sock");
    assert!(is_socket_of_its_owner(&socket));
    let (exit, said) = sandbox.operate(&["account", ACCOUNT, "closed"]);
    assert_eq!(exit, 0, "{said}");
    service.log_until("the operator asks").unwrap();
    let (exit, said) = sandbox.operate(&["account", "LV00", "closed"]);
    assert_eq!(exit, 2, "{said}");
    assert!(said.contains("keeps no account LV00") && !said.contains("payee"), "{said}");

    // One that does not answer is not passed by.
    std::fs::remove_file(&socket).unwrap();
    let (exit, said) = sandbox.operate(&["account", ACCOUNT, "blocked"]);
    assert_eq!(exit, 4, "{said}");
    assert!(said.contains("operator.sock"), "{said}");

    // One that was killed leaves its socket, and the next one takes it over.
    service.signal("KILL");
    let _ = service.ended();
    let service = sandbox.serve();
    assert!(is_socket_of_its_owner(&socket));
    service.signal("KILL");
    let _ = service.ended();
    assert!(socket.exists());
    let (exit, said) = sandbox.operate(&["account", ACCOUNT, "blocked"]);
    assert_eq!(exit, 0, "nobody is behind the socket: {said}");
    sandbox.holds_what_must_hold();
}
