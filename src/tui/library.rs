//! The collection, on a thread of its own: what is asked for is done in order, and between two deeds
//! the files are read for what the tree shows of them.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    path::Path,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, TryRecvError, channel},
    },
    thread::JoinHandle,
};

use jiff::Timestamp;

use crate::{
    app::{
        collection::{Deed, News, Over, Save},
        message::{Event, Notice},
    },
    model::{
        EntryKind, Head, Origin,
        collection::{Collection, Entry},
    },
    store::{CollectionError, Library, Paths, SaveError, Trust, Written},
};

use super::{effects::Mailbox, watch::Watch};

/// Files read between two looks at what is asked for, and told together.
const PART: usize = 100;

/// Texts that are remembered of one file at the most.
const MOST_WRITTEN: usize = 16;

/// The thread, and the way to it.
pub struct Librarian {
    /// Shared with the watch, which does not keep the thread alive.
    sender: Option<Arc<Sender<Deed>>>,
    thread: Option<JoinHandle<()>>,
}

impl Librarian {
    /// Starts the thread; the collection is the one that the present folder is in.
    pub fn start(paths: Paths, mailbox: Mailbox) -> Self {
        let (sender, receiver) = channel();
        let sender = Arc::new(sender);
        let changed = Arc::downgrade(&sender);
        let thread = std::thread::spawn(move || {
            let folder = std::env::current_dir().unwrap_or_default();
            let library = Library::find(&folder, &paths);
            let mut desk = Desk::new(library, paths);
            desk.watch = Some(Watch::start(move || {
                if let Some(sender) = changed.upgrade() {
                    // Fails only when the thread is gone.
                    let _ = sender.send(Deed::Scan);
                }
            }));
            desk.serve(&receiver, &mut |news| mailbox.post(Event::Collection(news)));
        });
        Self {
            sender: Some(sender),
            thread: Some(thread),
        }
    }

    pub fn ask(&self, deed: Deed, mailbox: &Mailbox) {
        let sent = self.sender.as_ref().map(|sender| sender.send(deed));
        if !matches!(sent, Some(Ok(()))) {
            let text = "The collection is out of reach after a defect: start posttui anew.";
            mailbox.post(Event::Told(Notice::error(text)));
        }
    }

