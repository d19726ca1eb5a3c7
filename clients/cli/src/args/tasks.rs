//! Arguments of the commands about tasks.

use clap::{Args, Subcommand, ValueEnum};

const TASK_ADD_EXAMPLES: &str = "\
Examples:
  onduty task add 'Announce 3.9.18' --duty releases --assignee asa --deputy ben --due 2026-12-08
  onduty task add 'Replace the CLA bot' --effort 40 --priority high --link https://example.org/42";

const TASK_ASSIGN_EXAMPLES: &str = "\
Examples:
  onduty task assign announce-3-9-18 ben
  onduty task assign announce-3-9-18 ben --deputy asa
  onduty task assign announce-3-9-18 --no-deputy
  onduty task assign announce-3-9-18 --nobody";

const TASK_ONE_EXAMPLES: &str = "\
Examples:
  onduty task start announce-3-9-18
  onduty task done announce-3-9-18
  onduty task cancel announce-3-9-18
  onduty task reopen announce-3-9-18";

const TASK_STUCK_EXAMPLES: &str = "\
Example:
  onduty task stuck announce-3-9-18 'the signing key is on a laptop in repair'";

const TASK_COMMENT_EXAMPLES: &str = "\
Everybody who works in the team may comment on every task, and reads it under `onduty task show`. Comments stay, \
whoever has the task later on.

Example:
  onduty task comment announce-3-9-18 'the notes are in the wiki; only the links are missing'";

const TASK_SHOW_EXAMPLES: &str = "\
Examples:
  onduty task show announce-3-9-18  with what was said about it, and who had it when
  onduty task show announce-3-9-18 --output json";

const TASK_EDIT_EXAMPLES: &str = "\
Who does it changes by `onduty task assign`, and its state by `onduty task start`, `stuck`, `done` and so on.

Examples:
  onduty task edit announce-3-9-18 --due 2026-12-10 --effort 3
  onduty task edit announce-3-9-18 --title 'Announce 3.9.18 and 3.10.12' --priority urgent
  onduty task edit announce-3-9-18 --no-due --no-link";

const TASK_SPLIT_EXAMPLES: &str = "\
It is a proposal until it is done with --apply. Without tasks it is about all that nobody has; with --of, about what \
somebody has. Each task goes to somebody who has the skills and the working time for it, so that all have as much to do \
as they can; a task without an effort counts as 4 hours.

Examples:
  onduty task split                 what nobody has, between everybody
  onduty task split --of asa        asa is away: who takes over
  onduty task split --of asa --apply
  onduty task split fix-1 fix-2 --between asa,ben";

const TASK_LIST_EXAMPLES: &str = "\
Examples:
  onduty task list                  what is not finished
  onduty task list --in-danger      uncovered, at risk or overdue
  onduty task list --all --resident asa";

/// Arguments of `task`.
#[derive(Args, Debug)]
pub struct TaskArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: TaskCommand,
}

/// What to do with tasks.
#[derive(Debug, Subcommand)]
pub enum TaskCommand {
    /// Add a task
    Add(TaskAdd),
    /// Say who does a task, and who if they cannot
    Assign(TaskAssign),
    /// Say that a task is begun
    Start(TaskOne),
    /// Say that a task is stuck, and on what
    Stuck(TaskStuck),
    /// Say that a task is done
    Done(TaskOne),
    /// Give a task up
    Cancel(TaskOne),
    /// Take a done or cancelled task back to open
    Reopen(TaskOne),
    /// Say something about a task
    Comment(TaskComment),
    /// Change what a task is, when it is due, how much work it is
    Edit(TaskEdit),
    /// Show a task with what was said about it and who had it when
    Show(TaskShow),
    /// Propose who does which tasks, evenly, and on request let them
    Split(TaskSplit),
    /// List tasks with what is in danger
    List(TaskList),
}

impl TaskCommand {
    /// Returns what people type for the command.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Add(_) => "task add",
            Self::Assign(_) => "task assign",
            Self::Start(_) => "task start",
            Self::Stuck(_) => "task stuck",
            Self::Done(_) => "task done",
            Self::Cancel(_) => "task cancel",
            Self::Reopen(_) => "task reopen",
            Self::Comment(_) => "task comment",
            Self::Edit(_) => "task edit",
            Self::Show(_) => "task show",
            Self::Split(_) => "task split",
            Self::List(_) => "task list",
        }
    }
}

/// How much a task matters.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Priority {
    /// Whenever there is time
    Low,
    /// In its turn
    Normal,
    /// Before others
    High,
    /// Before everything
    Urgent,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum State {
    /// Not begun
    Open,
    /// Begun
    InProgress,
    /// Waiting for something
    Stuck,
    /// Finished
    Done,
    /// Given up
    Cancelled,
}

/// Arguments of `task add`.
#[derive(Args, Debug)]
#[command(after_long_help = TASK_ADD_EXAMPLES)]
pub struct TaskAdd {
    /// What is to be done
    pub title: String,
    /// An id of your own choice [default: the server chooses]
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// The duty that it belongs to
    #[arg(long, value_name = "DUTY")]
    pub duty: Option<String>,
    /// Who does it
    #[arg(long, value_name = "RESIDENT")]
    pub assignee: Option<String>,
    /// Who does it if the assignee cannot
    #[arg(long, value_name = "RESIDENT")]
    pub deputy: Option<String>,
    /// Until when; a date includes the whole day
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub due: Option<String>,
    /// How many hours of work it takes
    #[arg(long, value_name = "HOURS")]
    pub effort: Option<f64>,
    /// How much it matters beside other tasks
    #[arg(long)]
    pub priority: Option<Priority>,
    /// Where more is said
    #[arg(long, value_name = "URL")]
    pub link: Option<String>,
}

