//! Writes a Debian package (deb(5), format 2.0): an `ar` of the format's number, of what dpkg must know, and of the files.

use std::io;

use super::tar::{self, Entry};

/// What the machine needs besides.
const DEPENDS: &str = "libgcc-s1, systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles";
/// What dpkg runs. They heed DPKG_ROOT, so a package can be put into a folder. They neither start nor restart the service: a new program
/// may migrate the database, and the operator decides when.
const POSTINST: &str = r#"#!/bin/sh
set -e
if [ "$1" = configure ]; then
  systemd-sysusers ${DPKG_ROOT:+--root="$DPKG_ROOT"} tdam.conf
  systemd-tmpfiles ${DPKG_ROOT:+--root="$DPKG_ROOT"} --create tdam.conf
  if [ -z "$DPKG_ROOT" ] && [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    if systemctl --quiet is-active tdam.service; then
      echo "tdam: the service goes on with the program that it was started with; systemctl restart tdam exchanges it"
    fi
  fi
fi
"#;
const PRERM: &str = r#"#!/bin/sh
set -e
if [ "$1" = remove ] && [ -z "$DPKG_ROOT" ] && [ -d /run/systemd/system ]; then
  systemctl stop tdam.service
  systemctl --quiet disable tdam.service
fi
"#;
const POSTRM: &str = r#"#!/bin/sh
set -e
if [ -z "$DPKG_ROOT" ] && [ -d /run/systemd/system ]; then
  systemctl daemon-reload
fi
# An exchange is never deleted in passing: only empty folders go.
if [ "$1" = purge ]; then
  for folder in /etc/tdam/pki /etc/tdam /var/lib/tdam; do
    [ ! -d "$DPKG_ROOT$folder" ] || rmdir --ignore-fail-on-non-empty "$DPKG_ROOT$folder"
    [ ! -d "$DPKG_ROOT$folder" ] || echo "tdam: $folder is not empty and stays"
  done
fi
"#;

/// What a package says of itself.
pub(super) struct About<'a> {
    pub(super) version: &'a str,
    pub(super) architecture: &'a str,
    pub(super) maintainer: &'a str,
    /// The C library's, as the program names it.
    pub(super) libc: &'a str,
}

/// The package of these files.
pub(super) fn package(about: &About<'_>, files: &[Entry], seconds: u64) -> io::Result<Vec<u8>> {
    let kibibytes: usize = files.iter().map(|file| file.bytes.len().div_ceil(1024)).sum();
    let control = format!(
        "Package: tdam\nVersion: {}\nArchitecture: {}\nMaintainer: {}\nInstalled-Size: {kibibytes}\n\
         Depends: libc6 (>= {}), {DEPENDS}\nSection: net\nPriority: optional\n\
         Description: online data exchange module of a treasury or a bank\n \
         Takes bulk payments (ISO 20022 pain.001) over mutually authenticated TLS, answers with\n \
         their status (pain.002), and gives account reports (camt.052, camt.054).\n \
         One program with SQLite inside; several nodes share a PostgreSQL database.\n",
        about.version, about.architecture, about.maintainer, about.libc
    );
    let script = |name: &str, text: &str| Entry { name: name.to_owned(), mode: 0o755, bytes: text.into() };
    let known = [
        Entry { name: "control".to_owned(), mode: 0o644, bytes: control.into() },
        script("postinst", POSTINST),
        script("prerm", PRERM),
        script("postrm", POSTRM),
    ];
    let mut package = b"!<arch>\n".to_vec();
    member(&mut package, "debian-binary", b"2.0\n", seconds);
    member(&mut package, "control.tar.gz", &tar::compressed(".", &known, seconds)?, seconds);
    member(&mut package, "data.tar.gz", &tar::compressed(".", files, seconds)?, seconds);
    Ok(package)
}

fn member(package: &mut Vec<u8>, name: &str, bytes: &[u8], seconds: u64) {
    package.extend(format!("{name:<16}{seconds:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, "100644", bytes.len()).as_bytes());
    package.extend(bytes);
    // Members begin at even places.
    if bytes.len() % 2 == 1 {
        package.push(b'\n');
    }
}
