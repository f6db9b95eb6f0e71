//! `posttui send`: one request from the command line, remembered and explained like any other.

pub(super) mod body;
mod cookies;
mod credentials;
mod dry_run;
mod item;
mod poll;
pub(super) mod production;
mod progress;
pub(super) mod report;
mod request;
mod saved;
pub(super) mod templates;
mod trust;
mod verbose;
mod way;
mod words;

use cookies::CookieArguments;
use production::Agreement;
use way::Way;

use std::{cell::OnceCell, path::PathBuf, pin::pin, sync::Arc};

use clap::ValueEnum;
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use crate::{
    browser,
    courier::{Carried, Courier, Report},
    model::{
        Again, Exchange, Field, Fork, Jar, Origin, Outcome, PreparedRequest, Redact, Request, Turn,
    },
    net::{self, Progress},
    status::diagnosis::{Diagnosis, diagnose_without_secrets},
    store::{CookieFile, History, Paths, StoreError, read_own_secrets},
    template::answers_needed,
    units::human_duration,
};

use body::BodyArguments;
use poll::Polled;

pub(super) use progress::Meter;

use templates::Desk;

use super::{
    Stop, ask, body as received, collection, exit::Exit, filter, history, json, output, runtime,
    signal,
};

/// What `posttui send` understands.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "posttui send [OPTIONS] [METHOD] URL [ITEM]...\n       posttui send [OPTIONS] --request NAME [ITEM]..."
)]
pub struct Arguments {
    /// The method (POST if left out), the URL, and the items
    ///
    /// ITEM is a form field name=value, a file name@path, a header Name:value, a query parameter
    /// name==value or, with --json, any JSON value name:=json. A file makes the fields a multipart
    /// form; ;type=MIME and ;filename=NAME may follow its path. The first separator in an ITEM counts;
    /// a backslash takes its meaning from a : = or @ in a name.
    #[arg(value_name = "WORD")]
    pub words: Vec<String>,

    /// Send the saved request of this name; the words are items then, which take the place of saved
    /// ones of their name or are added
    #[arg(short, long, value_name = "NAME")]
    pub request: Option<String>,

    /// The folder of its collection, if not the one that you are in or your own
    #[arg(long, value_name = "DIR", requires = "request")]
    pub collection: Option<PathBuf>,

    /// What a parameter in the URL's path stands for: :id or {id}; may be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = request::parse_path)]
    pub path: Vec<Field>,

    #[command(flatten)]
    pub content: BodyArguments,

    /// A whole curl command, @FILE or - for stdin, in place of the URL and the items
    ///
    /// The command is only read: no file that it names is opened, nothing in it is run. What has no
    /// counterpart here is told on stderr; where that makes it another request, nothing is sent.
    #[arg(long, value_name = "COMMAND|@FILE|-", allow_hyphen_values = true)]
    pub curl: Option<String>,

    /// Send what there is of a curl command, though parts of it are missing
    #[arg(long, requires = "curl")]
    pub lossy: bool,

    /// Print what would go on the wire and send nothing
    ///
    /// The head and the body as they would go out. The secrets of an environment are masked in them, and
    /// what is only known at the send is a mark ‹…› that names it. A signature for AWS is made with the
    /// time of now. On a terminal every credential is masked, and the same follows as a curl command.
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub agreement: Agreement,

    /// Your own message for a status: 404, 4xx, 400-499 or else; may be given several times
    #[arg(long, value_name = "STATUS=MESSAGE", value_parser = request::parse_rule)]
    pub on: Vec<Field>,

    /// A rule that may ask for more than the status; may be given several times
    ///
    /// WHEN is [ok|warn|fail] STATUS[,STATUS]... [if CONDITION]; STATUS may also be failed or the name of a
    /// failure such as timeout; CONDITION is header NAME, header NAME = VALUE (or !=), header NAME ~ PART, no
    /// header NAME or a jq filter, several joined by and. MESSAGE may hold {{ status }}, {{ json.id }},
    /// {{ headers.location }}, {{ ms }}, {{ size }}. The level is the exit code: ok 0, warn 7, fail 8.
    #[arg(long, value_name = "WHEN => MESSAGE", value_parser = request::parse_arrow_rule)]
    pub rule: Vec<Field>,

    /// The environment that says what {{ names }} in the request stand for
    #[arg(short, long, value_name = "NAME")]
    pub env: Option<String>,

    /// What one {{ name }} stands for, or the answer to a prompt; may be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = templates::parse_variable)]
    pub var: Vec<templates::Variable>,

