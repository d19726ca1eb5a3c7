//! Arguments of the commands for roster files, and of completions.

use clap::Args;
use clap_complete::Shell;

const APPLY_EXAMPLES: &str = "\
The difference is shown first, and what it would make different for people on duty, gaps and load in the 90 days ahead. On a terminal you are asked then, unless you say --yes; elsewhere it is applied at once. \
What people entered, a sick day above all, is never touched.

Examples:
  onduty apply team.toml --dry-run
  onduty apply team.toml
  onduty apply team.toml --prune --yes     also end what is no longer in the file
  onduty apply team.toml --at 2027-01-01   in effect from the new year";

const EXPORT_EXAMPLES: &str = "\
Applying what was exported changes nothing.

Examples:
  onduty export > team.toml
  onduty export --all > everything.toml    with what people entered
  onduty export --at 2026-06-01";

const CHECK_EXAMPLES: &str = "\
Examples:
  onduty check                             the 90 days from now
  onduty check --from 2027-01-01 --to 2027-03-31";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  onduty completions bash > ~/.local/share/bash-completion/completions/onduty
  onduty completions zsh > ~/.zfunc/_onduty
  onduty completions fish > ~/.config/fish/completions/onduty.fish";

/// Arguments of `apply`.
#[derive(Args, Debug)]
#[command(after_long_help = APPLY_EXAMPLES)]
pub struct ApplyArgs {
    /// The roster file, TOML; - reads standard input
    pub file: String,
    /// Show the difference and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Also end what came from a file and is not in this one
    #[arg(long)]
    pub prune: bool,
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
    /// From when it is in effect [default: now; a new order of turns from the next turn]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,
    /// Allow --at in the past, as a correction of it
    #[arg(long)]
    pub correction: bool,
    /// Drop what is already planned for later
    #[arg(long)]
    pub replace_later: bool,
}

/// Arguments of `export`.
#[derive(Args, Debug)]
#[command(after_long_help = EXPORT_EXAMPLES)]
pub struct ExportArgs {
    /// With what people entered too
    #[arg(long)]
    pub all: bool,
    /// As it is in effect at this time [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,
}

/// Arguments of `check`.
#[derive(Args, Debug)]
#[command(after_long_help = CHECK_EXAMPLES)]
pub struct CheckArgs {
    /// From when [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// Until when; a date includes the whole day [default: 90 days after its start]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub to: Option<String>,
}

/// Arguments of `completions`.
#[derive(Args, Debug)]
#[command(after_long_help = COMPLETIONS_EXAMPLES)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}
