//! 5xxx: duplicates within the message or of an earlier one.

use super::source::{REASON_CODES, TDAM};
use super::{Code, Entry};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Code::MessageIdUsed, "DU01", REASON_CODES)
        .title("MsgId jau ir izmantots", "The MsgId is already used")
        .explanation(
            "Ar šo MsgId klients jau ir iesniedzis citu ziņojumu. MsgId izmanto tikai vienreiz.",
            "The client has submitted another message with this MsgId. A MsgId is used only once, for ever.",
        )
        .detail(
            "MsgId „{value}” jau izmantots {given} ziņojumam ar citiem baitiem; tas saņēma atbildi {expected}.",
            "MsgId `{value}` was used on {given} by a message with other bytes, which was answered {expected}.",
        )
        .remedy(
            "GET /v1/payments?msg_id=… rāda agrākā ziņojuma statusu. Ja maksājumi ir jauni vai agrākais ziņojums noraidīts, sūtiet tos ar jaunu MsgId. Ja vēlaties atkārtot to pašu ziņojumu, sūtiet to bez jebkādām izmaiņām: saņemsiet to pašu atbildi.",
            "GET /v1/payments?msg_id=… gives the status of the earlier message. If the payments are new, or the earlier message was refused, send them with a new MsgId. To repeat the same message, send it unchanged: you get the same answer.",
        ),
    Entry::new(Code::PaymentInformationIdRepeated, "DU02", REASON_CODES)
        .title("PmtInfId ziņojumā atkārtojas", "A PmtInfId is repeated in the message")
        .explanation(
            "Katram PmtInf blokam ziņojumā vajag savu PmtInfId.",
            "Each PmtInf block of a message needs its own PmtInfId.",
        )
        .detail("PmtInfId „{value}” šajā ziņojumā jau bija.", "PmtInfId `{value}` occurred before in this message.")
        .remedy("Piešķiriet katram blokam savu PmtInfId.", "Give each block its own PmtInfId."),
    Entry::new(Code::EndToEndIdRepeated, "DU04", REASON_CODES)
        .title("EndToEndId ziņojumā atkārtojas", "An EndToEndId is repeated in the message")
        .explanation(
            "Katram maksājumam ziņojumā vajag savu EndToEndId; atkārtoties drīkst tikai NOTPROVIDED.",
            "Each payment of a message needs its own EndToEndId; only NOTPROVIDED may be repeated.",
        )
        .detail("EndToEndId „{value}” šajā ziņojumā jau bija.", "EndToEndId `{value}` occurred before in this message.")
        .remedy(
            "Pārbaudiet, vai maksājums nav ierakstīts divreiz; ja nav, piešķiriet tam citu EndToEndId vai rakstiet NOTPROVIDED.",
            "Check that the payment is not there twice; if it is not, give it another EndToEndId, or write NOTPROVIDED.",
        ),
    Entry::new(Code::InstructionIdRepeated, "DU05", REASON_CODES)
        .title("InstrId ziņojumā atkārtojas", "An InstrId is repeated in the message")
        .explanation(
            "Ja maksājumam ir InstrId, ziņojumā tas nedrīkst atkārtoties.",
            "If a payment has an InstrId, no other payment of the message may have the same.",
        )
        .detail("InstrId „{value}” šajā ziņojumā jau bija.", "InstrId `{value}` occurred before in this message.")
        .remedy(
            "Pārbaudiet, vai maksājums nav ierakstīts divreiz; ja nav, piešķiriet tam citu InstrId.",
            "Check that the payment is not there twice; if it is not, give it another InstrId.",
        ),
    Entry::new(Code::PaymentInformationIdUsed, "DU02", REASON_CODES)
        .title("PmtInfId jau ir izmantots", "The PmtInfId is already used")
        .explanation(
            "Agrākā klienta ziņojumā jau bija PmtInf bloks ar šo PmtInfId.",
            "An earlier message of the client had a PmtInf block with this PmtInfId.",
        )
        .detail(
            "PmtInfId „{value}” jau bija {given} ziņojumā „{expected}”.",
            "PmtInfId `{value}` was in message `{expected}` of {given} already.",
        )
        .shorter_detail(
            "PmtInfId „{value}” jau bija agrākā ziņojumā.",
            "PmtInfId `{value}` was in an earlier message already.",
        )
        .remedy(
            "Pārbaudiet, vai bloks nav jau nosūtīts (GET /v1/payments?msg_id=…). Ja nav, sūtiet tā maksājumus jaunā ziņojumā ar jaunu MsgId un PmtInfId.",
            "Check that the block was not sent before (GET /v1/payments?msg_id=…). If it was not, send its payments in a new message with a new MsgId and PmtInfId.",
        ),
    Entry::new(Code::EndToEndIdUsed, "DU04", REASON_CODES)
        .title("EndToEndId jau ir izmantots", "The EndToEndId is already used")
        .explanation(
            "Agrākā klienta ziņojumā jau bija maksājums ar šo EndToEndId.",
            "An earlier message of the client had a payment with this EndToEndId.",
        )
        .detail(
            "EndToEndId „{value}” jau bija {given} ziņojumā „{expected}”.",
            "EndToEndId `{value}` was in message `{expected}` of {given} already.",
        )
        .remedy(
            "Pārbaudiet, vai maksājums nav jau nosūtīts. Ja nav, sūtiet to jaunā ziņojumā (jauns MsgId un PmtInfId) ar jaunu EndToEndId. Ja programma nevar dot katram maksājumam savu, rakstiet NOTPROVIDED vai lūdziet Valsts kasei citu iestatījumu.",
            "Check that the payment was not sent before. If it was not, send it in a new message (new MsgId and PmtInfId) with a new EndToEndId. If your program cannot give each payment its own, write NOTPROVIDED, or ask the Treasury for another setting.",
        ),
    Entry::new(Code::InstructionIdUsed, "DU05", REASON_CODES)
        .title("InstrId jau ir izmantots", "The InstrId is already used")
        .explanation(
            "Agrākā klienta ziņojumā jau bija maksājums ar šo InstrId.",
            "An earlier message of the client had a payment with this InstrId.",
        )
        .detail(
            "InstrId „{value}” jau bija {given} ziņojumā „{expected}”.",
            "InstrId `{value}` was in message `{expected}` of {given} already.",
        )
        .shorter_detail(
            "InstrId „{value}” jau bija agrākā ziņojumā.",
            "InstrId `{value}` was in an earlier message already.",
        )
        .remedy(
            "Pārbaudiet, vai maksājums nav jau nosūtīts. Ja nav, sūtiet to jaunā ziņojumā (jauns MsgId un PmtInfId) ar jaunu InstrId.",
            "Check that the payment was not sent before. If it was not, send it in a new message (new MsgId and PmtInfId) with a new InstrId.",
        ),
    Entry::new(Code::SameContent, "AM05", REASON_CODES)
        .title("Tāds pats maksājums jau ir iesniegts", "The same payment has been submitted")
        .explanation(
            "Jau ir iesniegts maksājums ar to pašu maksātāju, saņēmēju, summu, izpildes datumu un maksājuma mērķi (tekstu, kreditora atsauci, dokumentu numuriem un papildu rindām).",
            "A payment with the same payer, payee, amount, execution date and remittance information (text, creditor reference, document numbers and further lines) has been submitted before.",
        )
        .detail(
            "Tāds pats maksājums jau bija {given} ziņojumā „{expected}”.",
            "The same payment was in message `{expected}` of {given} already.",
        )
        .remedy(
            "Ja maksājums tiešām jāveic vēlreiz, sūtiet to jaunā ziņojumā (jauns MsgId un PmtInfId) ar citu tekstu elementā RmtInf (Ustrd vai, ja lietojat Strd, AddtlRmtInf), piemēram, pieliekot kārtas numuru.",
            "If it is really to be paid again, send it in a new message (new MsgId and PmtInfId) with another text in RmtInf (Ustrd, or AddtlRmtInf where Strd is used), such as a number added.",
        ),
    Entry::new(Code::MessageInProgress, "", TDAM)
        .title("Ziņojumu vēl apstrādā", "The message is still being processed")
        .explanation(
            "Šis ziņojums jau ir saņemts un tiek apstrādāts; atbilde vēl nav gatava.",
            "This message has been received and is being processed; its answer is not ready yet.",
        )
        .remedy(
            "Pēc brīža pieprasiet statusu ar to pašu MsgId vai sūtiet to pašu ziņojumu vēlreiz: neko neizpildīs divreiz.",
            "Ask for the status by its MsgId in a while, or send the same message again: the exchange executes nothing twice.",
        ),
    Entry::new(Code::MessageOfAnotherUser, "DU01", REASON_CODES)
        .title("Šo ziņojumu jau iesniedza cits lietotājs", "Another user has submitted this message")
        .explanation(
            "Tieši tādu pašu ziņojumu jau iesniedza cits klienta tiešsaistes lietotājs. Atkārtotu atbildi saņem tikai tas, kurš ziņojumu sūtīja.",
            "Exactly this message was submitted by another online user of the client. Only the one who sent it is answered again.",
        )
        .detail(
            "Ziņojumu „{value}” ar tiem pašiem baitiem {given} iesniedza cits lietotājs; tas saņēma atbildi {expected}.",
            "Message `{value}`, of the same bytes, was submitted on {given} by another user and answered {expected}.",
        )
        .remedy(
            "GET /v1/payments?msg_id=… rāda tā statusu. Maksājumus otrreiz neizpildīs; nekas vairs nav jāsūta.",
            "GET /v1/payments?msg_id=… gives its status. The exchange executes nothing twice, and you need not send anything again.",
        ),
];