/// Arguments of `task assign`.
#[derive(Args, Debug)]
#[command(after_long_help = TASK_ASSIGN_EXAMPLES)]
pub struct TaskAssign {
    /// The task's id
    pub task: String,
    /// Who does it
    #[arg(value_name = "RESIDENT", required_unless_present_any = ["nobody", "deputy", "no_deputy"])]
    pub resident: Option<String>,
    /// Who does it if the assignee cannot
    #[arg(long, value_name = "RESIDENT")]
    pub deputy: Option<String>,
    /// Nobody is deputy any more
    #[arg(long, conflicts_with = "deputy")]
    pub no_deputy: bool,
    /// Nobody does it any more, and nobody is deputy
    #[arg(long, conflicts_with_all = ["resident", "deputy", "no_deputy"])]
    pub nobody: bool,
}

/// Arguments of the commands that need a task only.
#[derive(Args, Debug)]
#[command(after_long_help = TASK_ONE_EXAMPLES)]
pub struct TaskOne {
    /// The task's id
    pub task: String,
}

/// Arguments of `task stuck`.
#[derive(Args, Debug)]
#[command(after_long_help = TASK_STUCK_EXAMPLES)]
pub struct TaskStuck {
    /// The task's id
    pub task: String,
    /// What it is stuck on
    #[arg(default_value = "", hide_default_value = true)]
    pub reason: String,
}

/// Arguments of `task list`.
#[derive(Args, Debug)]
#[command(after_long_help = TASK_LIST_EXAMPLES)]
pub struct TaskList {
    /// Only tasks of these duties
    #[arg(long = "duty", value_name = "DUTY")]
    pub duties: Vec<String>,
    /// Only tasks that one of these is assignee or deputy of
    #[arg(long = "resident", value_name = "RESIDENT")]
    pub residents: Vec<String>,
    /// Only tasks in these states [default: those that are not finished]
    #[arg(long = "state", value_name = "STATE")]
    pub states: Vec<State>,
    /// Also what is done or cancelled
    #[arg(long, conflicts_with = "states")]
    pub all: bool,
    /// Only what is uncovered, at risk or overdue
    #[arg(long)]
    pub in_danger: bool,
}

/// Arguments of `task comment`.
#[derive(Args, Debug)]
#[command(after_long_help = TASK_COMMENT_EXAMPLES)]
pub struct TaskComment {
    /// The task's id
    pub task: String,
    /// What to say
    pub text: String,
}

/// Arguments of `task show`.
#[derive(Args, Debug)]
#[command(after_long_help = TASK_SHOW_EXAMPLES)]
pub struct TaskShow {
    /// The task's id
    pub task: String,
}

/// Arguments of `task edit`.
#[derive(Args, Debug)]
#[command(after_long_help = TASK_EDIT_EXAMPLES)]
#[group(id = "changes", required = true, multiple = true)]
pub struct TaskEdit {
    /// The task's id
    #[arg(group = "the_task")]
    pub task: String,
    /// What is to be done
    #[arg(long, value_name = "TITLE", group = "changes")]
    pub title: Option<String>,
    /// The duty that it belongs to
    #[arg(long, value_name = "DUTY", group = "changes")]
    pub duty: Option<String>,
    /// It belongs to no duty any more
    #[arg(long, group = "changes", conflicts_with = "duty")]
    pub no_duty: bool,
    /// Until when; a date includes the whole day
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, group = "changes")]
    pub due: Option<String>,
    /// It has no date any more
    #[arg(long, group = "changes", conflicts_with = "due")]
    pub no_due: bool,
    /// How many hours of work it still takes
    #[arg(long, value_name = "HOURS", group = "changes")]
    pub effort: Option<f64>,
    /// How much work it takes is not known any more
    #[arg(long, group = "changes", conflicts_with = "effort")]
    pub no_effort: bool,
    /// How much it matters beside other tasks
    #[arg(long, group = "changes")]
    pub priority: Option<Priority>,
    /// Where more is said
    #[arg(long, value_name = "URL", group = "changes")]
    pub link: Option<String>,
    /// More is said nowhere any more
    #[arg(long, group = "changes", conflicts_with = "link")]
    pub no_link: bool,
}

/// Arguments of `task split`.
#[derive(Args, Debug)]
#[command(after_long_help = TASK_SPLIT_EXAMPLES)]
pub struct TaskSplit {
    /// The tasks' ids [default: all that are not finished and that nobody has]
    #[arg(value_name = "TASK")]
    pub tasks: Vec<String>,
    /// Between these residents [default: all who are with the team]
    #[arg(long, value_name = "RESIDENT", value_delimiter = ',')]
    pub between: Vec<String>,
    /// The tasks of this resident, who gets none of them
    #[arg(long, value_name = "RESIDENT", conflicts_with = "tasks")]
    pub of: Option<String>,
    /// Do it
    #[arg(long)]
    pub apply: bool,
}
