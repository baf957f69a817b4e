//! Modules form no circles: of two files of a crate at most one uses the other, directly or by way of others.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::modules::{Crate, Files};
use crate::uses::{Uses, uses};
use crate::{HOUSE, sources};

/// A use that a circle may have.
struct Exception {
    from: &'static str,
    to: &'static str,
    reason: &'static str,
}

/// One that is not needed any more is a failure, too.
const EXCEPTIONS: &[Exception] = &[];

#[test]
fn modules_form_no_circles() {
    let files: Files = sources().into_iter().map(|source| (source.path, source.text)).collect();
    let crates = HOUSE.iter().map(|room| Path::new("crates").join(room)).chain(["xtask".into()]);
    let mut findings = Vec::new();
    let mut below: Vec<Crate<'_>> = Vec::new();
    for place in crates {
        let roots = ["src/lib.rs", "src/main.rs"].map(|root| place.join(root));
        let read: Vec<Crate<'_>> =
            roots.iter().filter(|root| files.contains_key(*root)).map(|root| Crate::read(&files, root)).collect();
        findings.extend(unread(&files, &place, &read));
        let methods = below.iter().flat_map(methods).collect();
        findings.extend(read.iter().flat_map(|read| circles(read, &uses(read, &methods), EXCEPTIONS)));
        below.extend(read);
    }
    for exception in EXCEPTIONS {
        for file in [exception.from, exception.to] {
            if !files.contains_key(Path::new(file)) {
                findings.push(format!(
                    "the exception {} -> {} names a file that is not there",
                    exception.from, exception.to
                ));
            }
        }
    }
    crate::report("circles of modules", &findings);
}

/// Files that no `mod` leads to would never be looked at.
fn unread(files: &Files, place: &Path, read: &[Crate<'_>]) -> Vec<String> {
    let known: BTreeSet<&PathBuf> = read.iter().flat_map(|read| read.files.iter().chain(&read.test_files)).collect();
    let own = files.keys().filter(|file| file.starts_with(place.join("src")) && !known.contains(file));
    own.map(|file| format!("no `mod` leads to {}", file.display())).collect()
}

fn methods<'t>(read: &Crate<'t>) -> BTreeSet<&'t str> {
    read.methods.iter().map(|method| method.name).chain(read.trait_methods.iter().copied()).collect()
}

/// Tells of each circle once the exceptions are taken out, and of exceptions that no circle needs.
fn circles(read: &Crate<'_>, uses: &Uses, exceptions: &[Exception]) -> Vec<String> {
    let name = |file: usize| read.files[file].display().to_string();
    let is_excepted = |exception: &Exception, (from, to): (usize, usize)| {
        Path::new(exception.from) == read.files[from] && Path::new(exception.to) == read.files[to]
    };
    let kept: BTreeSet<(usize, usize)> =
        uses.keys().filter(|pair| !exceptions.iter().any(|it| is_excepted(it, **pair))).copied().collect();
    let mut found = Vec::new();
    for circle in components(read.files.len(), &kept).into_iter().filter(|files| files.len() > 1) {
        let names: Vec<String> = circle.iter().map(|file| name(*file)).collect();
        let mut text = format!("{} files form a circle: {}", circle.len(), names.join(", "));
        for (from, to) in kept.iter().filter(|(from, to)| circle.contains(from) && circle.contains(to)) {
            let example = &uses[&(*from, *to)];
            let _ = write!(text, "\n      {}:{} -> {}  {}", name(*from), example.line, name(*to), example.what);
        }
        found.push(text);
    }
    for exception in exceptions {
        let Some((from, to)) = uses.keys().find(|pair| is_excepted(exception, **pair)).copied() else {
            let is_of_this_crate = read.files.iter().any(|file| file == Path::new(exception.from));
            if is_of_this_crate {
                found.push(format!("{} does not use {} any more: strike the exception", exception.from, exception.to));
            }
            continue;
        };
        assert!(!exception.reason.is_empty(), "{} -> {} has no reason", exception.from, exception.to);
        if !leads(&kept, to, from) {
            found.push(format!(
                "{} -> {} closes no circle any more: strike the exception",
                exception.from, exception.to
            ));
        }
    }
    found
}

/// Whether uses lead from one file to another.
fn leads(uses: &BTreeSet<(usize, usize)>, from: usize, to: usize) -> bool {
    let (mut seen, mut waiting) = (BTreeSet::new(), vec![from]);
    while let Some(file) = waiting.pop() {
        if file == to {
            return true;
        }
        if seen.insert(file) {
            waiting.extend(uses.iter().filter(|(user, _)| *user == file).map(|(_, used)| *used));
        }
    }
    false
}

/// Files that lead to each other, each group once; a file that is in no circle stands alone.
fn components(files: usize, uses: &BTreeSet<(usize, usize)>) -> Vec<BTreeSet<usize>> {
    let mut reached: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for file in 0..files {
        let (seen, mut waiting) = (reached.entry(file).or_default(), vec![file]);
        while let Some(user) = waiting.pop() {
            for (_, used) in uses.range((user, 0)..(user + 1, 0)) {
                if seen.insert(*used) {
                    waiting.push(*used);
                }
            }
        }
    }
    let mut found: Vec<BTreeSet<usize>> = Vec::new();
    for file in 0..files {
        if !found.iter().any(|group| group.contains(&file)) {
            let back = reached[&file].iter().filter(|other| reached[*other].contains(&file));
            found.push(back.copied().chain([file]).collect());
        }
    }
    found
}

