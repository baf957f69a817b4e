//! Refusals, repairs and messages of a start; files that only some commands may make; and a service whose disk fails.
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cluster;
use crate::support;
use crate::support::service::{Made, Service, open_to_others, said, stands};
use jiff::Timestamp;
use pki::{CertificateAuthority, Subject, Validity};

const DATABASE: &str = "data/tdam.sqlite";
/// A file that only a sweep would take for an orphan.
const BODY: &str = "data/bodies/00000000000000ff-1-0-0";

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Every command that works on an exchange, none of which makes one.
fn refuse_all(world: &Made, file: &str) {
    fs::write(world.path(BODY), "a body").unwrap();
    let commands: [&[&str]; 9] = [
        &["serve", "--config", "world/tdam.toml"],
        &["operator", "list", "--config", "world/tdam.toml"],
        &["operator", "day", "--config", "world/tdam.toml"],
        &["operator", "check", "--config", "world/tdam.toml"],
        &["operator", "export", "1", "--to", "exported", "--config", "world/tdam.toml"],
        &["check", "world"],
        &["check", "world/data"],
        &["backup", "world", "--to", "backup"],
        &["sandbox", "--dir", "world"],
    ];
    for command in commands {
        let (exit, said) = world.run(command);
        assert_eq!(exit, 2, "{command:?}: {said}");
        let names_it = said.contains(file) || command == ["check", "world/data"];
        assert!(names_it, "{command:?} does not name {file}: {said}");
    }
    assert_eq!(fs::read(world.path(BODY)).unwrap(), b"a body");
    assert!(!world.folder.path().join("backup").exists() && !world.folder.path().join("exported").exists());
}

#[test]
fn only_init_makes_a_database() {
    let world = Made::new(&[]);
    let whole = fs::read(world.path(DATABASE)).unwrap();
    fs::remove_file(world.path(DATABASE)).unwrap();
    refuse_all(&world, "tdam.sqlite");
    assert!(!world.path(DATABASE).exists(), "a refusal made one");

    for left in [0, whole.len() / 2] {
        fs::write(world.path(DATABASE), &whole[..left]).unwrap();
        refuse_all(&world, "tdam.sqlite");
        assert_eq!(fs::read(world.path(DATABASE)).unwrap(), whole[..left], "a refusal changed it");
    }

    let other = Made::new(&[]);
    fs::copy(other.path(DATABASE), world.path(DATABASE)).unwrap();
    refuse_all(&world, "tdam.id");

    fs::write(world.path(DATABASE), &whole).unwrap();
    let service = world.serve();
    assert!(!world.path(BODY).exists(), "the right database knows its orphans");
    assert_eq!(service.ask("/health/ready").0, 200);
}

#[test]
fn nothing_that_a_command_writes_can_be_read_by_others() {
    let world = Made::new(&[]);
    let service = world.serve();
    let at = world.folder.path();
    for command in [
        &["backup", "world", "--to", "copy"][..],
        &["restore", "copy", "--to", "restored"],
        &["operator", "export", "1", "--to", "exported", "--config", "world/tdam.toml"],
        &["generate", "pain.001.001.09", "--output", "message.xml"],
        &["schema", "export", "--output", "schemas"],
    ] {
        let (exit, said) = world.run(command);
        assert_eq!(exit, 0, "{command:?}: {said}");
    }
    let (exit, said) = world.run(&["check", "restored"]);
    assert_eq!(exit, 0, "{said}");
    for entry in fs::read_dir(at).unwrap() {
        assert_eq!(open_to_others(&entry.unwrap().path()), Vec::<String>::new());
    }
    drop(service);

    // What an older version left open is closed at the start, and named.
    for (path, mode) in [("data", 0o755), ("data/bodies", 0o755), (DATABASE, 0o644), ("pki/server.key", 0o644)] {
        set_mode(&world.path(path), mode);
    }
    let mended = world.serve();
    assert_eq!(
        mended.started.iter().filter(|line| line.contains("closed to them now")).count(),
        2,
        "{:?}",
        mended.started
    );
    for path in ["data", "data/bodies", DATABASE, "pki/server.key"] {
        assert_eq!(mode(&world.path(path)) & 0o077, 0, "{path}");
    }
}

