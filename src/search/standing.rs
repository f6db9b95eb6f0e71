//! Members of `status:` and `is:`.

use crate::model::Standing;

/// A test of how an exchange stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandingTest {
    /// A response with a status between these, both included.
    Codes(u16, u16),
    /// No whole response.
    Failed,
    InFlight,
}

/// What may follow `status:`, in words.
pub(super) const STATUSES: &str =
    "a status (201), a class (4xx), a range (400-499), failed or in-flight";

/// What may follow `is:`, in words.
pub(super) const STATES: &str =
    "ok (2xx), error (4xx, 5xx or failed), failed, in-flight or, alone, pinned";

impl StandingTest {
    pub fn matches(self, standing: Standing) -> bool {
        match (self, standing) {
            (Self::Codes(low, high), Standing::Answered(code)) => (low..=high).contains(&code),
            (Self::Failed, Standing::Failed(_)) | (Self::InFlight, Standing::InFlight) => true,
            (Self::Codes(..) | Self::Failed | Self::InFlight, _) => false,
        }
    }

    /// Reads a member of `status:`.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let text = text.to_ascii_lowercase();
        let read = match text.as_str() {
            "failed" => Some(Self::Failed),
            "in-flight" => Some(Self::InFlight),
            other => read_class(other).or_else(|| read_codes(other)),
        };
        read.ok_or_else(|| format!("“{text}” is no status: type {STATUSES}"))
    }
}

/// Reads a member of `is:`: one name may stand for several tests.
pub(super) fn read_state(text: &str) -> Result<Vec<StandingTest>, String> {
    match text.to_ascii_lowercase().as_str() {
        "ok" => Ok(vec![StandingTest::Codes(200, 299)]),
        "error" => Ok(vec![StandingTest::Codes(400, 599), StandingTest::Failed]),
        "failed" => Ok(vec![StandingTest::Failed]),
        "in-flight" => Ok(vec![StandingTest::InFlight]),
        other => Err(format!("“{other}” is none of these: {STATES}")),
    }
}

/// `4xx`: RFC 9110, Section 15.
fn read_class(text: &str) -> Option<StandingTest> {
    let digit = text.strip_suffix("xx")?;
    match digit.as_bytes() {
        [digit @ b'1'..=b'9'] => {
            let low = u16::from(digit - b'0') * 100;
            Some(StandingTest::Codes(low, low + 99))
        }
        _ => None,
    }
}

fn read_codes(text: &str) -> Option<StandingTest> {
    let (low, high) = text.split_once('-').unwrap_or((text, text));
    let (low, high) = (read_code(low)?, read_code(high)?);
    (low <= high).then_some(StandingTest::Codes(low, high))
}

/// Three digits; status codes outside 100 to 599 exist in the wild.
fn read_code(text: &str) -> Option<u16> {
    let is_code = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_code.then(|| text.parse().ok()).flatten()
}
