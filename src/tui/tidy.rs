//! Putting something on exchanges and removing them, beside the loop.

use crate::{
    app::{
        message::Event,
        tidy::{Tidied, Tidy},
    },
    store::{History, StoreError},
};

/// Does it, and says what was done.
pub fn tidied(history: &History, tidy: &Tidy) -> Event {
    Event::Tidied(done(history, tidy).map_err(|error| error.to_string()))
}

fn done(history: &History, tidy: &Tidy) -> Result<Tidied, StoreError> {
    Ok(match tidy {
        Tidy::Relabel { ids, changes } => {
            for change in changes {
                history.relabel(ids, change)?;
            }
            Tidied::Relabelled
        }
        Tidy::Remove(ids) => Tidied::Removed(history.remove(ids)?),
        Tidy::RemoveFound(filter) => Tidied::Removed(history.remove_matching(filter)?),
        Tidy::Restore(ids) => Tidied::Restored(history.restore(ids)?),
    })
}
