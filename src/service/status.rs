//! Refusals as `google.rpc.Status` with its details: the only file that names a gRPC code.
//!
//! Every status carries exactly one `ErrorInfo` with a reason in capitals and every value that the message has, and at
//! most one each of the other details (AIP-193). All of it fits in the headers that callers take.

use std::collections::HashMap;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use super::brief::brief;
use crate::access::Denial;
use crate::model::validate::Violation;
use crate::roster::Refusal;

/// The domain of every reason.
const DOMAIN: &str = "onduty";
/// When to come back where others keep changing a team, or the store cannot.
const RETRY: Duration = Duration::from_secs(1);
/// The longest message, in bytes.
const MESSAGE_MAX: usize = 400;
/// The longest name or other value in the details, in bytes.
const VALUE_MAX: usize = 200;
/// How many bytes all violations of one status take at most: with all the rest it is 6 KiB in headers, as Base64.
const VIOLATIONS_MAX: usize = 2_400;

/// Returns the status that tells a caller of `refusal`.
#[must_use]
pub fn to_status(refusal: Refusal) -> Status {
    let message = brief(&refusal.to_string(), MESSAGE_MAX);
    match refusal {
        Refusal::Invalid(violations) => invalid(&message, &violations),
        Refusal::NotFound { name, .. } => {
            resource(Code::NotFound, "RESOURCE_NOT_FOUND", &message, &name, &[("name", &name)])
        }
        Refusal::Exists { name } => {
            resource(Code::AlreadyExists, "RESOURCE_EXISTS", &message, &name, &[("name", &name)])
        }
        Refusal::EtagMismatch { name, given, current } => {
            let values = [("name", name.as_str()), ("given", &given), ("current", &current)];
            resource(Code::Aborted, "ETAG_MISMATCH", &message, &name, &values)
        }
        Refusal::Precondition { reason, subject, description } => {
            precondition(reason, &message, &subject, &description, &[("name", &subject)])
        }
        Refusal::Preconditions { reason, violations, .. } => preconditions(reason, &message, &violations),
        Refusal::NotUndoable { revision, .. } => {
            let revision = revision.to_string();
            precondition("NOT_UNDOABLE", &message, &revision, &message, &[("revision", &revision)])
        }
        Refusal::Obstructed { revision, .. } => {
            let revision = revision.to_string();
            precondition("LATER_CHANGES", &message, &revision, &message, &[("revision", &revision)])
        }
        Refusal::LaterVersion { name, from } => {
            let from = from.to_string();
            precondition("LATER_VERSION", &message, &name, &message, &[("name", &name), ("from", &from)])
        }
        Refusal::ChangesThePast { from } => {
            let from = from.to_string();
            precondition("CHANGES_THE_PAST", &message, "effective_time", &message, &[("from", &from)])
        }
        Refusal::Denied(Denial::Unknown) => {
            Status::with_error_details(Code::Unauthenticated, message, info("UNAUTHENTICATED", &[]))
        }
        Refusal::Denied(Denial::BadToken) => {
            Status::with_error_details(Code::Unauthenticated, message, info("INVALID_TOKEN", &[]))
        }
        Refusal::Denied(Denial::Forbidden) => {
            Status::with_error_details(Code::PermissionDenied, message, info("PERMISSION_DENIED", &[]))
        }
        Refusal::RequestIdReused(id) => {
            let id = id.to_string();
            let mut details = info("REQUEST_ID_REUSED", &[("request_id", &id)]);
            details.add_bad_request_violation("request_id", &message);
            Status::with_error_details(Code::InvalidArgument, message, details)
        }
        Refusal::PageTokenMismatch => {
            let mut details = info("PAGE_TOKEN_MISMATCH", &[]);
            details.add_bad_request_violation("page_token", &message);
            Status::with_error_details(Code::InvalidArgument, message, details)
        }
        Refusal::Contention => retry(Code::Aborted, "CONTENTION", &message),
        Refusal::Busy(_) => retry(Code::ResourceExhausted, "BUSY", &message),
        Refusal::BrokenOff => retry(Code::Unavailable, "BROKEN_OFF", &message),
        Refusal::Zone(error) => {
            let values = [("zone", error.name.as_str()), ("tzdb_version", &error.version)];
            precondition("UNKNOWN_TIME_ZONE", &message, &error.name, &message, &values)
        }
        Refusal::Store(error) => {
            tracing::error!(%error, "the store refused");
            retry(Code::Unavailable, "STORE_UNAVAILABLE", "the store cannot take this now; see the server's log")
        }
    }
}

fn info(reason: &str, values: &[(&str, &str)]) -> ErrorDetails {
    let metadata: HashMap<String, String> =
        values.iter().map(|(key, value)| ((*key).to_owned(), brief(value, VALUE_MAX))).collect();
    ErrorDetails::with_error_info(reason, DOMAIN, metadata)
}

