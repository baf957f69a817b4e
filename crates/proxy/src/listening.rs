//! Opens the listener, and takes connections of those who may call.

use std::fs::{self, Permissions};
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::UnixStream as BlockingStream;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};
use tokio::time::Instant;

use crate::address::{Listen, is_loopback};
use crate::bounds;
use crate::strangers::Strangers;

/// A connection, whatever it runs on.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// An open listener.
pub(crate) enum Listening {
    Tcp { listener: TcpListener, address: SocketAddr, networks: Vec<IpNet>, strangers: Strangers },
    Unix { listener: UnixListener, path: PathBuf },
}

impl Listening {
    pub(crate) async fn open(listen: &Listen) -> io::Result<Listening> {
        match listen {
            Listen::Tcp { address, networks } => {
                let listener = TcpListener::bind(address).await?;
                let address = listener.local_addr()?;
                Ok(Listening::Tcp { listener, address, networks: networks.clone(), strangers: Strangers::default() })
            }
            Listen::Unix { path, mode } => {
                remove_left_over(path)?;
                // Until its mode is set, the umask of the program lets nobody else in.
                let listener = UnixListener::bind(path)?;
                fs::set_permissions(path, Permissions::from_mode(*mode))?;
                Ok(Listening::Unix { listener, path: path.clone() })
            }
        }
    }

    /// Where it is, for people.
    pub(crate) fn place(&self) -> String {
        match self {
            Listening::Tcp { address, .. } => format!("http://{address}"),
            Listening::Unix { path, .. } => path.display().to_string(),
        }
    }

    /// The next connection of somebody who may call.
    pub(crate) async fn accept(&mut self) -> Box<dyn Stream> {
        loop {
            let accepted: io::Result<Option<Box<dyn Stream>>> = match self {
                Listening::Tcp { listener, networks, strangers, .. } => {
                    let accepted = tokio::select! {
                        accepted = listener.accept() => accepted,
                        () = strangers.end_of_minute() => continue,
                    };
                    accepted.map(|(stream, from)| {
                        // Answers are written whole; waiting to fill a packet only delays them.
                        let _ = stream.set_nodelay(true);
                        let may_call = may_call(from.ip(), networks);
                        if !may_call && strangers.is_first(Instant::now()) {
                            tracing::warn!(address = %from.ip(), "a machine called that is in none of the networks");
                        }
                        may_call.then(|| Box::new(stream) as Box<dyn Stream>)
                    })
                }
                Listening::Unix { listener, .. } => {
                    listener.accept().await.map(|(stream, _)| Some(Box::new(stream) as Box<dyn Stream>))
                }
            };
            match accepted {
                Ok(Some(stream)) => return stream,
                Ok(None) => {}
                Err(error) => {
                    // Out of file handles, or the program left at once: no reason to stop, and none to spin.
                    tracing::debug!(%error, "a connection could not be accepted");
                    tokio::time::sleep(bounds::ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Listening::Unix { path, .. } = self {
            // One that stays is left over, and the next start removes it.
            let _ = fs::remove_file(path);
        }
    }
}

fn may_call(address: IpAddr, networks: &[IpNet]) -> bool {
    let address = address.to_canonical();
    is_loopback(address) || networks.iter().any(|network| network.contains(&address))
}

/// A socket at which nobody listens any more.
fn remove_left_over(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(there) if !there.file_type().is_socket() => {
            Err(io::Error::new(ErrorKind::AlreadyExists, "something else than a socket is there"))
        }
        Ok(_) if BlockingStream::connect(path).is_ok() => {
            Err(io::Error::new(ErrorKind::AddrInUse, "another program listens at it"))
        }
        Ok(_) => fs::remove_file(path),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn only_machines_of_the_networks_may_call() {
        let networks = ["10.0.0.0/24".parse().unwrap()];
        for (address, may) in
            [("10.0.0.7", true), ("::ffff:10.0.0.7", true), ("10.0.1.7", false), ("127.0.0.1", true), ("::1", true)]
        {
            assert_eq!(may_call(address.parse().unwrap(), &networks), may, "{address}");
        }
    }

    #[test]
    fn a_left_over_socket_is_removed_and_a_file_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("proxy.sock");
        assert!(remove_left_over(&path).is_ok());
        let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
        assert_eq!(remove_left_over(&path).unwrap_err().kind(), ErrorKind::AddrInUse);
        drop(listener);
        remove_left_over(&path).unwrap();
        assert!(!path.exists());
        fs::write(&path, "a letter").unwrap();
        assert!(remove_left_over(&path).is_err() && path.exists());
    }
}
