//! The rosters that are measured, as roster files.

use std::fmt::Write as _;

use onduty::civil::{Instant, Interval, ZoneRules};
use onduty::model::{DutyId, TeamId, TeamSnapshot};
use onduty::roster::file::{PlanOptions, parse, plan};

/// The first day of what is measured, a Monday, and the zone of everything.
pub const START: &str = "2026-01-05";
pub const ZONE: &str = "Europe/Warsaw";

/// Eight people, a weekly rotation from a Monday, and overrides of six hours spread over the horizon; with `layers`
/// of more than one, further layers of four-hour days, each a weekly rotation of the same eight.
///
/// Everybody listed is on duty and somebody is required always. Overrides come in their three forms in turn, each
/// about whoever has the week.
pub struct Workload {
    pub layers: usize,
    pub overrides: usize,
    pub days: i64,
}

impl Workload {
    /// A year, with fifty overrides.
    pub fn year(layers: usize) -> Self {
        Self { layers, overrides: 50, days: 365 }
    }

    fn file(&self) -> String {
        let mut file = format!("team = \"bench\"\nzone = \"{ZONE}\"\nsince = {START}\n\n");
        for person in 0..8 {
            let _ = writeln!(file, "[[resident]]\nid = \"person-{person}\"\n");
        }
        file.push_str("[[duty]]\nid = \"duty\"\nheadcount = \"all\"\n\n");
        file.push_str("[[duty.requirement]]\nid = \"always\"\nwhen = \"always\"\n\n");
        let people: Vec<String> = (0..8).map(|person| format!("\"person-{person}\"")).collect();
        for layer in 0..self.layers {
            let _ = write!(
                file,
                "[[duty.layer]]\nid = \"layer-{layer}\"\nparticipants = [{}]\nshift_length = \"1 week\"\n\
                 anchor = {START}T09:00:00\n",
                people.join(", "),
            );
            if layer > 0 {
                let start = 8 + 2 * layer;
                let _ = writeln!(file, "windows = [\"daily {start:02}:00-{:02}:00\"]", start + 4);
            }
            file.push('\n');
        }
        for index in 0..self.overrides {
            self.write_override(&mut file, index);
        }
        file
    }

    fn write_override(&self, file: &mut String, index: usize) {
        let day = i64::try_from(index).unwrap_or(0) * self.days / i64::try_from(self.overrides).unwrap_or(1);
        let first: jiff::civil::Date = START.parse().expect("a date");
        let date = first.checked_add(jiff::Span::new().days(day)).expect("a date of the horizon");
        let (week, hour) = (day / 7, 10 + index % 4);
        let (owner, by) = (week % 8, (week + 3) % 8);
        let who = match index % 3 {
            0 => format!("by = \"person-{by}\"\nfor = \"person-{owner}\""),
            1 => format!("by = \"person-{by}\""),
            _ => format!("for = \"person-{owner}\""),
        };
        let _ = writeln!(
            file,
            "[[override]]\nid = \"o{index}\"\nduty = \"duty\"\n{who}\nstart = {date}T{hour:02}:00:00\n\
             end = {date}T{:02}:00:00\n",
            hour + 6,
        );
    }

    /// The team, and the window that is asked for.
    pub fn team(&self, rules: &ZoneRules) -> (TeamSnapshot, DutyId, Interval) {
        let team = team_of(&self.file(), rules);
        let start: Instant = format!("{START}T00:00:00Z").parse().expect("an instant");
        let window = Interval::new(start, start.plus(self.days * 86_400)).expect("a window");
        (team, DutyId::new("duty").expect("an id"), window)
    }
}

/// Fifty residents in ten zones with twenty duties: weekly rotations of five that are required always, two pools of
/// everybody's working hours, and somebody's day off now and then.
pub fn company(rules: &ZoneRules) -> TeamSnapshot {
    let zones = [
        "Europe/Warsaw",
        "Europe/London",
        "America/New_York",
        "America/Toronto",
        "America/Los_Angeles",
        "America/Sao_Paulo",
        "Asia/Tokyo",
        "Asia/Kolkata",
        "Australia/Sydney",
        "Africa/Nairobi",
    ];
    let mut file = format!("team = \"bench\"\nzone = \"{ZONE}\"\nsince = {START}\n\n");
    for person in 0..50 {
        let _ = writeln!(
            file,
            "[[resident]]\nid = \"person-{person}\"\nhome_zone = \"{}\"\nworking_hours = [\"mon-fri 09:00-17:00\"]\n",
            zones[person % zones.len()],
        );
    }
    for duty in 0..20 {
        let people: Vec<String> = (0..5).map(|place| format!("\"person-{}\"", (duty * 5 + place * 7) % 50)).collect();
        let _ = write!(
            file,
            "[[duty]]\nid = \"duty-{duty}\"\n\n[[duty.requirement]]\nid = \"always\"\nwhen = \"always\"\n\n\
             [[duty.layer]]\nid = \"turns\"\nparticipants = [{}]\nshift_length = \"1 week\"\n\
             anchor = {START}T09:00:00\n{}\n",
            people.join(", "),
            if duty < 2 { "hours = \"working\"\n" } else { "" },
        );
    }
    let first: jiff::civil::Date = START.parse().expect("a date");
    for entry in 0..100 {
        let day = first.checked_add(jiff::Span::new().days(entry * 3 + 2)).expect("a date of the year");
        let _ = writeln!(
            file,
            "[[time_off]]\nid = \"off-{entry}\"\nresident = \"person-{}\"\nkind = \"vacation\"\nfirst = {day}\n\
             last = {day}\n",
            entry * 11 % 50,
        );
    }
    team_of(&file, rules)
}

/// The team that a roster file makes.
pub fn team_of(file: &str, rules: &ZoneRules) -> TeamSnapshot {
    let parsed = parse(file, None, rules).unwrap_or_else(|mistakes| panic!("{}", mistakes[0]));
    let mut team = TeamSnapshot::empty(TeamId::new("bench").expect("an id"));
    let now: Instant = format!("{START}T00:00:00Z").parse().expect("an instant");
    let planned =
        plan(&team, &parsed, now, PlanOptions::default(), rules).unwrap_or_else(|mistakes| panic!("{}", mistakes[0]));
    for object in planned.objects(1, now).into_iter().filter_map(|(_, object)| object) {
        team.put(object);
    }
    team
}
