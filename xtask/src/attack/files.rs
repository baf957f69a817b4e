//! Families of rows C2 and H6, and of the low ones about files: missing files, their modes, and the reaction of a
//! start.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::database;
use super::failed::Failed;
use super::outcome::Outcome;
use super::readers;
use super::server::{Installation, Start, health, said, shown};
use super::testbed::Testbed;
use super::victim::Victim;

/// How long a start that must be refused may take to end.
const REFUSAL_TIME_MAX: Duration = Duration::from_secs(10);
/// Payments of a message whose body is a file.
const LARGE_PAYMENTS: u32 = 500;
/// What others may do with a file.
const OTHERS: u32 = 0o077;

/// C2: the database is missing, empty, or another one.
pub(super) fn missing_database(testbed: &Testbed) -> Result<Outcome, Failed> {
    let installation = testbed.install(&[])?;
    let server = installation.serve(&Start::default())?;
    readers::send_large(&installation, "KEPT-1", LARGE_PAYMENTS)?;
    server.stop()?;
    let bodies = files_below(&installation.folder.data().join("bodies"))?.len();
    let mut outcome = testbed.outcome("the database is missing, empty or another one", format!("{bodies} body kept"));
    let path = installation.folder.data().join(database::FILE);
    let aside = installation.folder.root().with_file_name("aside");
    fs::create_dir_all(&aside)?;
    move_database(&installation.folder.data(), &aside)?;

    let checked = installation.operator(&["check"])?;
    let made = path.exists();
    outcome.bound(
        "check refuses a missing database and makes none",
        said(&checked),
        !checked.status.success() && !made,
    );
    clear_database(&installation.folder.data())?;
    refuses_to_serve(&mut outcome, &installation, "serve refuses a missing database", bodies)?;
    clear_database(&installation.folder.data())?;
    fs::write(&path, [])?;
    refuses_to_serve(&mut outcome, &installation, "serve refuses an empty database", bodies)?;

    let other = testbed.another()?;
    let stranger = other.install(&[])?;
    clear_database(&installation.folder.data())?;
    copy_database(&stranger.folder.data(), &installation.folder.data())?;
    refuses_to_serve(&mut outcome, &installation, "serve refuses another exchange's database", bodies)?;

    clear_database(&installation.folder.data())?;
    move_database(&aside, &installation.folder.data())?;
    let mut server = installation.serve(&Start::default())?;
    outcome.bound("it serves again with its own database", "starts", server.is_alive());
    Ok(outcome)
}

/// C2 beside a running service: its folder is checked, and its database taken away.
pub(super) fn database_taken_away(testbed: &Testbed) -> Result<Outcome, Failed> {
    let installation = testbed.install(&[])?;
    let mut server = installation.serve(&Start::default())?;
    let aside = installation.folder.root().with_file_name("aside");
    fs::create_dir_all(&aside)?;
    let mut outcome =
        testbed.outcome("the database is moved away under a running service, and `operator check` looks", "once");
    let before = database::audit_lines(&installation)?;
    move_database(&installation.folder.data(), &aside)?;
    let checked = installation.operator(&["check"])?;
    let path = installation.folder.data().join(database::FILE);
    outcome.bound("check refuses and makes no database", said(&checked), !checked.status.success() && !path.exists());
    let is_shown =
        told_within(Duration::from_secs(8), || health(installation.plain).is_none_or(|(status, _)| status != 200));
    outcome.bound("health says so within 5 s", shown(&installation), is_shown);
    clear_database(&installation.folder.data())?;
    move_database(&aside, &installation.folder.data())?;
    // Whatever the server did, the data written before are there.
    if server.is_alive() {
        server.signal("-KILL")?;
        server.ends_within(REFUSAL_TIME_MAX)?;
    }
    let mut server = installation.serve(&Start::default())?;
    let after = database::audit_lines(&installation)?;
    outcome.bound(
        "it serves again, and nothing is lost",
        format!("{before} audit lines before, {after} after"),
        server.is_alive() && after >= before,
    );
    Ok(outcome)
}

