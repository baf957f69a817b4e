//! nginx with a static file under the same mutual TLS, as a process of its own.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use tdam::installation::Folder;

use super::super::machine;
use crate::attack::failed::Failed;

/// Between two looks at whether it listens.
const PAUSE: Duration = Duration::from_millis(20);

/// A running nginx; killed when dropped.
#[derive(Debug)]
pub(super) struct Nginx {
    process: Child,
    pub(super) address: SocketAddr,
    /// As it names itself.
    pub(super) version: String,
}

/// The program and its version. Debian keeps it where only root looks.
pub(super) fn program() -> Result<(&'static str, String), Failed> {
    for program in ["nginx", "/usr/sbin/nginx"] {
        if let Ok(asked) = Command::new(program).arg("-v").output() {
            let printed = String::from_utf8_lossy(&asked.stderr);
            return Ok((program, printed.trim().trim_start_matches("nginx version: ").to_owned()));
        }
    }
    Err("nginx (Debian: nginx) is needed; --without-nginx leaves it out".into())
}

/// One process without log, certificates of the installation. `open_file_cache`: as an administrator sets it for such files.
fn configuration(folder: &Folder, place: &Path, address: SocketAddr) -> String {
    let (place, pki) = (place.display(), folder.pki());
    let (pki, authority) = (pki.display(), folder.authority_certificate());
    let authority = authority.display();
    format!(
        "daemon off;
master_process off;
pid {place}/nginx.pid;
error_log {place}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    open_file_cache max=16;
    default_type application/json;
    client_body_temp_path {place}/body;
    proxy_temp_path {place}/proxy;
    fastcgi_temp_path {place}/fastcgi;
    uwsgi_temp_path {place}/uwsgi;
    scgi_temp_path {place}/scgi;
    server {{
        listen {address} ssl;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate {pki}/server.pem;
        ssl_certificate_key {pki}/server.key;
        ssl_client_certificate {authority};
        ssl_verify_client on;
        root {place}/static;
    }}
}}
"
    )
}

impl Nginx {
    /// Serves `content` at `path`, on one processor.
    pub(super) fn start(
        folder: &Folder,
        place: &Path,
        path: &str,
        content: &[u8],
        core: usize,
    ) -> Result<Nginx, Failed> {
        let (program, version) = program()?;
        let file = place.join("static").join(path.trim_start_matches('/'));
        fs::create_dir_all(file.parent().ok_or("a file without a folder")?)?;
        fs::write(&file, content)?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let settings = place.join("nginx.conf");
        fs::write(&settings, configuration(folder, place, address))?;
        let log = place.join("nginx.log");
        let process = machine::pinned(core, program)
            .arg("-p")
            .arg(place)
            .arg("-e")
            .arg(&log)
            .arg("-c")
            .arg(&settings)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(place.join("nginx.start.log"))?)
            .spawn()?;
        let mut nginx = Nginx { process, address, version };
        while TcpStream::connect(address).is_err() {
            if nginx.process.try_wait()?.is_some() {
                let printed = fs::read_to_string(place.join("nginx.start.log"))? + &fs::read_to_string(log)?;
                return Err(format!("nginx does not start: {printed}").into());
            }
            thread::sleep(PAUSE);
        }
        Ok(nginx)
    }

    /// Its process.
    pub(super) fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
