//! What may change something in production is asked about before it goes out, as in the interface.

use crate::{
    app::send::is_safe,
    cli::{Stop, ask},
    model::{PreparedRequest, Redact},
};

/// What the user has agreed to beforehand.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Agreement {
    /// Send to an environment that is marked as production without being asked
    ///
    /// Without this word a method that may change something (any but GET, HEAD, OPTIONS, TRACE and QUERY) is
    /// asked about on a terminal, and refused where nobody can be asked.
    #[arg(short, long)]
    pub yes: bool,
}

impl Agreement {
    /// Lets a request go out to this production environment, or says why it does not.
    pub fn check(self, environment: &str, prepared: &PreparedRequest) -> Result<(), Stop> {
        if self.yes || is_safe(&prepared.method) {
            return Ok(());
        }
        let shown = prepared.redacted();
        let what = format!("{} {}", shown.method, shown.url);
        if !ask::can_ask() {
            return Err(Stop::usage(&format!(
                "“{environment}” is PRODUCTION, and there is no terminal to ask at: nothing was sent. --yes sends this {what}"
            )));
        }
        let question = format!(
            "“{environment}” is PRODUCTION. Send this {what}? It may change what others use. [y] yes, [n] no:"
        );
        match ask::choose(&question, &['y', 'n'])? {
            Some('y') => Ok(()),
            _ => Err(Stop::usage("nothing was sent, as you said")),
        }
    }
}
