//! Arguments of `rota`: who takes turns, and changes of that.

use clap::{Args, Subcommand};

const ROTA_EXAMPLES: &str = "\
Of a duty that has one rotation, its name is enough; of others it is DUTY/LAYER.

Examples:
  onduty rota security              who takes turns, and whose the next ones are
  onduty rota buildbots/weekly --output json
  onduty rota add security dan --from 2027-03-01";

const ADD_EXAMPLES: &str = "\
It holds from the next turn on, so that nobody's turn in progress or before is moved. With a date, from the first turn \
that begins on that day of the rotation's zone or later; with a time, from then on exactly. The new order begins with \
whoever would have been next, and a newcomer waits for one full round at most.

Examples:
  onduty rota add security dan --dry-run
  onduty rota add security dan --after asa --from 2027-03-01";

const REMOVE_EXAMPLES: &str = "\
It holds from the next turn on: whoever is on turn finishes it. Somebody who is away for a time stays in the rota; \
`onduty off add` says so.

Examples:
  onduty rota remove security dan
  onduty rota remove security dan --from 2027-03-01";

const ORDER_EXAMPLES: &str = "\
Everybody who takes turns is to be named. The new order begins with whoever would have been next.

Example:
  onduty rota order security ben asa dan --dry-run";

/// Arguments of `rota`.
#[derive(Args, Debug)]
#[command(after_long_help = ROTA_EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct RotaArgs {
    /// What to change; without it the rota is shown.
    #[command(subcommand)]
    pub command: Option<RotaCommand>,
    /// Whose rota: a duty, or DUTY/LAYER
    #[arg(value_name = "DUTY", required = true)]
    pub duty: Option<String>,
    /// As it is in effect at this time [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,
}

impl RotaArgs {
    /// Returns what people type for the command.
    pub fn name(&self) -> &'static str {
        match self.command {
            Some(RotaCommand::Add(_)) => "rota add",
            Some(RotaCommand::Remove(_)) => "rota remove",
            Some(RotaCommand::Order(_)) => "rota order",
            None => "rota",
        }
    }
}

/// What to change of who takes turns.
#[derive(Debug, Subcommand)]
pub enum RotaCommand {
    /// Let somebody take turns too
    Add(RotaAdd),
    /// Let somebody take turns no more
    Remove(RotaRemove),
    /// Let the same people take turns in another order
    Order(RotaOrder),
}

/// From when a change holds.
#[derive(Args, Debug)]
pub struct RotaFrom {
    /// From when; a date means the first turn that begins then or later [default: the next turn]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// Allow --from in the past, as a correction of it
    #[arg(long)]
    pub correction: bool,
    /// Drop what is already planned for later
    #[arg(long)]
    pub replace_later: bool,
    /// Say what would be and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `rota add`.
#[derive(Args, Debug)]
#[command(after_long_help = ADD_EXAMPLES)]
pub struct RotaAdd {
    /// Whose rota: a duty, or DUTY/LAYER
    pub duty: String,
    /// Who comes in
    #[arg(required = true, value_name = "RESIDENT")]
    pub residents: Vec<String>,
    /// Behind this one in the order [default: at its end]
    #[arg(long, value_name = "RESIDENT")]
    pub after: Option<String>,
    /// Before this one in the order
    #[arg(long, value_name = "RESIDENT", conflicts_with = "after")]
    pub before: Option<String>,
    /// From when.
    #[command(flatten)]
    pub from: RotaFrom,
}

/// Arguments of `rota remove`.
#[derive(Args, Debug)]
#[command(after_long_help = REMOVE_EXAMPLES)]
pub struct RotaRemove {
    /// Whose rota: a duty, or DUTY/LAYER
    pub duty: String,
    /// Who goes out
    #[arg(required = true, value_name = "RESIDENT")]
    pub residents: Vec<String>,
    /// From when.
    #[command(flatten)]
    pub from: RotaFrom,
}

/// Arguments of `rota order`.
#[derive(Args, Debug)]
#[command(after_long_help = ORDER_EXAMPLES)]
pub struct RotaOrder {
    /// Whose rota: a duty, or DUTY/LAYER
    pub duty: String,
    /// Everybody, in the new order
    #[arg(required = true, value_name = "RESIDENT")]
    pub residents: Vec<String>,
    /// From when.
    #[command(flatten)]
    pub from: RotaFrom,
}
