//! How a job gets on that a 202 has begun (RFC 9110, Section 15.3.3), seen from the answer of the page
//! that tells.

use serde_json::Value;

use super::retry;
use crate::{
    inspect::decoded_up_to,
    model::{Header, Outcome, find_header},
};

/// The largest body that is read for the state of a job, in bytes.
const LARGEST_READ: usize = 256 * 1024;

/// Members that name a state.
const NAMES: [&str; 3] = ["status", "state", "jobStatus"];

/// States of jobs that are not done, in lower case without separators.
const UNFINISHED: [&str; 13] = [
    "accepted",
    "enqueued",
    "inprogress",
    "notstarted",
    "pending",
    "processing",
    "queued",
    "running",
    "scheduled",
    "started",
    "submitted",
    "waiting",
    "working",
];

/// States of jobs that came to nothing.
const FAILED: [&str; 10] = [
    "aborted",
    "canceled",
    "cancelled",
    "error",
    "errored",
    "failed",
    "failure",
    "faulted",
    "rejected",
    "timedout",
];

/// What an answer makes of the job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobState {
    Unfinished,
    /// The server asks to come back later.
    Busy,
    /// No answer about the job: what is between, or the network, has failed for now.
    Lost,
    Done,
    /// The page says that the job came to nothing, in these words.
    Failed(String),
    /// The page itself is refused.
    Refused,
}

/// How the job gets on.
pub fn state(outcome: &Outcome) -> JobState {
    let response = match outcome {
        Outcome::Response(response) => response,
        Outcome::Failure(failure) if retry::may_pass(failure) => return JobState::Lost,
        Outcome::Failure(_) => return JobState::Refused,
    };
    match response.head.status {
        202 => JobState::Unfinished,
        429 | 503 => JobState::Busy,
        408 | 425 | 502 | 504 => JobState::Lost,
        200..=299 => {
            let coding = find_header(&response.head.headers, "content-encoding").map(Header::text);
            let body = decoded_up_to(&response.body, coding.as_deref(), LARGEST_READ);
            let json = body.and_then(|body| serde_json::from_slice(&body).ok());
            json.map_or(JobState::Done, |json| said(&json))
        }
        // RFC 9110, Section 15.4.4: the result is elsewhere.
        300..=399 => JobState::Done,
        _ => JobState::Refused,
    }
}

/// Many services say 200 all the time, and how the job gets on in the body.
fn said(json: &Value) -> JobState {
    if json.get("done") == Some(&Value::Bool(false)) {
        return JobState::Unfinished;
    }
    let named = NAMES
        .iter()
        .find_map(|name| Some((name, json.get(name)?.as_str()?)));
    let Some((name, word)) = named else {
        // A long-running operation of Google's that is done holds its error or its response.
        let is_operation = json.get("done").is_some();
        return match json
            .get("error")
            .filter(|error| is_operation && !error.is_null())
        {
            Some(error) => JobState::Failed(message(error).unwrap_or_else(|| error.to_string())),
            None => JobState::Done,
        };
    };
    let letters = word.chars().filter(char::is_ascii_alphanumeric);
    let plain = letters.collect::<String>().to_ascii_lowercase();
    match plain.as_str() {
        plain if UNFINISHED.contains(&plain) => JobState::Unfinished,
        plain if FAILED.contains(&plain) => {
            let reason = json.get("error").and_then(message);
            let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
            JobState::Failed(format!("{name}: {word}{reason}"))
        }
        _ => JobState::Done,
    }
}

fn message(error: &Value) -> Option<String> {
    let text = error.as_str().or_else(|| error.get("message")?.as_str());
    text.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::model::{
        Failure, FailureKind, HttpVersion, Phase, Processed, Response, ResponseHead,
    };

    fn answered(status: u16, body: &'static str) -> JobState {
        state(&Outcome::Response(Response {
            head: ResponseHead {
                status,
                reason: None,
                version: HttpVersion::Http11,
                headers: Vec::new(),
            },
            body: Bytes::from_static(body.as_bytes()),
            whole: None,
        }))
    }

    #[test]
    fn each_answer_says_how_the_job_gets_on() {
        use JobState::{Busy, Done, Failed, Lost, Refused, Unfinished};
        let failed = |text: &str| Failed(text.to_owned());
        for (status, body, expected) in [
            (202, "", Unfinished),
            (429, "", Busy),
            (503, "", Busy),
            (504, "", Lost),
            (404, "", Refused),
            (500, "", Refused),
            (303, "", Done),
            (204, "", Done),
            (200, "<p>done</p>", Done),
            (200, r#"{"status": "active"}"#, Done),
            (200, r#"{"status": 7}"#, Done),
            (200, r#"{"status": "In_Progress"}"#, Unfinished),
            (200, r#"{"state": "NotStarted"}"#, Unfinished),
            (
                200,
                r#"{"status":"Failed","error":{"code":"X","message":"no room"}}"#,
                failed("status: Failed: no room"),
            ),
            (200, r#"{"status": "canceled"}"#, failed("status: canceled")),
            (200, r#"{"name": "op/1", "done": false}"#, Unfinished),
            (200, r#"{"done": true, "response": {}}"#, Done),
            (
                200,
                r#"{"done": true, "error": {"message": "it broke"}}"#,
                failed("it broke"),
            ),
        ] {
            assert_eq!(answered(status, body), expected, "{status} {body}");
        }
    }

    #[test]
    fn what_passes_is_no_end_of_the_job() {
        let failed = |kind| {
            state(&Outcome::Failure(Failure {
                kind,
                phase: Phase::Connect,
                causes: Vec::new(),
                processed: Processed::No,
                partial: None,
            }))
        };
        assert_eq!(failed(FailureKind::Refused), JobState::Lost);
        assert_eq!(failed(FailureKind::Cancelled), JobState::Refused);
        assert_eq!(failed(FailureKind::Setting), JobState::Refused);
    }
}
