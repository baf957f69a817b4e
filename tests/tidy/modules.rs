//! Reads the modules of a crate from its source: what each defines, imports, re-exports and does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::tokens::{Token, closing, tokens};

/// The source files, by path.
pub(crate) type Files = BTreeMap<PathBuf, String>;

/// A crate as its source says.
pub(crate) struct Crate<'t> {
    /// The files that its `mod` declarations lead to.
    pub(crate) files: Vec<PathBuf>,
    /// Files of modules that are for tests only.
    pub(crate) test_files: Vec<PathBuf>,
    /// The root is the first.
    pub(crate) modules: Vec<Module<'t>>,
    pub(crate) methods: Vec<Method<'t>>,
    /// Functions of traits: of those that the crate has, and of those that it implements.
    pub(crate) trait_methods: BTreeSet<&'t str>,
    /// The files that define a macro.
    pub(crate) macros: BTreeMap<&'t str, BTreeSet<usize>>,
}

#[derive(Default)]
pub(crate) struct Module<'t> {
    /// Index in the crate's files.
    pub(crate) file: usize,
    pub(crate) parent: Option<usize>,
    pub(crate) children: BTreeMap<&'t str, usize>,
    pub(crate) items: BTreeSet<&'t str>,
    pub(crate) imports: Vec<Import<'t>>,
    /// What `::*` stands behind.
    pub(crate) globs: Vec<Vec<&'t str>>,
    pub(crate) code: Vec<Code<'t>>,
}

pub(crate) struct Import<'t> {
    pub(crate) name: &'t str,
    pub(crate) path: Vec<&'t str>,
    /// It only hands on what another file defines.
    pub(crate) is_public: bool,
    pub(crate) line: usize,
}

/// A method of a type, outside of traits.
pub(crate) struct Method<'t> {
    pub(crate) module: usize,
    pub(crate) of_type: Vec<&'t str>,
    pub(crate) name: &'t str,
}

/// Code without its imports.
pub(crate) struct Code<'t> {
    pub(crate) tokens: Vec<Token<'t>>,
    /// The type that `Self` is.
    pub(crate) of_type: Option<Vec<&'t str>>,
}

impl<'t> Crate<'t> {
    /// Follows the `mod` declarations from the root file.
    pub(crate) fn read(files: &'t Files, root: &Path) -> Crate<'t> {
        let mut read = Crate {
            files: Vec::new(),
            test_files: Vec::new(),
            modules: Vec::new(),
            methods: Vec::new(),
            trait_methods: BTreeSet::new(),
            macros: BTreeMap::new(),
        };
        Reader { files, read: &mut read }.file(root, None);
        read
    }
}

struct Reader<'t, 'r> {
    files: &'t Files,
    read: &'r mut Crate<'t>,
}

impl<'t> Reader<'t, '_> {
    fn file(&mut self, path: &Path, parent: Option<usize>) -> usize {
        let file = self.read.files.len();
        self.read.files.push(path.to_owned());
        let module = self.module(file, parent);
        let files = self.files;
        self.items(&tokens(&files[path]), module);
        module
    }

    fn module(&mut self, file: usize, parent: Option<usize>) -> usize {
        self.read.modules.push(Module { file, parent, ..Module::default() });
        self.read.modules.len() - 1
    }