#[test]
fn certificates_and_keys_that_do_not_fit_are_named() {
    let world = Made::new(&[]);
    let other = Made::new(&[]);
    let refused = |named: &str| {
        let (exit, said) = said(world.command().output().unwrap());
        assert_eq!(exit, 2, "{said}");
        assert!(said.contains(named), "{said}");
    };
    let key = fs::read(world.path("pki/server.key")).unwrap();
    fs::copy(other.path("pki/server.key"), world.path("pki/server.key")).unwrap();
    refused("pki/server.key");
    fs::write(world.path("pki/server.key"), "no key").unwrap();
    refused("pki/server.key");
    fs::remove_file(world.path("pki/server.key")).unwrap();
    refused("pki/server.key");
    fs::write(world.path("pki/server.key"), &key).unwrap();
    let certificate = fs::read(world.path("pki/server.pem")).unwrap();
    fs::write(world.path("pki/server.pem"), "no certificate").unwrap();
    refused("pki/server.pem");
    fs::write(world.path("pki/server.pem"), certificate).unwrap();

    let taken = TcpListener::bind(("127.0.0.1", world.port)).unwrap();
    let (exit, said) = said(world.command().output().unwrap());
    assert!(exit == 5 && said.contains(&world.port.to_string()), "{exit}: {said}");
    drop(taken);
    drop(world.serve());
}

#[test]
fn nothing_but_a_sandbox_has_a_simulated_time() {
    let world = Made::new(&[]);
    let refuses_simulation = || {
        let (exit, said) = world.run(&["sandbox", "--dir", "world"]);
        assert!(exit == 2 && said.contains("not made as a sandbox"), "{exit}: {said}");
        let (exit, said) = world.run(&["sandbox", "--made-as-sandbox", "--dir", "world"]);
        assert!(exit == 2 && said.contains("not made as a sandbox"), "{exit}: {said}");
    };
    refuses_simulation();
    let alias = "debtor_aliases = { NL50BANK1234567890 = \"LV68TREL1000000001001\" }";
    world.configure("\ndebtor_aliases = {}", &format!("\n{alias}"));
    let (exit, said) = said(world.command().output().unwrap());
    assert!(exit == 2 && said.contains("[sandbox]"), "{exit}: {said}");
    world.configure(&format!("\n{alias}"), "\ndebtor_aliases = {}");
    drop(world.serve());
    refuses_simulation();
}

fn days_ago(days: i64) -> Timestamp {
    Timestamp::now().saturating_sub(jiff::SignedDuration::from_hours(24 * days)).unwrap()
}

fn issue_server(world: &Made, validity: Validity) {
    // An authority older than the world's, so that its certificates can have ended.
    let authority =
        CertificateAuthority::create(&Subject::new("older"), Validity::of_days(days_ago(20), 1000)).unwrap();
    let issued = authority.issue_server(&["localhost", "127.0.0.1"], validity).unwrap();
    fs::write(world.path("pki/server.pem"), &issued.chain_pem).unwrap();
    fs::write(world.path("pki/server.key"), issued.private_key_pem.unwrap()).unwrap();
}

#[test]
fn the_servers_certificate_is_part_of_health_and_is_exchanged_without_a_restart() {
    let world = Made::new(&[]);
    issue_server(&world, Validity::of_days(days_ago(10), 5));
    let mut service = world.serve();
    let (status, health) = service.ask("/health");
    assert!(status == 503 && stands(&health, "certificate_invalid"), "{health:#}");

    issue_server(&world, Validity::of_days(Timestamp::now(), 5));
    service.signal("HUP");
    service.log_until("certificates reloaded").unwrap();
    let (status, health) = service.ask("/health");
    assert!(status == 200 && stands(&health, "certificate_ends_soon"), "{health:#}");
    assert_eq!(health["status"], "alarm");

    fs::write(world.path("pki/server.key"), "no key").unwrap();
    service.signal("HUP");
    service.log_until("the service reloaded nothing").unwrap();
    issue_server(&world, Validity::of_days(Timestamp::now(), 500));
    world.configure("bic = \"TRELLV22\"", "bic = \"PARXLV22\"");
    world.configure("level = \"info\"", "level = \"debug\"");
    service.signal("HUP");
    let lines = service.log_until("need a restart").unwrap();
    let restart = lines.last().unwrap();
    assert!(restart.contains("treasury.bic") && !restart.contains("log.level"), "{lines:?}");
    let (status, health) = service.ask("/health");
    assert!(status == 200 && health["status"] == "ok", "{health:#}");
    service.signal("TERM");
    assert_eq!(service.ended().0.code(), Some(0));
}

