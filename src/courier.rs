//! Carries one exchange: its row is written before the send and finished after it, so that a crash
//! in flight leaves a row that says so. Both faces send through here.

use std::{
    any::Any,
    panic::AssertUnwindSafe,
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, Instant},
};

use futures_util::FutureExt;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::{
    inspect::decoded_up_to,
    model::{
        Exchange, ExchangeId, Failure, FailureKind, Header, Hop, Jar, Origin, Outcome, OwnSecrets,
        Phase, PreparedRequest, Processed, Request, Secrets, Verdict, find_header,
        hide_cookie_values, with_tokens,
    },
    net::{self, Answers, Sent},
    options::unkept,
    status::{
        diagnosis::diagnose_without_secrets,
        rules::{self, Answered, Said},
    },
    store::{CookieFile, History, StoreError, kept},
};

/// What sends and what remembers.
#[derive(Clone)]
pub struct Courier {
    client: net::Client,
    /// None where no history can be had, not even in memory.
    history: Option<History>,
    /// Where what servers set is kept.
    jars: Option<CookieFile>,
    /// None where nobody can be asked.
    answers: Option<Answers>,
}

/// What is told while an exchange is under way.
#[derive(Debug, Clone, PartialEq)]
pub enum Report {
    /// The row is in the history, or could not be written, and why. Not told of an exchange that is not to be
    /// kept.
    Recorded(Result<ExchangeId, String>),
    Progress(net::Progress),
}

/// An exchange with its outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Carried {
    pub exchange: Exchange,
    /// Why the outcome is not in the history, where it should be.
    pub unsaved: Option<String>,
    /// The jar, where servers changed it, or why it could not be written.
    pub jar: Option<Result<Jar, String>>,
}

/// Exchanges that are in no history count down from -1, so that no two have one number.
static UNSAVED: AtomicI64 = AtomicI64::new(-1);

impl Courier {
    pub fn new(client: net::Client, history: Option<History>) -> Self {
        Self {
            client,
            history,
            jars: None,
            answers: None,
        }
    }

    /// Hears here what the user says while a send waits for it.
    #[must_use]
    pub fn answered_by(self, answers: Answers) -> Self {
        Self {
            answers: Some(answers),
            ..self
        }
    }

    /// With a place for the cookies that servers set.
    #[must_use]
    pub fn with_jars(self, jars: CookieFile) -> Self {
        Self {
            jars: Some(jars),
            ..self
        }
    }

    /// Sends the request, which may be the saved one of `origin`, whether or not the history can be written: a full disk must not keep a request back.
    pub async fn carry(
        &self,
        request: Request,
        mut prepared: PreparedRequest,
        origin: Option<&Origin>,
        cancel: &CancellationToken,
        report: &(dyn Fn(Report) + Send + Sync),
    ) -> Carried {
        let started_at = Timestamp::now();
        let known = prepared.secrets.clone();
        let shown = known.mask_request(&request);
        // For the history, tokens that were typed in clear are secrets like any other. The user who typed
        // them may see them, and what is wrong with them.
        prepared.secrets = with_tokens(&request, &prepared);
        let request = prepared.secrets.mask_request(&request);
        let keeps = unkept(&prepared.options.recording, &prepared.url).is_none();
        let mut recorded = None;
        if keeps {
            let begun = self
                .begin(&request, &prepared.masked(), started_at, origin)
                .await;
            report(Report::Recorded(begun.clone()));
            recorded = Some(begun);
        }
        let progress = |progress| report(Report::Progress(progress));
        let mut sent = self.send(&prepared, cancel, &progress).await;
        // As they went out: what is looked for in the answer is among it.
        let went_out = sent.hops.clone();
        let jar = self.keep_cookies(&prepared, &mut sent).await;
        let said = appraise(
            self.history.clone(),
            started_at,
            &request,
            &prepared,
            &mut sent,
        )
        .await;
        let (id, unsaved) = match recorded {
            // What a redirect led to is not to be kept: then neither is what led there.
            Some(Ok(id)) if !may_be_kept(&prepared, &sent) => {
                (unsaved_id(), self.discard(id).await.err())
            }
            Some(Ok(id)) => {
                if let (Some(_), Some(history)) = (origin, &self.history) {
                    history.remember(id, &sent.outcome);
                }
                let kept = without_secrets(&prepared, &sent);
                let finishing = self.finish(id, kept, &prepared, went_out, said.clone());
                (id, finishing.await.err())
            }
            Some(Err(reason)) => (unsaved_id(), Some(reason)),
            None => (unsaved_id(), None),
        };
        prepared.secrets = known.clone();
        prepared.hide_cookies();
        let exchange = known.mask_exchange(Exchange {
            id,
            started_at,
            request: shown,
            prepared,
            hops: sent.hops,
            outcome: Some(sent.outcome),
            duration: Some(sent.duration),
            message: said.message,
            verdict: said.verdict,
        });
        Carried {
            exchange,
            unsaved,
            jar,
        }
    }

