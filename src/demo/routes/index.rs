//! The list of routes: a page for browsers, plain text for everybody else.

use crate::demo::{call::Call, reply::Reply};

use super::{Methods, ROUTES, Route};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em}\
    td{padding:.15em 1em .15em 0;vertical-align:top}code{white-space:nowrap}";

pub fn index(call: &Call) -> Reply {
    let accepted = call.head.header("accept").unwrap_or_default();
    let reply = if accepted.contains("text/html") {
        Reply::with_body(200, "text/html; charset=utf-8", page())
    } else {
        Reply::with_body(200, "text/plain; charset=utf-8", list())
    };
    reply.header("Vary", "Accept")
}

fn list() -> String {
    let wide = |text: fn(&Route) -> usize| ROUTES.iter().map(text).max().unwrap_or(0);
    let patterns = wide(|route| route.pattern.len());
    let methods = wide(|route| route.methods.text().len());
    let rows = ROUTES.iter().map(|route| {
        let (pattern, method) = (route.pattern, route.methods.text());
        format!("{method:methods$}  {pattern:patterns$}  {}\n", route.help)
    });
    format!("posttui playground\n\n{}", rows.collect::<String>())
}

fn page() -> String {
    let rows: String = ROUTES.iter().map(row).collect();
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <title>posttui playground</title><style>{STYLE}</style></head>\
         <body><h1>posttui playground</h1><table>{rows}</table></body></html>\n"
    )
}

/// A row; a path that a browser can open as it stands is a link.
fn row(route: &Route) -> String {
    let pattern = escape(route.pattern);
    let is_link = route.methods == Methods::Any && !pattern.contains('{');
    let path = if is_link {
        format!("<a href=\"{pattern}\"><code>{pattern}</code></a>")
    } else {
        format!("<code>{pattern}</code>")
    };
    let (methods, help) = (route.methods.text(), escape(route.help));
    format!("<tr><td>{methods}</td><td>{path}</td><td>{help}</td></tr>")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
