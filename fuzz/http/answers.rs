//! HTTP/1.1 answers, read strictly (RFC 9112): an answer that a proxy could understand in another way is a failure.

/// One answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Lower-case names, values without the blanks around them.
    pub(super) fields: Vec<(String, String)>,
    /// `None` when the connection was cut before its end, or it answers HEAD.
    pub(super) body: Option<Vec<u8>>,
}

impl Answer {
    /// The value of a field that is there once at most.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let mut values = self.fields.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let value = values.next();
        assert_eq!(values.next(), None, "{name} stands twice: {self:?}");
        value
    }
}

/// The answers of a connection. The last may be cut short when the client has left.
pub(super) fn read(output: &[u8], is_cut: bool, may_lack_body: bool) -> Vec<Answer> {
    let mut answers = Vec::new();
    let mut rest = output;
    while !rest.is_empty() {
        let Some((mut answer, after)) = head(rest) else {
            assert!(is_cut, "a head is cut short: {}", shown(rest));
            break;
        };
        if (100..200).contains(&answer.status) {
            assert_eq!((answer.status, answer.fields.len()), (100, 0), "the only interim answer is 100");
            rest = after;
            continue;
        }
        let (body, after) = if may_lack_body && (after.is_empty() || after.starts_with(b"HTTP/1.")) {
            (None, after)
        } else {
            body(&answer, after)
        };
        let is_complete = body.is_some() || may_lack_body;
        assert!(is_complete || is_cut, "a body is cut short: {answer:?} {}", shown(after));
        answer.body = body;
        answers.push(answer);
        rest = after;
    }
    answers
}

fn head(bytes: &[u8]) -> Option<(Answer, &[u8])> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let text = std::str::from_utf8(&bytes[..end]).expect("a head is UTF-8");
    let mut lines = text.split("\r\n");
    let status_line = lines.next().unwrap_or_default();
    let mut words = status_line.splitn(3, ' ');
    let version = words.next().unwrap_or_default();
    assert!(matches!(version, "HTTP/1.1" | "HTTP/1.0"), "{status_line}");
    let status = words.next().filter(|status| status.len() == 3).and_then(|status| status.parse().ok());
    let status = status.unwrap_or_else(|| panic!("{status_line}"));
    let fields = lines.map(field).collect();
    Some((Answer { status, fields, body: None }, &bytes[end + 4..]))
}

fn field(line: &str) -> (String, String) {
    let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("no field: {line:?}"));
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    assert!(!name.is_empty() && name.bytes().all(is_token), "no name: {line:?}");
    assert!(!value.chars().any(|one| one.is_control() && one != '\t'), "a control character: {line:?}");
    (name.to_ascii_lowercase(), value.trim_matches([' ', '\t']).to_owned())
}

/// The body behind a head, and what follows. Every answer of ours says how long it is, or comes in chunks.
fn body<'a>(answer: &Answer, bytes: &'a [u8]) -> (Option<Vec<u8>>, &'a [u8]) {
    match (answer.field("content-length"), answer.field("transfer-encoding")) {
        (Some(length), None) => {
            let is_number = !length.is_empty() && length.bytes().all(|digit| digit.is_ascii_digit());
            assert!(is_number, "{answer:?}");
            match length.parse().ok().and_then(|length| bytes.split_at_checked(length)) {
                Some((body, after)) => (Some(body.to_vec()), after),
                None => (None, &[]),
            }
        }
        (None, Some("chunked")) => chunks(bytes),
        framing => panic!("{framing:?}: {answer:?}"),
    }
}

fn chunks(bytes: &[u8]) -> (Option<Vec<u8>>, &[u8]) {
    let mut body = Vec::new();
    let mut rest = bytes;
    loop {
        let Some(end) = rest.windows(2).position(|two| two == b"\r\n") else { return (None, &[]) };
        let digits = std::str::from_utf8(&rest[..end]).expect("a size is text");
        let size = usize::from_str_radix(digits, 16).unwrap_or_else(|_| panic!("no size: {digits:?}"));
        let Some((chunk, after)) = rest[end + 2..].split_at_checked(size) else { return (None, &[]) };
        let Some((line_end, after)) = after.split_at_checked(2) else { return (None, &[]) };
        assert_eq!(line_end, b"\r\n", "a chunk ends with its line");
        body.extend_from_slice(chunk);
        rest = after;
        if size == 0 {
            return (Some(body), rest);
        }
    }
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(500)]).into_owned()
}
