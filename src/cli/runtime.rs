//! The tokio runtime of the faces that need one: the others start without it.

use anyhow::Context;
use tokio::runtime::Builder;

/// Threads for tasks: a send or two and the playground never need more.
const WORKERS: usize = 2;

/// Threads for what blocks: the resolver, the history, the layout of bodies.
const BLOCKING: usize = 8;

/// Runs `work` of a single send to its end, on this thread: one that starts fast.
pub fn run_one<T>(work: impl Future<Output = T>) -> anyhow::Result<T> {
    finish(Builder::new_current_thread(), work)
}

/// Runs `work` to its end, the tasks that it spawns beside it. Blocking work that is still under way then, such as a resolver that does
/// not answer, is left behind: the program's end does not wait for it.
pub fn run<T>(work: impl Future<Output = T>) -> anyhow::Result<T> {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(WORKERS);
    finish(builder, work)
}

fn finish<T>(mut builder: Builder, work: impl Future<Output = T>) -> anyhow::Result<T> {
    let runtime = builder
        .max_blocking_threads(BLOCKING)
        .enable_all()
        .build()
        .context("cannot start the threads that send")?;
    let done = runtime.block_on(work);
    runtime.shutdown_background();
    Ok(done)
}
