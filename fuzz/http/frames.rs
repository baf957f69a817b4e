//! HTTP/2 frames (RFC 9113), written for the service and read strictly from it.

use std::collections::BTreeMap;

pub(super) const DATA: u8 = 0;
pub(super) const HEADERS: u8 = 1;
const PRIORITY: u8 = 2;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PUSH_PROMISE: u8 = 5;
const PING: u8 = 6;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;

const INITIAL_WINDOW_SIZE: u16 = 4;
const WINDOW_BYTES: u32 = 1 << 30;
pub(super) const END_STREAM: u8 = 1;
const ACK: u8 = 1;
pub(super) const END_HEADERS: u8 = 4;
const HEAD_BYTES: usize = 9;
/// Longest payload without an agreement on more.
const PAYLOAD_BYTES_MAX: usize = 16 << 10;
/// The last stream that a connection can have.
const LAST_STREAM: u32 = 0x7fff_ffff;

/// A frame of the service.
#[derive(Clone, Copy)]
struct Frame<'a> {
    kind: u8,
    flags: u8,
    stream: u32,
    payload: &'a [u8],
}

/// The first bytes of a client.
pub(super) fn preface() -> Vec<u8> {
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    // Room for every answer, each and together; an input can take it back.
    let mut settings = INITIAL_WINDOW_SIZE.to_be_bytes().to_vec();
    settings.extend(WINDOW_BYTES.to_be_bytes());
    frame(&mut bytes, SETTINGS, 0, 0, &settings);
    frame(&mut bytes, WINDOW_UPDATE, 0, 0, &WINDOW_BYTES.to_be_bytes());
    bytes
}

/// Frames of an input behind a preface, and a last request.
pub(super) fn with_last_request(frames: &[u8]) -> Vec<u8> {
    let mut bytes = preface();
    bytes.extend_from_slice(frames);
    last_request(&mut bytes, LAST_STREAM);
    bytes
}

/// A request for a heartbeat.
pub(super) fn last_request(bytes: &mut Vec<u8>, stream: u32) {
    // `:method: GET` and `:scheme: https` stand in the static table.
    let mut block = vec![0x82, 0x87];
    literal(&mut block, b":authority", b"localhost");
    literal(&mut block, b":path", b"/v1/heartbeat");
    literal(&mut block, b"x-request-id", b"last");
    frame(bytes, HEADERS, END_HEADERS | END_STREAM, stream, &block);
}

/// Writes a frame.
pub(super) fn frame(bytes: &mut Vec<u8>, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
    let length = u32::try_from(payload.len()).expect("a short payload").to_be_bytes();
    bytes.extend_from_slice(&length[1..]);
    bytes.extend([kind, flags]);
    bytes.extend(stream.to_be_bytes());
    bytes.extend_from_slice(payload);
}

/// Writes a header field that no table remembers (RFC 7541, 6.2.2).
pub(super) fn literal(block: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    block.push(0);
    for text in [name, value] {
        let mut length = text.len();
        if length < 127 {
            block.push(length as u8);
        } else {
            block.push(127);
            length -= 127;
            while length >= 128 {
                block.push(length as u8 | 128);
                length /= 128;
            }
            block.push(length as u8);
        }
        block.extend_from_slice(text);
    }
}

fn next(bytes: &[u8]) -> Option<(Frame<'_>, &[u8])> {
    let (head, rest) = bytes.split_at_checked(HEAD_BYTES)?;
    let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
    let (payload, rest) = rest.split_at_checked(length)?;
    let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
    Some((Frame { kind: head[3], flags: head[4], stream, payload }, rest))
}

/// The client's replies to the frames that came since, and whether the last stream it opened has its answer.
pub(super) fn acknowledge(output: &[u8], read: &mut usize) -> (Vec<u8>, bool) {
    let mut owed = Vec::new();
    let mut is_done = false;
    while let Some((one, rest)) = next(&output[*read..]) {
        *read = output.len() - rest.len();
        match one.kind {
            PING | SETTINGS if one.flags & ACK == 0 => {
                let payload = if one.kind == PING { one.payload } else { &[] };
                frame(&mut owed, one.kind, ACK, 0, payload);
            }
            // Streams end in any order; one that is still open when the first ends delays the stop that follows.
            DATA | HEADERS if one.flags & END_STREAM != 0 => is_done = true,
            RST_STREAM => is_done = true,
            _ => {}
        }
    }
    (owed, is_done)
}

/// The whole bodies of the answers.
pub(super) fn bodies(output: &[u8], is_plain_client: bool) -> Vec<Vec<u8>> {
    #[derive(Default)]
    struct Stream {
        has_head: bool,
        body: Vec<u8>,
        is_ended: bool,
    }
    let mut streams: BTreeMap<u32, Stream> = BTreeMap::new();
    let mut continues: Option<u32> = None;
    let mut rest = output;
    // The bytes behind the last whole frame were cut off.
    while let Some((one, after)) = next(rest) {
        rest = after;
        let Frame { kind, flags, stream, payload } = one;
        assert!(!is_plain_client || payload.len() <= PAYLOAD_BYTES_MAX, "a frame of {} bytes", payload.len());
        assert_eq!(continues.is_some(), kind == CONTINUATION, "a header block is whole");
        assert!(continues.is_none_or(|continued| continued == stream), "a header block is of one stream");
        match kind {
            PUSH_PROMISE => panic!("nothing is pushed"),
            HEADERS | DATA | CONTINUATION => {
                assert_eq!(stream % 2, 1, "streams are the client's");
                let known = streams.entry(stream).or_default();
                assert!(!known.is_ended || kind == CONTINUATION, "a frame behind the end of stream {stream}");
                if kind == DATA {
                    assert!(known.has_head, "a body without a head");
                    known.body.extend_from_slice(payload);
                }
                known.has_head = true;
                known.is_ended |= kind != CONTINUATION && flags & END_STREAM != 0;
                if kind != DATA {
                    continues = (flags & END_HEADERS == 0).then_some(stream);
                }
            }
            PRIORITY | RST_STREAM | SETTINGS | PING | WINDOW_UPDATE | 7 => {}
            _ => panic!("a frame of kind {kind}"),
        }
    }
    streams.into_values().filter(|stream| stream.is_ended).map(|stream| stream.body).collect()
}
