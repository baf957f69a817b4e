//! Verdicts on XML 1.0 documents with namespaces: each twice, read whole and byte by byte.
use std::fmt::Write as _;
use std::io::Read;

use proptest::prelude::*;
use xsd::token::{Token, Tokenizer};
use xsd::{Bound, Bounds, Malformed, Peek, ReadError, peek_root};

/// Gives its bytes in portions.
struct Portions<'a>(&'a [u8], usize);

impl Read for Portions<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(self.0.len()).min(into.len());
        into[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

/// All tokens in a readable form, neighbouring texts joined; or the error.
fn read(document: &[u8], portion: usize) -> Result<String, ReadError> {
    read_within(document, portion, Bounds::default())
}

fn read_within(document: &[u8], portion: usize, bounds: Bounds) -> Result<String, ReadError> {
    let mut tokenizer = Tokenizer::with_bounds(Portions(document, portion), bounds);
    let mut out = String::new();
    let mut text = String::new();
    loop {
        let token = tokenizer.next()?;
        if let Token::Text(piece) = token {
            text.push_str(piece);
            continue;
        }
        if !text.is_empty() {
            let _ = write!(out, "{text:?}");
            text.clear();
        }
        match token {
            Token::Start { name, attributes } => {
                let _ = write!(out, "<{}", name.local());
                if !name.namespace().is_empty() {
                    let _ = write!(out, "{{{}}}", name.namespace());
                }
                for attribute in attributes.iter() {
                    let _ = write!(out, " {}{{{}}}={:?}", attribute.local_name, attribute.namespace, attribute.value);
                }
                out.push('>');
            }
            Token::End { name } => {
                let _ = write!(out, "</{}>", name.local());
            }
            Token::Comment(text) => {
                let _ = write!(out, "<!--{text}-->");
            }
            Token::Instruction { target, data } => {
                let _ = write!(out, "<?{target} {data}?>");
            }
            Token::EndOfDocument => return Ok(out),
            _ => unreachable!("every token is known"),
        }
    }
}

fn both(document: &[u8]) -> Result<String, ReadError> {
    let whole = read(document, usize::MAX);
    let parts = read(document, 1);
    assert_eq!(
        format!("{whole:?}"),
        format!("{parts:?}"),
        "{} differs when read byte by byte",
        String::from_utf8_lossy(document)
    );
    whole
}

fn accepts(document: &str, tokens: &str) {
    match both(document.as_bytes()) {
        Ok(read) => assert_eq!(read, tokens, "{document}"),
        Err(error) => panic!("{document}: {error}"),
    }
}

fn reason(document: &str) -> Malformed {
    match both(document.as_bytes()) {
        Err(ReadError::NotWellFormed { reason, .. }) => reason,
        other => panic!("{document}: {other:?}"),
    }
}

#[test]
fn documents() {
    accepts("<a/>", "<a></a>");
    accepts("\u{FEFF}<?xml version='1.0' encoding=\"utf-8\" standalone='yes' ?>\n<a></a >\n", "<a></a>");
    accepts("<?xml version=\"1.1\"?><a/>", "<a></a>");
    accepts("<a>x\r\ny\rz\n</a>", "<a>\"x\\ny\\nz\\n\"</a>");
    accepts("<a>&lt;&gt;&amp;&apos;&quot;&#65;&#x41;&#13;</a>", "<a>\"<>&'\\\"AA\\r\"</a>");
    accepts("<a><![CDATA[<b>&amp;]]]]><![CDATA[>]]></a>", "<a>\"<b>&amp;]]>\"</a>");
    accepts("<a>]] ]> ]]</a>", "<a>\"]] ]> ]]\"</a>");
    accepts("<!--x--><?p  d?><a><!----><?q?></a><!--y-->", "<!--x--><?p d?><a><!----><?q ?></a><!--y-->");
    accepts("<a b=' x\ty\r\nz&#10;&lt;' c=\"'>]]>\"/>", "<a b{}=\" x y z\\n<\" c{}=\"'>]]>\"></a>");
    accepts("<ā·><ž.-1/></ā·>", "<ā·><ž.-1></ž.-1></ā·>");
    accepts(
        "<p:a xmlns:p='urn:p' xmlns='urn:d' p:x='1' x='2'><b xmlns=''/><b/></p:a>",
        "<a{urn:p} x{urn:p}=\"1\" x{}=\"2\"><b></b><b{urn:d}></b></a>",
    );
    accepts("<a xml:lang='lv'/>", "<a lang{http://www.w3.org/XML/1998/namespace}=\"lv\"></a>");
    accepts("<a\n b = '1'\n/>", "<a b{}=\"1\"></a>");
    accepts(
        "<aVeryLongNameOfAnElement></aVeryLongNameOfAnElement>",
        "<aVeryLongNameOfAnElement></aVeryLongNameOfAnElement>",
    );
}

#[test]
fn malformed_documents() {
    use Malformed::*;
    assert_eq!(reason("<a>"), Unclosed("a".into()));
    assert_eq!(reason("<a><b></a>"), MismatchedEndTag { expected: "b".into(), found: "a".into() });
    assert!(matches!(reason("<aVeryLongNameOfAnElement></aVeryLongNameOfAnElemenX>"), MismatchedEndTag { .. }));
    assert_eq!(reason("</a>"), StrayEndTag);
    assert_eq!(reason("<a/><b/>"), SecondRoot);
    assert_eq!(reason("<a/>x"), TextOutsideRoot);
    assert_eq!(reason("x<a/>"), TextOutsideRoot);
    assert_eq!(reason("<a/>&amp;"), TextOutsideRoot);
    assert_eq!(reason("<!-- only -->"), NoRoot);
    assert_eq!(reason("<a>]]></a>"), CdataEndInText);
    assert_eq!(reason("<a><!-- a -- b --></a>"), DoubleHyphenInComment);
    assert_eq!(reason("<a><!-- a ---></a>"), DoubleHyphenInComment);
    assert_eq!(reason(" <?xml version='1.0'?><a/>"), MisplacedDeclaration);
    assert_eq!(reason("<a/><?xml version='1.0'?>"), MisplacedDeclaration);
    assert_eq!(reason("<a><?XmL?></a>"), BadInstructionTarget("XmL".into()));
    assert_eq!(reason("<a>&nbsp;</a>"), UndefinedEntity("nbsp".into()));
    assert_eq!(reason("<a b='&x;'/>"), UndefinedEntity("x".into()));
    for text in ["& ", "&;", "&#;", "&#x;", "&#xG;", "&amp", "&1;", "&#65", "&a:b;"] {
        assert_eq!(reason(&format!("<a>{text} </a>")), BadReference, "{text}");
        assert_eq!(reason(&format!("<a b='{text} '/>")), BadReference, "{text}");
    }
    for code in ["&#0;", "&#8;", "&#xD800;", "&#xFFFE;", "&#x110000;", "&#99999999999;"] {
        assert!(matches!(reason(&format!("<a>{code}</a>")), IllegalCharacter(_)), "{code}");
    }
    for c in ["\0", "\u{1}", "\u{B}", "\u{1F}", "\u{FFFE}", "\u{FFFF}"] {
        for document in
            [format!("<a>{c}</a>"), format!("<a b='{c}'/>"), format!("<a><!--{c}--></a>"), format!("<a/>{c}")]
        {
            assert!(matches!(reason(&document), IllegalCharacter(_)), "{document:?}");
        }
    }
    assert_eq!(reason("<a b='<'/>"), LessThanInAttribute);
    assert_eq!(reason("<a b='1' b='2'/>"), DuplicateAttribute("b".into()));
    assert_eq!(reason("<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>"), DuplicateAttribute("q:b".into()));
    assert_eq!(reason("<a xmlns='u' xmlns='v'/>"), DuplicateAttribute("xmlns".into()));
    assert_eq!(reason("<p:a/>"), UndeclaredPrefix("p".into()));
    assert_eq!(reason("<a p:b='1'/>"), UndeclaredPrefix("p".into()));
    assert_eq!(reason("<a><b xmlns:p='u'/><p:c/></a>"), UndeclaredPrefix("p".into()));
    for declaration in [
        "xmlns:p=''",
        "xmlns:xml='u'",
        "xmlns:xmlns='u'",
        "xmlns='http://www.w3.org/XML/1998/namespace'",
        "xmlns:p='http://www.w3.org/2000/xmlns/'",
    ] {
        assert!(matches!(reason(&format!("<a {declaration}/>")), BadNamespaceDeclaration(_)), "{declaration}");
    }
    for name in ["a:b:c", ":a", "a:", "a:1"] {
        assert!(matches!(reason(&format!("<{name}/>")), BadQualifiedName(_)), "{name}");
    }
    for document in [
        "<>",
        "< a/>",
        "<a",
        "<a ",
        "<a b",
        "<a b=",
        "<a b='",
        "<a b='1'",
        "<a b='1' /",
        "<a b='1'c='2'/>",
        "<a b=1/>",
        "<a b/>",
        "<a/ >",
        "<a></a",
        "<a></",
        "<a></a b='1'>",
        "<1/>",
        "<-/>",
        "<a$/>",
        "<a><!-</a>",
        "<a><!--",
        "<a><![CDATA[",
        "<a><![CDATA[]]",
        "<a><![cdata[]]></a>",
        "<a><?p",
        "<a><?p?",
        "<a><??></a>",
        "<a><?p!?></a>",
        "<a>&",
        "<a><!DOCTYPE b></a>",
        "<a><!ELEMENT b></a>",
        "<![CDATA[]]><a/>",
        "<?xml?><a/>",
        "<?xml version='2.0'?><a/>",
        "<?xml encoding='UTF-8'?><a/>",
        "<?xml version='1.0'encoding='UTF-8'?><a/>",
        "<?xml version='1.0' standalone='maybe'?><a/>",
        "<?xml version='1.0' x='y'?><a/>",
        "<?xml version=1.0?><a/>",
        "<?xml version='1.0'",
        "<a>\u{B7}</a><\u{B7}/>",
        "<a\u{D7}/>",
    ] {
        let _: Malformed = reason(document);
    }
}

#[test]
fn refused_by_name() {
    assert!(matches!(both(b""), Err(ReadError::Empty)));
    assert!(matches!(both(b" \n\t "), Err(ReadError::Empty)));
    assert!(matches!(both("\u{FEFF}".as_bytes()), Err(ReadError::Empty)));
    assert!(
        matches!(both(b"<?xml version='1.0'?>\n<!DOCTYPE a []><a/>"), Err(ReadError::Doctype { position }) if position.line == 2)
    );
    for (found, document) in [
        ("UTF-16", &b"\xFF\xFE<\0a\0/\0>\0"[..]),
        ("UTF-16", b"\xFE\xFF\0<\0a\0/\0>"),
        ("UTF-16", b"<\0a\0/\0>\0"),
        ("UTF-32", b"\0\0\0<\0\0\0a"),
        ("ISO-8859-1", b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>"),
        ("not UTF-8", b"<a>\xE9</a>"),
        ("not UTF-8", b"<a>\xC4"),
        ("not UTF-8", b"<a>\xED\xA0\x80</a>"),
        ("not UTF-8", b"<a>\xC0\x80</a>"),
    ] {
        match both(document) {
            Err(ReadError::Encoding { found: said, .. }) => assert!(said.contains(found), "{said}"),
            other => panic!("{found}: {other:?}"),
        }
    }
}

#[test]
fn bounds() {
    let bounds = Bounds::default().with_depth_max(3).with_token_bytes_max(20).with_document_bytes_max(200);
    let which = |document: &str| match read_within(document.as_bytes(), usize::MAX, bounds) {
        Err(ReadError::Bound { bound, .. }) => Some(bound),
        Ok(_) => None,
        other => panic!("{other:?}"),
    };
    assert_eq!(which("<a><a><a/></a></a>"), None);
    assert_eq!(which("<a><a><a><a/></a></a></a>"), Some(Bound::Depth));
    assert_eq!(which("<a x='0123456789a'/>"), None);
    assert_eq!(which("<a x='0123456789ab'/>"), Some(Bound::TokenBytes));
    assert_eq!(which("<!--0123456789abcdef--><a/>"), Some(Bound::TokenBytes));
    assert_eq!(which(&format!("<a>{}</a>", "x".repeat(150))), None, "text comes in pieces");
    assert_eq!(which(&format!("<a>{}</a>", "x".repeat(200))), Some(Bound::DocumentBytes));
    let many: String = (0..65).map(|n| format!(" a{n}=''")).collect();
    assert!(matches!(
        read(format!("<a{many}/>").as_bytes(), 9),
        Err(ReadError::Bound { bound: Bound::Attributes, .. })
    ));
}

#[test]
fn endless_input_is_refused_in_bounded_memory() {
    /// `<a><a><a>…`, a comment or an attribute without end.
    struct Endless(&'static [u8], &'static [u8]);
    impl Read for Endless {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let source = if self.0.is_empty() { self.1 } else { std::mem::take(&mut self.0) };
            let count = source.len().min(into.len());
            into[..count].copy_from_slice(&source[..count]);
            Ok(count)
        }
    }
    for (start, repeated) in [
        (&b"<a>"[..], &b"<a>"[..]),
        (b"<!--", b" x"),
        (b"<a b='", b"xyz"),
        (b"<a><![CDATA[", b"]]"),
        (b"<a>", b"&amp;text "),
        (b"", b" \n"),
    ] {
        let mut tokenizer = Tokenizer::with_bounds(
            Endless(start, repeated),
            Bounds::default().with_token_bytes_max(4_000).with_document_bytes_max(1 << 20),
        );
        let error = loop {
            match tokenizer.next() {
                Ok(Token::EndOfDocument) => panic!("it has no end"),
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert!(matches!(error, ReadError::Bound { .. }), "{error}");
        assert!(matches!(tokenizer.next(), Err(ReadError::AlreadyFailed)));
    }
}

#[test]
fn peeking() {
    let root = |document: &[u8]| match peek_root(document) {
        Peek::Root { local_name, namespace } => format!("{namespace} {local_name}"),
        Peek::NeedMore => "more".to_owned(),
        Peek::Refused(error) => error.to_string(),
    };
    let document = "\u{FEFF}<?xml version='1.0'?><!-- ā --><p:Document xmlns:p='urn:x'>".as_bytes();
    for end in 0..document.len() {
        assert_eq!(root(&document[..end]), "more", "{end}");
    }
    assert_eq!(root(document), "urn:x Document");
    assert_eq!(root(b"<Document/>"), " Document");
    for (document, said) in [
        (&b"hello"[..], "text outside"),
        (b"%PDF-1.7", "text outside"),
        (b"{\"a\":1}", "text outside"),
        (b"\x1F\x8B\x08\x00\x00", "not"),
        (b"<!DOCTYPE html><html>", "DOCTYPE"),
        (b"\xFF\xFE<\0", "UTF-16"),
        (b"<?xml version='1.0' encoding='windows-1257'?>", "windows-1257"),
    ] {
        assert!(root(document).contains(said), "{}", root(document));
    }
}

proptest! {
    /// Any soup of markup is read without panic, and the same way in any portions.
    #[test]
    fn portions_never_matter(
        pieces in proptest::collection::vec(
            prop::sample::select(vec![
                "<a>", "</a>", "<a/>", "<b x='1'>", "</b>", "<p:c xmlns:p='u'>", "</p:c>", " ", "\r", "\n", "\r\n", "x", "ā", "]", "]]>", "&amp;", "&#x41;",
                "&", "<!--", "-->", "--", "<![CDATA[", "<?p", "?>", "<", ">", "'", "\"", "=", "/", "xmlns='v'", "<?xml version='1.0'?>", "\u{FEFF}", "\u{FFFF}", "\0",
            ]),
            0..24,
        ),
        portion in 1usize..9,
    ) {
        let document = format!("<a>{}", pieces.concat());
        let whole = read(document.as_bytes(), usize::MAX);
        let parts = read(document.as_bytes(), portion);
        prop_assert_eq!(format!("{:?}", whole), format!("{:?}", parts));
    }

    /// Bytes of any kind never cause a panic.
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200), portion in 1usize..50) {
        let whole = format!("{:?}", read(&bytes, usize::MAX));
        prop_assert_eq!(whole, format!("{:?}", read(&bytes, portion)));
        let _ = peek_root(&bytes);
    }
}
