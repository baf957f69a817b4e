//! Families of rows H7, M1, M5 and M8: a disk that is full, and one that fails.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::failed::Failed;
use super::outcome::Outcome;
use super::server::{Installation, Start, VICTIM, health, said, shown};
use super::testbed::Testbed;
use super::victim::{self, Victim};
use super::{messages, readers};

/// The whole disk of the exchange.
const DISK_MIB: u64 = 192;
/// One payment is padded to so many bytes.
const PADDED_BYTES: usize = 5 << 20;
/// Padding is written in pieces, since one token may not be longer.
const PIECE_BYTES: usize = 512 << 10;
/// Longer than the disk can take them.
const PADDED_MAX: u32 = 60;
/// Pause between two of them: the exchange checks the room every two seconds.
const PADDED_PAUSE: Duration = Duration::from_millis(200);
/// Watermarks far enough apart for that.
const WATERMARKS: [(&str, &str); 2] = [
    ("first_watermark_percent = 10", "first_watermark_percent = 50"),
    ("second_watermark_percent = 3", "second_watermark_percent = 10"),
];
/// How soon health must say so, and stop saying so.
const TOLD_WITHIN: Duration = Duration::from_secs(8);
/// The sync that fails.
const FAILING_SYNC: &str = "40";
/// How the process ends when what it wrote may be lost.
const STORE_LOST: i32 = 6;

/// A disk of its own, in memory; gone when dropped.
struct Disk(PathBuf);

