//! How long each phase of a hop took, out of an archive and into one. As HAR has it, connecting includes securing, and
//! -1 is what is not known.

use std::time::Duration;

use serde_json::{Value, json};

use crate::model::{Hop, Phase, PhaseStart};

/// Timings that together are off by more than this from the time of their entry are of something else, in milliseconds:
/// some programs round each of them.
const OFF: f64 = 5.0;

/// Of a hop that took so long.
pub(super) fn write(hop: Option<&Hop>, took: Duration) -> Value {
    let spans = hop.map(|hop| hop.transit.spans(took)).unwrap_or_default();
    let Some(first) = spans.first() else {
        return json!({ "blocked": -1, "dns": -1, "connect": -1, "ssl": -1,
            "send": 0, "wait": milliseconds(took), "receive": 0 });
    };
    let blocked = if first.from.is_zero() {
        json!(-1)
    } else {
        json!(milliseconds(first.from))
    };
    let of = |phases: &[Phase]| {
        let spans = spans.iter().filter(|span| phases.contains(&span.phase));
        let lengths: Vec<Duration> = spans.map(|span| span.length()).collect();
        (!lengths.is_empty()).then(|| milliseconds(lengths.iter().sum()))
    };
    let or_none = |phases: &[Phase]| of(phases).unwrap_or(-1.0);
    let or_nothing = |phases: &[Phase]| of(phases).unwrap_or(0.0);
    json!({ "blocked": blocked, "dns": or_none(&[Phase::Resolve]),
        "connect": or_none(&[Phase::Connect, Phase::Tls]), "ssl": or_none(&[Phase::Tls]),
        "send": or_nothing(&[Phase::Send]), "wait": or_nothing(&[Phase::Wait]),
        "receive": or_nothing(&[Phase::Receive]) })
}

pub(super) fn milliseconds(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1000.0
}

/// The phases of an entry; none where it does not know them, or where they are not those of its time.
pub(super) fn read(entry: &Value, took: Duration) -> Vec<PhaseStart> {
    let of = |name: &str| {
        let time = entry.get("timings")?.get(name)?.as_f64()?;
        (time.is_finite() && time >= 0.0).then_some(time)
    };
    let (connect, secure) = (of("connect"), of("ssl"));
    let lengths = [
        (Phase::Resolve, of("dns")),
        (
            Phase::Connect,
            connect.map(|it| (it - secure.unwrap_or(0.0)).max(0.0)),
        ),
        (Phase::Tls, secure.filter(|_| connect.is_some())),
        (Phase::Send, of("send")),
        (Phase::Wait, of("wait")),
        (Phase::Receive, of("receive")),
    ];
    let known = lengths
        .into_iter()
        .filter_map(|(phase, length)| Some((phase, length?)));
    let known: Vec<(Phase, f64)> = known.collect();
    // Who knows nothing but how long it took in all writes that as waiting.
    let is_told = known.iter().any(|(phase, length)| match phase {
        Phase::Resolve | Phase::Connect | Phase::Tls => true,
        Phase::Send | Phase::Receive => *length > 0.0,
        Phase::Wait => false,
    });
    let mut at = of("blocked").unwrap_or(0.0);
    let all: f64 = at + known.iter().map(|(_, length)| length).sum::<f64>();
    if !is_told || (all - took.as_secs_f64() * 1000.0).abs() > OFF {
        return Vec::new();
    }
    let starts = known.into_iter().map(|(phase, length)| {
        let start = Duration::from_micros((at * 1000.0).round() as u64);
        at += length;
        PhaseStart { phase, at: start }
    });
    starts.collect()
}
