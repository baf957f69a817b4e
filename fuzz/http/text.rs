//! Requests in the words of HTTP/1.1 as HTTP/2 streams, so that a change of a text is a change of a request and not
//! just of a length.

use super::frames::{self, END_HEADERS, END_STREAM};

/// Frames with the text's requests, and a last request.
pub(super) fn as_streams(text: &[u8]) -> Vec<u8> {
    let mut frames = frames::preface();
    let mut rest = text;
    let mut stream = 1;
    while let Some(end) = rest.windows(4).position(|four| four == b"\r\n\r\n") {
        let (head, after) = (&rest[..end], &rest[end + 4..]);
        let fields: Vec<(&[u8], &[u8])> = head.split(|byte| *byte == b'\n').skip(1).filter_map(field).collect();
        let length = fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(b"content-length"));
        let length = length.and_then(|(_, value)| std::str::from_utf8(value).ok()?.parse().ok());
        let (body, after) = after.split_at(after.len().min(length.unwrap_or(0)));
        request(&mut frames, stream, head, &fields, body);
        rest = after;
        stream += 2;
    }
    frames::last_request(&mut frames, stream);
    frames
}

fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    Some((&line[..colon], line[colon + 1..].trim_ascii()))
}

fn request(frames: &mut Vec<u8>, stream: u32, head: &[u8], fields: &[(&[u8], &[u8])], body: &[u8]) {
    let first_line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let mut words = first_line.trim_ascii().split(|byte| *byte == b' ');
    let mut block = Vec::new();
    frames::literal(&mut block, b":method", words.next().unwrap_or_default());
    frames::literal(&mut block, b":scheme", b"https");
    frames::literal(&mut block, b":path", words.next().unwrap_or_default());
    for (name, value) in fields {
        match name.to_ascii_lowercase().as_slice() {
            // Must stand before the others.
            b"host" => {
                let mut authority = Vec::new();
                frames::literal(&mut authority, b":authority", value);
                block.splice(0..0, authority);
            }
            name => frames::literal(&mut block, name, value),
        }
    }
    let is_whole = if body.is_empty() { END_STREAM } else { 0 };
    frames::frame(frames, frames::HEADERS, END_HEADERS | is_whole, stream, &block);
    let mut pieces = body.chunks(1000).peekable();
    while let Some(piece) = pieces.next() {
        let is_last = if pieces.peek().is_none() { END_STREAM } else { 0 };
        frames::frame(frames, frames::DATA, is_last, stream, piece);
    }
}