    /// Tell the whole way on stderr, too: heads as they were sent, phases, connection, TLS with its
    /// certificates, sizes
    #[arg(short, long, conflicts_with = "quiet")]
    pub verbose: bool,

    /// Print the body alone: no status, no meaning
    #[arg(short, long)]
    pub quiet: bool,

    /// Where the answer is a 202, ask how its job gets on until it is done, at the pace of Retry-After
    ///
    /// The last answer is printed, and its status is the exit code; a page that says that the job failed is 8.
    #[arg(long)]
    pub poll: bool,

    /// Print what a jq filter makes of the body, a value a line, in the place of the body
    #[arg(long, value_name = "FILTER", conflicts_with = "output")]
    pub jq: Option<String>,

    /// What to print: the body, or the whole exchange as one JSON object
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t = Format::Body)]
    pub output: Format,

    #[command(flatten)]
    pub cookies: CookieArguments,

    #[command(flatten)]
    pub credentials: credentials::Options,

    #[command(flatten)]
    pub way: Way,
}

impl Arguments {
    /// The user's rules, however they are given.
    fn rules(&self) -> impl Iterator<Item = &Field> {
        self.on.iter().chain(&self.rule)
    }
}

/// What is printed on stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The body; the status and its meaning go to stderr
    Body,
    /// One JSON object with everything: request, hops, outcome, diagnosis, timing
    Json,
}

