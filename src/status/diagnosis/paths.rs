//! A path that was not found, beside those that were: most often one letter is wrong.

use url::Url;

use crate::model::{Exchange, Outcome};

use super::{Finding, Step};

/// As many letters may differ, and no more than a third of the path.
const MOST_DIFFERENT: usize = 3;

/// The address among those that were answered before which the path of a 404 was most likely meant to be.
/// `known` may be of any host and come in any order.
pub fn near_miss<'a>(exchange: &Exchange, known: impl Iterator<Item = &'a str>) -> Option<Finding> {
    let Some(Outcome::Response(response)) = &exchange.outcome else {
        return None;
    };
    if response.head.status != 404 {
        return None;
    }
    let missed = exchange.hops.last().map(|hop| hop.url.as_str());
    let missed = Url::parse(missed.unwrap_or(&exchange.prepared.url)).ok()?;
    let (_, path) = known
        .filter_map(|text| Url::parse(text).ok())
        .filter(|url| url.origin() == missed.origin() && url.path() != missed.path())
        .map(|url| {
            let distance = strsim::damerau_levenshtein(url.path(), missed.path());
            (distance, url.path().to_owned())
        })
        .filter(|(distance, path)| *distance <= MOST_DIFFERENT.min(path.len() / 3))
        .min()?;
    let mut url = missed.clone();
    url.set_path(&path);
    let text = format!("{path}, which differs little, was answered before.");
    Some(Finding::new(text).offering([Step::UseNewAddress { url: url.into() }]))
}
