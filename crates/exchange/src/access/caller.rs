//! Identifies callers and their rights by proof values that no other file can make.
//!
//! A [`Caller`] is valid for one request. The exchange makes [`Authority`] and [`MayDebit`] inside the transaction that
//! makes a decision final, because since the request the operator may have revoked the certificate, changed the online
//! user's mode or given the account to another client. Their fields are private to this file.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use ledger::AccountId;
use onboarding::canonical_network;
use rulebook::catalogue::Code;
use store::{AccessMode, ClientId, Fingerprint, Identity, OnlineUserId, ReadIdentity, RightsVersion, TreasuryAccount};

use crate::access::outside::OutsideAuthorities;
use crate::access::refusals::{Refusal, Refused, trace};
use crate::{Exchange, Failure, local_time};

/// The client certificate that TLS verified, and the address of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presented {
    /// SHA-256 of the certificate's DER.
    pub fingerprint: Fingerprint,
    /// The peer's address.
    pub address: IpAddr,
}

/// Proof that a request comes from a registered online user. Made for each request anew.
#[derive(Clone, Debug)]
pub struct Caller {
    identity: Arc<Identity>,
    address: IpAddr,
    request_id: Arc<str>,
    version: RightsVersion,
    /// The accounts that the request has shown, or is showing. The request ends when one of them is no longer granted.
    shown: Arc<Mutex<Vec<AccountId>>>,
}

impl Caller {
    pub(super) fn new(
        identity: Arc<Identity>,
        address: IpAddr,
        request_id: Arc<str>,
        version: RightsVersion,
    ) -> Caller {
        Caller { identity, address, request_id, version, shown: Arc::default() }
    }

    /// Who it is.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Where the request came from.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// How the request is found again, in audit lines.
    pub(crate) fn trace(&self) -> String {
        trace(self.address, &self.request_id)
    }

    /// From where and with what the caller asks, in audit lines.
    pub(crate) fn provenance(&self) -> String {
        let Caller { identity, address, request_id, .. } = self;
        format!("address {address} certificate {} request {request_id:?}", identity.certificate.fingerprint)
    }

    /// Whether the online user may submit payments.
    #[must_use]
    pub fn may_manage(&self) -> bool {
        self.identity.user.mode == AccessMode::Manage
    }

    /// The version of rights under which it was identified.
    pub(super) fn version(&self) -> RightsVersion {
        self.version
    }

    /// Shows an account to the caller, if it is granted.
    pub(crate) fn may_see(&self, account: AccountId) -> Result<(), Failure> {
        if !grants(&self.identity.user.granted_accounts, account) {
            return Err(Failure::new(Code::ReportAccountNotGranted));
        }
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if !shown.contains(&account) {
            shown.push(account);
        }
        Ok(())
    }

    /// Whether the answer to the request shows an account.
    #[must_use]
    pub fn shows_accounts(&self) -> bool {
        !self.shown.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Whether rights as they are now still let the request show what it shows.
    pub(super) fn may_go_on_with(&self, identity: &Identity) -> bool {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.iter().all(|account| grants(&identity.user.granted_accounts, *account))
    }

    pub(super) fn request_id(&self) -> &str {
        &self.request_id
    }

    pub(super) fn presented(&self) -> Presented {
        Presented { fingerprint: self.identity.certificate.fingerprint, address: self.address }
    }

    pub(crate) fn client(&self) -> ClientId {
        self.identity.client.id
    }

    pub(crate) fn user(&self) -> OnlineUserId {
        self.identity.user.id
    }
}

/// Proof that an online user may still pay, at this moment of this transaction.
#[derive(Clone, Debug)]
pub(crate) struct Authority {
    client: ClientId,
    /// Ascending.
    granted: Vec<AccountId>,
    demands_signatures: bool,
}

/// Proof that the holder of an [`Authority`] may debit an account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MayDebit {
    account: AccountId,
}

impl Authority {
    /// Looks again at who submitted: certificate, registration and mode.
    ///
    /// # Errors
    /// When one of them does not allow to pay (any more).
    pub(crate) fn establish(
        reading: &mut dyn ReadIdentity,
        certificate: &Fingerprint,
        outside: &OutsideAuthorities,
        now: Timestamp,
    ) -> Result<Authority, Failure> {
        let identity = reading.identity(certificate)?.ok_or_else(|| Failure::new(Code::UnknownCertificate))?;
        check_identity(&identity, outside, now).map_err(Failure::new)?;
        match identity.user.mode {
            AccessMode::Manage => Ok(Authority {
                client: identity.client.id,
                granted: identity.user.granted_accounts,
                demands_signatures: identity.user.signature_required,
            }),
            AccessMode::View => Err(Failure::new(Code::ViewUserMayNotPay)),
        }
    }

    /// Whether the caller may debit the account. For another client's account the answer is the same as for one that
    /// does not exist.
    pub(crate) fn may_debit(&self, account: &TreasuryAccount) -> Result<MayDebit, Code> {
        match account.ledger.id {
            _ if account.client != Some(self.client) => Err(Code::AccountNotYours),
            account if grants(&self.granted, account) => Ok(MayDebit { account }),
            _ => Err(Code::AccountNotGranted),
        }
    }

