//! One send: from hop to hop until there is an answer or a failure, or until it is ended from outside
//! by cancelling or the total timeout.

mod authority;
mod limits;
mod token;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;

use crate::{
    auth::oauth,
    model::{
        Failure, FailureKind, Fork, Header, Hop, HttpVersion, Options, Outcome, Phase,
        PreparedRequest, Processed, Purpose, Redirects, ResponseHead, TimeoutKind, Transport, Turn,
        find_header, is_safe,
    },
    options::unkept,
    units::human_duration,
};

use super::{
    Answers, Progress, Sent,
    client::{Settings, Shared},
    failure::{Scene, Secured, Trouble},
    head_size,
    incoming::{Incoming, discard, read_head},
    jar::SendJar,
    outgoing::{self, Outgoing},
    payload,
    proxy::Way,
    redirect,
    retry::{Clock, next_attempt},
    tracker::{Course, Tracker},
    upload,
};

use authority::Authority;
use limits::{End, watch};

/// How many hops a send may have. The last 3xx is the answer then.
const MAX_HOPS: usize = 20;

/// Sends a request and whatever follows from it.
pub(super) async fn travel(
    shared: &Shared,
    prepared: &PreparedRequest,
    cancel: &CancellationToken,
    progress: &(dyn Fn(Progress) + Send + Sync),
    answers: Option<Answers>,
) -> Sent {
    let started = Instant::now();
    let (reports, mut told) = unbounded_channel();
    let mut journey = Journey::new(prepared, reports, answers);
    let mut clock = Clock::start(prepared.options.total_timeout);
    let outcome = loop {
        let end = if cancel.is_cancelled() {
            End::Cancelled
        } else {
            let work = journey.run(shared, prepared);
            let idle = prepared.options.idle_timeout;
            watch(work, &mut told, cancel, (idle, &mut clock), progress).await
        };
        // By now the work is dropped, and with it the connection of what was ended from outside.
        journey.close_hop();
        let outcome = journey.end(end);
        match next_attempt(prepared, journey.attempt, &outcome, &clock) {
            Some(again) => {
                let wait = again.wait;
                progress(Progress::Retry(again));
                tokio::select! {
                    () = tokio::time::sleep(wait) => journey.begin_attempt(&outcome),
                    () = cancel.cancelled() => break journey.ended_wait(),
                }
            }
            None => break outcome,
        }
    };
    Sent {
        cookies: journey.jar.changes,
        hops: journey.hops,
        outcome,
        duration: started.elapsed(),
    }
}

/// Puts a request on the wire and waits for the head of its response.
async fn ask(
    shared: &Shared,
    (way, transport): (&Way, &Transport),
    outgoing: &Outgoing,
    tracker: &Arc<Tracker>,
) -> Result<reqwest::Response, Trouble> {
    let engine = shared.engine(way, transport)?;
    upload::check_files(&outgoing.body).await?;
    let mut is_again = false;
    loop {
        let request = outgoing.to_reqwest(tracker)?;
        // Making a connection is a large future.
        let exchange = Box::pin(engine.execute(request, &outgoing.headers));
        match Arc::clone(tracker).follow(exchange).await {
            Ok(response) => {
                tracker.answered();
                return Ok(response);
            }
            // The server closed it while the request was on its way: what changes nothing there is asked over
            // another one (RFC 9110, Section 9.2.2). A POST is not.
            Err(_) if is_safe(&outgoing.method) && tracker.died_unheard() => {}
            // Over HTTP/2 a server says what it has not processed (RFC 9113, Section 8.7).
            Err(error) if error.is_unprocessed() && !is_again => is_again = true,
            Err(error) => return Err(tracker.misread(error)),
        }
    }
}

fn time_out_cause(kind: TimeoutKind, limit: Duration) -> String {
    let limit = human_duration(limit);
    match kind {
        TimeoutKind::Idle => format!("nothing was heard for {limit}"),
        TimeoutKind::Connect | TimeoutKind::Total => format!("it was not complete after {limit}"),
    }
}

