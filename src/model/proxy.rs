//! The proxy that a hop went by way of.

use serde::{Deserialize, Serialize};

/// A proxy as it was used: never with its user and password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProxyUsed {
    /// `http://proxy.example:3128`.
    pub address: String,
    pub named_by: ProxySource,
    /// Whether it was given a user and a password.
    #[serde(default)]
    pub has_credentials: bool,
}

/// Who said that there is a proxy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProxySource {
    /// The options of the request.
    Options,
    /// A variable of the environment: `HTTPS_PROXY`.
    Environment(String),
    /// The settings of the system.
    System,
}

impl ProxyUsed {
    /// `http://proxy.example:3128 (named by HTTPS_PROXY)`.
    pub fn words(&self) -> String {
        format!("{} (named by {})", self.address, self.source())
    }

    /// Who named it, in words.
    pub fn source(&self) -> &str {
        match &self.named_by {
            ProxySource::Options => "the options of this request",
            ProxySource::Environment(variable) => variable,
            ProxySource::System => "the settings of this system",
        }
    }
}
