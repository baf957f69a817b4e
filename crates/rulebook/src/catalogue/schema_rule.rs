//! Words for refusals by a message's schema.
//!
//! The schema layer knows nothing of this catalogue; it names its rules by stable identifiers (`xsd::Rule::id`).

use super::source::XML_SCHEMA;
use super::{Arguments, Code, Entry, Language};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Code::UnexpectedElement, "", XML_SCHEMA)
        .title("Elements šajā vietā nav atļauts", "The element is not allowed here")
        .explanation(
            "Shēma šajā vietā šādu elementu neparedz: tas nav zināms, ir nepareizā secībā vai atkārtojas par daudz reižu.",
            "The schema has no such element here: it is unknown, out of order, or there too often.",
        )
        .detail(
            "{element}: elements „{value}” šajā vietā nav atļauts; gaidīts: {expected}.",
            "{element}: the element `{value}` is not allowed here; expected: {expected}.",
        )
        .remedy(
            "Salīdziniet elementu nosaukumus (arī lielos un mazos burtus) un secību ar ziņojuma shēmu.",
            "Compare the elements' names (capitals too) and their order with the message's schema.",
        ),
    Entry::new(Code::MissingElement, "", XML_SCHEMA)
        .title("Trūkst obligāta elementa", "A mandatory element is missing")
        .explanation(
            "Elementā trūkst cita elementa, kuru shēma prasa.",
            "An element lacks another one that the schema requires.",
        )
        .detail("{element}: trūkst elementa: {expected}.", "{element}: an element is missing: {expected}.")
        .remedy(
            "Papildiniet ziņojumu ar trūkstošo elementu shēmas noteiktajā vietā.",
            "Add the missing element at its place in the schema.",
        ),
    Entry::new(Code::TextNotAllowed, "", XML_SCHEMA)
        .title("Teksts šajā vietā nav atļauts", "Text is not allowed here")
        .explanation(
            "Starp elementiem ir teksts, bet šajā vietā drīkst būt tikai elementi.",
            "There is text between elements where only elements may stand.",
        )
        .detail(
            "{element}: teksts „{value}” šajā vietā nav atļauts.",
            "{element}: the text `{value}` is not allowed here.",
        )
        .remedy(
            "Izņemiet tekstu vai ielieciet to pareizajā elementā.",
            "Remove the text or put it into the right element.",
        ),
    Entry::new(Code::AttributeNotAllowed, "", XML_SCHEMA)
        .title("Atribūts nav atļauts", "The attribute is not allowed")
        .explanation("Shēmā elementam šāda atribūta nav.", "The schema has no such attribute on the element.")
        .detail(
            "{element}: šāda atribūta shēmā nav (vērtība „{value}”).",
            "{element}: the schema has no such attribute (value `{value}`).",
        )
        .remedy(
            "Izņemiet šo atribūtu no norādītā elementa; tā vērtība, ja vajadzīga, ir savā elementā.",
            "Remove this attribute from the element named; its value, if needed, has an element of its own.",
        ),
    Entry::new(Code::MissingAttribute, "", XML_SCHEMA)
        .title("Trūkst obligāta atribūta", "A mandatory attribute is missing")
        .explanation(
            "Elementam trūkst atribūta, kuru shēma prasa.",
            "The element lacks an attribute that the schema requires.",
        )
        .detail("{element}: trūkst atribūta {expected}.", "{element}: the attribute {expected} is missing.")
        .remedy(
            "Pievienojiet atribūtu, piemēram, summai – valūtu: <InstdAmt Ccy=\"EUR\">.",
            "Add the attribute; an amount, for example, needs its currency: <InstdAmt Ccy=\"EUR\">.",
        ),
    Entry::new(Code::WrongRootElement, "", XML_SCHEMA)
        .title("Nepareizs saknes elements", "Wrong root element")
        .explanation(
            "ISO 20022 ziņojuma saknes elements ir Document ziņojuma nosaukumvietā.",
            "The root element of an ISO 20022 message is Document in the message's namespace.",
        )
        .detail(
            "Saknes elements ir „{value}”; gaidīts: {expected}.",
            "The root element is `{value}`; expected: {expected}.",
        )
        .remedy(
            "Sūtiet pašu ziņojumu ar saknes elementu Document, bez aploksnes ap to.",
            "Send the message itself with the root element Document, without an envelope around it.",
        ),
    Entry::new(Code::ValueLength, "", XML_SCHEMA)
        .title("Nepareizs vērtības garums", "The value has the wrong length")
        .explanation(
            "Vērtība ir īsāka vai garāka, nekā shēma pieļauj.",
            "The value is shorter or longer than the schema allows.",
        )
        .detail(
            "{element}: vērtības „{value}” garums nav pareizs, jābūt: {expected}.",
            "{element}: the length of `{value}` is wrong, it must be {expected}.",
        )
        .remedy(
            "Saīsiniet vai papildiniet vērtību; tukšu elementu labāk izlaist.",
            "Shorten or complete the value; better leave an empty element out.",
        ),
    Entry::new(Code::ValuePattern, "", XML_SCHEMA)
        .title("Vērtība neatbilst formātam", "The value has the wrong form")
        .explanation(
            "Vērtība neatbilst shēmā noteiktajam formātam.",
            "The value does not have the form that the schema sets.",
        )
        .detail(
            "{element}: vērtība „{value}” neatbilst formātam {expected}.",
            "{element}: the value `{value}` does not have the form {expected}.",
        )
        .remedy(
            "Pārbaudiet vērtību; kontu un kodus raksta bez atstarpēm, ar lielajiem burtiem.",
            "Check the value; accounts and codes are written without blanks, in capital letters.",
        ),
    Entry::new(Code::ValueNotListed, "", XML_SCHEMA)
        .title("Vērtība nav atļauto vidū", "The value is not one of those allowed")
        .explanation("Elementam ir noteikts atļauto vērtību saraksts.", "The element has a list of allowed values.")
        .detail(
            "{element}: vērtība „{value}” nav atļauto vidū, jābūt: {expected}.",
            "{element}: the value `{value}` is not allowed, it must be {expected}.",
        )
        .remedy(
            "Izmantojiet vienu no atļautajām vērtībām, ko nosauc kļūda; lielie un mazie burti atšķiras.",
            "Use one of the allowed values that the error names; capital and small letters differ.",
        ),
    Entry::new(Code::ValueNotANumber, "", XML_SCHEMA)
        .title("Vērtība nav skaitlis", "The value is not a number")
        .explanation(
            "Elementā jābūt skaitlim; decimālā zīme ir punkts, tūkstošus neatdala.",
            "The element holds a number; the decimal mark is a point, thousands are not separated.",
        )
        .detail("{element}: vērtība „{value}” nav skaitlis.", "{element}: the value `{value}` is not a number.")
        .remedy(
            "Rakstiet skaitli ar ciparu un punktu, kā 1234.50: bez atstarpēm, komatiem un valūtas zīmēm.",
            "Write the number with digits and a point, as in 1234.50: no blanks, commas or currency signs.",
        ),
    Entry::new(Code::TooManyDigits, "", XML_SCHEMA)
        .title("Skaitlim ir pārāk daudz ciparu", "The number has too many digits")
        .explanation(
            "Skaitlim ir vairāk ciparu kopā vai aiz punkta, nekā shēma pieļauj.",
            "The number has more digits in all, or after the point, than the schema allows.",
        )
        .detail(
            "{element}: skaitlim „{value}” ir pārāk daudz ciparu, atļauts: {expected}.",
            "{element}: the number `{value}` has too many digits, allowed are {expected}.",
        )
        .remedy(
            "Noapaļojiet summu līdz valūtas mazākajai vienībai.",
            "Round the amount to the currency's smallest unit.",
        ),
    Entry::new(Code::NumberOutOfRange, "", XML_SCHEMA)
        .title("Skaitlis ir ārpus robežām", "The number is out of range")
        .explanation(
            "Skaitlis ir mazāks vai lielāks, nekā shēma pieļauj.",
            "The number is smaller or larger than the schema allows.",
        )
        .detail(
            "{element}: skaitlis „{value}” ir ārpus robežām, jābūt: {expected}.",
            "{element}: the number `{value}` is out of range, it must be {expected}.",
        )
        .remedy(
            "Norādiet skaitli robežās, ko nosauc kļūda.",
            "Give a number within the range that the error names.",
        ),
    Entry::new(Code::ValueNotADate, "", XML_SCHEMA)
        .title("Vērtība nav datums vai laiks", "The value is not a date or time")
        .explanation(
            "Datumu raksta kā GGGG-MM-DD, datumu ar laiku kā GGGG-MM-DDThh:mm:ss.",
            "A date is written YYYY-MM-DD, a date with time YYYY-MM-DDThh:mm:ss.",
        )
        .detail(
            "{element}: vērtība „{value}” nav derīgs datums vai laiks.",
            "{element}: the value `{value}` is not a valid date or time.",
        )
        .remedy(
            "Labojiet vērtību, piemēram, 2026-11-23 vai 2026-11-23T09:30:00.",
            "Correct the value, for example 2026-11-23 or 2026-11-23T09:30:00.",
        ),
    Entry::new(Code::ValueNotABoolean, "", XML_SCHEMA)
        .title("Vērtība nav ne true, ne false", "The value is neither true nor false")
        .explanation("Elementā drīkst būt true, false, 1 vai 0.", "The element holds true, false, 1 or 0.")
        .detail(
            "{element}: vērtība „{value}” nav ne true, ne false.",
            "{element}: the value `{value}` is neither true nor false.",
        )
        .remedy("Rakstiet true vai false ar mazajiem burtiem.", "Write true or false in small letters."),
    Entry::new(Code::TooManyOccurrences, "", XML_SCHEMA)
        .title("Elements atkārtojas pārāk daudz reižu", "The element occurs too often")
        .explanation("Elements atkārtojas vairāk reižu, nekā atļauts.", "The element occurs more often than allowed.")
        .detail("{value} atkārtojas vairāk nekā {expected} reizes.", "{value} occurs more than {expected} times.")
        .remedy(
            "Atstājiet atļauto skaitu; pārējo saturu sadaliet vairākos maksājumos vai ziņojumos.",
            "Leave the allowed number, and put the rest into further payments or messages.",
        ),
    Entry::new(Code::SchemaInstanceNotAllowed, "", XML_SCHEMA)
        .title("xsi: atribūts nav atļauts", "The xsi: attribute is not allowed")
        .explanation(
            "ISO 20022 ziņojumā elementus neaizstāj ar xsi:nil vai xsi:type.",
            "An ISO 20022 message replaces no element by xsi:nil or xsi:type.",
        )
        .detail(
            "{element}: atribūta vērtība „{value}” nav atļauta.",
            "{element}: the attribute's value `{value}` is not allowed.",
        )
        .remedy("Izņemiet atribūtu; tukšu elementu izlaidiet.", "Remove the attribute; leave an empty element out."),
    Entry::new(Code::SchemaViolation, "", XML_SCHEMA)
        .title("Ziņojums neatbilst shēmai", "The message does not fit its schema")
        .explanation("Ziņojums neatbilst ISO 20022 shēmai.", "The message does not fit its ISO 20022 schema.")
        .detail("{element}: „{value}” neatbilst shēmai.", "{element}: `{value}` does not fit the schema.")
        .remedy(
            "Labojiet uzskaitītās kļūdas; shēmas ir adresē /v1/schemas, un pirms sūtīšanas pēc tām pārbauda tdam validate FAILS.",
            "Correct the errors listed; the schemas are at /v1/schemas, and tdam validate FILE checks by them before you send.",
        ),
];

