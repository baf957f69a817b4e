//! Properties that must hold for the bytes of any connection of a client. The fuzz target `http` searches for bytes
//! that break them; an ordinary test of `server` checks them for the seeds and for all earlier finds.
//!
//! The first byte of an input selects the sender and the way ([`Way`]); the rest are the bytes to send. The service is
//! the real one, from the bytes of the connection to the database, without TLS, which rustls does. The judge checks
//! frames and bodies of HTTP/2 answers; it does not unpack their header blocks, since a problem has its status in its
//! body.

mod answers;
mod frames;
mod judge;
mod service;
mod text;

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::sync::watch;

use service::Sender;
pub use service::Service;

/// The capacity of a pipe: more than an input, so that writing never waits.
const PIPE_BYTES: usize = 1 << 20;
/// An input that leaves the service waiting for more is ended after so long. Ended too early, it is another input.
const IDLE: Duration = Duration::from_millis(20);
/// Ends an input that hangs; it measures nothing.
const WATCHDOG: Duration = Duration::from_secs(300);
/// The last request of every connection; a service that still listens answers it and ends the connection.
const LAST_REQUEST: &str = "GET /v1/heartbeat HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// How the bytes of an input are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// As they are, at once.
    Bytes,
    /// As they are, in pieces.
    Pieces,
    /// As HTTP/2 frames behind the preface.
    Frames,
    /// As requests in the words of HTTP/1.1, each in an HTTP/2 stream of its own.
    Streams,
}

/// What came back on a connection.
struct Came {
    output: Vec<u8>,
    /// The client left while the service waited for more.
    is_cut: bool,
}

/// Sends an input and judges what comes back. Returns the statuses of the answers.
pub fn every_answer_is_sound(service: &Service, input: &[u8]) -> Vec<u16> {
    let Some((first, bytes)) = input.split_first() else { return Vec::new() };
    // In ASCII, so that people can write seeds: '0' is a user who may pay, sending plain bytes.
    let way = [Way::Bytes, Way::Frames, Way::Streams, Way::Pieces][usize::from(first & 3)];
    let sender = Sender::ALL[usize::from(first >> 2 & 3)];
    match way {
        Way::Bytes | Way::Pieces => {
            let sent = [bytes, LAST_REQUEST.as_bytes()].concat();
            let came = service.block_on(converse(service, sender, way, sent));
            // Our bodies never begin like a status line, so the judge recognises an answer to HEAD.
            let may_lack_body = bytes.windows(5).any(|word| word == b"HEAD ");
            let answers = answers::read(&came.output, came.is_cut, may_lack_body);
            answers.iter().map(judge::answer).collect()
        }
        Way::Frames | Way::Streams => {
            let sent = match way {
                Way::Streams => text::as_streams(bytes),
                _ => frames::with_last_request(bytes),
            };
            let came = service.block_on(converse(service, sender, way, sent));
            let bodies = frames::bodies(&came.output, way == Way::Streams);
            bodies.iter().map(|body| judge::body(body).unwrap_or(200)).collect()
        }
    }
}

/// Asks for a heartbeat on a connection of its own; there is no reason not to get one.
pub fn the_service_still_answers(service: &Service) {
    let came = service.block_on(converse(service, Sender::Manages, Way::Bytes, LAST_REQUEST.into()));
    let answers = answers::read(&came.output, came.is_cut, false);
    // A machine that stood still for a moment proves nothing.
    if !came.is_cut {
        let statuses: Vec<u16> = answers.iter().map(judge::answer).collect();
        assert_eq!(statuses, [200], "{answers:?}");
    }
}

async fn converse(service: &Service, sender: Sender, way: Way, sent: Vec<u8>) -> Came {
    let (mut ours, theirs) = tokio::io::duplex(PIPE_BYTES);
    let (stop, stopped) = watch::channel(false);
    let is_http2 = matches!(way, Way::Frames | Way::Streams);
    let serving = service.serve(theirs, sender, is_http2, stopped);
    send(&mut ours, &sent, way).await;
    let mut came = Came { output: Vec::new(), is_cut: false };
    let mut answered = 0;
    loop {
        let patience = if came.is_cut { WATCHDOG } else { IDLE };
        match tokio::time::timeout(patience, ours.read_buf(&mut came.output)).await {
            Ok(Ok(0) | Err(_)) => break,
            Ok(Ok(_)) if is_http2 => {
                let (acknowledged, is_done) = frames::acknowledge(&came.output, &mut answered);
                // A service that has left meanwhile needs none.
                let _ = ours.write_all(&acknowledged).await;
                if is_done {
                    let _ = stop.send(true);
                }
            }
            Ok(Ok(_)) => {}
            Err(_) if came.is_cut => panic!("the service does not end a connection that its client has left"),
            Err(_) => {
                came.is_cut = true;
                let _ = ours.shutdown().await;
            }
        }
    }
    serving.await.expect("the service ends a connection without panicking");
    came
}

async fn send(stream: &mut DuplexStream, bytes: &[u8], way: Way) {
    let sizes: &[usize] = if way == Way::Pieces { &[1, 7, 64, 500] } else { &[usize::MAX] };
    let mut rest = bytes;
    for size in sizes.iter().cycle() {
        let (piece, after) = rest.split_at(rest.len().min(*size));
        // A service that has refused the connection reads no more.
        if stream.write_all(piece).await.is_err() || after.is_empty() {
            return;
        }
        rest = after;
        tokio::task::yield_now().await;
    }
}