/// The hops so far, and the state of the last one.
struct Journey {
    reports: UnboundedSender<Progress>,
    options: Options,
    hops: Vec<Hop>,
    hop_started: Instant,
    way: Way,
    /// That of the last hop; `None` before anything has been tried.
    tracker: Option<Arc<Tracker>>,
    jar: SendJar,
    /// What has arrived of the last hop's response.
    incoming: Option<Incoming>,
    /// The attempt under way, from 1, and how many hops there were before it.
    attempt: u32,
    earlier_hops: usize,
    /// What the servers may have done in the attempts before.
    earlier: Processed,
    answers: Option<Answers>,
}

impl Journey {
    fn new(
        prepared: &PreparedRequest,
        reports: UnboundedSender<Progress>,
        answers: Option<Answers>,
    ) -> Self {
        Self {
            reports,
            options: prepared.options.clone(),
            hops: Vec::new(),
            hop_started: Instant::now(),
            way: Way::default(),
            tracker: None,
            jar: SendJar::new(&prepared.cookies),
            incoming: None,
            attempt: 1,
            earlier_hops: 0,
            earlier: Processed::No,
            answers,
        }
    }

    /// Starts anew after an attempt that came to nothing.
    fn begin_attempt(&mut self, outcome: &Outcome) {
        self.earlier = self.processed();
        if let (Outcome::Failure(failure), Some(hop)) = (outcome, self.hops.last_mut()) {
            hop.failure = Some(failure.kind);
        }
        self.attempt += 1;
        self.earlier_hops = self.hops.len();
        self.tracker = None;
        self.incoming = None;
    }

    /// The hops of this attempt.
    fn own_hops(&self) -> &[Hop] {
        self.hops.get(self.earlier_hops..).unwrap_or_default()
    }

    /// Goes from hop to hop until a response is the answer and its body is here.
    async fn run(&mut self, shared: &Shared, prepared: &PreparedRequest) -> Result<(), Trouble> {
        let mut outgoing = Outgoing::first(prepared)?;
        let mut authority = Authority::new(prepared, &outgoing.url);
        loop {
            self.authorize(shared, &mut authority, &mut outgoing)
                .await?;
            self.way = shared.way(&outgoing.url, &self.options.transport);
            let on_wire = shared.to_proxy(&outgoing, &self.options.transport);
            let tracker = self.begin_hop(&on_wire);
            let way = (&self.way, &self.options.transport);
            let response = ask(shared, way, &on_wire, &tracker).await?;
            let head = self.take_head(&response);
            self.jar.take(&head, &outgoing.url);
            let next = self.next_hop(shared, &mut authority, &outgoing, &head);
            let Some(next) = next.await? else {
                let settings = shared.settings.within(self.keeps(outgoing.url.as_str()));
                return self.receive(response, &settings).await;
            };
            discard(response).await;
            self.note_transit();
            outgoing = next;
        }
    }

    /// Whether anything of an answer from there may be on the disk.
    fn keeps(&self, url: &str) -> bool {
        unkept(&self.options.recording, url).is_none()
    }

    /// Adds what can only be had now.
    async fn authorize(
        &mut self,
        shared: &Shared,
        authority: &mut Authority,
        outgoing: &mut Outgoing,
    ) -> Result<(), Trouble> {
        if let Some(settings) = authority.wanted_token(outgoing) {
            let (token, kept) = self.token(shared, &settings).await?;
            let header = oauth::authorization(&token).map_err(|source| Trouble::Token {
                url: settings.token_url,
                source,
            })?;
            authority.bear(outgoing, header, kept);
        }
        let payload = if authority.signs(outgoing) {
            payload::hash(&outgoing.body).await?
        } else {
            String::new()
        };
        authority.sign(outgoing, Timestamp::now(), &payload);
        Ok(())
    }

