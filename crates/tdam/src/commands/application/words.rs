//! Words about applications, Latvian and English.

use rulebook::catalogue::{Language, Text, application_state};

const fn text(en: &'static str, lv: &'static str) -> Text {
    Text { lv, en }
}

pub(super) const APPLICATION: Text = text("Application", "Pieteikums");
pub(super) const NO_APPLICATIONS: Text = text("There are no applications.", "Pieteikumu nav.");
pub(super) const NUMBER: Text = text("Number", "Numurs");
pub(super) const KIND: Text = text("Kind", "Veids");
pub(super) const STATE: Text = text("State", "Stāvoklis");
pub(super) const CLIENT: Text = text("Client", "Klients");
pub(super) const ONLINE_USER: Text = text("Online user", "Tiešsaistes lietotājs");
pub(super) const APPLICANT: Text = text("Applicant", "Iesniedzējs");
pub(super) const ENTERED_BY: Text = text("Entered by", "Ievadīja");
pub(super) const ENTERED_AT: Text = text("Entered at", "Ievadīts");
pub(super) const NEXT_PAGE: Text = text("Older ones", "Vecāki");
pub(super) const STEP: Text = text("Step", "Solis");
pub(super) const BY: Text = text("By", "Kas");
pub(super) const AT: Text = text("At", "Kad");
pub(super) const DETAIL: Text = text("Detail", "Sīkāk");
pub(super) const EXCHANGE: Text = text("the exchange", "apmaiņa");
pub(super) const FIELD: Text = text("Field", "Lauks");
pub(super) const BEFORE: Text = text("Before", "Pirms");
pub(super) const AFTER: Text = text("After", "Pēc");
pub(super) const FILE: Text = text("File", "Fails");
pub(super) const BYTES: Text = text("Bytes", "Baiti");
pub(super) const SIGNATURE: Text = text("Signature", "Paraksts");
pub(super) const SIGNED: Text = text("signed", "parakstīts");
pub(super) const SUPPORTING: Text = text("supporting", "papildu");
pub(super) const NOT_VERIFIED: Text = text("not verified", "nav pārbaudīts");
pub(super) const DIGEST: Text = text("Digest", "Kontrolsumma");
pub(super) const NEEDS_TWO: Text =
    text("Two different operators check and approve it", "Pārbauda un apstiprina divi dažādi operatori");
pub(super) const ONLY_TRIED: Text = text("Only tried: nothing has changed.", "Tikai izmēģināts: nekas nav mainīts.");
pub(super) const CODE_FOR: Text = text("Code for", "Kods");
pub(super) const UNTIL: Text = text("until", "līdz");
pub(super) const CONTACT: Text = text("Contact person", "Kontaktpersona");
pub(super) const ANOTHER_WAY: Text = text(
    "Give it to the contact person another way than by the e-mail that names the address. It is shown only now.",
    "Nododiet to kontaktpersonai citā ceļā nekā e-pastu, kurā ir adrese. Kodu rāda tikai tagad.",
);

pub(super) const NOTHING_TO_TRY: Text = text(
    "a code or a certificate is made or not: --dry-run has nothing to show",
    "kodu vai sertifikātu var vai nu izveidot, vai ne: ar --dry-run nav ko parādīt",
);
pub(super) const NO_SIGNED_FILE: Text = text(
    "no file that the institution signed is attached; name another one with --file",
    "iestādes parakstīts fails nav pievienots; citu norādiet ar --file",
);
pub(super) const SEVERAL_SIGNED_FILES: Text = text(
    "several signed files are attached: name one with --file",
    "pievienoti vairāki parakstīti faili: norādiet vienu ar --file",
);
pub(super) const BYTES_AT_MOST: Text = text("has too many bytes; at most", "ir par lielu; baitu ne vairāk kā");
pub(super) const DIGEST_DIGITS: Text = text(
    "of the digits that `tdam application show` prints; at least",
    "no cipariem, ko parāda `tdam application show`; ne mazāk kā",
);

/// What the reader of a form found wrong, in Latvian: its own words are English, and few.
const COMPLAINTS: &[(&str, &str)] = &[
    ("missing field", "trūkst lauka"),
    ("unknown field", "nezināms lauks"),
    ("duplicate field", "divreiz norādīts lauks"),
    ("unknown variant", "nezināms veids"),
    ("invalid type: string", "nepareizs vērtības veids: teksts"),
    ("invalid type: integer", "nepareizs vērtības veids: skaitlis"),
    ("invalid type: sequence", "nepareizs vērtības veids: saraksts"),
    ("invalid type: map", "nepareizs vērtības veids: objekts"),
    ("invalid type: null", "nepareizs vērtības veids: null"),
    ("invalid type", "nepareizs vērtības veids"),
    (", expected one of `", "; iespējamie: `"),
    (", expected `", "; iespējamie: `"),
    ("` or `", "` vai `"),
    ("expected a whole number", "jābūt veselam skaitlim"),
    ("expected an object", "jābūt objektam { … }"),
    ("expected a string", "jābūt tekstam pēdiņās"),
    ("expected a sequence", "jābūt sarakstam [ … ]"),
    ("expected value", "šeit jābūt vērtībai"),
    ("trailing comma", "lieks komats"),
    ("trailing characters", "lieki dati aiz beigām"),
    ("EOF while parsing", "fails beidzas par agru:"),
    (" at line ", ", rinda "),
    (" column ", ", zīme "),
];

