//! A path that was not found, beside those that were: most often one letter is wrong.

use url::Url;

use crate::model::{Exchange, Outcome};

use super::{Finding, Scene, Step};

const SECTION: &str = "RFC 9110, Section 15.5.5";

/// As many letters may differ, and no more than a third of the path.
const MOST_DIFFERENT: usize = 3;

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    let Some(url) = Url::parse(scene.url())
        .ok()
        .filter(|_| scene.status() == 404)
    else {
        return Vec::new();
    };
    [odd(&url), Some(missing(scene, &url))]
        .into_iter()
        .flatten()
        .collect()
}

/// What is in a path by mistake more often than not.
fn odd(url: &Url) -> Option<Finding> {
    let path = url.path();
    let without_blanks = path.trim_end_matches("%20");
    let (what, mended) = if without_blanks != path {
        ("ends with a blank", without_blanks.to_owned())
    } else if path.contains("//") {
        let parts = path.split('/').filter(|part| !part.is_empty());
        let mended: String = parts.flat_map(|part| ["/", part]).collect();
        ("has an empty part (//)", mended)
    } else if path.len() > 1 && path.ends_with('/') {
        ("ends with a slash", path.trim_end_matches('/').to_owned())
    } else {
        return None;
    };
    let mut other = url.clone();
    other.set_path(&mended);
    let text = format!("The path {path} {what}, which many servers take for another one.");
    let step = Step::UseNewAddress { url: other.into() };
    let finding = Finding::new(text)
        .by("RFC 3986, Section 6.2")
        .offering([step]);
    // Whole frameworks put a slash there.
    Some(if what.ends_with("slash") {
        finding.general()
    } else {
        finding
    })
}

fn missing(scene: &Scene, url: &Url) -> Finding {
    let (method, path) = (scene.method(), url.path());
    let text =
        format!("Nothing answers a {method} of {path} there, or it is hidden from whoever asks.");
    let look = if method == "GET" {
        above(url)
    } else {
        Some(url.to_string())
    };
    let look = look.map(|url| Step::OpenAsGet { url });
    Finding::new(text)
        .by(SECTION)
        .offering(look)
        .offering([Step::EditUrl])
        .general()
}

/// The address that a path lies below: of `/users/7?x=1` it is `/users`.
pub(super) fn above(url: &Url) -> Option<String> {
    let (above, _) = url.path().trim_end_matches('/').rsplit_once('/')?;
    let mut other = url.clone();
    other.set_path(if above.is_empty() { "/" } else { above });
    other.set_query(None);
    other.set_fragment(None);
    Some(other.into())
}

/// Whether the server found nothing there.
pub fn is_missed(exchange: &Exchange) -> bool {
    matches!(&exchange.outcome, Some(Outcome::Response(response)) if response.head.status == 404)
}

/// Paths that are the same without their digits are of different things: a number is no slip of the fingers.
fn without_digits(path: &str) -> String {
    path.chars().filter(|char| !char.is_ascii_digit()).collect()
}

/// The address among those that were answered before which the path of a 404 was most likely meant to be.
/// `known` may be of any host and come in any order.
pub fn near_miss<'a>(exchange: &Exchange, known: impl Iterator<Item = &'a str>) -> Option<Finding> {
    if !is_missed(exchange) {
        return None;
    }
    let missed = exchange.hops.last().map(|hop| hop.url.as_str());
    let missed = Url::parse(missed.unwrap_or(&exchange.prepared.url)).ok()?;
    let (_, path) = known
        .filter_map(|text| Url::parse(text).ok())
        .filter(|url| url.origin() == missed.origin())
        .filter(|url| without_digits(url.path()) != without_digits(missed.path()))
        .map(|url| {
            let distance = strsim::damerau_levenshtein(url.path(), missed.path());
            (distance, url.path().to_owned())
        })
        .filter(|(distance, path)| *distance <= MOST_DIFFERENT.min(path.len() / 3))
        .min()?;
    let mut url = missed.clone();
    url.set_path(&path);
    let text = format!("{path}, which differs little, was answered before.");
    let step = Step::UseNewAddress { url: url.into() };
    Some(Finding::new(text).by(SECTION).offering([step]))
}
