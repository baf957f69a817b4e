//! The identity in use, with its connections; exchanged as one, while calls are under way.
//!
//! Connections belong to the certificate that they were made with. So another certificate means other connections: new calls take
//! them, and calls under way end on the old ones. A call that the exchange refuses because its certificate was revoked meanwhile is
//! made again with the one in use now (`call.rs` compares [`Live::generation`]).
//!
//! Files may be slow. So one thread reads them at a time, and all others go on with the identity in use meanwhile.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, TryLockError};
use std::time::SystemTime;

use crate::identity::{Identity, Pair, newest, next_change};
use crate::limits::Limits;
use crate::log::{Event, Log};
use crate::signer::RequestSigner;
use crate::{Error, tls};

/// What connections are made with.
pub(crate) struct Setup {
    pub(crate) authority_pem: Vec<u8>,
    pub(crate) identities: Vec<Identity>,
    pub(crate) signs: bool,
    pub(crate) at_most_tls_1_2: bool,
    pub(crate) user_agent: String,
    pub(crate) limits: Limits,
    pub(crate) log: Log,
}

/// An identity with its connections.
pub(crate) struct Live {
    pub(crate) http: reqwest::Client,
    pub(crate) signer: Option<RequestSigner>,
    pub(crate) pair: Option<Pair>,
    /// Which of the identities it is.
    pub(crate) identity: Option<Identity>,
    /// Grows with each exchange.
    pub(crate) generation: u64,
    /// When another identity may be the one to use.
    next_change: Option<SystemTime>,
}

/// The one in use; all clones of a client share it.
pub(crate) struct InUse {
    setup: Setup,
    live: RwLock<Arc<Live>>,
    /// Held while the identities are read again.
    reading: Mutex<()>,
}

impl InUse {
    pub(crate) fn new(setup: Setup) -> Result<InUse, Error> {
        let live = setup.choose(0)?;
        Ok(InUse::of(setup, live))
    }

    fn of(setup: Setup, live: Live) -> InUse {
        InUse { setup, live: RwLock::new(Arc::new(live)), reading: Mutex::new(()) }
    }

    fn current(&self) -> Arc<Live> {
        Arc::clone(&self.live.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The one to use now.
    pub(crate) fn now(&self) -> Arc<Live> {
        let live = self.current();
        if live.next_change.is_none_or(|moment| moment > SystemTime::now()) {
            return live;
        }
        let reading = match self.reading.try_lock() {
            Ok(reading) => reading,
            Err(TryLockError::Poisoned(reading)) => reading.into_inner(),
            Err(TryLockError::WouldBlock) => return live,
        };
        // A new one that cannot be used leaves the old one in use, and the exchange says what it thinks of it.
        let _ = self.read_again(reading);
        self.current()
    }

    /// Reads the identities again.
    pub(crate) fn reload(&self) -> Result<(), Error> {
        self.read_again(self.reading.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn read_again(&self, reading: MutexGuard<'_, ()>) -> Result<(), Error> {
        // Only who holds `reading` exchanges it.
        let live = self.current();
        let next = self.setup.choose(live.generation + 1)?;
        let certificate = |live: &Live| live.pair.as_ref().and_then(|pair| pair.chain.first().cloned());
        let is_another = certificate(&next) != certificate(&live);
        let next = if is_another { next } else { Live { next_change: next.next_change, ..live.same() } };
        let next = Arc::new(next);
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&next);
        drop(reading);
        if is_another {
            let serial = next.pair.as_ref().map(Pair::serial).unwrap_or_default();
            self.setup.log.say(|| Event::Identity { serial });
        }
        Ok(())
    }

    /// Connections with another identity, which is not in use yet.
    pub(crate) fn with(&self, pair: Pair) -> Result<InUse, Error> {
        let live = self.setup.connect(Some((None, pair)), 0, None)?;
        let setup = Setup { identities: Vec::new(), ..self.setup.copy() };
        Ok(InUse::of(setup, live))
    }
}

impl std::fmt::Debug for InUse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InUse").field("identities", &self.setup.identities).finish_non_exhaustive()
    }
}

impl Live {
    fn same(&self) -> Live {
        Live {
            http: self.http.clone(),
            signer: self.signer.clone(),
            pair: self.pair.clone(),
            identity: self.identity.clone(),
            generation: self.generation,
            next_change: self.next_change,
        }
    }
}

impl Setup {
    /// Reads the identities and connects with the one to use.
    fn choose(&self, generation: u64) -> Result<Live, Error> {
        let (mut identities, mut pairs, mut unreadable) = (Vec::new(), Vec::new(), None);
        for identity in &self.identities {
            match identity.read() {
                Ok(pair) => {
                    identities.push(identity);
                    pairs.push(pair);
                }
                Err(error) => {
                    self.log.say(|| Event::Unreadable { identity: identity.name() });
                    unreadable = unreadable.or(Some(error));
                }
            }
        }
        let now = SystemTime::now();
        let Some(chosen) = newest(&pairs, now) else {
            return unreadable.map_or_else(|| self.connect(None, generation, None), Err);
        };
        let which = pairs.iter().position(|pair| std::ptr::eq(pair, chosen)).unwrap_or(0);
        let identity = identities.get(which).map(|identity| (*identity).clone());
        self.connect(Some((identity, chosen.clone())), generation, next_change(&pairs, now))
    }

    fn connect(
        &self,
        shown: Option<(Option<Identity>, Pair)>,
        generation: u64,
        next_change: Option<SystemTime>,
    ) -> Result<Live, Error> {
        let (identity, pair) = shown.map_or((None, None), |(identity, pair)| (identity, Some(pair)));
        let tls = tls::configuration(&self.authority_pem, pair.as_ref(), self.at_most_tls_1_2)?;
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .https_only(true)
            // One upload per connection, no flow-control windows between the file and the socket.
            .http1_only()
            // An online user has an allow-listed address of its own: no proxy of the machine's environment, no redirect elsewhere.
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            // Retries are ours: they know which problem says "again".
            .retry(reqwest::retry::never())
            .connect_timeout(self.limits.connect_timeout)
            .user_agent(&self.user_agent)
            .build()
            .map_err(|error| Error::configuration(format!("the client cannot be set up: {error}")))?;
        let signer = match pair.as_ref().filter(|_| self.signs) {
            Some(pair) => Some(RequestSigner::of(pair)?),
            None => None,
        };
        Ok(Live { http, signer, pair, identity, generation, next_change })
    }

    fn copy(&self) -> Setup {
        Setup {
            authority_pem: self.authority_pem.clone(),
            identities: self.identities.clone(),
            signs: self.signs,
            at_most_tls_1_2: self.at_most_tls_1_2,
            user_agent: self.user_agent.clone(),
            limits: self.limits,
            log: self.log.clone(),
        }
    }
}
