//! Seeded mutation of messages: one small change that may or may not make a document wrong.

/// A generator of numbers (SplitMix64), enough to choose mutations and repeatable by its seed.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// An element in a text: its tags and everything between.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    /// Behind the start tag.
    inner: usize,
    /// Before the end tag.
    inner_end: usize,
    end: usize,
    name_end: usize,
    parent: usize,
    is_leaf: bool,
}

/// Elements of a well-formed document without surprises (no CDATA, comments skipped).
fn spans(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut spans: Vec<Span> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find('<') {
        let start = at + found;
        let rest = &text[start..];
        if rest.starts_with("<!--") {
            at = start + rest.find("-->").map_or(rest.len(), |end| end + 3);
            continue;
        }
        if rest.starts_with("<![CDATA[") {
            at = start + rest.find("]]>").map_or(rest.len(), |end| end + 3);
            continue;
        }
        let Some(close) = rest.find('>') else { break };
        let end = start + close + 1;
        at = end;
        if rest.starts_with("<?") || rest.starts_with("<!") {
            continue;
        }
        if rest.starts_with("</") {
            if let Some(index) = open.pop() {
                spans[index].inner_end = start;
                spans[index].end = end;
            }
            continue;
        }
        let name_end = start + rest.find(|c: char| c == '>' || c == '/' || c.is_ascii_whitespace()).unwrap_or(close);
        if let Some(&parent) = open.last() {
            spans[parent].is_leaf = false;
        }
        let index = spans.len();
        spans.push(Span {
            start,
            inner: end,
            inner_end: end,
            end,
            name_end,
            parent: open.last().copied().unwrap_or(usize::MAX),
            is_leaf: true,
        });
        if bytes[end - 2] != b'/' {
            open.push(index);
        }
    }
    spans
}

const VALUES: &[&str] = &[
    "",
    " ",
    "A",
    "0",
    "-1",
    "1.5",
    "+1",
    "1e5",
    "100000000000000000000",
    "0.000000000000000000",
    "123456789012345678",
    "1234567890123456789",
    "1.123456",
    "1.12345",
    "00001.50000000",
    ".5",
    "5.",
    ".",
    "2024-02-29",
    "2023-02-29",
    "0000-01-01",
    "-0001-01-01",
    "2024-02-29Z",
    "2024-02-29+14:00",
    "2024-02-29+14:01",
    "12024-01-01",
    "2024-1-1",
    "2024-02-29T24:00:00",
    "2024-02-29T24:00:01",
    "2024-02-29T23:59:60",
    "2024-02-29T12:00:00.123456789Z",
    "2024-02-29T12:00:00.",
    "2024-02-29T12:00",
    "true",
    "false",
    "1",
    "TRUE",
    "EUR",
    "EURO",
    "eur",
    "LV80BANK0000435195001",
    "LV",
    "TRELLV22",
    "TRELLV22XXX",
    "TRELLV2",
    "+371-67094222",
    "9999",
    "CRDT",
    "DBIT",
    "BOOK",
    "2024",
    "2024-13",
    "2024-02",
    "12:00:00",
    "12:00:00+02:00",
    "Ā",
    "Rīga, Smilšu iela 1",
    "&amp;",
    "&#65;",
    "&#x10FFFF;",
    "&#0;",
    "&lt;",
    "]]>",
    "a]]b",
    "&nbsp;",
    "&",
    "\t",
    "x\ny",
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901",
    "01234567890123456789012345678901234",
    "012345678901234567890123456789012345",
    "ĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀ",
    "ĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀ",
];

