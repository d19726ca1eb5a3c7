//! The way out of an error, by its code and reason.

use std::error::Error as _;

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::connect::root_cause;
use crate::{names, trust};

/// How alike an unknown id and a known one must be for it to be suggested (0 to 1).
const LIKENESS_MIN: f64 = 0.75;

/// Returns the way out of a server's error that a command met.
pub fn for_status(status: &Status, command: &str) -> String {
    if let Some(hint) = connection_cause(status).and_then(|cause| trust::hint_in_call(&cause)) {
        return hint.to_owned();
    }
    let details = status.get_error_details();
    if let Some(info) = details.error_info() {
        let name = info.metadata.get("name").map(String::as_str).unwrap_or_default();
        if let Some(hint) = for_reason(&info.reason, name) {
            return hint;
        }
    }
    if let Some(name) = missing_resource(status)
        && let Some(listed) = list_command(names::collection(&name))
    {
        return format!("see what there is with `{listed}`");
    }
    match status.code() {
        Code::Unavailable => "the server is starting, stopping or cut off; try again, and look at its log".to_owned(),
        Code::DeadlineExceeded => "the server took too long; ask for a shorter time with --from and --to".to_owned(),
        Code::Unimplemented => "the server does not know this call; compare versions with `onduty info`".to_owned(),
        Code::Internal => "this is a fault of the server; its log says more".to_owned(),
        _ if command == "gaps reopen" => "`onduty gaps` says which gaps are accepted".to_owned(),
        Code::ResourceExhausted => "too much was asked for at once: wait a little, or ask for less".to_owned(),
        _ if command.is_empty() => "`onduty --help` says what commands take".to_owned(),
        _ => format!("`onduty {command} --help` says what the command takes"),
    }
}

/// Returns what broke the connection, where it is that and no answer of the server.
pub fn connection_cause(status: &Status) -> Option<String> {
    status.source().map(root_cause)
}

fn for_reason(reason: &str, name: &str) -> Option<String> {
    let hint = match reason {
        "RESOURCE_EXISTS" => "choose another id, or look at what has it with `onduty get`",
        "ETAG_MISMATCH" => "somebody changed it meanwhile; look again and repeat",
        "UNKNOWN_TIME_ZONE" => "zones are IANA names such as Europe/Warsaw, America/Toronto or UTC",
        "CHANGES_THE_PAST" => "if it is a correction of the past, say so with --correction",
        "LATER_VERSION" => "a later change is planned already; --replace-later drops it",
        "CONFLICTS" => "--force takes it over all the same where that has an effect; for coordinators",
        "SWAP_TAKEN" | "SWAP_DECLINED" | "SWAP_WITHDRAWN" | "SWAP_EXPIRED" => {
            "`onduty swap list` says what can be taken over"
        }
        "SWAP_VOID" => "ask for what is there now: `onduty shifts` says who has what",
        "LACKS_SKILL" => "--force makes it anyway",
        "HAS_CHILDREN" => "--force ends what it has along with it",
        "TASK_FINISHED" => return Some(format!("take it back first with `onduty task reopen {}`", names::id(name))),
        "TIME_OFF_NOT_IN_PROGRESS" => {
            let remove = format!("`onduty delete time-off {}`", names::id(name));
            return Some(format!("what lies ahead, or was recorded by mistake, goes with {remove}"));
        }
        "LATER_CHANGES" => "`onduty log` says what came after; nothing was changed",
        "NOT_UNDOABLE" => "`onduty log` says what else can be undone; nothing was changed",
        "UNAUTHENTICATED" => "log in with `onduty login`, or give a token in ONDUTY_TOKEN",
        "INVALID_TOKEN" => "log in again with `onduty login`; ask a coordinator for a token or an invitation",
        "PERMISSION_DENIED" => "`onduty whoami` says as whom the server knows you",
        "CONTENTION" => "others are changing the team right now; try again",
        "STORE_UNAVAILABLE" => "the server cannot reach its data; its log says why",
        _ => return None,
    };
    Some(hint.to_owned())
}

/// Returns the name of the resource that a server's error misses.
pub fn missing_resource(status: &Status) -> Option<String> {
    let resource = status.get_details_resource_info().filter(|_| status.code() == Code::NotFound)?;
    Some(resource.resource_name).filter(|name| name.starts_with("teams/"))
}

/// Returns the command that lists a collection.
pub fn list_command(collection: &str) -> Option<&'static str> {
    Some(match collection {
        "changes" => "onduty log",
        "teams" => "onduty list teams",
        "residents" => "onduty list residents",
        "duties" => "onduty list duties",
        "holidaySets" => "onduty list holiday-sets",
        "overrides" => "onduty list overrides",
        "timeOff" => "onduty off list --all",
        "swaps" => "onduty swap list --all",
        "tasks" => "onduty task list --all",
        "calendars" => "onduty calendar list",
        _ => return None,
    })
}

/// Returns the hint for an unknown id, given those that exist.
pub fn did_you_mean<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    known
        .into_iter()
        .map(|known| (strsim::jaro_winkler(known, &unknown.to_lowercase()), known))
        .filter(|(likeness, _)| *likeness >= LIKENESS_MIN)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| format!("did you mean '{known}'?"))
}

#[cfg(test)]
mod tests {
    use tonic_types::ErrorDetails;

    use super::*;

    #[test]
    fn the_nearest_known_id_is_suggested() {
        let known = ["reviews", "security", "releases"];
        assert_eq!(did_you_mean("review", known).as_deref(), Some("did you mean 'reviews'?"));
        assert_eq!(did_you_mean("zzz", known), None);
    }

    #[test]
    fn a_missing_resource_leads_to_its_list() {
        let mut details = ErrorDetails::new();
        details.set_resource_info("onduty.v1.Duty", "teams/psf/duties/reveiws", "", "");
        let status = Status::with_error_details(Code::NotFound, "there is no such duty", details);
        assert_eq!(for_status(&status, "get"), "see what there is with `onduty list duties`");
    }

    #[test]
    fn a_reason_leads_to_the_flag_that_allows_it() {
        let details = ErrorDetails::with_error_info("LACKS_SKILL", "onduty.v1", std::collections::HashMap::new());
        let status = Status::with_error_details(Code::FailedPrecondition, "asa lacks 'release'", details);
        assert_eq!(for_status(&status, "cover"), "--force makes it anyway");
    }

    #[test]
    fn what_cannot_be_ended_is_named_in_the_command_that_removes_it() {
        let name = std::collections::HashMap::from([("name".to_owned(), "teams/psf/timeOff/flu".to_owned())]);
        let details = ErrorDetails::with_error_info("TIME_OFF_NOT_IN_PROGRESS", "onduty", name);
        let status = Status::with_error_details(Code::FailedPrecondition, "flu has not begun", details);
        assert!(for_status(&status, "off end").ends_with("`onduty delete time-off flu`"));
    }

    #[test]
    fn an_error_without_a_reason_leads_to_the_help_of_the_command() {
        let status = Status::invalid_argument("this is odd");
        assert_eq!(for_status(&status, "off add"), "`onduty off add --help` says what the command takes");
    }
}