    fn items(&mut self, tokens: &[Token<'t>], module: usize) {
        let (mut at, mut is_public) = (0, false);
        while let Some(token) = tokens.get(at) {
            let is_named = tokens.get(at + 1).is_some_and(Token::is_name);
            let following = tokens.get(at + 1).map_or("", |next| next.text);
            let end = match token.text {
                "#" => {
                    let open = if following == "!" { at + 2 } else { at + 1 };
                    let close = closing(tokens, open);
                    if is_elsewhere(&tokens[open + 1..close]) {
                        at = item_end(tokens, close + 1);
                        if let [.., before, name, end] = &tokens[close + 1..at]
                            && (before.text, end.text) == ("mod", ";")
                        {
                            let file = self.child_file(module, name.text);
                            self.read.test_files.extend(file);
                        }
                        is_public = false;
                    } else {
                        self.code(&tokens[open + 1..close], module, None);
                        at = close + 1;
                    }
                    continue;
                }
                "pub" => {
                    is_public = true;
                    at = if following == "(" { closing(tokens, at + 1) + 1 } else { at + 1 };
                    continue;
                }
                "mod" if is_named => self.child(tokens, at, module),
                "use" => self.import(tokens, at, module, is_public),
                "macro_rules" if following == "!" => {
                    let name = tokens[at + 2].text;
                    let file = self.read.modules[module].file;
                    self.read.macros.entry(name).or_default().insert(file);
                    self.define(name, module);
                    self.code_to(tokens, at, closing(tokens, at + 3) + 1, module)
                }
                "struct" | "enum" | "trait" | "type" | "union" | "const" | "static" | "fn" => {
                    let words = ["fn", "unsafe", "async", "extern", "mut", "\""];
                    let name = tokens[at + 1..].iter().find(|token| !words.contains(&token.text));
                    self.define(name.map_or("", |name| name.text), module);
                    let end = item_end(tokens, at);
                    if token.text == "trait" {
                        let body = at + tokens[at..end].iter().position(|token| token.text == "{").unwrap_or(0);
                        self.read.trait_methods.extend(functions(&tokens[body + 1..end]));
                    }
                    self.code_to(tokens, at, end, module)
                }
                "impl" => self.implementation(tokens, at, module),
                // Words before an item, and what was left of the one before.
                "unsafe" | "async" | "extern" | "default" | "\"" | ";" => at + 1,
                _ => self.code_to(tokens, at, item_end(tokens, at).max(at + 1), module),
            };
            (at, is_public) = (end, false);
        }
    }

    fn define(&mut self, name: &'t str, module: usize) {
        self.read.modules[module].items.insert(name);
    }

    /// `mod name;` or `mod name { … }`; returns what is behind it.
    fn child(&mut self, tokens: &[Token<'t>], at: usize, module: usize) -> usize {
        let name = tokens[at + 1].text;
        if tokens[at + 2].text == ";" {
            let file = &self.read.files[self.read.modules[module].file];
            let missing = || panic!("{}: no file of `mod {name}` was found", file.display());
            let path = self.child_file(module, name).unwrap_or_else(missing);
            let child = self.file(&path, Some(module));
            self.read.modules[module].children.insert(name, child);
            return at + 3;
        }
        let end = closing(tokens, at + 2);
        let child = self.module(self.read.modules[module].file, Some(module));
        self.read.modules[module].children.insert(name, child);
        self.items(&tokens[at + 3..end], child);
        end + 1
    }

    fn child_file(&self, module: usize, name: &str) -> Option<PathBuf> {
        let file = &self.read.files[self.read.modules[module].file];
        let owns_its_folder = ["mod.rs", "lib.rs", "main.rs"].iter().any(|own| file.ends_with(own));
        let folder = if owns_its_folder { file.parent()?.to_owned() } else { file.with_extension("") };
        let places = [folder.join(format!("{name}.rs")), folder.join(name).join("mod.rs")];
        places.into_iter().find(|place| self.files.contains_key(place))
    }

    fn import(&mut self, tokens: &[Token<'t>], at: usize, module: usize, is_public: bool) -> usize {
        let end = at + tokens[at..].iter().position(|token| token.text == ";").unwrap_or(0);
        let module = &mut self.read.modules[module];
        tree(&tokens[at + 1..end], &mut 0, &[], &mut |path, name, line| match name {
            "*" => module.globs.push(path),
            name => module.imports.push(Import { name, path, is_public, line }),
        });
        end + 1
    }

    fn implementation(&mut self, tokens: &[Token<'t>], at: usize, module: usize) -> usize {
        let mut head = at + 1;
        if tokens[head].text == "<" {
            head = closing_angle(tokens, head) + 1;
        }
        let (mut body, mut target, mut is_of_trait) = (head, head, false);
        while tokens[body].text != "{" {
            match tokens[body].text {
                "<" => body = closing_angle(tokens, body),
                "(" | "[" => body = closing(tokens, body),
                "for" if tokens[body + 1].text != "<" => (target, is_of_trait) = (body + 1, true),
                _ => {}
            }
            body += 1;
        }
        let end = closing(tokens, body);
        let words = tokens[target..].iter().skip_while(|token| ["&", "mut", "dyn"].contains(&token.text));
        let path = words.take_while(|token| token.text == "::" || token.is_name() && token.text != "where");
        let of_type: Vec<&str> = path.map(|token| token.text).filter(|text| *text != "::").collect();
        let names = functions(&tokens[body + 1..end]);
        if is_of_trait {
            self.read.trait_methods.extend(names);
        } else {
            let methods = names.into_iter().map(|name| Method { module, of_type: of_type.clone(), name });
            self.read.methods.extend(methods);
        }
        self.code(&tokens[at..=end], module, Some(of_type));
        end + 1
    }

    fn code_to(&mut self, tokens: &[Token<'t>], from: usize, to: usize, module: usize) -> usize {
        self.code(&tokens[from..to], module, None);
        to
    }

    /// Keeps code without what is for tests only and without imports, which count for the whole module.
    fn code(&mut self, tokens: &[Token<'t>], module: usize, of_type: Option<Vec<&'t str>>) {
        let (mut at, mut kept) = (0, Vec::with_capacity(tokens.len()));
        while let Some(token) = tokens.get(at) {
            let following = tokens.get(at + 1).map_or("", |next| next.text);
            let begins = at == 0 || ["{", "}", ";"].contains(&tokens[at - 1].text);
            match token.text {
                "#" if following == "[" => {
                    let close = closing(tokens, at + 1);
                    if is_elsewhere(&tokens[at + 2..close]) {
                        at = item_end(tokens, close + 1);
                    } else {
                        kept.extend_from_slice(&tokens[at + 2..close]);
                        at = close + 1;
                    }
                }
                "pub" if following == "(" => at = closing(tokens, at + 1) + 1,
                "use" if begins && at > 0 => at = self.import(tokens, at, module, false),
                _ => {
                    kept.push(*token);
                    at += 1;
                }
            }
        }
        self.read.modules[module].code.push(Code { tokens: kept, of_type });
    }
}

/// Whether an attribute leaves its item to tests, or says that its file lies elsewhere.
fn is_elsewhere(attribute: &[Token<'_>]) -> bool {
    let words: Vec<&str> = attribute.iter().map(|token| token.text).collect();
    words.starts_with(&["cfg", "(", "test"])
        || words.starts_with(&["cfg", "(", "all", "(", "test"])
        || words == ["test"]
        || words.starts_with(&["path", "="])
}

/// Index behind the item, field or argument that begins at `at`.
fn item_end(tokens: &[Token<'_>], at: usize) -> usize {
    let text = |index: usize| tokens.get(index).map_or("", |token| token.text);
    let at = if text(at) == "pub" && text(at + 1) == "(" { closing(tokens, at + 1) + 1 } else { at };
    let words: Vec<&str> = tokens[at..].iter().take_while(|token| token.is_name()).map(|token| token.text).collect();
    let is_value = ["use", "const", "static", "let"].iter().any(|word| words.contains(word)) && !words.contains(&"fn");
    let mut index = at;
    while let Some(token) = tokens.get(index) {
        match token.text {
            ";" => return index + 1,
            "(" | "[" => index = closing(tokens, index),
            "{" => {
                index = closing(tokens, index);
                if !is_value {
                    return index + 1;
                }
            }
            ")" | "]" | "}" | "," => return index,
            _ => {}
        }
        index += 1;
    }
    index
}

/// Names of the functions that stand directly in a body.
fn functions<'t>(body: &[Token<'t>]) -> Vec<&'t str> {
    let (mut at, mut names) = (0, Vec::new());
    while let Some(token) = body.get(at) {
        match token.text {
            "(" | "[" | "{" => at = closing(body, at),
            "fn" => names.extend(body.get(at + 1).filter(|name| name.is_name()).map(|name| name.text)),
            _ => {}
        }
        at += 1;
    }
    names
}

fn closing_angle(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "<" => depth += 1,
            ">" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return index;
        }
    }
    tokens.len() - 1
}

/// Walks the tree of an import.
fn tree<'t>(
    tokens: &[Token<'t>],
    at: &mut usize,
    before: &[&'t str],
    found: &mut impl FnMut(Vec<&'t str>, &'t str, usize),
) {
    let mut path = before.to_vec();
    while let Some(token) = tokens.get(*at) {
        *at += 1;
        match token.text {
            "::" if path.is_empty() => path.push("::"),
            "::" => {}
            "{" => {
                while tokens.get(*at).is_some_and(|token| token.text != "}") {
                    tree(tokens, at, &path, found);
                    *at += usize::from(tokens.get(*at).is_some_and(|token| token.text == ","));
                }
                *at += 1;
                return;
            }
            "*" => return found(path, "*", token.line),
            text => {
                if text != "self" || path.is_empty() {
                    path.push(text);
                }
                let following = tokens.get(*at).map_or("", |next| next.text);
                if following == "::" {
                    continue;
                }
                let mut name = path.last().copied().unwrap_or_default();
                if following == "as" {
                    name = tokens[*at + 1].text;
                    *at += 2;
                }
                return found(path, name, token.line);
            }
        }
    }
}