/// Examples for `posttui send --help`.
pub const EXAMPLES: &str = "\
Examples:
  posttui send :3000/api/create_user username=john_doe email=john@example.com
      a form, POSTed to http://localhost:3000/api/create_user
  posttui send --json api.example.com/users name=Ann age:=42 'tags:=[\"a\",\"b\"]'
      {\"name\":\"Ann\",\"age\":42,\"tags\":[\"a\",\"b\"]}, POSTed over https
  posttui send PUT api.example.com/users/7 X-Trace:abc notify==no --json -d @user.json
      a header, a query parameter, the body from a file
  posttui send :3000/photos title=Sunset 'photo@~/pictures/sun.jpg;type=image/jpeg'
      an upload form: a text and a file, read while it is sent
  posttui send PUT :3000/blobs/7 --body @big.iso --timeout 0
      a file of any size as the whole body
  posttui send :4000/graphql --graphql 'query($id: ID!) { user(id: $id) { name } }' --variables '{\"id\": 7}'
      a GraphQL query
  posttui send :3000/login user=ann --on '200=Welcome.' --on '4xx=Try again.' --on 'else=Down?'
      your own words for what comes back
  posttui send --request users/create username=ann
      a saved request with another username
  posttui send --dry-run :3000/users name=ann
      what would go on the wire; nothing is sent
  posttui send --curl \"curl -X PUT :3000/users/7 -d 'name=ann'\"
      what a curl command says, told and remembered as any other send
  posttui send :3000/api -u ann:passwd a=b        (or --digest, --bearer TOKEN, --api-key NAME=VALUE)
      with credentials; @FILE in place of a token reads it from a file
  posttui send :3000/api --auth oauth2 --auth-field token_url=:3000/oauth/token \\
      --auth-field client_id=posttui --auth-field client_secret=@secret.txt
      with a token that is fetched first
  posttui send -k --resolve api.test=127.0.0.1 https://api.test:8443/x a=1
      any certificate, and an address in place of the name
  posttui send --env staging '{{ base_url }}/users' name=ann 'X-Id:{{ uuid() }}'
      templates in any field; `posttui env` lists the environments
  posttui send --env prod --yes '{{ base_url }}/users' name=ann
      to an environment marked as production, without the question that a terminal asks
  posttui send PUT :3000/users/:id/roles --path id=7 role=admin
      a parameter in the path; its value is percent-encoded
  posttui send :3000/login user=ann && posttui send GET :3000/me
      the cookies of the first answer go along with the second request: `posttui cookies` lists them
  posttui send :3000/orders 'Authorization:Bearer {{ response(\"login\", max_age=\"10m\").json.token }}'
      a part of the latest answer of the saved request “login”, which is sent first where need be
  posttui send --poll :3000/jobs report=year
      and of a 202, how its job gets on, until it is done
  posttui send :3000/job -o json | jq .diagnosis.meaning
      everything about the exchange, for a script

Nothing that is printed of the request and the heads holds credentials, nor what masks.toml names: a
mark stands in their place, as in the history. --dry-run alone writes those that stand in the request
itself, and only where its output is no terminal; the secrets of an environment are masked there, too.
The body of the answer is written to stdout, byte for byte unless stdout is a terminal; the rest goes to
stderr.
Every send is a row in the history, failed ones too: see `posttui history`.";

/// The client; a body too large for the memory goes to the cache folder, where there is one.
pub(super) fn client() -> net::Client {
    let mut settings = net::Settings::default();
    if let Ok(paths) = Paths::find() {
        settings.spill = paths.cache;
    }
    net::Client::with_settings(settings)
}

/// Sends.
pub fn run(arguments: &Arguments) -> Result<Exit, Stop> {
    if let Some(filter) = &arguments.jq {
        filter::check(filter)?;
    }
    let (mut request, origin) = match &arguments.request {
        Some(name) => {
            let (request, origin) = saved::build(arguments, name)?;
            (request, Some(origin))
        }
        None => (request::build(arguments)?, None),
    };
    arguments.cookies.add_to(&mut request);
    let (jars, jar) = open_jar(arguments.env.as_deref())?;
    let is_history_needed = !arguments.dry_run || !answers_needed(&request).is_empty();
    let history = is_history_needed.then(open_history).flatten();
    let is_kept = history.is_some();
    let mut desk = Desk {
        environment: arguments.env.as_deref(),
        variables: &arguments.var,
        history,
        jars,
        jar: Arc::new(jar),
        library: collection::library(arguments.collection.as_ref())?,
        paths: Paths::find().map_err(anyhow::Error::from)?,
        dry_run: arguments.dry_run,
        agreement: arguments.agreement,
        known: OnceCell::new(),
    };
    if arguments.dry_run {
        let drawn = desk.draw(&request, origin.as_ref())?;
        return dry_run::print(drawn, &desk.paths).map(|()| Exit::Success);
    }
    let prepared = desk.prepare(&request, origin.as_ref())?;
    desk.check_production(&prepared, None)?;
    let courier = desk.courier();
    let meter = if arguments.quiet {
        Meter::silent()
    } else {
        Meter::stderr()
    };
    let asked = request.clone();
    let carried = runtime::run_one(carry(&courier, request, prepared, origin.as_ref(), &meter))?;
    let polled = match carried {
        Some(first) if arguments.poll => {
            poll::until_done(&mut desk, &asked, first, &meter, arguments.quiet)?
        }
        carried => carried.map(Polled::from),
    };
    let Some(Polled {
        carried,
        came_to_nothing,
    }) = polled
    else {
        return Ok(Exit::Cancelled);
    };
    let Carried {
        exchange,
        unsaved,
        jar,
    } = carried;
    if let Some(reason) = unsaved.filter(|_| is_kept) {
        output::complain(&format!("This exchange is not in the history: {reason}"));
    }
    if let Some(Err(reason)) = jar {
        output::complain(&format!("The cookies cannot be kept: {reason}"));
    }
    let (exchange, diagnosis) = explain(&desk, &exchange);
    if arguments.verbose {
        verbose::tell(&exchange);
    }
    let is_all = print_answer(arguments, &exchange, diagnosis)?;
    if let Some(history) = &desk.history {
        history::keep_within_after(history, exchange.id);
    }
    if came_to_nothing {
        return Ok(Exit::Failed);
    }
    let level = exchange.verdict.level;
    let outcome = exchange.outcome.as_ref();
    let exit = outcome.map_or(Exit::NoResponse, |outcome| Exit::of(outcome, level));
    // A script that reads what the filter gives must not take a part of it for all.
    let is_lost = exit == Exit::Success && !is_all;
    Ok(if is_lost { Exit::Trouble } else { exit })
}

/// An exchange as it is printed, with what it means and, of a 404, what was answered before. What is printed may
/// end up in a log: it holds no more secrets than the history does.
/// The body of the answer is as it came.
pub(super) fn explain(desk: &Desk<'_>, exchange: &Exchange) -> (Exchange, Option<Diagnosis>) {
    // That they cannot be read has been told, since nothing is kept then.
    let own = read_own_secrets(&desk.paths).unwrap_or_default();
    let mut diagnosis = diagnose_without_secrets(exchange, &own);
    let exchange = own.hide_around_answer(exchange.clone()).redacted();
    let history = desk.history.as_ref();
    let near = history.and_then(|history| history.near_miss(&exchange));
    if let (Some(diagnosis), Some(near)) = (&mut diagnosis, near) {
        diagnosis.add(near);
    }
    (exchange, diagnosis)
}

/// Prints what came back as it is asked for; says whether all of that could be printed.
fn print_answer(
    arguments: &Arguments,
    exchange: &Exchange,
    diagnosis: Option<Diagnosis>,
) -> Result<bool, Stop> {
    if arguments.output == Format::Json {
        json::print(exchange, diagnosis, None)?;
        return Ok(true);
    }
    if let Some(diagnosis) = diagnosis.filter(|_| !arguments.quiet) {
        report::tell(exchange, &diagnosis);
    }
    let Some(response) = exchange.outcome.as_ref().and_then(Outcome::received) else {
        return Ok(true);
    };
    match &arguments.jq {
        Some(filter) => filter::print(filter, response),
        None => received::print_answer(exchange, response).map(|()| true),
    }
}

/// Sends; a first signal cancels and waits until the row says so, a second one does not wait (`None`).
pub(super) async fn carry(
    courier: &Courier,
    request: Request,
    prepared: PreparedRequest,
    origin: Option<&Origin>,
    meter: &Meter,
) -> Option<Carried> {
    let cancel = CancellationToken::new();
    let (turns, answers) = net::answers();
    // Where nobody can be asked, a redirect that asks is the answer.
    let courier = if ask::can_ask() {
        &courier.clone().answered_by(answers)
    } else {
        courier
    };
    let report = |report| {
        let Report::Progress(progress) = report else {
            return;
        };
        meter.hear(&progress);
        match progress {
            Progress::Consent { url } => ask_for_login(&url),
            Progress::Fork(fork) => {
                let (turns, cancel) = (turns.clone(), cancel.clone());
                tokio::task::spawn_blocking(move || ask_for_turn(&fork, &turns, &cancel));
            }
            Progress::Retry(again) => tell_retry(&again),
            _ => {}
        }
    };
    let mut carrying = pin!(courier.carry(request, prepared, origin, &cancel, &report));
    let carried = tokio::select! {
        carried = &mut carrying => Some(carried),
        () = signal::asked_to_end() => {
            cancel.cancel();
            tokio::select! {
                carried = carrying => Some(carried),
                () = signal::asked_to_end() => None,
            }
        }
    };
    meter.clear();
    carried
}

/// The jar; a request goes out all the same where it cannot be read, and that is told.
pub(super) fn open_jar(environment: Option<&str>) -> Result<(CookieFile, Jar), Stop> {
    let paths = Paths::find().map_err(anyhow::Error::from)?;
    let folder = std::env::current_dir().unwrap_or_default();
    let file = CookieFile::find(&folder, &paths);
    let jar = file.read(environment).unwrap_or_else(|error| {
        output::complain(&format!("Sent without cookies: {error}"));
        Jar {
            environment: environment.map(str::to_owned),
            ..Jar::default()
        }
    });
    Ok((file, jar))
}

/// Shows the page on which the user has to log in, and tells its address in case it does not come up.
fn ask_for_login(url: &str) {
    let opened = match browser::open(url) {
        Ok(()) => "Log in on the page that opens in your browser".to_owned(),
        Err(error) => format!("Open this page in a browser on this machine and log in ({error})"),
    };
    output::complain(&format!("{opened}: {url}"));
}

/// Asks whether a redirect is followed; giving up cancels the send.
fn ask_for_turn(fork: &Fork, turns: &UnboundedSender<Turn>, cancel: &CancellationToken) {
    let keep = if fork.method == fork.sent {
        String::new()
    } else {
        format!(", [m] keep the {}", fork.sent)
    };
    let question = format!(
        "A redirect: {}. [f] follow{keep}, [s] stop here:",
        fork.words()
    );
    let turn = match ask::choose(&question, &['f', 'm', 's']) {
        Ok(Some('f')) => Turn::Follow,
        Ok(Some('m')) => Turn::KeepMethod,
        Ok(Some(_)) | Err(_) => Turn::Stop,
        Ok(None) => return cancel.cancel(),
    };
    // Nobody listens any more when the send has ended.
    let _ = turns.send(turn);
}

fn tell_retry(again: &Again) {
    let wait = human_duration(again.wait);
    let Again {
        attempt, of, after, ..
    } = again;
    output::complain(&format!(
        "After {after}: attempt {attempt} of {of} in {wait}."
    ));
}

/// The history; without it the send goes out all the same, and that it is not kept is told.
pub(super) fn open_history() -> Option<History> {
    let told = |error: &StoreError| {
        output::complain(&format!("This send will not be in the history: {error}"));
    };
    history::open().inspect_err(told).ok()
}
