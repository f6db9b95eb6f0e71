//! The jar of the chosen environment: read when the environment changes, changed from its panel, handed
//! to every request that uses it.

use std::sync::Arc;

use crate::{
    model::{CookieChange, Jar, Request},
    options,
};

use super::{State, departure, effect::Effect};

/// The jar as it was read last.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OpenJar {
    jar: Option<Arc<Jar>>,
    /// Whose jar was asked for, in a list of one; empty where none was yet.
    asked: Vec<Option<String>>,
}

impl State {
    /// The jar of the chosen environment with nothing in it that has ended; `None` before it is read.
    pub fn jar(&self) -> Option<Arc<Jar>> {
        let jar = self.open_jar.jar.as_ref()?;
        if jar.environment != self.environment {
            return None;
        }
        if jar.has_expired(self.now) {
            let mut fresh = Jar::clone(jar);
            fresh.drop_expired(self.now);
            return Some(Arc::new(fresh));
        }
        Some(Arc::clone(jar))
    }

    /// Whether a request has to wait until the jar is read.
    pub(super) fn waits_for_jar(&self, request: &Request) -> bool {
        options::read_fit(&request.options).use_jar && self.jar().is_none()
    }

    /// Whether the draft is sent with the jar, as it and its environment choose.
    pub fn uses_jar(&self) -> bool {
        let mut choices = self.builder.options.choices();
        if let Ok(scope) = self.scope() {
            scope.fill(&mut choices);
        }
        options::read_fit(&choices).use_jar
    }

    /// Asks for the jar where another environment was chosen.
    pub(super) fn follow_jar(&mut self) -> Option<Effect> {
        if self.open_jar.asked.contains(&self.environment) {
            return None;
        }
        Some(self.read_jar())
    }

    /// Asks for the jar anew: another posttui may have changed it.
    pub(super) fn read_jar(&mut self) -> Effect {
        self.open_jar.asked = vec![self.environment.clone()];
        Effect::ReadJar(self.environment.clone())
    }

    /// Takes the jar as it is on disk; what waited for it goes on.
    pub(super) fn take_jar(&mut self, jar: Arc<Jar>) -> Vec<Effect> {
        if jar.environment != self.environment {
            return Vec::new();
        }
        self.open_jar.jar = Some(jar);
        departure::jar_is_read(self)
    }

    /// Changes the jar, here at once and on disk.
    pub(super) fn change_jar(&mut self, changes: Vec<CookieChange>) -> Vec<Effect> {
        if let Some(jar) = &mut self.open_jar.jar {
            let jar = Arc::make_mut(jar);
            for change in &changes {
                jar.apply(change.clone());
            }
        }
        vec![Effect::ChangeJar {
            environment: self.environment.clone(),
            changes,
        }]
    }
}
