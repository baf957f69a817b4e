//! Certificates that the house issues, and what it takes to get one.

use jiff::Timestamp;

use crate::{
    EnrolmentCode, Fingerprint, IssuedCertificate, OnlineUserId, OutsideCertificate, Registration, RevocationList,
    RevokedCertificate, StoreError,
};

/// Reads codes, issued certificates and revocation lists.
pub trait ReadCertificates {
    /// The online user with its client and certificates.
    fn registration(&mut self, user: OnlineUserId) -> Result<Option<Registration>, StoreError>;

    /// A code by the part that finds it. A transaction locks it.
    fn enrolment_code(&mut self, selector: &str) -> Result<Option<EnrolmentCode>, StoreError>;

    /// A certificate that the house issued.
    fn issued_certificate(&mut self, fingerprint: &Fingerprint) -> Result<Option<IssuedCertificate>, StoreError>;

    /// The certificate that the house issued to an online user for a request, by the request's SHA-256; the newest of several.
    fn issued_for_request(
        &mut self,
        user: OnlineUserId,
        request: &[u8; 32],
    ) -> Result<Option<IssuedCertificate>, StoreError>;

    /// Certificates that are revoked and end after `now`, by serial number: those that the key with this identifier signed, and
    /// `with_unknown` those of which nobody noted who signed them. Other houses' are not among them.
    fn revoked_certificates(
        &mut self,
        authority: &[u8],
        now: Timestamp,
        with_unknown: bool,
    ) -> Result<Vec<RevokedCertificate>, StoreError>;

    /// When the last of these certificates ends, revoked ones included; `None` without any.
    fn last_end_of_certificates(
        &mut self,
        authority: &[u8],
        with_unknown: bool,
    ) -> Result<Option<Timestamp>, StoreError>;

    /// When the first revocation list of the key with this identifier was made: since then the authority is published.
    fn first_list_at(&mut self, authority: &[u8]) -> Result<Option<Timestamp>, StoreError>;

    /// Certificates of another house's authority, by the identifier of its key, that are in force here and end after `now`.
    fn outside_certificates(&mut self, authority: &[u8], now: Timestamp)
    -> Result<Vec<OutsideCertificate>, StoreError>;

    /// The certificates (DER) that the house issued and somebody revoked for this reason, by its number.
    fn certificates_revoked_for(&mut self, reason: u8) -> Result<Vec<Vec<u8>>, StoreError>;

    /// The newest revocation list of the key with this identifier.
    fn revocation_list(&mut self, authority: &[u8]) -> Result<Option<RevocationList>, StoreError>;
}

/// Writes codes, issued certificates and revocation lists.
pub trait WriteCertificates: ReadCertificates {
    /// Until its end no other transaction issues to the online user: a transaction that looks at the certificates after this call
    /// sees all.
    fn lock_registration(&mut self, user: OnlineUserId) -> Result<(), StoreError>;

    /// Adds a code. Earlier ones of the online user that were not used are withdrawn.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a code has this selector.
    fn insert_enrolment_code(&mut self, code: &EnrolmentCode) -> Result<(), StoreError>;

    /// Counts a wrong code. Returns how many more are borne; `None` when no more were.
    fn spend_try(&mut self, selector: &str) -> Result<Option<u32>, StoreError>;

    /// Notes the certificate that a code was used for. `false` when it was used before.
    fn use_enrolment_code(&mut self, selector: &str, certificate: &Fingerprint) -> Result<bool, StoreError>;

    /// Keeps a certificate that the house issued; [`crate::WriteDirectory::insert_certificate`] has let it in before.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a certificate has this fingerprint or serial number.
    fn insert_issued_certificate(&mut self, issued: &IssuedCertificate) -> Result<(), StoreError>;

    /// Notes that another house's authority has issued a certificate; [`crate::WriteDirectory::insert_certificate`] has let it in
    /// before.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the authority has issued another one with this serial number.
    fn insert_outside_certificate(&mut self, outside: &OutsideCertificate) -> Result<(), StoreError>;

    /// Keeps why a certificate is revoked, once.
    fn insert_revocation_reason(&mut self, fingerprint: &Fingerprint, reason: u8) -> Result<(), StoreError>;

    /// Adds a revocation list. `false` when there is one with this number: another node has made it.
    fn insert_revocation_list(&mut self, list: &RevocationList) -> Result<bool, StoreError>;
}
