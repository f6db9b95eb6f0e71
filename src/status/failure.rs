//! What a send that got no whole response means.

use crate::model::{Failure, FailureKind, Phase, Processed, TimeoutKind, TlsCheck};

/// The words for one kind of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureText {
    /// A word or two, for the history row.
    pub name: &'static str,
    pub meaning: &'static str,
    pub next: &'static str,
}

/// Name, meaning and next step of a kind of failure.
pub fn describe(kind: FailureKind) -> FailureText {
    let (name, meaning, next) = match kind {
        FailureKind::Dns => (
            "name not found",
            "The host name could not be turned into an address.",
            "Check the spelling of the host, and whether this machine's resolver (VPN, /etc/hosts) knows it.",
        ),
        FailureKind::Refused => (
            "refused",
            "The machine was reached, but nothing listens on that port.",
            "Check that the server is running and that the port is the right one, then send again.",
        ),
        FailureKind::Unreachable => (
            "unreachable",
            "There is no way from this machine to that address.",
            "Check the network, the VPN and the address; a firewall may also answer so.",
        ),
        FailureKind::Tls(check) => return describe_tls(check),
        FailureKind::Timeout(TimeoutKind::Connect) => (
            "connect timeout",
            "The server did not finish accepting the connection within the connect timeout.",
            "The host may be down, or a firewall drops the packets; check the address, or allow more time.",
        ),
        FailureKind::Timeout(TimeoutKind::Total) => (
            "timeout",
            "The exchange was not complete within the total timeout.",
            "Look at the server's log before sending again, or allow more time.",
        ),
        FailureKind::Timeout(TimeoutKind::Idle) => (
            "silent too long",
            "The server fell silent for longer than the idle timeout allows.",
            "Look at the server's log before sending again, or allow a longer silence.",
        ),
        FailureKind::Reset => (
            "connection lost",
            "The server closed the connection before it answered.",
            "Look at the server's log: a crash, a restart or a proxy in between often looks like this.",
        ),
        FailureKind::Truncated => (
            "truncated",
            "The answer began, but the connection ended before the body was complete.",
            "What arrived is shown; it is not the whole answer. Look at the server's log.",
        ),
        FailureKind::Malformed => (
            "not HTTP",
            "What came back cannot be read as an HTTP response.",
            "Check that the port speaks HTTP, and whether it should be https instead of http.",
        ),
        FailureKind::Proxy => (
            "proxy failed",
            "The proxy between here and the server could not be used.",
            "Check that this proxy is running and lets you through, or go without one.",
        ),
        FailureKind::Credentials => (
            "no credentials",
            "The credentials that the Auth tab asks for could not be had.",
            "The causes below say what the token server answered; correct the Auth tab, then send again.",
        ),
        FailureKind::Setting => (
            "setting unusable",
            "A setting of this request cannot be used, so that nothing was sent.",
            "Correct the setting that the causes name, then send again.",
        ),
        FailureKind::Cancelled => (
            "cancelled",
            "You cancelled this send.",
            "Send again when you are ready.",
        ),
        FailureKind::Interrupted => (
            "interrupted",
            "posttui ended before the answer came, so that nobody saw the outcome.",
            "Ask the server whether the request arrived before you send it again.",
        ),
        FailureKind::TooLarge => (
            "too large",
            "The body is larger than posttui keeps, so that the transfer was stopped.",
            "What arrived before is kept; fetch the rest in parts or with a download program.",
        ),
        FailureKind::File => (
            "file changed",
            "A file of the request's body is missing, or not what it was when the send began, so that the send was broken off.",
            "Look at the file, let nothing write to it meanwhile, and send again.",
        ),
        FailureKind::Other => (
            "failed",
            "The send failed in a way that has no name of its own; the causes below say what is known.",
            "Read the causes from top to bottom: the last one is where it began.",
        ),
    };
    FailureText {
        name,
        meaning,
        next,
    }
}

fn describe_tls(check: TlsCheck) -> FailureText {
    let (name, meaning, next) = match check {
        TlsCheck::Expired => (
            "certificate expired",
            "The server's certificate is past its last day, so that its identity is not proven.",
            "The server's owner has to renew it; check this machine's clock, too.",
        ),
        TlsCheck::NotYetValid => (
            "certificate not yet valid",
            "The server's certificate starts in the future.",
            "Check this machine's clock first, then the server's certificate.",
        ),
        TlsCheck::WrongHost => (
            "certificate for another host",
            "The server's certificate is for other names than the host in the URL.",
            "Use a host name that the certificate holds, or have it issued for this one.",
        ),
        TlsCheck::UnknownIssuer => (
            "certificate not trusted",
            "Nobody that this machine trusts has signed the server's certificate; a self-signed one looks like this.",
            "Add the issuing authority to this machine's trusted certificates.",
        ),
        TlsCheck::Revoked => (
            "certificate revoked",
            "The authority that signed the server's certificate has withdrawn it.",
            "Do not send secrets there; the server's owner has to get a new certificate.",
        ),
        TlsCheck::BadCertificate => (
            "certificate not acceptable",
            "The server's certificate is broken or not meant for a server.",
            "The causes below name the check; the server's owner has to get a proper certificate.",
        ),
        TlsCheck::NotTls => (
            "no TLS there",
            "The server answered the TLS handshake with something else, most likely plain HTTP.",
            "Try the same URL with http instead of https, or check the port.",
        ),
        TlsCheck::Handshake => (
            "TLS handshake failed",
            "The server and posttui found no common ground in the TLS handshake.",
            "The server may want a client certificate, another host name (SNI) or a TLS version below 1.2.",
        ),
    };
    FailureText {
        name,
        meaning,
        next,
    }
}

