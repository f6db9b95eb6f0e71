//! `posttui send --dry-run`: the request as it would go on the wire.

use crate::{cli::body, model::PreparedRequest, prepare::request_head, text};

use super::{Stop, output};

/// Prints the head and the body: to a terminal as text that can be read, elsewhere byte for byte.
pub fn print(prepared: &PreparedRequest) -> Result<(), Stop> {
    let head = request_head(prepared);
    if !output::stdout_is_terminal() {
        return output::print(|out| {
            out.write_all(head.as_bytes())?;
            out.write_all(&prepared.body)
        });
    }
    let head = head.replace("\r\n", "\n");
    output::print(|out| out.write_all(text::display_multiline(&head).as_bytes()))?;
    body::print(&prepared.body, &prepared.headers)
}