#[test]
fn an_authority_file_that_holds_a_key_is_served_without_it() {
    let world = Made::new(&[]);
    let (authority, key) = (world.path("pki/ca.pem"), world.path("pki/ca.key"));
    let certificate = fs::read_to_string(&authority).unwrap();
    fs::write(&authority, fs::read_to_string(key).unwrap() + &certificate).unwrap();
    let service = world.serve();
    assert_eq!(service.ask("/ca.pem").1.as_str().unwrap().trim(), certificate.trim());
}

#[test]
fn a_plan_writes_only_below_its_world() {
    for folder in ["../../../outside", "..", "", "a/b", "/etc"] {
        let place = tempfile::tempdir().unwrap();
        let plan =
            tdam::installation::SANDBOX.replacen("folder = \"daugava-accounting\"", &format!("folder = {folder:?}"), 1);
        assert_ne!(plan, tdam::installation::SANDBOX);
        fs::write(place.path().join("plan.toml"), plan).unwrap();
        let mut init = support::program();
        let (exit, said) =
            said(init.args(["init", "--world", "plan.toml"]).current_dir(place.path()).output().unwrap());
        assert!(exit == 2 && said.contains("folder"), "{folder:?}: {exit} {said}");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "{folder:?} left something behind");
    }
}

#[test]
fn a_database_that_is_taken_away_is_seen_in_health() {
    let world = Made::new(&[]);
    let service = world.serve();
    let away = world.path("away.sqlite");
    fs::rename(world.path(DATABASE), &away).unwrap();
    let (status, _) = service.health_until(|_, health| stands(health, "wrong_database"));
    assert_eq!(status, 503);
    assert_eq!(service.ask("/health/live").0, 200);
    fs::rename(&away, world.path(DATABASE)).unwrap();
    service.health_until(|status, _| status == 200);
    // The same for a lock that keeps every payment waiting.
    let other = rusqlite::Connection::open(world.path(DATABASE)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (status, health) = service.health_until(|_, health| stands(health, "cannot_write"));
    assert_eq!(status, 503, "{health:#}");
    other.execute_batch("ROLLBACK").unwrap();
    service.health_until(|status, _| status == 200);
}

/// A library that makes the next sync fail once a file is there.
fn failing_sync(folder: &Path) -> Option<PathBuf> {
    const SOURCE: &str = r#"
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <stdlib.h>
        #include <unistd.h>
        static int fails(void) { const char *name = getenv("TEST_FAIL_SYNC"); return name && unlink(name) == 0; }
        typedef int (*sync_fn)(int);
        int fsync(int fd) { if (fails()) { errno = EIO; return -1; } return ((sync_fn)dlsym(RTLD_NEXT, "fsync"))(fd); }
        int fdatasync(int fd) { if (fails()) { errno = EIO; return -1; } return ((sync_fn)dlsym(RTLD_NEXT, "fdatasync"))(fd); }
    "#;
    let (source, library) = (folder.join("sync.c"), folder.join("sync.so"));
    fs::write(&source, SOURCE).unwrap();
    let compiled = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).arg("-ldl").status();
    compiled.is_ok_and(|status| status.success()).then_some(library)
}

