//! 7xxx: the result of a payment at another bank.

use super::source::{REASON_CODES, SEPA_RULES};
use super::{Code, Entry};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Code::PayeeAccountClosed, "AC04", REASON_CODES)
        .title("Saņēmēja konts citā bankā ir slēgts", "The payee's account at another bank is closed")
        .explanation("Saņēmēja banka ziņo, ka konts ir slēgts.", "The payee's bank says that the account is closed.")
        .remedy("Pajautājiet saņēmējam jauno kontu.", "Ask the payee for the new account."),
    Entry::new(Code::PayeeAccountBlocked, "AC06", REASON_CODES)
        .title("Saņēmēja konts citā bankā ir bloķēts", "The payee's account at another bank is blocked")
        .explanation("Saņēmēja banka ziņo, ka konts ir bloķēts.", "The payee's bank says that the account is blocked.")
        .remedy(
            "Sazinieties ar saņēmēju un norādiet citu tā kontu.",
            "Contact the payee, and give another account of theirs.",
        ),
    Entry::new(Code::PayeeAccountInvalid, "AC03", REASON_CODES)
        .title("Saņēmēja bankā šāda konta nav", "The payee's bank has no such account")
        .explanation(
            "Saņēmēja banka ziņo, ka konta numurs nav pareizs vai konta nav.",
            "The payee's bank says that the account number is wrong or there is no such account.",
        )
        .remedy("Pajautājiet konta numuru saņēmējam.", "Ask the payee for the account number."),
    Entry::new(Code::PayeeBankGaveNoReason, "MS03", REASON_CODES)
        .title("Saņēmēja banka maksājumu noraidīja bez iemesla", "The payee's bank refused without a reason")
        .explanation(
            "Saņēmēja banka maksājumu nepieņēma un iemeslu nenorādīja.",
            "The payee's bank did not accept the payment and gave no reason.",
        )
        .remedy(
            "Noskaidrojiet iemeslu pie saņēmēja; viņš to var uzzināt savā bankā.",
            "Ask the payee why; the payee can learn it from the bank.",
        ),
    Entry::new(Code::PayeeBankReason, "NARR", REASON_CODES)
        .title("Saņēmēja banka maksājumu noraidīja", "The payee's bank refused the payment")
        .explanation(
            "Saņēmēja banka maksājumu nepieņēma un norādīja savu iemeslu.",
            "The payee's bank did not accept the payment and gave a reason of its own.",
        )
        .detail("Saņēmēja bankas norādītais iemesls: {value}.", "The reason that the payee's bank gave: {value}.")
        .remedy(
            "Noskaidrojiet iemeslu pie saņēmēja; viņš to var uzzināt savā bankā.",
            "Ask the payee about it; the payee can learn more from the bank.",
        ),
    Entry::new(Code::PayeeBankUnreachable, "RC04", SEPA_RULES)
        .title("Saņēmēja banka SEPA maksājumiem nav sasniedzama", "The payee's bank is not reachable by SEPA")
        .explanation(
            "Saņēmēja banka nepiedalās SEPA maksājumos.",
            "The payee's bank does not take part in SEPA payments.",
        )
        .remedy("Pajautājiet saņēmējam kontu citā bankā.", "Ask the payee for an account with another bank."),
    Entry::new(Code::PayeeRefused, "MS02", REASON_CODES)
        .title("Saņēmējs maksājumu nepieņēma", "The payee did not accept the payment")
        .explanation(
            "Saņēmējs lūdzis savai bankai maksājumu nepieņemt.",
            "The payee asked the bank not to accept the payment.",
        )
        .remedy(
            "Sazinieties ar saņēmēju un noskaidrojiet, kā viņš vēlas saņemt naudu.",
            "Contact the payee and ask how the money is to be paid.",
        ),
    Entry::new(Code::PayeeAccountForbids, "AG01", REASON_CODES)
        .title("Saņēmēja konts šādus maksājumus nepieņem", "The payee's account does not take such payments")
        .explanation(
            "Saņēmēja banka ziņo, ka kontā šādu maksājumu ieskaitīt nedrīkst.",
            "The payee's bank says that such a payment cannot be credited to the account.",
        )
        .remedy("Pajautājiet saņēmējam citu kontu.", "Ask the payee for another account."),
    Entry::new(Code::PayeeNameDiffers, "BE01", REASON_CODES)
        .title("Saņēmēja nosaukums neatbilst kontam", "The payee's name does not fit the account")
        .explanation(
            "Saņēmēja banka ziņo, ka konts pieder citai personai.",
            "The payee's bank says that the account is somebody else's.",
        )
        .remedy(
            "Salīdziniet saņēmēja nosaukumu un kontu ar rēķinu vai pajautājiet tos saņēmējam.",
            "Compare the payee's name and account with the invoice, or ask the payee for them.",
        ),
    Entry::new(Code::RegulatoryRefusal, "RR04", REASON_CODES)
        .title("Maksājums noraidīts normatīvo prasību dēļ", "Refused for a regulatory reason")
        .explanation(
            "Maksājums noraidīts normatīvo aktu prasību dēļ.",
            "The payment was refused because of a legal requirement.",
        )
        .remedy(
            "Sazinieties ar Valsts kasi, nosaucot MsgId un EndToEndId.",
            "Contact the Treasury, naming MsgId and EndToEndId.",
        ),
    Entry::new(Code::SettlementDuplicate, "AM05", REASON_CODES)
        .title("Norēķinu sistēma uzskata maksājumu par dublikātu", "Settlement takes the payment for a duplicate")
        .explanation(
            "Norēķinu sistēma vai saņēmēja banka ziņo, ka šāds maksājums jau ir saņemts.",
            "The settlement system or the payee's bank says that it has received this payment before.",
        )
        .remedy(
            "Pārbaudiet konta pārskatā (camt.052), vai maksājums nav izpildīts; ja nav, sazinieties ar Valsts kasi, nosaucot MsgId un EndToEndId.",
            "Check in the account report (camt.052) whether the payment was executed; if it was not, contact the Treasury, naming MsgId and EndToEndId.",
        ),
    Entry::new(Code::SettlementTimeout, "AB05", REASON_CODES)
        .title("Saņēmēja banka neatbildēja laikā", "The payee's bank did not answer in time")
        .explanation(
            "Maksājums nav izpildīts, jo saņēmēja banka neatbildēja noteiktajā laikā.",
            "The payment was not executed because the payee's bank did not answer within the time set.",
        )
        .remedy(
            "Sūtiet maksājumu vēlreiz jaunā ziņojumā ar jaunu MsgId un PmtInfId.",
            "Send the payment again in a new message with a new MsgId and PmtInfId.",
        ),
    Entry::new(Code::ReturnedAfterSettlement, "NARR", SEPA_RULES)
        .title("Saņēmēja banka naudu atmaksāja", "The payee's bank returned the money")
        .explanation(
            "Maksājums bija izpildīts, bet saņēmēja banka naudu atmaksāja; tā ir jauns ieraksts kontā ar atsauci uz maksājumu.",
            "The payment had been executed, but the payee's bank returned the money: a new entry on the account, with a reference.",
        )
        .detail("Saņēmēja banka naudu atmaksāja; iemesls: {value}.", "The payee's bank returned the money; the reason: {value}.")
        .remedy(
            "Noskaidrojiet iemeslu pie saņēmēja; nauda ir atpakaļ jūsu kontā, un jaunu maksājumu sūtiet jaunā ziņojumā ar jaunu MsgId.",
            "Ask the payee about it; the money is back on your account, and a new payment goes in a new message with a new MsgId.",
        ),
];

impl Code {
    /// The code that explains the reason with which another bank or a settlement system refused a payment
    /// (`ExternalStatusReason1Code`). A reason without an entry of its own is passed on as text:
    /// [`Code::PayeeBankReason`] with the reason as `{value}`.
    #[must_use]
    pub fn for_settlement_reason(reason: &str) -> Code {
        match reason {
            "AC04" | "AC07" => Code::PayeeAccountClosed,
            "AC06" => Code::PayeeAccountBlocked,
            "AC01" | "AC03" => Code::PayeeAccountInvalid,
            "MS03" => Code::PayeeBankGaveNoReason,
            "RC01" | "RC04" | "CNOR" | "DNOR" => Code::PayeeBankUnreachable,
            "MS02" => Code::PayeeRefused,
            "AG01" | "AG02" => Code::PayeeAccountForbids,
            "BE01" => Code::PayeeNameDiffers,
            "RR01" | "RR02" | "RR03" | "RR04" => Code::RegulatoryRefusal,
            "AM05" => Code::SettlementDuplicate,
            "AB05" | "AB06" | "AB07" => Code::SettlementTimeout,
            _ => Code::PayeeBankReason,
        }
    }
}
