//! The socket in the data folder at which a running service does what its operator asks.
//!
//! Its file mode admits the user of the service, and root; and so does each conversation, by the user that the kernel reports at the
//! other end, since the socket is there before its mode is. A conversation is one line of JSON each way. The audit names that user.

use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use exchange::Exchange;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;

use super::perform::perform;
use super::request::Act;

/// Its name in the data folder.
pub(crate) const NAME: &str = "operator.sock";

/// Bytes of a request.
const REQUEST_BYTES_MAX: u64 = 16 << 10;
/// Time limit of one conversation.
pub(super) const CONVERSATION_MAX: Duration = Duration::from_secs(60);
/// How long the service rests when it cannot take a connection.
const REST: Duration = Duration::from_secs(1);

/// Opens the socket. The caller holds the folder's lock, so one that is there is left over.
pub(crate) fn open(folder: &Path) -> io::Result<UnixListener> {
    let path = folder.join(NAME);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let (_open, place) = place(folder)?;
    let listener = UnixListener::bind(place)?;
    fs::set_permissions(&path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// The socket's path by way of the open folder: a socket's address has room for some hundred bytes only.
pub(super) fn place(folder: &Path) -> io::Result<(File, PathBuf)> {
    let folder = File::open(folder)?;
    let place = format!("/proc/self/fd/{}/{NAME}", folder.as_raw_fd()).into();
    Ok((folder, place))
}

/// Does what is asked at the socket, one after the other, until `stopping` becomes true.
pub(crate) async fn serve(
    listener: UnixListener,
    folder: PathBuf,
    exchange: Exchange,
    mut stopping: watch::Receiver<bool>,
) {
    let conversations = async {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => match tokio::time::timeout(CONVERSATION_MAX, converse(stream, &exchange)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => tracing::warn!(%error, "a conversation with the operator broke off"),
                    Err(_) => tracing::warn!("a conversation with the operator took too long"),
                },
                Err(error) => {
                    tracing::warn!(%error, "the operator's socket takes no connection");
                    tokio::time::sleep(REST).await;
                }
            }
        }
    };
    tokio::select! {
        () = conversations => {}
        _ = stopping.wait_for(|stop| *stop) => {}
    }
    // While the folder's lock is held, this is ours.
    let _ = fs::remove_file(folder.join(NAME));
}

/// Whether a user of this machine may ask: the service's own, and root.
fn may_ask(uid: u32) -> bool {
    uid == 0 || uid == rustix::process::geteuid().as_raw()
}

async fn converse(mut stream: UnixStream, exchange: &Exchange) -> io::Result<()> {
    let uid = stream.peer_cred()?.uid();
    if !may_ask(uid) {
        tracing::warn!(uid, "another user of this machine asks at the operator's socket, and gets no answer");
        return Ok(());
    }
    let (reading, mut writing) = stream.split();
    let mut line = String::new();
    BufReader::new(reading.take(REQUEST_BYTES_MAX)).read_line(&mut line).await?;
    let act: Act = serde_json::from_str(&line)?;
    tracing::info!(uid, ?act, "the operator asks");
    let answer = perform(&exchange.operator(), uid, &act).await;
    let mut line = serde_json::to_vec(&answer)?;
    line.push(b'\n');
    writing.write_all(&line).await?;
    writing.shutdown().await
}
