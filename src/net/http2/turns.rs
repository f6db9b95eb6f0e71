//! As many exchanges at once over a connection as the server allows: RFC 9113, Section 5.1.2.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Those that are under way. The frames have a queue of their own for what is too much, but what is in it goes out
/// even when it is cancelled.
#[derive(Default)]
pub(super) struct Turns {
    under_way: Mutex<usize>,
    /// Tells those who wait that there is one less.
    freed: Notify,
}

/// One exchange. It is over when this is dropped.
pub(super) struct Turn(Arc<Turns>);

impl Turns {
    /// Waits until there are fewer than that; the server may change its mind meanwhile.
    pub(super) async fn next(self: &Arc<Self>, most: impl Fn() -> usize) -> Turn {
        loop {
            let freed = self.freed.notified();
            if self.begin(most()) {
                return Turn(Arc::clone(self));
            }
            freed.await;
        }
    }

    fn begin(&self, most: usize) -> bool {
        let mut under_way = self.under_way();
        // Where nothing is allowed yet, one waits among the frames for it.
        let has_room = *under_way < most.max(1);
        *under_way += usize::from(has_room);
        has_room
    }

    fn under_way(&self) -> MutexGuard<'_, usize> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *self.0.under_way() -= 1;
        self.0.freed.notify_waiters();
    }
}
