//! The program's own words, Latvian and English. The rulebook's catalogue has the texts about faults of messages.

use rulebook::catalogue::Text;

const fn text(en: &'static str, lv: &'static str) -> Text {
    Text { lv, en }
}

pub(crate) const ERROR: Text = text("error", "kļūda");
pub(crate) const WARNING: Text = text("warning", "brīdinājums");
pub(crate) const FOUND: Text = text("found", "atrasts");
pub(crate) const WHAT_TO_DO: Text = text("what to do", "ko darīt");
pub(crate) const SUPPORT: Text = text("help", "palīdzība");
pub(crate) const REQUEST: Text = text("request", "pieprasījums");

pub(crate) const SETTINGS_SOUND: Text = text(
    "The configuration is sound, and the exchange lets the proxy in.",
    "Konfigurācija ir derīga, un apmaiņa starpnieku ielaiž.",
);
pub(crate) const ONLINE_USER_HEAD: Text = text("Online user", "Tiešsaistes lietotājs");
pub(crate) const CLIENT_HEAD: Text = text("Client", "Klients");
pub(crate) const CERTIFICATE_DAYS_LEFT: Text =
    text("Days until the certificate ends", "Dienas līdz sertifikāta termiņa beigām");

pub(crate) const SENDING: Text = text("sending", "sūta");
pub(crate) const BEING_CHECKED: Text = text("being checked", "tiek pārbaudīts");
pub(crate) const CHECKING: Text = text("checking", "pārbauda");
pub(crate) const COPYING: Text = text("copying", "kopē");
pub(crate) const HASHING: Text = text("computing hashes", "aprēķina kontrolsummas");

pub(crate) const PLACE: Text = text("element", "elements");
pub(crate) const IN_ORDER: Text = text("in order", "bez kļūdām");
pub(crate) const FINDINGS: Text = text("finding(s)", "kļūda(s)");
pub(crate) const MORE_FINDINGS: Text = text("more findings", "citas kļūdas");
pub(crate) const TOLERATED: Text =
    text("departure(s) from the schema that the exchange tolerates", "atkāpe(s) no shēmas, ko apmaiņa pieļauj");
pub(crate) const PAYMENTS: Text = text("payments", "maksājumi");
pub(crate) const INTERNAL: Text = text("internal", "iekšējie");
pub(crate) const SUM: Text = text("sum", "summa");

pub(crate) const MESSAGE: Text = text("Message", "Ziņojums");
pub(crate) const STATUS: Text = text("Status", "Statuss");
pub(crate) const PAYMENTS_HEAD: Text = text("Payments", "Maksājumi");
pub(crate) const ACCEPTED: Text = text("Accepted", "Pieņemti");
pub(crate) const REFUSED: Text = text("Refused", "Noraidīti");
pub(crate) const CANCELLED: Text = text("cancelled", "atcelti");
pub(crate) const CANCELLED_BEFORE: Text = text("cancelled before", "atcelti jau agrāk");
pub(crate) const REFUSED_OTHERWISE: Text = text("refused for another reason", "noraidīti cita iemesla dēļ");
pub(crate) const NOT_CANCELLED: Text = text("not cancelled", "nav atcelti");
pub(crate) const REASON: Text = text("Reason", "Iemesls");
pub(crate) const BLOCK: Text = text("Block", "Bloks");
pub(crate) const LINE: Text = text("Line", "Rinda");
pub(crate) const CODE: Text = text("Code", "Kods");
pub(crate) const REFUSED_PAYMENTS: Text = text("Refused payments", "Noraidītie maksājumi");
pub(crate) const MORE: Text = text("more", "citi");
/// For parts that a listing leaves out.
pub(crate) const ALL_OF_THEM: Text = text("all of them", "visi");

pub(crate) const REPEATED: Text = text(
    "these bytes were sent before; this is the answer they got then",
    "šie dati jau bija sūtīti; šī ir toreiz sniegtā atbilde",
);
pub(crate) const TEST_ONLY: Text = text("only checked, nothing was executed", "tikai pārbaudīts, nekas nav izpildīts");
pub(crate) const RECEIVED: Text = text(
    "received safely and still being checked; ask later with",
    "droši saņemts un vēl tiek pārbaudīts; jautājiet vēlāk ar",
);
pub(crate) const WRITTEN: Text = text("written to", "ierakstīts failā");

pub(crate) const QUOTA: Text = text("Quota of", "Kvota");
pub(crate) const REQUESTS: Text = text("requests", "pieprasījumi");
pub(crate) const BYTES: Text = text("bytes", "baiti");
pub(crate) const LIBRARY_LANGUAGE: Text = text("Library", "Bibliotēka");
pub(crate) const VERSION: Text = text("Version", "Versija");
pub(crate) const NEEDS: Text = text("Needs", "Vajag");
pub(crate) const INTERFACE: Text = text("Interface", "Saskarne");
pub(crate) const NO_LIBRARIES: Text =
    text("The service gives out no client libraries.", "Pakalpojums neizsniedz klienta bibliotēkas.");
pub(crate) const LEFT: Text = text("Left", "Atlicis");
pub(crate) const RESERVE: Text = text("Reserve", "Rezerve");
pub(crate) const BURST: Text = text("At once", "Uzreiz");
pub(crate) const EACH_SECOND: Text = text("Each second", "Sekundē");
pub(crate) const FULL_IN: Text = text("Full in", "Pilna pēc");
pub(crate) const NO_QUOTAS: Text = text("There are no quotas.", "Kvotu nav.");

