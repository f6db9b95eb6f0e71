//! Any status on demand.

use serde_json::json;

use crate::demo::{
    call::Call,
    head::Refusal,
    reply::{Reply, phrase},
    wire::{Next, Trouble, Wire},
};

/// Fields that a status must or should come with (RFC 9110, Sections 15.5 and 15.6; RFC 8297).
const COMPANIONS: &[(u16, &str, &str)] = &[
    (103, "Link", "</style.css>; rel=preload; as=style"),
    (
        401,
        "WWW-Authenticate",
        "Basic realm=\"posttui playground\"",
    ),
    (405, "Allow", "BREW"),
    (
        407,
        "Proxy-Authenticate",
        "Basic realm=\"posttui playground\"",
    ),
    (415, "Accept-Post", "application/json"),
    (426, "Upgrade", "HTTP/3.0"),
    (503, "Retry-After", "5"),
];

/// The status of the path. A 1xx is no final answer: it goes ahead of a 200.
pub async fn status(call: &Call<'_>, wire: &mut Wire) -> Result<Next, Trouble> {
    let code: u16 = call.number(100..=999)?;
    let mut reply = Reply::new(code);
    if let Some(reason) = call.query("reason") {
        reply.reason = without_controls(&reason).into();
    }
    if code > 199 {
        return wire.send(&complete(reply)).await;
    }
    wire.send_interim(&accompanied(reply)).await?;
    if code == 101 {
        // Whoever believes it speaks another protocol from here on.
        wire.close_afterwards();
    }
    wire.send(&complete(Reply::new(200))).await
}

fn accompanied(mut reply: Reply) -> Reply {
    let code = reply.status;
    for (_, name, value) in COMPANIONS.iter().filter(|(status, _, _)| *status == code) {
        reply = reply.header(name, *value);
    }
    reply
}

fn complete(reply: Reply) -> Reply {
    let code = reply.status;
    let mut reply = accompanied(reply);
    // A 205 has a body of no bytes (RFC 9110, Section 15.3.6).
    if reply.is_bodiless() || code == 205 {
        return reply;
    }
    let described = Reply::json(code, &json!({"status": code, "reason": phrase(code)}));
    reply.headers.extend(described.headers);
    reply.body = described.body;
    reply
}

/// 429 with a wait in seconds.
pub fn retry_after(call: &Call) -> Result<Reply, Refusal> {
    let seconds: u32 = call.number(0..=86_400)?;
    let detail = format!("Too many requests: wait {seconds} s.");
    Ok(Reply::problem(429, detail).header("Retry-After", seconds.to_string()))
}

/// What can stand in a head without ending it: a line end from the query would begin a new field.
pub fn without_controls(text: &str) -> String {
    text.chars()
        .filter(|char| !char.is_ascii_control())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_the_query_cannot_end_a_line() {
        assert_eq!(
            without_controls("a\r\nSet-Cookie: b\0\u{7f}é"),
            "aSet-Cookie: bé"
        );
    }
}
