//! What is asked of the history: pages of rows, how many there are, one exchange whole.

use crate::{
    model::{Exchange, ExchangeId, Names, Summary},
    search::Filter,
    store::StoreError,
};

use super::{History, damaged, names, near, query, read, snippets};

/// So many of the latest rows are made findable before words are looked for.
const GATHERED_FIRST: usize = 256;

impl History {
    /// Like [`History::page`], but breaks off soon after `is_awaited` says no, and says of the first rows where words
    /// were found that the rows themselves do not show.
    pub fn page_while(
        &self,
        filter: &Filter,
        before: Option<ExchangeId>,
        limit: usize,
        is_awaited: impl Fn() -> bool + Clone + Send + 'static,
    ) -> Result<Vec<Summary>, StoreError> {
        self.settle_dead();
        self.gather_first(filter);
        let still_awaited = is_awaited.clone();
        let connections = &self.0.connections;
        connections
            .read_while(is_awaited, |connection| {
                let mut rows = query::page(connection, filter, before, limit)?;
                damaged::look_behind(connection, &mut rows)?;
                snippets::add(connection, filter, &mut rows, &still_awaited)?;
                Ok(rows)
            })
            .map_err(self.failed("be searched"))
    }

    /// Like [`History::count`], but breaks off soon after `is_awaited` says no.
    pub fn count_while(
        &self,
        filter: &Filter,
        is_awaited: impl Fn() -> bool + Send + 'static,
    ) -> Result<u64, StoreError> {
        let connections = &self.0.connections;
        connections
            .read_while(is_awaited, |connection| query::count(connection, filter))
            .map_err(self.failed("be counted"))
    }

    fn gather_first(&self, filter: &Filter) {
        if filter.looks_for_words() {
            // What cannot be indexed now is not found yet; the rest is.
            let _ = self.gather_words(GATHERED_FIRST);
        }
    }

    /// The newest rows that satisfy the filter, of those before `before`, at most `limit`.
    pub fn page(
        &self,
        filter: &Filter,
        before: Option<ExchangeId>,
        limit: usize,
    ) -> Result<Vec<Summary>, StoreError> {
        self.settle_dead();
        self.gather_first(filter);
        let connections = &self.0.connections;
        connections
            .read(|connection| {
                let mut rows = query::page(connection, filter, before, limit)?;
                damaged::look_behind(connection, &mut rows)?;
                Ok(rows)
            })
            .map_err(self.failed("be searched"))
    }

    /// All that satisfy the filter, without a look at what is behind their rows.
    pub(super) fn all_rows(&self, filter: &Filter) -> Result<Vec<Summary>, StoreError> {
        self.gather_first(filter);
        let connections = &self.0.connections;
        connections
            .read(|connection| query::page(connection, filter, None, usize::MAX))
            .map_err(self.failed("be searched"))
    }

    /// How many rows satisfy the filter. Known without counting for the default filter and for those
    /// about nothing but statuses, methods or hosts.
    pub fn count(&self, filter: &Filter) -> Result<u64, StoreError> {
        self.gather_first(filter);
        let connections = &self.0.connections;
        connections
            .read(|connection| query::count(connection, filter))
            .map_err(self.failed("be counted"))
    }

    /// The names of header fields, parameters and form fields in the newest requests.
    pub fn names(&self) -> Result<Names, StoreError> {
        let connections = &self.0.connections;
        connections
            .read(names::of_newest)
            .map_err(self.failed("be read"))
    }

    /// The addresses of a host (with its port) that were answered with less than 400; of the newest rows
    /// only, where there are very many.
    pub fn answered_urls(&self, host: &str) -> Result<Vec<String>, StoreError> {
        let connections = &self.0.connections;
        connections
            .read(|connection| near::answered(connection, host))
            .map_err(self.failed("be searched"))
    }

    /// One exchange, whole; `None` when there is no such number.
    pub fn load(&self, id: ExchangeId) -> Result<Option<Exchange>, StoreError> {
        self.settle_dead();
        let connections = &self.0.connections;
        connections
            .read(|connection| read::load(connection, id))
            .map_err(self.failed("be read"))
    }
}