impl Disk {
    /// `None` where this process may not mount.
    fn mounted(path: &Path) -> Result<Option<Disk>, Failed> {
        fs::create_dir_all(path)?;
        let size = format!("size={DISK_MIB}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "none"]).arg(path).output()?;
        Ok(mounted.status.success().then(|| Disk(path.to_owned())))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// M1, M5, M8, and the low row about large bodies: one client fills the disk, then something else does.
pub(super) fn full_disk(testbed: &Testbed) -> Result<Outcome, Failed> {
    let mut outcome = testbed.outcome(format!("a disk of {DISK_MIB} MiB is filled"), String::new());
    let place = testbed.place.path().join("disk");
    let Some(_disk) = Disk::mounted(&place)? else {
        outcome.skipped("everything", "only root may mount a disk");
        return Ok(outcome);
    };
    // Its log is on the same disk, as standard error often is.
    let installation = Installation::make(&testbed.program, &place, super::server::PLAN, &[])?;
    for (from, to) in WATERMARKS {
        installation.configure(from, to)?;
    }
    let mut server = installation.serve(&Start::default())?;
    let victim = Victim::begin(&installation)?;
    let refused = fill(&installation)?;
    thread::sleep(super::testbed::SETTLING);
    let mut watched = victim.end()?;
    let (number, refused) = refused.unwrap_or((PADDED_MAX, "never".to_owned()));
    let padded = format!("payments of {} MiB, the {number}. refused", PADDED_BYTES >> 20);
    outcome.bound("who keeps most is refused first, with the budget", refused.clone(), refused.contains("TDAM-9015"));
    outcome.victim(&watched);
    outcome.bound(
        "health says that there is little room",
        shown(&installation),
        shown(&installation).contains("\"little_room\""),
    );

    let filler = place.join("filler");
    let bytes = fill_up(&filler)?;
    outcome.rate = format!("{padded}; then {} MiB of somebody else's", bytes >> 20);
    let is_shown = health_becomes(&installation, "\"no_room\"");
    outcome.bound("full: health says so", shown(&installation), is_shown && shown(&installation).starts_with("503"));
    for (what, message) in [("a payment", victim::one_payment()?), ("a large payment", padded_payment(PADDED_MAX)?)] {
        let reply = readers::send(&installation, VICTIM, &message, &[]);
        let text = reply.as_ref().map_or_else(ToString::to_string, |reply| reply.short());
        outcome.bound(format!("full: {what} is refused with 503"), text, reply.is_ok_and(|reply| reply.status == 503));
    }
    outcome.repeated("full: answers are the same when asked again", &installation, &watched);
    let certificate = installation.folder.user("attacker-revoked").join("certificate.pem");
    let revoked = installation.operator(&["revoke", &certificate.to_string_lossy()])?;
    outcome.bound("full: the operator revokes a certificate", said(&revoked), revoked.status.success());
    fs::remove_file(&filler)?;
    let is_shown = health_becomes(&installation, "\"status\":\"alarm\"");
    outcome.bound("room again: health says so", shown(&installation), is_shown);
    let victim = Victim::begin(&installation)?;
    thread::sleep(super::testbed::SETTLING);
    let later = victim.end()?;
    outcome.bound(
        "room again: payments are answered",
        format!("{} answered, {} not", later.answered(), later.missed().len()),
        later.answered() > 0 && later.missed().is_empty(),
    );
    watched.add(later);
    outcome.process(&mut server);
    let server = outcome.nothing_lost(&installation, server, &watched)?;
    server.stop()?;
    let checked = installation.operator(&["check"])?;
    outcome.bound("the check finds nothing", said(&checked), checked.status.success());
    Ok(outcome)
}

/// Sends padded payments until one is refused; says which and how.
fn fill(installation: &Installation) -> Result<Option<(u32, String)>, Failed> {
    for number in 1..PADDED_MAX {
        let reply = readers::send(installation, "attacker-manage", &padded_payment(number)?, &[])?;
        if reply.status != 200 {
            return Ok(Some((number, reply.short())));
        }
        thread::sleep(PADDED_PAUSE);
    }
    Ok(None)
}

/// One payment of the attackers', padded with comments that no disk makes smaller.
fn padded_payment(number: u32) -> Result<Vec<u8>, Failed> {
    let xml = String::from_utf8(readers::one_payment(u64::from(number) + (1 << 35), &format!("PADDED-{number}"))?)?;
    let (before, after) = xml.split_once("<GrpHdr>").ok_or("no header in the message")?;
    let mut padded = before.to_owned();
    for piece in 0..PADDED_BYTES / PIECE_BYTES {
        let seed = number * 1_000 + piece as u32;
        padded.push_str(&format!("<!--{}-->", messages::random_letters(seed, PIECE_BYTES)));
    }
    Ok(format!("{padded}<GrpHdr>{after}").into_bytes())
}

/// Writes until the disk is full.
fn fill_up(path: &Path) -> Result<u64, Failed> {
    let mut file = File::create(path)?;
    let (piece, mut bytes) = (vec![0; 64 << 10], 0);
    while file.write_all(&piece).is_ok() {
        bytes += piece.len() as u64;
    }
    Ok(bytes)
}

fn health_becomes(installation: &Installation, text: &str) -> bool {
    let until = Instant::now() + TOLD_WITHIN;
    while Instant::now() < until {
        if health(installation.plain).is_some_and(|(_, found)| found.contains(text)) {
            return true;
        }
        thread::sleep(Duration::from_millis(200));
    }
    false
}

/// H7: one failing sync. The layer before the C library is that of the crash tests.
pub(super) fn failed_sync(testbed: &Testbed) -> Result<Outcome, Failed> {
    let mut outcome = testbed.outcome("a sync of the database fails", format!("the {FAILING_SYNC}., once"));
    let installation = testbed.install(&[])?;
    let library = testbed.place.path().join("shim.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/crash/shim.c");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).args([source, "-ldl"]).status();
    if !built.is_ok_and(|status| status.success()) {
        outcome.skipped("everything", "there is no C compiler");
        return Ok(outcome);
    }
    let folder = fs::canonicalize(installation.folder.data())?;
    let environment = [
        ("LD_PRELOAD", library.to_string_lossy()),
        ("TDAM_SHIM_FOLDER", folder.to_string_lossy()),
        ("TDAM_SHIM_CALLS", "s".into()),
        ("TDAM_SHIM_NUMBER", FAILING_SYNC.into()),
        ("TDAM_SHIM_ERRNO", "5".into()),
    ]
    .map(|(name, value)| (name.to_owned(), value.into_owned()));
    let mut server = installation.serve(&Start { environment: environment.to_vec(), ..Start::default() })?;
    let victim = Victim::begin(&installation)?;
    let ended = server.ends_within(Duration::from_secs(30))?;
    let watched = victim.end()?;
    outcome.bound(
        "it ends, with an exit code and a last line that say so",
        format!(
            "{} after {} answers: {}",
            ended.map_or_else(|| shown(&installation), |how| how.to_string()),
            watched.answered(),
            server.last_lines()
        ),
        ended.is_some_and(|how| how.code() == Some(STORE_LOST)) && !server.last_lines().is_empty(),
    );
    drop(server);
    let server = installation.serve(&Start::default())?;
    outcome.repeated("no answer is lost", &installation, &watched);
    server.stop()?;
    let checked = installation.operator(&["check"])?;
    outcome.bound("the check finds nothing", said(&checked), checked.status.success());
    Ok(outcome)
}
