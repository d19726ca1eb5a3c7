//! task split: who would do which tasks, and letting them.

use onduty::proto::v1::SplitTasksRequest;

use crate::args::TaskSplit;
use crate::connect::{call, request_id};
use crate::failure::Failure;
use crate::session::Session;
use crate::show;

/// `onduty task split`
pub async fn split(session: &Session, args: TaskSplit) -> Result<(), Failure> {
    let of_resident = match &args.of {
        Some(of) => session.child("residents", of).await?,
        None => String::new(),
    };
    let request = SplitTasksRequest {
        parent: session.team().await?.to_owned(),
        tasks: session.children("tasks", &args.tasks).await?,
        of_resident,
        residents: session.children("residents", &args.between).await?,
        request_id: request_id(),
        validate_only: !args.apply,
    };
    let answer = call!(session, tasks.split_tasks, request)?;
    session.answer(&answer, |answer, view| show::split(answer, (!args.apply).then(|| typed(&args)), view)).await
}

/// Returns the command that does what is proposed.
fn typed(args: &TaskSplit) -> String {
    let mut typed = "task split".to_owned();
    args.tasks.iter().for_each(|task| typed += &format!(" {task}"));
    if let Some(of) = &args.of {
        typed += &format!(" --of {of}");
    }
    if !args.between.is_empty() {
        typed += &format!(" --between {}", args.between.join(","));
    }
    typed + " --apply"
}
