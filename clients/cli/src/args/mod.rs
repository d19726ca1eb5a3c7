//! The command line, as clap reads it.

mod access;
mod calendars;
mod entries;
mod feeds;
mod imports;
mod load;
mod log;
mod objects;
mod reads;
mod report;
mod roster;
mod rota;
mod swaps;
mod tasks;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use crate::profile::PROFILE_DEFAULT;
use crate::trust::TrustArgs;
use crate::{columns, failure};

pub use access::{InviteArgs, LoginArgs, Role, TokenArgs, TokenCommand, TokenCreate, TokenList};
pub use calendars::{CalendarAdd, CalendarArgs, CalendarCommand, CalendarRefresh, CalendarRemove};
pub use entries::{BackArgs, CoverArgs, Kind, OffAdd, OffArgs, OffCommand, OffEnd, OffErase, OffList};
pub use feeds::{FeedArgs, FeedCommand, FeedCreate, Shows, Titles};
pub use imports::{Choice, HolidaysArgs, HolidaysCommand, HolidaysImport, OffImport};
pub use load::LoadArgs;
pub use log::{LogArgs, UndoArgs};
pub use objects::{DeleteArgs, GetArgs, ListArgs, Noun};
pub use reads::{
    GapsAccept, GapsArgs, GapsCommand, GapsReopen, HandoffsArgs, HandoffsCommand, HandoffsNote, HandoffsNotes,
    ShiftsArgs, ShowArgs, WhoArgs, Window,
};
pub use report::{Form, Readers, ReportArgs};
pub use roster::{ApplyArgs, CheckArgs, CompletionsArgs, ExportArgs};
pub use rota::{RotaArgs, RotaCommand, RotaFrom};
pub use swaps::{Standing, SwapAccept, SwapArgs, SwapAsk, SwapCommand, SwapList, TakeArgs};
pub use tasks::{
    Priority, State, TaskAdd, TaskArgs, TaskAssign, TaskCommand, TaskComment, TaskEdit, TaskList, TaskSplit, TaskStuck,
};

const AFTER_HELP: &str = "\
Times are RFC 3339 (2026-12-01T09:00:00Z), a local date (2026-12-01), a local date and time ('2026-12-01 09:00'), a \
time of today (09:00), or words: now, today, tomorrow, yesterday, mon to sun (the next such day), 'tomorrow 09:00', \
+3d, +2h, +1w, -30m. Local ones are read, and all times shown, in the zone of --tz, or else of this computer. A date \
as an end means that the whole day is included. As --to, a weekday or a time of day alone is the first one at or after \
--from, where that is stated: `--from mon --to fri` is one working week. Everything else counts from now.

Exit codes: 0 done, 1 an error, 2 a command line that makes no sense, 3 `gaps --fail` found a gap.

First steps:
  ondutyd --demo                        start a server with an example team
  onduty who                            who is on duty now, and who comes next
  onduty gaps                           when is nobody, and who can stand in
  onduty off add sick --resident asa    asa is ill: what that means and what to do
  onduty feed                           calendar addresses to subscribe to";

const INFO_EXAMPLES: &str = "\
Examples:
  onduty info
  onduty info --output json";

const LOGOUT_EXAMPLES: &str = "\
Examples:
  onduty logout
  onduty logout --profile work";

const WHOAMI_EXAMPLES: &str = "\
Examples:
  onduty whoami
  onduty whoami --output json";

/// What clap says last where a command line makes no sense.
const CLAP_HINT: &str = "For more information, try ";

/// Who is on duty, when is nobody, and who can stand in
#[derive(Debug, Parser)]
#[command(name = "onduty", version, after_long_help = AFTER_HELP, infer_subcommands = false)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub globals: Globals,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct Globals {
    /// The team; not needed where the server has one team only
    #[arg(long, global = true, env = "ONDUTY_TEAM", value_name = "TEAM")]
    pub team: Option<String>,
    /// The server's address; https:// speaks TLS [default: the profile's, or else http://127.0.0.1:7373]
    #[arg(long, global = true, env = "ONDUTY_SERVER", value_name = "URL")]
    pub server: Option<String>,
    /// The profile, as `onduty login` keeps it; a token in ONDUTY_TOKEN goes before that of the profile
    #[arg(long, global = true, env = "ONDUTY_PROFILE", value_name = "NAME", default_value = PROFILE_DEFAULT)]
    pub profile: String,
    /// The IANA zone in which local times are read and all times are shown [default: this computer's]
    #[arg(long, global = true, value_name = "ZONE")]
    pub tz: Option<String>,
    /// How answers are written: text, or json, which is the protobuf JSON mapping of the server's answer
    #[arg(long, global = true, value_name = "FORM", default_value = "text", hide_possible_values = true)]
    pub output: Output,
    /// TLS.
    #[command(flatten)]
    pub trust: TrustArgs,
}

