//! Whether an outcome is one to try again after, whether that does no harm, and how long to wait.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::{
    Failure, FailureKind, Header, Occasion, Outcome, PreparedRequest, Processed, ResponseHead,
    Retry, TimeoutKind, find_header, is_idempotent,
};

use super::diagnosis::parse_date;

/// The longest of the waits that double, in seconds.
const LONGEST_BACKOFF: u64 = 60;

/// Whether the policy names this outcome.
pub fn is_occasion(retry: &Retry, outcome: &Outcome) -> bool {
    let is_named = |occasion| retry.on.contains(&occasion);
    match outcome {
        Outcome::Response(response) => {
            let status = response.head.status;
            retry.on.iter().any(|occasion| occasion.is_status(status))
        }
        Outcome::Failure(failure) => occasion(failure).is_some_and(is_named),
    }
}

/// Whether it may go better the next time, as things are.
pub fn may_pass(failure: &Failure) -> bool {
    occasion(failure).is_some()
}

/// What a failure is to the policy; `None` for what trying again cannot mend.
fn occasion(failure: &Failure) -> Option<Occasion> {
    match failure.kind {
        FailureKind::Dns
        | FailureKind::Refused
        | FailureKind::Unreachable
        | FailureKind::Proxy
        | FailureKind::Timeout(TimeoutKind::Connect) => Some(Occasion::Connect),
        FailureKind::Reset if failure.processed == Processed::No => Some(Occasion::Connect),
        FailureKind::Reset | FailureKind::Truncated | FailureKind::Timeout(TimeoutKind::Idle) => {
            Some(Occasion::Lost)
        }
        FailureKind::Tls(_)
        | FailureKind::Timeout(TimeoutKind::Total)
        | FailureKind::Malformed
        | FailureKind::TooLarge
        | FailureKind::Credentials
        | FailureKind::Setting
        | FailureKind::File
        | FailureKind::Cancelled
        | FailureKind::Interrupted
        | FailureKind::Other => None,
    }
}

/// Why sending the request once more does no harm; `None` where it may act twice and nobody has said
/// that this is fine.
pub fn excuse(prepared: &PreparedRequest, outcome: &Outcome) -> Option<&'static str> {
    let nothing_sent =
        matches!(outcome, Outcome::Failure(failure) if failure.processed == Processed::No);
    match () {
        () if nothing_sent => Some("nothing of it had left this machine"),
        () if is_idempotent(&prepared.method) => {
            Some("its method does the same however often it is sent")
        }
        () if prepared.has_idempotency_key() => Some("it carries an Idempotency-Key"),
        () if prepared.options.retry.unsafe_too => Some("it is allowed to act twice"),
        () => None,
    }
}

/// The wait before the attempt after `attempt`, which counts from 1: what `Retry-After` asks for, else
/// the first wait, doubled each time.
pub fn wait(retry: &Retry, attempt: u32, outcome: &Outcome, now: Timestamp) -> Duration {
    let asked = match outcome {
        Outcome::Response(response) => retry_after(&response.head, now),
        Outcome::Failure(_) => None,
    };
    asked.unwrap_or_else(|| {
        let doubled = retry
            .wait
            .saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)));
        // A first wait that is longer than that was asked for as such.
        doubled.min(retry.wait.max(Duration::from_secs(LONGEST_BACKOFF)))
    })
}

