//! Interim answers that came before the final one: RFC 9110, Section 15.2; RFC 8297.

use crate::{
    model::{Header, ResponseHead},
    status::catalogue,
};

use super::{Finding, Scene};

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    let hops = scene.exchange.hops.iter();
    hops.flat_map(|hop| &hop.transit.interim)
        .map(came)
        .collect()
}

fn came(head: &ResponseHead) -> Finding {
    let status = head.status;
    let fields: Vec<String> = head.headers.iter().map(field).collect();
    let said = match fields.as_slice() {
        [] => ".".to_owned(),
        fields => format!(": {}.", fields.join("; ")),
    };
    let text = format!(
        "{status} {} came before the final answer{said}",
        catalogue::phrase(status)
    );
    Finding::new(text).by(match status {
        100 => "RFC 9110, Section 15.2.1",
        102 => "RFC 2518, Section 10.1",
        103 => "RFC 8297, Section 2",
        _ => "RFC 9110, Section 15.2",
    })
}

fn field(header: &Header) -> String {
    format!("{}: {}", header.name, header.text())
}
