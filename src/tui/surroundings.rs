//! Reads the environments anew when somebody else changes their files, so that no key is needed to notice it.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::mpsc::channel,
};

use crate::{app::message::Event, model::Environments, store::EnvironmentFiles};

use super::{effects::Mailbox, watch::Watch};

/// Watches on a thread of its own until the program ends. `known` is what the interface began with, and whether
/// something was left to ask the keyring for.
pub fn watch(files: EnvironmentFiles, mut known: (Environments, bool), mailbox: Mailbox) {
    std::thread::spawn(move || {
        let (sender, changed) = channel();
        let mut watch = Watch::start(move || {
            // Fails only when the thread is gone.
            let _ = sender.send(());
        });
        watch.follow_folders(folders(&files));
        // What was written before the watch began is told, too.
        let mut is_first = true;
        while is_first || changed.recv().is_ok() {
            is_first = false;
            watch.hear();
            // A folder that was made meanwhile is watched from now on.
            watch.follow_folders(folders(&files));
            let found = files.read_at_once();
            // The keyring is asked only where a file has changed: it may put a question to the user.
            if found != known {
                known = found;
                mailbox.post(Event::Environments(files.read()));
            }
        }
    });
}

/// The folder of the environments and that of the options of every send; of one that is not there yet, the
/// one in which it would be made.
fn folders(files: &EnvironmentFiles) -> BTreeSet<PathBuf> {
    let above = files.folder().parent();
    let usual = files.usual_file().parent();
    let wanted = [Some(files.folder()), above, usual];
    let is_there = |folder: &&Path| folder.is_dir();
    let there = wanted.into_iter().flatten();
    let there = there.filter_map(|folder| folder.ancestors().find(is_there));
    there.map(PathBuf::from).collect()
}