pub(crate) const ACCOUNT: Text = text("Account", "Konts");
pub(crate) const REPORT: Text = text("Report", "Pārskats");
pub(crate) const PERIOD: Text = text("Period", "Periods");
pub(crate) const DATE: Text = text("Date", "Datums");
pub(crate) const REFERENCE: Text = text("Reference", "Atsauce");
pub(crate) const COUNTERPARTY: Text = text("Counterparty", "Darījuma puse");
pub(crate) const PURPOSE: Text = text("Purpose", "Mērķis");
pub(crate) const AMOUNT: Text = text("Amount", "Summa");
pub(crate) const OPENING: Text = text("Opening balance", "Sākuma atlikums");
pub(crate) const CLOSING: Text = text("Closing balance", "Beigu atlikums");
pub(crate) const INTERIM: Text = text("Interim balance", "Starpatlikums");
pub(crate) const CREDITS: Text = text("Credits", "Ienākošie");
pub(crate) const DEBITS: Text = text("Debits", "Izejošie");
pub(crate) const CHECK: Text = text("Check", "Pārbaude");
pub(crate) const ADDS_UP: Text = text("opening + entries = closing", "sākuma atlikums + ieraksti = beigu atlikums");
pub(crate) const DIFFERS: Text =
    text("opening + entries differ from closing by", "sākuma atlikums + ieraksti atšķiras no beigu atlikuma par");
pub(crate) const PAGES_ADD_UP: Text = text(
    "opening + entries = closing on each page, and each page begins where the one before it ended",
    "katrā lapā sākuma atlikums + ieraksti = beigu atlikums, un katra lapa sākas ar iepriekšējās beigu atlikumu",
);
pub(crate) const DOES_NOT_CONTINUE: Text = text(
    "a page does not begin with the balance that the one before it ended with",
    "lapa nesākas ar iepriekšējās lapas beigu atlikumu",
);
pub(crate) const PAGE: Text = text("page", "lapa");
pub(crate) const PAGES: Text = text("Pages", "Lapas");
pub(crate) const RETURNED: Text = text("returned", "atmaksāts");
pub(crate) const ENTRIES_HEAD: Text = text("Entries", "Ieraksti");
pub(crate) const ENTRIES: Text = text("entries", "ieraksti");
pub(crate) const NO_ENTRIES: Text = text("no entries", "ierakstu nav");
pub(crate) const MORE_ENTRIES: Text = text("more entries", "citi ieraksti");
pub(crate) const NO_REPORT: Text = text("no report was made", "pārskats netika izveidots");

pub(crate) const WHAT_IS_WRONG: Text = text("What is wrong", "Kas nav kārtībā");
pub(crate) const RULE: Text = text("Rule", "Noteikums");
pub(crate) const REMEDY: Text = text("What to do", "Ko darīt");
pub(crate) const ISO_REASON: Text = text("ISO reason", "ISO iemesls");
pub(crate) const HTTP_STATUS: Text = text("HTTP status", "HTTP statuss");
pub(crate) const AGAIN: Text = text("Repeat it?", "Vai atkārtot?");
pub(crate) const MAY_SUCCEED_LATER: Text =
    text("yes: the same request may succeed later", "jā: tas pats pieprasījums vēlāk var izdoties");
pub(crate) const SOURCE: Text = text("Source", "Avots");

pub(crate) const NUMBER: Text = text("Number", "Numurs");
pub(crate) const NAME: Text = text("Name", "Vārds");
pub(crate) const CLIENT: Text = text("Client", "Klients");
pub(crate) const ROLES: Text = text("Roles", "Lomas");
pub(crate) const EMAIL: Text = text("E-mail", "E-pasts");
pub(crate) const VALID_UNTIL: Text = text("Valid until", "Spēkā līdz");
pub(crate) const TREASURY: Text = text("the Treasury", "Valsts kase");
pub(crate) const ENDED: Text = text("ended", "beigusies");
pub(crate) const CERTIFICATE_UNTIL: Text = text("Certificate until", "Sertifikāts līdz");
pub(crate) const ENDS_SOON: Text = text("ends soon", "drīz beigsies");
pub(crate) const CERTIFICATE_OVER: Text = text("over", "beidzies");
pub(crate) const YOU: Text = text("you", "jūs");

pub(crate) const SAY_AS_WHOM: Text = text(
    "say as whom: --as FOLDER, with your certificate, key and connection.toml; a sandbox has two such folders in \
     tdam-sandbox/operators",
    "norādiet, kā vārdā: --as MAPE ar jūsu sertifikātu, atslēgu un connection.toml; izmēģinājumu vidē divas tādas mapes ir \
     tdam-sandbox/operators",
);
pub(crate) const LACKS_KEY: Text = text("connection.toml has no", "failā connection.toml nav");

/// A status in a few words.
pub(crate) fn of_status(status: &str) -> Option<Text> {
    Some(match status {
        "ACTC" => text("checked", "pārbaudīts"),
        "RCVD" => text("received", "saņemts"),
        "PART" => text("accepted in part", "daļēji pieņemts"),
        "RJCT" => text("refused", "noraidīts"),
        "PDNG" => text("waiting", "gaida"),
        "ACCP" => text("accepted", "pieņemts"),
        "ACSP" => text("being executed", "tiek izpildīts"),
        "ACSC" => text("settled", "izpildīts"),
        "ACWC" => text("accepted with a change", "pieņemts ar izmaiņām"),
        "CANC" => text("cancelled", "atcelts"),
        _ => return None,
    })
}