const INSERTS: &[&str] = &[
    " ",
    "\n",
    "\r\n",
    "\t",
    "<!-- c -->",
    "<!---->",
    "<!-- a -- b -->",
    "<!-- a --->",
    "<?pi data?>",
    "<?pi?>",
    "<?xml version=\"1.0\"?>",
    "<?XML a?>",
    "<?a:b c?>",
    "<![CDATA[]]>",
    "<![CDATA[ ]]>",
    "<![CDATA[x]]>",
    "<![CDATA[<&]]>",
    "x",
    "&#32;",
    "&#10;",
    "&#13;",
    "&amp;",
    "&undefined;",
    "&#xD800;",
    "]]>",
    "]]",
    "<",
    ">",
    "&",
    "\u{1}",
    "\u{FFFE}",
    "\u{85}",
    "\u{2028}",
    "\u{7F}",
    "<x/>",
    "<Nm>x</Nm>",
    "<x xmlns=\"urn:y\"/>",
    "<p:x/>",
    "<p:x xmlns:p=\"urn:y\"/>",
    "<x xmlns:p=\"\"/>",
    "<!DOCTYPE a>",
    "<xml:x/>",
    "<xmlns:x/>",
    "<a:b:c/>",
    "<:a/>",
    "<-a/>",
    "<a",
    "</a>",
    "<\u{E9}/>",
    "<a\u{B7}/>",
];

const ATTRIBUTES: &[&str] = &[
    " Ccy=\"EUR\"",
    " Ccy='USD'",
    " Ccy=\"eur\"",
    " Ccy=\"\"",
    " Ccy=\" EUR\"",
    " Ccy=\"E&#85;R\"",
    " x=\"1\"",
    " x=\"<\"",
    " x=\"&lt;\"",
    " x=1",
    " x",
    " x=\"1\" x=\"2\"",
    " xml:lang=\"lv\"",
    " xml:space=\"preserve\"",
    " p:x=\"1\"",
    " xmlns:p=\"urn:p\"",
    " xmlns:p=\"urn:p\" p:x=\"1\"",
    " xmlns:p=\"\"",
    " xmlns=\"urn:other\"",
    " xmlns=\"\"",
    " xmlns:xml=\"http://www.w3.org/XML/1998/namespace\"",
    " xmlns:xml=\"urn:x\"",
    " xmlns:xmlns=\"urn:x\"",
    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"urn:a b.xsd\"",
    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"b.xsd\"",
    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"",
    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"false\"",
    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:other=\"1\"",
    " xmlns:a=\"urn:p\" xmlns:b=\"urn:p\" a:x=\"1\" b:x=\"2\"",
    "  ",
    "\n",
    " /",
];

