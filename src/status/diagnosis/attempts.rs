//! Sends that were tried more than once, and those that were not although the policy names their outcome.

use crate::{
    model::{Hop, RequestTab},
    status::{failure, retry},
};

use super::{Finding, Scene, Step};

const DRAFT: &str = "draft-ietf-httpapi-idempotency-key-header";

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    [tried(scene), not_tried(scene)]
        .into_iter()
        .flatten()
        .collect()
}

/// `Tried 3 times: 503, then refused, then this.`
fn tried(scene: &Scene) -> Option<Finding> {
    let hops = &scene.exchange.hops;
    let last = hops.last()?.attempt;
    if last < 2 {
        return None;
    }
    let ends: Vec<String> = (1..last)
        .filter_map(|attempt| end_of(hops, attempt))
        .collect();
    let may_follow = scene.prepared().options.retry.times + 1 > last;
    let all = if may_follow { "" } else { ", the last attempt" };
    Some(
        Finding::new(format!(
            "Tried {last} times: {}, then this{all}.",
            ends.join(", then ")
        ))
        .by("RFC 9110, Section 9.2.2")
        .general(),
    )
}

/// How an attempt ended that another one followed.
fn end_of(hops: &[Hop], attempt: u32) -> Option<String> {
    let hop = hops.iter().rfind(|hop| hop.attempt == attempt)?;
    match hop.failure {
        Some(kind) => Some(failure::describe(kind).name.to_owned()),
        None => Some(hop.response.as_ref()?.status.to_string()),
    }
}

/// What kept the send from being tried again: it may act twice.
fn not_tried(scene: &Scene) -> Option<Finding> {
    let (prepared, outcome) = (scene.prepared(), scene.outcome);
    let policy = &prepared.options.retry;
    let is_wanted = policy.times > 0 && retry::is_occasion(policy, outcome);
    if !is_wanted || retry::excuse(prepared, outcome).is_some() {
        return None;
    }
    let text = format!(
        "Not tried again, although the retries say so: a {} may act twice on the server. With an Idempotency-Key it would be tried again, and without one where the options allow it.",
        prepared.method
    );
    Some(Finding::new(text).by(DRAFT).offering([Step::OpenTab {
        tab: RequestTab::Options,
    }]))
}
