//! Exchanges that were sent elsewhere come into the history.

use crate::{
    model::{Exchange, ExchangeId, Label},
    store::StoreError,
};

use super::{
    History,
    answers::take_secrets_of,
    write::{self, Beginner, Beginning, Ending, Finisher},
};

impl History {
    /// Adds many exchanges at once, all or none; they get numbers of their own, in the order given. One
    /// without an outcome is kept as interrupted, since nobody is going to finish it. Returns how many
    /// there were. Nobody else can write meanwhile.
    pub fn import(&self, exchanges: impl IntoIterator<Item = Exchange>) -> Result<u64, StoreError> {
        Ok(self.import_all(exchanges)?.len() as u64)
    }

    /// Likewise, each with what its user put on it.
    pub fn import_labelled(&self, exchanges: Vec<(Exchange, Label)>) -> Result<u64, StoreError> {
        let (exchanges, labels): (Vec<_>, Vec<_>) = exchanges.into_iter().unzip();
        let ids = self.import_all(exchanges)?;
        for (id, label) in ids.iter().zip(labels) {
            for change in label.changes() {
                self.relabel(&[*id], &change)?;
            }
        }
        Ok(ids.len() as u64)
    }

    /// Likewise; returns their numbers.
    pub(super) fn import_all(
        &self,
        exchanges: impl IntoIterator<Item = Exchange>,
    ) -> Result<Vec<ExchangeId>, StoreError> {
        let owner = &self.0.owner.name;
        let own = self.own_secrets()?;
        let connections = &self.0.connections;
        connections
            .write(|transaction| {
                let mut beginner = Beginner::new(transaction)?;
                let mut finisher = Finisher::new(transaction)?;
                let mut added = Vec::new();
                for exchange in exchanges {
                    let mut exchange = own.hide_in_exchange(exchange);
                    take_secrets_of(&mut exchange, own);
                    let (request, prepared) = (&exchange.request, &exchange.prepared);
                    let mut beginning = Beginning::new(request, prepared, exchange.started_at);
                    let id = beginner.begin(owner, &mut beginning)?;
                    let outcome = exchange.outcome.unwrap_or_else(write::interrupted);
                    let mut ending = Ending {
                        duration: exchange.duration,
                        message: exchange.message.as_deref(),
                        ..Ending::new(&exchange.hops, &outcome, &exchange.verdict)
                    };
                    finisher.finish(id, &mut ending)?;
                    added.push(id);
                }
                Ok(added)
            })
            .map_err(self.failed("add exchanges"))
    }
}
