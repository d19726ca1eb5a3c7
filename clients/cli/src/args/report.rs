//! Arguments of report.

use clap::{Args, ValueEnum};

const REPORT_EXAMPLES: &str = "\
The same data give the same report, whoever asks, so that it can be committed or posted. The public one says who was on \
duty, how much was covered, the gaps and the handoffs. The team's also says how gaps were closed, which tasks were done, \
what was changed about the rota, and who is away next. Neither says why anybody is away.

Examples:
  onduty report                     last month, for anybody
  onduty report --month 2026-11 --for team
  onduty report --month 2026-11 --form html > november.html
  onduty report --month 2026-11 --output json";

/// For whom a report is.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Readers {
    /// Anybody
    Public,
    /// Those who work in the team
    Team,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Form {
    /// Markdown
    Markdown,
    /// A web page that needs nothing else
    Html,
}

/// Arguments of `report`.
#[derive(Args, Debug)]
#[command(after_long_help = REPORT_EXAMPLES)]
pub struct ReportArgs {
    /// Which month, on the team's clock, such as 2026-11 [default: last month]
    #[arg(long, value_name = "MONTH")]
    pub month: Option<String>,
    /// For whom it is
    #[arg(long = "for", id = "for", value_name = "READERS", default_value = "public")]
    pub readers: Readers,
    /// In which form
    #[arg(long, value_name = "FORM", default_value = "markdown")]
    pub form: Form,
}
