//! Corners of XML Schema that messages seldom touch, on a schema of our own: every verdict is written down here,
//! and compared with libxml2 where xmllint is installed.
use crate::support::{self, judge, valid_for_libxml2};
use xsd::Schema;

const XSD: &str = r###"<?xml version="1.0"?>
<xs:schema xmlns="urn:corner" xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:corner" elementFormDefault="qualified">
  <xs:element name="Root" type="Root"/>
  <xs:complexType name="Root">
    <xs:sequence>
      <xs:element name="Few" type="xs:string" minOccurs="2" maxOccurs="4"/>
      <xs:choice minOccurs="0" maxOccurs="unbounded">
        <xs:element name="A" type="Code"/>
        <xs:element name="B" type="Amount"/>
      </xs:choice>
      <xs:sequence minOccurs="0" maxOccurs="2">
        <xs:element name="X" type="xs:date"/>
        <xs:element name="Y" type="xs:dateTime" minOccurs="0"/>
      </xs:sequence>
      <xs:element name="Nothing" type="Nothing" minOccurs="0"/>
      <xs:element name="AVeryLongElementNameIndeed" type="xs:boolean" minOccurs="0" maxOccurs="unbounded"/>
      <xs:element name="AVeryLongElementNameToo" type="xs:token" minOccurs="0"/>
      <xs:element name="Lax" type="Lax" minOccurs="0"/>
      <xs:element name="Skip" type="Skip" minOccurs="0"/>
      <xs:element name="Other" type="Other" minOccurs="0"/>
      <xs:element name="V" type="Values" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="Nothing"/>
  <xs:complexType name="Lax"><xs:sequence><xs:any namespace="##any" processContents="lax" maxOccurs="2"/></xs:sequence></xs:complexType>
  <xs:complexType name="Skip"><xs:sequence><xs:any namespace="##any" processContents="skip"/></xs:sequence></xs:complexType>
  <xs:complexType name="Other"><xs:sequence><xs:any namespace="##other" processContents="lax"/></xs:sequence></xs:complexType>
  <xs:complexType name="Amount"><xs:simpleContent><xs:extension base="Number">
    <xs:attribute name="Ccy" type="Code" use="required"/><xs:attribute name="Note" type="xs:string"/>
  </xs:extension></xs:simpleContent></xs:complexType>
  <xs:complexType name="Values">
    <xs:choice maxOccurs="unbounded">
      <xs:element name="time" type="xs:time"/>
      <xs:element name="year" type="xs:gYear"/>
      <xs:element name="month" type="xs:gYearMonth"/>
      <xs:element name="b64" type="xs:base64Binary"/>
      <xs:element name="int" type="xs:integer"/>
      <xs:element name="dec" type="xs:decimal"/>
      <xs:element name="norm" type="Norm"/>
      <xs:element name="tok" type="Tok"/>
      <xs:element name="len" type="Len"/>
      <xs:element name="two" type="Narrower"/>
      <xs:element name="pos" type="Positive"/>
      <xs:element name="bytes" type="Bytes"/>
      <xs:element name="date" type="xs:date"/>
      <xs:element name="byte" type="xs:byte"/>
      <xs:element name="count" type="xs:nonNegativeInteger"/>
      <xs:element name="ulong" type="xs:unsignedLong"/>
      <xs:element name="below" type="xs:negativeInteger"/>
      <xs:element name="lang" type="xs:language"/>
      <xs:element name="collapsed" type="Collapsed"/>
      <xs:element name="fixed" type="Fixed"/>
      <xs:element name="nested" type="Nested"/>
    </xs:choice>
  </xs:complexType>
  <xs:complexType name="Fixed">
    <xs:annotation><xs:documentation>Skipped, <b xmlns="urn:html">whatever</b> it holds.</xs:documentation></xs:annotation>
    <xs:attribute name="v" type="xs:string" fixed="1.0" use="required"/>
    <xs:attribute name="o" type="xs:token" fixed="a b"/>
    <xs:attribute name="p" type="xs:string" use="prohibited"/>
  </xs:complexType>
  <xs:complexType name="Nested">
    <xs:choice>
      <xs:sequence>
        <xs:element name="a" type="xs:int"/>
        <xs:choice minOccurs="0" maxOccurs="2"><xs:element name="b" type="xs:int"/><xs:sequence><xs:element name="c" type="xs:int"/><xs:element name="d" type="xs:int" minOccurs="0"/></xs:sequence></xs:choice>
      </xs:sequence>
      <xs:element name="e" type="xs:int" maxOccurs="unbounded"/>
    </xs:choice>
  </xs:complexType>
  <xs:simpleType name="Collapsed"><xs:restriction base="xs:string"><xs:whiteSpace value="collapse" fixed="true"/><xs:length value="3"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="NarrowCode"><xs:restriction base="Code"><xs:enumeration value="ABC"/><xs:enumeration value="xx"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="NarrowerCode"><xs:restriction base="NarrowCode"><xs:maxLength value="2"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Code"><xs:restriction base="xs:string"><xs:pattern value="[A-Z]{3}"/><xs:pattern value="x+"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Number"><xs:restriction base="xs:decimal"><xs:fractionDigits value="2"/><xs:totalDigits value="5"/><xs:minInclusive value="-10.5"/><xs:maxExclusive value="200"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Norm"><xs:restriction base="xs:normalizedString"><xs:enumeration value="a b"/><xs:enumeration value="a value longer than sixteen bytes"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Tok"><xs:restriction base="xs:token"><xs:maxLength value="3"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Len"><xs:restriction base="xs:string"><xs:length value="3"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Wide"><xs:restriction base="xs:string"><xs:pattern value="[a-z]+"/><xs:minLength value="2"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Narrower"><xs:restriction base="Wide"><xs:pattern value=".*z"/><xs:maxLength value="4"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Positive"><xs:restriction base="xs:integer"><xs:minExclusive value="0"/><xs:maxInclusive value="99"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Bytes"><xs:restriction base="xs:base64Binary"><xs:length value="2"/></xs:restriction></xs:simpleType>
