//! A redirect that the user has to decide upon.

/// Where the way forks: what following as browsers do would send next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fork {
    /// That of the 3xx.
    pub status: u16,
    /// The method of the hop that it answers.
    pub sent: String,
    /// The method that a browser would go on with.
    pub method: String,
    /// Where to.
    pub url: String,
    /// What would not go along, in words.
    pub dropped: Vec<String>,
}

impl Fork {
    /// `303 to http://h/x, as a GET without the body`.
    pub fn words(&self) -> String {
        let method = if self.method == self.sent {
            format!("still a {}", self.method)
        } else {
            format!("as a {}", self.method)
        };
        let dropped = match self.dropped.as_slice() {
            [] => String::new(),
            dropped => format!(", without {}", dropped.join(", ")),
        };
        format!("{} to {}, {method}{dropped}", self.status, self.url)
    }
}

/// What the user says to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// As browsers do.
    Follow,
    /// With the method and the body as they are.
    KeepMethod,
    /// The 3xx is the answer.
    Stop,
}
