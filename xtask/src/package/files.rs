//! What is installed, and where: the program, its unit, user and folders, what shells and `man` ask for, and the documentation.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::licences;
use super::tar::Entry;
use crate::sbom;

type Error = Box<dyn std::error::Error>;

/// Where the documentation lies; the unit names a page in it.
const DOCS: &str = "usr/share/doc/tdam";
/// Files of the repository, and where they go.
const AS_THEY_ARE: [(&str, &str); 6] = [
    ("deploy/tdam.service", "usr/lib/systemd/system/tdam.service"),
    ("deploy/sysusers.d/tdam.conf", "usr/lib/sysusers.d/tdam.conf"),
    ("deploy/tmpfiles.d/tdam.conf", "usr/lib/tmpfiles.d/tdam.conf"),
    ("README.md", "usr/share/doc/tdam/README.md"),
    ("SECURITY.md", "usr/share/doc/tdam/SECURITY.md"),
    ("LICENSE", "usr/share/doc/tdam/LICENSE"),
];
/// Folders of the repository that go below the documentation, under their own names, so that links in pages lead there.
const FOLDERS: [&str; 4] = ["docs", "deploy/high-availability", "deploy/monitoring", "clients/README.md"];
/// What the program prints, and where it goes.
const PRINTED: [(&[&str], &str); 5] = [
    (&["completion", "bash"], "usr/share/bash-completion/completions/tdam"),
    (&["completion", "zsh"], "usr/share/zsh/vendor-completions/_tdam"),
    (&["completion", "fish"], "usr/share/fish/vendor_completions.d/tdam.fish"),
    (&["serve", "--print-config"], "usr/share/doc/tdam/examples/tdam.toml"),
    (&["init", "--print-world"], "usr/share/doc/tdam/examples/plan.toml"),
];

/// All files, the program first.
pub(super) fn all(root: &Path, program: &Path, changelog: &str, day: &str) -> Result<Vec<Entry>, Error> {
    let mut files = vec![Entry { name: "usr/bin/tdam".to_owned(), mode: 0o755, bytes: read(program)? }];
    for (from, to) in AS_THEY_ARE {
        files.push(text(to, read(&root.join(from))?));
    }
    for folder in FOLDERS {
        gather(&format!("{DOCS}/{folder}"), &root.join(folder), &mut files)?;
    }
    for (arguments, to) in PRINTED {
        files.push(text(to, printed(program, arguments)?.into_bytes()));
    }
    files.push(text("usr/share/man/man1/tdam.1", manual(program, day)?.into_bytes()));
    files.push(text(&format!("{DOCS}/changelog"), changelog.into()));
    files.push(text(&format!("{DOCS}/copyright"), licences::copyright().into_bytes()));
    files.push(text(&format!("{DOCS}/third-party.txt"), licences::third_party(root)?.into_bytes()));
    files.push(text(&format!("{DOCS}/sbom.json"), sbom::text(root)?.into_bytes()));
    Ok(files)
}

/// A copy of the program, called as it is installed, with its debug information compressed: backtraces still name lines, and the
/// file is half as long.
pub(super) fn compressed(program: &Path, folder: &Path) -> Result<PathBuf, Error> {
    let copy = folder.join("tdam");
    let done = Command::new("objcopy").arg("--compress-debug-sections").arg(program).arg(&copy).status();
    match done.map_err(|error| format!("objcopy (package binutils): {error}"))? {
        status if status.success() => Ok(copy),
        status => Err(format!("objcopy ended with {status}").into()),
    }
}

/// The newest version of the C library that the program asks for.
pub(super) fn libc(program: &[u8]) -> Option<String> {
    const NAME: &[u8] = b"GLIBC_";
    let starts = program.windows(NAME.len()).enumerate().filter(|(_, window)| *window == NAME).map(|(at, _)| at);
    let version = |at: usize| {
        let rest = program.get(at + NAME.len()..)?;
        let text: String =
            rest.iter().map(|byte| char::from(*byte)).take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let numbers: Vec<u32> = text.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
        Some((numbers, text))
    };
    starts.filter_map(version).max().map(|(_, text)| text)
}

/// What the program prints when it is run so.
pub(super) fn printed(program: &Path, arguments: &[&str]) -> Result<String, Error> {
    let output = Command::new(program).args(arguments).env("TDAM_LANGUAGE", "en").env_remove("TDAM_CONFIG").output();
    let output = output.map_err(|error| format!("{}: {error}", program.display()))?;
    if !output.status.success() {
        return Err(format!("{} {} ended with {}", program.display(), arguments.join(" "), output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The page of `man`: what `--help` says, of the program and of each command.
fn manual(program: &Path, day: &str) -> Result<String, Error> {
    let general = printed(program, &["--help"])?;
    let commands = general.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1);
    let commands = commands.take_while(|line| line.starts_with("  ")).filter_map(|line| line.split_whitespace().next());
    let mut page = format!(
        ".TH TDAM 1 {day} \"\" \"\"\n.SH NAME\ntdam \\- online data exchange module of a treasury or a bank\n.SH DESCRIPTION\n{}",
        verbatim(&general)
    );
    for command in commands.filter(|command| *command != "help") {
        page.push_str(&format!(
            ".SH TDAM {}\n{}",
            command.to_uppercase(),
            verbatim(&printed(program, &[command, "--help"])?)
        ));
    }
    page.push_str(".SH SEE ALSO\n/usr/share/doc/tdam/README.md, /usr/share/doc/tdam/docs/operators/running.md\n");
    Ok(page)
}

/// Text as roff shows it unchanged.
fn verbatim(text: &str) -> String {
    let lines = text.lines().map(|line| format!("\\&{}\n", line.replace('\\', "\\e").replace('-', "\\-")));
    format!(".nf\n{}.fi\n", lines.collect::<String>())
}

fn text(name: &str, bytes: Vec<u8>) -> Entry {
    Entry { name: name.to_owned(), mode: 0o644, bytes }
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// A file, or the files of a folder; programs stay programs.
fn gather(name: &str, from: &Path, files: &mut Vec<Entry>) -> Result<(), Error> {
    if from.is_file() {
        let bytes = read(from)?;
        let mode = if bytes.starts_with(b"#!") { 0o755 } else { 0o644 };
        files.push(Entry { name: name.to_owned(), mode, bytes });
        return Ok(());
    }
    for file in fs::read_dir(from).map_err(|error| format!("{}: {error}", from.display()))? {
        let path = file?.path();
        let own = path.file_name().and_then(|own| own.to_str()).ok_or("a name is not UTF-8")?;
        gather(&format!("{name}/{own}"), &path, files)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_the_c_library_are_compared_as_numbers() {
        assert_eq!(libc(b"\0GLIBC_2.9\0GLIBC_2.34\0GLIBC_2.2.5\0GLIBC_PRIVATE\0"), Some("2.34".to_owned()));
        assert_eq!(libc(b"GLIBC_"), None);
    }

    #[test]
    fn roff_shows_text_unchanged() {
        assert_eq!(verbatim(".x \\ -y\n"), ".nf\n\\&.x \\e \\-y\n.fi\n");
    }
}