    /// Writes down what servers changed in the jar, and hides in the hops what came from it.
    async fn keep_cookies(
        &self,
        prepared: &PreparedRequest,
        sent: &mut Sent,
    ) -> Option<Result<Jar, String>> {
        if prepared.cookies.is_sent {
            for hop in &mut sent.hops {
                hide_cookie_values(&mut hop.request_headers);
            }
        }
        let jars = self.jars.clone()?;
        let environment = prepared.cookies.jar.as_ref()?.environment.clone();
        let changes = std::mem::take(&mut sent.cookies);
        if changes.is_empty() {
            return None;
        }
        let is_kept = may_be_kept(prepared, sent);
        let work = move || {
            if is_kept {
                jars.change(environment.as_deref(), changes)
            } else {
                jars.hold(environment.as_deref(), changes)
            }
        };
        Some(match tokio::task::spawn_blocking(work).await {
            Ok(done) => done.map_err(|error| error.to_string()),
            Err(error) => Err(format!("the task broke off: {error}.")),
        })
    }

    /// A defect in sending is an outcome too: it must not leave a row in flight for ever.
    async fn send(
        &self,
        prepared: &PreparedRequest,
        cancel: &CancellationToken,
        progress: &(dyn Fn(net::Progress) + Send + Sync),
    ) -> Sent {
        let started = Instant::now();
        let sending = async {
            match self.answers.clone() {
                Some(answers) => {
                    let client = &self.client;
                    client
                        .send_asking(prepared, cancel, progress, answers)
                        .await
                }
                None => self.client.send(prepared, cancel, progress).await,
            }
        };
        AssertUnwindSafe(sending)
            .catch_unwind()
            .await
            .unwrap_or_else(|panic| broken_off(panic.as_ref(), started.elapsed()))
    }

    async fn begin(
        &self,
        request: &Request,
        prepared: &PreparedRequest,
        started_at: Timestamp,
        origin: Option<&Origin>,
    ) -> Result<ExchangeId, String> {
        let (request, prepared) = (request.clone(), prepared.clone());
        let origin = origin.cloned();
        self.blocking(move |history| match &origin {
            Some(origin) => history.begin_saved(&request, &prepared, started_at, origin),
            None => history.begin(&request, &prepared, started_at),
        })
        .await
    }

    async fn discard(&self, id: ExchangeId) -> Result<(), String> {
        self.blocking(move |history| history.discard(id)).await
    }

    async fn finish(
        &self,
        id: ExchangeId,
        sent: Sent,
        prepared: &PreparedRequest,
        went_out: Vec<Hop>,
        mut said: Said,
    ) -> Result<(), String> {
        let prepared = prepared.clone();
        self.blocking(move |history| {
            let sought = sought(history, &prepared, &went_out);
            let secrets = &prepared.secrets;
            let hops = sent.hops.into_iter().map(|hop| secrets.mask_hop(hop));
            let asked = secrets.mask(&prepared.url);
            let hops = hops.map(|hop| sought.mask_answered(hop, &asked));
            let sent = Sent {
                hops: hops.collect(),
                outcome: sought.mask_outcome_whole(kept(sent.outcome)),
                ..sent
            };
            mask_said(&mut said, &sought);
            let outcome = (&sent.outcome, &sought);
            history.finish_sought(id, &sent.hops, outcome, sent.duration, &said)
        })
        .await
    }

    /// Runs what touches the disk beside the async tasks.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&History) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, String> {
        let Some(history) = self.history.clone() else {
            return Err("there is no history.".to_owned());
        };
        match tokio::task::spawn_blocking(move || work(&history)).await {
            Ok(done) => done.map_err(|error| error.to_string()),
            Err(error) => Err(format!("the history's task broke off: {error}.")),
        }
    }
}

fn unsaved_id() -> ExchangeId {
    ExchangeId(UNSAVED.fetch_sub(1, Ordering::Relaxed))
}

