//! onduty answers, for one or more residents: who is on duty, when is nobody, and who can stand in.
//!
//! This crate is the whole of it as a library. The words it uses are those of `docs/semantics.md`, which numbers every
//! rule and has the glossary; the code cites the numbers.
//!
//! | module | what it is | pure |
//! |---|---|---|
//! | [`id`] | ids that people choose | yes |
//! | [`civil`] | instants, intervals, zones, weekly windows, turns, recurrences | yes |
//! | [`model`] | what a team states about itself, its dated versions, what makes it valid | yes |
//! | [`engine`] | who is on duty, timelines, gaps, stand-ins, tasks in danger, and why | yes |
//! | [`ical`] | calendars as bytes | yes |
//! | [`clock`] | the clock, and one that tests move | no |
//! | [`tzdb`] | which tz database is used | no |
//! | [`store`] | where teams are kept: the contract, the records, memory and sled | no |
//! | [`roster`] | changes of teams, their snapshots, and [roster files](roster::file) | [files](roster::file) are |
//! | [`access`] | who may see what: the views of each audience | yes |
//! | [`network`] | networks of addresses, names of hosts | yes |
//! | [`outbound`] | fetching from addresses that somebody gave | no |
//! | [`proto`] | the public API as generated types | yes |
//! | [`service`] | the gRPC services | no |
//! | [`http`] | calendars, health and metrics over HTTP | no |
//! | [`config`], [`telemetry`], [`server`] | the set-up, logs, and everything wired together | no |
//!
//! # Example: the engine without a server
//!
//! A team comes from a roster file, or from anywhere else that can fill a [`TeamSnapshot`](model::TeamSnapshot). Who is
//! on duty is then a function of the snapshot, the zone rules and an interval; nothing is stored, and no clock is read.
//!
//! ```
//! use onduty::civil::{Instant, Interval, ZoneRules};
//! use onduty::engine::{Board, listing, stand_ins, timeline};
//! use onduty::model::{DutyId, TeamId, TeamSnapshot};
//! use onduty::roster::file::{PlanOptions, parse, plan};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let roster = r#"
//!     team = "core"
//!     zone = "Europe/Warsaw"
//!     since = 2026-01-01
//!
//!     [[resident]]
//!     id = "asa"
//!
//!     [[resident]]
//!     id = "ben"
//!
//!     [[duty]]
//!     id = "security"
//!
//!     [[duty.requirement]]
//!     id = "every-day"
//!     when = "daily 08:00-20:00"
//!
//!     [[duty.layer]]
//!     id = "weekly"
//!     participants = ["asa", "ben"]
//!     shift_length = "1 week"
//!     anchor = 2026-01-05T09:00:00
//!     when_absent = "next_layer"
//!
//!     [[time_off]]
//!     resident = "asa"
//!     day = 2026-01-07
//! "#;
//!
//! // The file, as objects of a team that has nothing yet.
//! let rules = ZoneRules::bundled()?;
//! let now: Instant = "2026-01-01T00:00:00Z".parse()?;
//! let mut team = TeamSnapshot::empty(TeamId::new("core")?);
//! let file = parse(roster, None, &rules).map_err(|mistakes| mistakes[0].to_string())?;
//! let planned = plan(&team, &file, now, PlanOptions::default(), &rules).map_err(|mistakes| mistakes[0].to_string())?;
//! for object in planned.objects(1, now).into_iter().filter_map(|(_, object)| object) {
//!     team.put(object);
//! }
//!
//! // Who is on duty at an instant.
//! let security = DutyId::new("security")?;
//! let tuesday = listing(&team, &rules, &security, "2026-01-06T12:00:00Z".parse()?)?.ok_or("no such duty")?;
//! assert_eq!(tuesday.on_duty[0].resident.as_str(), "asa");
//!
//! // Shifts, handoffs and gaps of an interval.
//! let window = Interval::new("2026-01-05T23:00:00Z".parse()?, "2026-01-12T23:00:00Z".parse()?).ok_or("empty")?;
//! let week = timeline(&team, &rules, &security, window)?;
//! assert_eq!(week.shifts().len(), 3); // Asa up to her day off and after it, then Ben.
//! assert_eq!(week.next_handoff(window.start()).ok_or("none")?.at.to_string(), "2026-01-06T23:00:00Z");
//!
//! // Asa is away on Wednesday, and the layer does not ask Ben by itself. He could stand in.
//! let [gap] = week.gaps() else { return Err("one gap".into()) };
//! assert_eq!(gap.interval.start().to_string(), "2026-01-07T07:00:00Z");
//! let board = Board::read_for_stand_ins(&team, &rules, window)?;
//! assert_eq!(stand_ins(&board, gap)?[0].resident.as_str(), "ben");
//! # Ok(())
//! # }
//! ```

pub mod access;
pub mod civil;
pub mod clock;
pub mod config;
pub mod engine;
pub mod http;
pub mod ical;
pub mod id;
pub mod model;
pub mod network;
pub mod outbound;
pub mod proto;
pub mod roster;
pub mod server;
pub mod service;
pub mod store;
pub mod telemetry;
pub mod tzdb;
