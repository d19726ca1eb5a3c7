//! Between the API's messages and the model: nothing is guessed, every violation is told.

pub mod answers;
pub mod overrides;
pub mod stamp;
pub mod task;
pub mod time;
pub mod time_off;
