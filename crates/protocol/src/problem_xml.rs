//! Problem details as XML, for systems that read nothing else (RFC 9457, appendix B; namespace of RFC 7807).
//!
//! We write this XML by hand: it has only elements with text. A list is repeated `i` elements, as in the RFC's schema.

use crate::problem::Problem;

const NAMESPACE: &str = "urn:ietf:rfc:7807";

impl Problem {
    /// The problem as XML ([`crate::media::PROBLEM_XML`]), in the form of RFC 9457, appendix B.
    #[must_use]
    pub fn to_xml(&self) -> Vec<u8> {
        written(self)
    }
}

fn written(problem: &Problem) -> Vec<u8> {
    let mut xml = Elements(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<problem xmlns=\"{NAMESPACE}\">"));
    xml.text("type", &problem.type_uri);
    xml.text("title", &problem.title);
    xml.text("status", &problem.status.to_string());
    xml.optional("detail", problem.detail.as_deref());
    xml.optional("instance", problem.instance.as_deref());
    xml.text("code", &problem.code);
    xml.optional("iso_reason", problem.iso_reason.as_deref());
    xml.text("remedy", &problem.remedy);
    xml.text("request_id", &problem.request_id);
    if !problem.findings.is_empty() {
        xml.open("findings");
        for finding in &problem.findings {
            xml.open("i");
            xml.text("code", &finding.code);
            xml.text("message", &finding.message);
            xml.optional("line", finding.line.map(|line| line.to_string()).as_deref());
            xml.optional("column", finding.column.map(|column| column.to_string()).as_deref());
            xml.optional("path", finding.path.as_deref());
            xml.optional("rule", finding.rule.as_deref());
            xml.optional("value", finding.value.as_deref());
            xml.close("i");
        }
        xml.close("findings");
        xml.text("findings_total", &problem.findings_total.to_string());
    }
    xml.optional("retry_after_seconds", problem.retry_after_seconds.map(|seconds| seconds.to_string()).as_deref());
    xml.optional("documentation", problem.documentation.as_deref());
    if let Some(support) = &problem.support {
        xml.open("support");
        let parts =
            [("name", &support.name), ("email", &support.email), ("phone", &support.phone), ("page", &support.page)];
        for (name, text) in parts {
            xml.optional(name, Some(text.as_str()).filter(|text| !text.is_empty()));
        }
        xml.close("support");
    }
    xml.open("texts");
    for (language, texts) in [("lv", &problem.texts.lv), ("en", &problem.texts.en)] {
        xml.open(language);
        xml.text("title", &texts.title);
        xml.text("explanation", &texts.explanation);
        xml.text("remedy", &texts.remedy);
        xml.close(language);
    }
    xml.close("texts");
    xml.close("problem");
    xml.0.push('\n');
    xml.0.into_bytes()
}

struct Elements(String);

impl Elements {
    fn open(&mut self, name: &str) {
        self.0.push('<');
        self.0.push_str(name);
        self.0.push('>');
    }

    fn close(&mut self, name: &str) {
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
    }

    fn text(&mut self, name: &str, text: &str) {
        self.open(name);
        for character in text.chars() {
            match character {
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '&' => self.0.push_str("&amp;"),
                '\n' | '\t' => self.0.push(character),
                // Characters that XML 1.0 has no way to write (values quoted from a broken request may hold them).
                '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => self.0.push('\u{fffd}'),
                _ => self.0.push(character),
            }
        }
        self.close(name);
    }

    fn optional(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }
}
