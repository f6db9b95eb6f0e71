//! Every parameter of Python's `requests.post`, with the posttui form of it: both send to the same
//! recording server, and what arrives is compared after decoding.
//!
//! What `requests` sends is kept in `parity/requests.json`, so that the comparison needs no Python. Where
//! there is a Python with requests (`POSTTUI_PYTHON` names another one than `python3`), it sends anew, and
//! must send what is kept; `UPDATE_PARITY=1` writes it.

mod decoded;

use std::{collections::BTreeMap, fs, path::Path, process::Command, sync::Mutex};

use serde_json::{Value, json};

use crate::{
    certificates::{Authority, for_names},
    recorder::Recorder,
    sending::OK,
};

use decoded::decode;

/// How the server answers.
#[derive(Clone, Copy, PartialEq)]
enum Serving {
    /// With these, one a request.
    Replies(&'static [&'static str]),
    /// As a proxy: the URL is on another host.
    Proxy,
    /// Never.
    Silent,
    /// Inside TLS, its certificate signed by nobody that is known.
    Tls,
    /// Inside TLS, to nobody without a certificate.
    TlsForClients,
}

const PLAIN: Serving = Serving::Replies(&[OK]);

/// One parameter, given in one way.
#[derive(Clone, Copy)]
struct Case {
    /// The parameter, and the way.
    name: &'static str,
    /// The call, as a user of requests writes it.
    python: &'static str,
    /// The words behind `posttui send`, as a user writes them.
    posttui: &'static [&'static str],
    serving: Serving,
}

const fn case(name: &'static str, python: &'static str, posttui: &'static [&'static str]) -> Case {
    Case {
        name,
        python,
        posttui,
        serving: PLAIN,
    }
}

const fn served(serving: Serving, case: Case) -> Case {
    Case { serving, ..case }
}

