//! Redirects that were followed, and those that were not.

use super::*;

#[test]
fn what_is_said_of_a_post_is_not_said_of_the_get_that_it_became() {
    let answered = |method: &str| {
        let hops = vec![
            hop("POST", "http://h/x", &[], Some(head(302, &[]))),
            hop(method, "http://h/y", &[], Some(head(200, &[]))),
        ];
        let outcome = Outcome::Response(Response {
            head: head(200, &[]),
            body: Bytes::new(),
            whole: None,
        });
        diagnose(&exchange_at("http://h/x", hops, outcome)).unwrap()
    };
    assert_eq!(answered("GET").for_post, None);
    assert!(answered("POST").for_post.is_some());
}

#[test]
fn redirects_are_told_with_their_ways_out() {
    let way = |method: &str, first: u16, from: &str, to: &str| {
        let hops = vec![
            hop("POST", from, &[], Some(head(first, &[]))),
            hop(method, to, &[], Some(head(200, &[]))),
        ];
        let outcome = Outcome::Response(Response {
            head: head(200, &[]),
            body: Bytes::new(),
            whole: None,
        });
        found(&exchange_at(from, hops, outcome))
    };
    let became = way("GET", 302, "http://h/x", "http://h/y");
    assert!(
        became.starts_with("REDIRECTED by 302: the POST BECAME A GET to http://h/y."),
        "{became}"
    );
    assert!(became.contains("[RFC 9110, Section 15.4.3] → send the POST again, whole, to http://h/y | use http://h/y instead"), "{became}");
    let kept = way("POST", 308, "https://h/x", "http://h/y");
    assert!(
        kept.contains("FROM HTTPS TO HTTP") && kept.contains("→ use http://h/y instead"),
        "{kept}"
    );
    assert!(way("POST", 307, "http://h/x", "http://h/y").ends_with("→ \n"));
}

#[test]
fn a_redirect_that_is_the_answer_says_why() {
    let url = "http://h:3000/api/users";
    let mut stopped = answered(303, &[("location", "/next")], "", &[]);
    stopped.prepared.options.redirects = Redirects::Stop;
    let told = found(&stopped);
    assert!(told.contains("takes a redirect as the answer"), "{told}");
    assert!(
        told.contains(
            "→ open http://h:3000/next as a GET | send the POST again, whole, to http://h:3000/next"
        ),
        "{told}"
    );

    let looping = answered(307, &[("location", url)], "", &[]);
    let next = diagnose(&looping).unwrap().next;
    assert!(next.starts_with("Do not follow it"), "{next}");
    let looping = found(&looping);
    assert!(
        looping.contains("A LOOP") && looping.ends_with("→ go to the options\n"),
        "{looping}"
    );

    let mut circling = answered(307, &[("location", "/other")], "", &[]);
    circling.hops = vec![circling.hops[0].clone(); 20];
    assert!(found(&circling).contains("the twentieth hop"));
}
