//! The words of a format description, besides those of the rulebook.

use rulebook::catalogue::Text;
use rulebook::rules::Level;

const fn text(lv: &'static str, en: &'static str) -> Text {
    Text { lv, en }
}

pub(super) const TITLE: Text = text("Formāta apraksts", "Format description");
pub(super) const NAMESPACE: Text = text("Vārdtelpa", "Namespace");
pub(super) const DIRECTION: Text = text("Virziens", "Direction");
pub(super) const FROM_CLIENT: Text = text("klients → Valsts kase", "client → Treasury");
pub(super) const TO_CLIENT: Text = text("Valsts kase → klients", "Treasury → client");
pub(super) const ENCODING: Text = text("Kodējums", "Encoding");
pub(super) const ENCODING_IS: Text = text("UTF-8, bez DOCTYPE", "UTF-8, no DOCTYPE");
pub(super) const SCHEMA: Text = text("Shēma", "Schema");
pub(super) const NOT_OFFERED: Text = text(
    "Šo pārskatu apmaiņa vēl nesniedz; apraksts rāda, kāds tas būs.",
    "The exchange does not give this report yet; the description shows what it will be like.",
);

pub(super) const HOW_TO_READ: Text = text("Kā lasīt", "How to read this");
pub(super) const HOW_TO_READ_INCOMING: Text = text(
    "Redzami elementi, kurus lasām, un tie, kuri shēmā ir obligāti. „Reizes” ir, cik reižu elements drīkst būt savā vecākelementā; ja \
     pie mums ir šaurāk nekā ISO 20022, norādīts abējādi: ISO → mēs. Elementi, kurus nelasām, drīkst būt, bet neko nemaina.",
    "Shown are the elements that we read and those that the schema demands. *Times* is how often an element may stand in its parent; where \
     we are narrower than ISO 20022, both are given: ISO → ours. Elements that are not read may stand, and change nothing.",
);
pub(super) const HOW_TO_READ_OUTGOING: Text = text(
    "Redzami visi elementi, kas mūsu ziņojumos var būt; citu nav. „Reizes” ir, cik reižu elements ir savā vecākelementā; ja pie mums ir \
     šaurāk nekā ISO 20022, norādīts abējādi: ISO → mēs.",
    "Shown are all elements that our messages can have; there are no others. *Times* is how often an element stands in its parent; where we are \
     narrower than ISO 20022, both are given: ISO → ours.",
);

pub(super) const ELEMENTS: Text = text("Elementi", "Elements");
pub(super) const NUMBER: Text = text("Nr.", "No.");
pub(super) const ELEMENT: Text = text("Elements", "Element");
pub(super) const MEANING: Text = text("Nozīme", "Meaning");
pub(super) const TIMES: Text = text("Reizes", "Times");
pub(super) const VALUE: Text = text("Vērtība", "Value");
pub(super) const RULES_HEAD: Text = text("Noteikumi", "Rules");
pub(super) const EXAMPLE: Text = text("Piemērs", "Example");
pub(super) const ALTERNATIVE: Text = text("viens no vairākiem", "one of several");
pub(super) const REFUSED: Text = text("Noraidām", "Refused");
pub(super) const NOT_READ: Text = text("Nelasām", "Not read");
pub(super) const NOT_WRITTEN: Text = text("Nerakstām", "Not written");

pub(super) const RULES: Text = text("Noteikumi", "Rules");
pub(super) const RULES_INTRODUCTION: Text = text(
    "Papildus shēmai. Kods ir noraidījuma iemesls; ISO kodu satur pain.002.",
    "Beyond the schema. The code is the reason of a refusal; the ISO code is what a pain.002 carries.",
);
pub(super) const REFUSES: Text = text("noraida", "refuses");
pub(super) const SOURCE: Text = text("Avots", "Source");
pub(super) const CODE_LISTS: Text = text("Kodu saraksti", "Code lists");
pub(super) const CODE_LISTS_INTRODUCTION: Text = text(
    "ISO 20022 ārējie kodu saraksti (External Code Sets, iso20022.org); tie mainās biežāk nekā shēmas.",
    "ISO 20022's external code sets (iso20022.org); they change more often than the schemas.",
);
pub(super) const COMPLETE_EXAMPLE: Text = text("Pilns piemērs", "Complete example");

/// What part of a message a rule refuses.
pub(super) fn level(level: Level) -> Text {
    match level {
        Level::Group => text("ziņojumu", "the message"),
        Level::PaymentInformation => text("bloku", "the block"),
        Level::CreditTransfer => text("maksājumu", "the payment"),
    }
}
