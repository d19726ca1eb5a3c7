//! Roster files: everything that a coordinator states of one team, as TOML.
//!
//! Everything here is pure. [`parse`] reads a file and finds every mistake at once, [`plan`] compares it with a team
//! and says what applying it would change, [`export`] writes a team as a file; applying what was exported changes
//! nothing, and makes the same team where there is none.
//!
//! # The format by example
//!
//! ```
//! # let text = r##"
//! team = "psf"                            # the id of the team
//! display_name = "Developers in residence"
//! zone = "Europe/Warsaw"
//! public = true                           # usually false
//! rest_hours = 11
//! since = 2026-01-01                      # from when what the file creates is in effect; usually: when it is applied
//!
//! [[holiday_set]]
//! id = "poland"
//! dates = [2026-01-01, { date = 2026-05-01, name = "Labour Day" }]
//!
//! [[resident]]
//! id = "asa"
//! display_name = "Åsa"                    # usually the id
//! home_zone = "Europe/Stockholm"          # usually the team's zone
//! working_hours = ["mon-thu 09:00-17:00", { id = "late", days = "fri", start = "12:00", end = "20:00" }]
//! capacity_hours = 37.5                   # a week
//! term = { first = 2026-01-01, last = 2027-12-31 }
//! skills = ["release-management"]
//! holidays = ["poland"]
//! handles.github = { public = "asa" }
//! handles.phone = { team = "+46 700 000000" }
//!
//! [[resident]]
//! id = "bo"
//!
//! [[duty]]
//! id = "security"
//! title = "Security response"
//! criticality = "critical"                # low, normal, high
//! headcount = 1                           # or "all"
//! in_feed = true
//!
//! [[duty.requirement]]
//! id = "every-day"
//! when = ["daily 08:00-24:00"]            # or "always"
//! first = 2026-03-01                      # and last, or day for a single one
//! holidays = ["poland"]                   # days on which nothing is required
//!
//! [[duty.layer]]                          # a rotation
//! id = "weekly"
//! participants = ["asa", "bo"]
//! shift_length = "1 week"
//! anchor = 2026-01-05T09:00:00
//! anchor_turn = "bo"                      # who has the turn that starts there; usually the first
//! when_absent = "next_layer"              # usually next_participant
//!
//! [[duty.layer]]                          # a pool
//! id = "backup"
//! members = ["bo"]
//! windows = ["sat, sun 10:00-14:00"]
//! hours = "working"                       # usually any
//!
//! [[override]]
//! duty = "security"
//! by = "bo"                               # who covers
//! for = "asa"                             # whose slot; without `by` they are taken off
//! start = 2026-02-03T18:00:00             # or with an offset; or first and last; or day
//! end = 2026-02-04T09:00:00
//!
//! [[time_off]]
//! resident = "asa"
//! kind = "focus"
//! effect = "soft"                         # usually hard; soft for focus
//! day = 2026-02-06
//! rrule = "FREQ=WEEKLY"
//! except = [2026-02-13]
//!
//! [[time_off]]
//! resident = "bo"
//! kind = "travel"
//! elsewhere = "Europe/Prague"             # no absence: works by the clock there
//! first = 2026-07-13
//! last = 2026-07-19
//!
//! [[task]]
//! title = "Move the issue tracker"
//! assignee = "asa"
//! deputy = "bo"
//! due = 2026-03-31                        # to the end of that day; or a time
//! effort_hours = 60
//! # "##;
//! # let rules = onduty::civil::ZoneRules::bundled().unwrap();
//! # let file = onduty::roster::file::parse(text, None, &rules).unwrap();
//! # assert_eq!((file.residents.len(), file.duties.len(), file.time_off.len()), (2, 1, 2));
//! # assert_eq!(file.overrides[0].id.as_str(), "security-bo-for-asa-2026-02-03-1800");
//! ```
//!
//! Zones that are left out are the team's for requirements, layers, overrides and due dates, and the resident's home
//! zone for terms, holidays and time off; whole days elsewhere are days there. Overrides, time off and tasks may leave
//! their id out: it then comes from the duty, people and start, the resident and start, or the title, so that applying
//! the file again finds them, and changing their end or note changes them.

mod describe;
mod document;
mod ended;
mod entry_list;
mod export;
mod ids;
mod mistake;
mod parse;
mod plan;
mod roster_file;
mod shift;
mod words;
mod written;

pub use export::export;
pub use mistake::Mistake;
pub use parse::{parse, team_id};
pub use plan::{Action, LeftAlone, Plan, PlanOptions, PlannedChange, plan};
pub use roster_file::{RosterFile, Stated, StatedDuty};
