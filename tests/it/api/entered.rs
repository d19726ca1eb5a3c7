//! What people enter: overrides, time off and tasks.

mod absence;
mod ended;
pub mod harness;
mod import;
mod overrides;
mod requests;
mod split;
mod swaps;
mod tasks;
mod time_off;
