//! Two operators with certificates, and what they ask of the exchange.

use exchange::PersonCertificate;
use jiff::Timestamp;
use jiff::civil::date;
use onboarding::{PersonId, PersonRecord, Role, Roles};
use pki::{Holder, Issued, Subject, Validity};
use serde_json::{Value, json};
use store::{Fingerprint, StoreError};

use super::{Answer, OURS, World, get};

pub const APPLICATIONS: &str = "/v1/operator/applications";

pub struct Office<'w> {
    pub world: &'w World,
    pub anna: reqwest::Client,
    pub janis: reqwest::Client,
    /// What Anna connects with.
    pub identity: Issued,
}

impl<'w> Office<'w> {
    /// Two operators, each of whom may enter, check and approve.
    pub async fn open(world: &'w World) -> Office<'w> {
        let (anna, janis) = (person(world, "Anna").await, person(world, "Jānis").await);
        Office { world, anna: world.client(&anna), janis: world.client(&janis), identity: anna }
    }

    pub async fn get(&self, path: &str) -> Answer {
        get(&self.anna, self.world.url(path)).await
    }

    /// An act; its answer.
    pub async fn act(&self, by: &reqwest::Client, path: &str, body: Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let url = self.world.url(&format!("{APPLICATIONS}{path}"));
        Answer::of(by.post(url).header("content-type", "application/json").body(body).send().await.unwrap()).await
    }

    /// An act that succeeds; the state afterwards.
    pub async fn done(&self, by: &reqwest::Client, path: &str, body: Value) -> String {
        let answer = self.act(by, path, body).await;
        assert_eq!(answer.status.as_u16(), 200, "{path}: {answer:?}");
        answer.json()["state"].as_str().unwrap().to_owned()
    }

    /// Enters an application, as Anna; its number.
    pub async fn enter(&self, content: Value) -> i64 {
        let answer = self.act(&self.anna, "", content).await;
        assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
        answer.json()["id"].as_i64().unwrap()
    }

    /// A draft of Anna's with its signed file.
    pub async fn draft(&self, content: Value) -> i64 {
        let id = self.enter(content).await;
        self.attach(id, "pieteikums.edoc", "signed", b"edoc".to_vec()).await;
        id
    }

    pub async fn attach(&self, id: i64, name: &str, kind: &str, bytes: Vec<u8>) {
        let url = self.world.url(&format!("{APPLICATIONS}/{id}/files/{name}?kind={kind}"));
        let answer = Answer::of(self.anna.post(url).body(bytes).send().await.unwrap()).await;
        assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
    }

    /// Submitted by Anna, with its signature verified.
    pub async fn submitted(&self, content: Value) -> i64 {
        let id = self.draft(content).await;
        let how = json!({ "file": "pieteikums.edoc", "how": "eParakstītājs 3.0: derīgs" });
        assert_eq!(self.done(&self.anna, &format!("/{id}/verify"), how).await, "draft");
        assert_eq!(self.done(&self.anna, &format!("/{id}/submit"), Value::Null).await, "submitted");
        id
    }

    /// The same, checked by Anna.
    pub async fn checked(&self, content: Value) -> i64 {
        let id = self.submitted(content).await;
        assert_eq!(self.done(&self.anna, &format!("/{id}/check"), Value::Null).await, "checked");
        id
    }

    /// The application for an operator, in force.
    pub async fn person_in_force(&self, name: &str, roles: &[&str]) -> i64 {
        let until = today().saturating_add(jiff::Span::new().years(2)).to_string();
        let content = json!({
            "kind": "person", "name": name, "email": "operators@kase.example.lv", "roles": roles,
            "valid_from": today().to_string(), "valid_until": until,
        });
        let id = self.checked_without_file(content).await;
        assert_eq!(self.approve(id).await.json()["state"], "in-force");
        id
    }

    /// Entered, submitted and checked by Anna: an application of the Treasury's own.
    pub async fn checked_without_file(&self, content: Value) -> i64 {
        let id = self.enter(content).await;
        self.done(&self.anna, &format!("/{id}/submit"), Value::Null).await;
        self.done(&self.anna, &format!("/{id}/check"), Value::Null).await;
        id
    }

    /// All persons, by id.
    pub fn persons(&self) -> Vec<PersonId> {
        let persons: Result<Vec<_>, StoreError> = self.world.store.read_blocking(|reading| reading.persons());
        persons.unwrap().into_iter().map(|person| person.id).collect()
    }

    pub fn revoke_certificates_of(&self, person: PersonId) {
        let revoked: Result<(), StoreError> = self.world.store.write_blocking(move |writing| {
            for certificate in writing.person_certificates(person)? {
                writing.revoke_person_certificate(&certificate.fingerprint, Timestamp::now())?;
            }
            Ok(())
        });
        revoked.unwrap();
    }

    /// Approved by Jānis.
    pub async fn approve(&self, id: i64) -> Answer {
        let digest = self.show(id).await["digest"].clone();
        self.act(&self.janis, &format!("/{id}/approve"), json!({ "digest": digest })).await
    }

    /// An application as Jānis sees it.
    pub async fn show(&self, id: i64) -> Value {
        let answer = get(&self.janis, self.world.url(&format!("{APPLICATIONS}/{id}"))).await;
        assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
        answer.json()
    }
}

/// A new online user of the first client.
pub fn new_online_user() -> Value {
    json!({
        "kind": "new-online-user", "client": 1, "name": "Lietvedība", "mode": "manage",
        "contact": { "name": "Līga Ozola", "email": "liga@example.lv" },
        "networks": ["127.0.0.0/8"], "accounts": [OURS],
        "valid_until": today().saturating_add(jiff::Span::new().years(3)).to_string(),
    })
}

/// The same under another name: a name is there once at its client.
pub fn new_online_user_named(name: &str) -> Value {
    let mut content = new_online_user();
    content["name"] = json!(name);
    content
}

pub fn today() -> jiff::civil::Date {
    exchange::local_time(Timestamp::now()).date()
}

/// Registers one of the first operators, with a certificate.
async fn person(world: &World, name: &str) -> Issued {
    let operator = world.exchange.operator();
    let record = PersonRecord {
        client: None,
        name: name.to_owned(),
        email: "operators@kase.example.lv".to_owned(),
        roles: Roles::of(&[Role::Clerk, Role::Approver]),
        valid_from: date(2026, 1, 1),
        valid_until: date(2035, 12, 31),
    };
    let id = operator.insert_first_operator(record).await.unwrap();
    let subject = Subject::new(name).held_by(Holder::Person(id.0));
    let issued = world.authority.issue_client(&subject, Validity::of_days(Timestamp::now(), 7)).unwrap();
    let certificate = PersonCertificate {
        fingerprint: Fingerprint(issued.info.fingerprint),
        person: id,
        serial: issued.info.serial.clone(),
        not_before: issued.info.not_before,
        not_after: issued.info.not_after,
        revoked_at: None,
        authority: Some(issued.info.authority_key_identifier.clone()),
    };
    operator.insert_person_certificate(certificate).await.unwrap();
    issued
}