/// Tells of as many violations as fit, and how many there are beside them.
fn invalid(message: &str, violations: &[Violation]) -> Status {
    let mut told: Vec<(String, String)> = Vec::new();
    let mut room = VIOLATIONS_MAX;
    for violation in violations {
        let (field, reason) = (brief(&violation.field, VALUE_MAX), brief(&violation.reason, MESSAGE_MAX));
        // The field is told twice, and a few bytes say how long each is.
        let Some(left) = room.checked_sub(2 * field.len() + reason.len() + 12) else { break };
        room = left;
        told.push((field, reason));
    }
    let fields = told.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>().join(", ");
    let left_out = violations.len() - told.len();
    let mut values = vec![("fields", fields)];
    let mut message = message.to_owned();
    if left_out > 0 {
        message += &format!("; here are {} of them, and {left_out} more are left out", told.len());
        values.push(("left_out", left_out.to_string()));
    }
    let metadata: HashMap<String, String> = values.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let mut details = ErrorDetails::with_error_info("INVALID_FIELD", DOMAIN, metadata);
    for (field, reason) in told {
        details.add_bad_request_violation(field, reason);
    }
    Status::with_error_details(Code::InvalidArgument, message, details)
}

fn resource(code: Code, reason: &str, message: &str, name: &str, values: &[(&str, &str)]) -> Status {
    let mut details = info(reason, values);
    let kind = name.rsplit('/').nth(1).unwrap_or_default();
    details.set_resource_info(brief(kind, VALUE_MAX), brief(name, VALUE_MAX), "", message);
    Status::with_error_details(code, message, details)
}

fn precondition(reason: &str, message: &str, subject: &str, description: &str, values: &[(&str, &str)]) -> Status {
    let mut details = info(reason, values);
    details.add_precondition_failure_violation(reason, brief(subject, VALUE_MAX), brief(description, MESSAGE_MAX));
    Status::with_error_details(Code::FailedPrecondition, message, details)
}

/// Tells of as much that stands in the way as fits, and how much there is beside it.
fn preconditions(reason: &str, message: &str, violations: &[(String, String)]) -> Status {
    let (mut told, mut room) = (Vec::new(), VIOLATIONS_MAX);
    for (subject, description) in violations {
        let (subject, description) = (brief(subject, VALUE_MAX), brief(description, MESSAGE_MAX));
        // The reason is told with each, and a few bytes say how long everything is.
        let Some(left) = room.checked_sub(reason.len() + subject.len() + description.len() + 12) else { break };
        room = left;
        told.push((subject, description));
    }
    let left_out = violations.len() - told.len();
    let (mut message, mut values) = (message.to_owned(), Vec::new());
    let counted = left_out.to_string();
    if left_out > 0 {
        message += &format!("; here are {} of them, and {left_out} more are left out", told.len());
        values.push(("left_out", counted.as_str()));
    }
    let mut details = info(reason, &values);
    for (subject, description) in told {
        details.add_precondition_failure_violation(reason, subject, description);
    }
    Status::with_error_details(Code::FailedPrecondition, message, details)
}

fn retry(code: Code, reason: &str, message: &str) -> Status {
    let mut details = info(reason, &[]);
    details.set_retry_info(Some(RETRY));
    Status::with_error_details(code, message, details)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::UnknownZone;

    #[test]
    fn every_violation_is_told_at_once() {
        let violation = |field: &str| Violation { field: field.to_owned(), reason: "is empty".to_owned() };
        let status = to_status(Refusal::Invalid(vec![violation("title"), violation("zone")]));
        assert_eq!(status.code(), Code::InvalidArgument);
        let details = status.get_error_details();
        assert_eq!(details.bad_request().unwrap().field_violations.len(), 2);
        assert_eq!(details.error_info().unwrap().reason, "INVALID_FIELD");
    }

    /// How many bytes a status takes in headers, as callers count them.
    fn header_bytes(status: Status) -> usize {
        let headers = status.into_http::<()>().into_parts().0.headers;
        headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 32).sum()
    }

    #[test]
    fn a_thousand_violations_fit_in_headers_and_the_rest_is_counted() {
        for length in [10, 100, 100_000] {
            let wrong = |index| Violation {
                field: format!("list[{index}]"),
                reason: format!("'{}' is wrong", "é".repeat(length)),
            };
            let status = to_status(Refusal::Invalid((0..1_000).map(wrong).collect()));
            let told = status.get_error_details().bad_request().unwrap().field_violations.len();
            assert!(
                told > 5 && status.message().contains(&format!("and {} more", 1_000 - told)),
                "{}",
                status.message()
            );
            let left_out = status.get_error_details().error_info().unwrap().metadata["left_out"].clone();
            assert_eq!(left_out, (1_000 - told).to_string());
            assert!(header_bytes(status) < 6_500);
        }
    }

    #[test]
    fn every_refusal_fits_in_headers() {
        let long = || "\u{202e}é 'x".repeat(20_000);
        let refusals = [
            Refusal::field(&long(), long()),
            Refusal::NotFound { name: long(), hint: long() },
            Refusal::Exists { name: format!("teams/{}/x", long()) },
            Refusal::EtagMismatch { name: long(), given: long(), current: long() },
            Refusal::Precondition { reason: "HAS_CHILDREN", subject: long(), description: long() },
            Refusal::Preconditions {
                reason: "LATER_CHANGES",
                message: long(),
                violations: (0..100).map(|_| (long(), long())).collect(),
            },
            Refusal::LaterVersion { name: long(), from: "2026-11-23T08:00:00Z".parse().unwrap() },
            Refusal::Zone(UnknownZone { name: long(), version: long(), suggestion: Some(long()) }),
        ];
        for refusal in refusals {
            let status = to_status(refusal);
            let (code, message) = (status.code(), status.message().to_owned());
            assert!(!message.contains('\u{202e}'), "{message}");
            let size = header_bytes(status);
            assert!(size < 6_500, "{code:?} takes {size} bytes");
        }
    }
}
