//! Proxies of the environment. It is read once a process, so that each case is a process of its own:
//! this very test program, asked for the one test that only sends.

use std::process::Command;

use posttui::model::{FailureKind, Phase, ProxySource};

use crate::{
    recorder::Recorder,
    sending::{OK, Vacant, failure, form_post, send},
};

/// Where the child sends.
const TARGET: &str = "POSTTUI_TEST_TARGET";

const VARIABLES: [&str; 7] = [
    "ALL_PROXY",
    "all_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "NO_PROXY",
];

/// Sends in a process with this proxy, and gives the outcome as text.
async fn send_by_way_of(proxy: &str, target: &str) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    for variable in VARIABLES {
        child.env_remove(variable);
    }
    child
        .args(["--exact", "proxy::only_sends", "--ignored", "--nocapture"])
        .env("ALL_PROXY", proxy)
        .env(TARGET, target);
    let output = tokio::task::spawn_blocking(move || child.output());
    let output = output.await.unwrap().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
#[ignore = "it is run by the other tests, with a proxy in its environment"]
async fn only_sends() {
    let target = std::env::var(TARGET).unwrap();
    println!("{:?}", send(&form_post(&target)).await.outcome);
}

#[tokio::test]
async fn a_server_elsewhere_is_reached_by_way_of_the_proxy() {
    let proxy = Recorder::replying([OK]).await;
    let outcome = send_by_way_of(&proxy.url(""), "http://api.example/x?y=1").await;
    assert!(outcome.contains("status: 200"), "{outcome}");
    let request = proxy.requests()[0].text();
    assert!(
        request.starts_with("POST http://api.example/x?y=1 HTTP/1.1\r\nhost: api.example\r\n"),
        "{request}"
    );
}

#[tokio::test]
async fn this_machine_is_reached_straight() {
    let server = Recorder::replying([OK]).await;
    let outcome = send_by_way_of(&Vacant::new().url(), &server.url("/")).await;
    assert!(outcome.contains("status: 200"), "{outcome}");
    assert!(
        server.requests()[0]
            .text()
            .starts_with("POST / HTTP/1.1\r\n")
    );
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_named() {
    let outcome = send_by_way_of(&Vacant::new().url(), "http://api.example/").await;
    assert!(outcome.contains("kind: Proxy, phase: Connect"), "{outcome}");
    assert!(outcome.contains("processed: No"), "{outcome}");
}

#[tokio::test]
async fn a_proxy_of_the_options_that_is_not_there_failed_while_connecting() {
    let vacant = Vacant::new();
    let mut prepared = form_post("http://api.example/");
    prepared.options.transport.proxy = vacant.url();
    let sent = send(&prepared).await;
    let failed = failure(&sent);
    assert_eq!(
        (failed.kind, failed.phase),
        (FailureKind::Proxy, Phase::Connect)
    );
    let used = sent.hops[0].transit.proxy.as_ref().unwrap();
    assert_eq!(used.address, vacant.url());
    assert_eq!(used.named_by, ProxySource::Options);
}

#[tokio::test]
async fn a_proxy_that_makes_no_tunnel_is_named() {
    let proxy = Recorder::replying([
        "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"squid\"\r\ncontent-length: 0\r\n\r\n",
    ])
    .await;
    let outcome = send_by_way_of(&proxy.url(""), "https://api.example/").await;
    assert!(
        proxy.requests()[0]
            .text()
            .starts_with("CONNECT api.example:443 HTTP/1.1\r\n")
    );
    assert!(outcome.contains("kind: Proxy, phase: Connect"), "{outcome}");
    assert!(
        outcome.contains("with 407 Proxy Authentication Required, and wants Basic realm="),
        "{outcome}"
    );
}