/// What the reader of a form found wrong, in a language.
pub(super) fn complaint(said: String, language: Language) -> String {
    match language {
        Language::English => said,
        Language::Latvian => COMPLAINTS.iter().fold(said, |said, (en, lv)| said.replacen(en, lv, 1)),
    }
}

/// A kind of application.
pub(super) fn of_kind(kind: &str) -> Text {
    match kind {
        "new-client" => text("new client", "jauns klients"),
        "new-account" => text("new account", "jauns konts"),
        "new-online-user" => text("new online user", "jauns tiešsaistes lietotājs"),
        "change-of-online-user" => text("change of an online user", "tiešsaistes lietotāja maiņa"),
        "renewal" => text("renewal", "pagarinājums"),
        "new-certificate" => text("new certificate", "jauns sertifikāts"),
        "one-day-limits" => text("limits for one day", "limiti vienai dienai"),
        "signature-card" => text("specimen-signature card", "parakstu paraugu kartīte"),
        "person" => text("person", "persona"),
        "lift-suspension" => text("end of a suspension", "apturēšanas atcelšana"),
        "lift-block" => text("end of a block", "bloķēšanas atcelšana"),
        _ => text("of a kind that this version does not know", "šai versijai nezināma veida"),
    }
}

/// A state.
pub(super) fn of_state(state: &str) -> Text {
    application_state(state)
        .unwrap_or_else(|| text("in a state that this version does not know", "šai versijai nezināmā stāvoklī"))
}

/// A step; `None` for one that this version does not know.
pub(super) fn of_step(step: &str) -> Option<Text> {
    Some(match step {
        "entered" => text("entered", "ievadīts"),
        "rewritten" => text("rewritten", "pārrakstīts"),
        "attached" => text("file attached", "pievienots fails"),
        "certificate-issued" => text("certificate issued", "izsniegts sertifikāts"),
        "certificate-enrolled" => {
            text("certificate of another authority let in", "reģistrēts cita izdevēja sertifikāts")
        }
        "enrolment-code-made" => text("enrolment code made", "izveidots saņemšanas kods"),
        "signature-verified" => text("signature verified", "paraksts pārbaudīts"),
        "draft" | "submitted" | "checked" | "approved" | "in-force" | "replaced" | "expired" | "rejected"
        | "withdrawn" | "overtaken" => of_state(step),
        _ => return None,
    })
}

/// A field; `None` for one that this version does not know.
pub(super) fn of_field(field: &str) -> Option<Text> {
    Some(match field {
        "client" => CLIENT,
        "online_user" => ONLINE_USER,
        "person" => text("Person", "Persona"),
        "name" => text("Name", "Nosaukums"),
        "registration_number" => text("Registration number", "Reģistrācijas numurs"),
        "acceptance" => text("Acceptance", "Pieņemšana"),
        "iban" => text("IBAN", "IBAN"),
        "owner_name" => text("Owner", "Īpašnieks"),
        "account_kind" => text("Kind of account", "Konta veids"),
        "currency" => text("Currency", "Valūta"),
        "limit_per_payment" => text("Limit per payment", "Limits maksājumam"),
        "limit_per_day" => text("Limit per day", "Limits dienai"),
        "day" => text("Day", "Diena"),
        "mode" => text("Mode", "Režīms"),
        "contact_name" => text("Contact person", "Kontaktpersona"),
        "email" => text("E-mail", "E-pasts"),
        "telephone" => text("Telephone", "Tālrunis"),
        "networks" => text("Networks", "Tīkli"),
        "accounts" => text("Accounts", "Konti"),
        "roles" => text("Roles", "Lomas"),
        "signatories" => text("Signatories", "Paraksttiesīgie"),
        "enrolment" => text("Way to the certificate", "Sertifikāta saņemšana"),
        "suspended" => text("Suspended since", "Apturēts kopš"),
        "account_state" => text("State of the account", "Konta stāvoklis"),
        "valid_from" => text("Valid from", "Spēkā no"),
        "valid_until" => text("Valid until", "Spēkā līdz"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_state_and_shown_field_has_words() {
        use onboarding::{Field, Kind, State};
        let unknown = [of_kind("").en, of_state("").en];
        assert!(Kind::ALL.iter().all(|kind| !unknown.contains(&of_kind(kind.word()).en)));
        assert!(State::ALL.iter().all(|state| !unknown.contains(&of_state(state.word()).en)));
        let never_shown = [Field::FileName, Field::File, Field::Reason, Field::How];
        for field in Field::ALL.iter().filter(|field| !never_shown.contains(field)) {
            assert!(of_field(field.word()).is_some(), "{field}");
        }
    }
}