/// `URL` stands for the server's address, `PROXY` for it as a proxy.
const CASES: &[Case] = &[
    case(
        "params, a dictionary",
        "requests.post(url, params={'q': 'a b&c', 'page': 2, 'ü': '€'})",
        &["URL/", "q==a b&c", "page==2", "ü==€"],
    ),
    case(
        "params, one name twice, beside a query",
        "requests.post(url + '/x?a=1', params=[('t', 'x'), ('t', 'y')])",
        &["URL/x?a=1", "t==x", "t==y"],
    ),
    case(
        "data, a dictionary",
        "requests.post(url, data={'username': 'john_doe', 'email': 'john@example.com', 'note': 'a b\\n€'})",
        &[
            "URL/",
            "username=john_doe",
            "email=john@example.com",
            "note=a b\n€",
        ],
    ),
    case(
        "data, a list of pairs",
        "requests.post(url, data=[('tags', 'a'), ('tags', 'b'), ('empty', '')])",
        &["URL/", "tags=a", "tags=b", "empty="],
    ),
    case(
        "data, a text",
        "requests.post(url, data='as it is, €'.encode())",
        &["--request", "bare-text"],
    ),
    case(
        "data, a file",
        "requests.post(url, data=open('photo.txt', 'rb'))",
        &["--request", "bare-file"],
    ),
    case(
        "json",
        "requests.post(url, json={'name': 'Ann', 'age': 42, 'tags': ['a', 'b'], 'none': None, 'price': 1.5})",
        &[
            "--json",
            "URL/",
            "name=Ann",
            "age:=42",
            "tags:=[\"a\",\"b\"]",
            "none:=null",
            "price:=1.5",
        ],
    ),
    // Without a type requests sends none; posttui sends the one that the name speaks for, as browsers do.
    case(
        "files",
        "requests.post(url, files={'photo': ('photo.txt', open('photo.txt', 'rb'), 'text/plain')})",
        &["URL/", "photo@photo.txt"],
    ),
    case(
        "files, with a name, a type and fields beside it",
        "requests.post(url, data={'title': 'Sunset ü'}, files={'photo': ('a b.png', open('photo.txt', 'rb'), 'image/png')})",
        &[
            "URL/",
            "title=Sunset ü",
            "photo@photo.txt;type=image/png;filename=a b.png",
        ],
    ),
    case(
        "headers",
        "requests.post(url, headers={'X-Trace': 'abc', 'Content-Type': 'text/csv', 'Accept': 'text/html'}, data='a,b')",
        &[
            "URL/",
            "X-Trace:abc",
            "Accept:text/html",
            "--body",
            "a,b",
            "--type",
            "text/csv",
        ],
    ),
    case(
        "cookies",
        "requests.post(url, cookies={'sid': 'abc', 'theme': 'dark'})",
        &["URL/", "--cookie", "sid=abc", "--cookie", "theme=dark"],
    ),
    case(
        "auth, a name and a password",
        "requests.post(url, auth=('ann', 's3cret:ü'.encode().decode('latin-1')))",
        &["URL/", "--user", "ann:s3cret:ü"],
    ),
    case(
        "auth, in the URL",
        "requests.post(url.replace('://', '://ann:s3cret%3A1@'))",
        &["CREDENTIALS/"],
    ),
    served(
        Serving::Silent,
        case(
            "timeout",
            "requests.post(url, timeout=2)",
            &["URL/", "--timeout", "2"],
        ),
    ),
    served(
        Serving::Replies(&[
            "HTTP/1.1 302 Found\r\nlocation: /next\r\ncontent-length: 0\r\n\r\n",
            OK,
        ]),
        case(
            "allow_redirects, a 302 makes the POST a GET",
            "requests.post(url, data={'a': '1'})",
            &["URL/", "a=1"],
        ),
    ),
    served(
        Serving::Replies(&[
            "HTTP/1.1 307 Temporary Redirect\r\nlocation: /next?x=1\r\ncontent-length: 0\r\n\r\n",
            OK,
        ]),
        case(
            "allow_redirects, a 307 sends the POST again",
            "requests.post(url, json={'a': 1})",
            &["--json", "URL/", "a:=1"],
        ),
    ),
    served(
        Serving::Replies(&[
            "HTTP/1.1 302 Found\r\nlocation: /next\r\ncontent-length: 5\r\n\r\nmoved",
        ]),
        case(
            "allow_redirects=False",
            "requests.post(url, data={'a': '1'}, allow_redirects=False)",
            &["URL/", "a=1", "--no-follow"],
        ),
    ),
    served(
        Serving::Proxy,
        case(
            "proxies",
            "requests.post('http://api.example/x?y=1', data={'a': '1'}, proxies={'http': url})",
            &["http://api.example/x?y=1", "a=1", "--proxy", "URL"],
        ),
    ),
    served(
        Serving::Tls,
        case(
            "verify=False",
            "requests.post(url, data={'a': '1'}, verify=False)",
            &["URL/", "a=1", "--insecure"],
        ),
    ),
    served(
        Serving::Tls,
        case(
            "verify, the file of an authority",
            "requests.post(url, data={'a': '1'}, verify='authority.pem')",
            &["URL/", "a=1", "--cacert", "authority.pem"],
        ),
    ),
    served(
        Serving::TlsForClients,
        case(
            "cert",
            "requests.post(url, data={'a': '1'}, verify='authority.pem', cert='client.pem')",
            &[
                "URL/",
                "a=1",
                "--cacert",
                "authority.pem",
                "--cert",
                "client.pem",
            ],
        ),
    ),
    served(
        Serving::TlsForClients,
        case(
            "cert, a pair of files",
            "requests.post(url, data={'a': '1'}, verify='authority.pem', cert=('client.crt', 'client.key'))",
            &[
                "URL/",
                "a=1",
                "--cacert",
                "authority.pem",
                "--cert",
                "client.crt",
                "--key",
                "client.key",
            ],
        ),
    ),
    case(
        "stream",
        "requests.post(url, data={'a': '1'}, stream=True)",
        &["URL/", "a=1"],
    ),
];

/// Saved requests, for what the command line has no words for: rows that are off.
const SAVED: [(&str, &str); 2] = [
    (
        "bare-text",
        "url = 'URL/'\n[headers]\ncontent-type = { value = '', enabled = false }\n[text]\ncontent = 'as it is, €'\n",
    ),
    (
        "bare-file",
        "url = 'URL/'\n[headers]\ncontent-type = { value = '', enabled = false }\n[file]\npath = 'photo.txt'\n",
    ),
];

/// Each parameter of `requests.post`, url apart.
const PARAMETERS: [&str; 13] = [
    "params",
    "data",
    "json",
    "headers",
    "cookies",
    "files",
    "auth",
    "timeout",
    "allow_redirects",
    "proxies",
    "verify",
    "cert",
    "stream",
];

