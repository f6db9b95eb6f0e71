//! `posttui cookies`: the jar of an environment. Values are printed when they are asked for.

use crate::{
    app::{
        panel::cookies::listed,
        rich::{Line, Tone},
    },
    model::{Cookie, CookieChange, DOTS, Jar},
    store::{CookieFile, Paths},
    text,
};

use super::{
    Stop, env,
    exit::Exit,
    output::{self, Look},
};

/// What `posttui cookies` understands.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    deed: Option<Deed>,

    /// The environment whose cookies are meant, if not those that belong to none
    #[arg(short, long, value_name = "NAME", global = true)]
    env: Option<String>,
}

#[derive(Debug, clap::Subcommand)]
enum Deed {
    /// List the cookies
    List {
        /// Print the values, too
        #[arg(long)]
        values: bool,
    },
    /// Delete the cookies of a name
    Remove {
        /// The cookie's name
        name: String,

        /// Only those of this host or domain
        #[arg(long, value_name = "HOST")]
        domain: Option<String>,
    },
    /// Delete every cookie of the environment
    Clear,
}

/// Examples for `posttui cookies --help`.
pub const EXAMPLES: &str = "\
Examples:
  posttui cookies                            those that belong to no environment
  posttui cookies list --values --env prod   those of an environment, with their values
  posttui cookies remove sid --domain localhost
  posttui cookies clear --env prod

What servers set by Set-Cookie is kept and sent back as a browser does it, a jar for each environment,
in cookies.json in the data folder, which only you can read. A session cookie stays until it is deleted.
`posttui send --no-cookies` goes without.";

/// Lists or deletes.
pub fn run(arguments: &Arguments) -> Result<Exit, Stop> {
    let environment = arguments.env.as_deref();
    let (file, jar) = read(environment)?;
    let changes = match &arguments.deed {
        None => return list(&jar, false),
        Some(Deed::List { values }) => return list(&jar, *values),
        Some(Deed::Clear) => vec![CookieChange::Clear],
        Some(Deed::Remove { name, domain }) => removals(&jar, name, domain.as_deref())?,
    };
    let before = jar.cookies.len();
    let jar = file
        .change(environment, changes)
        .map_err(anyhow::Error::from)?;
    let text = match before.saturating_sub(jar.cookies.len()) {
        1 => "1 cookie is deleted.".to_owned(),
        count => format!("{count} cookies are deleted."),
    };
    output::tell(Look::stderr(), &[Line::new(Tone::Plain, &text)]);
    Ok(Exit::Success)
}

/// The file of the jars, and the jar of an environment that has to be there.
pub fn read(environment: Option<&str>) -> Result<(CookieFile, Jar), Stop> {
    if environment.is_some() {
        env::scope(&env::read()?.1, environment)?;
    }
    let paths = Paths::find().map_err(anyhow::Error::from)?;
    let folder = std::env::current_dir().unwrap_or_default();
    let file = CookieFile::find(&folder, &paths);
    let jar = file.read(environment).map_err(anyhow::Error::from)?;
    Ok((file, jar))
}

fn removals(jar: &Jar, name: &str, domain: Option<&str>) -> Result<Vec<CookieChange>, Stop> {
    let domain = domain.map(|domain| domain.trim_start_matches('.'));
    let is_meant = |cookie: &&Cookie| {
        cookie.name == name && domain.is_none_or(|domain| cookie.domain == domain)
    };
    let keys = jar.cookies.iter().filter(is_meant).map(Cookie::key);
    let changes: Vec<CookieChange> = keys.map(CookieChange::Remove).collect();
    if changes.is_empty() {
        return Err(Stop::usage(&format!(
            "no cookie is called “{name}” there: `posttui cookies` lists those there are"
        )));
    }
    Ok(changes)
}

fn list(jar: &Jar, values: bool) -> Result<Exit, Stop> {
    if jar.cookies.is_empty() {
        output::tell(Look::stderr(), &[Line::new(Tone::Dim, "No cookies.")]);
        return Ok(Exit::Success);
    }
    let all = listed(jar);
    let columns = |of: fn(&Cookie) -> String| {
        let widths = all
            .iter()
            .map(|cookie| text::width(&text::display(&of(cookie))));
        widths.max().unwrap_or(0)
    };
    let (names, scopes) = (columns(|it| it.name.clone()), columns(Cookie::scope));
    let lines: Vec<Line> = all
        .iter()
        .map(|cookie| {
            let value = if values { &cookie.value.0 } else { DOTS };
            let end = cookie
                .expires
                .map_or_else(|| "session".to_owned(), |end| format!("until {end:.0}"));
            let secure = if cookie.secure { "  Secure" } else { "" };
            Line::new(Tone::Name, &text::pad(&text::display(&cookie.name), names))
                .then(
                    Tone::Plain,
                    &format!("  {}", text::pad(&cookie.scope(), scopes)),
                )
                .then(Tone::Plain, &format!("  {}", cookie.path))
                .then(Tone::Dim, &format!("  {end}{secure}"))
                .then(Tone::Plain, &format!("  {value}"))
        })
        .collect();
    output::print_lines(Look::stdout(), &lines)?;
    Ok(Exit::Success)
}
