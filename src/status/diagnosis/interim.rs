//! Interim answers that came before the final one: RFC 9110, Section 15.2; RFC 8297.

use crate::{
    model::{Header, ResponseHead},
    status::catalogue,
};

use super::{Finding, Scene};

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    let hops = scene.exchange.hops.iter();
    let heads = hops.flat_map(|hop| &hop.transit.interim);
    heads.map(came).collect()
}

fn came(head: &ResponseHead) -> Finding {
    let status = head.status;
    let fields: Vec<String> = head.headers.iter().map(field).collect();
    let said = if fields.is_empty() {
        ".".to_owned()
    } else {
        format!(": {}.", fields.join("; "))
    };
    let phrase = catalogue::phrase(status);
    let text = format!("{status} {phrase} came before the final answer{said}");
    let reference = match status {
        100 => "RFC 9110, Section 15.2.1",
        102 => "RFC 2518, Section 10.1",
        103 => "RFC 8297, Section 2",
        _ => "RFC 9110, Section 15.2",
    };
    Finding::new(text).by(reference).general()
}

fn field(header: &Header) -> String {
    format!("{}: {}", header.name, header.text())
}
