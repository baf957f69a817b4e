//! The proxy as a value: started, running, stopped.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use client::{Client, Event, Heartbeat, Retries};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

use crate::address::{Listen, is_loopback};
use crate::admission::OwnNames;
use crate::bounds;
use crate::handler::Handler;
use crate::health::State;
use crate::listening::{Listening, Stream};
use crate::renewal;
use crate::settings::Settings;
use crate::spool;
use crate::unread::ReadWatch;

/// Why a proxy could not start.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    /// The address or socket cannot be had.
    #[error("the proxy cannot listen on {place}: {source}")]
    Listen {
        /// Where.
        place: String,
        /// Why.
        source: io::Error,
    },
    /// The connection to the exchange cannot be set up.
    #[error(transparent)]
    Client(#[from] client::Error),
}

/// A running proxy.
pub struct Running {
    place: String,
    client: Client,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
    watching: JoinHandle<()>,
    stop_timeout: Duration,
}

impl Settings {
    /// Calls the exchange once: is the proxy let in, as whom, and until when?
    ///
    /// # Errors
    /// As a heartbeat of the library.
    pub async fn try_out(self) -> Result<Heartbeat, client::Error> {
        self.client.retries(Retries::none()).build()?.heartbeat().await
    }
}

impl Running {
    /// Opens the listener and serves. Whether the exchange answers does not matter yet.
    ///
    /// # Errors
    /// The address is taken, or the identity cannot be used.
    pub async fn start(settings: Settings) -> Result<Running, ProxyError> {
        let Settings { sources, client, spool, user, open_secrets } = settings;
        for finding in &open_secrets {
            tracing::warn!("{finding}");
        }
        match spool::remove_left_over(&spool, user) {
            Ok(0) => {}
            Ok(files) => tracing::info!(files, "messages are removed that a proxy left which was killed"),
            Err(error) => {
                tracing::warn!(%error, "the folder spool cannot be listed: what a proxy left there that was killed stays");
            }
        }
        let client =
            client.on_event(log).on_warning(|warning| tracing::warn!(%warning, "the exchange warns")).build()?;
        let listening = Listening::open(&sources.listen)
            .await
            .map_err(|source| ProxyError::Listen { place: place_of(&sources.listen), source })?;
        let place = listening.place();
        let state = Arc::new(State::new(sources.url, sources.renew_days_ahead));
        let handler = Arc::new(Handler {
            client: client.clone(),
            state: Arc::clone(&state),
            own_names: own_names(&sources.listen, sources.names),
            signs: sources.signs,
            spool,
            body_bytes_max: sources.body_bytes_max,
            idle: sources.timeout,
            whole: sources.call_timeout,
        });
        let (stop, stopping) = watch::channel(false);
        let accepting = accept(listening, handler, sources.connections_max, sources.stop_timeout, stopping.clone());
        let watching = renewal::watch(client.clone(), state, sources.renew_days_ahead, stopping);
        Ok(Running {
            place,
            client,
            stop,
            accepting: tokio::spawn(accepting),
            watching: tokio::spawn(watching),
            stop_timeout: sources.stop_timeout,
        })
    }

    /// Where it listens: `http://127.0.0.1:8800`, or the path of a socket.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Reads certificate and key again.
    ///
    /// # Errors
    /// They cannot be read; the proxy goes on with those that it has.
    pub fn reload(&self) -> Result<(), client::Error> {
        self.client.reload()
    }

    /// Takes no more requests, lets those under way end for the time allowed, and returns.
    pub async fn stop(mut self) {
        // Without a receiver everything has stopped already.
        let _ = self.stop.send(true);
        if let Err(error) = self.accepting.await {
            tracing::error!(%error, "a part of the proxy failed");
        }
        if tokio::time::timeout(self.stop_timeout, &mut self.watching).await.is_err() {
            // The renewal left on disk what the next one goes on with.
            self.watching.abort();
        }
    }
}

/// Attempts and pauses, for who looks closer; failures for everybody.
fn log(event: &Event) {
    match event {
        Event::Failed { .. } | Event::Unreadable { .. } => tracing::warn!("{event}"),
        Event::Identity { .. } => tracing::info!("{event}"),
        _ => tracing::debug!("{event}"),
    }
}

fn place_of(listen: &Listen) -> String {
    match listen {
        Listen::Tcp { address, .. } => address.to_string(),
        Listen::Unix { path, .. } => path.display().to_string(),
    }
}

fn own_names(listen: &Listen, names: Vec<String>) -> OwnNames {
    match listen {
        Listen::Unix { .. } => OwnNames::Any,
        Listen::Tcp { address, .. } if is_loopback(address.ip()) => OwnNames::Loopback(names),
        Listen::Tcp { .. } => OwnNames::Addresses(names),
    }
}

async fn accept(
    mut listening: Listening,
    handler: Arc<Handler>,
    connections_max: usize,
    stop_timeout: Duration,
    mut stopping: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(connections_max));
    let mut connections = JoinSet::new();
    loop {
        // Finished connections are forgotten as they end, so the set does not grow.
        while connections.try_join_next().is_some() {}
        let next = async {
            // Who has no place waits where the system keeps those who call.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (place, listening.accept().await)
        };
        let (place, stream) = tokio::select! {
            biased;
            _ = stopping.wait_for(|stop| *stop) => break,
            next = next => next,
        };
        connections.spawn(serve(stream, Arc::clone(&handler), place, stopping.clone()));
    }
    drop(listening);
    let ended = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(stop_timeout, ended).await.is_err() {
        tracing::warn!(connections = connections.len(), "requests are cut off: they outlasted the time for a stop");
    }
    connections.shutdown().await;
}

/// Ready when the proxy stops.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // A sender that is gone means the same.
    drop(stopping.wait_for(|stop| *stop).await);
}

/// Speaks HTTP/1 on a connection.
async fn serve(
    stream: Box<dyn Stream>,
    handler: Arc<Handler>,
    _place: Option<OwnedSemaphorePermit>,
    mut stopping: watch::Receiver<bool>,
) {
    let stream = ReadWatch::new(stream, handler.idle);
    let service = service_fn(move |request: Request<Incoming>| {
        let handler = Arc::clone(&handler);
        async move { Ok::<_, Infallible>(handler.answer(request).await) }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(bounds::HEAD_TIMEOUT)
        .max_headers(bounds::HEADER_FIELDS_MAX)
        .max_buf_size(bounds::READ_BUFFER_BYTES);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = stopped(&mut stopping) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended");
    }
}
