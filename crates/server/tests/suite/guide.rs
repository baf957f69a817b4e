//! The guide on the plain listener: pages for people and Markdown, in both languages, kept by caches until they change.

use protocol::routes;
use reqwest::RequestBuilder;
use server::Support;

use crate::support::{Answer, World, get};

async fn sent(request: RequestBuilder) -> Answer {
    Answer::of(request.send().await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_comes_in_both_languages_and_both_forms_with_the_contact_for_help() {
    let contact =
        |name: &str| protocol::SupportContact { name: name.to_owned(), ..protocol::SupportContact::default() };
    let support = Support { latvian: contact("Palīdzība"), english: contact("Help") };
    let world = World::with(|settings| settings.support = support).await;
    let anybody = world.anonymous();
    let ask = async |path: &str, accept: &str, language: &str| {
        let request = anybody.get(world.plain_url(path)).header("accept", accept).header("accept-language", language);
        let answer = sent(request).await;
        assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
        answer
    };
    let page = ask("/guide/lv/signing", "text/html", "en").await;
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    // The path names the language, not the reader.
    assert_eq!(page.header("content-language"), Some("lv"));
    assert!(page.text.contains("<html lang=\"lv\">") && page.text.contains("Atbalsts: Palīdzība"), "{}", page.text);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));

    for (path, accept) in [("/guide/en/signing.md", "text/html"), ("/guide/en/signing", "text/markdown")] {
        let markdown = ask(path, accept, "lv").await;
        assert_eq!(markdown.header("content-type"), Some("text/markdown; charset=utf-8"));
        assert!(markdown.text.starts_with("# ") && markdown.text.ends_with("Support: Help\n"), "{}", markdown.text);
    }
    for (language, begin) in [("lv-LV, en;q=0.5", "<html lang=\"lv\">"), ("de", "<html lang=\"en\">")] {
        let contents = ask(routes::GUIDE, "*/*", language).await;
        assert!(contents.text.contains(begin), "{}", contents.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_known_is_not_sent_again() {
    let world = World::start().await;
    let url = world.plain_url(&routes::guide_page("en", "contents"));
    let first = get(&world.anonymous(), url.clone()).await;
    let tag = first.header("etag").unwrap().to_owned();
    assert_eq!(first.header("cache-control"), Some("public, max-age=3600"));
    for known in [tag.clone(), format!("\"other\", {tag}"), tag.trim_start_matches("W/").to_owned(), "*".to_owned()] {
        let again = sent(world.anonymous().get(&url).header("if-none-match", &known)).await;
        assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""), "{known}");
        assert_eq!(again.header("etag"), Some(tag.as_str()));
    }
    let other = sent(world.anonymous().get(&url).header("if-none-match", "W/\"other\"")).await;
    assert_eq!((other.status.as_u16(), other.text), (200, first.text));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_pages_of_the_guide_are_found() {
    let world = World::start().await;
    let anybody = world.anonymous();
    for path in [
        "en/nothing",
        "de/contents",
        "EN/contents",
        "en/contents.html",
        "en/..%2fcontents",
        "en/%ff",
        "en/.md",
        "de",
        "de/",
        "en//",
        "/",
        "/en",
        "en/nothing/",
        "en/signing/x",
        "contents",
    ] {
        get(&anybody, world.plain_url(&format!("/guide/{path}"))).await.problem(404, "TDAM-9001");
    }
    get(&anybody, world.plain_url("/guidebook")).await.problem(404, "TDAM-9001");
    sent(anybody.post(world.plain_url("/guide/en"))).await.problem(404, "TDAM-9001");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_lacks_the_page_or_has_a_slash_too_many_leads_to_the_page() {
    let world = World::start().await;
    let stays = world.client_builder(None).redirect(reqwest::redirect::Policy::none()).build().unwrap();
    for (path, place) in [
        ("/guide/", routes::GUIDE),
        ("/guide/en", "/guide/en/contents"),
        ("/guide/lv/?from=mail", "/guide/lv/contents"),
        ("/guide/lv/signing/", "/guide/lv/signing"),
    ] {
        let sent_on = get(&stays, world.plain_url(path)).await;
        assert_eq!((sent_on.status.as_u16(), sent_on.header("location")), (308, Some(place)), "{path}");
        assert_eq!(sent(stays.head(world.plain_url(path))).await.status.as_u16(), 308);
        let page = get(&world.anonymous(), world.plain_url(path)).await;
        assert!(page.status.as_u16() == 200 && page.text.starts_with("<!DOCTYPE html>"), "{path}: {page:?}");
    }
}
