//! An end: what, when, and in whose words. A value; who asks for it is in [`super::ends`].

use jiff::Timestamp;
use jiff::civil::Date;
use onboarding::{Ending, days_left, notice_due};
use rulebook::catalogue::{Arguments, Code, Language};
use store::Identity;

use crate::clock::local::local_time;

/// Something of an online user or of a person that ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// What.
    pub what: Ending,
    /// The last day on which it holds, in the Treasury's calendar.
    pub last_day: Date,
    /// Days until then; 0 on the day itself.
    pub days_left: i64,
}

impl End {
    pub(crate) fn of(what: Ending, last_day: Date, now: Timestamp) -> End {
        End { what, last_day, days_left: days_left(local_time(now).date(), last_day) }
    }

    /// Whether the exchange announces it.
    #[must_use]
    pub fn is_soon(&self) -> bool {
        notice_due(self.days_left).is_some()
    }

    /// The code of the catalogue that says it.
    #[must_use]
    pub fn code(&self) -> Code {
        match self.what {
            Ending::Certificate => Code::CertificateEndsSoon,
            Ending::Registration => Code::RegistrationEndsSoon,
            Ending::Authority => Code::AuthorityChangesSoon,
            Ending::PersonCertificate => Code::PersonCertificateEndsSoon,
        }
    }

    /// What ends when, in words.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let (value, given) = (self.last_day.to_string(), self.days_left.to_string());
        let arguments = Arguments { value: &value, given: &given, ..Arguments::default() };
        self.code().entry().text(language, &arguments)
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, language: Language) -> &'static str {
        self.code().entry().remedy.in_language(language)
    }
}

/// The certificate in use, and the registration.
pub(crate) fn ends_of(identity: &Identity, now: Timestamp) -> [End; 2] {
    let certificate = local_time(identity.certificate.not_after).date();
    [
        End::of(Ending::Certificate, certificate, now),
        End::of(Ending::Registration, identity.user.registration_valid_until, now),
    ]
}