/// `Retry-After` in seconds or as a date, which is compared with the server's own clock: RFC 9110,
/// Section 10.2.3.
fn retry_after(head: &ResponseHead, now: Timestamp) -> Option<Duration> {
    let given = find_header(&head.headers, "retry-after").map(Header::text)?;
    if let Ok(seconds) = given.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = find_header(&head.headers, "date").map(Header::text);
    let server_now = date.and_then(|date| parse_date(&date)).unwrap_or(now);
    let seconds = parse_date(&given)?.duration_since(server_now).as_secs();
    Some(Duration::from_secs(seconds.max(0).unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::{
        model::{HttpVersion, Phase, Request, Response},
        prepare::prepare,
    };

    fn answered(status: u16, headers: &[(&str, &str)]) -> Outcome {
        let headers = headers
            .iter()
            .map(|(name, value)| Header::new(*name, *value));
        Outcome::Response(Response {
            head: ResponseHead {
                status,
                reason: None,
                version: HttpVersion::Http11,
                headers: headers.collect(),
            },
            body: Bytes::new(),
            whole: None,
        })
    }

    fn failed(kind: FailureKind, processed: Processed) -> Outcome {
        Outcome::Failure(Failure {
            kind,
            phase: Phase::Wait,
            causes: Vec::new(),
            processed,
            partial: None,
        })
    }

    fn prepared(method: &str, options: &[(&str, &str)]) -> PreparedRequest {
        let mut request = Request {
            method: method.to_owned(),
            url: "http://h/".to_owned(),
            ..Request::default()
        };
        for (name, text) in options {
            request.options.set(name, *text);
        }
        prepare(&request).unwrap()
    }

    #[test]
    fn the_usual_occasions_are_those_that_time_may_mend() {
        let retry = Retry::default();
        for (outcome, expected) in [
            (answered(503, &[]), true),
            (answered(429, &[]), true),
            (answered(500, &[]), false),
            (answered(404, &[]), false),
            (failed(FailureKind::Refused, Processed::No), true),
            (failed(FailureKind::Reset, Processed::Maybe), true),
            (failed(FailureKind::Cancelled, Processed::Maybe), false),
            (
                failed(FailureKind::Timeout(TimeoutKind::Total), Processed::Maybe),
                false,
            ),
            (
                failed(FailureKind::Timeout(TimeoutKind::Idle), Processed::Maybe),
                true,
            ),
        ] {
            assert_eq!(is_occasion(&retry, &outcome), expected, "{outcome:?}");
        }
        let only_lost = Retry {
            on: vec![Occasion::Lost],
            ..Retry::default()
        };
        assert!(!is_occasion(
            &only_lost,
            &failed(FailureKind::Reset, Processed::No)
        ));
    }

    #[test]
    fn a_post_is_repeated_only_where_it_cannot_act_twice_or_the_user_says_so() {
        let lost = failed(FailureKind::Reset, Processed::Maybe);
        let refused = failed(FailureKind::Refused, Processed::No);
        let allowed = |prepared: &PreparedRequest, outcome| excuse(prepared, outcome).is_some();
        let post = prepared("POST", &[]);
        let busy = answered(503, &[]);
        assert!(!allowed(&post, &lost) && !allowed(&post, &busy));
        assert!(allowed(&post, &refused));
        assert!(!allowed(&prepared("PATCH", &[]), &lost));
        for method in ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY"] {
            assert!(allowed(&prepared(method, &[]), &lost), "{method}");
        }
        assert!(allowed(
            &prepared("POST", &[("idempotency_key", "on")]),
            &lost
        ));
        assert!(allowed(&prepared("POST", &[("retry_unsafe", "on")]), &lost));
    }

    #[test]
    fn the_wait_doubles_unless_the_server_asks_for_another() {
        let retry = Retry::default();
        let now: Timestamp = "2026-03-04T12:00:00Z".parse().unwrap();
        let lost = failed(FailureKind::Reset, Processed::Maybe);
        let waits: Vec<u128> = [1, 2, 3, 9, 90]
            .iter()
            .map(|attempt| wait(&retry, *attempt, &lost, now).as_millis())
            .collect();
        assert_eq!(waits, [500, 1000, 2000, 60_000, 60_000]);
        let asked = |headers: &[(&str, &str)]| wait(&retry, 1, &answered(503, headers), now);
        assert_eq!(asked(&[("retry-after", "7")]), Duration::from_secs(7));
        let date = ("retry-after", "Wed, 04 Mar 2026 12:00:30 GMT");
        assert_eq!(asked(&[date]), Duration::from_secs(30));
        let early = ("date", "Wed, 04 Mar 2026 12:00:20 GMT");
        assert_eq!(asked(&[date, early]), Duration::from_secs(10));
        assert_eq!(
            asked(&[("retry-after", "soon")]),
            Duration::from_millis(500)
        );
    }
}
