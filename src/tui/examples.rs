//! Examples of saved requests, read and written beside the loop.

use crate::{
    app::{
        examples::{Deed, News},
        message::Event,
    },
    store::History,
};

/// Does it, and says what came of it; `None` where there is nothing to say.
pub fn exampled(history: &History, deed: Deed) -> Option<Event> {
    let news = match deed {
        Deed::Names(root) => match history.example_names(&root) {
            Ok(names) => News::Names(names),
            // The tree is shown without them, and whatever else asks the history says why.
            Err(_) => return None,
        },
        Deed::List { job, of } => News::Listed {
            job,
            found: history.examples(&of).map_err(|error| error.to_string()),
        },
        Deed::Name { id, name, of } => match history.name_example(id, &name, of.as_ref()) {
            Ok(of) => News::Named { name, of },
            Err(error) => News::Failed(error.to_string()),
        },
        Deed::Drop(id) => match history.drop_example(id) {
            Ok(()) => News::Dropped,
            Err(error) => News::Failed(error.to_string()),
        },
        Deed::Rename {
            root,
            kind,
            from,
            to,
        } => match history.rename_saved(&root, kind, &from, &to) {
            Ok(()) => return None,
            Err(error) => News::Failed(error.to_string()),
        },
    };
    Some(Event::Examples(news))
}