impl Code {
    /// The code that explains a broken rule of the schema; [`Code::SchemaViolation`] for an identifier unknown here.
    #[must_use]
    pub fn for_schema_rule(rule_id: &str) -> Code {
        match rule_id {
            "unknown-root" => Code::WrongRootElement,
            "wrong-namespace" => Code::WrongNamespace,
            "unexpected-element" => Code::UnexpectedElement,
            "missing-element" => Code::MissingElement,
            "unexpected-attribute" => Code::AttributeNotAllowed,
            "missing-attribute" => Code::MissingAttribute,
            "unexpected-text" => Code::TextNotAllowed,
            "pattern" | "not-base64" => Code::ValuePattern,
            "length" | "min-length" | "max-length" => Code::ValueLength,
            "enumeration" => Code::ValueNotListed,
            "fraction-digits" | "total-digits" => Code::TooManyDigits,
            "min-inclusive" | "max-inclusive" | "min-exclusive" | "max-exclusive" => Code::NumberOutOfRange,
            "not-a-decimal" | "not-an-integer" => Code::ValueNotANumber,
            "not-a-date" | "not-a-date-time" | "not-a-time" | "not-a-year" | "not-a-year-month" => Code::ValueNotADate,
            "not-a-boolean" => Code::ValueNotABoolean,
            "not-nillable" | "type-substitution" | "schema-instance-attribute" => Code::SchemaInstanceNotAllowed,
            _ => Code::SchemaViolation,
        }
    }
}

