//! What can go wrong, how it is told, and the exit code that it gives.

use std::io::Write as _;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use onduty::proto::v1::RosterMistake;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::show::{plain, wrapped};
use crate::{columns, hints, options, trust};

/// Exit code of anything that failed.
const EXIT_ERROR: u8 = 1;
/// Exit code of a command line that makes no sense; clap uses the same.
pub const EXIT_USAGE: u8 = 2;

const ERROR_STYLE: Style = AnsiColor::Red.on_default().bold();
const WARNING_STYLE: Style = AnsiColor::Yellow.on_default().bold();
const HINT_STYLE: Style = AnsiColor::Cyan.on_default().bold();
/// How far the later lines of a hint are indented.
const HINT_INDENT: usize = 6;

/// Why a command failed.
#[derive(Debug)]
pub enum Failure {
    /// What was asked for makes no sense.
    Usage {
        /// What is wrong.
        message: String,
        /// The way out.
        hint: String,
    },
    /// What was asked for cannot be done.
    Refused {
        /// What is wrong.
        message: String,
        /// The way out.
        hint: String,
    },
    /// Nobody answers at the server's address.
    Unreachable {
        /// The server's URL.
        server: String,
        /// What the system says.
        cause: String,
    },
    /// The server answered with an error.
    Status(Box<Answered>),
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
        /// The way out.
        hint: String,
    },
}

/// An error that the server answered, and what it answers.
#[derive(Debug)]
pub struct Answered {
    /// The answer.
    pub status: Status,
    /// What was asked for.
    pub asked: Asked,
    /// A file whose lines the violations speak of.
    pub file: Option<String>,
    /// A better way out than the usual one.
    pub hint: Option<String>,
}

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The command, such as `off add`.
    pub command: &'static str,
    /// How a command to type begins.
    pub program: String,
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self::Status(Box::new(Answered { status, asked: Asked::default(), file: None, hint: None }))
    }
}

impl Failure {
    /// Tells whether the server does not allow it to this caller.
    pub fn is_denied(&self) -> bool {
        matches!(self, Self::Status(answered) if answered.status.code() == tonic::Code::PermissionDenied)
    }

    /// Returns a failure for what makes no sense, with the way out.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: hint.into() }
    }

    /// Returns a failure for what cannot be done, with the way out.
    pub fn refused(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Refused { message: message.into(), hint: hint.into() }
    }

    /// Returns a failure of reading or writing `what`, with the way out.
    pub fn io(what: impl Into<String>, source: std::io::Error, hint: impl Into<String>) -> Self {
        Self::Io { what: what.into(), source, hint: hint.into() }
    }

    /// Returns a server's error with a way out, which replaces the usual one.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        if let Self::Status(answered) = &mut self {
            answered.hint = Some(text.into());
        }
        self
    }

    /// Returns a server's error with the file whose lines it speaks of.
    #[must_use]
    pub fn in_file(mut self, path: &str) -> Self {
        if let Self::Status(answered) = &mut self {
            answered.file = Some(path.to_owned());
        }
        self
    }

    /// Returns a server's error with what was asked for.
    #[must_use]
    pub fn to(mut self, asked: Asked) -> Self {
        if let Self::Status(answered) = &mut self {
            answered.asked = asked;
        }
        self
    }

    /// Says what failed on standard error and returns the exit code.
    pub fn report(&self) -> ExitCode {
        // If standard error is closed too there is nobody left to tell.
        let _ = anstream::stderr().write_all(self.text(columns::errors()).as_bytes());
        ExitCode::from(if matches!(self, Self::Usage { .. }) { EXIT_USAGE } else { EXIT_ERROR })
    }

    /// Returns the lines that say what failed, the hint last.
    fn text(&self, columns: usize) -> String {
        let mut lines = self.messages().into_iter().map(|line| plain(&line)).collect::<Vec<_>>();
        if let Some(first) = lines.first_mut() {
            *first = format!("{ERROR_STYLE}error:{ERROR_STYLE:#} {first}");
        }
        let lines = lines.iter().map(|line| wrapped(line, columns, 4)).collect::<Vec<_>>().join("\n");
        format!("{lines}\n{}", hint_line(&self.way_out(), columns))
    }

    fn messages(&self) -> Vec<String> {
        match self {
            Self::Usage { message, .. } | Self::Refused { message, .. } => vec![message.clone()],
            Self::Unreachable { server, cause } => vec![format!("no onduty server answers at {server}: {cause}")],
            Self::Status(answered) => answered.lines(),
            Self::Mistakes { file, mistakes, left_out } => mistake_lines(file, mistakes, *left_out),
            Self::Io { what, source, .. } => vec![format!("{what}: {source}")],
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Usage { hint, .. } | Self::Refused { hint, .. } | Self::Io { hint, .. } => hint.clone(),
            Self::Unreachable { server, cause } => trust::hint(server, cause).unwrap_or_else(|| {
                "start one with `ondutyd --demo`, or say where yours is with --server or ONDUTY_SERVER".to_owned()
            }),
            Self::Status(answered) => answered.way_out(),
            Self::Mistakes { .. } => "docs/roster-files.md says what each key takes".to_owned(),
        }
    }
}

