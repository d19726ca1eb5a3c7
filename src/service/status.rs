//! Refusals as `google.rpc.Status` with its details: the only file that names a gRPC code.
//!
//! Every status carries exactly one `ErrorInfo` with a reason in capitals and every value that the message has, and at
//! most one each of the other details (AIP-193).

use std::collections::HashMap;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::model::validate::Violation;
use crate::roster::Refusal;

/// The domain of every reason.
const DOMAIN: &str = "onduty";
/// When to come back where others keep changing a team, or the store cannot.
const RETRY: Duration = Duration::from_secs(1);

/// Returns the status that tells a caller of `refusal`.
#[must_use]
pub fn to_status(refusal: Refusal) -> Status {
    let message = refusal.to_string();
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
        Refusal::LaterVersion { name, from } => {
            let from = from.to_string();
            precondition("LATER_VERSION", &message, &name, &message, &[("name", &name), ("from", &from)])
        }
        Refusal::ChangesThePast { from } => {
            let from = from.to_string();
            precondition("CHANGES_THE_PAST", &message, "effective_time", &message, &[("from", &from)])
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
        values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    ErrorDetails::with_error_info(reason, DOMAIN, metadata)
}

fn invalid(message: &str, violations: &[Violation]) -> Status {
    let fields: Vec<&str> = violations.iter().map(|violation| violation.field.as_str()).collect();
    let mut details = info("INVALID_FIELD", &[("fields", &fields.join(", "))]);
    for violation in violations {
        details.add_bad_request_violation(&violation.field, &violation.reason);
    }
    Status::with_error_details(Code::InvalidArgument, message, details)
}

fn resource(code: Code, reason: &str, message: &str, name: &str, values: &[(&str, &str)]) -> Status {
    let mut details = info(reason, values);
    let kind = name.rsplit('/').nth(1).unwrap_or_default();
    details.set_resource_info(kind, name, "", message);
    Status::with_error_details(code, message, details)
}

fn precondition(reason: &str, message: &str, subject: &str, description: &str, values: &[(&str, &str)]) -> Status {
    let mut details = info(reason, values);
    details.add_precondition_failure_violation(reason, subject, description);
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

    #[test]
    fn every_violation_is_told_at_once() {
        let violation = |field: &str| Violation { field: field.to_owned(), reason: "is empty".to_owned() };
        let status = to_status(Refusal::Invalid(vec![violation("title"), violation("zone")]));
        assert_eq!(status.code(), Code::InvalidArgument);
        let details = status.get_error_details();
        assert_eq!(details.bad_request().unwrap().field_violations.len(), 2);
        assert_eq!(details.error_info().unwrap().reason, "INVALID_FIELD");
    }
}