/// What is wrong with a document by a rule of its schema, with the values of the finding.
///
/// `element` is the path, `value` what was found and `expected` what the schema has there (all as in `xsd::Finding`;
/// its English phrases are put into Latvian here).
#[must_use]
pub fn explain_schema_finding(rule_id: &str, arguments: &Arguments<'_>, language: Language) -> String {
    let (empty, expected) = match language {
        Language::Latvian => ("(tukšs)", in_latvian(arguments.expected)),
        Language::English => ("(empty)", arguments.expected.to_owned()),
    };
    let value = if arguments.value.is_empty() { empty } else { arguments.value };
    let arguments = Arguments { value, expected: &expected, ..*arguments };
    Code::for_schema_rule(rule_id).entry().text(language, &arguments)
}

/// The phrases with which the schema layer says what it expects, whole.
const PHRASES: &[(&str, &str)] = &[
    ("no element", "neviens elements"),
    ("no further element", "neviens cits elements"),
    ("any element", "jebkurš elements"),
    ("an element", "elements"),
    ("a value without elements", "vērtība bez elementiem"),
    ("elements only", "tikai elementi"),
    ("no attribute", "neviens atribūts"),
];

/// How such phrases begin.
const BEGINNINGS: &[(&str, &str)] = &[
    ("one of ", "viens no šiem: "),
    ("exactly ", "tieši "),
    ("at least ", "vismaz "),
    ("at most ", "ne vairāk kā "),
    ("more than ", "vairāk par "),
    ("less than ", "mazāk par "),
];

