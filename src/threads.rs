//! The threads beside the one that draws or waits: tasks run there, and what blocks.

use std::io;

use tokio::runtime::{Builder, Runtime};

/// Threads for tasks: a send or two and the playground never need more.
const WORKERS: usize = 2;

/// Threads for what blocks: the resolver, the history, the layout of bodies, searches. They come as they are
/// needed and go when they are not; with too few of them the resolver would wait for searches to end.
const BLOCKING: usize = 64;

/// The threads, until this is dropped. Blocking work that is still under way then, such as a resolver
/// that does not answer, is left behind: the program's end does not wait for it.
#[derive(Debug)]
pub struct Threads(Option<Runtime>);

impl Threads {
    /// Starts them.
    ///
    /// # Errors
    /// When the system gives no more threads.
    pub fn start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .max_blocking_threads(BLOCKING)
            .enable_all()
            .build()?;
        Ok(Self(Some(runtime)))
    }

    /// Where tasks are spawned.
    pub fn runtime(&self) -> &Runtime {
        #[expect(
            clippy::expect_used,
            reason = "only dropping takes it, and nobody can call afterwards"
        )]
        self.0.as_ref().expect("the threads run")
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
