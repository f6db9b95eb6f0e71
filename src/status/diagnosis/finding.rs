//! One piece of evidence.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::Step;

/// What one exchange says, where that is laid down, and what can be done about it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A sentence that quotes the exchange. Not yet fit for a terminal.
    pub text: String,
    /// The RFC section, or the vendor's documentation.
    pub reference: Option<&'static str>,
    pub steps: Vec<Step>,
    /// The server wants none of the steps before this time.
    #[serde(serialize_with = "write_time")]
    pub not_before: Option<Timestamp>,
    /// Whether it is said of every such outcome: a row, which has room for one finding, tells another one.
    #[serde(skip)]
    pub is_general: bool,
}

#[expect(clippy::ref_option, reason = "this is the type that serde hands to it")]
fn write_time<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.to_string()).serialize(serializer)
}

impl Finding {
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn by(mut self, reference: &'static str) -> Self {
        self.reference = Some(reference);
        self
    }

    #[must_use]
    pub fn general(mut self) -> Self {
        self.is_general = true;
        self
    }

    /// The sentence with where it is laid down: `… [RFC 9110, Section 15.5.5]`.
    pub fn cited(&self) -> String {
        match self.reference {
            Some(reference) => format!("{} [{reference}]", self.text),
            None => self.text.clone(),
        }
    }

    #[must_use]
    pub fn offering(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.steps.extend(steps);
        self
    }

    #[must_use]
    pub fn not_before(mut self, time: Option<Timestamp>) -> Self {
        self.not_before = time;
        self
    }
}