/// The circles of a crate made of these files.
fn circles_in(sources: &[(&str, &str)], exceptions: &[Exception]) -> Vec<String> {
    let files: Files = sources.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned())).collect();
    let read = Crate::read(&files, Path::new("lib.rs"));
    circles(&read, &uses(&read, &BTreeSet::new()), exceptions)
}

#[test]
fn a_parent_and_its_child_that_use_each_other_are_a_circle() {
    let child = ("child.rs", "use super::Order; pub fn read(_: &Order) {}");
    let found =
        circles_in(&[("lib.rs", "mod child;\npub struct Order;\nfn all(o: Order) { child::read(&o) }"), child], &[]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("lib.rs:3 -> child.rs  child::read"), "{}", found[0]);
    assert!(found[0].contains("child.rs:1 -> lib.rs  use super::Order"), "{}", found[0]);
    let found = circles_in(&[("lib.rs", "mod child;\npub struct Order;"), child], &[]);
    assert!(found.is_empty(), "`mod` alone is no use: {found:?}");
}

#[test]
fn what_is_handed_on_is_used_where_it_is_defined() {
    let facade = "mod one;\nmod other;\npub use one::First;\npub use other::*;";
    let one = ("one.rs", "use crate::Second; pub struct First(Second);");
    let other = ("other.rs", "pub struct Second;");
    assert!(circles_in(&[("lib.rs", facade), one, other], &[]).is_empty());
    let back = ("other.rs", "use super::First; pub struct Second; fn f(_: First) {}");
    let found = circles_in(&[("lib.rs", facade), one, back], &[]);
    assert!(found.len() == 1 && found[0].starts_with("2 files form a circle: one.rs, other.rs"), "{found:?}");
}

#[test]
fn circles_of_several_folders_are_found() {
    let found = circles_in(
        &[
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a/mod.rs", "mod inner;\npub(crate) use inner::{go, Kind};"),
            ("a/inner.rs", "pub(crate) enum Kind { One } pub(crate) fn go() { crate::b::go() }"),
            ("b.rs", "pub(crate) fn go() { use crate::c::again; again(1) }"),
            ("c.rs", "use super::a; pub(crate) fn again(_: u8) -> a::Kind { a::Kind::One }"),
        ],
        &[],
    );
    assert!(found.len() == 1 && found[0].starts_with("3 files form a circle: a/inner.rs, b.rs, c.rs"), "{found:?}");
}

#[test]
fn methods_of_one_type_in_several_files_are_uses() {
    let lib = "mod one; mod other; pub struct Exchange;";
    let one = ("one.rs", "impl crate::Exchange { pub fn submit(&self) { self.execute_all() } }");
    let other = ("other.rs", "impl super::Exchange { pub fn execute_all(&self) {} }");
    assert!(circles_in(&[("lib.rs", lib), one, other], &[]).is_empty());
    for call in
        ["fn f(other: &super::Exchange) { other.submit() }", "fn f() { crate::Exchange::submit(&super::Exchange) }"]
    {
        let back = format!("{}\n{call}", other.1);
        let found = circles_in(&[("lib.rs", lib), one, ("other.rs", &back)], &[]);
        assert!(found.len() == 1 && found[0].contains("other.rs:2 -> one.rs"), "{call}: {found:?}");
    }
    let of_std = format!("{}\nfn f(all: &[u8]) -> usize {{ all.len() }}", other.1);
    let len = ("one.rs", "impl crate::Exchange { pub fn len(&self) -> usize { self.execute_all(); 0 } }");
    assert!(circles_in(&[("lib.rs", lib), len, ("other.rs", &of_std)], &[]).is_empty(), "`len` may be anybody's");
}

#[test]
fn comments_texts_and_tests_are_no_uses() {
    let child = "// crate::Order\n/* super::Order /* in */ it */\npub fn f() -> &'static str { \"crate::Order\" }\n\
         pub fn g() -> char { let _ = r#\"crate::\"Order\"#; '\\'' }\n\
         #[cfg(test)]\nmod tests {\n use super::super::Order;\n fn f() { crate::h(Order) }\n}\n\
         #[cfg(test)]\nfn h() { crate::Order; }";
    let lib = "mod child;\npub struct Order;\npub fn h(_: Order) { child::f(); }";
    assert!(circles_in(&[("lib.rs", lib), ("child.rs", child)], &[]).is_empty());
    let also = format!("{child}\npub(crate) fn i<'a>(it: &'a crate::Order) -> &'a crate::Order {{ it }}");
    assert_eq!(circles_in(&[("lib.rs", lib), ("child.rs", &also)], &[]).len(), 1, "what follows is read");
}

#[test]
fn exceptions_are_needed_or_struck() {
    let exception = [Exception { from: "lib.rs", to: "child.rs", reason: "a test" }];
    let child = ("child.rs", "use super::Order; pub fn read(_: &Order) {}");
    let circle = [("lib.rs", "mod child;\npub struct Order;\nfn all(o: Order) { child::read(&o) }"), child];
    assert!(circles_in(&circle, &exception).is_empty());
    let no_circle = [("lib.rs", "mod child;\nfn all() { child::read() }"), ("child.rs", "pub fn read() {}")];
    assert!(circles_in(&no_circle, &exception)[0].contains("closes no circle any more"));
    let no_use = [("lib.rs", "mod child;"), ("child.rs", "pub fn read() {}")];
    assert!(circles_in(&no_use, &exception)[0].contains("does not use child.rs any more"));
}
