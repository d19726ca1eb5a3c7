//! Arguments of the commands that ask: who, shifts, gaps, handoffs.

use clap::{Args, Subcommand};

const WHO_EXAMPLES: &str = "\
Examples:
  onduty who                        everybody on duty now
  onduty who reviews --at 'mon 09:00'
  onduty who security --why         why these people and nobody else";

const SHIFTS_EXAMPLES: &str = "\
Examples:
  onduty shifts                     the 7 days from now
  onduty shifts --draw --to +2w     a picture of the 14 days from now, gaps marked with !
  onduty shifts --resident asa --from 2026-12-01 --to 2026-12-31";

const GAPS_EXAMPLES: &str = "\
Examples:
  onduty gaps                       the 30 days from now, and tasks in danger
  onduty gaps --duty security --to +90d
  onduty gaps --fail --to +2w       for CI: exit code 3 if there is a gap that nobody accepted
  onduty gaps accept 3f2a --reason 'everybody is at the conference'

Below the gaps of a time with now in it are the tasks that are uncovered, at risk or overdue, for whoever may see how \
they stand. --fail is about gaps alone.";

const ACCEPT_EXAMPLES: &str = "\
A gap that grows, or whose causes change, is open again.

Examples:
  onduty gaps accept 3f2a --reason 'office closed'
  onduty gaps accept 3f2a --reason 'until the newcomer starts' --until 2027-01-31";

const REOPEN_EXAMPLES: &str = "\
Example:
  onduty gaps reopen 3f2a";

const HANDOFFS_EXAMPLES: &str = "\
Examples:
  onduty handoffs                   the 7 days from now
  onduty handoffs --duty security --to +30d --output json
  onduty handoffs note security 'the reporter waits for an answer'";

const NOTE_EXAMPLES: &str = "\
A note is for the next handoff of the duty, or for the first one from --at on. It is shown to everybody who works in the \
team, here and under `onduty who`, until the handoff after that. Viewers and the public see nothing of it.

Examples:
  onduty handoffs note security 'the reporter waits for an answer'
  onduty handoffs note reviews 'the queue is long' --at 2026-12-07";

const NOTES_EXAMPLES: &str = "\
Examples:
  onduty handoffs notes             what is to be known now, or from the next handoff on
  onduty handoffs notes --duty security --all";

const REMOVE_EXAMPLES: &str = "\
Whoever left it may, and coordinators.

Example:
  onduty handoffs remove note-3k9d2";

const SHOW_EXAMPLES: &str = "\
Shown is what had been stated by then, and who was on duty by that; `onduty who --at` goes by what is stated now. Of what \
is planned, `onduty who --at`, `onduty list duties --at` and `onduty export --at` tell.

Examples:
  onduty show                       the roster as it is
  onduty show --at 12               as revision 12 left it; `onduty log` has the numbers
  onduty show --at 'yesterday 09:00'";

/// Arguments of `show`.
#[derive(Args, Debug)]
#[command(after_long_help = SHOW_EXAMPLES)]
pub struct ShowArgs {
    /// As this revision left it, or as it was stated at this time [default: now]
    #[arg(long, value_name = "REVISION|TIME", allow_hyphen_values = true)]
    pub at: Option<String>,
}

/// A stretch of time that is asked about.
#[derive(Args, Debug)]
pub struct Window {
    /// From when [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// Until when; a date includes the whole day
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub to: Option<String>,
}

/// Arguments of `who`.
#[derive(Args, Debug)]
#[command(after_long_help = WHO_EXAMPLES)]
pub struct WhoArgs {
    /// Only these duties
    #[arg(value_name = "DUTY")]
    pub duties: Vec<String>,
    /// At what time [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,
    /// Say why: turns, who was passed over, overrides
    #[arg(long)]
    pub why: bool,
}

/// Arguments of `shifts`.
#[derive(Args, Debug)]
#[command(after_long_help = SHIFTS_EXAMPLES)]
pub struct ShiftsArgs {
    /// When; without an end the 7 days from its start
    #[command(flatten)]
    pub window: Window,
    /// Only these duties
    #[arg(long = "duty", value_name = "DUTY")]
    pub duties: Vec<String>,
    /// Only the shifts of these residents
    #[arg(long = "resident", value_name = "RESIDENT")]
    pub residents: Vec<String>,
    /// Draw a timeline instead of a table, gaps marked with exclamation marks
    #[arg(long)]
    pub draw: bool,
}