</xs:schema>"###;

fn check(cases: &[(bool, String)]) {
    let schema = Schema::from_model(&xsd::model::read_xsd(XSD.as_bytes()).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for (expected, document) in cases {
        let verdict = judge(&schema, document.as_bytes());
        if verdict.is_valid() != *expected {
            wrong.push(format!("expected {expected}: {document}\n  {verdict:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    if !support::has_xmllint() {
        return;
    }
    let folder =
        std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("corners-{:?}", std::thread::current().id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("corner.xsd"), XSD).unwrap();
    let files: Vec<String> = (0..cases.len()).map(|number| format!("{number}.xml")).collect();
    for (file, (_, document)) in files.iter().zip(cases) {
        std::fs::write(folder.join(file), document).unwrap();
    }
    let valid = valid_for_libxml2(&folder, "corner.xsd", &files);
    for (file, (expected, document)) in files.iter().zip(cases) {
        if valid.contains(file) != *expected {
            wrong.push(format!("libxml2 does not say {expected}: {document}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    std::fs::remove_dir_all(&folder).unwrap();
}

fn root(inner: &str) -> String {
    format!("<Root xmlns=\"urn:corner\"><Few/><Few>x</Few>{inner}</Root>")
}

fn cases(inner: &[(bool, &str)]) -> Vec<(bool, String)> {
    inner.iter().map(|(expected, inner)| (*expected, root(inner))).collect()
}

#[test]
fn content_models() {
    let mut all = cases(&[
        (true, ""),
        (true, "<Few/><Few/>"),
        (false, "<Few/><Few/><Few/>"),
        (true, "<A>ABC</A><B Ccy='ABC'>1</B><A>x</A><A>xxx</A>"),
        (false, "<A>ABCD</A>"),
        (false, "<Few/><A>ABC</A><Few/>"),
        (true, "<X>2026-11-23</X><X>2026-11-23</X>"),
        (true, "<X>2026-11-23</X><Y>2026-11-23T00:00:00</Y><X>2026-11-23</X>"),
        (false, "<X>2026-11-23</X><X>2026-11-23</X><X>2026-11-23</X>"),
        (false, "<Y>2026-11-23T00:00:00</Y>"),
        (true, "<Nothing/>"),
        (true, "<Nothing></Nothing>"),
        (true, "<Nothing><!-- c --><?p?></Nothing>"),
        (false, "<Nothing> </Nothing>"),
        (false, "<Nothing>x</Nothing>"),
        (false, "<Nothing><A>ABC</A></Nothing>"),
        (false, "<Nothing a='1'/>"),
        (
            true,
            "<AVeryLongElementNameIndeed>true</AVeryLongElementNameIndeed><AVeryLongElementNameIndeed> 0 </AVeryLongElementNameIndeed><AVeryLongElementNameToo> a  b </AVeryLongElementNameToo>",
        ),
        (false, "<AVeryLongElementNameXxx>true</AVeryLongElementNameXxx>"),
        (false, "<AVeryLongElement>true</AVeryLongElement>"),
        (false, "text"),
        (true, " \n&#32;<!-- c -->\t"),
        (false, "<A>AB<!-- c -->C<A/></A>"),
        (true, "<A>AB<!-- c -->C</A><A><![CDATA[A]]>B&#67;</A>"),
    ]);
    all.push((false, "<Root xmlns=\"urn:corner\"><Few/></Root>".into()));
    all.push((false, "<Root xmlns=\"urn:corner\"/>".into()));
    all.push((false, "<Root xmlns=\"urn:other\"><Few/><Few/></Root>".into()));
    all.push((false, "<Root><Few/><Few/></Root>".into()));
    all.push((true, "<p:Root xmlns:p=\"urn:corner\"><p:Few/><Few xmlns=\"urn:corner\"/></p:Root>".into()));
    all.push((false, "<p:Root xmlns:p=\"urn:corner\"><p:Few/><Few/></p:Root>".into()));
    check(&all);
}

#[test]
fn attributes() {
    let xsi = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'";
    let mut all = cases(&[
        (true, "<B Ccy='ABC'>1</B>"),
        (true, "<B Ccy = \"ABC\" Note=''>1</B>"),
        (true, "<B Note='&lt;&#10;>' Ccy='A&#66;C'>1</B>"),
        (false, "<B>1</B>"),
        (false, "<B Ccy='abc'>1</B>"),
        (false, "<B Ccy=' ABC'>1</B>"),
        (false, "<B Ccy='ABC' ccy='ABC'>1</B>"),
        (false, "<B xmlns:p='urn:corner' p:Ccy='ABC'>1</B>"),
        (false, "<B Ccy='ABC' xml:lang='lv'>1</B>"),
        (false, "<A Ccy='ABC'>ABC</A>"),
        (false, "<Few x=''/>"),
    ]);
    for (expected, attribute) in [
        (true, "xsi:schemaLocation='urn:corner corner.xsd'"),
        (true, "xsi:noNamespaceSchemaLocation='corner.xsd'"),
        (false, "xsi:nil='true'"),
        (false, "xsi:nil='false'"),
        (false, "xsi:nil='x'"),
        (false, "xsi:other='1'"),
        (true, "xsi:type='Code'"),
        (false, "xsi:type='Unknown'"),
        (false, "xsi:type='p:Code'"),
    ] {
        all.push((expected, root(&format!("<A {xsi} {attribute}>ABC</A>"))));
    }
    check(&all);
}

#[test]
fn narrower_types_by_name() {
    let spaces = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:xs='http://www.w3.org/2001/XMLSchema'";
    let mut all = Vec::new();
    for (expected, element, named, value) in [
        (true, "A", "Code", "XYZ"),
        (true, "A", "NarrowCode", "ABC"),
        (false, "A", "NarrowCode", "XYZ"),
        (true, "A", "NarrowerCode", "xx"),
        (false, "A", "NarrowerCode", "ABC"),
        (false, "A", "Tok", "ABC"),
        (false, "A", "xs:string", "ABC"),
        (false, "A", "Amount", "ABC"),
    ] {
        all.push((expected, root(&format!("<{element} {spaces} xsi:type='{named}'>{value}</{element}>"))));
    }
    for (expected, element, named, value) in [
        (true, "dec", "xs:byte", "127"),
        (false, "dec", "xs:byte", "128"),
        (true, "dec", "xs:decimal", "1.5"),
        (false, "dec", "xs:integer", "1.5"),
        (false, "dec", "xs:string", "1"),
        (true, "dec", "Positive", "7"),
        (false, "dec", "Positive", "100"),
        (false, "byte", "xs:int", "1"),
    ] {
        all.push((expected, root(&format!("<V><{element} {spaces} xsi:type='{named}'>{value}</{element}></V>"))));
    }
    // The value is read by the named type, white space included.
    all.push((true, format!("<Root xmlns='urn:corner'><Few {spaces} xsi:type='xs:language'> lv </Few><Few/></Root>")));
    all.push((false, format!("<Root xmlns='urn:corner'><Few {spaces} xsi:type='xs:language'>l v</Few><Few/></Root>")));
    check(&all);
}

#[test]
fn fixed_attributes_and_nested_groups() {
    let v = |inner: &str| root(&format!("<V>{inner}</V>"));
    check(&[
        (true, v("<fixed v='1.0'/>")),
        (true, v("<fixed v='1.0' o=' a  b '/>")),
        (false, v("<fixed/>")),
        (false, v("<fixed v='1'/>")),
        (false, v("<fixed v='1.0' o='a'/>")),
        (false, v("<fixed v='1.0' p=''/>")),
        (true, v("<nested><a>1</a></nested>")),
        (true, v("<nested><a>1</a><b>1</b><c>1</c><d>1</d></nested>")),
        (true, v("<nested><a>1</a><c>1</c><c>1</c><d>1</d></nested>")),
        (false, v("<nested><a>1</a><b>1</b><c>1</c><b>1</b></nested>")),
        (false, v("<nested><a>1</a><d>1</d></nested>")),
        (true, v("<nested><e>1</e><e>1</e></nested>")),
        (false, v("<nested><e>1</e><a>1</a></nested>")),
        (false, v("<nested/>")),
    ]);
}

#[test]
fn wildcards() {
    let nested = "<Root><Few/><Few/></Root>";
    let broken = "<Root><Few/></Root>";
    let mut all = cases(&[
        (true, "<Lax><anything xmlns=''><x a='1'>t</x></anything></Lax>"),
        (true, "<Lax><Few a='1'><x/>t</Few><Other/></Lax>"),
        (false, "<Lax/>"),
        (false, "<Lax><a/><b/><c/></Lax>"),
        (false, "<Lax>t<a/></Lax>"),
        (true, "<Skip><Root/></Skip>"),
        (false, "<Skip><a/><b/></Skip>"),
        (true, "<Other><x xmlns='urn:x'><y/></x></Other>"),
        (false, "<Other><x/></Other>"),
        (false, "<Other><x xmlns=''/></Other>"),
        (true, "<Lax><a>mixed<b/>content</a></Lax>"),
        (true, "<Lax><a xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:other='1' xsi:nil='true'/></Lax>"),
        (true, "<Lax><a xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='a b'/></Lax>"),
    ]);
    all.push((true, root(&format!("<Lax>{nested}</Lax>"))));
    all.push((false, root(&format!("<Lax>{broken}</Lax>"))));
    all.push((true, root(&format!("<Lax><a><b>{nested}</b></a></Lax>"))));
    all.push((false, root(&format!("<Lax><a><b>{broken}</b></a></Lax>"))));
    all.push((false, root("<Other><x xmlns='urn:x'><p:Root xmlns:p='urn:corner'/></x></Other>")));
    check(&all);
}

#[test]
fn values() {
    let mut all = Vec::new();
    for (name, good, bad) in [
        (
            "time",
            &["00:00:00", "24:00:00", "12:00:00.5Z", "12:00:00-14:00"][..],
            &["", "24:00:01", "12:00", "12:00:60"][..],
        ),
        ("year", &["2026", "2026Z", "-0001", "12026", "2026+02:00"], &["26", "0000", "02026", "2026-", "x"]),
        ("month", &["2026-11", "2026-11Z"], &["2026", "2026-13", "2026-00", "2026-1"]),
        ("b64", &["", "TQ==", "TWFu", "T W F u"], &["T", "TQ=", "TQ", "T$=="]),
        ("int", &["1", "-0", "+7", "0012"], &["", "1.0", "1.", "x", "1 2"]),
        ("dec", &["1", "1.5", ".5", "5.", "-0.0", "+00.10"], &["", ".", "-", "1e3", "INF", "1,5"]),
        (
            "norm",
            &["a b", "a\tb", "a value longer than sixteen bytes"],
            &["a  b", "", " a b", "a value longer than sixteen bytesX"],
        ),
        ("tok", &["abc", " abc ", "a  b", ""], &["abcd", "a b c"]),
        ("len", &["abc", "āčē", " a "], &["ab", "abcd", "āčēģ", ""]),
        ("two", &["az", "abcz"], &["z", "abcdz", "abc", "AZ", ""]),
        ("pos", &["1", "99", "099"], &["0", "100", "-1"]),
        ("bytes", &["TWE="], &["TQ==", "TWFu"]),
        ("byte", &["-128", "127", "+007"], &["-129", "128", "1.0", ""]),
        ("count", &["0", "-0", "12345678901234567890"], &["-1", "x"]),
        ("ulong", &["18446744073709551615"], &["18446744073709551616", "-1"]),
        ("below", &["-1"], &["0", "1"]),
        ("lang", &["lv", "de-CH-1996", " en "], &["", "toolonglanguage", "de_CH"]),
        ("collapsed", &["abc", " a  b\n"], &["ab", "a b c"]),
        ("date", &["2024-02-29", "2026-11-23+14:00"], &["2023-02-29", "2026-11-23+14:01", "2026-11-23T00:00:00", ""]),
    ] {
        for value in good {
            all.push((true, root(&format!("<V><{name}>{value}</{name}></V>"))));
        }
        for value in bad {
            all.push((false, root(&format!("<V><{name}>{value}</{name}></V>"))));
        }
    }
    for (value, expected) in [
        ("1", true),
        ("-10.5", true),
        ("-10.51", false),
        ("199.99", true),
        ("200", false),
        ("199.990", true),
        ("0.001", false),
        ("000100.10", true),
        ("1234.5", false),
        ("", false),
    ] {
        all.push((expected, root(&format!("<B Ccy='ABC'>{value}</B>"))));
    }
    check(&all);
}

#[test]
fn what_is_not_supported_is_refused_by_name() {
    // `fixed` and `prohibited` of attributes are supported, `default` is not: no reader would get the value.
    let wrap = |inner: &str| {
        format!(
            "<xs:schema xmlns='urn:a' xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:a' \
             elementFormDefault='qualified'><xs:element name='R' type='R'/>{inner}</xs:schema>"
        )
    };
    for (named, inner) in [
        ("all", "<xs:complexType name='R'><xs:all/></xs:complexType>"),
        ("complexContent", "<xs:complexType name='R'><xs:complexContent/></xs:complexType>"),
        ("mixed", "<xs:complexType name='R' mixed='true'/>"),
        ("union", "<xs:simpleType name='S'><xs:union/></xs:simpleType>"),
        (
            "nillable",
            "<xs:complexType name='R'><xs:sequence><xs:element name='a' type='xs:string' nillable='true'/></xs:sequence></xs:complexType>",
        ),
        ("ref", "<xs:complexType name='R'><xs:sequence><xs:element ref='R'/></xs:sequence></xs:complexType>"),
        (
            "xs:anyURI",
            "<xs:complexType name='R'><xs:sequence><xs:element name='a' type='xs:anyURI'/></xs:sequence></xs:complexType>",
        ),
        ("strict", "<xs:complexType name='R'><xs:sequence><xs:any/></xs:sequence></xs:complexType>"),
        ("default", "<xs:complexType name='R'><xs:attribute name='a' type='xs:string' default='x'/></xs:complexType>"),
        (
            "xs:ID",
            "<xs:complexType name='R'><xs:sequence><xs:element name='a' type='xs:ID'/></xs:sequence></xs:complexType>",
        ),
        ("group", "<xs:group name='g'><xs:sequence/></xs:group>"),
        ("anyAttribute", "<xs:complexType name='R'><xs:anyAttribute/></xs:complexType>"),
        (
            "simpleType",
            "<xs:complexType name='R'><xs:sequence><xs:element name='a'><xs:simpleType/></xs:element></xs:sequence></xs:complexType>",
        ),
        ("include", "<xs:include schemaLocation='x'/>"),
    ] {
        let error = xsd::model::read_xsd(wrap(inner).as_bytes()).unwrap_err().to_string();
        assert!(error.contains(named), "{named}: {error}");
    }
    // ambiguous content models are found when compiling
    let model = xsd::model::read_xsd(
        wrap("<xs:complexType name='R'><xs:sequence><xs:element name='a' type='xs:string' minOccurs='0'/><xs:element name='a' type='xs:string'/></xs:sequence></xs:complexType>")
            .as_bytes(),
    )
    .unwrap();
    let error = Schema::from_model(&model).unwrap_err().to_string();
    assert!(error.contains("not deterministic"), "{error}");
}
