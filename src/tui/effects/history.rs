//! What is asked of the history, and done in it.

use std::sync::{Arc, atomic::Ordering};

use crate::{
    app::{
        effect::{CompareJob, HistoryQuery},
        examples,
        message::{Event, HistoryPage, JobId},
        tidy::Tidy,
    },
    model::ExchangeId,
    store::History,
    tui::{compared, exampled, tidied, timeline},
};

use super::Edge;

impl Edge {
    /// The page first, then the count, which may take longer and is left out when a newer question
    /// has come meanwhile.
    pub(super) fn query(&self, query: HistoryQuery) {
        let (mailbox, asked) = (self.mailbox.clone(), self.asked.clone());
        asked.store(query.job.0, Ordering::Relaxed);
        self.with_history(move |history| {
            let job = query.job;
            // Also asked by the database while it searches: the next key breaks a long search off.
            let newest = move || asked.load(Ordering::Relaxed) == job.0;
            if !newest() {
                return;
            }
            let page = find_page(history, &query, newest.clone());
            if !newest() {
                return;
            }
            mailbox.post(page);
            if let Ok(total) = history.count_while(&query.filter, newest) {
                mailbox.post(Event::HistoryTotal { job, total });
            }
        });
    }

    pub(super) fn load(&self, id: ExchangeId) {
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

    /// What cannot be read completes nothing, and nothing else is lost.
    pub(super) fn read_met(&self) {
        let mailbox = self.mailbox.clone();
        self.with_history(move |history| {
            if let Ok(met) = history.met() {
                mailbox.post(Event::Met(met));
            }
        });
    }

    /// Likewise.
    pub(super) fn read_names(&self) {
        let mailbox = self.mailbox.clone();
        self.with_history(move |history| {
            if let Ok(names) = history.names() {
                mailbox.post(Event::Names(names));
            }
        });
    }

    /// What cannot be read gives no suggestion, and nothing else is lost.
    pub(super) fn find_answered(&self, id: ExchangeId, host: String) {
        let mailbox = self.mailbox.clone();
        self.with_history(move |history| {
            if let Ok(urls) = history.answered_urls(&host) {
                mailbox.post(Event::Answered { id, urls });
            }
        });
    }

    pub(super) fn examples(&self, deed: examples::Deed) {
        let mailbox = self.mailbox.clone();
        self.with_history(move |history| {
            if let Some(event) = exampled(history, deed) {
                mailbox.post(event);
            }
        });
    }

    pub(super) fn tidy(&self, tidy: Tidy) {
        let mailbox = self.mailbox.clone();
        self.with_history(move |history| mailbox.post(tidied(history, &tidy)));
    }

    pub(super) fn timeline(&self, job: JobId, id: ExchangeId) {
        let mailbox = self.mailbox.clone();
        self.with_history(move |history| mailbox.post(timeline(history, job, id)));
    }

    pub(super) fn compare(&self, job: CompareJob) {
        let mailbox = self.mailbox.clone();
        self.with_history(move |history| mailbox.post(compared(history, &job)));
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
}

fn find_page(
    history: &History,
    query: &HistoryQuery,
    is_awaited: impl Fn() -> bool + Clone + Send + 'static,
) -> Event {
    let HistoryQuery {
        job,
        filter,
        before,
        limit,
    } = query;
    let job = *job;
    match history.page_while(filter, *before, *limit, is_awaited) {
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