/// H6: the modes of written files.
pub(super) fn modes(testbed: &Testbed) -> Result<Outcome, Failed> {
    let installation = testbed.install(&[])?;
    let server = installation.serve(&Start::default())?;
    readers::send_large(&installation, "KEPT-1", LARGE_PAYMENTS)?;
    let beside = installation.folder.root().with_file_name("written");
    fs::create_dir_all(&beside)?;
    let place = |name: &str| beside.join(name).to_string_lossy().into_owned();
    let root = installation.folder.root().to_string_lossy().into_owned();
    let mut outcome =
        testbed.outcome("files of init, serve, backup, restore and export, under umask 022", "all of them");
    let backup = installation.run(&["backup", &root, "--to", &place("backup")])?;
    let export = installation.operator(&["export", "90000000001", "--to", &place("export")])?;
    server.stop()?;
    let restore = installation.run(&["restore", &place("backup"), "--to", &place("restored")])?;
    for (what, output, path) in [
        ("init and serve", None, installation.folder.root().to_path_buf()),
        ("backup", Some(backup), beside.join("backup")),
        ("export", Some(export), beside.join("export")),
        ("restore", Some(restore), beside.join("restored")),
    ] {
        if let Some(output) = output.filter(|output| !output.status.success()) {
            outcome.skipped(format!("{what}: nobody else reads a file"), said(&output));
            continue;
        }
        let open = open_to_others(&path)?;
        let shown =
            open.first().map_or("none".to_owned(), |first| format!("{} files, {}", open.len(), first.display()));
        outcome.bound(format!("{what}: nobody else reads a file"), shown, open.is_empty());
    }
    // Its mode has been opened since.
    let (data, key) = (installation.folder.data(), installation.folder.pki().join("server.key"));
    fs::set_permissions(installation.folder.root(), fs::Permissions::from_mode(0o755))?;
    fs::set_permissions(&data, fs::Permissions::from_mode(0o755))?;
    fs::set_permissions(data.join(database::FILE), fs::Permissions::from_mode(0o644))?;
    let is_refused = match installation.serve(&Start::default()) {
        Ok(server) => {
            server.stop()?;
            false
        }
        Err(_) => true,
    };
    let open = open_to_others(&data)?;
    outcome.bound(
        "a start refuses or mends an open database",
        if is_refused { "refused" } else { "started" },
        is_refused || open.is_empty(),
    );
    fs::set_permissions(&data, fs::Permissions::from_mode(0o700))?;
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644))?;
    let is_named = match installation.serve(&Start::default()) {
        Ok(server) => {
            let is_named = server.log().lines().any(|line| line.contains("server.key"));
            server.stop()?;
            is_named
        }
        Err(error) => error.to_string().contains("server.key"),
    };
    outcome.bound("a start refuses or names a key that others may read", is_named.to_string(), is_named);
    Ok(outcome)
}

/// Low: paths in plans, links in the data folder, an authority's file with a key.
pub(super) fn paths(testbed: &Testbed) -> Result<Outcome, Failed> {
    let mut outcome = testbed.outcome("plans, links and authority files that lead elsewhere", "one each");
    let plan = |from: &str, to: &str| -> Result<(bool, String), Failed> {
        let place = tempfile::tempdir()?;
        let text = include_str!("plan.toml").replacen(from, to, 1);
        let file = place.path().join("plan.toml");
        fs::write(&file, text)?;
        let inside = place.path().join("deep").join("deeper").join("world");
        fs::create_dir_all(inside.parent().unwrap_or(&inside))?;
        let installation = Installation::bare(&testbed.program, &inside);
        let output =
            installation.run(&["init", "--dir", &inside.to_string_lossy(), "--world", &file.to_string_lossy()])?;
        let outside = files_below(place.path())?.into_iter().filter(|path| !path.starts_with(&inside) && *path != file);
        Ok((!output.status.success() && outside.count() == 0, said(&output)))
    };
    let (refused, said) = plan("folder = \"attacker-manage\"", "folder = \"../../..\"")?;
    outcome.bound("a plan cannot write keys outside its folder", said, refused);
    network_in_ipv6(testbed, &mut outcome)?;

    let installation = testbed.install(&[])?;
    let elsewhere = installation.folder.root().with_file_name("elsewhere");
    fs::create_dir_all(&elsewhere)?;
    fs::write(elsewhere.join("999"), "somebody's file")?;
    let bodies = installation.folder.data().join("bodies");
    if bodies.exists() {
        fs::remove_dir_all(&bodies)?;
    }
    symlink(&elsewhere, &bodies)?;
    if let Ok(server) = installation.serve(&Start::default()) {
        server.stop()?;
    }
    let kept = elsewhere.join("999").exists();
    outcome.bound("a sweep follows no link", if kept { "kept" } else { "removed" }, kept);

    let other = testbed.another()?;
    let installation = other.install(&[])?;
    let both =
        [fs::read(installation.folder.authority_certificate())?, fs::read(installation.folder.issuing_key())?].concat();
    fs::write(installation.folder.authority_certificate(), both)?;
    let served = match installation.serve(&Start::default()) {
        Ok(_server) => super::server::plain_get(installation.plain, "/ca.pem").unwrap_or_default(),
        Err(error) => error.to_string(),
    };
    outcome.bound(
        "a key in the authority's file is not served",
        served.chars().take(60).collect::<String>(),
        !served.contains("PRIVATE KEY"),
    );
    Ok(outcome)
}