/// How such phrases end.
const ENDINGS: &[(&str, &str)] = &[
    (" or no further element", " vai neviens cits elements"),
    (" characters", " zīmes"),
    (" fraction digits", " cipari aiz punkta"),
    (" digits", " cipari"),
];

/// A phrase of the schema layer in Latvian; names, patterns and limits stay as they are.
fn in_latvian(expected: &str) -> String {
    if let Some((_, latvian)) = PHRASES.iter().find(|(english, _)| *english == expected) {
        return (*latvian).to_owned();
    }
    let (mut rest, given) = match expected.rsplit_once(", not ") {
        Some((rest, given)) if given.bytes().all(|byte| byte.is_ascii_digit()) => (rest, format!(", nevis {given}")),
        _ => (expected, String::new()),
    };
    let mut beginning = "";
    if let Some((english, latvian)) = BEGINNINGS.iter().find(|(english, _)| rest.starts_with(english)) {
        (beginning, rest) = (latvian, &rest[english.len()..]);
    }
    let mut ending = "";
    if let Some((english, latvian)) = ENDINGS.iter().find(|(english, _)| rest.ends_with(english)) {
        (ending, rest) = (latvian, &rest[..rest.len() - english.len()]);
    }
    format!("{beginning}{rest}{ending}{given}")
}
