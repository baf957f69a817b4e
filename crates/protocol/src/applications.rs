//! Applications and persons in JSON: what an operator enters, and what the exchange shows.
//!
//! What is entered is read strictly: a field that nobody knows is a mistake, since a right that somebody meant to limit would
//! otherwise be given without the limit. Amounts are decimal texts, days are `YYYY-MM-DD`, accounts are named by IBAN.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::object::{object, objects, optional_object};

// `content_reader` reads it.
/// What an application asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind")]
pub enum ApplicationContent {
    /// A new client, by the Treasury.
    #[serde(rename = "new-client")]
    NewClient(InstitutionForm),
    /// A new account of a client, by the Treasury.
    #[serde(rename = "new-account")]
    NewAccount(AccountForm),
    /// A new online user.
    #[serde(rename = "new-online-user")]
    NewOnlineUser(RegistrationForm),
    /// A change of an online user.
    #[serde(rename = "change-of-online-user")]
    ChangeOnlineUser(UserChangeForm),
    /// A registration for further years.
    #[serde(rename = "renewal")]
    Renewal(RenewalForm),
    /// A new certificate for an online user.
    #[serde(rename = "new-certificate")]
    NewCertificate(NewCertificateForm),
    /// Limits of an account for one day.
    #[serde(rename = "one-day-limits")]
    OneDayLimits(OneDayLimitsForm),
    /// A specimen-signature card.
    #[serde(rename = "signature-card")]
    SignatureCard(SignatureCardForm),
    /// A person: a new one, a change, or the end.
    #[serde(rename = "person")]
    Person(PersonForm),
    /// The end of an online user's suspension, by the Treasury.
    #[serde(rename = "lift-suspension")]
    LiftSuspension(LiftSuspensionForm),
    /// The end of an account's block, by the Treasury.
    #[serde(rename = "lift-block")]
    LiftBlock(LiftBlockForm),
}

/// A new client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InstitutionForm {
    /// Its name.
    pub name: String,
    /// Its registration number.
    pub registration_number: String,
    /// `all_or_nothing` or `partial`.
    pub acceptance: String,
}

/// A new account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountForm {
    /// The number of the client.
    pub client: i64,
    /// Its IBAN.
    pub iban: String,
    /// The owner's name as statements show it.
    pub owner_name: String,
    /// What it is for: `budget_expenditure`, `donation` …
    pub account_kind: String,
    /// Its currency.
    pub currency: String,
    /// What one payment may take; left out: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_per_payment: Option<String>,
    /// What one day may take; left out: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_per_day: Option<String>,
}

/// Who looks after an online user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactForm {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<String>,
}

/// A new online user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegistrationForm {
    /// The number of the client.
    pub client: i64,
    /// The information system's name.
    pub name: String,
    /// `view` or `manage`.
    pub mode: String,
    /// The contact person.
    #[serde(deserialize_with = "object")]
    pub contact: ContactForm,
    /// Where requests may come from.
    pub networks: Vec<String>,
    /// The accounts granted, by IBAN.
    pub accounts: Vec<String>,
    /// The last day.
    pub valid_until: String,
}

/// A change of an online user. What is left out stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChangeForm {
    /// The number of the online user.
    pub online_user: i64,
    /// The information system's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `view` or `manage`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// The contact person.
    #[serde(default, deserialize_with = "optional_object", skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactForm>,
    /// Where requests may come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub networks: Option<Vec<String>>,
    /// The accounts granted, by IBAN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accounts: Option<Vec<String>>,
}

/// A registration for further years.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewalForm {
    /// The number of the online user.
    pub online_user: i64,
    /// Its new last day.
    pub valid_until: String,
}

/// A new certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCertificateForm {
    /// The number of the online user.
    pub online_user: i64,
    /// `request`, `key-store`, or `outside:` with the SHA-256 of a certificate of another house's authority, in hexadecimal.
    pub enrolment: String,
}

/// The end of a suspension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LiftSuspensionForm {
    /// The number of the online user.
    pub online_user: i64,
}

/// The end of a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LiftBlockForm {
    /// The IBAN of the account.
    pub iban: String,
}

/// Limits for one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OneDayLimitsForm {
    /// The account's IBAN.
    pub iban: String,
    /// The day on which they hold.
    pub day: String,
    /// What one payment may take; left out: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_per_payment: Option<String>,
    /// What the day may take; left out: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_per_day: Option<String>,
}

/// A specimen-signature card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignatureCardForm {
    /// The number of the client.
    pub client: i64,
    /// The currency of the amounts.
    pub currency: String,
    /// Who signs.
    #[serde(deserialize_with = "objects")]
    pub signatories: Vec<SignatoryForm>,
    /// The first day.
    pub valid_from: String,
    /// The last day.
    pub valid_until: String,
}