/// One mutation of a document; `None` if the kind chosen does not apply.
pub fn mutate(text: &str, random: &mut Random) -> Option<(&'static str, String)> {
    let spans = spans(text);
    if spans.len() < 3 {
        return None;
    }
    let span = spans[1 + random.below(spans.len() - 1)];
    let leaves: Vec<Span> = spans.iter().copied().filter(|span| span.is_leaf).collect();
    let leaf = random.pick(&leaves);
    let replace = |from: usize, to: usize, with: &str| format!("{}{with}{}", &text[..from], &text[to..]);
    let whole = &text[span.start..span.end];
    Some(match random.below(18) {
        0 => ("drop", replace(span.start, span.end, "")),
        1 => ("double", replace(span.end, span.end, whole)),
        2 => {
            let next = spans.iter().find(|other| other.parent == span.parent && other.start >= span.end)?;
            let swapped = format!("{}{}{whole}", &text[next.start..next.end], &text[span.end..next.start]);
            ("swap", replace(span.start, next.end, &swapped))
        }
        3 => {
            let other = random.pick(&spans);
            let name = text[other.start + 1..other.name_end].to_owned();
            let inner = &text[span.name_end..span.inner_end];
            if span.inner == span.end {
                return None;
            }
            ("rename", replace(span.start, span.end, &format!("<{name}{inner}</{name}>")))
        }
        4 => {
            let other = random.pick(&spans);
            let moved = &text[other.start..other.end];
            ("insert another", replace(span.start, span.start, moved))
        }
        5..=7 => ("value", replace(leaf.inner, leaf.inner_end, random.pick(VALUES))),
        8 => {
            let value: Vec<char> = text[leaf.inner..leaf.inner_end].chars().collect();
            let mut value = value;
            let at = random.below(value.len() + 1);
            match random.below(3) {
                0 => value.insert(at, random.pick(&['0', 'A', 'a', '-', ' ', '.', 'Ā', '\u{A0}'])),
                1 if at < value.len() => {
                    value.remove(at);
                }
                _ if at < value.len() => value[at] = random.pick(&['0', '9', 'Z', 'z', '+', '€']),
                _ => return None,
            }
            let value: String = value.into_iter().collect();
            ("character of value", replace(leaf.inner, leaf.inner_end, &value))
        }
        9 => {
            let inner = &text[leaf.inner..leaf.inner_end];
            ("CDATA", replace(leaf.inner, leaf.inner_end, &format!("<![CDATA[{inner}]]>")))
        }
        10 => {
            let inner = &text[leaf.inner..leaf.inner_end];
            let c = inner.chars().next().filter(|c| !matches!(c, '&' | '<'))?;
            let behind = leaf.inner + c.len_utf8();
            ("character reference", replace(leaf.inner, behind, &format!("&#{};", u32::from(c))))
        }
        11 => {
            let blanks = random.pick(&[" ", "\n", "\t ", "\r\n"]);
            let at = if random.below(2) == 0 { leaf.inner } else { leaf.inner_end };
            ("white space in value", replace(at, at, blanks))
        }
        12 => {
            let at = random.pick(&[span.inner, span.inner_end, span.start, span.end]);
            ("insert", replace(at, at, random.pick(INSERTS)))
        }
        13 => ("attribute", replace(span.name_end, span.name_end, random.pick(ATTRIBUTES))),
        14 => {
            let attributed: Vec<Span> =
                spans.iter().copied().filter(|s| s.inner - s.name_end > 3 && s.parent != usize::MAX).collect();
            if attributed.is_empty() {
                return None;
            }
            let span = random.pick(&attributed);
            let with = random.pick(&["", " Ccy=\"EUR\"", " Ccy=\"XX\"", " ccy=\"EUR\"", " Ccy = 'EUR' "]);
            ("other attributes", replace(span.name_end, span.inner - 1, with))
        }
        15 => {
            // the whole document with a prefix
            let mut out = String::new();
            let mut at = 0;
            let root = spans[0];
            while let Some(found) = text[at..].find('<') {
                let start = at + found;
                out.push_str(&text[at..=start]);
                at = start + 1;
                if text[at..].starts_with('/') {
                    out.push_str("/p:");
                    at += 1;
                } else if text[at..].starts_with(|c: char| c.is_ascii_alphabetic()) {
                    out.push_str("p:");
                }
            }
            out.push_str(&text[at..]);
            let _ = root;
            ("prefix", out.replacen(" xmlns=", " xmlns:p=", 1))
        }
        16 => {
            let inner = &text[span.name_end..span.inner];
            let name = &text[span.start + 1..span.name_end];
            if inner.ends_with("/>") {
                ("open the empty tag", replace(span.inner - 2, span.inner, &format!("></{name}>")))
            } else {
                ("empty the element", replace(span.inner - 1, span.end, "/>"))
            }
        }
        _ => {
            // bytes, at places that matter
            let mut bytes = text.as_bytes().to_vec();
            let at = random.below(bytes.len());
            match random.below(4) {
                0 => {
                    bytes.remove(at);
                }
                1 => bytes.insert(at, random.pick(b"<>&;\"'/=!?-[]: x\0\r\n\x7f\x80\xC3\xEF")),
                2 => bytes[at] = random.pick(b"<>&;\"'/=!?-[]: x\0\r\n\x7f\x80\xC3\xEF"),
                _ => bytes.truncate(at),
            }
            return Some((
                "bytes",
                // kept as text where it still is; other encodings are outside the comparison
                String::from_utf8(bytes).ok()?,
            ));
        }
    })
}
