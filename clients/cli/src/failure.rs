//! What can go wrong, how it is told, and the exit code that it gives.

use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use onduty::proto::v1::RosterMistake;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::hints;
use crate::show::plain;

/// Exit code of anything that failed.
const EXIT_ERROR: u8 = 1;
/// Exit code of a command line that makes no sense; clap uses the same.
const EXIT_USAGE: u8 = 2;

const ERROR_STYLE: Style = AnsiColor::Red.on_default().bold();
const HINT_STYLE: Style = AnsiColor::Cyan.on_default().bold();

/// Why a command failed.
#[derive(Debug)]
pub enum Failure {
    /// What was asked for makes no sense.
    Usage {
        /// What is wrong.
        message: String,
        /// The way out.
        hint: Option<String>,
    },
    /// What was asked for cannot be done.
    Refused {
        /// What is wrong.
        message: String,
        /// The way out.
        hint: Option<String>,
    },
    /// Nobody answers at the server's address.
    Unreachable {
        /// The server's URL.
        server: String,
        /// What the system says.
        cause: String,
    },
    /// The server answered with an error.
    Status {
        /// The answer.
        status: Box<Status>,
        /// A file whose lines the violations speak of.
        file: Option<String>,
        /// A better way out than the usual one.
        hint: Option<String>,
    },
    /// A roster file has mistakes.
    Mistakes {
        /// The file.
        file: String,
        /// What is wrong with it.
        mistakes: Vec<RosterMistake>,
        /// How many more mistakes there are.
        left_out: i32,
    },
    /// Reading or writing failed.
    Io {
        /// What was read or written.
        what: String,
        /// What the system says.
        source: std::io::Error,
    },
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self::Status { status: Box::new(status), file: None, hint: None }
    }
}

impl Failure {
    /// Returns a failure for what makes no sense.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: None }
    }

    /// Returns a failure for what cannot be done.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::Refused { message: message.into(), hint: None }
    }

    /// Returns a failure of reading or writing `what`.
    pub fn io(what: impl Into<String>, source: std::io::Error) -> Self {
        Self::Io { what: what.into(), source }
    }

    /// Returns the failure with a way out, which replaces an earlier one.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        if let Self::Usage { hint, .. } | Self::Refused { hint, .. } | Self::Status { hint, .. } = &mut self {
            *hint = Some(text.into());
        }
        self
    }

    /// Returns the failure with the file whose lines it speaks of.
    #[must_use]
    pub fn in_file(mut self, path: &str) -> Self {
        if let Self::Status { file, .. } = &mut self {
            *file = Some(path.to_owned());
        }
        self
    }

    /// Says what failed on standard error and returns the exit code.
    ///
    /// A reader that went away (`onduty shifts | head`) is no failure.
    pub fn report(&self) -> ExitCode {
        if matches!(self, Self::Io { source, .. } if source.kind() == ErrorKind::BrokenPipe) {
            return ExitCode::SUCCESS;
        }
        // If standard error is closed too there is nobody left to tell.
        let _ = anstream::stderr().write_all(self.text().as_bytes());
        ExitCode::from(if matches!(self, Self::Usage { .. }) { EXIT_USAGE } else { EXIT_ERROR })
    }

    /// Returns the lines that say what failed, the hint last.
    fn text(&self) -> String {
        let mut lines = self.messages().into_iter().map(|line| plain(&line)).collect::<Vec<_>>();
        if let Some(first) = lines.first_mut() {
            *first = format!("{ERROR_STYLE}error:{ERROR_STYLE:#} {first}");
        }
        lines.extend(self.way_out().map(|hint| format!("{HINT_STYLE}hint:{HINT_STYLE:#} {}", plain(&hint))));
        lines.join("\n") + "\n"
    }

    fn messages(&self) -> Vec<String> {
        match self {
            Self::Usage { message, .. } | Self::Refused { message, .. } => vec![message.clone()],
            Self::Unreachable { server, cause } => vec![format!("no onduty server answers at {server}: {cause}")],
            Self::Status { status, file, .. } => status_lines(status, file.as_deref()),
            Self::Mistakes { file, mistakes, left_out } => mistake_lines(file, mistakes, *left_out),
            Self::Io { what, source } => vec![format!("{what}: {source}")],
        }
    }

    fn way_out(&self) -> Option<String> {
        match self {
            Self::Usage { hint, .. } | Self::Refused { hint, .. } => hint.clone(),
            Self::Unreachable { .. } => {
                Some("start one with `ondutyd --demo`, or say where yours is with --server or ONDUTY_SERVER".to_owned())
            }
            Self::Status { status, hint, .. } => hint.clone().or_else(|| hints::for_status(status)),
            Self::Mistakes { .. } | Self::Io { .. } => None,
        }
    }
}

