//! Arguments of the commands by which duties change hands between people: take, swap.

use clap::{Args, Subcommand, ValueEnum};

const TAKE_EXAMPLES: &str = "\
Whoever has the duty is off it meanwhile; where somebody is missing you are there beside the others. With several on \
duty, say in whose place with --for. A date as --to includes the whole day.

Examples:
  onduty take security                        from now until the present shift ends
  onduty take security --to 18:00
  onduty take review --for asa --from 'tomorrow 09:00' --to 'tomorrow 12:00' --dry-run";

const SWAP_ASK_EXAMPLES: &str = "\
Without times it is the shift that is going on or comes next: all of it, or what is left. A swap expires when the \
shift begins, unless --expires is earlier; one that has begun by then, when it ends. What changes in between makes it \
void, with the reason: nobody gets another time than was agreed.

Examples:
  onduty swap ask security                    anybody who can
  onduty swap ask security --ask ben --message 'A wedding'
  onduty swap ask review --from 'fri 09:00' --to 'fri 13:00' --expires tomorrow
  onduty swap ask review --ask ben --in-return review --return-from '2026-12-14 09:00'";

const SWAP_LIST_EXAMPLES: &str = "\
Examples:
  onduty swap list                            what nobody has answered yet
  onduty swap list --all --resident asa";

const SWAP_SHOW_EXAMPLES: &str = "\
Example:
  onduty swap show 7kx2";

const SWAP_ACCEPT_EXAMPLES: &str = "\
What speaks against it is shown by `onduty swap show` and with --dry-run. An absence cannot be forced.

Examples:
  onduty swap accept 7kx2 --dry-run
  onduty swap accept 7kx2
  onduty swap accept 7kx2 --resident ben --force    for a colleague, in spite of too little rest";

const SWAP_CLOSE_EXAMPLES: &str = "\
Examples:
  onduty swap decline 7kx2                    it asks me, and I cannot
  onduty swap withdraw 7kx2                   I asked, and need it no more";

/// Arguments of `take`.
#[derive(Args, Debug)]
#[command(after_long_help = TAKE_EXAMPLES)]
pub struct TakeArgs {
    /// The duty
    pub duty: String,
    /// From when [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// Until when; a date includes the whole day [default: the end of the present shift or gap]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub to: Option<String>,
    /// In whose place, where several are on duty
    #[arg(long = "for", id = "for_resident", value_name = "RESIDENT")]
    pub for_resident: Option<String>,
    /// Who takes it; not needed for whoever is logged in as a resident
    #[arg(long, env = "ONDUTY_RESIDENT", value_name = "RESIDENT")]
    pub resident: Option<String>,
    /// Even if a skill of the duty is lacking
    #[arg(long)]
    pub force: bool,
    /// Check it and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `swap`.
#[derive(Args, Debug)]
pub struct SwapArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: SwapCommand,
}

/// What to do with swaps.
#[derive(Debug, Subcommand)]
pub enum SwapCommand {
    /// Ask somebody, or anybody, to take over a shift or a part of one
    Ask(SwapAsk),
    /// List swaps
    List(SwapList),
    /// Show a swap, and what speaks against it
    Show(SwapShow),
    /// Take over what a swap asks
    Accept(SwapAccept),
    /// Say that whoever is asked does not take over
    Decline(SwapClose),
    /// Ask no longer
    Withdraw(SwapClose),
}

impl SwapCommand {
    /// Returns what people type for the command.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ask(_) => "swap ask",
            Self::List(_) => "swap list",
            Self::Show(_) => "swap show",
            Self::Accept(_) => "swap accept",
            Self::Decline(_) => "swap decline",
            Self::Withdraw(_) => "swap withdraw",
        }
    }
}

/// Arguments of `swap ask`.
#[derive(Args, Debug)]
#[command(after_long_help = SWAP_ASK_EXAMPLES)]
pub struct SwapAsk {
    /// The duty
    pub duty: String,
    /// From when, within the shift [default: its start, or now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// Until when; a date includes the whole day [default: the shift's end]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub to: Option<String>,
    /// Whom to ask [default: anybody who is qualified]
    #[arg(long, value_name = "RESIDENT")]
    pub ask: Option<String>,
    /// Take over a shift of theirs on this duty in return
    #[arg(long, value_name = "DUTY", requires = "ask")]
    pub in_return: Option<String>,
    /// From when to take over in return, within the shift [default: its start, or now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, requires = "in_return")]
    pub return_from: Option<String>,
    /// Until when to take over in return [default: the shift's end]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, requires = "in_return")]
    pub return_to: Option<String>,
    /// What to say to it
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub message: String,
    /// Until when it can be accepted; a date includes the whole day [default: the start of the shift]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub expires: Option<String>,
    /// Who asks; not needed for whoever is logged in as a resident
    #[arg(long, env = "ONDUTY_RESIDENT", value_name = "RESIDENT")]
    pub resident: Option<String>,
    /// An id of your own choice [default: the server chooses]
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// Check it and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Where a swap stands.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Standing {
    /// It can be accepted
    Open,
    /// Somebody took over
    Accepted,
    /// The one who was asked did not
    Declined,
    /// It is asked no longer
    Withdrawn,
    /// Nobody answered in time
    Expired,
    /// It cannot take effect any more
    Void,
}

/// Arguments of `swap list`.
#[derive(Args, Debug)]
#[command(after_long_help = SWAP_LIST_EXAMPLES)]
pub struct SwapList {
    /// Only those in which one of these asks, is asked or took over
    #[arg(long = "resident", value_name = "RESIDENT")]
    pub residents: Vec<String>,
    /// Only those of these duties
    #[arg(long = "duty", value_name = "DUTY")]
    pub duties: Vec<String>,
    /// Only those that stand so [default: open]
    #[arg(long = "state", value_name = "STATE")]
    pub states: Vec<Standing>,
    /// However they stand
    #[arg(long, conflicts_with = "states")]
    pub all: bool,
}

/// Arguments of `swap show`.
#[derive(Args, Debug)]
#[command(after_long_help = SWAP_SHOW_EXAMPLES)]
pub struct SwapShow {
    /// The swap's id, or the beginning of it
    pub swap: String,
}

/// Arguments of `swap accept`.
#[derive(Args, Debug)]
#[command(after_long_help = SWAP_ACCEPT_EXAMPLES)]
pub struct SwapAccept {
    /// The swap's id, or the beginning of it
    pub swap: String,
    /// Who takes over; not needed where somebody is asked by name, or is logged in as a resident
    #[arg(long, env = "ONDUTY_RESIDENT", value_name = "RESIDENT")]
    pub resident: Option<String>,
    /// In spite of too little rest or a lacking skill; for coordinators
    #[arg(long)]
    pub force: bool,
    /// Check it and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `swap decline` and `swap withdraw`.
#[derive(Args, Debug)]
#[command(after_long_help = SWAP_CLOSE_EXAMPLES)]
pub struct SwapClose {
    /// The swap's id, or the beginning of it
    pub swap: String,
}
