//! Fetching from addresses that somebody gave, from real hosts on loopback: where it leads, what comes, who answers.

mod answers;
mod hosts;
pub mod site;
