//! The guide for interface developers, as the service gives it out: the pages of `docs/interface-developers`, of the client libraries and
//! of the reference, as HTML and as Markdown, in English and Latvian.
//!
//! The pages are made while the program is built (`build/`) and are constants here. What depends on the installation, the contact for
//! help, is put in when a page is served.

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The page with which the guide begins.
pub const CONTENTS: &str = "contents";

/// A page in one language.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The language tag: `en` or `lv`.
    pub language: &'static str,
    /// The name in its address.
    pub name: &'static str,
    /// The first heading.
    pub title: &'static str,
    before: &'static str,
    after: &'static str,
    markdown: &'static str,
}

/// Where people find help. What is not known is empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct Support<'a> {
    /// Who helps.
    pub name: &'a str,
    /// E-mail address.
    pub email: &'a str,
    /// Telephone number.
    pub phone: &'a str,
    /// Page of the house.
    pub page: &'a str,
}

/// Every page.
#[must_use]
pub fn pages() -> &'static [Page] {
    PAGES
}

/// The page of a name in a language.
#[must_use]
pub fn page(language: &str, name: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.language == language && page.name == name)
}

/// What `Content-Security-Policy` says of each page: nothing but its own style.
#[must_use]
pub fn security_policy() -> String {
    format!(
        "default-src 'none'; style-src '{STYLE_DIGEST}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// Links that pages have in the repository and not in the guide, since the guide does not have what they lead to: page and path.
#[must_use]
pub fn not_served() -> &'static [(&'static str, &'static str)] {
    NOT_SERVED
}

impl Page {
    /// The page as HTML.
    #[must_use]
    pub fn html(&self, support: &Support<'_>) -> String {
        let mut parts = Vec::new();
        let page = is_address(support.page).then(|| format!("<a href=\"{0}\">{0}</a>", escaped(support.page)));
        let email =
            (!support.email.is_empty()).then(|| format!("<a href=\"mailto:{0}\">{0}</a>", escaped(support.email)));
        parts.extend([support.name, support.phone].into_iter().filter(|part| !part.is_empty()).map(escaped));
        parts.extend(email);
        parts.extend(page);
        if parts.is_empty() {
            return [self.before, self.after].concat();
        }
        let line = format!("<p class=\"support\">{}: {}</p>\n", self.word_for_support(), parts.join(", "));
        [self.before, &line, self.after].concat()
    }

    /// The page as Markdown.
    #[must_use]
    pub fn markdown(&self, support: &Support<'_>) -> String {
        let parts = [support.name, support.phone, support.email, support.page];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        if parts.is_empty() {
            return self.markdown.to_owned();
        }
        format!("{}\n---\n\n{}: {}\n", self.markdown, self.word_for_support(), parts.join(", "))
    }

    fn word_for_support(&self) -> &'static str {
        if self.language == "lv" { "Atbalsts" } else { "Support" }
    }
}

/// Other schemes could be scripts, and the configuration may say anything.
fn is_address(page: &str) -> bool {
    page.starts_with("https://") || page.starts_with("http://")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
