//! Arguments of `log`.

use clap::Args;

const LOG_EXAMPLES: &str = "\
Coordinators see every change. Residents see their own time off, of that of others when it changed, and everything \
else as they see it elsewhere.

Examples:
  onduty log                        the 20 newest changes
  onduty log --since mon --until fri --actor asa
  onduty log --object duties/review --full
  onduty log --object teams/psf/residents/asa --output json";

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
