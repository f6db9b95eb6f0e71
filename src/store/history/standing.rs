//! How a standing is written into its column: `in-flight`, `201`, or the failure's kind as JSON.

use crate::model::{FailureKind, Standing};

pub(super) const IN_FLIGHT: &str = "in-flight";

pub(super) fn write_standing(standing: Standing) -> String {
    match standing {
        Standing::InFlight => IN_FLIGHT.to_owned(),
        Standing::Answered(code) => code.to_string(),
        // A unit or newtype variant of text always becomes JSON.
        Standing::Failed(kind) => serde_json::to_string(&kind).unwrap_or_default(),
    }
}

/// `None` for what is no standing, or none that this posttui knows.
pub(super) fn read_known_standing(text: &str) -> Option<Standing> {
    if text == IN_FLIGHT {
        return Some(Standing::InFlight);
    }
    if let Ok(code) = text.parse() {
        return Some(Standing::Answered(code));
    }
    serde_json::from_str(text).ok().map(Standing::Failed)
}

/// Likewise; what is none is a failure of another kind.
pub(super) fn read_standing(text: &str) -> Standing {
    read_known_standing(text).unwrap_or(Standing::Failed(FailureKind::Other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{TimeoutKind, TlsCheck};

    #[test]
    fn every_standing_is_read_as_written() {
        for (standing, text) in [
            (Standing::InFlight, "in-flight"),
            (Standing::Answered(201), "201"),
            (Standing::Failed(FailureKind::Refused), "\"refused\""),
            (
                Standing::Failed(FailureKind::Tls(TlsCheck::WrongHost)),
                "{\"tls\":\"wrong-host\"}",
            ),
            (
                Standing::Failed(FailureKind::Timeout(TimeoutKind::Total)),
                "{\"timeout\":\"total\"}",
            ),
        ] {
            assert_eq!(write_standing(standing), text);
            assert_eq!(read_standing(text), standing);
        }
        assert_eq!(
            read_standing("\"later\""),
            Standing::Failed(FailureKind::Other)
        );
        for broken in ["garbage", "", "70000", "[]", "{}", "\"later\""] {
            assert_eq!(read_known_standing(broken), None, "{broken}");
        }
    }
}
