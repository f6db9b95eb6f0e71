//! What the user says while a send waits for it.

use std::sync::Arc;

use tokio::sync::{
    Mutex,
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

use crate::model::Turn;

/// Where a send hears what the user says to a redirect.
#[derive(Debug, Clone)]
pub struct Answers(Arc<Mutex<UnboundedReceiver<Turn>>>);

/// A way for answers: into it, and out of it.
pub fn answers() -> (UnboundedSender<Turn>, Answers) {
    let (sender, receiver) = unbounded_channel();
    (sender, Answers(Arc::new(Mutex::new(receiver))))
}

impl Answers {
    /// The answer to the question that was just asked; one that nobody is left to give is to stop.
    pub(super) async fn next(&self) -> Turn {
        let mut receiver = self.0.lock().await;
        receiver.recv().await.unwrap_or(Turn::Stop)
    }
}