    /// Whether what the online user submits has to be signed at this moment.
    pub(crate) fn demands_signatures(&self) -> bool {
        self.demands_signatures
    }

    /// The accounts that are granted at this moment.
    pub(crate) fn granted(&self) -> &[AccountId] {
        &self.granted
    }
}

/// Whether an account is among those granted, which ascend.
pub(crate) fn grants(granted: &[AccountId], account: AccountId) -> bool {
    granted.binary_search(&account).is_ok()
}

impl MayDebit {
    pub(crate) fn account(self) -> AccountId {
        self.account
    }
}

/// Certificate and registration, by the security clock.
pub(crate) fn check_identity(identity: &Identity, outside: &OutsideAuthorities, now: Timestamp) -> Result<(), Code> {
    let certificate = &identity.certificate;
    if certificate.revoked_at.is_some() {
        return Err(Code::CertificateRevoked);
    }
    if now < certificate.not_before {
        return Err(Code::CertificateNotYetValid);
    }
    if now > certificate.not_after {
        return Err(Code::CertificateExpired);
    }
    outside.check(identity, now)?;
    if local_time(now).date() > identity.user.registration_valid_until {
        return Err(Code::RegistrationExpired);
    }
    if identity.user.suspended_at.is_some() {
        return Err(Code::OnlineUserSuspended);
    }
    Ok(())
}

/// Why a request was refused.
pub(super) struct RefusedCaller {
    code: Code,
    who: Refused,
}

impl RefusedCaller {
    /// The caller goes on being known, and what it asked for ends.
    pub(super) fn of(caller: &Caller, code: Code) -> RefusedCaller {
        RefusedCaller { code, who: Refused::User(caller.user()) }
    }
}

impl Exchange {
    /// Identifies the caller. Call it on every request: an open connection or a resumed session outlives a revocation.
    ///
    /// # Errors When the certificate is unknown, revoked or outside its validity, the registration has ended, or the
    /// address is not one of those allowed. The audit chain counts refusals by user, code and minute.
    pub async fn authorise(&self, presented: &Presented, request_id: &str) -> Result<Caller, Failure> {
        match self.identify(presented).await? {
            (Ok(identity), version) => Ok(Caller::new(identity, presented.address, request_id.into(), version)),
            (Err(refused), _) => Err(self.refuse(refused, presented, request_id).await),
        }
    }

    /// The failure for a refused caller. The audit chain counts the refusal.
    pub(super) async fn refuse(&self, refused: RefusedCaller, presented: &Presented, request_id: &str) -> Failure {
        let (RefusedCaller { code, who }, Presented { fingerprint, address }) = (refused, *presented);
        let trace = trace(address, request_id);
        let about = match who {
            Refused::User(_) => format!("certificate {fingerprint}"),
            Refused::Certificate(_) | Refused::Others => String::new(),
        };
        let (actor, action) = ("channel", "request.refused");
        self.note_refusal(Refusal { actor, action, code: Some(code), who, about, trace }).await;
        let failure = Failure::new(code);
        // Behind an office's router the client may not know the address that arrives.
        if code == Code::IpAddressNotAllowed {
            failure.with_detail(address.to_canonical().to_string())
        } else {
            failure
        }
    }

    /// Who presents a certificate, or why that opens nothing; with the version of rights that the answer is of.
    pub(super) async fn identify(
        &self,
        presented: &Presented,
    ) -> Result<(Result<Arc<Identity>, RefusedCaller>, RightsVersion), Failure> {
        let Presented { fingerprint, address } = *presented;
        let (identity, version) = self.identity(fingerprint).await?;
        let identified = match identity {
            None => {
                let code = self.why_unknown(fingerprint).await?;
                Err(RefusedCaller { code, who: Refused::Certificate(fingerprint) })
            }
            Some(identity) => match check_request(&identity, &self.inner.outside, address, self.now()) {
                Ok(()) => Ok(identity),
                Err(code) => Err(RefusedCaller { code, who: Refused::User(identity.user.id) }),
            },
        };
        Ok((identified, version))
    }
}

impl Exchange {
    /// What a certificate is that no online user has: a person's opens no machine route.
    async fn why_unknown(&self, certificate: Fingerprint) -> Result<Code, Failure> {
        let person =
            self.inner.store.read(move |reading| reading.person_certificate(&certificate).map_err(Failure::from));
        Ok(if person.await?.is_some() { Code::CertificateOfPerson } else { Code::UnknownCertificate })
    }
}

fn check_request(
    identity: &Identity,
    outside: &OutsideAuthorities,
    address: IpAddr,
    now: Timestamp,
) -> Result<(), Code> {
    check_identity(identity, outside, now)?;
    // An IPv4 peer of a dual-stack listener shows as an IPv6 address that stands for it.
    let address = address.to_canonical();
    if identity.user.allowed_networks.iter().any(|network| canonical_network(*network).contains(&address)) {
        Ok(())
    } else {
        Err(Code::IpAddressNotAllowed)
    }
}
