//! Namespace declarations in scope.

/// A namespace, by number: equal numbers are equal namespaces for the named constants; others are compared by
/// their text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NamespaceId(u32);

impl NamespaceId {
    /// No namespace.
    pub(crate) const NONE: NamespaceId = NamespaceId(0);
    /// That of the prefix `xml`.
    pub(crate) const XML: NamespaceId = NamespaceId(1);
    /// XML Schema instance: `xsi:type` and its kin.
    pub(crate) const INSTANCE: NamespaceId = NamespaceId(2);
    /// The namespace that the tokenizer watches.
    pub(crate) const TARGET: NamespaceId = NamespaceId(3);
    const FIRST_OTHER: u32 = 4;
}

pub(crate) const XML_URI: &str = "http://www.w3.org/XML/1998/namespace";
pub(crate) const XMLNS_URI: &str = "http://www.w3.org/2000/xmlns/";
pub(crate) const INSTANCE_URI: &str = "http://www.w3.org/2001/XMLSchema-instance";

#[derive(Debug)]
struct Binding {
    prefix_end: usize,
    uri_end: usize,
    id: NamespaceId,
    /// The default namespace outside of this declaration.
    default_outside: NamespaceId,
}

/// The declarations in scope, innermost last.
#[derive(Debug)]
pub(crate) struct Namespaces {
    target: String,
    bindings: Vec<Binding>,
    /// Prefix and name of each binding, one after the other.
    text: String,
    default: NamespaceId,
}

impl Namespaces {
    pub(crate) fn new(target: &str) -> Self {
        Namespaces { target: target.to_owned(), bindings: Vec::new(), text: String::new(), default: NamespaceId::NONE }
    }

    /// How many declarations are in scope.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.bindings.len()
    }

    /// Bytes kept of the declarations in scope.
    pub(crate) fn text_bytes(&self) -> usize {
        self.text.len()
    }

    #[inline]
    pub(crate) fn default_id(&self) -> NamespaceId {
        self.default
    }

    fn start(&self, index: usize) -> usize {
        match index.checked_sub(1) {
            Some(before) => self.bindings[before].uri_end,
            None => 0,
        }
    }

    /// Declares a namespace; the empty prefix is the default. False if it is not allowed.
    pub(crate) fn declare(&mut self, prefix: &str, uri: &str) -> bool {
        let allowed = match prefix {
            "xmlns" => false,
            "xml" => uri == XML_URI,
            "" => uri != XML_URI && uri != XMLNS_URI,
            _ => !uri.is_empty() && uri != XML_URI && uri != XMLNS_URI,
        };
        if !allowed {
            return false;
        }
        let id = match uri {
            "" => NamespaceId::NONE,
            XML_URI => NamespaceId::XML,
            INSTANCE_URI => NamespaceId::INSTANCE,
            _ if uri == self.target => NamespaceId::TARGET,
            _ => NamespaceId(NamespaceId::FIRST_OTHER + self.bindings.len() as u32),
        };
        self.text.push_str(prefix);
        let prefix_end = self.text.len();
        self.text.push_str(uri);
        self.bindings.push(Binding { prefix_end, uri_end: self.text.len(), id, default_outside: self.default });
        if prefix.is_empty() {
            self.default = id;
        }
        true
    }

    /// Whether one of the declarations made since `since` is of this prefix.
    pub(crate) fn declared_since(&self, since: usize, prefix: &str) -> bool {
        (since..self.bindings.len())
            .any(|index| self.text[self.start(index)..self.bindings[index].prefix_end] == *prefix)
    }

    /// The namespace of a prefix that is not empty.
    pub(crate) fn resolve(&self, prefix: &str) -> Option<NamespaceId> {
        if prefix == "xml" {
            return Some(NamespaceId::XML);
        }
        (0..self.bindings.len()).rev().find_map(|index| {
            let binding = &self.bindings[index];
            (self.text[self.start(index)..binding.prefix_end] == *prefix).then_some(binding.id)
        })
    }

    /// Its name.
    pub(crate) fn uri(&self, id: NamespaceId) -> &str {
        match id {
            NamespaceId::NONE => "",
            NamespaceId::XML => XML_URI,
            NamespaceId::INSTANCE => INSTANCE_URI,
            NamespaceId::TARGET => &self.target,
            NamespaceId(other) => match self.bindings.get((other - NamespaceId::FIRST_OTHER) as usize) {
                Some(binding) => &self.text[binding.prefix_end..binding.uri_end],
                None => "",
            },
        }
    }

    /// Forgets the declarations made since there were `outside` of them.
    #[inline]
    pub(crate) fn leave(&mut self, outside: usize) {
        while self.bindings.len() > outside {
            if let Some(binding) = self.bindings.pop() {
                self.default = binding.default_outside;
            }
            let end = self.start(self.bindings.len());
            self.text.truncate(end);
        }
    }
}
