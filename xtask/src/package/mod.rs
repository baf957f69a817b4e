//! `cargo xtask package`: the released program as a Debian package and as an archive, with checksums.
//!
//! Nothing but the program is needed: the chore writes both formats itself, so a fresh machine makes them, and the same program and
//! files give the same bytes. Their time is SOURCE_DATE_EPOCH, or else the day of the release.

mod deb;
mod files;
mod licences;
mod tar;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// Who hands the package out, and its releases, from the root.
const DESCRIPTION: &str = "deploy/package.toml";

type Error = Box<dyn std::error::Error>;

/// From what, and where to.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The released program.
    #[arg(long, value_name = "FILE")]
    tdam: PathBuf,
    /// Folder to write into; made when it is not there.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// The time of all files, in seconds since 1970 [default: the day of the release].
    #[arg(long, value_name = "SECONDS", env = "SOURCE_DATE_EPOCH")]
    time: Option<u64>,
    /// The root of the repository.
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/.."))]
    root: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    maintainer: String,
    /// Newest first.
    releases: Vec<Release>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    version: String,
    /// As 2026-11-30.
    date: String,
    changes: Vec<String>,
}

/// Makes package, archive and SHA256SUMS.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Error> {
    let Arguments { tdam, out, time, root } = arguments;
    let description: Description = toml::from_str(&fs::read_to_string(root.join(DESCRIPTION))?)?;
    let release = description.releases.first().ok_or("there is no release")?;
    let day: Date = release.date.parse()?;
    // What the program prints of itself depends on its name.
    let folder = tempfile::tempdir()?;
    let tdam = &files::compressed(tdam, folder.path())?;
    let version = files::printed(tdam, &["--version"])?;
    if version.trim() != format!("tdam {}", release.version) {
        return Err(format!("{DESCRIPTION} describes {}, the program is {}", release.version, version.trim()).into());
    }
    let seconds = match time {
        Some(seconds) => *seconds,
        None => u64::try_from(TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0))?.as_second())?,
    };
    let (architecture, machine) = match std::env::consts::ARCH {
        "x86_64" => ("amd64", "x86_64"),
        "aarch64" => ("arm64", "aarch64"),
        other => return Err(format!("Debian's name of {other} is not known here").into()),
    };
    let mut files = files::all(root, tdam, &changelog(&description)?, &release.date)?;
    let program = files.first().ok_or("the program comes first")?;
    let libc = files::libc(&program.bytes).ok_or("the program names no version of the C library")?;
    let about =
        deb::About { version: &release.version, architecture, maintainer: &description.maintainer, libc: &libc };
    fs::create_dir_all(out)?;
    let package = (format!("tdam_{}_{architecture}.deb", release.version), deb::package(&about, &files, seconds)?);
    // The archive is unpacked below /usr/local or anywhere else, so `usr` is not part of it.
    files.iter_mut().for_each(|file| file.name = file.name.trim_start_matches("usr/").to_owned());
    let name = format!("tdam-{}-linux-{machine}", release.version);
    let archive = (format!("{name}.tar.gz"), tar::compressed(&name, &files, seconds)?);
    write(out, &[archive, package])
}

fn write(out: &Path, made: &[(String, Vec<u8>)]) -> Result<(), Error> {
    let mut sums = String::new();
    for (name, bytes) in made {
        fs::write(out.join(name), bytes)?;
        let sha256: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        sums.push_str(&format!("{sha256}  {name}\n"));
        println!("{} {} bytes", out.join(name).display(), bytes.len());
    }
    fs::write(out.join("SHA256SUMS"), sums)?;
    Ok(())
}

/// As Debian writes changes (deb-changelog(5)).
fn changelog(description: &Description) -> Result<String, Error> {
    let entry = |release: &Release| {
        let changes: String = release.changes.iter().map(|change| format!("  * {change}\n")).collect();
        let day = release.date.parse::<Date>()?.strftime("%a, %d %b %Y 00:00:00 +0000");
        let (version, maintainer) = (&release.version, &description.maintainer);
        Ok(format!("tdam ({version}) stable; urgency=medium\n\n{changes}\n -- {maintainer}  {day}\n"))
    };
    Ok(description.releases.iter().map(entry).collect::<Result<Vec<_>, Error>>()?.join("\n"))
}
