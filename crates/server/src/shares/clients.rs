//! Resources that clients of the exchange share, by name. Answers and the table of limits use the names.

use std::sync::{Arc, Mutex, PoisonError};

use exchange::{ClientId, Failure};

use super::{Share, ShareExceeded, Shares, Turn, Turns};
use crate::{Limits, bounds};

/// Operators share like one client more; clients' ids are above zero.
pub(crate) const TREASURY: ClientId = ClientId(-1);

/// Everything that clients share.
pub(crate) struct ClientShares {
    requests_of_certificates: Arc<Turns<[u8; 32]>>,
    requests: Arc<Turns<ClientId>>,
    waiting: Arc<Shares<ClientId>>,
    large_submissions: Arc<Turns<ClientId>>,
    readings: Arc<Turns<ClientId>>,
    report_orders: Arc<Turns<ClientId>>,
    large_bodies: Arc<Shares<ClientId>>,
    arriving_bytes: Arc<Shares<ClientId>>,
    unsent_memory: Arc<Shares<ClientId>>,
    prompt_memory: Arc<Shares<ClientId>>,
    unsent_file_bytes: Arc<Shares<ClientId>>,
    unsent_files: Arc<Shares<ClientId>>,
}

/// The place of a request among those in work. It can be handed on to work that outlives the request.
pub(crate) struct Place {
    taken: Mutex<Option<HeldTurns>>,
}

/// The share of a request in progress.
pub(crate) struct HeldTurns {
    _of_certificate: Turn<[u8; 32]>,
    _of_client: Turn<ClientId>,
}

impl Place {
    /// Takes it out of the request, which then no longer counts on its own.
    pub(crate) fn take(&self) -> Option<HeldTurns> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl ClientShares {
    pub(crate) fn new(limits: &Limits) -> ClientShares {
        use bounds::*;
        let long_turns = |budget, places: usize, of_client: Part| {
            Turns::new(budget, places, of_client.of_count(places), LONG_TURN_LINE_MAX)
        };
        let counted =
            |budget, total: usize, of_client: Part| Shares::new(budget, total as u64, of_client.of(total as u64));
        let all = limits.requests_in_flight_max;
        let file_bytes = limits.unsent_file_bytes_max;
        ClientShares {
            requests_of_certificates: Turns::new(
                "requests in work, of one certificate",
                all,
                REQUESTS_OF_CERTIFICATE.of_count(all),
                TURN_LINE_MAX,
            ),
            requests: Turns::new("requests in work", all, REQUESTS_OF_CLIENT.of_count(all), TURN_LINE_MAX),
            waiting: counted("requests that wait for an outcome", limits.waiting_max, WAITING_OF_CLIENT),
            large_submissions: long_turns(
                "large submissions in work",
                limits.large_submissions_max,
                LARGE_SUBMISSIONS_OF_CLIENT,
            ),
            readings: long_turns("statuses and reports being made", limits.readings_max, READINGS_OF_CLIENT),
            report_orders: long_turns("orders of reports in work", REPORT_ORDERS_MAX, REPORT_ORDERS_OF_CLIENT),
            large_bodies: counted("large bodies on their way", LARGE_BODIES_MAX, LARGE_BODIES_OF_CLIENT),
            arriving_bytes: Shares::new(
                "bytes of bodies on their way",
                limits.body_bytes_in_flight_max,
                limits.body_bytes_in_flight_max,
            ),
            unsent_memory: Shares::new("answers in memory", UNSENT_MEMORY_BYTES_MAX, UNSENT_MEMORY_BYTES_MAX),
            prompt_memory: Shares::new("long answers in memory", PROMPT_MEMORY_BYTES_MAX, PROMPT_MEMORY_BYTES_MAX),
            unsent_file_bytes: Shares::new(
                "bytes of unread answers",
                file_bytes,
                UNSENT_FILE_BYTES_OF_CLIENT.of(file_bytes),
            ),
            unsent_files: counted("unread answers", UNSENT_FILES_MAX, UNSENT_FILES_OF_CLIENT),
        }
    }

    /// A place for a request of which only the certificate is known.
    pub(crate) async fn place_of_certificate(&self, certificate: [u8; 32]) -> Result<Turn<[u8; 32]>, ShareExceeded> {
        self.requests_of_certificates.take(certificate, bounds::TURN_WAIT_MAX).await
    }

    /// A place for a request in work.
    pub(crate) async fn place(&self, of_certificate: Turn<[u8; 32]>, client: ClientId) -> Result<Place, ShareExceeded> {
        let of_client = self.requests.take(client, bounds::TURN_WAIT_MAX).await?;
        let taken = HeldTurns { _of_certificate: of_certificate, _of_client: of_client };
        Ok(Place { taken: Mutex::new(Some(taken)) })
    }

    /// Waiting is no work: the request gives its place back and is counted among those that wait.
    pub(crate) fn wait_idly(&self, client: ClientId, place: &Place) -> Result<Share<ClientId>, ShareExceeded> {
        let waiting = self.waiting.take(client, 1)?;
        drop(place.take());
        Ok(waiting)
    }

    /// A turn for the work on a submission that is not small.
    pub(crate) async fn turn_of_large(&self, client: ClientId) -> Result<Turn<ClientId>, ShareExceeded> {
        self.large_submissions.take(client, bounds::LONG_TURN_WAIT_MAX).await
    }

    /// A turn to make an answer that can be long. Refused at once when the client does not read those it has.
    pub(crate) async fn turn_to_read(&self, client: ClientId) -> Result<Turn<ClientId>, Failure> {
        self.unsent_files.room(client)?;
        self.unsent_file_bytes.room(client)?;
        Ok(self.readings.take(client, bounds::LONG_TURN_WAIT_MAX).await?)
    }

    /// A turn for an order of reports.
    pub(crate) async fn turn_to_order(&self, client: ClientId) -> Result<Turn<ClientId>, ShareExceeded> {
        self.report_orders.take(client, bounds::LONG_TURN_WAIT_MAX).await
    }

    /// A place for a body over 64 KiB that is arriving.
    pub(crate) fn large_body(&self, client: ClientId) -> Result<Share<ClientId>, ShareExceeded> {
        self.large_bodies.take(client, 1)
    }

    /// The share of a body of which nothing has arrived.
    pub(crate) fn arriving_bytes(&self, client: ClientId) -> Result<Share<ClientId>, ShareExceeded> {
        self.arriving_bytes.take(client, 0)
    }

    /// Room for an answer in memory.
    pub(crate) fn unsent_memory(&self, client: ClientId, bytes: u64) -> Result<Share<ClientId>, ShareExceeded> {
        self.unsent_memory.take(client, bytes)
    }

    /// Room for a long answer in memory.
    pub(crate) fn prompt_memory(&self, client: ClientId, bytes: u64) -> Result<Share<ClientId>, ShareExceeded> {
        self.prompt_memory.take(client, bytes)
    }

    /// Room for an answer in a file.
    pub(crate) fn unsent_file(&self, client: ClientId, bytes: u64) -> Result<[Share<ClientId>; 2], ShareExceeded> {
        Ok([self.unsent_files.take(client, 1)?, self.unsent_file_bytes.take(client, bytes)?])
    }
}
