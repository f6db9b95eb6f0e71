//! `[options]`: how a request is sent, as far as that is not the usual way.

use std::time::Duration;

use toml_edit::{Item, Table, TableLike, Value};

use crate::model::{Options, Redirects, Transport, VersionChoice};

use super::{
    read::{Reader, Wrong},
    texts,
};

const TIMEOUT: &str = "timeout";
const CONNECT_TIMEOUT: &str = "connect_timeout";
const IDLE_TIMEOUT: &str = "idle_timeout";
const HTTP: &str = "http";
const INSECURE: &str = "insecure";
const REDIRECTS: &str = "redirects";
const COOKIES: &str = "cookies";

/// Stands for a timeout that never comes.
const NEVER: &str = "never";

/// One text of the way to the server: its key, and where it is.
type Way = (
    &'static str,
    fn(&Transport) -> &String,
    fn(&mut Transport) -> &mut String,
);

const WAY: &[Way] = &[
    ("proxy", |way| &way.proxy, |way| &mut way.proxy),
    ("no_proxy", |way| &way.no_proxy, |way| &mut way.no_proxy),
    (
        "authorities",
        |way| &way.authorities,
        |way| &mut way.authorities,
    ),
    (
        "client_certificate",
        |way| &way.client_certificate,
        |way| &mut way.client_certificate,
    ),
    (
        "unix_socket",
        |way| &way.unix_socket,
        |way| &mut way.unix_socket,
    ),
    ("addresses", |way| &way.addresses, |way| &mut way.addresses),
];

pub fn read(reader: &mut Reader, item: &Item) -> Result<Options, Wrong> {
    let Some(table) = item.as_table_like() else {
        return Err(Wrong::new(
            item.span(),
            "options has to be a table: [options]",
        ));
    };
    let mut options = Options::default();
    for (key, item) in table.iter() {
        match key {
            TIMEOUT => options.total_timeout = read_timeout(item, key)?,
            CONNECT_TIMEOUT => {
                options.connect_timeout = read_timeout(item, key)?.ok_or_else(|| {
                    Wrong::new(item.span(), "connect_timeout has to be a number of seconds")
                })?;
            }
            IDLE_TIMEOUT => options.idle_timeout = read_timeout(item, key)?,
            REDIRECTS => options.redirects = read_redirects(item)?,
            COOKIES => {
                options.use_jar = item
                    .as_bool()
                    .ok_or_else(|| Wrong::new(item.span(), "cookies has to be true or false"))?;
            }
            other => {
                if !read_way(&mut options.transport, other, item)? {
                    reader.unknown.push(format!("options.{other}"));
                }
            }
        }
    }
    Ok(options)
}

/// Reads what belongs to the way to the server; false for what does not.
fn read_way(way: &mut Transport, key: &str, item: &Item) -> Result<bool, Wrong> {
    match key {
        HTTP => {
            let text = texts::read(item, key)?;
            let mut versions = VersionChoice::ALL.into_iter();
            way.version = versions
                .find(|version| version.name() == text)
                .ok_or_else(|| {
                    Wrong::new(
                        item.span(),
                        "http has to be \"negotiated\", \"1.1\" or \"2\"",
                    )
                })?;
        }
        INSECURE => {
            way.insecure = item
                .as_bool()
                .ok_or_else(|| Wrong::new(item.span(), "insecure has to be true or false"))?;
        }
        key => match WAY.iter().find(|(name, ..)| *name == key) {
            Some((_, _, text_mut)) => *text_mut(way) = texts::read(item, key)?,
            None => return Ok(false),
        },
    }
    Ok(true)
}

fn read_timeout(item: &Item, key: &str) -> Result<Option<Duration>, Wrong> {
    let text = texts::read(item, key)?;
    if text == NEVER {
        return Ok(None);
    }
    parse_seconds(&text.replace('_', ""))
        .map(Some)
        .ok_or_else(|| {
            let reason = format!("{key} has to be a number of seconds such as 2.5, or \"{NEVER}\"");
            Wrong::new(item.span(), reason)
        })
}

