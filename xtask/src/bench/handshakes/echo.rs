//! A server that has nothing but tokio-rustls, with the TLS configuration that ours has for clients.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use clap::Args;
use server::TlsMaterial;
use tdam::installation::Folder;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::attack::failed::Failed;

/// Bytes that are sent back at once.
const PIECE_BYTES: usize = 4096;

/// The server; another benchmark starts it as a process of its own.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The installation whose certificates it shows and trusts.
    folder: PathBuf,
}

/// Serves until the process is ended.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(&Folder::new(&arguments.folder)))
}

async fn serve(folder: &Folder) -> Result<(), Failed> {
    let file = |name: &str| fs::read_to_string(folder.pki().join(name));
    let material = TlsMaterial {
        certificate_chain_pem: file("server.pem")?,
        private_key_pem: file("server.key")?,
        client_authorities_pem: fs::read_to_string(folder.authority_certificate())?,
    };
    let acceptor = TlsAcceptor::from(material.configuration_for_clients()?);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let acceptor = acceptor.clone();
        // A connection that fails ends alone; its sender says so.
        tokio::spawn(async move { echo(&acceptor, stream).await });
    }
}

async fn echo(acceptor: &TlsAcceptor, stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = acceptor.accept(stream).await?;
    let mut piece = [0; PIECE_BYTES];
    loop {
        let read = stream.read(&mut piece).await?;
        if read == 0 {
            return stream.shutdown().await;
        }
        stream.write_all(&piece[..read]).await?;
    }
}

/// A running echo server; killed when dropped.
pub(super) struct Echo {
    process: Child,
    address: SocketAddr,
}

impl Echo {
    pub(super) fn start(folder: &Folder) -> Result<Echo, Failed> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["bench", "echo"])
            .arg(folder.root())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = process.stdout.take().ok_or("the echo server has no output")?;
        // Killed when the address cannot be read.
        let mut echo = Echo { process, address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)) };
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        echo.address = line.trim().parse().map_err(|error| format!("the echo server does not start: {error}"))?;
        Ok(echo)
    }

    pub(super) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