    /// Waits until what was asked for is on disk.
    pub fn close(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Librarian {
    fn drop(&mut self) {
        self.close();
    }
}

/// Does what the collection is asked for.
pub struct Desk {
    library: Library,
    paths: Paths,
    scanned: Option<Arc<Collection>>,
    /// What was read of each request, and of which state of its file.
    heads: HashMap<String, (u64, u128)>,
    unread: VecDeque<Entry>,
    /// What was written to a file one after the other, the newest last.
    written: BTreeMap<Origin, Vec<Arc<str>>>,
    /// Tells when somebody else changes the files.
    watch: Option<Watch>,
}

impl Desk {
    pub fn new(library: Library, paths: Paths) -> Self {
        Self {
            library,
            paths,
            scanned: None,
            heads: HashMap::new(),
            unread: VecDeque::new(),
            written: BTreeMap::new(),
            watch: None,
        }
    }

    fn serve(&mut self, deeds: &Receiver<Deed>, tell: &mut dyn FnMut(News)) {
        loop {
            let next = if self.unread.is_empty() {
                deeds.recv().map_err(|_| TryRecvError::Disconnected)
            } else {
                deeds.try_recv()
            };
            match next {
                Ok(deed) => self.perform(deed, tell),
                Err(TryRecvError::Empty) => self.read_part(tell),
                Err(TryRecvError::Disconnected) => return,
            }
        }
    }

    /// Does one deed and tells what came of it.
    pub fn perform(&mut self, deed: Deed, tell: &mut dyn FnMut(News)) {
        match deed {
            Deed::Scan => self.scan(tell),
            Deed::Read { origin, why } => {
                let text = Library::at(&origin.root, &self.paths).read(&origin.path);
                let text = text.map(Arc::from).map_err(|error| error.to_string());
                let trusted = Trust::new(&self.paths).is_trusted(&origin.root);
                tell(News::Read {
                    origin,
                    why,
                    text,
                    trusted,
                });
            }
            Deed::Save(save) => self.save(save, tell),
            Deed::Trust(root) => match Trust::new(&self.paths).trust(&root) {
                Ok(()) => tell(News::Trusted(root)),
                Err(error) => tell(News::Failed(error.to_string())),
            },
            change => {
                match self.change(change) {
                    Ok(Some(news)) => tell(news),
                    Ok(None) => {}
                    Err(error) => tell(News::Failed(format!("Nothing was changed: {error}."))),
                }
                self.scan(tell);
            }
        }
    }

    fn save(&mut self, save: Box<Save>, tell: &mut dyn FnMut(News)) {
        let library = Library::at(&save.origin.root, &self.paths);
        let over = match &save.over {
            Over::New => Written::New,
            Over::Text(text) => Written::Over(Arc::clone(text)),
            Over::Anything => Written::Anyway,
        };
        let (path, request) = (&save.origin.path, &save.request);
        let saved = match library.save(path, request, &over) {
            Err(error @ SaveError::Changed(_)) => match self.own(&save) {
                Some(own) => library.save(path, request, &Written::Over(own)),
                None => Err(error),
            },
            saved => saved,
        };
        match saved {
            Ok(text) => {
                let text: Arc<str> = text.into();
                self.remember(&save, &text);
                tell(News::Saved { save, text });
                self.scan(tell);
            }
            Err(
                error @ (SaveError::Changed(_)
                | SaveError::Gone(_)
                | SaveError::Collection(CollectionError::Exists(_))),
            ) => {
                let reason = match error {
                    SaveError::Collection(_) => format!("“{}” exists already", save.origin.path),
                    other => other.to_string(),
                };
                // What the user is asked about is the file as it is now.
                let over = match library.read(&save.origin.path) {
                    Ok(text) => Over::Text(text.into()),
                    Err(CollectionError::Missing(_)) => Over::New,
                    Err(_) => Over::Anything,
                };
                tell(News::Conflict { save, reason, over });
            }
            Err(error) => tell(News::Failed(format!("Not saved: {error}."))),
        }
    }

    /// The text that was written here after the one that a save is to go over: saves that follow each other
    /// quickly are asked for before the first one is told of, and are not in conflict with it.
    fn own(&self, save: &Save) -> Option<Arc<str>> {
        let Over::Text(known) = &save.over else {
            return None;
        };
        let written = self.written.get(&save.origin)?;
        let is_known = written.contains(known);
        written.last().filter(|_| is_known).cloned()
    }

    fn remember(&mut self, save: &Save, text: &Arc<str>) {
        let written = self.written.entry(save.origin.clone()).or_default();
        match &save.over {
            Over::Text(known) if written.contains(known) => {}
            Over::Text(known) => *written = vec![Arc::clone(known)],
            Over::New | Over::Anything => written.clear(),
        }
        written.push(Arc::clone(text));
        let too_many = written.len().saturating_sub(MOST_WRITTEN);
        written.drain(..too_many);
    }

    /// Does what changes the collection.
    fn change(&mut self, deed: Deed) -> Result<Option<News>, CollectionError> {
        let library = &self.library;
        Ok(match deed {
            Deed::MakeFolder(path) => {
                library.make_folder(&path)?;
                Some(News::Select(format!("{path}/")))
            }
            Deed::Rename { kind, from, to } => {
                library.rename(kind, &from, &to)?;
                Some(News::Renamed { kind, from, to })
            }
            Deed::Duplicate(path) => Some(News::Select(library.duplicate(&path)?)),
            Deed::Delete { kind, path } => {
                let trash = library.delete(kind, &path, &self.paths, Timestamp::now())?;
                Some(News::Deleted { kind, path, trash })
            }
            Deed::Reorder { folder, members } => {
                library.reorder(&folder, &members)?;
                None
            }
            Deed::Scan | Deed::Read { .. } | Deed::Save(_) | Deed::Trust(_) => None,
        })
    }

    /// Lists the collection; nothing is told where nothing changed, so that the screen is not drawn
    /// anew for it.
    fn scan(&mut self, tell: &mut dyn FnMut(News)) {
        // What changes while the files are listed is told again.
        if let Some(watch) = &self.watch {
            watch.hear();
        }
        let mut listed = self.library.list(&self.paths);
        let is_first = self.scanned.is_none();
        if is_first {
            // The tree is on the screen before any file is looked at.
            tell(News::Scanned(Arc::new(listed.clone())));
        }
        self.library.stamp(&mut listed);
        let has_more = |watch: &mut Watch| watch.follow(&listed);
        if self.watch.as_mut().is_some_and(has_more) {
            // What changed in a folder before it was watched is seen now.
            listed = self.library.list(&self.paths);
            self.library.stamp(&mut listed);
        }
        let collection = Arc::new(listed);
        if self.scanned.as_ref() == Some(&collection) {
            return;
        }
        self.unread = collection
            .entries
            .iter()
            .filter(|entry| entry.kind == EntryKind::Request)
            .filter(|entry| self.heads.get(&entry.path) != Some(&entry.stamp))
            .cloned()
            .collect();
        self.scanned = Some(Arc::clone(&collection));
        if !is_first {
            tell(News::Scanned(collection));
        }
    }

    /// Reads a few of the files that were not read yet, or changed since.
    pub fn read_part(&mut self, tell: &mut dyn FnMut(News)) {
        let count = self.unread.len().min(PART);
        let part: Vec<Entry> = self.unread.drain(..count).collect();
        let heads = part.into_iter().map(|entry| {
            let head: Head = self.library.head(&entry.path);
            self.heads.insert(entry.path.clone(), entry.stamp);
            (entry.path, head)
        });
        let heads: Vec<_> = heads.collect();
        tell(News::Heads(heads));
    }

    /// Whether files are still to be read.
    pub fn has_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    /// The folder of the collection.
    pub fn root(&self) -> &Path {
        self.library.root()
    }
}
