//! Arguments of load.

use clap::Args;

use super::Window;

const LOAD_EXAMPLES: &str = "\
Each hour on duty counts once, by the clock of where the resident is, as the first of these that fits: holiday (of \
their own holiday sets), weekend (a day without any of their working hours), night (22:00-07:00), evening (outside \
their working hours), working. The share is what would have been theirs, in proportion to their capacity and to the \
time in which they were available; + is more than that, - less.

Examples:
  onduty load                       this month
  onduty load --month 2026-11 --by-duty
  onduty load --from 2026-10-01 --to 2026-12-31 --duty security
  onduty load --month 2026-11 --csv > november.csv";

/// Arguments of `load`.
#[derive(Args, Debug)]
#[command(after_long_help = LOAD_EXAMPLES)]
pub struct LoadArgs {
    /// Which month, on the team's clock, such as 2026-11 [default: the present one]
    #[arg(long, value_name = "MONTH", conflicts_with_all = ["from", "to"])]
    pub month: Option<String>,
    /// When; without an end until now
    #[command(flatten)]
    pub window: Window,
    /// Only these duties
    #[arg(long = "duty", value_name = "DUTY")]
    pub duties: Vec<String>,
    /// A line for each duty of each resident
    #[arg(long)]
    pub by_duty: bool,
    /// Write comma-separated values, for a spreadsheet; hours with two decimals
    #[arg(long)]
    pub csv: bool,
}
