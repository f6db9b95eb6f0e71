//! The accounts made in this run.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;

/// The number of the first account; the next one is the 42 of every example.
const FIRST_ID: u64 = 41;
/// Beyond this many accounts the oldest is forgotten, so that a load test does not fill the memory.
const LIMIT: usize = 10_000;

/// One account, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct User {
    pub id: u64,
    pub username: String,
    pub email: String,
}

/// Every account of this run. The name `taken` is there from the start.
pub struct Users(Mutex<Accounts>);

struct Accounts {
    next_id: u64,
    by_id: BTreeMap<u64, User>,
}

impl Default for Users {
    fn default() -> Self {
        let mut accounts = Accounts {
            next_id: FIRST_ID,
            by_id: BTreeMap::new(),
        };
        accounts.add(ALWAYS_TAKEN, "taken@example.com");
        Self(Mutex::new(accounts))
    }
}

const ALWAYS_TAKEN: &str = "taken";

impl Users {
    /// Makes an account; `None` when the name has one already.
    pub fn create(&self, username: &str, email: &str) -> Option<User> {
        let mut accounts = self.accounts();
        let is_taken = username == ALWAYS_TAKEN
            || accounts
                .by_id
                .values()
                .any(|user| user.username == username);
        (!is_taken).then(|| accounts.add(username, email))
    }

    pub fn find(&self, id: u64) -> Option<User> {
        self.accounts().by_id.get(&id).cloned()
    }

    /// A task that panicked while it held the lock has left no account half made.
    fn accounts(&self) -> MutexGuard<'_, Accounts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Accounts {
    fn add(&mut self, username: &str, email: &str) -> User {
        let user = User {
            id: self.next_id,
            username: username.to_owned(),
            email: email.to_owned(),
        };
        self.next_id += 1;
        self.by_id.insert(user.id, user.clone());
        if self.by_id.len() > LIMIT {
            self.by_id.pop_first();
        }
        user
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_account() {
        let users = Users::default();
        let made = users.create("john_doe", "john@example.com").unwrap();
        assert_eq!(made.id, 42);
        assert_eq!(users.find(42), Some(made));
        assert_eq!(users.create("john_doe", "other@example.com"), None);
        assert_eq!(users.create("taken", "other@example.com"), None);
        assert_eq!(users.find(43), None);
    }

    #[test]
    fn a_load_test_does_not_fill_the_memory() {
        let accounts = &mut Accounts {
            next_id: 0,
            by_id: BTreeMap::new(),
        };
        for number in 0..=LIMIT {
            accounts.add(&number.to_string(), "");
        }
        assert_eq!(accounts.by_id.len(), LIMIT);
        assert_eq!(accounts.by_id.keys().next(), Some(&1));
    }
}
