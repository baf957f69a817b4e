//! A private PostgreSQL cluster for the tests of one process: from the distribution's package, in a temporary folder, as
//! a user that is not root, stopped and removed when the process ends, however it ends.
//!
//! Without PostgreSQL on the machine the tests that need it print one line and pass, unless `TDAM_REQUIRE_POSTGRES=1`.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The shell that watches over the cluster: it ends the server when its own input ends, which happens when this process
/// ends or closes it.
const WATCH: &str = r#"
folder=$1 port=$2 fsync=$3; shift 3
cd "$folder" || exit 1
if [ -f server.key ]; then chmod 600 server.key; tls=on; else tls=off; fi
initdb -D data -A trust -U owner -E UTF8 --locale=C -N >initdb.log 2>&1 || { cat initdb.log; exit 1; }
cat >>data/postgresql.conf <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$folder'
max_connections = 300
shared_buffers = 128MB
fsync = $fsync
full_page_writes = $fsync
max_wal_size = 2GB
deadlock_timeout = 200ms
ssl = $tls
ssl_cert_file = '$folder/server.pem'
ssl_key_file = '$folder/server.key'
log_min_messages = fatal
CONF
pg_ctl -D data -l server.log -w -t 60 start >start.log 2>&1 || { cat start.log server.log; exit 1; }
createuser -h "$folder" -p "$port" -U owner clerk || exit 1
echo ready
while read -r order; do
  case $order in
    restart) pg_ctl -D data -l server.log -m immediate -w restart >start.log 2>&1 && echo ready ;;
    stop) pg_ctl -D data -m immediate -w stop >start.log 2>&1 && echo ready ;;
    start) pg_ctl -D data -l server.log -w start >start.log 2>&1 && echo ready ;;
  esac
done
pg_ctl -D data -m immediate stop >/dev/null 2>&1
cd / && rm -rf "$folder"
"#;

/// A running cluster.
pub(crate) struct Cluster {
    port: u16,
    names: AtomicU32,
    watch: std::sync::Mutex<Watch>,
}

struct Watch {
    orders: Option<ChildStdin>,
    answers: BufReader<std::process::ChildStdout>,
    shell: Child,
}

/// The cluster of this process, started when it is first asked for. `None` when PostgreSQL is not there.
pub(crate) fn shared() -> Option<&'static Cluster> {
    static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
    SHARED.get_or_init(|| Cluster::start(false)).as_ref()
}

/// The folder of PostgreSQL's programs: the newest that the distribution has, or whatever is in the path.
fn programs() -> Option<PathBuf> {
    let version = |path: &Path| path.file_name().and_then(|name| name.to_str()?.parse::<f32>().ok());
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let newest = versions.filter_map(|path| Some((version(&path)?, path.join("bin"))));
    let newest = newest.max_by(|(left, _), (right, _)| left.total_cmp(right)).map(|(_, path)| path);
    let in_path = std::env::var_os("PATH").unwrap_or_default();
    newest.into_iter().chain(std::env::split_paths(&in_path)).find(|folder| folder.join("initdb").is_file())
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.starts_with(b"0\n"))
}

impl Cluster {
    /// Starts one. `durable` clusters survive a crash of the server; others are faster.
    pub(crate) fn start(durable: bool) -> Option<Cluster> {
        Cluster::start_in(durable, |_| {})
    }

    /// One that speaks TLS with this certificate and key, in PEM.
    pub(crate) fn start_with_tls(certificate: &str, key: &str) -> Option<Cluster> {
        Cluster::start_in(false, |folder| {
            std::fs::write(folder.join("server.pem"), certificate).unwrap();
            std::fs::write(folder.join("server.key"), key).unwrap();
        })
    }

    fn start_in(durable: bool, prepare: impl FnOnce(&Path)) -> Option<Cluster> {
        let Some(programs) = programs() else {
            assert!(std::env::var_os("TDAM_REQUIRE_POSTGRES").is_none_or(|it| it != "1"), "PostgreSQL is missing");
            println!("skipped: PostgreSQL is not installed (Debian: apt-get install postgresql)");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("tdam-pg-").tempdir().unwrap().keep();
        prepare(&folder);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = if is_root() {
            // PostgreSQL refuses to run as root.
            let known = Command::new("id").arg("postgres").output().is_ok_and(|id| id.status.success());
            let user = if known { "postgres" } else { "nobody" };
            assert!(Command::new("chown").args(["-R", user]).arg(&folder).status().unwrap().success());
            let mut command = Command::new("setpriv");
            command.args(["--reuid", user, "--clear-groups", "--", "sh", "-c", WATCH, "sh"]);
            command
        } else {
            let mut command = Command::new("sh");
            command.args(["-c", WATCH, "sh"]);
            command
        };
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths([programs].into_iter().chain(std::env::split_paths(&path))).unwrap();
        let mut shell = command
            .arg(&folder)
            .arg(port.to_string())
            .arg(if durable { "on" } else { "off" })
            .env("PATH", path)
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = shell.stdin.take();
        let answers = BufReader::new(shell.stdout.take().unwrap());
        let mut watch = Watch { orders, answers, shell };
        watch.ready();
        Some(Cluster { port, names: AtomicU32::new(0), watch: std::sync::Mutex::new(watch) })
    }

    /// For the owner of everything.
    pub(crate) fn url(&self) -> String {
        self.url_of("owner")
    }

    /// For the role that serves, and owns nothing.
    pub(crate) fn clerk_url(&self) -> String {
        self.url_of("clerk")
    }

    /// For another role.
    pub(crate) fn url_of(&self, role: &str) -> String {
        format!("postgresql://{role}@127.0.0.1:{}/postgres", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Runs statements as the owner of everything; returns what they answer.
    pub(crate) fn run(&self, sql: &str) -> String {
        let mut psql = Command::new(programs().unwrap().join("psql"));
        psql.args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set", "ON_ERROR_STOP=1"]);
        let output = psql.args(["--command", sql, &self.url()]).output().unwrap();
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// An unused name, for example of a schema.
    pub(crate) fn new_name(&self) -> String {
        format!("t{}", self.names.fetch_add(1, Ordering::Relaxed))
    }

    /// Ends the server as a crash would, and starts it again.
    pub(crate) fn crash(&self) {
        self.order("restart\n");
    }

    /// Ends the server as a crash would.
    pub(crate) fn stop(&self) {
        self.order("stop\n");
    }

    /// Starts it again.
    pub(crate) fn go_on(&self) {
        self.order("start\n");
    }

    fn order(&self, order: &str) {
        use std::io::Write;
        let mut watch = self.watch.lock().unwrap();
        watch.orders.as_mut().unwrap().write_all(order.as_bytes()).unwrap();
        watch.ready();
    }
}

impl Watch {
    /// Waits until the shell has said so.
    fn ready(&mut self) {
        let mut said = String::new();
        while self.answers.read_line(&mut said).unwrap() > 0 {
            if said.ends_with("ready\n") {
                return;
            }
        }
        panic!("PostgreSQL does not start: {said}");
    }
}

/// Waits until it is stopped and removed.
impl Drop for Cluster {
    fn drop(&mut self) {
        let watch = self.watch.get_mut().unwrap();
        drop(watch.orders.take());
        let _ = watch.shell.wait();
    }
}
