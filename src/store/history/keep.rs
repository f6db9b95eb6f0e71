//! Keeps an exchange: its row before the send, its outcome after it.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    model::{ExchangeId, Hop, Outcome, OwnSecrets, PreparedRequest, Request, Secrets, Verdict},
    status::rules::Said,
    store::StoreError,
};

use super::{
    History,
    answers::{take_secrets, without},
    bodies::Content,
    write::{Beginner, Beginning, Ending, Finisher},
};

impl History {
    /// Writes the row of an exchange that is about to be sent; when this returns, it survives whatever
    /// happens to the program.
    pub fn begin(
        &self,
        request: &Request,
        prepared: &PreparedRequest,
        started_at: Timestamp,
    ) -> Result<ExchangeId, StoreError> {
        let owner = &self.0.owner.name;
        let (request, prepared) = self.without_own_secrets(request, prepared)?;
        let connections = &self.0.connections;
        let mut beginning = self.beginning(&request, &prepared, started_at)?;
        connections
            .write(|transaction| Beginner::new(transaction)?.begin(owner, &mut beginning))
            .map_err(self.failed("keep the request"))
    }

    /// The request without what the user holds secret; other secrets go where it is written.
    pub(super) fn without_own_secrets(
        &self,
        request: &Request,
        prepared: &PreparedRequest,
    ) -> Result<(Request, PreparedRequest), StoreError> {
        let own = self.own_secrets()?;
        Ok((own.hide_in_request(request), own.hide_in_prepared(prepared)))
    }

    /// What the user holds secret: while that cannot be read, nothing may be written.
    pub fn own_secrets(&self) -> Result<&OwnSecrets, StoreError> {
        self.0.own_secrets.as_ref().map_err(StoreError::from)
    }

    /// What is written of an exchange that begins; what takes long is done already.
    pub(super) fn beginning<'a>(
        &self,
        request: &'a Request,
        prepared: &PreparedRequest,
        started_at: Timestamp,
    ) -> Result<Beginning<'a>, StoreError> {
        let mut beginning = Beginning::new(request, prepared, started_at);
        self.pack_ahead(beginning.long_body())?;
        Ok(beginning)
    }

    fn pack_ahead(&self, body: Option<&mut Content>) -> Result<(), StoreError> {
        let Some(body) = body else {
            return Ok(());
        };
        let connections = &self.0.connections;
        connections
            .read(|connection| body.pack_ahead(connection))
            .map_err(self.failed("keep the body"))
    }

    /// Writes what the exchange came to, and what the user's rules said of it; [`StoreError::Missing`] when there is no such row.
    pub fn finish(
        &self,
        id: ExchangeId,
        hops: &[Hop],
        outcome: &Outcome,
        duration: Duration,
        said: &Said,
    ) -> Result<(), StoreError> {
        self.finish_sought(id, hops, (outcome, &Secrets::default()), duration, said)
    }

    /// Likewise; of an answer under a content coding also goes what is sought in it.
    pub fn finish_sought(
        &self,
        id: ExchangeId,
        hops: &[Hop],
        (outcome, sought): (&Outcome, &Secrets),
        duration: Duration,
        said: &Said,
    ) -> Result<(), StoreError> {
        let own = self.own_secrets()?;
        let (hops, mut outcome) = (own.hide_in_hops(hops), own.hide_in_outcome(outcome));
        let values = take_secrets(&mut outcome, own, sought);
        let hide =
            |text: &Option<String>| text.clone().map(|text| without(own.hidden(text), &values));
        let (message, evidence) = (hide(&said.message), hide(&said.evidence));
        let verdict = Verdict {
            problem: hide(&said.verdict.problem),
            ..said.verdict.clone()
        };
        let mut ending = Ending {
            duration: Some(duration),
            message: message.as_deref(),
            evidence: evidence.as_deref(),
            ..Ending::new(&hops, &outcome, &verdict)
        };
        self.pack_ahead(ending.long_body())?;
        let connections = &self.0.connections;
        let found = connections
            .write(|transaction| Finisher::new(transaction)?.finish(id, &mut ending))
            .map_err(self.failed("keep the outcome"))?;
        if found {
            Ok(())
        } else {
            Err(StoreError::Missing(id))
        }
    }
}
