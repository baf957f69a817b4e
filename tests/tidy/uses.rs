//! Which file of a crate uses which, as far as the source says so.
//!
//! A use is: an import, a path in code, a name that is imported from elsewhere, a macro, and a method. Names are followed
//! through re-exports to the file that defines the item, so a module that only hands on what others define ties nothing
//! together, and a parent with `mod child;` uses nothing by that.
//!
//! Of methods the scan sees `self.name()` and `Type::name()`; and of types that have methods in several files, a call
//! `.name()` on anything, where the name is that of no other method: not of another type of the crate, not of a trait, not of
//! a crate below, not of std.
//!
//! What it does not see: calls of other methods where the type has no name in the source; calls through traits; paths in
//! texts (serde's `with`); what a macro of another crate writes; types that are only inferred; files that `#[path]` names.

use std::collections::{BTreeMap, BTreeSet};

use crate::modules::{Crate, Module};
use crate::tokens::Token;

/// One place where a file uses another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Example {
    pub(crate) line: usize,
    pub(crate) what: String,
}

/// By the indices of both files, the first place that was found.
pub(crate) type Uses = BTreeMap<(usize, usize), Example>;

/// Methods of std's types, and of types of other people's crates, that ours have too.
const FOREIGN_METHODS: &str = "\
    abs add all any append arg args as_bytes as_ref as_str begin borrow build bytes capacity chars checked_add \
    checked_sub clear clone close cmp commit connect contains contains_key count create date day default deref \
    description digest drain drop elapsed end entry env eq err execute extend file fill filter find finish first \
    flush fmt fold from get get_mut hash index insert into into_iter ip is_empty iter iter_mut join key keys \
    kill kind last len lines lock map max min month name ne new next not notify_all notify_one now offset ok \
    open output parse path poll pop port position prepare push query read recv remove replace reserve retain \
    rows run seek send set shutdown since sort source spawn split start status stop sub sum swap take text time \
    to_owned to_string transaction trim truncate try_from try_recv try_send unwrap_or update value values wait \
    write year zone";