/// Decimal seconds with up to nine digits behind the point, exactly.
fn parse_seconds(text: &str) -> Option<Duration> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || fraction.len() > 9 || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let nanoseconds = format!("{fraction:0<9}").parse().ok()?;
    Some(Duration::new(whole.parse().ok()?, nanoseconds))
}

fn read_redirects(item: &Item) -> Result<Redirects, Wrong> {
    let text = texts::read(item, REDIRECTS)?;
    [Redirects::Follow, Redirects::KeepMethod, Redirects::Stop]
        .into_iter()
        .find(|redirects| redirects_name(*redirects) == text)
        .ok_or_else(|| {
            Wrong::new(
                item.span(),
                "redirects has to be \"follow\", \"keep-method\" or \"stop\"",
            )
        })
}

fn redirects_name(redirects: Redirects) -> &'static str {
    match redirects {
        Redirects::Follow => "follow",
        Redirects::KeepMethod => "keep-method",
        Redirects::Stop => "stop",
    }
}

/// Brings `[options]` from what it says to what it is to say.
pub fn write(root: &mut Table, old: &Options, new: &Options) {
    if old == new {
        return;
    }
    let item = root
        .entry("options")
        .or_insert_with(|| Item::Table(Table::new()));
    let Some(table) = item.as_table_like_mut() else {
        return;
    };
    let usual = Options::default();
    if old.total_timeout != new.total_timeout {
        let value = new.total_timeout.map_or_else(|| NEVER.into(), seconds);
        put(
            table,
            TIMEOUT,
            value,
            new.total_timeout == usual.total_timeout,
        );
    }
    if old.connect_timeout != new.connect_timeout {
        let is_usual = new.connect_timeout == usual.connect_timeout;
        put(
            table,
            CONNECT_TIMEOUT,
            seconds(new.connect_timeout),
            is_usual,
        );
    }
    if old.redirects != new.redirects {
        let is_usual = new.redirects == usual.redirects;
        put(
            table,
            REDIRECTS,
            redirects_name(new.redirects).into(),
            is_usual,
        );
    }
    if old.idle_timeout != new.idle_timeout {
        let value = new.idle_timeout.map_or_else(|| NEVER.into(), seconds);
        put(
            table,
            IDLE_TIMEOUT,
            value,
            new.idle_timeout == usual.idle_timeout,
        );
    }
    if old.use_jar != new.use_jar {
        put(table, COOKIES, new.use_jar.into(), new.use_jar);
    }
    write_way(table, &old.transport, &new.transport);
    if table.is_empty() {
        root.remove("options");
    }
}

fn write_way(table: &mut dyn TableLike, old: &Transport, new: &Transport) {
    if old.version != new.version {
        let is_usual = new.version == VersionChoice::default();
        put(table, HTTP, new.version.name().into(), is_usual);
    }
    if old.insecure != new.insecure {
        put(table, INSECURE, true.into(), !new.insecure);
    }
    for (key, text, _) in WAY {
        if text(old) != text(new) {
            put(table, key, text(new).as_str().into(), text(new).is_empty());
        }
    }
}

/// What is usual is not written.
fn put(table: &mut dyn TableLike, key: &str, value: Value, is_usual: bool) {
    if is_usual {
        table.remove(key);
    } else {
        texts::set(table, key, value);
    }
}

/// A number where TOML's integers and the shortest float mean exactly this duration, else a text.
fn seconds(duration: Duration) -> Value {
    if duration.subsec_nanos() == 0
        && let Ok(whole) = i64::try_from(duration.as_secs())
    {
        return whole.into();
    }
    let text = format!("{}.{:09}", duration.as_secs(), duration.subsec_nanos());
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let float = Value::from(duration.as_secs_f64());
    match texts::of_value(&float) {
        Some(shown) if shown == text => float,
        _ => text.into(),
    }
}
