//! Whether an exchange is kept: what the options come to for one address.

use crate::{
    model::{Choices, Layer, Options, Recording},
    pattern::is_listed,
};

use super::read_fit;

/// What keeps an exchange out of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unkept {
    /// The option `history` is off.
    Off,
    /// The history cannot be opened.
    Nowhere,
    /// The host is in the list of `history_never`.
    Host,
}

impl Unkept {
    /// In a few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Off => "the option history is off",
            Self::Nowhere => "the history cannot be opened",
            Self::Host => "its host is never kept",
        }
    }
}

/// Why an exchange with this address is not kept; `None` where it is.
pub fn unkept(recording: &Recording, url: &str) -> Option<Unkept> {
    if !recording.is_on {
        return Some(Unkept::Off);
    }
    is_listed(&recording.never, url).then_some(Unkept::Host)
}

/// What holds for a request with these choices now, over the layers below it: also for one of the past, which
/// was kept when it was sent.
pub fn recording(own: &Choices, layers: &[Layer]) -> Recording {
    let mut choices = own.clone();
    for layer in layers {
        choices.fill(&layer.choices);
    }
    let Options { recording, .. } = read_fit(&choices);
    recording
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_an_environment_and_a_host_can_be_left_out() {
        let layers = |name: &str, text: &str| {
            vec![Layer {
                origin: "environment staging".to_owned(),
                choices: Choices::default().with(name, text),
            }]
        };
        let own = Choices::default();
        let because = |own: &Choices, layers: &[Layer]| {
            unkept(&recording(own, layers), "https://api.bank.example/pay")
        };
        assert_eq!(because(&own, &[]), None);
        assert_eq!(
            because(&own.clone().with("history", "off"), &[]),
            Some(Unkept::Off)
        );
        assert_eq!(because(&own, &layers("history", "off")), Some(Unkept::Off));
        let on = own.clone().with("history", "on");
        assert_eq!(because(&on, &layers("history", "off")), None);
        let hosts = layers("history_never", "*.bank.example");
        assert_eq!(because(&on, &hosts), Some(Unkept::Host));
        assert_eq!(because(&own, &layers("history_never", "bank")), None);
    }
}