/// What a file defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Item<'t> {
    file: usize,
    name: &'t str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target<'t> {
    Module(usize),
    Item(Item<'t>),
}

/// Finds the uses in a crate. `below` has the methods of the crates that it stands on.
pub(crate) fn uses(read: &Crate<'_>, below: &BTreeSet<&str>) -> Uses {
    let mut finder = Finder { read, methods: BTreeMap::new(), telling: BTreeMap::new(), uses: Uses::new() };
    finder.gather_methods(below);
    for (index, module) in read.modules.iter().enumerate() {
        finder.imports(index, module);
        for code in &module.code {
            let own = code.of_type.as_deref().and_then(|path| finder.item(index, path));
            finder.code(index, &code.tokens, own.as_ref());
        }
    }
    finder.uses
}

struct Finder<'t, 'c> {
    read: &'c Crate<'t>,
    /// Files of the methods of each type, by file and name of the type.
    methods: BTreeMap<(usize, &'t str), BTreeMap<&'t str, BTreeSet<usize>>>,
    /// Methods that say by their name alone where they are, with their type.
    telling: BTreeMap<&'t str, (usize, &'t str)>,
    uses: Uses,
}

impl<'t> Finder<'t, '_> {
    fn gather_methods(&mut self, below: &BTreeSet<&str>) {
        let mut types: BTreeMap<&str, BTreeSet<(usize, &str)>> = BTreeMap::new();
        let read = self.read;
        for method in &read.methods {
            let Some(item) = self.item(method.module, &method.of_type) else { continue };
            let of_type = (item.file, item.name);
            let file = self.read.modules[method.module].file;
            self.methods.entry(of_type).or_default().entry(method.name).or_default().insert(file);
            types.entry(method.name).or_default().insert(of_type);
        }
        for (of_type, methods) in &self.methods {
            let files: BTreeSet<usize> = methods.values().flatten().copied().collect();
            for (name, defined) in methods {
                let is_its_own = types[name].len() == 1 && defined.len() == 1 && files.len() > 1;
                let is_foreign =
                    FOREIGN_METHODS.split_whitespace().any(|foreign| foreign == *name) || below.contains(name);
                if is_its_own && !is_foreign && !self.read.trait_methods.contains(name) {
                    self.telling.extend(defined.first().map(|file| (*name, (*file, of_type.1))));
                }
            }
        }
    }

    fn add(&mut self, from: usize, to: usize, line: usize, what: impl FnOnce() -> String) {
        if from != to {
            self.uses.entry((from, to)).or_insert_with(|| Example { line, what: what() });
        }
    }

    fn imports(&mut self, index: usize, module: &Module<'t>) {
        for import in module.imports.iter().filter(|import| !import.is_public) {
            for (target, _) in self.follow(index, &import.path, &mut Vec::new()) {
                if let Target::Item(item) = target {
                    self.add(module.file, item.file, import.line, || format!("use {}", import.path.join("::")));
                }
            }
        }
    }

    fn code(&mut self, index: usize, tokens: &[Token<'t>], own: Option<&Item<'t>>) {
        let text = |index: usize| tokens.get(index).map_or("", |token| token.text);
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let before = at.checked_sub(1).map_or("", text);
            if !token.is_name() || before == "::" || before == "fn" {
                at += 1;
            } else if before == "." {
                if ["(", "::"].contains(&text(at + 1)) {
                    let is_own = at > 1 && text(at - 2) == "self" && (at < 3 || text(at - 3) != ".");
                    self.method(index, token, own.filter(|_| is_own));
                }
                at += 1;
            } else {
                let mut path = vec![token.text];
                while text(at + 1) == "::" && tokens.get(at + 2).is_some_and(Token::is_name) {
                    path.push(text(at + 2));
                    at += 2;
                }
                at += 1;
                self.path(index, &path, token.line, text(at), own);
            }
        }
    }

    /// A call of a method, of a known type or of any.
    fn method(&mut self, index: usize, token: &Token<'t>, own: Option<&Item<'t>>) {
        let (file, name) = (self.read.modules[index].file, token.text);
        let of_own = own.and_then(|own| self.methods.get(&(own.file, own.name))?.get(name)).cloned();
        if let Some(files) = of_own {
            files.into_iter().for_each(|to| self.add(file, to, token.line, || format!("self.{name}()")));
        } else if let Some((to, of_type)) = self.telling.get(name).copied() {
            self.add(file, to, token.line, || format!(".{name}() of {of_type}"));
        }
    }

    /// A path in code; a single name counts where it can be no field and no variable.
    fn path(&mut self, index: usize, path: &[&'t str], line: usize, behind: &str, own: Option<&Item<'t>>) {
        let file = self.read.modules[index].file;
        if path[0] == "Self" {
            let functions =
                own.zip(path.get(1)).and_then(|(own, name)| self.methods.get(&(own.file, own.name))?.get(name));
            let files = functions.cloned().unwrap_or_default();
            return files.into_iter().for_each(|to| self.add(file, to, line, || path.join("::")));
        }
        if let ([name], "!") = (path, behind)
            && let Some(files) = self.read.macros.get(name)
        {
            // One name may be several macros, each in its file; only the module system knows which is meant.
            if files.len() == 1 {
                files.iter().for_each(|to| self.add(file, *to, line, || format!("{name}!")));
            }
            return;
        }
        let may_be_variable = path.len() == 1 && path[0].starts_with(|first: char| !first.is_uppercase());
        if may_be_variable && !["(", "!", "::"].contains(&behind) {
            return;
        }
        for (target, rest) in self.follow(index, path, &mut Vec::new()) {
            let Target::Item(item) = target else { continue };
            self.add(file, item.file, line, || path.join("::"));
            let function = rest.first().and_then(|name| self.methods.get(&(item.file, item.name))?.get(name)).cloned();
            for to in function.unwrap_or_default() {
                self.add(file, to, line, || path.join("::"));
            }
        }
    }

    fn item(&self, index: usize, path: &[&'t str]) -> Option<Item<'t>> {
        self.follow(index, path, &mut Vec::new()).into_iter().find_map(|(target, _)| match target {
            Target::Item(item) => Some(item),
            Target::Module(_) => None,
        })
    }

    /// What a path may mean in a module, each with the steps behind an item. `asked` has the names that are being looked for,
    /// so that imports that lead in a ring end.
    fn follow(
        &self,
        index: usize,
        path: &[&'t str],
        asked: &mut Vec<(usize, &'t str)>,
    ) -> Vec<(Target<'t>, Vec<&'t str>)> {
        let Some((first, rest)) = path.split_first() else { return Vec::new() };
        let mut reached = match *first {
            "crate" => vec![(Target::Module(0), rest)],
            "self" => vec![(Target::Module(index), rest)],
            "super" => {
                self.read.modules[index].parent.map(|parent| (Target::Module(parent), rest)).into_iter().collect()
            }
            "::" => Vec::new(),
            name => self.named(index, name, asked).into_iter().map(|target| (target, rest)).collect::<Vec<_>>(),
        };
        let mut found = Vec::new();
        while let Some((target, rest)) = reached.pop() {
            let (Target::Module(inner), [name, rest @ ..]) = (target, rest) else {
                found.push((target, rest.to_vec()));
                continue;
            };
            let next = match *name {
                "super" => self.read.modules[inner].parent.map(Target::Module).into_iter().collect(),
                "self" => vec![target],
                name => self.named(inner, name, asked),
            };
            reached.extend(next.into_iter().map(|target| (target, rest)));
        }
        found
    }

    /// What a name may mean in a module: a child, an item, what is imported by it; or else what a glob brings.
    fn named(&self, index: usize, name: &'t str, asked: &mut Vec<(usize, &'t str)>) -> Vec<Target<'t>> {
        let module = &self.read.modules[index];
        let mut found: Vec<Target<'t>> =
            module.children.get(name).map(|child| Target::Module(*child)).into_iter().collect();
        if module.items.contains(name) {
            found.push(Target::Item(Item { file: module.file, name }));
        }
        // `pub use submit::submit` asks for a name to answer what it means.
        if asked.contains(&(index, name)) {
            return found;
        }
        asked.push((index, name));
        for import in module.imports.iter().filter(|import| import.name == name) {
            found.extend(self.follow(index, &import.path, asked).into_iter().map(|(target, _)| target));
        }
        if found.is_empty() {
            for path in &module.globs {
                for (target, _) in self.follow(index, path, asked) {
                    if let Target::Module(other) = target {
                        found.extend(self.named(other, name, asked));
                    }
                }
            }
        }
        asked.pop();
        found
    }
}
