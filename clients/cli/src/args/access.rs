//! Arguments of the commands about who calls: login, logout, whoami, token, invite.

use clap::{Args, Subcommand, ValueEnum};

const LOGIN_EXAMPLES: &str = "\
The token is asked for, or read from standard input; it is kept in ~/.config/onduty/profiles.toml, which only you can \
read. With --invitation a code that a coordinator sent you is exchanged for a token; it works once.

Examples:
  onduty login --server https://duty.example.org
  onduty login --server https://duty.example.org --invitation onduty_invite_...
  onduty login --profile work < token.txt";

const TOKEN_EXAMPLES: &str = "\
Examples:
  onduty token create dashboard --role viewer          for a program that reads
  onduty token create laptop --role resident --resident asa
  onduty token create ee --role coordinator --expires +90d
  onduty token list
  onduty token revoke t-4k2mzq7hw3ab";

const INVITE_EXAMPLES: &str = "\
What is printed is to be sent to the one who is invited; it works once, and for three days unless --expires says else.

Examples:
  onduty invite asa
  onduty invite --role coordinator
  onduty invite asa --expires +7d";

/// Arguments of `login`.
#[derive(Args, Debug)]
#[command(after_long_help = LOGIN_EXAMPLES)]
pub struct LoginArgs {
    /// The code of an invitation, to be exchanged for a token
    #[arg(long, value_name = "CODE")]
    pub invitation: Option<String>,
    /// What the new token is called, where an invitation is exchanged [default: this computer's name]
    #[arg(long, value_name = "NAME", requires = "invitation")]
    pub name: Option<String>,
}

/// Arguments of `token`.
#[derive(Args, Debug)]
#[command(after_long_help = TOKEN_EXAMPLES)]
pub struct TokenArgs {
    /// What to do
    #[command(subcommand)]
    pub command: TokenCommand,
}

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token and print its secret, which is shown this once
    Create(TokenCreate),
    /// List tokens and invitations
    List(TokenList),
    /// Revoke a token or an invitation: from then on it is refused
    Revoke(TokenRevoke),
}

impl TokenCommand {
    /// Returns what people type for the command.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Create(_) => "token create",
            Self::List(_) => "token list",
            Self::Revoke(_) => "token revoke",
        }
    }
}

/// What somebody is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Role {
    /// Reads: who is on duty, when is nobody, who is away
    Viewer,
    /// Does what is their own: time off, tasks and cover
    Resident,
    /// Does everything in the team
    Coordinator,
    /// Does everything on the server
    Admin,
}

/// Arguments of `token create`.
#[derive(Args, Debug)]
#[command(after_long_help = TOKEN_EXAMPLES)]
pub struct TokenCreate {
    /// What has it, such as the device or the program
    pub name: String,
    /// What it is for
    #[arg(long, value_name = "ROLE")]
    pub role: Role,
    /// Whose it is, with --role resident
    #[arg(long, value_name = "RESIDENT")]
    pub resident: Option<String>,
    /// From when on it is refused [default: never]
    #[arg(long, value_name = "TIME")]
    pub expires: Option<String>,
}

/// Arguments of `token list`.
#[derive(Args, Debug)]
#[command(after_long_help = TOKEN_EXAMPLES)]
pub struct TokenList {
    /// Also those that are expired or revoked
    #[arg(long)]
    pub all: bool,
}

/// Arguments of `token revoke`.
#[derive(Args, Debug)]
#[command(after_long_help = TOKEN_EXAMPLES)]
pub struct TokenRevoke {
    /// The token's id, as `onduty token list` tells it
    pub id: String,
}

/// Arguments of `invite`.
#[derive(Args, Debug)]
#[command(after_long_help = INVITE_EXAMPLES)]
pub struct InviteArgs {
    /// The resident who is invited; not needed for another role
    pub resident: Option<String>,
    /// What they are to be
    #[arg(long, value_name = "ROLE", default_value = "resident", hide_possible_values = true)]
    pub role: Role,
    /// What the invitation is called in lists [default: the resident, or the role]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Until when it works, 30 days at most [default: +3d]
    #[arg(long, value_name = "TIME")]
    pub expires: Option<String>,
}