/// An allowed network written as IPv6 does of IPv4: it is refused, or lets in whom it names.
fn network_in_ipv6(testbed: &Testbed, outcome: &mut Outcome) -> Result<(), Failed> {
    let bound = "a network ::ffff:127.66.0.1/128 is refused, or matches";
    let other = testbed.another()?;
    let Ok(installation) = other.install_plan(&super::server::PLAN.replace("127.0.0.0/8", "::ffff:127.66.0.1/128"))
    else {
        outcome.bound(bound, "refused", true);
        return Ok(());
    };
    let server = installation.serve(&Start::default())?;
    let reply = readers::send(&installation, super::server::VICTIM, &super::victim::one_payment()?, &[]);
    server.stop()?;
    let shown = reply.as_ref().map_or_else(ToString::to_string, |reply| reply.short());
    outcome.bound(bound, shown, reply.is_ok_and(|reply| reply.status == 200));
    Ok(())
}

/// Low: SIGHUP, which operators send to have certificates read again.
pub(super) fn hang_up(testbed: &Testbed) -> Result<Outcome, Failed> {
    let installation = testbed.install(&[])?;
    let mut server = installation.serve(&Start::default())?;
    let victim = Victim::begin(&installation)?;
    for _ in 0..3 {
        server.signal("-HUP")?;
        std::thread::sleep(Duration::from_millis(500));
    }
    let watched = victim.end()?;
    let mut outcome = testbed.outcome("SIGHUP", "3 in 2 s");
    outcome.process(&mut server);
    outcome.victim(&watched);
    outcome.healthy(&watched);
    Ok(outcome)
}

fn refuses_to_serve(
    outcome: &mut Outcome,
    installation: &Installation,
    bound: &str,
    bodies: usize,
) -> Result<(), Failed> {
    let mut server = installation.spawn(&Start::default())?;
    let ended = server.ends_within(REFUSAL_TIME_MAX)?;
    let left = files_below(&installation.folder.data().join("bodies"))?.len();
    let how = ended.map_or("serves".to_owned(), |how| how.to_string());
    let is_refused = ended.is_some_and(|how| !how.success()) && left == bodies;
    outcome.bound(bound, format!("{how}, {left} of {bodies} bodies left"), is_refused);
    Ok(())
}

/// Looks until something holds, and says whether it did in time.
fn told_within(time: Duration, holds: impl Fn() -> bool) -> bool {
    let until = std::time::Instant::now() + time;
    loop {
        if holds() {
            return true;
        }
        if std::time::Instant::now() > until {
            return false;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn database_files(folder: &Path) -> Result<Vec<PathBuf>, Failed> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(database::FILE)) {
            found.push(path);
        }
    }
    Ok(found)
}

fn move_database(from: &Path, to: &Path) -> Result<(), Failed> {
    for path in database_files(from)? {
        fs::rename(&path, to.join(path.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

fn copy_database(from: &Path, to: &Path) -> Result<(), Failed> {
    for path in database_files(from)? {
        fs::copy(&path, to.join(path.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

fn clear_database(folder: &Path) -> Result<(), Failed> {
    database_files(folder)?.iter().try_for_each(fs::remove_file)?;
    Ok(())
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Failed> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files_below(&path)?) } else { found.push(path) }
    }
    Ok(found)
}

/// Files that other users can open. A folder closed to others closes its content.
fn open_to_others(path: &Path) -> Result<Vec<PathBuf>, Failed> {
    let is_open = fs::symlink_metadata(path)?.permissions().mode() & OTHERS != 0;
    if !is_open {
        return Ok(Vec::new());
    }
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(path)? {
        found.extend(open_to_others(&entry?.path())?);
    }
    Ok(found)
}