#[test]
fn a_failure_of_syncing_ends_the_service_and_the_next_start_finds_out() {
    let world = Made::new(&[]);
    let library = failing_sync(world.folder.path()).expect("a C compiler, which building needs too");
    let fail = world.folder.path().join("fail");
    let mut command = world.command();
    command.env("LD_PRELOAD", library).env("TEST_FAIL_SYNC", &fail);
    let service = Service::started(command, world.plain);
    fs::write(&fail, "").unwrap();
    let (status, log) = service.ended();
    assert_eq!(status.code(), Some(6), "{log:?}");
    assert!(log.iter().any(|line| line.contains("writer_stopped")), "{log:?}");
    assert!(log.last().unwrap().contains("start the service again"), "{log:?}");

    let service = world.serve();
    assert_eq!(service.ask("/health").0, 200);
    let (exit, said) = world.run(&["operator", "check", "--config", "world/tdam.toml"]);
    assert_eq!(exit, 0, "{said}");
}

#[test]
fn a_node_belongs_to_one_database_and_agrees_with_the_others() {
    let Some(cluster) = cluster::shared() else { return };
    let schemas = [cluster.new_name(), cluster.new_name()];
    let [world, other] =
        [0, 1].map(|number| Made::new(&["--store", &cluster.url(), "--store-schema", &schemas[number]]));
    let refused = |named: &[&str]| {
        let (exit, said) = said(world.command().output().unwrap());
        assert_eq!(exit, 2, "{said}");
        for named in named {
            assert!(said.contains(named), "{named}: {said}");
        }
    };
    let named = |schema: &str| format!("schema = \"{schema}\"");
    world.configure(&named(&schemas[0]), &named(&schemas[1]));
    refused(&[&schemas[1], "store.identity"]);
    world.configure(&named(&schemas[1]), &named("nothing_there"));
    refused(&["nothing_there"]);
    assert_eq!(cluster.run("SELECT count(*) FROM pg_namespace WHERE nspname = 'nothing_there'").trim(), "0");
    world.configure(&named("nothing_there"), &named(&schemas[0]));
    drop(other);

    // A second node of the same database, elsewhere on this machine.
    let first = world.serve();
    world.configure(&format!("127.0.0.1:{}", world.port), &format!("127.0.0.1:{}", support::free_port()));
    let plain = support::free_port();
    world.configure(&format!("127.0.0.1:{}", world.plain), &format!("127.0.0.1:{plain}"));
    drop(Service::started(world.command(), plain));
    world.configure("bic = \"TRELLV22\"", "bic = \"PARXLV22\"");
    world.configure("automatic = true", "automatic = false");
    refused(&["treasury.bic", "PARXLV22", "TRELLV22", "business_day.automatic"]);
    assert_eq!(first.ask("/health").0, 200);

    // Without a serving process, the next one brings its own.
    first.signal("TERM");
    assert_eq!(first.ended().0.code(), Some(0));
    cluster.run(&format!("DELETE FROM {}.node", schemas[0]));
    let alone = Service::started(world.command(), plain);
    assert!(alone.started.iter().any(|line| line.contains("treasury.bic")), "{:?}", alone.started);
    let noted = cluster.run(&format!("SELECT detail FROM {}.audit WHERE action = 'settings.changed'", schemas[0]));
    assert!(noted.contains("treasury.bic"), "{noted}");
}

#[test]
fn health_knows_when_the_database_keeps_payments_waiting() {
    let Some(cluster) = cluster::shared() else { return };
    let schema = cluster.new_name();
    let world = Made::new(&["--store", &cluster.url(), "--store-schema", &schema]);
    let service = world.serve();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let other = runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&cluster.url(), tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    });
    let execute = |sql: String| runtime.block_on(other.batch_execute(&sql)).unwrap();
    for (lock, condition) in [
        (format!("LOCK TABLE {schema}.payment IN EXCLUSIVE MODE"), "cannot_write"),
        (format!("SELECT 1 FROM {schema}.tail FOR UPDATE"), "cannot_write"),
        (format!("SELECT 1 FROM {schema}.state FOR UPDATE"), "cannot_write"),
        (format!("LOCK TABLE {schema}.state IN ACCESS EXCLUSIVE MODE"), "cannot_read"),
    ] {
        execute(format!("BEGIN; {lock}"));
        let (status, health) = service.health_until(|_, health| stands(health, condition));
        assert_eq!(status, 503, "{lock}: {health:#}");
        execute("ROLLBACK".to_owned());
        service.health_until(|status, _| status == 200);
    }
}