/// The last cause of a handshake that failed for want of a client certificate (RFC 8446, Section 6.2).
const WANTED: &str = "CertificateRequired";

/// Whether the server takes nobody without a client certificate.
///
/// With TLS 1.3 it says so after the client's part of the handshake, behind which the request may be on its way
/// already (RFC 8446, Section 4.4.2.4). posttui offers no authentication after the handshake (Section 4.6.2): so
/// that it is the handshake that ended, before which a server reads no request.
pub fn wants_certificate(failure: &Failure) -> bool {
    let last = failure.causes.last();
    failure.kind == FailureKind::Tls(TlsCheck::Handshake)
        && last.is_some_and(|cause| cause.ends_with(WANTED))
}

/// The sentence that matters for a POST: may the server have acted on it?
pub fn processed_sentence(failure: &Failure) -> &'static str {
    match (failure.processed, failure.kind) {
        (Processed::Maybe, _) if wants_certificate(failure) => {
            "The request may have been on its way already, but the server ended the handshake before it read any of it: it has not processed it, sending again is safe."
        }
        (Processed::No, _) => {
            "Not one byte of the request was sent: the server cannot have processed it, sending again is safe."
        }
        (Processed::Answered, _) => {
            "The server had begun to answer: it has most likely processed the request already."
        }
        (Processed::Maybe, FailureKind::Interrupted) => {
            "Nobody knows how far it came: the server may already have processed the request."
        }
        (Processed::Maybe, _) if failure.phase <= Phase::Send => {
            "The request was only partly sent: the server may have processed it, though most do not act on a part."
        }
        (Processed::Maybe, _) => {
            "The request was sent: the server may already have processed it. Check before you send it again."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(kind: FailureKind, phase: Phase, processed: Processed) -> Failure {
        Failure {
            kind,
            phase,
            causes: Vec::new(),
            processed,
            partial: None,
        }
    }

    #[test]
    fn every_failure_says_whether_the_server_may_have_acted() {
        let sentence =
            |kind, phase, processed| processed_sentence(&failure(kind, phase, processed));
        assert!(sentence(FailureKind::Refused, Phase::Connect, Processed::No).contains("cannot"));
        assert!(
            sentence(FailureKind::Reset, Phase::Wait, Processed::Maybe).contains("may already")
        );
        assert!(sentence(FailureKind::Reset, Phase::Send, Processed::Maybe).contains("partly"));
        assert!(
            sentence(FailureKind::Interrupted, Phase::Send, Processed::Maybe)
                .contains("Nobody knows")
        );
        assert!(
            sentence(FailureKind::Truncated, Phase::Receive, Processed::Answered)
                .contains("already")
        );
    }

    #[test]
    fn names_are_short_and_sentences_end() {
        use TlsCheck::{
            BadCertificate, Expired, Handshake, NotTls, NotYetValid, Revoked, UnknownIssuer,
            WrongHost,
        };
        let tls = [
            Expired,
            NotYetValid,
            WrongHost,
            UnknownIssuer,
            Revoked,
            BadCertificate,
            NotTls,
            Handshake,
        ];
        let mut kinds = vec![
            FailureKind::Dns,
            FailureKind::Refused,
            FailureKind::Unreachable,
            FailureKind::Timeout(TimeoutKind::Connect),
            FailureKind::Timeout(TimeoutKind::Total),
            FailureKind::Timeout(TimeoutKind::Idle),
            FailureKind::Setting,
            FailureKind::Reset,
            FailureKind::Truncated,
            FailureKind::Malformed,
            FailureKind::Proxy,
            FailureKind::Credentials,
            FailureKind::Cancelled,
            FailureKind::Interrupted,
            FailureKind::TooLarge,
            FailureKind::File,
            FailureKind::Other,
        ];
        kinds.extend(tls.map(FailureKind::Tls));
        let mut names: Vec<&str> = kinds.iter().map(|kind| describe(*kind).name).collect();
        for kind in kinds {
            let text = describe(kind);
            assert!(text.name.chars().count() <= 28, "{}", text.name);
            assert!(
                text.meaning.ends_with('.') && text.next.ends_with('.'),
                "{kind:?}"
            );
        }
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all, "two kinds have one name");
    }
}
