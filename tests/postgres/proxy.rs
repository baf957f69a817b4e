//! A small proxy before the database that makes trouble on request.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// The trouble that the proxy makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    None,
    /// The next commit does not reach the database.
    CutBeforeCommit,
    /// The next commit reaches the database, its answer does not come back.
    CutAfterCommit,
    /// A commit has no effect and gets no answer; everything else passes. As on a primary that its replicas have left.
    SwallowCommits,
    /// Connections end after so many bytes from the database.
    CutAfterBytes(usize),
    /// Nothing passes any more, in either direction, without an error.
    BlackHole,
    /// The same, and for the database the connections have ended. As when a machine stands still and another has taken
    /// over, which does not know the transactions under way.
    Replaced,
    /// Nothing passes any more, without an error; afterwards the bytes sent meanwhile arrive after all.
    Standstill,
    /// Everything passes so much later.
    Delay(Duration),
    /// New connections are refused, old ones ended.
    Down,
}

pub(crate) struct Proxy {
    port: u16,
    state: Arc<State>,
}

struct State {
    trouble: Mutex<Trouble>,
    /// Client's end, database's end.
    connections: Mutex<Vec<[TcpStream; 2]>>,
    accepted: AtomicU32,
    cuts: AtomicU32,
}

impl Proxy {
    pub(crate) fn before(port: u16) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = listener.local_addr().unwrap().port();
        let state = Arc::new(State {
            trouble: Mutex::new(Trouble::None),
            connections: Mutex::default(),
            accepted: AtomicU32::new(0),
            cuts: AtomicU32::new(0),
        });
        let accepted = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                accepted.accepted.fetch_add(1, Ordering::SeqCst);
                if accepted.trouble() == Trouble::Down {
                    continue;
                }
                if accepted.trouble() == Trouble::Replaced {
                    let state = Arc::clone(&accepted);
                    thread::spawn(move || state.keep_waiting(&client));
                    continue;
                }
                let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else { continue };
                let mut connections = accepted.connections.lock().unwrap();
                connections.push([client.try_clone().unwrap(), server.try_clone().unwrap()]);
                drop(connections);
                let up = (client.try_clone().unwrap(), server.try_clone().unwrap(), Arc::clone(&accepted));
                let down = (server, client, Arc::clone(&accepted));
                thread::spawn(move || forward(up.0, up.1, &up.2, true));
                thread::spawn(move || forward(down.0, down.1, &down.2, false));
            }
        });
        Proxy { port: own, state }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn make(&self, trouble: Trouble) {
        *self.state.trouble.lock().unwrap() = trouble;
        for [client, server] in self.state.connections.lock().unwrap().iter() {
            if [Trouble::Down, Trouble::Replaced].contains(&trouble) {
                let _ = server.shutdown(Shutdown::Both);
            }
            if trouble == Trouble::Down {
                let _ = client.shutdown(Shutdown::Both);
            }
        }
    }

    /// How many connections were asked for.
    pub(crate) fn accepted(&self) -> u32 {
        self.state.accepted.load(Ordering::SeqCst)
    }

    /// How many connections were cut.
    pub(crate) fn cuts(&self) -> u32 {
        self.state.cuts.load(Ordering::SeqCst)
    }
}

impl State {
    fn trouble(&self) -> Trouble {
        *self.trouble.lock().unwrap()
    }

    fn wait_while(&self, trouble: Trouble) {
        while self.trouble() == trouble {
            thread::park_timeout(Duration::from_millis(20));
        }
    }

    /// Ends a connection after the trouble.
    fn keep_waiting(&self, client: &TcpStream) {
        self.wait_while(self.trouble());
        let _ = client.shutdown(Shutdown::Both);
    }

    /// Takes trouble that comes once.
    fn take(&self, expected: Trouble) -> bool {
        let mut trouble = self.trouble.lock().unwrap();
        let is_it = *trouble == expected;
        if is_it {
            *trouble = Trouble::None;
        }
        is_it
    }

    fn cut(&self, ends: [&TcpStream; 2]) {
        self.cuts.fetch_add(1, Ordering::SeqCst);
        for end in ends {
            let _ = end.shutdown(Shutdown::Both);
        }
    }
}

fn forward(mut from: TcpStream, mut to: TcpStream, state: &State, towards_database: bool) {
    let mut buffer = vec![0; 64 * 1024];
    let mut passed = 0;
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        let bytes = &buffer[..count];
        match state.trouble() {
            trouble @ (Trouble::BlackHole | Trouble::Replaced) => {
                state.wait_while(trouble);
                return state.cut([&from, &to]);
            }
            Trouble::Standstill => state.wait_while(Trouble::Standstill),
            Trouble::Delay(time) => thread::sleep(time),
            Trouble::CutAfterBytes(limit) if !towards_database => {
                passed += count;
                if passed > limit {
                    return state.cut([&from, &to]);
                }
            }
            trouble if towards_database && bytes.windows(7).any(|some| some == b"COMMIT\0") => {
                if trouble == Trouble::SwallowCommits {
                    let _ = to.shutdown(Shutdown::Both);
                    return state.keep_waiting(&from);
                }
                if trouble == Trouble::CutBeforeCommit && state.take(trouble) {
                    return state.cut([&from, &to]);
                }
                if trouble == Trouble::CutAfterCommit && state.take(trouble) {
                    // First the way back is closed, then the commit goes its way.
                    let _ = from.shutdown(Shutdown::Both);
                    let _ = to.write_all(bytes);
                    state.cuts.fetch_add(1, Ordering::SeqCst);
                    let _ = to.shutdown(Shutdown::Write);
                    return;
                }
            }
            _ => {}
        }
        if to.write_all(bytes).is_err() {
            break;
        }
    }
    if !towards_database && [Trouble::Replaced, Trouble::SwallowCommits].contains(&state.trouble()) {
        return state.keep_waiting(&to);
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
