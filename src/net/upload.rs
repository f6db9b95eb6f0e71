//! The body of a request on its way out: bytes from memory and files from the disk, a chunk at a time,
//! whatever their size.
//!
//! A redirect sends the same body once more, so that one is made anew for each hop from the
//! [`PreparedBody`], which can be read as often as it takes.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, Read},
    path::PathBuf,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Instant,
};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use jiff::Timestamp;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::model::{FilePiece, Piece, PreparedBody};

use super::{incoming::REPORT_EVERY, tracker::Tracker};

/// How much of the body is handed to the connection at a time, in bytes. It takes more only after it
/// has written most of what it has, so that the phase of sending lasts as long as the sending.
const CHUNK: usize = 64 * 1024;

/// How many chunks of a file are read ahead of the connection.
const READ_AHEAD: usize = 4;

/// Why a file of a body cannot be sent as it was prepared.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileTrouble {
    #[error("the file {} cannot be read any more", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    #[error("the file {} has changed since the send began: it had {expected} bytes then and has {found} now", path.display())]
    Resized {
        path: PathBuf,
        expected: u64,
        found: u64,
    },
    #[error("the file {} was written to since the send began", path.display())]
    Written { path: PathBuf },
}

/// Checks that the files of a body are what they were when it was prepared, before anything is sent.
pub(super) async fn check_files(body: &PreparedBody) -> Result<(), FileTrouble> {
    if !body.has_files() {
        return Ok(());
    }
    let files: Vec<FilePiece> = body.files().cloned().collect();
    let check = move || files.iter().try_for_each(|file| open(file).map(drop));
    // The task ends early only with the program itself.
    tokio::task::spawn_blocking(check).await.unwrap_or(Ok(()))
}

/// A body, or none, that tells when a connection takes it: whichever it is, a new one, one that was
/// kept, or one that another send has just left.
pub(super) struct Upload {
    rest: VecDeque<Piece>,
    /// What is read of the first file of the rest, once its turn has come.
    reading: Option<Receiver<Result<Bytes, FileTrouble>>>,
    sent: u64,
    total: u64,
    tracker: Arc<Tracker>,
    /// When progress is told next.
    due: Option<Instant>,
}

impl Upload {
    pub(super) fn new(body: &PreparedBody, tracker: Arc<Tracker>) -> Self {
        let pieces = body.pieces().iter();
        Self {
            rest: pieces.filter(|piece| !piece.is_empty()).cloned().collect(),
            reading: None,
            sent: 0,
            total: body.len(),
            tracker,
            due: None,
        }
    }

    /// The next chunk of the first piece; `None` when that piece is at its end.
    fn poll_piece(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, FileTrouble>>> {
        match self.rest.front_mut() {
            Some(Piece::Memory(bytes)) if bytes.is_empty() => Poll::Ready(None),
            Some(Piece::Memory(bytes)) => {
                let length = bytes.len().min(CHUNK);
                Poll::Ready(Some(Ok(bytes.split_to(length))))
            }
            Some(Piece::File(file)) => {
                let reading = self.reading.get_or_insert_with(|| read_on(file.clone()));
                reading.poll_recv(context)
            }
            None => Poll::Ready(None),
        }
    }

    /// Tells how far it is, for bodies of more than one chunk: at the start, at the end, and in
    /// between at most every [`REPORT_EVERY`].
    fn report(&mut self) {
        let is_long = self.total > CHUNK as u64;
        let now = Instant::now();
        let is_due = self.due.is_none_or(|due| now >= due) || self.sent == self.total;
        if is_long && is_due {
            self.due = Some(now + REPORT_EVERY);
            self.tracker.sent(self.sent, self.total);
        }
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = FileTrouble;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, FileTrouble>>> {
        while !self.rest.is_empty() {
            self.tracker.writing();
            match ready!(self.poll_piece(context)) {
                Some(Ok(chunk)) => {
                    self.sent += chunk.len() as u64;
                    self.tracker.took(self.sent);
                    self.report();
                    return Poll::Ready(Some(Ok(Frame::data(chunk))));
                }
                Some(Err(trouble)) => {
                    self.rest.clear();
                    return Poll::Ready(Some(Err(trouble)));
                }
                None => {
                    self.rest.pop_front();
                    self.reading = None;
                }
            }
        }
        Poll::Ready(None)
    }

    /// The connection asks this when it takes the request, and takes no body when there is none.
    fn is_end_stream(&self) -> bool {
        let is_taken = self.sent == self.total;
        if is_taken {
            self.tracker.written();
        }
        is_taken
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.total - self.sent)
    }
}

/// Begins to read a file beside the async tasks: a slow disk keeps nothing else back. When nobody takes
/// the chunks any more, the reading ends.
fn read_on(file: FilePiece) -> Receiver<Result<Bytes, FileTrouble>> {
    let (sender, receiver) = channel(READ_AHEAD);
    tokio::task::spawn_blocking(move || {
        if let Err(trouble) = read_out(&file, &sender) {
            // Fails only when the send has ended.
            let _ = sender.blocking_send(Err(trouble));
        }
    });
    receiver
}

/// Hands out as many bytes as were prepared. The last of them are kept back until it is sure that
/// nothing was written to the file meanwhile: a mixture of old and new never passes for the file.
fn read_out(
    piece: &FilePiece,
    chunks: &Sender<Result<Bytes, FileTrouble>>,
) -> Result<(), FileTrouble> {
    let mut file = open(piece)?;
    let mut rest = piece.size;
    while rest > 0 {
        let length = rest.min(CHUNK as u64) as usize;
        let mut chunk = vec![0; length];
        file.read_exact(&mut chunk)
            .map_err(|cause| ended_early(piece, &file, cause))?;
        rest -= length as u64;
        if rest == 0 {
            check(piece, &file)?;
        }
        if chunks.blocking_send(Ok(chunk.into())).is_err() {
            break;
        }
    }
    Ok(())
}

pub(super) fn open(piece: &FilePiece) -> Result<File, FileTrouble> {
    let file = File::open(&piece.path).map_err(|cause| unreadable(piece, cause))?;
    check(piece, &file)?;
    Ok(file)
}

/// Whether the open file is the one that was prepared.
fn check(piece: &FilePiece, file: &File) -> Result<(), FileTrouble> {
    let facts = file.metadata().map_err(|cause| unreadable(piece, cause))?;
    if facts.len() != piece.size {
        return Err(FileTrouble::Resized {
            path: piece.path.clone(),
            expected: piece.size,
            found: facts.len(),
        });
    }
    let modified = facts.modified().ok().map(Timestamp::try_from);
    match (piece.modified, modified) {
        (Some(then), Some(Ok(now))) if then != now => Err(FileTrouble::Written {
            path: piece.path.clone(),
        }),
        _ => Ok(()),
    }
}

/// A file that ends early was cut off, which tells more than that it ends.
fn ended_early(piece: &FilePiece, file: &File, cause: io::Error) -> FileTrouble {
    match check(piece, file) {
        Err(trouble) => trouble,
        Ok(()) => unreadable(piece, cause),
    }
}

pub(super) fn unreadable(piece: &FilePiece, cause: io::Error) -> FileTrouble {
    FileTrouble::Unreadable {
        path: piece.path.clone(),
        cause,
    }
}
