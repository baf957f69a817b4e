//! Sentences for what is wrong with an application, with an act on it, or with a certificate request.
//!
//! One code stands for many faults; each has a sentence of its own, so a reader never meets a piece of English
//! in a Latvian sentence. A field is named as the form names it, since that is where people look for it.

use std::fmt::Write as _;

use super::{Arguments, Language, Text};

/// Both languages of each fault, from one list.
macro_rules! faults {
    ($($(#[$about:meta])* $fault:ident = $lv:literal, $en:literal;)+) => {
        /// What is wrong. `{given}` is the field of the form, `{value}` what stands there, `{expected}` what could.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Fault { $($(#[$about])* $fault,)+ }

        impl Fault {
            /// All of them.
            pub const ALL: &[Fault] = &[$(Fault::$fault,)+];

            /// Its sentence, with placeholders.
            #[must_use]
            pub const fn text(self) -> Text {
                match self { $(Fault::$fault => Text { lv: $lv, en: $en },)+ }
            }
        }
    };
}

faults! {
    /// A field without value.
    FieldMissing = "{given}: lauka nav, vai tas ir tukšs.", "{given}: the field is missing or empty.";
    /// More characters or entries than its bound.
    TooLong =
        "{given}: ne vairāk kā {expected} (rakstzīmes, ieraksti vai baiti).",
        "{given}: at most {expected} (characters, entries or bytes).";
    /// A value of another form.
    FormWrong =
        "{given}: „{value}” neatbilst vajadzīgajai formai; piemēram: {expected}.",
        "{given}: `{value}` does not have the form that is needed, such as {expected}.";
    /// The same, where only the field is known.
    FormNeeded =
        "{given}: vērtība neatbilst vajadzīgajai formai; piemēram: {expected}.",
        "{given}: the value does not have the form that is needed, such as {expected}.";
    /// None of the words that are possible.
    WordUnknown =
        "{given}: vērtība „{value}” nav iespējama; iespējamās: {expected}.",
        "{given}: `{value}` is not possible; possible are: {expected}.";
    /// A level that signatories do not have.
    LevelWrong = "{given}: level ir 1, 2 vai 3.", "{given}: level is 1, 2 or 3.";
    /// Spaces around a text, or control characters in it.
    Untidy =
        "{given}: sākumā un beigās nedrīkst būt atstarpes, un vadības rakstzīmes nav atļautas.",
        "{given}: no spaces at the beginning or the end, and no control characters.";
    /// A network with bits behind its prefix.
    NetworkBits =
        "{given}: „{value}” nav tīkls, jo aiz prefiksa ir vēl adreses biti; tīkls ir {expected}.",
        "{given}: `{value}` is no network, since there are bits behind the prefix; the network is {expected}.";
    /// A network that lets in too much.
    NetworkTooWide =
        "{given}: tīkls {value} ir pārāk plašs: prefiksam jābūt vismaz {expected} biti garam. Norādiet tikai savas sistēmas adreses.",
        "{given}: the network {value} is too wide: its prefix has at least {expected} bits. Give your system's addresses only.";
    /// The same twice.
    Repeated = "{given}: viens un tas pats norādīts divreiz.", "{given}: the same stands there twice.";
    /// No amount.
    AmountWrong =
        "{given}: „{value}” nav iespējama summa; rakstiet, piemēram, 1000.00.",
        "{given}: `{value}` is no possible amount; write for instance 1000.00.";
    /// An amount below zero, or a band that ends before it begins.
    AmountImpossible =
        "{given}: summa nedrīkst būt mazāka par nulli, un „to” nedrīkst būt mazāks par „from”.",
        "{given}: an amount is never below zero, and `to` never below `from`.";
    /// A day before today, or a validity that ends before it begins.
    DayOver =
        "{given}: šī diena jau ir pagājusi vai ir pirms sākuma dienas.",
        "{given}: this day is over, or before the first day.";
    /// A day too far ahead.
    DayTooFar = "{given}: vēlākā iespējamā diena ir {expected}.", "{given}: the last day possible is {expected}.";
    /// Roles of operators beside those of clients' persons.
    RolesMixed =
        "{given}: operatoram var būt lomas clerk, approver, auditor, klienta personai – viewer, preparer, administrator, signatory.",
        "{given}: an operator has the roles clerk, approver, auditor, a client's person viewer, preparer, administrator, signatory.";
    /// What is applied for is there already.
    NothingChanges = "Pieteikums neko nemaina: viss jau ir tā.", "The application changes nothing: all of it is so already.";
    /// An IBAN whose check digits or length are wrong.
    IbanWrong =
        "{given}: „{value}” nav IBAN: kontrolcipari vai garums ir nepareizs.",
        "{given}: `{value}` is no IBAN: its check digits or its length are wrong.";
    /// An account that the Treasury does not keep.
    AccountUnknown = "{given}: konta {value} Valsts kasē nav.", "{given}: the Treasury keeps no account {value}.";
    /// An account of another client.
    AccountOfAnother = "{given}: konts {value} pieder citam klientam.", "{given}: the account {value} is another client's.";
    /// An account that is there already.
    AccountTaken = "{given}: konts {value} jau ir reģistrēts.", "{given}: the account {value} is registered already.";
    /// A client that is not there.
    ClientUnknown = "{given}: klienta ar numuru {value} nav.", "{given}: there is no client with the number {value}.";
    /// A registration number that a client has.
    RegistrationNumberTaken =
        "{given}: klients ar reģistrācijas numuru {value} jau ir.",
        "{given}: there is a client with the registration number {value} already.";
    /// A name that another online user of the client has.
    UserNameTaken =
        "{given}: klientam jau ir tiešsaistes lietotājs „{value}”; to maina ar change-of-online-user.",
        "{given}: the client has an online user `{value}` already; change-of-online-user changes it.";
    /// A person who is not there, or not of this client.
    PersonUnknown =
        "{given}: šim klientam personas ar numuru {value} nav.",
        "{given}: this client has no person with the number {value}.";
    /// A person who is not there at all.
    NoSuchPerson =
        "{given}: personas ar numuru {value} nav.",
        "{given}: there is no person with the number {value}.";
    /// The same of the client's person who applied.
    ApplicantUnknown = "Šim klientam tādas iesniedzēja personas nav.", "The applicant is no person of this client.";
    /// An online user that is not there.
    UserUnknown =
        "{given}: tiešsaistes lietotāja ar numuru {value} nav.",
        "{given}: there is no online user with the number {value}.";
    /// An online user who is not suspended.
    NotSuspended =
        "{given}: tiešsaistes lietotāja {value} nav, vai tas nav apturēts.",
        "{given}: there is no online user {value}, or it is not suspended.";
    /// An account that is not blocked.
    NotBlocked = "{given}: šis konts nav bloķēts.", "{given}: this account is not blocked.";
    /// What would be changed is not there.
    NothingToChange =
        "Tā, ko pieteikums maina, nav, vai tas pieder citam klientam.",
        "What the application changes is not there, or is another client's.";
    /// An end of a registration together with new values.
    EndWithValues =
        "{given}: ja norādīts \"ends\": true, citi personas lauki nav iespējami.",
        "{given}: with \"ends\": true no other field of the person is possible.";
    /// A client's person who would become another client's.
    ClientStays = "{given}: personas klientu mainīt nevar.", "{given}: the client of a person cannot change.";
    /// A code for an application that allows no certificate.
    AllowsNoCertificate =
        "Šāda veida pieteikums sertifikātu nedod; ievadiet pieteikumu new-certificate (personai – person).",
        "An application of this kind allows no certificate; enter one of the kind new-certificate (for a person, person).";
    /// A code of the application was used.
    CodeUsed =
        "Ar šī pieteikuma kodu sertifikāts jau ir izsniegts; vēl vienam vajag pieteikumu new-certificate.",
        "A certificate was issued with a code of this application; a further one needs an application new-certificate.";
    /// An application that is not there.
    ApplicationUnknown = "Pieteikuma ar numuru {value} nav.", "There is no application with the number {value}.";
    /// In another state. `{value}` and `{expected}` are states.
    StateWrong =
        "Pieteikums ir {value}; šī darbība iespējama, kamēr tas ir: {expected}.",
        "The application is {value}; this is possible while it is: {expected}.";
    /// Who entered it approves it.
    EnteredByYou =
        "Pieteikumu ievadījāt jūs; to apstiprina cits operators.",
        "You entered the application; another operator approves it.";
    /// Who entered it gets a code or a certificate of it.
    CertificateOfYourEntry =
        "Pieteikumu ievadījāt jūs; kodu vai sertifikātu saņem cits operators.",
        "You entered the application; another operator gets the code or the certificate.";
    /// Who checked it approves it.
    CheckedByYou =
        "Pieteikumu pārbaudījāt jūs; to apstiprina cits operators.",
        "You checked the application; another operator approves it.";
    /// Who applied decides.
    AppliedForByYou = "Pieteikumu iesniedzāt jūs; par to lemj citi.", "You applied for it; others decide about it.";
    /// It is about the actor.
    AboutYou = "Pieteikums attiecas uz jums; par to lemj citi.", "The application is about you; others decide about it.";
    /// Somebody else entered it.
    EnteredByAnother =
        "Pieteikumu ievadīja cits operators; šo darbību drīkst veikt tikai viņš.",
        "Another operator entered the application, and only that operator may do this.";
    /// No signed file.
    SignedFileMissing =
        "Pieteikumam nav pievienots iestādes parakstīts fails.",
        "No file that the institution signed is attached to the application.";
    /// A signature that nobody verified.
    SignatureNotVerified =
        "Nav norādīts, kā pārbaudīts faila „{value}” paraksts.",
        "Nobody has noted how the signature of the file `{value}` was verified.";
    /// A second file of the name.
    FileNameTaken =
        "Fails ar nosaukumu „{value}” jau ir pievienots.",
        "A file with the name `{value}` is attached already.";
    /// A name that no file can have.
    FileNameWrong = "Failam nevar būt nosaukums „{value}”.", "No file can have the name `{value}`.";
    /// No file of the name.
    FileUnknown = "Faila „{value}” pieteikumam nav.", "The application has no file `{value}`.";
    /// Another digest.
    DigestDiffers =
        "Norādītā kontrolsumma nav šī pieteikuma kontrolsumma.",
        "The digest that you gave is not that of the application.";
    /// What it changes has moved.
    BaseMoved =
        "Tas, ko pieteikums maina, kopš iesniegšanas ir mainījies.",
        "What the application changes has changed since it was submitted.";
    /// The approval is too old.
    ApprovalLapsed = "Apstiprinājums bija derīgs līdz {value}.", "The approval counted until {value}.";
    /// The application is too old.
    Overdue = "Par pieteikumu varēja lemt līdz {value}.", "The application could be decided about until {value}.";
    /// It takes effect later.
    NotBefore = "Pieteikums stājas spēkā {value}.", "The application takes effect on {value}.";
    /// Its last day is over.
    Over = "Pēdējā diena bija {value}.", "The last day was {value}.";
    /// A renewal too early.
    RenewalTooEarly = "Pagarinājums ir iespējams no {value}.", "A renewal is possible from {value}.";
    /// Nothing ends it.
    NotDue = "Pieteikuma termiņš šodien nebeidzas.", "Nothing ends the application today.";
    /// No certificate request.
    RequestUnreadable =
        "Tas nav sertifikāta pieprasījums (PKCS#10). Ar curl sūtiet to ar --data-binary, jo --data izmet rindu beigas.",
        "This is no certificate request (PKCS#10). With curl, send it by --data-binary: --data drops the line ends.";
    /// A request that another key signed.
    RequestSignatureInvalid =
        "Pieprasījums nav parakstīts ar tajā esošo atslēgu.",
        "The request is not signed by the key that it holds.";
    /// A key of another kind, or too weak.
    RequestKeyNotAccepted =
        "Pieprasījumā ir atslēga {value}; der EC P-256, EC P-384 un RSA no 2048 līdz 4096 bitiem ar eksponentu no 65537.",
        "The key in the request is {value}; accepted are EC P-256, EC P-384, and RSA of 2048 to 4096 bits with an exponent from 65537.";
    /// A signature of another kind.
    RequestAlgorithmNotAccepted =
        "Pieprasījums parakstīts ar {value}; der SHA-256 un SHA-384, RSA atslēgai arī SHA-512.",
        "The request is signed by {value}; accepted are SHA-256 and SHA-384, for RSA SHA-512 too.";
    /// A text that says why or how.
    TextNeeded =
        "{given}: vajadzīgs teksts, ne garāks par {expected} rakstzīmēm.",
        "{given}: a text is needed, of at most {expected} characters.";
}

impl Fault {
    /// The sentence in a language; `None` when a value that it needs is not given.
    #[must_use]
    pub fn sentence(self, language: Language, arguments: &Arguments<'_>) -> Option<String> {
        let template = self.text().in_language(language);
        if self != Fault::StateWrong {
            return arguments.fill(template);
        }
        let [value, expected] = [arguments.value, arguments.expected].map(|words| states(words, language));
        Arguments { value: &value, expected: &expected, ..*arguments }.fill(template)
    }
}

/// The states of a list of words, as people call them.
fn states(words: &str, language: Language) -> String {
    let mut named = String::new();
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        let separator = if named.is_empty() { "" } else { ", " };
        let state = application_state(word).map_or(word, |text| text.in_language(language));
        // Writing to a String cannot fail.
        let _ = write!(named, "{separator}{state}");
    }
    named
}

/// A state of an application as people call it, by its word in interfaces.
#[must_use]
pub fn application_state(word: &str) -> Option<Text> {
    let (lv, en) = match word {
        "draft" => ("melnraksts", "draft"),
        "submitted" => ("iesniegts", "submitted"),
        "checked" => ("pārbaudīts", "checked"),
        "approved" => ("apstiprināts", "approved"),
        "in-force" => ("spēkā", "in force"),
        "replaced" => ("aizstāts", "replaced"),
        "expired" => ("beidzies", "expired"),
        "rejected" => ("noraidīts", "rejected"),
        "withdrawn" => ("atsaukts", "withdrawn"),
        "overtaken" => ("novecojis citas maiņas dēļ", "overtaken by another change"),
        _ => return None,
    };
    Some(Text { lv, en })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn each_fault_is_a_sentence_in_both_languages_with_the_same_values() {
        let values = |template: &str| {
            let mut names: Vec<&str> =
                template.split('{').skip(1).map(|rest| rest.split('}').next().unwrap_or_default()).collect();
            names.sort_unstable();
            names.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        for fault in Fault::ALL {
            let Text { lv, en } = fault.text();
            assert_eq!(values(lv), values(en), "{fault:?}");
            assert!(lv.ends_with('.') && en.ends_with('.') && lv != en, "{fault:?}");
            let arguments = Arguments { value: "1", expected: "2", given: "name", ..Arguments::default() };
            assert!(Language::ALL.iter().all(|language| fault.sentence(*language, &arguments).is_some()), "{fault:?}");
        }
    }

    #[test]
    fn states_are_named_as_people_call_them() {
        let arguments = Arguments { value: "in-force", expected: "draft submitted", ..Arguments::default() };
        let said = Fault::StateWrong.sentence(Language::Latvian, &arguments).unwrap();
        assert_eq!(said, "Pieteikums ir spēkā; šī darbība iespējama, kamēr tas ir: melnraksts, iesniegts.");
    }
}