/// A signatory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignatoryForm {
    /// The number of the person.
    pub person: i64,
    /// 1 to 3.
    pub level: i64,
    /// The smallest amount that the person signs.
    pub from: String,
    /// The largest one; left out: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// A person. A new one needs all fields but `person` and `ends`; of a known one, what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonForm {
    /// The number of the person; left out: a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<i64>,
    /// Whether its registration ends.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ends: bool,
    /// The number of the client of a new person; left out: an operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<i64>,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// `clerk`, `approver`, `auditor`; of a client `viewer`, `preparer`, `administrator`, `signatory`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// The first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// What was seen of an application, for its approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalForm {
    /// [`ApplicationDetail::digest`].
    pub digest: String,
}

/// Why an application is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectionForm {
    /// For people.
    pub reason: String,
}

/// Who verified the signature of a file, and how: who is the operator who says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VerificationForm {
    /// The name of the file.
    pub file: String,
    /// The tool or service, and what it said.
    pub how: String,
}

/// A client, an online user or a person, by number and name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Named {
    /// The number.
    pub id: i64,
    /// The name.
    pub name: String,
}

/// Who did something, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ActOverview {
    /// Who.
    pub by: Named,
    /// When (RFC 3339).
    pub at: String,
}

/// An application in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ApplicationOverview {
    /// Its number.
    pub id: i64,
    /// Its kind.
    pub kind: String,
    /// How far it has come.
    pub state: String,
    /// Whose it is; absent: the Treasury's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<Named>,
    /// The number of the online user that it changes, or made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub online_user: Option<i64>,
    /// Who entered it.
    pub entered: ActOverview,
    /// Who submitted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitted: Option<ActOverview>,
    /// Who checked it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<ActOverview>,
    /// Who approved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved: Option<ActOverview>,
}

/// Applications, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ApplicationList {
    /// Some of them.
    pub applications: Vec<ApplicationOverview>,
    /// The next page is that before this number; absent: there are no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<i64>,
}

/// An application with all that a decision about it needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApplicationDetail {
    /// As in a list.
    #[serde(flatten)]
    pub overview: ApplicationOverview,
    /// What it asks for.
    pub content: ApplicationContent,
    /// Who applied for it, where the exchange knows that person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicant: Option<Named>,
    /// Before and after, field by field.
    #[serde(default)]
    pub changes: Vec<ChangeOverview>,
    /// Its files.
    #[serde(default)]
    pub files: Vec<FileOverview>,
    /// What has happened, oldest first.
    #[serde(default)]
    pub steps: Vec<StepOverview>,
    /// What an approval is bound to; absent before it is submitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Whether two different operators check and approve it.
    #[serde(default)]
    pub needs_two_operators: bool,
    /// Whether it needs a file that the institution signed.
    #[serde(default)]
    pub needs_signed_file: bool,
}

/// A field before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ChangeOverview {
    /// Which.
    pub field: String,
    /// Before; absent: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// After; absent: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// A file of an application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct FileOverview {
    /// Its name.
    pub name: String,
    /// `signed` or `supporting`.
    pub kind: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// How many bytes.
    pub size: u64,
    /// Who verified its signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified: Option<ActOverview>,
    /// How.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
}

/// A step of an application's life.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct StepOverview {
    /// When (RFC 3339).
    pub at: String,
    /// Who; absent: the exchange itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Named>,
    /// What: `entered`, `approved` …
    pub step: String,
    /// A reason, or what was made.
    pub detail: String,
}

/// What came of an act.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ActAnswer {
    /// The application; absent when it was entered on trial, and so has no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// How far it has come.
    pub state: String,
    /// Whether it was only tried: nothing has changed.
    pub trial: bool,
}

/// A code with which a contact person gets a certificate. It is shown only now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct EnrolmentCodeAnswer {
    /// The code.
    pub code: String,
    /// Until when it can be used (RFC 3339).
    pub valid_until: String,
    /// The name of the client.
    pub client: String,
    /// The name of the online user.
    pub online_user: String,
    /// Who is to have it; absent of an online user that is older than applications.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactForm>,
}

/// A person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PersonOverview {
    /// The number.
    pub id: i64,
    /// Whose person; absent: an operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<Named>,
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The roles.
    pub roles: Vec<String>,
    /// The first day.
    pub valid_from: String,
    /// The last day.
    pub valid_until: String,
    /// When the registration ended before its last day, if it did (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// When the last certificate that is not revoked ends (RFC 3339); absent: there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_not_after: Option<String>,
    /// Days until then, 0 on the last day, below 0 when it is over. From 60 on down the exchange announces it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_days_left: Option<i64>,
    /// Whether it is the person who asks.
    pub is_you: bool,
}

