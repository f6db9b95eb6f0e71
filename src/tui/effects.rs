//! The deeds at the edge: every effect is done here, and answers with messages.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
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
        effect::{Effect, HistoryQuery, LayOutJob},
        message::{Event, HistoryPage, JobId, Message, Notice, SendEvent, SendId},
    },
    browser,
    courier::{Courier, Report},
    files,
    inspect::Layout,
    model::{Body, Environment, ExchangeId, PreparedRequest, Request, Transport, Turn},
    net::{self, Progress},
    prepare::Given,
    store::{EnvironmentFiles, History},
    supply,
    template::Need,
    threads::Threads,
};

use super::{library::Librarian, session::SessionWriter, shelf::Shelf};

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
    librarian: Librarian,
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
        environments: EnvironmentFiles,
        librarian: Librarian,
    ) -> Self {
        Self {
            mailbox,
            client: net::Client::new(),
            shelf,
            session,
            environments,
            librarian,
            sends: HashMap::new(),
            threads,
            asked: Arc::default(),
        }
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
            } => self.send(send, *request, *prepared),
            Effect::LookAt { job, body, way } => self.look_at(job, *body, *way),
            Effect::ReadFolder { job, path } => self.read_folder(job, path),
            Effect::Cancel(send) => self.cancel(send),
            Effect::Turn(send, turn) => self.turn(send, turn),
            Effect::QueryHistory(query) => self.query(query),
            Effect::Load(id) => self.load(id),
            Effect::FindAnswered { id, host } => self.find_answered(id, host),
            Effect::LayOut(job) => self.lay_out(job),
            Effect::Collection(deed) => self.librarian.ask(deed, &self.mailbox),
            Effect::SaveSession(session) => self.session.save(session),
            Effect::OpenPage(url) => self.open_page(url),
            Effect::Gather { job, needs } => self.gather(job, needs),
            Effect::ReadEnvironments => self.read_environments(),
            Effect::SaveEnvironment(environment) => self.save_environment(environment),
            Effect::Copy { .. } | Effect::EditOutside(_) | Effect::Suspend | Effect::Quit => {}
        }
    }

    fn send(&mut self, send: SendId, request: Request, prepared: PreparedRequest) {
        self.sends.retain(|_, send| !send.task.is_finished());
        let cancel = CancellationToken::new();
        let client = self.client.clone();
        let opening = self.shelf.clone();
        let (mailbox, token) = (self.mailbox.clone(), cancel.clone());
        let (turns, answers) = net::answers();
        let task = self.runtime().spawn(async move {
            let reports = mailbox.clone();
            let report = move |report| reports.post(Event::Send(send, translate(report)));
            let history = opening.history().await;
            let courier = Courier::new(client, history.clone()).answered_by(answers);
            let carried = courier.carry(request, prepared, &token, &report).await;
            let (exchange, unsaved) = (Arc::new(carried.exchange), carried.unsaved);
            mailbox.post(Event::Send(send, SendEvent::Finished { exchange, unsaved }));
            if let Some(history) = history {
                // When the disk does not take it now, the next write says so.
                tokio::task::spawn_blocking(move || history.flush());
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

    fn read_environments(&self) {
        let (mailbox, files) = (self.mailbox.clone(), self.environments.clone());
        self.runtime()
            .spawn_blocking(move || mailbox.post(Event::Environments(files.read())));
    }

    /// What is on disk afterwards is told too: it may be more than what was written.
    fn save_environment(&self, environment: Box<Environment>) {
        let (mailbox, files) = (self.mailbox.clone(), self.environments.clone());
        self.runtime()
            .spawn_blocking(move || match files.save(&environment) {
                Ok(()) => mailbox.post(Event::Environments(files.read())),
                Err(error) => mailbox.post(Event::EnvironmentUnsaved {
                    environment,
                    reason: error.to_string(),
                }),
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

    /// The page first, then the count, which may take longer and is left out when a newer question
    /// has come meanwhile.
    fn query(&self, query: HistoryQuery) {
        let (mailbox, asked) = (self.mailbox.clone(), self.asked.clone());
        asked.store(query.job.0, Ordering::Relaxed);
        self.with_history(move |history| {
            let newest = || asked.load(Ordering::Relaxed) == query.job.0;
            if !newest() {
                return;
            }
            mailbox.post(find_page(history, &query));
            if newest()
                && let Ok(total) = history.count(&query.filter)
            {
                let job = query.job;
                mailbox.post(Event::HistoryTotal { job, total });
            }
        });
    }

    fn load(&self, id: ExchangeId) {
        let mailbox = self.mailbox.clone();
        self.with_history(move |history| {
            mailbox.post(match history.load(id) {
                Ok(exchange) => Event::Loaded {
                    id,
                    exchange: exchange.map(Arc::new),
                },
                Err(error) => Event::LoadFailed {
                    id,
                    reason: error.to_string(),
                },
            });
        });
    }

    /// What cannot be read gives no suggestion, and nothing else is lost.
    fn find_answered(&self, id: ExchangeId, host: String) {
        let mailbox = self.mailbox.clone();
        self.with_history(move |history| {
            if let Ok(urls) = history.answered_urls(&host) {
                mailbox.post(Event::Answered { id, urls });
            }
        });
    }

    /// Runs what reads the history beside the async tasks, once it is open.
    fn with_history(&self, work: impl FnOnce(&History) + Send + 'static) {
        let opening = self.shelf.clone();
        self.runtime().spawn(async move {
            if let Some(history) = opening.history().await {
                tokio::task::spawn_blocking(move || work(&history));
            }
        });
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

    fn lay_out(&self, job: LayOutJob) {
        let mailbox = self.mailbox.clone();
        self.runtime().spawn_blocking(move || {
            let layout = Layout::new(
                &job.body,
                job.content_type.as_deref(),
                job.content_encoding.as_deref(),
                job.columns,
            );
            let job = job.job;
            mailbox.post(Event::LaidOut { job, layout });
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

fn find_page(history: &History, query: &HistoryQuery) -> Event {
    let job = query.job;
    match history.page(&query.filter, query.before, query.limit) {
        Ok(rows) => Event::HistoryPage(HistoryPage {
            job,
            appended: query.before.is_some(),
            complete: rows.len() < query.limit,
            rows,
        }),
        Err(error) => Event::HistoryFailed {
            job,
            reason: error.to_string(),
        },
    }
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
    }
}
