//! Every exit code of the program, in one place: `--help` is made from the table here.

use std::{fmt::Write, process::ExitCode};

use crate::{
    model::{FailureKind, Outcome, RuleLevel},
    status::catalogue::Class,
};

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The command did what it was asked; a send was answered with a 2xx.
    Success,
    /// The two exchanges that were compared differ.
    Differs,
    /// Something on this machine failed, or the last answer is an interim one, which tells nothing.
    Trouble,
    /// The command line cannot be carried out as it is written. Nothing was sent.
    Usage,
    /// A 3xx is the final answer.
    Redirection,
    ClientError,
    ServerError,
    /// No whole response came.
    NoResponse,
    /// A rule of the user warns of what came back, or calls it a failure.
    Warned,
    Failed,
    /// A signal ended the send; 128 + 2 as shells count SIGINT.
    Cancelled,
}

/// Each code with its line in `--help`.
const TABLE: [(Exit, &str); 10] = [
    (
        Exit::Success,
        "done; a send was answered with a 2xx, or a rule of yours says ok",
    ),
    (
        Exit::Trouble,
        "anything else: a file cannot be read or written, or the last answer is a 1xx",
    ),
    (
        Exit::Usage,
        "the command line is wrong, which the message explains; nothing was sent",
    ),
    (
        Exit::Redirection,
        "the answer is a 3xx that was not followed",
    ),
    (Exit::ClientError, "the answer is a 4xx"),
    (Exit::ServerError, "the answer is a 5xx, or above 599"),
    (
        Exit::NoResponse,
        "no whole response: name not found, refused, TLS, timeout, cut off …",
    ),
    (Exit::Warned, "a rule of yours with the level warn fits"),
    (
        Exit::Failed,
        "a rule of yours with the level fail fits, or --poll ends at a job that failed",
    ),
    (
        Exit::Cancelled,
        "cancelled with Ctrl-C; the history keeps the send as cancelled",
    ),
];

impl Exit {
    /// The number that the shell sees.
    pub const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Trouble | Self::Differs => 1,
            Self::Usage => 2,
            Self::Redirection => 3,
            Self::ClientError => 4,
            Self::ServerError => 5,
            Self::NoResponse => 6,
            Self::Warned => 7,
            Self::Failed => 8,
            Self::Cancelled => 130,
        }
    }

    /// What a send came to, as a script asks for it: the level of the user's rule, else the class of the
    /// answer. A cancelled send is one whatever a rule says.
    pub fn of(outcome: &Outcome, level: Option<RuleLevel>) -> Self {
        match outcome {
            Outcome::Failure(failure) if failure.kind == FailureKind::Cancelled => Self::Cancelled,
            _ => match level {
                Some(RuleLevel::Ok) => Self::Success,
                Some(RuleLevel::Warn) => Self::Warned,
                Some(RuleLevel::Fail) => Self::Failed,
                None => Self::of_outcome(outcome),
            },
        }
    }

    fn of_outcome(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Response(response) => match Class::of(response.head.status) {
                Class::Successful => Self::Success,
                Class::Redirection => Self::Redirection,
                Class::ClientError => Self::ClientError,
                // RFC 9110, Section 15: what is above 599 is processed as if it were a 5xx.
                Class::ServerError | Class::Unknown => Self::ServerError,
                Class::Informational => Self::Trouble,
            },
            Outcome::Failure(_) => Self::NoResponse,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

/// The section of `--help` about exit codes.
pub fn help() -> String {
    let mut text = "Exit codes:".to_owned();
    for (exit, meaning) in TABLE {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  {:>3}  {meaning}", exit.code());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Failure, HttpVersion, Phase, Processed, Response, ResponseHead};

    fn answered(status: u16) -> Outcome {
        let head = ResponseHead {
            status,
            reason: None,
            version: HttpVersion::Http11,
            headers: Vec::new(),
        };
        Outcome::Response(Response {
            head,
            body: bytes::Bytes::new(),
            whole: None,
        })
    }

    fn failed(kind: FailureKind) -> Outcome {
        Outcome::Failure(Failure {
            kind,
            phase: Phase::Wait,
            causes: Vec::new(),
            processed: Processed::Maybe,
            partial: None,
        })
    }

    #[test]
    fn the_class_of_the_answer_is_the_code() {
        for (status, code) in [
            (101, 1),
            (200, 0),
            (299, 0),
            (302, 3),
            (404, 4),
            (503, 5),
            (600, 5),
            (999, 5),
        ] {
            assert_eq!(Exit::of(&answered(status), None).code(), code, "{status}");
        }
    }

    #[test]
    fn a_failure_is_no_answer_and_a_cancelled_send_says_so() {
        let code = |kind| Exit::of(&failed(kind), None).code();
        assert_eq!(code(FailureKind::Refused), 6);
        assert_eq!(code(FailureKind::Truncated), 6);
        assert_eq!(code(FailureKind::Cancelled), 130);
    }

    #[test]
    fn the_level_of_a_rule_goes_before_the_class() {
        let code = |status, level| Exit::of(&answered(status), Some(level)).code();
        assert_eq!(code(500, RuleLevel::Ok), 0);
        assert_eq!(code(200, RuleLevel::Warn), 7);
        assert_eq!(code(200, RuleLevel::Fail), 8);
        let cancelled = failed(FailureKind::Cancelled);
        assert_eq!(Exit::of(&cancelled, Some(RuleLevel::Ok)).code(), 130);
    }

    #[test]
    fn no_two_codes_are_one_number() {
        let mut codes: Vec<u8> = TABLE.iter().map(|(exit, _)| exit.code()).collect();
        codes.dedup();
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 130]);
    }
}