/// Persons, by number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PersonList {
    /// All of them.
    pub persons: Vec<PersonOverview>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use serde_json::{Value, json};

    use super::*;

    fn read(text: &str) -> Result<ApplicationContent, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_unknown_or_said_twice_is_refused() {
        let good = r#"{"kind": "renewal", "online_user": 7, "valid_until": "2029-11-23"}"#;
        let form = RenewalForm { online_user: 7, valid_until: "2029-11-23".to_owned() };
        assert_eq!(read(good), Ok(ApplicationContent::Renewal(form.clone())));
        let kind_last = r#"{"online_user": 7, "valid_until": "2029-11-23", "kind": "renewal"}"#;
        assert_eq!(read(kind_last), Ok(ApplicationContent::Renewal(form)));
        for good in [good, kind_last] {
            for (wrong, because) in [
                (good.replace("\"kind\"", "\"kind\": \"renewal\", \"kind\""), "duplicate field `kind`"),
                (
                    good.replace("\"online_user\"", "\"online_user\": 8, \"online_user\""),
                    "duplicate field `online_user`",
                ),
                (good.replace("\"online_user\"", "\"until\": 8, \"online_user\""), "unknown field `until`"),
                (good.replace("\"renewal\"", "\"renewed\""), "unknown variant `renewed`"),
                (good.replace("\"2029-11-23\"", "20291123"), "invalid type"),
                (good.replace("\"online_user\": 7,", ""), "missing field `online_user`"),
                (good.replace("\"kind\"", "\"sort\""), "missing field `kind`"),
                (good.replace('}', "} {}"), "trailing characters"),
            ] {
                let found = read(&wrong).unwrap_err();
                assert!(found.contains(because), "{wrong}: {found}");
            }
        }
    }

    #[test]
    fn a_mistake_has_its_line() {
        let found =
            read("{\n  \"kind\": \"renewal\",\n  \"online_user\": \"7\",\n  \"valid_until\": \"2029-11-23\"\n}");
        assert!(found.clone().unwrap_err().contains("at line 3 column"), "{found:?}");
    }

    /// Each kind with all its objects.
    fn every_kind() -> Vec<Value> {
        let contact = json!({ "name": "Līga", "email": "liga@example.lv", "telephone": "1" });
        vec![
            json!({ "kind": "new-client", "name": "O", "registration_number": "9", "acceptance": "partial" }),
            json!({ "kind": "new-account", "client": 1, "iban": "I", "owner_name": "O", "account_kind": "loan",
                    "currency": "EUR", "limit_per_payment": "1.00", "limit_per_day": "2.00" }),
            json!({ "kind": "new-online-user", "client": 1, "name": "L", "mode": "view", "contact": contact,
                    "networks": ["192.0.2.0/24"], "accounts": ["I"], "valid_until": "2029-11-23" }),
            json!({ "kind": "change-of-online-user", "online_user": 1, "name": "L", "mode": "view", "contact": contact,
                    "networks": ["192.0.2.0/24"], "accounts": ["I"] }),
            json!({ "kind": "renewal", "online_user": 1, "valid_until": "2029-11-23" }),
            json!({ "kind": "new-certificate", "online_user": 1, "enrolment": "request" }),
            json!({ "kind": "one-day-limits", "iban": "I", "day": "2026-11-30", "limit_per_payment": "1.00",
                    "limit_per_day": "2.00" }),
            json!({ "kind": "signature-card", "client": 1, "currency": "EUR", "valid_from": "2026-11-30",
                    "valid_until": "2029-11-23", "signatories": [{ "person": 3, "level": 1, "from": "0.00", "to": "1.00" }] }),
            json!({ "kind": "person", "person": 1, "ends": false, "client": 1, "name": "M", "email": "m@example.lv",
                    "roles": ["viewer"], "valid_from": "2026-11-30", "valid_until": "2029-11-23" }),
            json!({ "kind": "lift-suspension", "online_user": 1 }),
            json!({ "kind": "lift-block", "iban": "I" }),
        ]
    }

    /// The value with each of its objects in turn made an array of what stood in it, in the order of declaration.
    fn with_an_array(value: &Value, declared: &[&str]) -> Vec<Value> {
        match value {
            Value::Object(fields) => {
                let in_order = declared.iter().filter_map(|name| fields.get(*name)).cloned();
                let mut all = vec![Value::Array(in_order.collect())];
                for (name, inside) in fields {
                    all.extend(with_an_array(inside, declared).into_iter().map(|changed| {
                        let mut fields = fields.clone();
                        fields.insert(name.clone(), changed);
                        Value::Object(fields)
                    }));
                }
                all
            }
            Value::Array(items) => (0..items.len())
                .flat_map(|at| {
                    with_an_array(&items[at], declared).into_iter().map(move |changed| {
                        let mut items = items.clone();
                        items[at] = changed;
                        Value::Array(items)
                    })
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn no_object_is_written_as_an_array() {
        // As the forms declare them.
        let declared =
            ["kind", "online_user", "person", "client", "level", "iban", "from", "to", "name", "email", "telephone"];
        let mut tried = 0;
        for content in every_kind() {
            assert!(serde_json::from_value::<ApplicationContent>(content.clone()).is_ok(), "{content}");
            for wrong in with_an_array(&content, &declared) {
                tried += 1;
                // From text and from a tree: the reader of trees is another one.
                let from_text = read(&wrong.to_string());
                assert!(from_text.clone().unwrap_err().contains("expected an object"), "{wrong}: {from_text:?}");
                assert!(serde_json::from_value::<ApplicationContent>(wrong.clone()).is_err(), "{wrong}");
            }
        }
        assert_eq!(tried, every_kind().len() + 3, "each form, two contact persons and a signatory");
    }
}
