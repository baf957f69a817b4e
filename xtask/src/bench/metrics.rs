//! What a server says of itself on its listener for metrics.

use std::net::SocketAddr;

use tokio::net::TcpStream;

use crate::attack::failed::Failed;
use crate::attack::wire;

/// The page of metrics at one moment.
#[derive(Debug)]
pub(super) struct Metrics(String);

impl Metrics {
    pub(super) async fn read(from: SocketAddr) -> Result<Metrics, Failed> {
        let mut stream = TcpStream::connect(from).await?;
        let reply = wire::call(&mut stream, "GET", "/metrics", &[], b"").await?;
        if reply.status == 200 {
            Ok(Metrics(reply.text()))
        } else {
            Err(format!("no metrics: {}", reply.short()).into())
        }
    }

    /// A metric, summed over its labels; `None` when the page has none of that name.
    pub(super) fn sum(&self, name: &str) -> Option<f64> {
        sum(&self.0, name)
    }
}

/// A metric of a page, summed over its labels; `None` when the page has none of that name.
pub(super) fn sum(page: &str, name: &str) -> Option<f64> {
    let values = page.lines().filter_map(|line| {
        let rest = line.strip_prefix(name)?;
        let value = if rest.starts_with('{') { rest.rsplit_once('}')?.1 } else { rest.strip_prefix(' ')? };
        value.trim().parse::<f64>().ok()
    });
    values.fold(None, |sum, value| Some(sum.unwrap_or(0.0) + value))
}
