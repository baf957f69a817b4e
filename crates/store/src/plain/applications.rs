//! Applications with their files and steps, and what they put in force beside the directory.

use jiff::civil::Date;
use ledger::{AccountId, Limits};
use onboarding::{
    Act, Application, ApplicationDigest, ApplicationId, Attachment, Base, ClientId, Contact, Content, OnlineUserId,
    Parts, PersonId, Unreadable, Verification,
};

use super::executor::{Executor, plain_statements, values};
use crate::codec::{Coded, Columns, day, micros};
use crate::{ApplicationFilter, ApplicationStep, DayLimits, ReadApplications, StoreError, WriteApplications};

/// An application, as [`read_application`] reads it.
macro_rules! application_columns {
    () => {
        "id, state, client, online_user, applicant, content, base, digest, entered_by, entered_at, submitted_by, submitted_at,
            checked_by, checked_at, approved_by, approved_at"
    };
}

pub(crate) use application_columns;

plain_statements! {
    const APPLICATION = ("SELECT ", application_columns!(), " FROM application WHERE id = $1";
        first " FOR NO KEY UPDATE", again " FOR NO KEY UPDATE");
    const APPLICATIONS = ("SELECT ", application_columns!(), " FROM application
        WHERE id < $1 AND state BETWEEN $2 AND $3 AND kind BETWEEN $4 AND $5 AND ($6 = 0 OR client = $6)
        ORDER BY id DESC LIMIT $7");
    const DUE = ("SELECT id FROM application WHERE due_on <= $1 ORDER BY due_on, id LIMIT $2");
    const FILES = ("SELECT name, kind, sha256, size, verified_by, verified_at, how FROM application_attachment
        WHERE application = $1 ORDER BY name");
    const FILE = ("SELECT bytes FROM application_attachment WHERE application = $1 AND name = $2");
    const STEPS = ("SELECT at, person, step, detail FROM application_step WHERE application = $1 ORDER BY number");
    const REGISTRATION = ("SELECT id FROM application WHERE online_user = $1 AND state = 4 AND kind IN (2, 3, 4)");
    const CARD = ("SELECT id FROM application WHERE client = $1 AND state = 4 AND kind = 7");
    const LAST_IN_FORCE = ("SELECT max(id) FROM application WHERE client = $1 AND kind = $2 AND content = $3
        AND state = 4");
    const CONTACT = ("SELECT name, email, telephone FROM contact WHERE online_user = $1");
    const DAY_LIMITS = ("SELECT application, per_payment, per_day FROM one_day_limit WHERE account = $1 AND day = $2");
    const DAY_LIMITS_OF = ("SELECT l.account, l.application, l.per_payment, l.per_day FROM account a
        JOIN one_day_limit l ON l.account = a.id AND l.day = $2 WHERE a.client = $1");
    const INSERT = ("INSERT INTO application (kind, state, client, online_user, applicant, content, entered_by, entered_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id");
    const UPDATE = ("UPDATE application SET kind = $2, state = $3, client = $4, online_user = $5, content = $6, base = $7,
            digest = $8, submitted_by = $9, submitted_at = $10, checked_by = $11, checked_at = $12, approved_by = $13,
            approved_at = $14, due_on = $15
        WHERE id = $1");
    const INSERT_FILE = ("INSERT INTO application_attachment (application, name, kind, sha256, size, bytes)
        VALUES ($1, $2, $3, $4, $5, $6)");
    const UPDATE_FILE = ("UPDATE application_attachment SET verified_by = $3, verified_at = $4, how = $5
        WHERE application = $1 AND name = $2");
    const INSERT_STEP = ("INSERT INTO application_step (application, number, at, person, step, detail)
        VALUES ($1, (SELECT coalesce(max(number), 0) + 1 FROM application_step WHERE application = $1), $2, $3, $4, $5)");
    const SET_CONTACT = ("INSERT INTO contact (online_user, name, email, telephone) VALUES ($1, $2, $3, $4)
        ON CONFLICT (online_user) DO UPDATE SET name = excluded.name, email = excluded.email, telephone = excluded.telephone");
    const SET_DAY_LIMITS = ("INSERT INTO one_day_limit (account, day, application, per_payment, per_day)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account, day) DO UPDATE SET application = excluded.application,
            per_payment = excluded.per_payment, per_day = excluded.per_day");
}

/// Codes of states or kinds in a list that is not filtered by them.
const ALL: (i64, i64) = (0, i16::MAX as i64);

fn read_day_limits(row: &mut Columns<'_>) -> Result<DayLimits, StoreError> {
    let by = ApplicationId(row.integer()?);
    let limits = Limits { per_payment: row.integer_if_any()?, per_day: row.integer_if_any()? };
    Ok(DayLimits { by, limits })
}

fn unreadable(what: Unreadable) -> StoreError {
    StoreError::Corrupt(format!("an application is {what}"))
}

fn act(row: &mut Columns<'_>) -> Result<Option<Act>, StoreError> {
    let (by, at) = (row.integer_if_any()?.map(PersonId), row.timestamp_if_any()?);
    Ok(by.zip(at).map(|(by, at)| Act { by, at }))
}

pub(crate) fn read_application(row: &mut Columns<'_>) -> Result<Parts, StoreError> {
    Ok(Parts {
        id: ApplicationId(row.integer()?),
        state: row.code()?,
        client: row.integer_if_any()?.map(ClientId),
        online_user: row.integer_if_any()?.map(OnlineUserId),
        applicant: row.integer_if_any()?.map(PersonId),
        content: Content::decode(row.bytes_ref()?).map_err(unreadable)?,
        attachments: Vec::new(),
        base: row.bytes_ref_if_any()?.map(Base::decode).transpose().map_err(unreadable)?,
        digest: row.bytes_ref_if_any()?.map(digest).transpose()?,
        entered: act(row)?.ok_or_else(|| StoreError::Corrupt("an application that nobody entered".to_owned()))?,
        submitted: act(row)?,
        checked: act(row)?,
        approved: act(row)?,
    })
}

fn digest(bytes: &[u8]) -> Result<ApplicationDigest, StoreError> {
    let digest = bytes.try_into().map_err(|_| StoreError::Corrupt("a digest of another length".to_owned()))?;
    Ok(ApplicationDigest(digest))
}

pub(crate) fn read_file(row: &mut Columns<'_>) -> Result<Attachment, StoreError> {
    let (name, kind, sha256, size) = (row.text()?, row.code()?, row.digest()?, row.unsigned()?);
    let (act, how) = (act(row)?, row.text_if_any()?);
    let verification = act.zip(how).map(|(Act { by, at }, how)| Verification { by, at, how });
    Ok(Attachment { kind, name, sha256, size, verification })
}

/// The application with its files.
fn with_files<S: Executor>(executor: &mut S, mut parts: Parts) -> Result<Application, StoreError> {
    parts.attachments = executor.list(&FILES, values![parts.id.0], read_file)?;
    Ok(Application::from_parts(parts))
}

impl<S: Executor> ReadApplications for S {
    fn application(&mut self, id: ApplicationId) -> Result<Option<Application>, StoreError> {
        let found = self.optional(&APPLICATION, values![id.0], read_application)?;
        found.map(|parts| with_files(self, parts)).transpose()
    }

    fn applications(&mut self, filter: &ApplicationFilter, limit: u32) -> Result<Vec<Application>, StoreError> {
        let before = filter.before.map_or(i64::MAX, |before| before.0);
        let (state_from, state_to) = filter.state.map_or(ALL, |state| (state.code(), state.code()));
        let (kind_from, kind_to) = filter.kind.map_or(ALL, |kind| (kind.code(), kind.code()));
        let client = filter.client.map_or(0, |client| client.0);
        let values = values![before, state_from, state_to, kind_from, kind_to, client, limit];
        let found = self.list(&APPLICATIONS, values, read_application)?;
        found.into_iter().map(|parts| with_files(self, parts)).collect()
    }

    fn due_applications(&mut self, by: Date, limit: u32) -> Result<Vec<ApplicationId>, StoreError> {
        self.list(&DUE, values![day(by), limit], |row| row.integer().map(ApplicationId))
    }

    fn attachment(&mut self, application: ApplicationId, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.optional(&FILE, values![application.0, name], |row| row.bytes_ref().map(<[u8]>::to_vec))
    }

    fn application_steps(&mut self, application: ApplicationId) -> Result<Vec<ApplicationStep>, StoreError> {
        self.list(&STEPS, values![application.0], |row| {
            let (at, person) = (row.timestamp()?, row.integer_if_any()?.map(PersonId));
            Ok(ApplicationStep { at, person, step: row.text()?, detail: row.text()? })
        })
    }

    fn registration_in_force(&mut self, user: OnlineUserId) -> Result<Option<ApplicationId>, StoreError> {
        self.optional(&REGISTRATION, values![user.0], |row| row.integer().map(ApplicationId))
    }

    fn card_in_force(&mut self, client: ClientId) -> Result<Option<ApplicationId>, StoreError> {
        self.optional(&CARD, values![client.0], |row| row.integer().map(ApplicationId))
    }

    fn last_in_force(&mut self, client: ClientId, content: &Content) -> Result<Option<ApplicationId>, StoreError> {
        let bytes = content.encode();
        let values = values![client.0, content.kind().code(), bytes.as_slice()];
        let last = self.optional(&LAST_IN_FORCE, values, |row| row.integer_if_any())?;
        Ok(last.flatten().map(ApplicationId))
    }

    fn contact(&mut self, user: OnlineUserId) -> Result<Option<Contact>, StoreError> {
        self.optional(&CONTACT, values![user.0], |row| {
            Ok(Contact { name: row.text()?, email: row.text()?, telephone: row.text_if_any()? })
        })
    }

    fn day_limits(&mut self, account: AccountId, on: Date) -> Result<Option<DayLimits>, StoreError> {
        self.optional(&DAY_LIMITS, values![account.0, day(on)], read_day_limits)
    }

    fn day_limits_of(&mut self, client: ClientId, on: Date) -> Result<Vec<(AccountId, DayLimits)>, StoreError> {
        self.list(&DAY_LIMITS_OF, values![client.0, day(on)], |row| {
            Ok((AccountId(row.integer()?), read_day_limits(row)?))
        })
    }
}

impl<S: Executor> WriteApplications for S {
    fn insert_application(&mut self, application: &Application) -> Result<ApplicationId, StoreError> {
        let parts = application.parts();
        let content = parts.content.encode();
        let values = values![
            parts.content.kind().code(),
            parts.state.code(),
            parts.client.map(|client| client.0),
            parts.online_user.map(|user| user.0),
            parts.applicant.map(|person| person.0),
            content.as_slice(),
            parts.entered.by.0,
            micros(parts.entered.at),
        ];
        self.change_one(&INSERT, values)?.map(ApplicationId).ok_or(StoreError::Missing("row"))
    }

    fn update_application(&mut self, application: &Application) -> Result<(), StoreError> {
        let parts = application.parts();
        let (content, base) = (parts.content.encode(), parts.base.as_ref().map(Base::encode));
        let digest = parts.digest.map(|digest| digest.0);
        let by = |act: Option<Act>| act.map(|act| act.by.0);
        let at = |act: Option<Act>| act.map(|act| micros(act.at));
        let values = values![
            parts.id.0,
            parts.content.kind().code(),
            parts.state.code(),
            parts.client.map(|client| client.0),
            parts.online_user.map(|user| user.0),
            content.as_slice(),
            base.as_deref(),
            digest.as_ref(),
            by(parts.submitted),
            at(parts.submitted),
            by(parts.checked),
            at(parts.checked),
            by(parts.approved),
            at(parts.approved),
            application.due_on().map(day),
        ];
        if self.change(&UPDATE, values)? == 1 { Ok(()) } else { Err(StoreError::Missing("application")) }
    }

    fn insert_attachment(&mut self, of: ApplicationId, file: &Attachment, bytes: &[u8]) -> Result<(), StoreError> {
        let size = i64::try_from(file.size).map_err(|_| StoreError::TooBig("file"))?;
        let values = values![of.0, &file.name, file.kind.code(), &file.sha256, size, bytes];
        self.change(&INSERT_FILE, values).map(drop)
    }

    fn update_attachment(&mut self, of: ApplicationId, file: &Attachment) -> Result<(), StoreError> {
        let verification = file.verification.as_ref();
        let by = verification.map(|it| it.by.0);
        let at = verification.map(|it| micros(it.at));
        let values = values![of.0, &file.name, by, at, verification.map(|it| it.how.as_str())];
        if self.change(&UPDATE_FILE, values)? == 1 { Ok(()) } else { Err(StoreError::Missing("file")) }
    }

    fn add_application_step(&mut self, of: ApplicationId, step: &ApplicationStep) -> Result<(), StoreError> {
        let person = step.person.map(|person| person.0);
        self.change(&INSERT_STEP, values![of.0, micros(step.at), person, &step.step, &step.detail]).map(drop)
    }

    fn set_contact(&mut self, user: OnlineUserId, contact: &Contact) -> Result<(), StoreError> {
        let values = values![user.0, &contact.name, &contact.email, contact.telephone.as_deref()];
        self.change(&SET_CONTACT, values).map(drop)
    }

    fn set_day_limits(&mut self, account: AccountId, on: Date, limits: &DayLimits) -> Result<(), StoreError> {
        let DayLimits { by, limits: Limits { per_payment, per_day } } = *limits;
        self.change(&SET_DAY_LIMITS, values![account.0, day(on), by.0, per_payment, per_day]).map(drop)
    }
}