/// Arguments of `gaps`.
#[derive(Args, Debug)]
#[command(after_long_help = GAPS_EXAMPLES)]
pub struct GapsArgs {
    /// What to do with a gap; without it gaps are listed.
    #[command(subcommand)]
    pub command: Option<GapsCommand>,
    /// When; without an end the 30 days from its start
    #[command(flatten)]
    pub window: Window,
    /// Only these duties
    #[arg(long = "duty", value_name = "DUTY")]
    pub duties: Vec<String>,
    /// Leave out gaps that were accepted
    #[arg(long)]
    pub open: bool,
    /// Exit with code 3 if a gap is not accepted
    #[arg(long)]
    pub fail: bool,
}

impl GapsArgs {
    /// Returns what people type for the command.
    pub fn name(&self) -> &'static str {
        match self.command {
            Some(GapsCommand::Accept(_)) => "gaps accept",
            Some(GapsCommand::Reopen(_)) => "gaps reopen",
            None => "gaps",
        }
    }

    /// Tells whether anything is stated that has a meaning only where gaps are listed.
    pub fn states_a_list(&self) -> bool {
        let window = self.window.from.is_some() || self.window.to.is_some();
        window || !self.duties.is_empty() || self.open || self.fail
    }
}

/// What to do with a gap.
#[derive(Debug, Subcommand)]
pub enum GapsCommand {
    /// Accept a gap: it stays listed and raises no alarm
    Accept(GapsAccept),
    /// Take the acceptance of a gap back
    Reopen(GapsReopen),
}

/// Arguments of `gaps accept`.
#[derive(Args, Debug)]
#[command(after_long_help = ACCEPT_EXAMPLES)]
pub struct GapsAccept {
    /// The gap's id, or the first 4 or more characters of it
    pub gap: String,
    /// Why it is all right
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Until when; a date includes the whole day [default: as long as the gap is what it is]
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Say what would happen and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `gaps reopen`.
#[derive(Args, Debug)]
#[command(after_long_help = REOPEN_EXAMPLES)]
pub struct GapsReopen {
    /// The gap's id, or the first 4 or more characters of it
    pub gap: String,
    /// Say what would happen and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `handoffs`.
#[derive(Args, Debug)]
#[command(after_long_help = HANDOFFS_EXAMPLES)]
pub struct HandoffsArgs {
    /// What to do with notes; without it handoffs are listed.
    #[command(subcommand)]
    pub command: Option<HandoffsCommand>,
    /// When; without an end the 7 days from its start
    #[command(flatten)]
    pub window: Window,
    /// Only these duties
    #[arg(long = "duty", value_name = "DUTY")]
    pub duties: Vec<String>,
    /// Only handoffs from or to these residents
    #[arg(long = "resident", value_name = "RESIDENT")]
    pub residents: Vec<String>,
}

impl HandoffsArgs {
    /// Returns what people type for the command.
    pub fn name(&self) -> &'static str {
        match self.command {
            Some(HandoffsCommand::Note(_)) => "handoffs note",
            Some(HandoffsCommand::Notes(_)) => "handoffs notes",
            Some(HandoffsCommand::Remove(_)) => "handoffs remove",
            None => "handoffs",
        }
    }

    /// Tells whether anything is stated that has a meaning only where handoffs are listed.
    pub fn states_a_list(&self) -> bool {
        let window = self.window.from.is_some() || self.window.to.is_some();
        window || !self.duties.is_empty() || !self.residents.is_empty()
    }
}

/// What to do with handoff notes.
#[derive(Debug, Subcommand)]
pub enum HandoffsCommand {
    /// Leave a note: what the next person must know
    Note(HandoffsNote),
    /// List notes
    Notes(HandoffsNotes),
    /// Withdraw a note
    Remove(HandoffsRemove),
}

/// Arguments of `handoffs note`.
#[derive(Args, Debug)]
#[command(after_long_help = NOTE_EXAMPLES)]
pub struct HandoffsNote {
    /// The duty
    pub duty: String,
    /// What the next person must know
    pub text: String,
    /// For the first handoff at or after this time [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,
    /// An id of your own choice [default: the server chooses]
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
}

/// Arguments of `handoffs notes`.
#[derive(Args, Debug)]
#[command(after_long_help = NOTES_EXAMPLES)]
pub struct HandoffsNotes {
    /// Only notes on these duties
    #[arg(long = "duty", value_name = "DUTY")]
    pub duties: Vec<String>,
    /// Also those that are history
    #[arg(long)]
    pub all: bool,
}

/// Arguments of `handoffs remove`.
#[derive(Args, Debug)]
#[command(after_long_help = REMOVE_EXAMPLES)]
pub struct HandoffsRemove {
    /// The note's id
    pub id: String,
}
