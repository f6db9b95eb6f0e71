//! Bodies with files: read from the disk while they are sent, again for each hop, and never as
//! something else than what was prepared.

use std::{fs, path::PathBuf};

use posttui::{
    files,
    model::{
        Body, BodyKind, FailureKind, Field, FileBody, Part, PreparedRequest, Processed, Request,
    },
    net::{Client, Progress},
    prepare::prepare_with,
};
use tempfile::TempDir;

use crate::{
    recorder::Recorder,
    sending::{Flight, OK, big_post, failure, response, send, send_and_hear},
};

fn prepared(url: &str, body: Body) -> PreparedRequest {
    let request = Request {
        url: url.to_owned(),
        body,
        ..Request::default()
    };
    prepare_with(&request, &files::look_at(&request.body)).unwrap()
}

fn file(folder: &TempDir, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    path
}

fn file_post(url: &str, path: &std::path::Path) -> PreparedRequest {
    let body = Body {
        kind: BodyKind::File,
        file: FileBody {
            path: path.to_str().unwrap().to_owned(),
            content_type: String::new(),
        },
        ..Body::default()
    };
    prepared(url, body)
}

/// The body of a recorded request.
fn body(recorded: &[u8]) -> &[u8] {
    let head = recorded
        .windows(4)
        .position(|it| it == b"\r\n\r\n")
        .unwrap();
    &recorded[head + 4..]
}

fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index / 7 % 251) as u8).collect()
}

#[tokio::test]
async fn a_multipart_form_is_on_the_wire_as_the_standard_says() {
    let folder = tempfile::tempdir().unwrap();
    let picture = file(&folder, "sun.png", b"\x89PNG\r\n\0");
    let empty = file(&folder, "empty", b"");
    let server = Recorder::replying([OK]).await;
    let rows = vec![
        Field::new("title", "Sun\n\"set\" é"),
        Field::file("photo", picture.to_str().unwrap()),
        Field {
            part: Part {
                is_file: true,
                file_name: "no\"thing.txt".to_owned(),
                content_type: String::new(),
            },
            ..Field::file("nothing", empty.to_str().unwrap())
        },
    ];
    let multipart = Body {
        kind: BodyKind::Multipart,
        multipart: rows,
        ..Body::default()
    };
    let prepared = prepared(&server.url("/upload"), multipart);
    let kind = posttui::model::find_header(&prepared.headers, "content-type").unwrap();
    let boundary = kind.text().split_once("boundary=").unwrap().1.to_owned();
    assert_eq!(response(&send(&prepared).await).head.status, 200);
    let recorded = server.requests();
    let mut expected = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nSun\r\n\"set\" é\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"sun.png\"\r\n\
         Content-Type: image/png\r\n\r\n"
    )
    .into_bytes();
    expected.extend(b"\x89PNG\r\n\0");
    expected.extend(format!(
        "\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"nothing\"; filename=\"no%22thing.txt\"\r\n\
         Content-Type: text/plain\r\n\r\n\r\n--{boundary}--\r\n"
    ).into_bytes());
    assert_eq!(
        String::from_utf8_lossy(body(&recorded[0].bytes)),
        String::from_utf8_lossy(&expected)
    );
    assert!(
        recorded[0]
            .text()
            .contains(&format!("content-length: {}\r\n", expected.len()))
    );
}

#[tokio::test]
async fn a_file_of_many_chunks_arrives_whole_and_its_progress_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let content = pattern(3_000_001);
    let path = file(&folder, "big.bin", &content);
    let server = Recorder::replying([OK]).await;
    let prepared = file_post(&server.url("/"), &path);
    let (sent, told) = send_and_hear(&Client::new(), &prepared).await;
    assert_eq!(response(&sent).head.status, 200);
    assert!(body(&server.requests()[0].bytes) == content);
    let uploads: Vec<_> = told
        .iter()
        .filter_map(|it| match it {
            Progress::Sent { bytes, total } => Some((*bytes, *total)),
            _ => None,
        })
        .collect();
    assert_eq!(uploads.last(), Some(&(3_000_001, 3_000_001)));
    assert!(uploads.is_sorted(), "{uploads:?}");
}