/// How answers are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Output {
    /// For people
    Text,
    /// For programs
    Json,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say who is on duty, until when, and who comes next
    Who(WhoArgs),
    /// List or draw the shifts of a stretch of time
    Shifts(ShiftsArgs),
    /// List when nobody is on duty who should be, and who can stand in
    Gaps(GapsArgs),
    /// List when the people on duty change, and leave notes for it
    Handoffs(HandoffsArgs),
    /// Record, list and end time off
    Off(OffArgs),
    /// Say that somebody is back: end their absences in progress
    Back(BackArgs),
    /// Let somebody cover a duty, fill a gap, or take somebody off
    Cover(CoverArgs),
    /// Take a duty over, now: "I have it"
    Take(TakeArgs),
    /// Ask others to take over a shift, and answer them
    Swap(SwapArgs),
    /// Add, assign, comment, finish and list tasks
    Task(TaskArgs),
    /// Say who had how much of the work, beside their share of it
    Load(LoadArgs),
    /// Write what a month was like, to be published
    Report(ReportArgs),
    /// Let the server fetch calendars of residents, as time off
    Calendar(CalendarArgs),
    /// Take public holidays out of a calendar file
    Holidays(HolidaysArgs),
    /// Show who takes turns, let somebody in or out, or change the order
    Rota(RotaArgs),
    /// Show a team's roster on one or two screens, also as it was
    Show(ShowArgs),
    /// Say who changed what, and when
    Log(LogArgs),
    /// Undo a change, by default your own last one
    Undo(UndoArgs),
    /// Make a team what a roster file says
    Apply(ApplyArgs),
    /// Write a team as a roster file
    Export(ExportArgs),
    /// Report what in a roster will surprise
    Check(CheckArgs),
    /// Show one object in full, or all of a kind
    Get(GetArgs),
    /// List all objects of a kind
    List(ListArgs),
    /// End a configured object, or remove an entry
    Delete(DeleteArgs),
    /// Print the calendar addresses of a public team, and make feeds of your own
    Feed(FeedArgs),
    /// Keep a token for a server, or exchange an invitation for one
    Login(LoginArgs),
    /// Forget the token that is kept
    #[command(after_long_help = LOGOUT_EXAMPLES)]
    Logout,
    /// Say as whom the server knows you
    #[command(after_long_help = WHOAMI_EXAMPLES)]
    Whoami,
    /// Make, list and revoke tokens: what programs and people show to be let in
    Token(TokenArgs),
    /// Invite a resident or a coordinator
    Invite(InviteArgs),
    /// Say what server this is and what zone rules it goes by
    #[command(after_long_help = INFO_EXAMPLES)]
    Info,
    /// Write completions for a shell
    Completions(CompletionsArgs),
}

impl Command {
    /// Returns what people type for the command.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Who(_) => "who",
            Self::Shifts(_) => "shifts",
            Self::Gaps(args) => args.name(),
            Self::Handoffs(args) => args.name(),
            Self::Off(args) => args.command.name(),
            Self::Back(_) => "back",
            Self::Cover(_) => "cover",
            Self::Take(_) => "take",
            Self::Swap(args) => args.command.name(),
            Self::Task(args) => args.command.name(),
            Self::Load(_) => "load",
            Self::Report(_) => "report",
            Self::Calendar(args) => args.command.name(),
            Self::Holidays(args) => args.command.name(),
            Self::Rota(args) => args.name(),
            Self::Show(_) => "show",
            Self::Log(_) => "log",
            Self::Undo(_) => "undo",
            Self::Apply(_) => "apply",
            Self::Export(_) => "export",
            Self::Check(_) => "check",
            Self::Get(_) => "get",
            Self::List(_) => "list",
            Self::Delete(_) => "delete",
            Self::Feed(args) => args.name(),
            Self::Login(_) => "login",
            Self::Logout => "logout",
            Self::Whoami => "whoami",
            Self::Token(args) => args.command.name(),
            Self::Invite(_) => "invite",
            Self::Info => "info",
            Self::Completions(_) => "completions",
        }
    }
}

/// Reads the command line.
///
/// # Errors
///
/// The exit code, where something else is to be done than to run a command: it is done.
pub fn read() -> Result<Cli, ExitCode> {
    let terminal = std::io::stdout().is_terminal();
    let command = if terminal { Cli::command() } else { Cli::command().term_width(columns::output()) };
    let read = command.try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    read.map_err(|error| match error.use_stderr() {
        false => {
            // Whoever closed the pipe has read enough.
            let _ = error.print();
            ExitCode::SUCCESS
        }
        true => {
            let text = error.render().ansi().to_string();
            let told = text.rsplit_once(CLAP_HINT).map_or(text.as_str(), |(told, _)| told);
            failure::usage_error(told.trim_end(), &hint(std::env::args()));
            ExitCode::from(failure::EXIT_USAGE)
        }
    })
}

/// Returns the way out of a command line that makes no sense: the help of the command that it names, if it names one.
fn hint(words: impl IntoIterator<Item = String>) -> String {
    let (mut named, mut command) = ("onduty".to_owned(), Cli::command());
    for word in words {
        if let Some(sub) = command.find_subcommand(&word).cloned() {
            named += &format!(" {word}");
            command = sub;
        }
    }
    format!("`{named} --help` says more")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_wrong_command_line_leads_to_the_help_of_its_command() {
        let hint = |line: &str| hint(line.split(' ').map(str::to_owned));
        assert_eq!(hint("onduty --team psf off add nosuch"), "`onduty off add --help` says more");
        assert_eq!(hint("onduty nosuch"), "`onduty --help` says more");
    }

    /// Calls `check` for every command and subcommand.
    fn visit(command: &clap::Command, check: &mut dyn FnMut(&clap::Command)) {
        check(command);
        command.get_subcommands().filter(|sub| sub.get_name() != "help").for_each(|sub| visit(sub, check));
    }

    #[test]
    fn no_help_line_ends_in_a_stop() {
        visit(&Cli::command(), &mut |command| {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about.is_empty() && !about.ends_with('.'), "{}: '{about}'", command.get_name());
            for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
                let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(
                    !help.is_empty() && !help.ends_with('.'),
                    "{} {}: '{help}'",
                    command.get_name(),
                    argument.get_id()
                );
            }
        });
    }

    #[test]
    fn every_command_that_does_something_has_examples() {
        visit(&Cli::command(), &mut |command| {
            let help = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
            assert!(command.has_subcommands() || help.contains("onduty "), "{}", command.get_name());
        });
    }
}
