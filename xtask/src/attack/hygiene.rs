//! The low rows about HTTP and answers to clients: requests that no library sends.

use tokio::io::AsyncWriteExt as _;

use super::failed::Failed;
use super::outcome::Outcome;
use super::readers;
use super::server::{ATTACKER_ADDRESS, Installation, Start};
use super::testbed::Testbed;
use super::wire::{self, Reply, Speaks};

/// Requests, and the result that they must not have.
const REQUESTS: &[(&str, &str)] = &[
    ("a request without Host", "GET /v1/heartbeat HTTP/1.1\r\n\r\n"),
    ("a request with two Hosts", "GET /v1/heartbeat HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n"),
    (
        "Transfer-Encoding: gzip, chunked",
        "POST /v1/payments HTTP/1.1\r\nhost: a\r\ncontent-type: application/xml\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "a length and chunks",
        "POST /v1/payments HTTP/1.1\r\nhost: a\r\ncontent-type: application/xml\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
];

/// Low: requests against the grammar of HTTP.
pub(super) fn requests(testbed: &Testbed) -> Result<Outcome, Failed> {
    let installation = testbed.install(&[])?;
    let mut server = installation.serve(&Start::default())?;
    let mut outcome = testbed.outcome("requests that no library sends", format!("{} of them", REQUESTS.len()));
    for (name, request) in REQUESTS {
        let heard = raw(&installation, request.as_bytes());
        // The server may refuse by ending the connection; it may read chunks sent with a length as chunks (RFC 9112,
        // 6.3).
        let (shown, is_refused) = match &heard {
            Ok(reply) => (reply.short(), matches!(reply.status, 400 | 501)),
            Err(error) => (error.to_string(), true),
        };
        outcome.bound(format!("{name} is refused"), shown, is_refused);
    }
    for (name, date) in [("year 99999", "99999-01-01"), ("year -0001", "-0001-01-01")] {
        let xml = String::from_utf8(super::victim::one_payment()?)?;
        let (before, rest) = xml.split_once("<ReqdExctnDt>").ok_or("no date in the message")?;
        let (_, after) = rest.split_once("</ReqdExctnDt>").ok_or("no date in the message")?;
        let changed = format!("{before}<ReqdExctnDt><Dt>{date}</Dt></ReqdExctnDt>{after}");
        let reply = readers::send(&installation, "victim", changed.as_bytes(), &[])?;
        let text = reply.text();
        let misleads = text.contains("must give ReqdExctnDt") || text.contains("jānorāda ReqdExctnDt");
        outcome.bound(
            format!("{name} is told as what it is"),
            text.chars().take(200).collect::<String>(),
            !misleads && reply.status < 500,
        );
    }
    outcome.process(&mut server);
    Ok(outcome)
}

fn raw(installation: &Installation, request: &[u8]) -> Result<Reply, Failed> {
    let identity = installation.identity("attacker-manage", Speaks::Http1, ATTACKER_ADDRESS)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut stream = identity.connect(installation.secure).await?;
        stream.write_all(request).await?;
        stream.flush().await?;
        tokio::time::timeout(std::time::Duration::from_secs(10), wire::read(&mut stream)).await?
    })
}
