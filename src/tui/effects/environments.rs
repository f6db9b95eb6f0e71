//! The environments and the options that requests share, on disk.

use std::sync::Arc;

use crate::{
    app::message::{Event, Notice},
    model::{EnvironmentSave, Overtaken, UsualSave},
    store::EnvironmentKept,
};

use super::Edge;

impl Edge {
    pub(super) fn read_environments(&self) {
        let (mailbox, files) = (self.mailbox.clone(), self.environments.clone());
        self.runtime()
            .spawn_blocking(move || mailbox.post(Event::Environments(files.read())));
    }

    /// What is on disk afterwards is told too: it may be more than what was written.
    pub(super) fn save_environment(&self, save: Box<EnvironmentSave>) {
        let (mailbox, files) = (self.mailbox.clone(), self.environments.clone());
        self.runtime().spawn_blocking(move || {
            let kept = files.keep(&save);
            if kept.is_ok() {
                mailbox.post(Event::Environments(files.read()));
            }
            match kept {
                Ok(EnvironmentKept::Kept(kept)) => {
                    if let Some(text) = kept.words(&save.environment.name) {
                        mailbox.post(Event::Told(Notice::info(text)));
                    }
                }
                Ok(EnvironmentKept::Overtaken(now)) => {
                    mailbox.post(Event::Overtaken(Box::new(Overtaken::Environment {
                        save,
                        now,
                    })));
                }
                Err(error) => mailbox.post(Event::EnvironmentUnsaved {
                    save,
                    reason: error.to_string(),
                }),
            }
        });
    }

    pub(super) fn save_usual(&self, save: UsualSave) {
        let (mailbox, files) = (self.mailbox.clone(), self.environments.clone());
        self.runtime()
            .spawn_blocking(move || match files.keep_usual(&save) {
                Ok(overtaken) => {
                    mailbox.post(Event::Environments(files.read()));
                    if let Some(now) = overtaken {
                        mailbox.post(Event::Overtaken(Box::new(Overtaken::Usual { save, now })));
                    }
                }
                Err(error) => mailbox.post(Event::UsualUnsaved {
                    save,
                    reason: error.to_string(),
                }),
            });
    }

    /// The secrets and the cookies go along; what is on disk afterwards is told in any case.
    pub(super) fn rename_environment(&self, from: String, to: String) {
        let (mailbox, files) = (self.mailbox.clone(), self.environments.clone());
        let jars = self.jars.clone();
        self.runtime().spawn_blocking(move || {
            let renamed = files.rename(&from, &to);
            let renamed = renamed.and_then(|()| jars.rename(&from, &to));
            mailbox.post(Event::Environments(files.read()));
            match renamed.and_then(|()| jars.read(Some(&to))) {
                Ok(jar) => mailbox.post(Event::Jar(Arc::new(jar))),
                Err(error) => {
                    let text = format!("“{from}” was not renamed: {error}");
                    mailbox.post(Event::Told(Notice::error(text)));
                }
            }
        });
    }

    pub(super) fn delete_environment(&self, name: String) {
        let (mailbox, files) = (self.mailbox.clone(), self.environments.clone());
        let jars = self.jars.clone();
        self.runtime().spawn_blocking(move || {
            let deleted = files.delete(&name);
            let deleted = deleted.and_then(|trash| jars.forget(&name).map(|()| trash));
            mailbox.post(Event::Environments(files.read()));
            mailbox.post(Event::Told(match deleted {
                Ok(trash) => {
                    let trash = trash.display();
                    Notice::info(format!("“{name}” is in the trash now: {trash}"))
                }
                Err(error) => Notice::error(format!("“{name}” was not deleted: {error}")),
            }));
        });
    }
}
