//! 1xxx: the channel: who calls, from where, with which certificate.

use super::source::{ONLINE_EXCHANGE, ONLINE_USER, TDAM};
use super::{Code, Entry};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Code::NoClientCertificate, "", ONLINE_EXCHANGE)
        .title("Nav uzrādīts klienta sertifikāts", "No client certificate was shown")
        .explanation(
            "Savienojums ir izveidots bez X.509 autentifikācijas sertifikāta, tāpēc nav zināms, kas sūta pieprasījumu.",
            "The connection was made without an X.509 authentication certificate, so it is not known who is calling.",
        )
        .remedy(
            "Savienojumā norādiet Valsts kases izsniegto sertifikātu un tā privāto atslēgu.",
            "Configure the connection with the certificate that the Treasury issued and its private key.",
        ),
    Entry::new(Code::UnknownCertificate, "", ONLINE_EXCHANGE)
        .title("Sertifikāts nav zināms", "The certificate is not known")
        .explanation(
            "Uzrādītais sertifikāts nav reģistrēts nevienam tiešsaistes lietotājam.",
            "The certificate shown is not registered for any online user.",
        )
        .remedy(
            "Salīdziniet sava sertifikāta sērijas numuru (openssl x509 -in certificate.pem -noout -serial) ar Valsts kases izsniegto un pārbaudiet, vai tas paredzēts šai videi.",
            "Compare the serial number of your certificate (openssl x509 -in certificate.pem -noout -serial) with that of the one that the Treasury issued, and check that it is meant for this environment.",
        ),
    Entry::new(Code::CertificateRevoked, "", ONLINE_EXCHANGE)
        .title("Sertifikāts ir atsaukts", "The certificate is revoked")
        .explanation(
            "Uzrādītais sertifikāts ir atsaukts un vairs neder nevienam pieprasījumam.",
            "The certificate shown has been revoked; the exchange refuses every further request with it.",
        )
        .remedy(
            "Iesniedziet pieteikumu jaunam X.509 sertifikātam. Ja atsaukšanu nepieprasījāt jūs, sazinieties ar Valsts kasi.",
            "Apply for a new X.509 certificate. If you did not request the revocation, contact the Treasury.",
        ),
    Entry::new(Code::CertificateExpired, "", ONLINE_EXCHANGE)
        .title("Sertifikāta derīguma termiņš ir beidzies", "The certificate has expired")
        .explanation(
            "Uzrādītā sertifikāta derīguma termiņš ir beidzies.",
            "The period of validity of the certificate shown is over.",
        )
        .detail("Sertifikāts bija derīgs līdz {value}.", "The certificate was valid until {value}.")
        .remedy(
            "Iesniedziet pieteikumu jaunam X.509 sertifikātam un ielādējiet to savā sistēmā.",
            "Apply for a new X.509 certificate and load it into your system.",
        ),
    Entry::new(Code::CertificateNotYetValid, "", ONLINE_EXCHANGE)
        .title("Sertifikāts vēl nav derīgs", "The certificate is not valid yet")
        .explanation(
            "Uzrādītā sertifikāta derīguma termiņš vēl nav sācies.",
            "The period of validity of the certificate shown has not begun.",
        )
        .detail("Sertifikāts ir derīgs no {value}.", "The certificate is valid from {value}.")
        .remedy(
            "Līdz tam izmantojiet iepriekšējo sertifikātu; spēkā esamības laiku parāda openssl x509 -in certificate.pem -noout -dates.",
            "Use the previous certificate until then; openssl x509 -in certificate.pem -noout -dates shows from when it is valid.",
        ),
    Entry::new(Code::RegistrationExpired, "", ONLINE_USER)
        .title("Tiešsaistes lietotāja pieteikuma termiņš ir beidzies", "The online user's registration has expired")
        .explanation(
            "Tiešsaistes lietotāja pieteikums ir derīgs trīs gadus, un šis termiņš ir beidzies.",
            "An online user's application is valid for three years, and this time is over.",
        )
        .detail(
            "Tiešsaistes lietotāja pieteikums bija derīgs līdz {value}.",
            "The online user's application was valid until {value}.",
        )
        .remedy(
            "Iesniedziet Valsts kasē pieteikumu tiešsaistes lietotāja darbības pagarināšanai.",
            "Send the Treasury an application to renew the online user.",
        ),
    Entry::new(Code::OnlineUserSuspended, "", ONLINE_USER)
        .title("Tiešsaistes lietotāja darbība ir apturēta", "The online user is suspended")
        .explanation(
            "Tiešsaistes lietotāja piekļuve ir apturēta, tāpēc pieprasījumi netiek pieņemti.",
            "The online user's access is suspended, so no request is accepted.",
        )
        .remedy(
            "Sazinieties ar Valsts kasi, lai noskaidrotu apturēšanas iemeslu; nosauciet tiešsaistes lietotāju un pieprasījuma identifikatoru.",
            "Ask the Treasury for the reason; name the online user and the request's identification.",
        ),
    Entry::new(Code::IpAddressNotAllowed, "", ONLINE_USER)
        .title("IP adrese nav atļauta", "The IP address is not allowed")
        .explanation(
            "Pieprasījums nāk no IP adreses, kas nav starp tiešsaistes lietotājam atļautajām.",
            "The request comes from an IP address that is not among those allowed for the online user.",
        )
        .detail(
            "Pieprasījums nāk no IP adreses {value}, kas nav starp tiešsaistes lietotājam atļautajām.",
            "The request comes from IP address {value}, which is not among those allowed for the online user.",
        )
        .remedy(
            "Sūtiet no atļautās adreses vai iesniedziet pieteikumu atļauto IP adrešu maiņai.",
            "Send from an allowed address, or apply for a change of the allowed IP addresses.",
        ),
    Entry::new(Code::ViewUserMayNotPay, "", ONLINE_USER)
        .title("Tiešsaistes lietotājs drīkst tikai skatīt", "The online user may only view")
        .explanation(
            "Tiešsaistes lietotājam ir tiesības „tiešsaistē skatīt”: tas drīkst pieprasīt pārskatus, bet ne iesniegt maksājumus.",
            "The online user has the access mode View: it may request reports, but not submit payments.",
        )
        .remedy(
            "Maksājumus sūtiet ar tiešsaistes lietotāju, kuram ir tiesības „tiešsaistē vadīt”, vai piesakiet tiesību maiņu.",
            "Send payments as an online user with the access mode Manage, or apply for a change of the mode.",
        ),
    Entry::new(Code::SignatureRequired, "", TDAM)
        .title("Pieprasījums nav parakstīts", "The request is not signed")
        .explanation(
            "Tiešsaistes lietotājam noteikts, ka maksājumu ziņojumi jāparaksta ar X.509 sertifikāta atslēgu, bet paraksta nav.",
            "The online user must sign payment messages with the key of its X.509 certificate, but there is no signature.",
        )
        .remedy(
            "Pievienojiet galvenes Content-Digest, Signature-Input un Signature (RFC 9530, RFC 9421).",
            "Add the headers Content-Digest, Signature-Input and Signature (RFC 9530, RFC 9421).",
        ),
    Entry::new(Code::SignatureInvalid, "", TDAM)
        .title("Paraksts nav derīgs", "The signature is not valid")
        .explanation(
            "Pieprasījuma paraksts neatbilst tā saturam vai nav radīts ar uzrādītā sertifikāta atslēgu.",
            "The request's signature does not fit its content, or was not made with the key of the certificate shown.",
        )
        .detail("Pieprasījuma paraksts nav derīgs: {value}.", "The request's signature is not valid: {value}.")
        .remedy(
            "Parakstiet nosūtāmos baitus tieši tā, kā tos sūtāt, ar tā paša sertifikāta atslēgu, ar kuru veidojat savienojumu. POST /v1/signature-check soli pa solim parāda, kas neder.",
            "Sign the bytes exactly as you send them, with the key of the certificate that you connect with. POST /v1/signature-check shows step by step what is wrong.",
        ),
    Entry::new(Code::ContentDigestMismatch, "", TDAM)
        .title("Satura kontrolvērtība nesakrīt", "The content digest does not match")
        .explanation(
            "Galvenē Content-Digest norādītā kontrolvērtība nav saņemtā satura kontrolvērtība.",
            "The digest in the header Content-Digest is not that of the content received.",
        )
        .remedy(
            "Aprēķiniet SHA-256 tieši no baitiem, kurus sūtāt kā saturu, parakstiet vēlreiz un starp parakstīšanu un sūtīšanu saturu nemainiet (rindu beigas, kodējumu, BOM).",
            "Compute the SHA-256 of exactly the bytes that you send as the body, sign again, and change nothing of them between signing and sending (line ends, encoding, byte order mark).",
        ),
    Entry::new(Code::CertificateRequestInvalid, "", ONLINE_EXCHANGE)
        .title("Sertifikāta pieprasījums nav derīgs", "The certificate request is not valid")
        .explanation(
            "Sertifikāta pieprasījumu (PKCS#10) nevar nolasīt, tā paraksts neder vai atslēga nav pietiekami stipra.",
            "The certificate request (PKCS#10) cannot be read, its signature is wrong, or its key is not strong enough.",
        )
        .detail("Konstatēts: {value}.", "Found: {value}.")
        .remedy(
            "Izveidojiet pieprasījumu ar EC P-256, EC P-384 vai 2048 līdz 4096 bitu RSA atslēgu un SHA-256 parakstu un sūtiet to PEM vai DER formātā. Gatavu komandu dod GET /v1/enrollment vai GET /v1/certificates/enrollment.",
            "Make the request with an EC P-256, EC P-384 or RSA key of 2048 to 4096 bits and a SHA-256 signature, and send it as PEM or DER. GET /v1/enrollment or GET /v1/certificates/enrollment gives the command.",
        ),
    Entry::new(Code::PickUpCodeInvalid, "", ONLINE_EXCHANGE)
        .title("Saņemšanas kods nav derīgs", "The enrolment code is not valid")
        .explanation(
            "Sertifikāta saņemšanas kods nav zināms, vai tas pārāk daudz reižu ievadīts nepareizi.",
            "The enrolment code is not known, or was entered wrongly too often.",
        )
        .remedy(
            "Salīdziniet kodu ar saņemto; pēc pieciem nepareiziem mēģinājumiem lūdziet Valsts kasei jaunu.",
            "Compare the code with the one that you were given; after five wrong tries, ask the Treasury for a new one.",
        ),
    Entry::new(Code::CertificateOfPerson, "", TDAM)
        .title("Sertifikāts ir personas, nevis sistēmas", "The certificate is a person's and not a system's")
        .explanation(
            "Ar personas sertifikātu nevar sūtīt maksājumus un saņemt pārskatus: to dara tiešsaistes lietotājs, informācijas sistēma ar savu sertifikātu.",
            "A person's certificate opens no route for payments and reports: those are for an online user, an information system with a certificate of its own.",
        )
        .remedy(
            "Izmantojiet tiešsaistes lietotāja sertifikātu; personas sertifikāts der ceļiem /v1/operator.",
            "Use the certificate of an online user; a person's certificate is for the routes below /v1/operator.",
        ),
    Entry::new(Code::PersonCertificateRequired, "", TDAM)
        .title("Vajadzīgs personas sertifikāts", "The certificate of a person is needed")
        .explanation(
            "Šo ceļu izmanto cilvēki. Tiešsaistes lietotāja sertifikāts to neatver.",
            "This route is for people. The certificate of an online user does not open it.",
        )
        .remedy("Izmantojiet savu personas sertifikātu.", "Use your own certificate as a person."),
    Entry::new(Code::PersonNotRegistered, "", TDAM)
        .title("Personas reģistrācija nav spēkā", "The person's registration is not in force")
        .explanation(
            "Personas reģistrācija vēl nav sākusies, ir beigusies, vai personai nav operatora lomas.",
            "The registration of the person has not begun or has ended, or the person has no role of an operator.",
        )
        .remedy(
            "Lūdziet citu operatoru ievadīt pieteikumu par personu.",
            "Ask another operator to enter an application for the person.",
        ),
    Entry::new(Code::PickUpCodeExpired, "", ONLINE_EXCHANGE)
        .title("Saņemšanas koda termiņš ir beidzies", "The enrolment code is out of time")
        .explanation(
            "Kods ir derīgs 72 stundas un tikai līdz nākamajam kodam vai tiešsaistes lietotāja pieteikuma maiņai.",
            "A code is valid for 72 hours, and only until the next code or a change of the online user's registration.",
        )
        .remedy("Lūdziet Valsts kasei jaunu kodu.", "Ask the Treasury for a new code."),
    Entry::new(Code::PickUpCodeUsed, "", ONLINE_EXCHANGE)
        .title("Saņemšanas kods jau ir izmantots", "The enrolment code was used before")
        .explanation(
            "Ar šo kodu sertifikāts jau ir izsniegts. To pašu sertifikātu vēlreiz saņem tikai ar to pašu sertifikāta pieprasījumu.",
            "A certificate was issued with this code. Only the same certificate request gets the same certificate again.",
        )
        .remedy(
            "Sūtiet to pašu pieprasījuma datni. Ja sertifikātu nesaņēmāt jūs, nekavējoties sazinieties ar Valsts kasi: tas jāatsauc.",
            "Send the same request file. If it was not you who got the certificate, contact the Treasury at once: it must be revoked.",
        ),
    Entry::new(Code::PickUpCodeOfOtherKind, "", ONLINE_EXCHANGE)
        .title("Saņemšanas kods ir citam saņemšanas veidam", "The enrolment code is for another way")
        .explanation(
            "Kods der vai nu sertifikāta pieprasījumam, vai atslēgu glabātavas (PKCS#12) saņemšanai, ne abiem.",
            "A code is good for a certificate request or for picking up a key store (PKCS#12), and not for both.",
        )
        .remedy(
            "Pieprasījumu sūtiet uz /v1/enrollment, glabātavu saņemiet ar POST /v1/enrollment/key-store; vai lūdziet Valsts kasei otra veida kodu.",
            "Send a request to /v1/enrollment, pick a key store up with POST /v1/enrollment/key-store; or ask the Treasury for a code of the other kind.",
        ),
    Entry::new(Code::TooManyCertificates, "", ONLINE_EXCHANGE)
        .title("Derīgi jau ir divi sertifikāti", "Two certificates are valid already")
        .explanation(
            "Tiešsaistes lietotājam vienlaikus var būt divi derīgi sertifikāti: pašreizējais un nākamais.",
            "An online user can have two valid certificates at once: the one in use and the next one.",
        )
        .remedy(
            "Sāciet lietot jaunāko sertifikātu un lūdziet Valsts kasei atsaukt veco, vai gaidiet, kamēr tā termiņš beidzas.",
            "Begin to use the newer certificate, and ask the Treasury to revoke the older one, or wait until it ends.",
        ),
    Entry::new(Code::CertificateRequestUsed, "", ONLINE_EXCHANGE)
        .title("Šis sertifikāta pieprasījums jau ir izmantots", "This certificate request was used before")
        .explanation(
            "Par šo pieprasījumu izsniegtais sertifikāts ir atsaukts, vai tā termiņš ir beidzies.",
            "The certificate that was issued for this request is revoked or has ended.",
        )
        .remedy(
            "Izveidojiet jaunu atslēgu un jaunu pieprasījumu.",
            "Make a new key and a new request.",
        ),
    Entry::new(Code::CertificatesNotIssued, "", ONLINE_EXCHANGE)
        .title("Sertifikāti šeit netiek izsniegti", "No certificates are issued here")
        .explanation(
            "Šim serverim nav izdevēja atslēgas, vai izdevēja sertifikāta termiņš ir beidzies.",
            "This server has no authority's key, or the authority's certificate has ended.",
        )
        .remedy(
            "Izmantojiet adresi, ko nosauca Valsts kase, vai sazinieties ar to.",
            "Use the address that the Treasury named, or contact the Treasury.",
        ),
    Entry::new(Code::ApplicationUnreadable, "", TDAM)
        .title("Pieprasījuma JSON nav lasāms", "The JSON of the request cannot be read")
        .explanation(
            "Pieprasījuma saturs nav JSON, tajā ir nezināms vai divreiz norādīts lauks, vai lauka vērtībai ir cita forma.",
            "The body of the request is no JSON, has a field that is not known or stands twice, or a field has a value of another form.",
        )
        .detail("Konstatēts: {value}.", "Found: {value}.")
        .remedy(
            "Salīdziniet saturu ar veidlapu, ko izdrukā `tdam application form`.",
            "Compare the body with the form that `tdam application form` prints.",
        ),
    Entry::new(Code::OperatorsTooFew, "", TDAM)
        .title("Paliktu par maz operatoru", "Too few operators would be left")
        .explanation(
            "Pēc šīs maiņas vairs nebūtu viena operatora, kas ievada, un cita, kas apstiprina, tāpēc neviens pieteikums vairs nevarētu stāties spēkā.",
            "After this change there would not be one operator who enters and another one who approves, so no application could take effect any more.",
        )
        .detail("Paliktu: {value}.", "Left would be: {value}.")
        .remedy(
            "Vispirms ar pieteikumu pievienojiet citu operatoru ar vajadzīgo lomu.",
            "First add another operator with the role that is needed, by an application.",
        ),
    Entry::new(Code::OperatorsExist, "", TDAM)
        .title("Operatori jau ir", "There are operators already")
        .explanation(
            "Bez pieteikuma reģistrē tikai pirmos divus operatorus. Katru nākamo personu reģistrē ar pieteikumu, ko apstiprina cits operators.",
            "Only the first two operators are registered without an application. Each further person comes by an application that another operator approves.",
        )
        .remedy(
            "Lūdziet operatoru ievadīt pieteikumu par personu.",
            "Ask an operator to enter an application for the person.",
        ),
    Entry::new(Code::AuthorityChangesSoon, "", TDAM)
        .title("Servera sertifikāta izdevējs drīz mainīsies", "The authority of the server's certificate changes soon")
        .explanation(
            "Tas ir brīdinājums, nevis atteikums: pieprasījums ir izpildīts. Valsts kase ir publicējusi nākamo sertifikātu izdevēju. Pēc norādītās dienas serveris var rādīt sertifikātu, ko tas izdevis; sistēma, kas šim izdevējam neuzticas, ar serveri vairs nesavienosies.",
            "This is a warning and no refusal: the request was answered. The Treasury has published its next certificate authority. After the day given the server may show a certificate of that authority; a system that does not trust it connects no more.",
        )
        .detail(
            "Pēdējā diena, kad serverim noteikti ir pašreizējā izdevēja sertifikāts, ir {value}; atlikušo dienu skaits: {given}.",
            "The last day on which the server surely has a certificate of the authority of today is {value}; days left: {given}.",
        )
        .remedy(
            "Lejupielādējiet uzticamo izdevēju kopu no /ca.pem, salīdziniet tās nospiedumus ar Valsts kases paziņotajiem un ielādējiet to savā sistēmā; vecos izdevējus paturiet.",
            "Fetch the trust bundle from /ca.pem, compare its fingerprints with those that the Treasury has told you, and load it into your system; keep the old authorities.",
        ),
    Entry::new(Code::OutsideListMissing, "", TDAM)
        .title("Nav spēkā esoša sertifikāta izdevēja atsaukto sertifikātu saraksta", "No list of revoked certificates of the certificate's authority is in force")
        .explanation(
            "Sertifikātu izdevis cita iestāde. Šādu sertifikātu pieņem tikai, kamēr Valsts kasei ir spēkā esošs šī izdevēja atsaukto sertifikātu saraksts, un tagad tāda nav.",
            "Another house's authority issued the certificate. The exchange accepts such a certificate only while it has a list of revoked certificates of that authority that is in force, and now it has none.",
        )
        .remedy(
            "Sazinieties ar Valsts kasi; ja steidzas, izmantojiet Valsts kases izdotu sertifikātu.",
            "Ask the Treasury; if it is urgent, use a certificate that the Treasury issued.",
        ),
    Entry::new(Code::OutsideCertificateRefused, "", TDAM)
        .title("Cita izdevēja sertifikātu nevar reģistrēt", "The certificate of another house's authority is not accepted")
        .explanation(
            "Reģistrē tikai pieteikumā norādīto sertifikātu, ko izdevis konfigurēts izdevējs un kas nav spēkā esošajā tā atsaukto sertifikātu sarakstā.",
            "The exchange lets in only the certificate that the application names, issued by a configured authority, while a list of that authority is in force and does not name it.",
        )
        .detail("Iemesls: {value}.", "The reason: {value}.")
        .remedy(
            "Salīdziniet sertifikāta SHA-256 nospiedumu ar pieteikumu; ja sarakstam beidzies termiņš, vispirms ielieciet jaunāko.",
            "Compare the SHA-256 fingerprint of the certificate with the application; if the list is over, bring in the newest one first.",
        ),
    Entry::new(Code::GrantingNeedsTwo, "", TDAM)
        .title("Kontu piešķir divi operatori", "Two operators grant an account")
        .explanation(
            "Kontu tiešsaistes lietotājam var atņemt viens operators. Lai to piešķirtu, viens operators ievada pieteikumu, un cits to apstiprina.",
            "One operator can withdraw an account from an online user. To grant it, one operator enters an application, and another one approves it.",
        )
        .remedy(
            "Ievadiet pieteikumu change-online-user, kurā ir visi konti, kas lietotājam jāredz.",
            "Enter an application change-online-user with all accounts that the user shall have.",
        ),
    Entry::new(Code::LiftingNeedsTwo, "", TDAM)
        .title("Ierobežojumu atceļ divi operatori", "Two operators lift a restriction")
        .explanation(
            "Tiešsaistes lietotāju apturēt vai kontu bloķēt var viens operators. Lai to atceltu, viens operators ievada pieteikumu, un cits to apstiprina.",
            "One operator can suspend an online user or block an account. To lift it, one operator enters an application, and another one approves it.",
        )
        .remedy(
            "Ievadiet pieteikumu lift-suspension vai lift-block.",
            "Enter an application lift-suspension or lift-block.",
        ),
    Entry::new(Code::OperatorsCanDecide, "", TDAM)
        .title("Operatori var vai nesen varēja lemt", "Operators can decide, or could until recently")
        .explanation(
            "Bez pieteikuma operatori sertifikātus atgūst tikai tad, ja jau vismaz 24 stundas nav viena operatora, kas var ievadīt, un cita, kas var apstiprināt.",
            "Operators get certificates back without an application only when for 24 hours there has not been one operator who can enter and another one who can approve.",
        )
        .detail("Operatori, kas var vai šajā laikā varēja lemt: {value}.", "Operators who can decide, or could in that time: {value}.")
        .remedy(
            "Ja viņi var lemt, lūdziet ievadīt pieteikumu par personu. Ja vairs nevar, atkārtojiet pēc 24 stundām.",
            "If they can decide, ask them for an application about the person. If they cannot any more, repeat it after 24 hours.",
        ),
    Entry::new(Code::CertificateOfApplicationIssued, "", TDAM)
        .title("Pēc šī pieteikuma sertifikāts jau ir izsniegts", "The application has had its certificate")
        .explanation(
            "Pēc viena pieteikuma personai izsniedz vienu sertifikātu. Citādi viens operators varētu saņemt otru sertifikātu uz šīs personas vārda.",
            "A person gets one certificate for an application. Otherwise one operator could get another one in the name of that person.",
        )
        .detail("Izsniegtais sertifikāts: {value}.", "The certificate that was issued: {value}.")
        .remedy(
            "Ja atbilde pazuda, iesniedziet to pašu pieprasījumu vēlreiz: atbildē būs tas pats sertifikāts. Citam pieprasījumam ievadiet jaunu pieteikumu par šo personu; tas drīkst neko nemainīt.",
            "If the answer was lost, hand in the same request again: the answer has the same certificate. For another request enter another application about the person; it may change nothing.",
        ),
    Entry::new(Code::KeyCompromised, "", TDAM)
        .title("Šī atslēga vairs nav droša", "The key is compromised")
        .explanation(
            "Sertifikāts ar šo atslēgu ir atsaukts, jo atslēga varēja nonākt svešās rokās. Jaunu sertifikātu šai atslēgai neizsniedz.",
            "A certificate with this key was revoked because somebody else may have the key. No further certificate is issued for it.",
        )
        .remedy(
            "Izveidojiet jaunu atslēgu un jaunu sertifikāta pieprasījumu. Kods der arī šim pieprasījumam.",
            "Make a new key and a new certificate request. The code is still good for it.",
        ),
    Entry::new(Code::SignedContentEncoded, "", TDAM)
        .title("Parakstīta pieprasījuma saturs ir saspiests", "The content of a signed request is compressed")
        .explanation(
            "Paraksts attiecas uz nosūtītajiem baitiem, bet galvene Content-Encoding saka, ka tie ir saspiesti. Parakstītu saturu pieņem tikai nesaspiestu.",
            "The signature covers the bytes that were sent, and the header Content-Encoding says that they are compressed. Signed content is accepted only plain.",
        )
        .detail("Saņemts: Content-Encoding „{value}”.", "Received: Content-Encoding `{value}`.")
        .remedy(
            "Sūtiet saturu nesaspiestu, bez galvenes Content-Encoding, un parakstiet šos baitus.",
            "Send the content plain, without the header Content-Encoding, and sign these bytes.",
        ),
    Entry::new(Code::RequestOfPage, "", TDAM)
        .title("Pieprasījumu sūta tīmekļa lapa", "A web page sends the request")
        .explanation(
            "Pārlūks pievieno sertifikātu arī tad, ja pieprasījumu sūta sveša lapa. Tāpēc pieprasījumus, kas kaut ko maina, no lapām nepieņem.",
            "A browser adds the certificate even when somebody else's page sends the request. So requests that change something are not accepted from pages.",
        )
        .detail("Saņemts: {value}.", "Received: {value}.")
        .remedy(
            "Sūtiet pieprasījumu no savas programmas, bez galvenēm Origin un Sec-Fetch-Site.",
            "Send the request from a program of yours, without the headers Origin and Sec-Fetch-Site.",
        ),
    Entry::new(Code::NotForTheProxy, "", TDAM)
        .title("Starpnieks šādu pieprasījumu nepieņem", "The proxy does not take such a request")
        .explanation(
            "Starpnieks (tdam proxy) kalpo tikai programmām, kam to atļauj tā konfigurācija. Pieprasījumus, ko pārlūkā sūta tīmekļa lapa (galvenes Origin, Sec-Fetch-Site), un pieprasījumus citam serverim (galvene Host) tas noraida. Apmaiņai nekas nav nosūtīts.",
            "The proxy (tdam proxy) serves only programs that its configuration allows. It refuses requests that a web page sends through a browser (headers Origin, Sec-Fetch-Site), and requests for another host (header Host). It sent nothing to the exchange.",
        )
        .detail("Starpnieks noraidīja galveni {given}: „{value}”.", "The proxy refused the header {given}: `{value}`.")
        .remedy(
            "Sūtiet pieprasījumu no grāmatvedības sistēmas, nevis no tīmekļa lapas, uz adresi, kurā starpnieks klausās; citu tā vārdu norādiet konfigurācijas atslēgā names.",
            "Send the request from the accounting system and not from a web page, to the address that the proxy listens on; another name of it belongs into the key names of its configuration.",
        ),
    Entry::new(Code::ExchangeNotReached, "", TDAM)
        .title("Starpniekam nav savienojuma ar apmaiņu", "The proxy has no connection to the exchange")
        .explanation(
            "Starpnieks (tdam proxy) vairākkārt mēģināja, bet savienojumu neizdevās izveidot, tas pārtrūka vai atbilde nepienāca laikā. Vai apmaiņa pieprasījumu saņēma, nav zināms.",
            "The proxy (tdam proxy) tried several times, but it got no connection, lost it, or had no answer in time. Whether the exchange received the request is not known.",
        )
        .detail("Apmaiņas adrese ir {value}; mēģinājumu skaits: {given}.", "The exchange's address is {value}; attempts: {given}.")
        .remedy(
            "Sūtiet to pašu ziņojumu bez izmaiņām vēlreiz: neko neizpildīs divreiz, un saņemsiet galīgo atbildi. Iemeslu rāda starpnieka žurnāls un GET /proxy/health; pārbaudiet tīklu un adresi.",
            "Send the same message again unchanged: the exchange executes nothing twice, and you get the final answer. The proxy's log and GET /proxy/health say why; check network and address.",
        ),
    Entry::new(Code::ExchangeNotTrusted, "", TDAM)
        .title("Starpnieks nevar izveidot drošu savienojumu ar apmaiņu", "The proxy cannot make a secure connection to the exchange")
        .explanation(
            "Kāda no pusēm nepieņem otras sertifikātu, vai starpnieks (tdam proxy) nevar nolasīt savu sertifikātu un atslēgu, vai šajā adresē neatbild apmaiņa. Apmaiņa neko nav pieņēmusi.",
            "One side does not accept the other's certificate, or the proxy (tdam proxy) cannot read its own certificate and key, or what answers at this address is no exchange. The exchange accepted nothing.",
        )
        .detail("Apmaiņas adrese ir {value}.", "The exchange's address is {value}.")
        .remedy(
            "Iemeslu rāda starpnieka žurnāls un GET /proxy/health; pārbaudiet ar tdam proxy --check, izlabojiet konfigurāciju vai sertifikātu un sūtiet vēlreiz.",
            "The proxy's log and GET /proxy/health say why; check with tdam proxy --check, correct the configuration or the certificate, and send again.",
        ),
    Entry::new(Code::MessageNotKeptByProxy, "", TDAM)
        .title("Starpnieks nevar saglabāt ziņojumu", "The proxy cannot keep the message")
        .explanation(
            "Lielu ziņojumu starpnieks (tdam proxy) vispirms ieraksta pagaidu datnē, lai to varētu sūtīt atkārtoti; datni neizdevās ierakstīt vai nolasīt. Apmaiņai nekas nav nosūtīts.",
            "The proxy (tdam proxy) first writes a large message to a temporary file, so that it can send it again; it could not write or read that file. It sent nothing to the exchange.",
        )
        .remedy(
            "Atbrīvojiet vietu diskā vai norādiet konfigurācijas atslēgā spool mapi, kurā starpnieks drīkst rakstīt, un sūtiet vēlreiz.",
            "Make room on the disk, or name in the key spool of the configuration a folder that the proxy may write to, and send again.",
        ),
    Entry::new(Code::CertificateEndsSoon, "", ONLINE_EXCHANGE)
        .title("Sertifikāta derīguma termiņš drīz beigsies", "The certificate ends soon")
        .explanation(
            "Tas ir brīdinājums, nevis atteikums: pieprasījums ir izpildīts. Pēc sertifikāta pēdējās dienas katrs pieprasījums ar to tiks noraidīts.",
            "This is a warning and no refusal: the request was answered. After the last day of the certificate the exchange refuses every request with it.",
        )
        .detail(
            "Sertifikāta pēdējā diena ir {value}; atlikušo dienu skaits: {given}.",
            "The last day of the certificate is {value}; days left: {given}.",
        )
        .remedy(
            "Izveidojiet jaunu atslēgu un pieprasījumu (CSR), nosūtiet to uz POST /v1/certificates ar pašreizējo sertifikātu un sāciet lietot saņemto.",
            "Make a new key and a certificate request (CSR), send it to POST /v1/certificates with the certificate in use, and begin to use the one that you get.",
        ),
    Entry::new(Code::RegistrationEndsSoon, "", ONLINE_USER)
        .title("Tiešsaistes lietotāja pieteikuma termiņš drīz beigsies", "The online user's registration ends soon")
        .explanation(
            "Tas ir brīdinājums, nevis atteikums: pieprasījums ir izpildīts. Pēc pieteikuma pēdējās dienas tiešsaistes lietotājs datu apmaiņu vairs nevar lietot.",
            "This is a warning and no refusal: the request was answered. After the last day of its registration the online user can use the data exchange no more.",
        )
        .detail(
            "Pieteikuma pēdējā diena ir {value}; atlikušo dienu skaits: {given}.",
            "The last day of the registration is {value}; days left: {given}.",
        )
        .remedy(
            "Iesniedziet Valsts kasei pieteikumu par pieteikuma atjaunošanu; kad tas ir spēkā, atjaunojiet arī sertifikātu.",
            "Apply to the Treasury for the renewal of the registration; when it is in force, renew the certificate too.",
        ),
    Entry::new(Code::PersonCertificateEndsSoon, "", TDAM)
        .title("Personas sertifikāta derīguma termiņš drīz beigsies", "The person's certificate ends soon")
        .explanation(
            "Tas ir brīdinājums, nevis atteikums: pieprasījums ir izpildīts. Pēc sertifikāta pēdējās dienas katrs šīs personas pieprasījums ar to tiks noraidīts.",
            "This is a warning and no refusal: the request was answered. After the last day of the certificate the exchange refuses every request of this person with it.",
        )
        .detail(
            "Personas sertifikāta pēdējā diena ir {value}; atlikušo dienu skaits: {given}.",
            "The last day of the person's certificate is {value}; days left: {given}.",
        )
        .remedy(
            "Izveidojiet jaunu atslēgu un pieprasījumu (CSR). Viens operators ievada pieteikumu par šo personu (tas drīkst neko nemainīt), cits to apstiprina, un operators, kas to nav ievadījis, iesniedz pieprasījumu.",
            "Make a new key and a certificate request (CSR). One operator enters an application about the person (it may change nothing), another one approves it, and an operator who did not enter it hands in the request.",
        ),
];
