//! How long a draft will be on the wire, as far as that is known before the send.

use jiff::Timestamp;

use crate::{
    auth::foreseen,
    model::{Header, PreparedRequest, find_header},
    prepare::PLACEHOLDER_KEY,
};

/// How long the body is: its own field knows, however secrets in it are shown.
pub(super) fn of_body(prepared: &PreparedRequest) -> u64 {
    let announced = find_header(&prepared.headers, "content-length");
    let announced = announced.and_then(|field| field.text().parse().ok());
    announced.unwrap_or_else(|| prepared.body.len())
}

/// How much longer the key that is made at the send is than what stands for it.
pub(super) fn of_key(prepared: &PreparedRequest) -> u64 {
    let key = find_header(&prepared.headers, "idempotency-key").map(Header::text);
    let is_to_be_made = key.is_some_and(|key| key.contains(PLACEHOLDER_KEY));
    let longer = UUID.saturating_sub(PLACEHOLDER_KEY.len());
    if is_to_be_made { longer as u64 } else { 0 }
}

/// How long a UUID is in text, in bytes: RFC 9562, Section 4.
const UUID: usize = 36;

/// How long a signature is, which is always the same, and whether all that is added has a length that is
/// known: a token has not. What answers a challenge is no part of the first request.
pub(super) fn of_added(prepared: &PreparedRequest) -> (u64, bool) {
    let is = |kind| {
        let later = prepared.credentials.later.as_ref();
        later.is_some_and(|auth| auth.kind == kind)
    };
    if !is("aws") {
        return (0, !is("oauth2"));
    }
    let added = foreseen(prepared, Some(Timestamp::UNIX_EPOCH));
    let lengths = added.iter().map(|it| it.name.len() + it.value.len() + 4);
    (lengths.sum::<usize>() as u64, !prepared.body.has_files())
}