/// Says on standard error that something is not as it was meant, though the command goes on.
pub fn warn(message: &str, hint: &str) {
    let columns = columns::errors();
    let message = wrapped(&format!("{WARNING_STYLE}warning:{WARNING_STYLE:#} {}", plain(message)), columns, 4);
    let _ = anstream::stderr().write_all(format!("{message}\n{}", hint_line(hint, columns)).as_bytes());
}

/// Says something on standard error that is neither the answer nor wrong.
pub fn note(message: &str) {
    let _ = anstream::stderr().write_all(format!("{}\n", wrapped(&plain(message), columns::errors(), 2)).as_bytes());
}

/// Says on standard error what is wrong with a command line, which is told in full, and the way out.
pub fn usage_error(told: &str, hint: &str) {
    let columns = columns::errors();
    let told = told.lines().map(|line| wrapped(line, columns, 6)).collect::<Vec<_>>().join("\n");
    let text = format!("{told}\n\n{}", hint_line(hint, columns));
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// Returns the line that says the way out.
pub fn hint_line(hint: &str, columns: usize) -> String {
    wrapped(&format!("{HINT_STYLE}hint:{HINT_STYLE:#} {}", plain(hint)), columns, HINT_INDENT) + "\n"
}

impl Answered {
    /// Returns what is wrong: the message and, each on a line of its own, everything that is wrong in the request.
    fn lines(&self) -> Vec<String> {
        let details = self.status.get_error_details();
        let violations = details.bad_request().map(|bad| bad.field_violations.clone()).unwrap_or_default();
        let told = violations.iter().map(|one| self.told(&one.field, &one.description)).collect::<Vec<_>>();
        let mut lines = match (told.as_slice(), &self.file, self.status.message()) {
            ([only], ..) => vec![only.clone()],
            ([], _, "") => vec![format!("the server answered {:?} without a word", self.status.code())],
            ([], _, message) => vec![match hints::connection_cause(&self.status) {
                Some(cause) => format!("the connection broke: {cause}"),
                None => message.to_owned(),
            }],
            (several, Some(file), _) => vec![format!("{} mistakes in {file}", several.len())],
            (several, None, _) => vec![format!("{} things are wrong", several.len())],
        };
        if told.len() > 1 {
            lines.extend(told.into_iter().map(|told| format!("  {told}")));
        }
        let preconditions = details.precondition_failure().map(|failure| failure.violations.clone());
        let preconditions = preconditions.unwrap_or_default().into_iter();
        // The message says mostly the same.
        let more = preconditions.filter(|one| !self.status.message().contains(&one.description));
        lines.extend(more.map(|one| format!("  {}: {}", one.subject, one.description)));
        if self.status.code() == Code::Internal
            && let Some(request) = details.request_info()
        {
            lines.push(format!("  the server's log has more under request id {}", request.request_id));
        }
        lines
    }

    /// Returns what is wrong with a field, by the option that states it, or by its place in the file.
    fn told(&self, field: &str, description: &str) -> String {
        match &self.file {
            Some(file) if starts_with_position(description) => format!("{file}:{description}"),
            _ => format!("{}: {description}", options::option(self.asked.command, field).unwrap_or(field)),
        }
    }

    fn way_out(&self) -> String {
        let bad_request = self.status.get_details_bad_request();
        let violations = bad_request.map(|details| details.field_violations).unwrap_or_default();
        let in_file = violations.iter().any(|one| starts_with_position(&one.description));
        let mut hints = Vec::new();
        for violation in &violations {
            let option = options::option(self.asked.command, &violation.field).unwrap_or_default();
            let hint = options::way_out(self.asked.command, option, &violation.description);
            hints.extend(hint.filter(|hint| !hints.contains(hint)));
        }
        let hint = match &self.hint {
            Some(hint) => hint.clone(),
            None if self.file.is_some() && in_file => {
                "nothing was changed; docs/roster-files.md says what each key takes".to_owned()
            }
            None if !hints.is_empty() => hints.join("; "),
            None => hints::for_status(&self.status, self.asked.command),
        };
        match self.asked.program.as_str() {
            "" => hint,
            program => hint.replace("`onduty ", &format!("`{program} ")),
        }
    }
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
        anstream::adapter::strip_str(&failure.text(80)).to_string()
    }

    fn bad_request(violations: &[(&str, &str)]) -> Failure {
        let mut details = ErrorDetails::new();
        details.set_error_info("INVALID_FIELD", "onduty", std::collections::HashMap::new());
        details.set_bad_request(
            violations.iter().map(|(field, why)| FieldViolation::new(*field, *why)).collect::<Vec<_>>(),
        );
        let message = match violations {
            [(field, why)] => format!("{field}: {why}"),
            several => format!("{} fields are wrong", several.len()),
        };
        let asked = Asked { command: "off add", program: "onduty --team psf".to_owned() };
        Failure::from(Status::with_error_details(Code::InvalidArgument, message, details)).to(asked)
    }

    #[test]
    fn the_only_violation_is_told_once_by_the_option_that_states_it() {
        insta::assert_snapshot!(text(&bad_request(&[("resident", "there is no resident 'x'")])), @r"
        error: --resident: there is no resident 'x'
        hint: `onduty --team psf list residents` says who there is
        ");
    }

    #[test]
    fn every_violation_has_its_own_line() {
        let failure = bad_request(&[("note", "is too long"), ("span.days.last_date", "is before the first day")]);
        insta::assert_snapshot!(text(&failure), @r"
        error: 2 things are wrong
          --note: is too long
          --to: is before the first day
        hint: state a --to that is later than --from
        ");
    }

    #[test]
    fn a_mistake_in_a_file_is_told_with_file_line_and_column() {
        let mistake = ("roster_toml", "12:8: 'Europe/Warszawa' is no zone; did you mean 'Europe/Warsaw'?");
        insta::assert_snapshot!(text(&bad_request(&[mistake]).in_file("team.toml")), @r"
        error: team.toml:12:8: 'Europe/Warszawa' is no zone; did you mean
            'Europe/Warsaw'?
        hint: nothing was changed; docs/roster-files.md says what each key takes
        ");
        let several = text(&bad_request(&[mistake, mistake]).in_file("team.toml"));
        assert!(several.starts_with("error: 2 mistakes in team.toml\n  team.toml:12:8: "), "{several}");
    }

    #[test]
    fn a_precondition_that_the_message_says_is_not_said_again() {
        let mut details = ErrorDetails::with_error_info("LACKS_SKILL", "onduty", std::collections::HashMap::new());
        details.add_precondition_failure_violation("LACKS_SKILL", "teams/psf/residents/asa", "'asa' lacks c");
        let status = Status::with_error_details(Code::FailedPrecondition, "'asa' lacks c; force it", details);
        insta::assert_snapshot!(text(&status.into()), @r"
        error: 'asa' lacks c; force it
        hint: --force makes it anyway
        ");
    }

    #[test]
    fn a_server_that_does_not_answer_comes_with_the_way_to_start_one() {
        let failure =
            Failure::Unreachable { server: "http://127.0.0.1:7373".to_owned(), cause: "Connection refused".to_owned() };
        insta::assert_snapshot!(text(&failure), @r"
        error: no onduty server answers at http://127.0.0.1:7373: Connection refused
        hint: start one with `ondutyd --demo`, or say where yours is with --server or
              ONDUTY_SERVER
        ");
    }

    #[test]
    fn control_characters_of_a_message_do_not_reach_the_terminal() {
        let failure = Failure::from(Status::unknown("a \u{1b}[2J b"));
        assert!(!text(&failure).contains('\u{1b}'));
    }
}