    fn begin_hop(&mut self, outgoing: &Outgoing) -> Arc<Tracker> {
        let tracker = Arc::new(Tracker::new(
            self.reports.clone(),
            Course {
                connect_timeout: self.options.connect_timeout,
                has_name: self.way.has_name,
            },
        ));
        tracker.note(|seen| {
            seen.sizes.request_head = head_size::of_request(outgoing, &self.way);
            seen.proxy.clone_from(&self.way.proxy);
        });
        self.tracker = Some(Arc::clone(&tracker));
        self.incoming = None;
        self.hop_started = Instant::now();
        self.hops.push(Hop {
            request_headers: outgoing.headers.clone(),
            request_body_bytes: outgoing.body.len(),
            dropped: outgoing.dropped.clone(),
            purpose: outgoing.purpose,
            attempt: self.attempt,
            ..Hop::begun(outgoing.method.clone(), outgoing.url.as_str())
        });
        // Nobody listens any more when the send has ended.
        let _ = self.reports.send(Progress::Hop {
            number: self.hops.len(),
            method: outgoing.method.clone(),
            url: outgoing.url.to_string(),
        });
        tracker
    }

    /// Writes the head down, and over which connection it came.
    fn take_head(&mut self, response: &reqwest::Response) -> ResponseHead {
        let understood = read_head(response);
        let (head, remote) = match &self.tracker {
            Some(tracker) => (tracker.take_head(understood), tracker.remote()),
            None => (understood, None),
        };
        if let Some(hop) = self.hops.last_mut() {
            if head.version == HttpVersion::Http2 {
                hop.request_headers = outgoing::as_http2(&hop.request_headers);
            }
            hop.response = Some(head.clone());
            hop.remote_address = remote;
            hop.duration = self.hop_started.elapsed();
        }
        self.incoming = Some(Incoming::new(head.clone()));
        head
    }

    /// What follows from a head: the answer to a challenge, or a redirect.
    async fn next_hop(
        &mut self,
        shared: &Shared,
        authority: &mut Authority,
        outgoing: &Outgoing,
        head: &ResponseHead,
    ) -> Result<Option<Outgoing>, Trouble> {
        if self.own_hops().len() >= MAX_HOPS {
            return Ok(None);
        }
        if let Some(mut next) = authority.answer(outgoing, head)? {
            if let Some(settings) = authority.wanted_token(&next) {
                shared.tokens.expire(&settings.key());
            }
            self.jar.put(&mut next.headers, &next.url);
            return Ok(Some(next));
        }
        Ok(self.redirected(outgoing, head).await)
    }

    async fn redirected(&mut self, outgoing: &Outgoing, head: &ResponseHead) -> Option<Outgoing> {
        let redirects = match self.options.redirects {
            Redirects::Ask => self.ask_user(outgoing, head).await?,
            settled => settled,
        };
        let mut from = outgoing.clone();
        self.jar.lift(&mut from.headers);
        let mut next = redirect::follow(&from, head, redirects)?;
        self.jar.put(&mut next.headers, &next.url);
        // There is no memory in a request but its cookies that could make the same one come out
        // otherwise, and a POST is not sent twenty times to find out.
        let cookie = |headers: &[Header]| find_header(headers, "cookie").cloned();
        let is_same = |hop: &Hop| {
            hop.method == next.method
                && hop.url == next.url.as_str()
                && cookie(&hop.request_headers) == cookie(&next.headers)
        };
        let is_loop = self.own_hops().iter().any(is_same);
        (!is_loop).then_some(next)
    }

    /// What the user says to a redirect; `None` where there is nobody to ask, or nothing to follow.
    async fn ask_user(&self, outgoing: &Outgoing, head: &ResponseHead) -> Option<Redirects> {
        let next = redirect::follow(outgoing, head, Redirects::Follow)?;
        let answers = self.answers.as_ref()?;
        // Nobody listens any more when the send has ended.
        let _ = self.reports.send(Progress::Fork(Fork {
            status: head.status,
            sent: outgoing.method.clone(),
            method: next.method,
            url: next.url.into(),
            dropped: next.dropped,
        }));
        Some(match answers.next().await {
            Turn::Follow => Redirects::Follow,
            Turn::KeepMethod => Redirects::KeepMethod,
            Turn::Stop => Redirects::Stop,
        })
    }

