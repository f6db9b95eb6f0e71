//! Redirects: RFC 9110, Section 15.4.

use serde_json::json;

use crate::demo::{call::Call, head::Refusal, reply::Reply};

use super::statuses::without_controls;

/// Any 3xx, with a `Location` of the caller's choice.
pub fn redirect(call: &Call) -> Result<Reply, Refusal> {
    let code = call.number(300..=399)?;
    let target = call.query("to").unwrap_or_else(|| "/echo".to_owned());
    let target = without_controls(&target);
    Ok(Reply::json(code, &json!({"location": target})).header("Location", target))
}

/// A 307, so that the method is kept and the loop has no way out.
pub fn redirect_loop(_: &Call) -> Reply {
    Reply::new(307).header("Location", "/redirect-loop")
}
