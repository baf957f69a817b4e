//! 903x: applications, and the people who decide about them.

use super::source::{ONLINE_USER, TDAM};
use super::{Code, Entry};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Code::RoleMissing, "", TDAM)
        .title("Trūkst lomas", "The role is missing")
        .explanation(
            "Šo darbību drīkst tikai persona ar atbilstošu lomu, un jums tās pašlaik nav.",
            "Only a person with a certain role may do this, and at this moment you do not have it.",
        )
        .detail("Nepieciešama loma {value}.", "The role {value} is needed.")
        .remedy(
            "Lūdziet to izdarīt personai ar šo lomu. Lomu maina ar pieteikumu, kuru apstiprina cita persona.",
            "Ask a person with that role. A role changes by an application that somebody else approves.",
        ),
    Entry::new(Code::ApplicationContentInvalid, "", ONLINE_USER)
        .title("Pieteikuma saturs nav derīgs", "The content of the application is not valid")
        .explanation(
            "Pieteikuma laukā trūkst vērtības, tā neatbilst noteikumiem, vai nav tā, ko pieteikums maina.",
            "A field of the application has no value or one that the rules do not allow, or what the application changes is not there.",
        )
        .remedy(
            "Labojiet norādīto lauku un sūtiet saturu vēlreiz; melnrakstu maina ar rewrite.",
            "Correct the field named, and send the content again; rewrite changes a draft.",
        ),
    Entry::new(Code::ApplicationStateWrong, "", TDAM)
        .title("Pieteikums ir citā stāvoklī", "The application is in another state")
        .explanation(
            "Šī darbība pieteikuma pašreizējā stāvoklī nav iespējama. Apstiprinājums der vienu reizi.",
            "This is not possible in the state that the application is in. An approval counts once.",
        )
        .remedy("Apskatiet pieteikumu un tā gaitu.", "Look at the application and its steps."),
    Entry::new(Code::FourEyes, "", TDAM)
        .title("Tas jādara citai personai", "Another person has to do this")
        .explanation(
            "Neviens neapstiprina pieteikumu, ko pats ievadījis, iesniedzis vai, ja vajadzīgi divi operatori, pārbaudījis, un neviens nelemj par savu lomu. Melnrakstu maina tikai tas, kurš to ievadīja.",
            "Nobody approves an application that he entered, applied for or, where two operators are needed, checked, and nobody decides about his own role. Only who entered a draft changes it.",
        )
        .remedy(
            "Lūdziet to izdarīt citam operatoram; melnrakstu labo, iesniedz un atsauc tas, kurš to ievadīja.",
            "Ask another operator to do it; who entered a draft corrects, submits and withdraws it.",
        ),
    Entry::new(Code::ApplicationChanged, "", TDAM)
        .title("Pieteikums vai tā pamats ir mainījies", "The application, or what it changes, has changed")
        .explanation(
            "Apstiprinājums attiecas tieši uz to, ko redzējāt: saturu, pielikumus un to, ko pieteikums maina. Kaut kas no tā vairs nav tāds pats.",
            "An approval is of exactly what you saw: the content, the files, and what the application changes. One of them is no longer the same.",
        )
        .remedy(
            "Apskatiet pieteikumu vēlreiz. Ja mainījies tas, ko pieteikums maina, noraidiet pieteikumu un ievadiet jaunu.",
            "Look at the application again. If what it changes has changed, reject it, and enter a new one.",
        ),
    Entry::new(Code::SignedFileNotVerified, "", ONLINE_USER)
        .title("Nav pārbaudīta parakstīta pieteikuma", "There is no verified signed application")
        .explanation(
            "Pieteikumam nav pievienots iestādes parakstīts fails (PDF, ASiC-E/eDoc), vai nav norādīts, kas un kā pārbaudīja tā parakstu.",
            "The application has no file signed by the institution (PDF, ASiC-E/eDoc), or nobody has noted who verified its signature, and how.",
        )
        .remedy(
            "Pievienojiet parakstīto failu, pārbaudiet parakstu un norādiet, kā tas pārbaudīts.",
            "Attach the signed file, verify the signature, and note how it was verified.",
        ),
    Entry::new(Code::ApplicationNotInTime, "", TDAM)
        .title("Pieteikumam nav īstais laiks", "It is not the time for this application")
        .explanation(
            "Pieteikuma vai apstiprinājuma termiņš ir beidzies, vai diena, no kuras to var izmantot, vēl nav pienākusi.",
            "The time of the application or of its approval is over, or the day from which it can be used has not come.",
        )
        .remedy("Pagaidiet līdz šai dienai vai ievadiet jaunu pieteikumu.", "Wait until that day, or enter a new application."),
];
