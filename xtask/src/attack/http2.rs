//! HTTP/2 by hand: frames that no library would send, or would not send so often.

use std::collections::HashSet;
use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const INITIAL_WINDOW_SIZE: u16 = 4;
/// `:status: 200`, as the static table of HPACK has it.
const STATUS_200: u8 = 0x88;
/// Longest frame that is read; the server sends none longer than 16 KiB unless allowed to.
const FRAME_BYTES_MAX: usize = 1 << 20;

/// One connection that has said hello.
pub(super) struct Connection<S> {
    stream: S,
    next: u32,
    /// Streams whose answer began with status 200.
    good: HashSet<u32>,
}

/// What came.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A response has ended, or its stream was reset; good is one with status 200 that was not reset.
    Ended { is_good: bool },
    /// So many bytes of a body.
    Data(u32),
    /// Anything else; it was answered where an answer is due.
    Other,
    /// The server says goodbye.
    Goodbye,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    /// Begins, with this window for each answer.
    pub(super) async fn begin(mut stream: S, window: u32) -> io::Result<Connection<S>> {
        let mut hello = PREFACE.to_vec();
        let mut settings = INITIAL_WINDOW_SIZE.to_be_bytes().to_vec();
        settings.extend_from_slice(&window.to_be_bytes());
        frame(&mut hello, SETTINGS, 0, 0, &settings);
        stream.write_all(&hello).await?;
        stream.flush().await?;
        Ok(Connection { stream, next: 1, good: HashSet::new() })
    }

    /// Sends a request; its body, if any, is short.
    pub(super) async fn request(
        &mut self,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<()> {
        let id = self.next;
        self.next += 2;
        let mut block = Vec::new();
        let own = [(":method", method), (":scheme", "https"), (":authority", "localhost"), (":path", path)];
        for (name, value) in own.iter().chain(fields) {
            // Literal, never indexed, names and values without Huffman (RFC 7541, 6.2.3).
            block.push(0x10);
            text(&mut block, name);
            text(&mut block, value);
        }
        let mut bytes = Vec::new();
        let flags = END_HEADERS | if body.is_empty() { END_STREAM } else { 0 };
        frame(&mut bytes, HEADERS, flags, id, &block);
        if !body.is_empty() {
            frame(&mut bytes, DATA, END_STREAM, id, body);
        }
        self.stream.write_all(&bytes).await?;
        self.stream.flush().await
    }

    /// Waits for something; answers pings and settings.
    pub(super) async fn event(&mut self) -> io::Result<Event> {
        let mut head = [0; 9];
        self.stream.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let (kind, flags) = (head[3], head[4]);
        let mut payload = vec![0; (length as usize).min(FRAME_BYTES_MAX)];
        self.stream.read_exact(&mut payload).await?;
        let stream = u32::from_be_bytes([head[5] & 0x7f, head[6], head[7], head[8]]);
        let ended = flags & END_STREAM != 0;
        // Behind changes of the table's size (RFC 7541, 6.3), which no server makes longer than a few bytes.
        let mut fields = payload.iter().skip_while(|byte| **byte & 0xe0 == 0x20);
        if kind == HEADERS && fields.next() == Some(&STATUS_200) {
            self.good.insert(stream);
        }
        match kind {
            HEADERS | DATA if ended => return Ok(Event::Ended { is_good: self.good.remove(&stream) }),
            DATA => return Ok(Event::Data(length)),
            RST_STREAM => {
                self.good.remove(&stream);
                return Ok(Event::Ended { is_good: false });
            }
            GOAWAY => return Ok(Event::Goodbye),
            SETTINGS | PING if flags & ACK == 0 => {
                let mut bytes = Vec::new();
                let payload: &[u8] = if kind == PING { &payload } else { &[] };
                frame(&mut bytes, kind, ACK, 0, payload);
                self.stream.write_all(&bytes).await?;
                self.stream.flush().await?;
            }
            _ => {}
        }
        Ok(Event::Other)
    }

    /// Allows so many more bytes on the connection.
    pub(super) async fn allow(&mut self, bytes: u32) -> io::Result<()> {
        let mut update = Vec::new();
        frame(&mut update, WINDOW_UPDATE, 0, 0, &bytes.to_be_bytes());
        self.stream.write_all(&update).await?;
        self.stream.flush().await
    }
}

fn frame(to: &mut Vec<u8>, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_be_bytes();
    to.extend_from_slice(&length[1..]);
    to.extend_from_slice(&[kind, flags]);
    to.extend_from_slice(&stream.to_be_bytes());
    to.extend_from_slice(payload);
}

/// A text of HPACK: its length with a prefix of seven bits, then its bytes.
fn text(to: &mut Vec<u8>, text: &str) {
    const PREFIX_MAX: usize = 127;
    let mut length = text.len();
    if length < PREFIX_MAX {
        to.push(length as u8);
    } else {
        to.push(PREFIX_MAX as u8);
        length -= PREFIX_MAX;
        while length >= 128 {
            to.push((length % 128) as u8 | 0x80);
            length /= 128;
        }
        to.push(length as u8);
    }
    to.extend_from_slice(text.as_bytes());
}