/// Returns the message of a status and, each on a line of its own, everything that is wrong in the request.
fn status_lines(status: &Status, file: Option<&str>) -> Vec<String> {
    let mut lines = vec![match status.message() {
        "" => format!("the server answered {:?} without a word", status.code()),
        message => message.to_owned(),
    }];
    let violations = status.get_details_bad_request().map(|details| details.field_violations).unwrap_or_default();
    for violation in violations {
        let told = format!("{}: {}", violation.field, violation.description);
        match file {
            Some(file) if starts_with_position(&violation.description) => {
                lines.push(format!("  {file}:{} ({})", violation.description, violation.field));
            }
            // The message of a request in which one thing is wrong says it already.
            _ if lines[0] == told => {}
            _ => lines.push(format!("  {told}")),
        }
    }
    let preconditions = status.get_details_precondition_failure().map(|details| details.violations);
    for violation in preconditions.unwrap_or_default() {
        lines.push(format!("  {}: {}", violation.subject, violation.description));
    }
    if status.code() == Code::Internal
        && let Some(request) = status.get_details_request_info()
    {
        lines.push(format!("  the server's log has more under request id {}", request.request_id));
    }
    lines
}

/// Returns how many mistakes a roster file has and, each on a line of its own, every one that is known.
fn mistake_lines(file: &str, mistakes: &[RosterMistake], left_out: i32) -> Vec<String> {
    let count = mistakes.len() + usize::try_from(left_out).unwrap_or_default();
    let what = if count == 1 { "mistake" } else { "mistakes" };
    let mut lines = vec![format!("{file} has {count} {what}, and nothing was applied")];
    lines.extend(mistakes.iter().map(|RosterMistake { line, column, field, text }| {
        let field = if field.is_empty() { String::new() } else { format!("{field}: ") };
        format!("  {file}:{line}:{column}: {field}{text}")
    }));
    lines.extend((left_out > 0).then(|| format!("  and {left_out} more")));
    lines
}

/// Tells whether a text begins with `line:column:`.
fn starts_with_position(text: &str) -> bool {
    let mut parts = text.splitn(3, ':');
    let mut number = || parts.next().is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    number() && number() && text.matches(':').count() >= 2
}

#[cfg(test)]
mod tests {
    use tonic_types::{ErrorDetails, FieldViolation};

    use super::*;

    fn text(failure: &Failure) -> String {
        anstream::adapter::strip_str(&failure.text()).to_string()
    }

    fn bad_request(violations: &[(&str, &str)]) -> Failure {
        let mut details = ErrorDetails::new();
        details.set_error_info("INVALID_FIELD", "onduty.v1", std::collections::HashMap::new());
        details.set_bad_request(
            violations.iter().map(|(field, why)| FieldViolation::new(*field, *why)).collect::<Vec<_>>(),
        );
        Status::with_error_details(Code::InvalidArgument, "2 fields are invalid", details).into()
    }

    #[test]
    fn the_only_violation_is_told_once() {
        let mut details = ErrorDetails::new();
        details.add_bad_request_violation("resident", "there is no resident 'x'");
        let message = "resident: there is no resident 'x'";
        let failure = Failure::from(Status::with_error_details(Code::InvalidArgument, message, details));
        assert_eq!(text(&failure).matches("there is no resident 'x'").count(), 1);
    }

    #[test]
    fn every_violation_has_its_own_line() {
        let failure = bad_request(&[("time_off.kind", "is required"), ("time_off.span", "ends before it starts")]);
        insta::assert_snapshot!(text(&failure), @r"
        error: 2 fields are invalid
          time_off.kind: is required
          time_off.span: ends before it starts
        ");
    }

    #[test]
    fn a_mistake_in_a_file_is_told_with_file_line_and_column() {
        let failure =
            bad_request(&[("duty[0].zone", "12:8: 'Europe/Warszawa' is no zone; did you mean 'Europe/Warsaw'?")]);
        insta::assert_snapshot!(text(&failure.in_file("team.toml")), @r"
        error: 2 fields are invalid
          team.toml:12:8: 'Europe/Warszawa' is no zone; did you mean 'Europe/Warsaw'? (duty[0].zone)
        ");
    }

    #[test]
    fn a_server_that_does_not_answer_comes_with_the_way_to_start_one() {
        let failure =
            Failure::Unreachable { server: "http://127.0.0.1:7373".to_owned(), cause: "Connection refused".to_owned() };
        insta::assert_snapshot!(text(&failure), @r"
        error: no onduty server answers at http://127.0.0.1:7373: Connection refused
        hint: start one with `ondutyd --demo`, or say where yours is with --server or ONDUTY_SERVER
        ");
    }

    #[test]
    fn control_characters_of_a_message_do_not_reach_the_terminal() {
        let failure = Failure::from(Status::unknown("a \u{1b}[2J b"));
        assert!(!text(&failure).contains('\u{1b}'));
    }
}
