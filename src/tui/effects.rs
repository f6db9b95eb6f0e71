//! The deeds at the edge: every effect is done here, and answers with messages.

mod environments;
mod history;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use jiff::Timestamp;
use tokio::{
    runtime::Runtime,
    sync::{Notify, mpsc::UnboundedSender},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use crate::{
    app::{
        effect::Effect,
        message::{Event, JobId, Message, Notice, SendEvent, SendId},
    },
    browser,
    courier::{Courier, Report},
    files,
    model::{Body, CookieChange, Jar, Origin, PreparedRequest, Request, Transport, Turn},
    net::{self, Progress},
    prepare::Given,
    recall::recall,
    store::{CookieFile, EnvironmentFiles, Library, Paths},
    supply,
    template::{AnswerNeed, Need},
    threads::Threads,
};

use super::{library::Librarian, session::SessionWriter, shelf::Shelf, viewer::Viewer};

/// How long the end of the program waits for cancelled sends to write their rows.
const PATIENCE: Duration = Duration::from_secs(3);

/// Where messages go.
#[derive(Clone)]
pub struct Mailbox {
    sender: UnboundedSender<Message>,
    /// Wakes the loop.
    pub woken: Arc<Notify>,
}

impl Mailbox {
    pub fn new(sender: UnboundedSender<Message>) -> Self {
        Self {
            sender,
            woken: Arc::default(),
        }
    }

    pub fn post(&self, event: Event) {
        // Fails only when the loop has ended, which needs no more messages.
        let _ = self.sender.send(Message {
            at: Timestamp::now(),
            event,
        });
        self.woken.notify_one();
    }
}

/// Where is what, on disk.
pub struct Places {
    pub paths: Paths,
    pub environments: EnvironmentFiles,
    pub jars: CookieFile,
}

/// A send under way, and what it can be told.
struct OnTheWay {
    cancel: CancellationToken,
    turns: UnboundedSender<Turn>,
    task: JoinHandle<()>,
}

/// What does the deeds.
pub struct Edge {
    mailbox: Mailbox,
    client: net::Client,
    shelf: Shelf,
    session: SessionWriter,
    environments: EnvironmentFiles,
    jars: CookieFile,
    paths: Paths,
    librarian: Librarian,
    viewer: Viewer,
    sends: HashMap<SendId, OnTheWay>,
    threads: Threads,
    /// The newest question to the history: older ones need no answer any more.
    asked: Arc<AtomicU64>,
}

impl Edge {
    pub fn new(
        threads: Threads,
        mailbox: Mailbox,
        shelf: Shelf,
        session: SessionWriter,
        places: Places,
        librarian: Librarian,
        is_private: bool,
    ) -> Self {
        let usual = net::Settings::default();
        Self {
            viewer: Viewer::new(mailbox.clone(), threads.runtime().handle().clone()),
            mailbox,
            client: net::Client::with_settings(net::Settings {
                spill: places.paths.cache.clone(),
                // Nothing of a private session is on the disk, not even a body while it is looked at.
                in_memory: if is_private {
                    usize::MAX
                } else {
                    usual.in_memory
                },
                tells_arriving: true,
                ..usual
            }),
            shelf,
            session,
            environments: places.environments,
            jars: places.jars,
            paths: places.paths,
            librarian,
            sends: HashMap::new(),
            threads,
            asked: Arc::default(),
        }
    }

    /// Makes ready what the first send needs, beside everything else.
    pub fn warm(&self) {
        let client = self.client.clone();
        self.runtime().spawn_blocking(move || client.warm());
    }

    fn runtime(&self) -> &Runtime {
        self.threads.runtime()
    }

    /// Does one deed; those that need the terminal or the loop are theirs.
    pub fn run(&mut self, effect: Effect) {
        match effect {
            Effect::Send {
                send,
                request,
                prepared,
                origin,
            } => self.send(send, *request, *prepared, origin),
            Effect::LookAt { job, body, way } => self.look_at(job, *body, *way),
            Effect::FindProxy { job, url, way } => self.find_proxy(job, url, *way),
            Effect::ReadFolder { job, path } => self.read_folder(job, path),
            Effect::Cancel(send) => self.cancel(send),
            Effect::Turn(send, turn) => self.turn(send, turn),
            Effect::QueryHistory(query) => self.query(query),
            Effect::Load(id) => self.load(id),
            Effect::Compare(job) => self.compare(job),
            Effect::Tidy(tidy) => self.tidy(tidy),
            Effect::Timeline { job, id } => self.timeline(job, id),
            Effect::ReadMet => self.read_met(),
            Effect::Examples(deed) => self.examples(deed),
            Effect::FindAnswered { id, host } => self.find_answered(id, host),
            Effect::Body(deed) => self.viewer.run(deed),
            Effect::Collection(deed) => self.librarian.ask(deed, &self.mailbox),
            Effect::SaveSession(session) => self.session.save(session),
            Effect::OpenPage(url) => self.open_page(url),
            Effect::Gather { job, needs } => self.gather(job, needs),
            Effect::Recall { job, root, need } => self.recall(job, root, need),
            Effect::ReadNames => self.read_names(),
            Effect::ReadEnvironments => self.read_environments(),
            Effect::SaveEnvironment(save) => self.save_environment(save),
            Effect::SaveUsual(save) => self.save_usual(save),
            Effect::RenameEnvironment { from, to } => self.rename_environment(from, to),
            Effect::DeleteEnvironment(name) => self.delete_environment(name),
            Effect::ReadJar(environment) => self.read_jar(environment),
            Effect::ChangeJar {
                environment,
                changes,
            } => self.change_jar(environment, changes),
            Effect::Copy { .. }
            | Effect::EditOutside(_)
            | Effect::ShowOutside(_)
            | Effect::Suspend
            | Effect::Quit => {}
        }
    }

    fn send(
        &mut self,
        send: SendId,
        request: Request,
        prepared: PreparedRequest,
        origin: Option<Origin>,
    ) {
        self.sends.retain(|_, send| !send.task.is_finished());
        let cancel = CancellationToken::new();
        let client = self.client.clone();
        let (opening, jars) = (self.shelf.clone(), self.jars.clone());
        let (mailbox, token) = (self.mailbox.clone(), cancel.clone());
        let (turns, answers) = net::answers();
        let task = self.runtime().spawn(async move {
            let reports = mailbox.clone();
            let report = move |report| reports.post(Event::Send(send, translate(report)));
            let history = opening.history().await;
            let courier = Courier::new(client, history.clone())
                .with_jars(jars)
                .answered_by(answers);
            let sending = courier.carry(request, prepared, origin.as_ref(), &token, &report);
            let carried = sending.await;
            let (exchange, unsaved) = (Arc::new(carried.exchange), carried.unsaved);
            // The jar first: whatever is sent after this answer has its cookies.
            match carried.jar {
                Some(Ok(jar)) => mailbox.post(Event::Jar(Arc::new(jar))),
                Some(Err(reason)) => mailbox.post(cookies_unsaved(&reason)),
                None => {}
            }
            mailbox.post(Event::Send(send, SendEvent::Finished { exchange, unsaved }));
            if let Some(history) = history {
                // When the disk does not take it now, the next write says so.
                tokio::task::spawn_blocking(move || {
                    // What cannot be indexed now is before the next search for words.
                    let _ = history.gather_words(16);
                    history.flush()
                });
            }
        });
        let on_the_way = OnTheWay {
            cancel,
            turns,
            task,
        };
        self.sends.insert(send, on_the_way);
    }

    /// Beside the async tasks: a network folder may take its time to answer.
    fn look_at(&self, job: JobId, body: Body, way: Transport) {
        let mailbox = self.mailbox.clone();
        self.runtime().spawn_blocking(move || {
            let given = Given {
                unusable: net::check(&way),
                ..files::look_at(&body)
            };
            mailbox.post(Event::LookedAt { job, given });
        });
    }

    fn find_proxy(&self, job: JobId, url: String, way: Transport) {
        let mailbox = self.mailbox.clone();
        self.runtime().spawn_blocking(move || {
            let proxy = net::speaking_proxy(&url, &way);
            mailbox.post(Event::ProxyFound { job, proxy });
        });
    }

    fn read_folder(&self, job: JobId, path: String) {
        let mailbox = self.mailbox.clone();
        self.runtime().spawn_blocking(move || {
            let folder = files::read_folder(&path);
            mailbox.post(Event::FolderRead { job, folder });
        });
    }

    fn gather(&self, job: JobId, needs: Vec<Need>) {
        let mailbox = self.mailbox.clone();
        self.runtime().spawn_blocking(move || {
            let found = supply::fetch(needs);
            mailbox.post(Event::Gathered { job, found });
        });
    }

    /// Beside the async tasks, once the history is open.
    fn recall(&self, job: JobId, root: PathBuf, need: AnswerNeed) {
        let (mailbox, paths) = (self.mailbox.clone(), self.paths.clone());
        let opening = self.shelf.clone();
        self.runtime().spawn(async move {
            let history = opening.history().await;
            tokio::task::spawn_blocking(move || {
                let library = Library::at(&root, &paths);
                let now = Timestamp::now();
                let recalled = recall(history.as_ref(), &library, &paths, &need, now);
                mailbox.post(Event::Recalled {
                    job,
                    need,
                    recalled,
                });
            });
        });
    }

    /// What cannot be read is told, and is an empty jar: a send must not wait for it for ever.
    fn read_jar(&self, environment: Option<String>) {
        let (mailbox, jars) = (self.mailbox.clone(), self.jars.clone());
        self.runtime().spawn_blocking(move || {
            let jar = jars.read(environment.as_deref()).unwrap_or_else(|error| {
                let text = format!("The cookies cannot be read: {error}");
                mailbox.post(Event::Told(Notice::error(text)));
                Jar {
                    environment,
                    ..Jar::default()
                }
            });
            mailbox.post(Event::Jar(Arc::new(jar)));
        });
    }

    fn change_jar(&self, environment: Option<String>, changes: Vec<CookieChange>) {
        let (mailbox, jars) = (self.mailbox.clone(), self.jars.clone());
        self.runtime().spawn_blocking(move || {
            mailbox.post(match jars.change(environment.as_deref(), changes) {
                Ok(jar) => Event::Jar(Arc::new(jar)),
                Err(error) => cookies_unsaved(&error.to_string()),
            });
        });
    }

    fn cancel(&self, send: SendId) {
        if let Some(send) = self.sends.get(&send) {
            send.cancel.cancel();
        }
    }

    fn turn(&self, send: SendId, turn: Turn) {
        if let Some(send) = self.sends.get(&send) {
            // Nobody listens any more when the send has ended.
            let _ = send.turns.send(turn);
        }
    }

    /// The page's address is on the screen, too: without a browser it can be copied from there.
    fn open_page(&self, url: String) {
        let mailbox = self.mailbox.clone();
        self.runtime().spawn_blocking(move || {
            let notice = match browser::open(&url) {
                Ok(()) => Notice::info("Log in in your browser; Esc cancels."),
                Err(error) => Notice::warning(format!(
                    "Open the address above in a browser and log in ({error}); y copies it."
                )),
            };
            mailbox.post(Event::Told(notice));
        });
    }

    /// Cancels what is in flight; to be waited for until its rows are written.
    pub fn end(&mut self) -> impl Future<Output = ()> + use<> {
        let sends: Vec<_> = self.sends.drain().map(|(_, send)| send).collect();
        for send in &sends {
            send.cancel.cancel();
        }
        let all = futures_util::future::join_all(sends.into_iter().map(|send| send.task));
        async {
            // What is not written by then reads as interrupted at the next start.
            let _ = tokio::time::timeout(PATIENCE, all).await;
        }
    }

    /// Waits until the session and what the collection was asked for are on disk.
    pub fn close(&mut self) {
        self.session.close();
        self.librarian.close();
    }
}

fn cookies_unsaved(reason: &str) -> Event {
    let text = format!("The cookies cannot be kept: {reason}");
    Event::Told(Notice::error(text))
}

fn translate(report: Report) -> SendEvent {
    match report {
        Report::Recorded(recorded) => SendEvent::Recorded(recorded),
        Report::Progress(Progress::Phase(phase)) => SendEvent::Phase(phase),
        Report::Progress(Progress::Hop {
            number,
            method,
            url,
        }) => SendEvent::Hop {
            number,
            method,
            url,
        },
        Report::Progress(Progress::Consent { url }) => SendEvent::Consent { url },
        Report::Progress(Progress::Fork(fork)) => SendEvent::Fork(fork),
        Report::Progress(Progress::Retry(again)) => SendEvent::Retry(again),
        Report::Progress(Progress::Sent { bytes, total }) => SendEvent::Sent { bytes, total },
        Report::Progress(Progress::Received { bytes, total }) => {
            SendEvent::Received { bytes, total }
        }
        Report::Progress(Progress::Arriving(response)) => SendEvent::Arriving(response),
    }
}
