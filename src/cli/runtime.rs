//! The tokio runtime of the faces that need one: the others start without it.

use anyhow::Context;
use tokio::runtime::Builder;

use crate::threads::Threads;

/// Threads for what blocks: the resolver and the history.
const BLOCKING: usize = 8;

/// Runs `work` to its end, all of it on this thread: one that starts fast. Blocking work that is still
/// under way then is left behind.
pub fn run_one<T>(work: impl Future<Output = T>) -> anyhow::Result<T> {
    let runtime = Builder::new_current_thread()
        .max_blocking_threads(BLOCKING)
        .enable_all()
        .build()
        .context("cannot start what sends")?;
    let done = runtime.block_on(work);
    runtime.shutdown_background();
    Ok(done)
}

/// The threads for what goes on beside a face.
pub fn threads() -> anyhow::Result<Threads> {
    Threads::start().context("cannot start the threads that send")
}
