//! A line between a client and the service, which holds answers back and is cut as a test says. It sees TCP only.
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// Bytes of a client on one connection from which on its answer is held back: far more than a handshake has.
const HELD_FROM_BYTES: u64 = 500_000;

#[derive(Default)]
struct State {
    holds: AtomicBool,
    is_down: AtomicBool,
    held: AtomicU64,
    connections: Mutex<Vec<[TcpStream; 2]>>,
}

pub struct Line {
    pub port: u16,
    state: Arc<State>,
}

impl Line {
    pub fn before(port: u16) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = listener.local_addr().unwrap().port();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if shared.is_down.load(Ordering::SeqCst) {
                    continue;
                }
                let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else { continue };
                let ends = || [client.try_clone().unwrap(), server.try_clone().unwrap()];
                shared.connections.lock().unwrap().push(ends());
                let sent = Arc::new(AtomicU64::new(0));
                let ([from, to], count) = (ends(), Arc::clone(&sent));
                let counts = move |bytes| {
                    count.fetch_add(bytes, Ordering::SeqCst);
                };
                thread::spawn(move || pass(from, to, counts));
                let ([to, from], shared) = (ends(), Arc::clone(&shared));
                thread::spawn(move || {
                    let passes = |_| {
                        if shared.holds.load(Ordering::SeqCst) && sent.load(Ordering::SeqCst) >= HELD_FROM_BYTES {
                            shared.held.fetch_add(1, Ordering::SeqCst);
                            while shared.holds.load(Ordering::SeqCst) {
                                thread::sleep(crate::BETWEEN_LOOKS);
                            }
                        }
                    };
                    pass(from, to, passes);
                });
            }
        });
        Line { port: own, state }
    }

    /// From now on answers to large requests do not pass.
    pub fn hold_answers(&self) {
        self.state.holds.store(true, Ordering::SeqCst);
    }

    /// Waits until an answer is held back. Only the runner of the test bounds the time.
    pub fn until_held(&self) {
        while self.state.held.load(Ordering::SeqCst) == 0 {
            thread::sleep(crate::BETWEEN_LOOKS);
        }
    }

    /// Cuts every connection, and what is held back with it; new ones are made.
    pub fn cut(&self) {
        for [client, server] in self.state.connections.lock().unwrap().drain(..) {
            // One that has ended already cannot be cut.
            let _ = client.shutdown(Shutdown::Both);
            let _ = server.shutdown(Shutdown::Both);
        }
        self.state.holds.store(false, Ordering::SeqCst);
    }

    /// Refuses new connections, or takes them again.
    pub fn set_down(&self, is_down: bool) {
        self.state.is_down.store(is_down, Ordering::SeqCst);
        self.cut();
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, before: impl Fn(u64)) {
    let mut piece = vec![0; 64 << 10];
    while let Ok(count @ 1..) = from.read(&mut piece) {
        before(count as u64);
        if to.write_all(&piece[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
