//! Between the API's messages and the model: nothing is guessed, every violation is told.

pub mod time;
