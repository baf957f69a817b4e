//! Codes to enrol with, issued certificates, revocation lists.

use jiff::Timestamp;
use onboarding::ApplicationId;

use super::executor::{Executor, plain_statements, values};
use crate::codec::{Coded, Columns, count, day, micros};
use crate::row_mapping::*;
use crate::{
    EnrolmentCode, Fingerprint, IssuedCertificate, OnlineUserId, OutsideCertificate, ReadCertificates, ReadDirectory,
    Registration, RevocationList, RevokedCertificate, StoreError, WriteCertificates,
};

macro_rules! issued_columns {
    () => {
        "i.fingerprint, i.serial, i.authority, i.der, i.request, i.issued_at"
    };
}

plain_statements! {
    const REGISTRATION = ("SELECT u.id, u.client, u.name, u.mode, u.registration_valid_until, u.allowed_networks, u.granted_accounts, u.suspended_at,
            u.signature_required,
            k.id, k.name, k.registration_number, k.acceptance, k.lists_every_payment, k.daily_balances,
            k.end_to_end_id_days
        FROM online_user u JOIN client k ON k.id = u.client WHERE u.id = $1");
    /// Payments share locks of the online user's certificates, so issuing has a lock of its own.
    const LOCK_REGISTRATION = (
        sqlite: ["SELECT $1"],
        postgres: ["SELECT 1::bigint FROM (SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.certificates'),
            CAST(CAST($1 AS BIGINT) AS INT))) l"],
    );
    const CODE = ("SELECT selector, hash, online_user, registration_valid_until, kind, made_at, valid_until, tries_left,
            withdrawn_at, certificate
        FROM enrolment_code WHERE selector = $1"; first " FOR UPDATE", again " FOR UPDATE");
    const ISSUED = ("SELECT ", issued_columns!(), " FROM issued_certificate i WHERE i.fingerprint = $1");
    const ISSUED_FOR_REQUEST = ("SELECT ", issued_columns!(), r#" FROM issued_certificate i
        JOIN certificate c ON c.fingerprint = i.fingerprint
        WHERE i.request = $2 AND c."user" = $1 ORDER BY i.issued_at DESC, i.serial LIMIT 1"#);
    const REVOKED = ("SELECT serial, revoked_at, reason FROM (
            SELECT c.serial, c.revoked_at, r.reason, c.fingerprint FROM certificate c
            LEFT JOIN issued_certificate i ON i.fingerprint = c.fingerprint
            LEFT JOIN outside_certificate o ON o.fingerprint = c.fingerprint
            LEFT JOIN revocation_reason r ON r.fingerprint = c.fingerprint
            WHERE c.revoked_at IS NOT NULL AND c.not_after >= $2 AND o.fingerprint IS NULL
                AND (i.authority = $1 OR i.authority IS NULL AND CAST($3 AS BIGINT) = 1)
            UNION ALL
            SELECT serial, revoked_at, CAST(NULL AS BIGINT), fingerprint FROM person_certificate
            WHERE revoked_at IS NOT NULL AND not_after >= $2
                AND (authority = $1 OR authority IS NULL AND CAST($3 AS BIGINT) = 1)) AS revoked
        ORDER BY serial, fingerprint");
    const REVOKED_FOR = ("SELECT i.der FROM issued_certificate i JOIN revocation_reason r ON r.fingerprint = i.fingerprint
        WHERE r.reason = $1 ORDER BY i.fingerprint");
    const LIST = ("SELECT authority, number, this_update, next_update, content, der FROM revocation_list
        WHERE authority = $1 ORDER BY number DESC LIMIT 1");
    const FIRST_LIST = ("SELECT this_update FROM revocation_list WHERE authority = $1 ORDER BY number LIMIT 1");
    const LAST_END = ("SELECT max(not_after) FROM (
            SELECT c.not_after FROM certificate c LEFT JOIN issued_certificate i ON i.fingerprint = c.fingerprint
            LEFT JOIN outside_certificate o ON o.fingerprint = c.fingerprint
            WHERE o.fingerprint IS NULL AND (i.authority = $1 OR i.authority IS NULL AND CAST($2 AS BIGINT) = 1)
            UNION ALL
            SELECT not_after FROM person_certificate
            WHERE authority = $1 OR authority IS NULL AND CAST($2 AS BIGINT) = 1) AS signed");
    const OUTSIDE = ("SELECT o.fingerprint, o.authority, o.serial, o.application FROM outside_certificate o
        JOIN certificate c ON c.fingerprint = o.fingerprint
        WHERE o.authority = $1 AND c.revoked_at IS NULL AND c.not_after >= $2 ORDER BY o.serial");
    const INSERT_OUTSIDE = ("INSERT INTO outside_certificate (fingerprint, authority, serial, application)
        VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING");
    const WITHDRAW = ("UPDATE enrolment_code SET withdrawn_at = $2
        WHERE online_user = $1 AND withdrawn_at IS NULL AND certificate IS NULL");
    const INSERT_CODE = ("INSERT INTO enrolment_code (selector, hash, online_user, registration_valid_until, kind, made_at,
            valid_until, tries_left)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING");
    const SPEND_TRY = ("UPDATE enrolment_code SET tries_left = tries_left - 1 WHERE selector = $1 AND tries_left > 0
        RETURNING tries_left");
    const USE_CODE = ("UPDATE enrolment_code SET certificate = $2 WHERE selector = $1 AND certificate IS NULL");
    const INSERT_ISSUED = ("INSERT INTO issued_certificate (fingerprint, serial, authority, der, request, issued_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING");
    const INSERT_REASON = ("INSERT INTO revocation_reason (fingerprint, reason) VALUES ($1, $2) ON CONFLICT DO NOTHING");
    const INSERT_LIST = ("INSERT INTO revocation_list (authority, number, this_update, next_update, content, der)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING");
}

fn read_code(row: &mut Columns<'_>) -> Result<EnrolmentCode, StoreError> {
    Ok(EnrolmentCode {
        selector: row.text()?,
        hash: row.digest()?,
        user: OnlineUserId(row.integer()?),
        registration_valid_until: row.date()?,
        kind: row.code()?,
        made_at: row.timestamp()?,
        valid_until: row.timestamp()?,
        tries_left: row.small()?,
        withdrawn_at: row.timestamp_if_any()?,
        certificate: row.digest_if_any()?.map(Fingerprint),
    })
}

fn read_issued(row: &mut Columns<'_>) -> Result<IssuedCertificate, StoreError> {
    Ok(IssuedCertificate {
        fingerprint: Fingerprint(row.digest()?),
        serial: row.text()?,
        authority: row.bytes_ref()?.to_vec(),
        der: row.bytes_ref()?.to_vec(),
        request: row.digest_if_any()?,
        issued_at: row.timestamp()?,
    })
}

fn read_revoked(row: &mut Columns<'_>) -> Result<RevokedCertificate, StoreError> {
    let (serial, revoked_at) = (row.text()?, row.timestamp()?);
    let reason = row.small_if_any()?.map(u8::try_from).transpose();
    let reason =
        reason.map_err(|_| StoreError::Corrupt("a reason of a revocation is no number of 8 bits".to_owned()))?;
    Ok(RevokedCertificate { serial, revoked_at, reason })
}

fn read_list(row: &mut Columns<'_>) -> Result<RevocationList, StoreError> {
    Ok(RevocationList {
        authority: row.bytes_ref()?.to_vec(),
        number: row.unsigned()?,
        this_update: row.timestamp()?,
        next_update: row.timestamp()?,
        content: row.digest()?,
        der: row.bytes_ref()?.to_vec(),
    })
}

impl<S: Executor> ReadCertificates for S {
    fn registration(&mut self, user: OnlineUserId) -> Result<Option<Registration>, StoreError> {
        let found = self.optional(&REGISTRATION, values![user.0], |row| Ok((read_user(row)?, read_client(row)?)))?;
        let Some((user, client)) = found else { return Ok(None) };
        let certificates = self.certificates(user.id)?;
        Ok(Some(Registration { user, client, certificates }))
    }

    fn enrolment_code(&mut self, selector: &str) -> Result<Option<EnrolmentCode>, StoreError> {
        self.optional(&CODE, values![selector], read_code)
    }

    fn issued_certificate(&mut self, fingerprint: &Fingerprint) -> Result<Option<IssuedCertificate>, StoreError> {
        self.optional(&ISSUED, values![&fingerprint.0], read_issued)
    }

    fn issued_for_request(
        &mut self,
        user: OnlineUserId,
        request: &[u8; 32],
    ) -> Result<Option<IssuedCertificate>, StoreError> {
        self.optional(&ISSUED_FOR_REQUEST, values![user.0, request], read_issued)
    }

    fn revoked_certificates(
        &mut self,
        authority: &[u8],
        now: Timestamp,
        with_unknown: bool,
    ) -> Result<Vec<RevokedCertificate>, StoreError> {
        self.list(&REVOKED, values![authority, micros(now), with_unknown], read_revoked)
    }

    fn last_end_of_certificates(
        &mut self,
        authority: &[u8],
        with_unknown: bool,
    ) -> Result<Option<Timestamp>, StoreError> {
        let last = self.optional(&LAST_END, values![authority, with_unknown], |row| row.timestamp_if_any())?;
        Ok(last.flatten())
    }

    fn first_list_at(&mut self, authority: &[u8]) -> Result<Option<Timestamp>, StoreError> {
        self.optional(&FIRST_LIST, values![authority], |row| row.timestamp())
    }

    fn outside_certificates(
        &mut self,
        authority: &[u8],
        now: Timestamp,
    ) -> Result<Vec<OutsideCertificate>, StoreError> {
        self.list(&OUTSIDE, values![authority, micros(now)], |row| {
            Ok(OutsideCertificate {
                fingerprint: Fingerprint(row.digest()?),
                authority: row.bytes_ref()?.to_vec(),
                serial: row.text()?,
                application: ApplicationId(row.integer()?),
            })
        })
    }

    fn certificates_revoked_for(&mut self, reason: u8) -> Result<Vec<Vec<u8>>, StoreError> {
        self.list(&REVOKED_FOR, values![i64::from(reason)], |row| Ok(row.bytes_ref()?.to_vec()))
    }

    fn revocation_list(&mut self, authority: &[u8]) -> Result<Option<RevocationList>, StoreError> {
        self.optional(&LIST, values![authority], read_list)
    }
}

impl<S: Executor> WriteCertificates for S {
    fn lock_registration(&mut self, user: OnlineUserId) -> Result<(), StoreError> {
        // Locks of the database are numbered by 32 bits; two online users with one number wait for each other.
        self.optional(&LOCK_REGISTRATION, values![user.0 & i64::from(i32::MAX)], |row| row.integer()).map(drop)
    }

    fn insert_enrolment_code(&mut self, code: &EnrolmentCode) -> Result<(), StoreError> {
        self.change(&WITHDRAW, values![code.user.0, micros(code.made_at)])?;
        let values = values![
            &code.selector,
            &code.hash,
            code.user.0,
            day(code.registration_valid_until),
            code.kind.code(),
            micros(code.made_at),
            micros(code.valid_until),
            code.tries_left,
        ];
        let inserted = self.change(&INSERT_CODE, values)?;
        if inserted == 1 { Ok(()) } else { Err(StoreError::Conflict("enrolment code".to_owned())) }
    }

    fn spend_try(&mut self, selector: &str) -> Result<Option<u32>, StoreError> {
        let left = self.change_one(&SPEND_TRY, values![selector])?;
        left.map(u32::try_from).transpose().map_err(|_| StoreError::Corrupt("tries below zero".to_owned()))
    }

    fn use_enrolment_code(&mut self, selector: &str, certificate: &Fingerprint) -> Result<bool, StoreError> {
        Ok(self.change(&USE_CODE, values![selector, &certificate.0])? == 1)
    }

    fn insert_issued_certificate(&mut self, issued: &IssuedCertificate) -> Result<(), StoreError> {
        let values = values![
            &issued.fingerprint.0,
            &issued.serial,
            issued.authority.as_slice(),
            issued.der.as_slice(),
            issued.request.as_ref(),
            micros(issued.issued_at),
        ];
        let inserted = self.change(&INSERT_ISSUED, values)?;
        if inserted == 1 { Ok(()) } else { Err(StoreError::Conflict("issued certificate".to_owned())) }
    }

    fn insert_outside_certificate(&mut self, outside: &OutsideCertificate) -> Result<(), StoreError> {
        let OutsideCertificate { fingerprint, authority, serial, application } = outside;
        let values = values![&fingerprint.0, authority.as_slice(), serial, application.0];
        let inserted = self.change(&INSERT_OUTSIDE, values)?;
        if inserted == 1 { Ok(()) } else { Err(StoreError::Conflict("certificate of another authority".to_owned())) }
    }

    fn insert_revocation_reason(&mut self, fingerprint: &Fingerprint, reason: u8) -> Result<(), StoreError> {
        self.change(&INSERT_REASON, values![&fingerprint.0, u32::from(reason)]).map(drop)
    }

    fn insert_revocation_list(&mut self, list: &RevocationList) -> Result<bool, StoreError> {
        let values = values![
            list.authority.as_slice(),
            count(list.number),
            micros(list.this_update),
            micros(list.next_update),
            &list.content,
            list.der.as_slice(),
        ];
        Ok(self.change(&INSERT_LIST, values)? == 1)
    }
}
