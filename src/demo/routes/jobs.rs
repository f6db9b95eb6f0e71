//! Jobs that take their time: RFC 9110, Section 15.3.3. Where one stands is in its address, so that nothing
//! has to be remembered.

use jiff::{Timestamp, ToSpan};
use serde_json::json;

use crate::demo::{call::Call, head::Refusal, reply::Reply};

/// How a job may end.
const ENDS: [&str; 3] = ["done", "failed", "gone"];

/// 202, and where to ask how the job gets on.
pub fn accepted(call: &Call) -> Result<Reply, Refusal> {
    let seconds: i64 = call.query_number("seconds", 0..=3600, 3)?;
    let end = call.query("end").unwrap_or_else(|| "done".into());
    if !ENDS.contains(&end.as_str()) {
        return Err(unknown(&end));
    }
    let busy = if call.query("busy").is_some() {
        "-busy"
    } else {
        ""
    };
    let now = Timestamp::now();
    let ready = now.checked_add(seconds.seconds()).unwrap_or(now);
    Ok(Reply::json(202, &json!({"status": "queued"}))
        .header(
            "Location",
            format!("/jobs/{}-{end}{busy}", ready.as_millisecond()),
        )
        .header("Retry-After", "1"))
}

/// How the job gets on.
pub fn job(call: &Call) -> Result<Reply, Refusal> {
    let (ready, end) = call
        .parameter
        .split_once('-')
        .ok_or_else(|| unknown(call.parameter))?;
    let ready: i64 = ready.parse().map_err(|_| unknown(call.parameter))?;
    let (end, is_busy) = match end.strip_suffix("-busy") {
        Some(end) => (end, true),
        None => (end, false),
    };
    let left = ready - Timestamp::now().as_millisecond();
    Ok(match end {
        _ if left > 0 && is_busy => {
            Reply::problem(503, "Too much to do.").header("Retry-After", "1")
        }
        _ if left > 0 => Reply::json(202, &json!({"status": "running", "left_ms": left}))
            .header("Retry-After", "1"),
        "done" => Reply::new(303).header("Location", "/text"),
        "failed" => Reply::json(
            200,
            &json!({"status": "failed", "error": {"message": "there was no room"}}),
        ),
        "gone" => Reply::problem(410, "The job was forgotten."),
        _ => return Err(unknown(call.parameter)),
    })
}

fn unknown(what: &str) -> Refusal {
    Refusal::new(404, format!("There is no job {what}."))
}
