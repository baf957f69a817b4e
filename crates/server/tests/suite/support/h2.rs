//! HTTP/2 by hand: for clients that make no room for answers, or only keep a connection alive.
//!
//! Just enough of RFC 9113 and RFC 7541: requests without body, literal header fields, no Huffman coding.

use std::sync::Arc;
use std::time::Duration;

use pki::Issued;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::World;

const SETTINGS: u8 = 4;
const PING: u8 = 6;
const HEADERS: u8 = 1;
const DATA: u8 = 0;
const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const INITIAL_WINDOW_SIZE: u16 = 4;

pub struct RawH2 {
    stream: TlsStream<TcpStream>,
    next: u32,
}

pub struct Frame {
    pub kind: u8,
    pub stream: u32,
    pub payload: Vec<u8>,
}

impl RawH2 {
    /// Connects, and offers so much room for each answer.
    pub async fn connect(world: &World, identity: &Issued, window: u32) -> RawH2 {
        let socket = TcpStream::connect(world.addresses.secure).await.unwrap();
        let connector = TlsConnector::from(Arc::new(world.tls(Some(identity), &["h2"])));
        let stream = connector.connect("localhost".try_into().unwrap(), socket).await.unwrap();
        let mut raw = RawH2 { stream, next: 1 };
        raw.stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
        let mut window_setting = INITIAL_WINDOW_SIZE.to_be_bytes().to_vec();
        window_setting.extend(window.to_be_bytes());
        raw.frame(SETTINGS, 0, 0, &window_setting).await.unwrap();
        raw
    }

    async fn frame(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> std::io::Result<()> {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let mut frame = length[1..].to_vec();
        frame.extend([kind, flags]);
        frame.extend(stream.to_be_bytes());
        frame.extend(payload);
        self.stream.write_all(&frame).await?;
        self.stream.flush().await
    }

    /// Asks for a path; returns the number of the stream.
    pub async fn get(&mut self, path: &str) -> u32 {
        // `:method: GET`, `:scheme: https` from the static table; `:path` and `:authority` with their values.
        let mut fields = vec![0x82, 0x87];
        for (name, value) in [(0x04, path), (0x01, "localhost")] {
            fields.push(name);
            fields.push(u8::try_from(value.len()).unwrap());
            fields.extend(value.as_bytes());
        }
        let stream = self.next;
        self.next += 2;
        // END_HEADERS, END_STREAM
        self.frame(HEADERS, 0x04 | END_STREAM, stream, &fields).await.unwrap();
        stream
    }

    /// The next frame, pings and settings being acknowledged; `None` when the connection has ended.
    pub async fn next(&mut self) -> Option<Frame> {
        let deadline = Duration::from_secs(60);
        tokio::time::timeout(deadline, self.read_frame()).await.expect("neither a frame nor an end came")
    }

    async fn read_frame(&mut self) -> Option<Frame> {
        loop {
            let mut head = [0; 9];
            // An abrupt end is an end too.
            self.stream.read_exact(&mut head).await.ok()?;
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            let (kind, flags) = (head[3], head[4]);
            let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
            let mut payload = vec![0; usize::try_from(length).unwrap()];
            self.stream.read_exact(&mut payload).await.ok()?;
            if (kind == PING || kind == SETTINGS) && flags & ACK == 0 {
                let answer = if kind == PING { payload } else { Vec::new() };
                let _ = self.frame(kind, ACK, 0, &answer).await;
                continue;
            }
            if kind != PING && kind != SETTINGS {
                return Some(Frame { kind, stream, payload });
            }
        }
    }

    /// Waits for the head of the answer on a stream.
    pub async fn head_of(&mut self, stream: u32) {
        loop {
            let frame = self.next().await.expect("the connection ended before the answer");
            if frame.kind == HEADERS && frame.stream == stream {
                return;
            }
        }
    }

    /// Reads until the connection has ended; returns the bytes of answers that came.
    pub async fn until_the_end(&mut self) -> usize {
        let mut bytes = 0;
        while let Some(frame) = self.next().await {
            bytes += if frame.kind == DATA { frame.payload.len() } else { 0 };
        }
        bytes
    }
}
