//! The one writer: a thread that takes all waiting commits, writes them as one batch, and answers them.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::engine::Engine;
use super::plan::{Plan, Prepared};
use crate::store::{CommitError, Committed, StoreError};

/// How many commits may wait; a caller beyond waits for its place.
pub(super) const QUEUE_LENGTH: usize = 1_024;

/// How many commits are taken at once, and after how many bytes no more are added to a batch.
const BATCH_LENGTH: usize = 256;
const BATCH_BYTES: usize = 1024 * 1024;

type Answer = Result<Committed, CommitError>;

/// A commit that waits, and where its answer goes.
pub(super) struct Job {
    pub(super) commit: Prepared,
    pub(super) answer: oneshot::Sender<Answer>,
}

/// Writes until every sender is gone and the queue is empty.
pub(super) fn run(engine: &Arc<Engine>, mut queue: mpsc::Receiver<Job>, mut number: u64) {
    let mut jobs = Vec::with_capacity(BATCH_LENGTH);
    while queue.blocking_recv_many(&mut jobs, BATCH_LENGTH) > 0 {
        let mut waiting = jobs.drain(..).peekable();
        while waiting.peek().is_some() {
            let mut plan = Plan::new(engine);
            let mut decided = Vec::new();
            while let Some(job) =
                waiting.next_if(|job| plan.is_empty() || plan.bytes() + job.commit.bytes < BATCH_BYTES)
            {
                decided.push((job.answer, plan.add(job.commit)));
            }
            write(engine, plan, decided, &mut number);
        }
    }
}

/// Writes what was planned and gives every answer: none before everything it depends on is on the disk.
fn write(engine: &Engine, plan: Plan<'_>, decided: Vec<(oneshot::Sender<Answer>, Answer)>, number: &mut u64) {
    if plan.is_empty() {
        return give(decided);
    }
    if let Err(full) = engine.check_room(plan.bytes()) {
        // Others in the batch may have been decided by a commit that is now not made.
        return give(decided.into_iter().map(|(to, _)| (to, Err(full.clone().into()))));
    }
    *number += 1;
    match plan.write(*number) {
        Ok(changed) => {
            for change in changed {
                // Nobody may be listening.
                let _ = engine.changed.send(change);
            }
            give(decided);
        }
        Err(trouble) => {
            let unsettled = engine.refuse(&trouble);
            let refused = || engine.not_refused().err().unwrap_or(StoreError::Closed);
            let failed = |answer: Answer| Err(if answer.is_ok() { unsettled.clone() } else { refused() }.into());
            give(decided.into_iter().map(|(to, answer)| (to, failed(answer))));
        }
    }
}

fn give(answers: impl IntoIterator<Item = (oneshot::Sender<Answer>, Answer)>) {
    for (to, answer) in answers {
        // Whoever asked may be gone; the commit stands all the same.
        let _ = to.send(answer);
    }
}