    async fn receive(
        &mut self,
        response: reqwest::Response,
        settings: &Settings,
    ) -> Result<(), Trouble> {
        match &mut self.incoming {
            Some(incoming) => incoming.receive(response, settings, &self.reports).await,
            None => Ok(()),
        }
    }

    fn close_hop(&mut self) {
        if let Some(hop) = self.hops.last_mut() {
            hop.duration = self.hop_started.elapsed();
        }
        self.note_transit();
    }

    /// Keeps what was seen of the way of the present hop.
    fn note_transit(&mut self) {
        if let (Some(tracker), Some(hop)) = (&self.tracker, self.hops.last_mut()) {
            hop.transit = tracker.transit(self.hop_started);
            hop.remote_address = hop.remote_address.take().or_else(|| tracker.remote());
        }
    }

    /// Says what the send came to.
    fn end(&mut self, end: End) -> Outcome {
        let (kind, causes) = match end {
            End::Arrived => match self.incoming.take() {
                Some(incoming) => return Outcome::Response(incoming.into_response()),
                None => (FailureKind::Other, Vec::new()),
            },
            End::Failed(trouble) => (trouble.kind(self.scene()), trouble.causes()),
            End::Cancelled => (
                FailureKind::Cancelled,
                vec!["you cancelled the send".to_owned()],
            ),
            End::TimedOut(kind, limit) => (
                FailureKind::Timeout(kind),
                vec![time_out_cause(kind, limit)],
            ),
        };
        Outcome::Failure(Failure {
            kind,
            phase: self.scene().phase,
            causes,
            processed: self.processed(),
            partial: self.partial(),
        })
    }

    /// The user ended it after an attempt, before the next one.
    fn ended_wait(&self) -> Outcome {
        Outcome::Failure(Failure::of_ended_wait(self.processed()))
    }

    /// What had arrived of the answer; that of a token server is nobody's to see.
    fn partial(&mut self) -> Option<crate::model::Response> {
        let incoming = self.incoming.take()?;
        let is_token = self
            .hops
            .last()
            .is_some_and(|hop| hop.purpose == Purpose::Token);
        (!is_token).then(|| incoming.into_response())
    }

    fn scene(&self) -> Scene {
        Scene {
            phase: self
                .tracker
                .as_ref()
                .map_or(Phase::Resolve, |it| it.phase()),
            secured: Secured::of(
                self.hops.last().map_or("", |hop| &hop.url),
                self.way.proxy.as_ref(),
            ),
        }
    }

    /// What the servers may have done by now, in the attempts before included.
    fn processed(&self) -> Processed {
        match (self.earlier, self.processed_now()) {
            (Processed::Answered, _) | (_, Processed::Answered) => Processed::Answered,
            (Processed::Maybe, _) | (_, Processed::Maybe) => Processed::Maybe,
            (Processed::No, Processed::No) => Processed::No,
        }
    }

    /// The same of this attempt. When a redirect was followed, a server has answered. A token server does
    /// nothing that the request is about.
    fn processed_now(&self) -> Processed {
        let hops = self.own_hops().iter();
        let own = hops.filter(|hop| hop.purpose != Purpose::Token).count();
        let is_token = self
            .own_hops()
            .last()
            .is_some_and(|hop| hop.purpose == Purpose::Token);
        if own > 1 || own == 1 && is_token {
            return Processed::Answered;
        }
        if own == 0 {
            return Processed::No;
        }
        self.tracker
            .as_ref()
            .map_or(Processed::No, |it| it.processed())
    }
}