#[tokio::test]
async fn a_redirect_that_keeps_the_method_sends_the_file_again() {
    let folder = tempfile::tempdir().unwrap();
    let content = pattern(200_000);
    let path = file(&folder, "again.bin", &content);
    let moved = "HTTP/1.1 307 Temporary Redirect\r\nlocation: /there\r\ncontent-length: 0\r\n\r\n";
    let server = Recorder::replying([moved, OK]).await;
    let sent = send(&file_post(&server.url("/here"), &path)).await;
    assert_eq!((response(&sent).head.status, sent.hops.len()), (200, 2));
    for recorded in server.requests() {
        assert!(body(&recorded.bytes) == content);
    }
    assert_eq!(sent.hops[1].request_body_bytes, 200_000);
}

#[tokio::test]
async fn a_file_that_has_changed_or_gone_is_a_clear_failure_and_nothing_goes_out() {
    let folder = tempfile::tempdir().unwrap();
    let server = Recorder::replying([OK; 0]).await.perhaps_idle();
    for (change, said) in [
        ("grow", "had 4 bytes"),
        ("write", "written to"),
        ("remove", "cannot be read"),
    ] {
        let path = file(&folder, change, b"four");
        let prepared = file_post(&server.url("/"), &path);
        match change {
            "grow" => fs::write(&path, "five!").unwrap(),
            "write" => {
                let file = fs::File::options().write(true).open(&path).unwrap();
                file.set_modified(std::time::SystemTime::UNIX_EPOCH)
                    .unwrap();
            }
            _ => fs::remove_file(&path).unwrap(),
        }
        let sent = send(&prepared).await;
        let failure = failure(&sent);
        assert_eq!(failure.kind, FailureKind::File, "{change}: {failure:?}");
        assert_eq!(failure.processed, Processed::No, "{change}");
        assert!(failure.causes[0].contains(said), "{change}: {failure:?}");
        assert!(failure.causes[0].contains(path.to_str().unwrap()));
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_file_cut_off_while_it_is_sent_breaks_the_send_off() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "cut.bin", b"");
    let length = 64 << 20;
    fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(length)
        .unwrap();
    // The server takes the beginning, and the rest only when the file is cut.
    let (cut, is_cut) = tokio::sync::watch::channel(false);
    let server = Recorder::handling(move |mut peer| {
        let mut is_cut = is_cut.clone();
        async move {
            peer.some_bytes().await;
            is_cut.wait_for(|cut| *cut).await.unwrap();
            peer.until_closed().await;
        }
    })
    .await;
    let prepared = file_post(&server.url("/"), &path);
    let mut flight = Flight::start(&Client::new(), prepared);
    flight
        .until(|told| matches!(told, Progress::Sent { .. }))
        .await;
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_len(1 << 20).unwrap();
    cut.send(true).unwrap();
    let sent = flight.end().await;
    let failure = failure(&sent);
    assert_eq!(failure.kind, FailureKind::File, "{failure:?}");
    assert_eq!(failure.processed, Processed::Maybe);
    let told = failure.causes.join("\n");
    assert!(told.contains("has changed"), "{told}");
    server.wait_until("the end", |seen| seen.closed == 1).await;
}

#[tokio::test]
async fn cancelling_an_upload_closes_the_connection() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "big.bin", b"");
    let sparse = fs::File::options().write(true).open(&path).unwrap();
    sparse.set_len(1 << 40).unwrap();
    let server = Recorder::handling(crate::recorder::Peer::until_closed).await;
    let prepared = file_post(&server.url("/"), &path);
    let mut flight = Flight::start(&Client::new(), prepared);
    flight
        .until(|told| matches!(told, Progress::Sent { bytes, .. } if *bytes > 0))
        .await;
    let sent = flight.cancelled().await;
    assert_eq!(failure(&sent).kind, FailureKind::Cancelled);
    server.wait_until("the end", |seen| seen.closed == 1).await;
}

/// What a server did not wait for is not told as sent.
#[tokio::test]
async fn of_a_body_that_was_not_taken_whole_it_is_told_how_much_went() {
    let server = Recorder::handling(|mut peer| async move {
        peer.some_bytes().await;
        peer.close().await;
    })
    .await;
    let total = 60_000_000;
    let sent = send(&big_post(&server.url("/"), total)).await;
    let hop = sent.hops.last().unwrap();
    let taken = hop.transit.sizes.unwrap().request_body.unwrap();
    assert!(taken < total as u64, "{taken}");
    assert_eq!(hop.request_body_bytes, total as u64);
    let server = Recorder::replying([OK]).await;
    let sent = send(&big_post(&server.url("/"), 100_000)).await;
    let sizes = sent.hops[0].transit.sizes.unwrap();
    assert_eq!(sizes.request_body, Some(100_000));
}
