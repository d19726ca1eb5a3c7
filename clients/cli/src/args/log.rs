//! Arguments of `log` and `undo`.

use clap::Args;

const LOG_EXAMPLES: &str = "\
Coordinators see every change. Residents see their own time off, of that of others when it changed, and everything \
else as they see it elsewhere.

Examples:
  onduty log                        the 20 newest changes
  onduty log --since mon --until fri --actor asa
  onduty log --object duties/review --full
  onduty log --object teams/psf/residents/asa --output json";

const UNDO_EXAMPLES: &str = "\
A new change puts back what that one took, unless something depends on it meanwhile: then every reason is told. \
Overrides, time off and tasks become what they were. What coordinators configure is from now on as it was to be; \
whoever was on duty meanwhile stays in the records. Kinds and notes of time off are not kept in the log: what was \
removed comes back without.

Examples:
  onduty undo --dry-run             see what your own last change was, and what undoing it would do
  onduty undo                       undo it; once more does it again
  onduty undo 12                    `onduty log` has the numbers";

/// Arguments of `undo`.
#[derive(Args, Debug)]
#[command(after_long_help = UNDO_EXAMPLES)]
pub struct UndoArgs {
    /// The revision that the change made [default: your own last change]
    #[arg(value_name = "REVISION", value_parser = clap::value_parser!(i64).range(1..))]
    pub revision: Option<i64>,
    /// Say what would come back and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `log`.
#[derive(Args, Debug)]
#[command(after_long_help = LOG_EXAMPLES)]
pub struct LogArgs {
    /// Only what was changed at or after this time
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub since: Option<String>,
    /// Only what was changed before this time; a date includes the whole day
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub until: Option<String>,
    /// Only what one of these changed, as the log names them
    #[arg(long = "actor", value_name = "NAME")]
    pub actors: Vec<String>,
    /// Only changes of these, by name, such as duties/review; a resident stands for their time off too
    #[arg(long = "object", value_name = "NAME")]
    pub objects: Vec<String>,
    /// The most changes to show
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub limit: u16,
    /// Show everything as it was before and after
    #[arg(long)]
    pub full: bool,
}
