//! onduty answers, for one or more residents: who is on duty, when is nobody, and who can stand in.
//!
//! This crate is the whole of it as a library. The words it uses are those of `docs/semantics.md`, which numbers every
//! rule; the code cites the numbers.
//!
//! | module | what it is | pure |
//! |---|---|---|
//! | [`civil`] | instants, intervals, zones, weekly windows, turns, recurrences | yes |
//! | [`model`] | what a team states about itself, its dated versions, what makes it valid | yes |
//! | [`store`] | where teams are kept: the contract, the records, memory and sled | no |
//! | [`proto`] | the public API as generated types | yes |

pub mod access;
pub mod civil;
pub mod clock;
pub mod config;
pub mod engine;
pub mod http;
pub mod ical;
pub mod id;
pub mod model;
pub mod proto;
pub mod roster;
pub mod server;
pub mod service;
pub mod store;
pub mod telemetry;
pub mod tzdb;
