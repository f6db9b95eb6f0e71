//! The tokens that were given out while posttui runs. They are nowhere on disk.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use crate::auth::oauth::{Token, TokenKey};

/// Tokens by what they were asked for.
#[derive(Default)]
pub(super) struct Tokens {
    kept: Mutex<HashMap<TokenKey, Kept>>,
}

struct Kept {
    token: Token,
    /// `None` where the server did not say how long it lasts.
    until: Option<Instant>,
}

impl Tokens {
    /// A token that has not expired.
    pub(super) fn find(&self, key: &TokenKey) -> Option<Token> {
        let kept = self.lock();
        let found = kept.get(key)?;
        let lasts = found.until.is_none_or(|until| Instant::now() < until);
        lasts.then(|| found.token.clone())
    }

    /// What an expired token, or one that was refused, can be renewed with.
    pub(super) fn refresh_token(&self, key: &TokenKey) -> Option<String> {
        self.lock().get(key)?.token.refresh_token.clone()
    }

    /// Keeps a token in place of the one before; its refresh token stays where the new one has none
    /// (RFC 6749, Section 6).
    pub(super) fn keep(&self, key: TokenKey, mut token: Token) {
        let mut kept = self.lock();
        if token.refresh_token.is_none() {
            token.refresh_token = kept
                .get(&key)
                .and_then(|before| before.token.refresh_token.clone());
        }
        let until = token
            .lifetime()
            .and_then(|lifetime| Instant::now().checked_add(lifetime));
        kept.insert(key, Kept { token, until });
    }

    /// The token is not used any more; its refresh token stays.
    pub(super) fn expire(&self, key: &TokenKey) {
        if let Some(kept) = self.lock().get_mut(key) {
            kept.until = Some(Instant::now());
        }
    }

    pub(super) fn forget(&self, key: &TokenKey) {
        self.lock().remove(key);
    }

    /// A task that panicked while it held the lock has left no token half kept.
    fn lock(&self) -> MutexGuard<'_, HashMap<TokenKey, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