#[test]
fn every_parameter_is_in_the_table() {
    for parameter in PARAMETERS {
        let is_it = |case: &Case| case.name.starts_with(parameter);
        assert!(CASES.iter().any(is_it), "{parameter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn posttui_sends_what_requests_sends() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire/parity/requests.json");
    let text = fs::read_to_string(&file).unwrap_or_else(|_| "{}".to_owned());
    let kept: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    let python = python();
    let updates = std::env::var_os("UPDATE_PARITY").is_some();
    let mut sent_now = BTreeMap::new();
    for case in CASES {
        let ours = run(case, Face::Posttui).await;
        let theirs = match &python {
            Some(python) => {
                let theirs = run(case, Face::Python(python)).await;
                if !updates {
                    let kept = &kept[case.name];
                    assert_eq!(
                        decode(&theirs),
                        decode(kept),
                        "{}: requests sends otherwise now",
                        case.name
                    );
                }
                theirs
            }
            None => kept[case.name].clone(),
        };
        assert_eq!(decode(&ours), decode(&theirs), "{}", case.name);
        sent_now.insert(case.name.to_owned(), theirs);
    }
    if updates && python.is_some() {
        let text = serde_json::to_string_pretty(&sent_now).unwrap();
        fs::write(file, text + "\n").unwrap();
    }
}

/// Who sends.
#[derive(Clone, Copy)]
enum Face<'a> {
    Posttui,
    Python(&'a str),
}

/// The interpreter that has requests, if any has.
fn python() -> Option<String> {
    let python = std::env::var("POSTTUI_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let asked = Command::new(&python)
        .args(["-c", "import requests"])
        .output();
    asked.is_ok_and(|it| it.status.success()).then_some(python)
}

/// What came of a case, and the requests that arrived.
async fn run(case: &Case, face: Face<'_>) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("photo.txt", "light ü\r\n--and shadow\n");
    write("authority.pem", &authority.pem());
    let identity = authority.identity("ann");
    write("client.pem", &identity);
    let (certificate, key) = identity.split_at(identity.find("-----BEGIN PRIVATE").unwrap());
    write("client.crt", certificate);
    write("client.key", key);
    write("posttui.toml", "");
    let server = serve(case.serving, &authority).await;
    let url = server.url("");
    for (name, text) in SAVED {
        write(&format!("{name}.toml"), &text.replace("URL", &url));
    }
    let mut command = match face {
        Face::Posttui => {
            let credentials = url.replace("://", "://ann:s3cret%3A1@");
            let words = case.posttui.iter();
            let words =
                words.map(|it| it.replace("URL", &url).replace("CREDENTIALS", &credentials));
            let mut command = Command::new(env!("CARGO_BIN_EXE_posttui"));
            command.args(["send", "-o", "json"]).args(words);
            command
        }
        Face::Python(python) => {
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire/parity/send.py");
            let mut command = Command::new(python);
            command
                .arg("-W")
                .arg("ignore")
                .arg(script)
                .args([&url, case.python]);
            command
        }
    };
    for variable in [
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ] {
        command.env_remove(variable);
    }
    command
        .current_dir(folder.path())
        .env("POSTTUI_HOME", folder.path().join("home"));
    if case.posttui.first() == Some(&"--request") {
        let trust = Command::new(env!("CARGO_BIN_EXE_posttui"))
            .args(["init", "."])
            .current_dir(folder.path())
            .env("POSTTUI_HOME", folder.path().join("home"))
            .output();
        assert!(trust.unwrap().status.success());
    }
    let output = tokio::task::spawn_blocking(move || command.output());
    let output = output.await.unwrap().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{}: {error}: {output:?}", case.name));
    let outcome = match face {
        Face::Posttui => posttui_outcome(&answer),
        Face::Python(_) => answer["outcome"].as_str().unwrap().to_owned(),
    };
    let address = server.address().to_string();
    let requests: Vec<String> = server
        .requests()
        .iter()
        .map(|it| it.text().replace(&address, "127.0.0.1:8000"))
        .collect();
    json!({ "outcome": outcome, "requests": requests })
}

fn posttui_outcome(answer: &Value) -> String {
    let answer = &answer["outcome"];
    let response = &answer["response"];
    if response.is_null() {
        let kind = answer["failure"]["kind"].to_string();
        return if kind.contains("timeout") {
            "timeout".to_owned()
        } else {
            kind
        };
    }
    let body = &response["body"];
    let body = body.as_str().or_else(|| body["text"].as_str());
    format!("{} {}", response["status"], body.unwrap_or_default())
}

async fn serve(serving: Serving, authority: &Authority) -> Recorder {
    let names = for_names(&["127.0.0.1"]);
    let acceptor = match serving {
        Serving::Replies(replies) => return Recorder::replying(replies.iter().copied()).await,
        Serving::Proxy => return Recorder::replying([OK]).await,
        Serving::Silent => {
            return Recorder::handling(|mut peer| async move {
                peer.request().await;
                peer.until_closed().await;
            })
            .await;
        }
        Serving::Tls => authority.acceptor(&names, &["http/1.1"]),
        Serving::TlsForClients => authority.acceptor_asking(),
    };
    let replies = std::sync::Arc::new(Mutex::new(vec![OK]));
    Recorder::handling_tls(acceptor, move |mut peer| {
        let replies = std::sync::Arc::clone(&replies);
        async move {
            while peer.request().await.is_some() {
                let reply = replies.lock().unwrap().pop().expect("a request too many");
                peer.write(reply.as_bytes()).await;
            }
        }
    })
    .await
}