/// Whether anything of it may be written down: a redirect may have led to a host of which nothing is kept.
fn may_be_kept(prepared: &PreparedRequest, sent: &Sent) -> bool {
    let recording = &prepared.options.recording;
    let hops = sent.hops.iter().map(|hop| &hop.url);
    hops.chain([&prepared.url])
        .all(|url| unkept(recording, url).is_none())
}

/// What the history gets: where an API key stands is known to the request only.
fn without_secrets(prepared: &PreparedRequest, sent: &Sent) -> Sent {
    Sent {
        hops: prepared.credentials.hide_in_hops(&sent.hops),
        outcome: prepared.credentials.hide_in_outcome(&sent.outcome),
        cookies: Vec::new(),
        duration: sent.duration,
    }
}

/// What is looked for in the answer, since a server may send it back.
fn sought(history: &History, prepared: &PreparedRequest, went_out: &[Hop]) -> Secrets {
    match history.own_secrets() {
        Ok(own) => own.sought_in_answer(prepared, went_out),
        // Nothing is written without the user's own ones.
        Err(_) => prepared.secrets.clone(),
    }
}

fn broken_off(panic: &(dyn Any + Send), duration: Duration) -> Sent {
    let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
    let cause = said.unwrap_or_else(|| "it left no message".to_owned());
    Sent {
        hops: Vec::new(),
        outcome: Outcome::Failure(Failure {
            kind: FailureKind::Other,
            phase: Phase::Send,
            causes: vec!["a defect of posttui; please report it".to_owned(), cause],
            processed: Processed::Maybe,
            partial: None,
        }),
        cookies: Vec::new(),
        duration,
    }
}

/// The largest body that is decoded only to know its size, in bytes.
const LARGEST_DECODED: usize = 64 * 1024 * 1024;

/// What the user's rules say of what came back, what it says itself, and how large its body is without its
/// codings: once for each exchange, and beside the async tasks, since each may take long.
async fn appraise(
    history: Option<History>,
    started_at: Timestamp,
    request: &Request,
    prepared: &PreparedRequest,
    sent: &mut Sent,
) -> Said {
    let coding = sent
        .outcome
        .received()
        .and_then(|response| find_header(&response.head.headers, "content-encoding"))
        .map(Header::text);
    let secrets = prepared.secrets.clone();
    let shown = without_secrets(prepared, sent);
    let exchange = secrets.mask_exchange(Exchange {
        id: ExchangeId(0),
        started_at,
        request: request.clone(),
        prepared: prepared.masked(),
        hops: shown.hops,
        outcome: Some(shown.outcome),
        duration: Some(shown.duration),
        message: None,
        verdict: Verdict::default(),
    });
    let appraised = tokio::task::spawn_blocking(move || {
        let outcome = exchange.outcome.as_ref()?;
        let (method, url) = (&exchange.prepared.method, &exchange.prepared.url);
        let took = exchange.duration.unwrap_or_default();
        let answered = Answered::new(outcome, method, url, took);
        let mut said = rules::judge(&exchange.request.rules, &answered);
        let mut diagnosis = diagnose_without_secrets(&exchange, &OwnSecrets::default());
        let near = history.and_then(|history| history.near_miss(&exchange));
        if let (Some(diagnosis), Some(near)) = (&mut diagnosis, near) {
            diagnosis.add(near);
        }
        said.evidence = diagnosis.and_then(|it| it.row_evidence().map(str::to_owned));
        let decoded = coding.and_then(|coding| {
            let body = &outcome.received()?.body;
            decoded_up_to(body, Some(&coding), LARGEST_DECODED).map(|body| body.len() as u64)
        });
        Some((said, decoded))
    });
    let Ok(Some((mut said, decoded))) = appraised.await else {
        let mut said = Said::default();
        said.verdict.problem =
            Some("The rules were not evaluated: a defect of posttui; please report it.".to_owned());
        return said;
    };
    if let Some(hop) = sent.hops.last_mut() {
        hop.transit.decoded_bytes = decoded;
    }
    mask_said(&mut said, &prepared.secrets);
    said
}

/// What a server sends back may hold a secret, and what is said of it is kept.
fn mask_said(said: &mut Said, secrets: &Secrets) {
    let texts = [
        &mut said.message,
        &mut said.verdict.problem,
        &mut said.evidence,
    ];
    for text in texts {
        *text = text.take().map(|text| secrets.mask(&text).into_owned());
    }
}
