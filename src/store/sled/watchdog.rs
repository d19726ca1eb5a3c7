//! The watchdog: notices a disk that does not answer, and wakes a flush that would sleep for ever.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use super::engine::Engine;

const TICK: Duration = Duration::from_millis(250);
const TICKS_PER_SECOND: u32 = 4;

/// After how many seconds commits are refused instead of made to wait.
const STALLED_SECONDS: u32 = 10;

/// Watches until `stop` is dropped.
pub(super) fn run(engine: &Arc<Engine>, stop: &Receiver<()>) {
    let (mut last, mut ticks) = (0, 0_u32);
    while stop.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        let syncs = engine.syncs();
        let is_same = syncs % 2 == 1 && syncs == last;
        last = syncs;
        ticks = if is_same { ticks.saturating_add(1) } else { 0 };
        if is_same {
            engine.wake_failed_flush();
        } else if syncs.is_multiple_of(2) {
            engine.notice_failure();
        }
        let seconds = ticks / TICKS_PER_SECOND;
        engine.set_stalled(if seconds < STALLED_SECONDS { 0 } else { seconds });
        // At 1, 2, 4, 8 ... seconds: enough to be seen, and no flood.
        if is_same && ticks % TICKS_PER_SECOND == 0 && seconds.is_power_of_two() {
            let dir = engine.dir().display().to_string();
            tracing::warn!(dir, seconds, "the disk has not answered a write for some time");
        }
    }
}
