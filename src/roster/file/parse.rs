//! Reading a roster file: every mistake at once, each with its place.

mod duty;
mod entered;
mod resident;
mod span;

pub(super) use duty::{CRITICALITIES, HOURS, WHEN_ABSENT};
pub(super) use entered::{PRIORITIES, TASK_STATES};

use std::collections::BTreeMap;

use toml::de::DeTable;

use super::document::{Document, Node, Table};
use super::ids::Ids;
use super::mistake::{Mistake, Places, within};
use super::roster_file::{Noun, RosterFile, Stated};
use super::words;
use crate::civil::{Date, Instant, Wall, Weekdays, WeeklyWindow, WindowId, ZoneRules};
use crate::id::InvalidId;
use crate::model::validate::{self, Violations};
use crate::model::{
    Configured, ConfiguredDuty, Made, Meta, Object, Origin, Override, ResidentId, Team, TeamId, TeamSnapshot, Version,
    Versions, ZoneName,
};
use span::Moment;

/// Returns the team that a roster file is for, where the text says so, whatever else is wrong with it.
#[must_use]
pub fn team_id(text: &str) -> Option<TeamId> {
    let (root, _) = DeTable::parse_recoverable(text);
    TeamId::new(root.get_ref().get("team")?.get_ref().as_str()?).ok()
}

/// Reads a roster file.
///
/// References to what the file does not describe are looked up in `known`, the team as it is; without it the file has
/// to describe everything that it names.
///
/// # Errors
///
/// Every mistake in the file, in order of the places.
///
/// ```
/// use onduty::civil::ZoneRules;
/// use onduty::roster::file::parse;
///
/// let rules = ZoneRules::bundled().unwrap();
/// let text = "team = \"psf\"\nzone = \"Europe/Warszawa\"\ndisplayname = \"Residents\"\n";
/// let mistakes = parse(text, None, &rules).unwrap_err();
/// let places: Vec<_> = mistakes.iter().map(|mistake| (mistake.line, mistake.column)).collect();
/// assert_eq!(places, [(2, 8), (3, 1)]);
/// assert!(mistakes[1].message.ends_with("did you mean 'display_name'?"));
/// ```
pub fn parse(text: &str, known: Option<&TeamSnapshot>, rules: &ZoneRules) -> Result<RosterFile, Vec<Mistake>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let document = Document::new(text, rules);
    let broken: Vec<u32> = errors
        .iter()
        .map(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            document.mistake(offset, "", format!("is no TOML: {}", error.message()));
            document.line(offset)
        })
        .collect();
    let file = read(&document.root(root.get_ref()), known);
    let (mut mistakes, places) = document.finish();
    let file = file.map(|file| RosterFile { places, ..file });
    if let Some(file) = &file {
        // What was left out of a list because it could not be read must not be missed in the list.
        // Nor must a part that is not there at all be missed where the whole could not be read.
        let same_place = |one: &Mistake, other: &Mistake| (one.line, one.column) == (other.line, other.column);
        let beside = |found: &Mistake| {
            !mistakes.iter().any(|other| {
                within(&other.field, &found.field) || same_place(other, found) && within(&found.field, &other.field)
            })
        };
        let found: Vec<Mistake> = check(file, known, rules).into_iter().filter(beside).collect();
        mistakes.extend(found);
    }
    // A line that is no TOML would be complained about again by what was made of it.
    mistakes.retain(|mistake| mistake.field.is_empty() || !broken.contains(&mistake.line));
    mistakes.sort();
    file.filter(|_| mistakes.is_empty()).ok_or(mistakes)
}

/// What the parts of a file need to know of the whole.
struct Context<'a> {
    team_zone: ZoneName,
    home_zones: Vec<(ResidentId, ZoneName)>,
    known: Option<&'a TeamSnapshot>,
    shifted: bool,
}

impl Context<'_> {
    /// Returns where a resident lives, as the file says or as it is known; otherwise the team's zone.
    fn home_zone(&self, id: &ResidentId) -> &ZoneName {
        let stated = self.home_zones.iter().find(|(resident, _)| resident == id).map(|(_, zone)| zone);
        let known = || Some(&self.known?.residents.get(id)?.versions.latest()?.home_zone);
        stated.or_else(known).unwrap_or(&self.team_zone)
    }
}

fn read(root: &Table<'_>, known: Option<&TeamSnapshot>) -> Option<RosterFile> {
    let id = root.need("team", "\"psf\"").and_then(|node| node.id(TeamId::new));
    let zone = root.need("zone", "\"Europe/Warsaw\"").and_then(|node| node.zone());
    let zone = zone.unwrap_or_else(|| ZoneName::new("UTC"));
    let display_name = root.get("display_name").and_then(|node| node.string());
    let team = Team {
        display_name: display_name
            .or_else(|| id.as_ref().map(ToString::to_string))
            .unwrap_or_else(|| "unnamed".to_owned()),
        zone: zone.clone(),
        public: root.get("public").and_then(|node| node.flag()).unwrap_or(false),
        rest_hours: root.get("rest_hours").and_then(|node| node.integer("hours")).unwrap_or(Team::REST_HOURS_DEFAULT),
    };
    let since = root.get("since").and_then(|node| since(&node, &zone, root.doc));
    let reference = root.get("reference").and_then(|node| monday(&node));
    let mut context = Context { team_zone: zone, home_zones: Vec::new(), known, shifted: reference.is_some() };
    let holiday_sets = resident::holiday_sets(root);
    let residents = resident::residents(root, &mut context);
    let duties = duty::duties(root, &context);
    let overrides = entered::overrides(root, &context);
    let time_off = entered::all_time_off(root, &context);
    let tasks = entered::tasks(root, &context);
    root.finish();
    Some(RosterFile {
        id: id.or_else(|| TeamId::new("unnamed").ok())?,
        since,
        reference,
        team,
        holiday_sets,
        residents,
        duties,
        overrides,
        time_off,
        tasks,
        places: Places::default(),
    })
}

fn since(node: &Node<'_>, zone: &ZoneName, document: &Document<'_>) -> Option<Instant> {
    let clock = zone.zone(document.rules).ok()?;
    Some(match span::moment(node)? {
        Moment::Date(date) => clock.day_start(date.into()),
        Moment::Local(local) => clock.instant(Wall::from(local)),
        Moment::At(at) => at,
    })
}

fn monday(node: &Node<'_>) -> Option<Date> {
    let date = span::date(node)?;
    if date.weekday() != jiff::civil::Weekday::Monday {
        node.refuse(format!("{date} is no Monday; give the Monday that the dated entries are written against"));
    }
    Some(date)
}

/// Returns the id that a table states, adding what is wrong with it; `None` where it states none.
fn stated_id<T>(table: &Table<'_>, ids: &mut Ids, new: impl Fn(&str) -> Result<T, InvalidId>) -> Option<T> {
    let node = table.get("id")?;
    let id = node.id(new)?;
    if !ids.state(node.text()?) {
        let kind = table.path.trim_end_matches(|c: char| c.is_ascii_digit() || "[]".contains(c));
        let kind = kind.rsplit('.').next().unwrap_or_default().replace('_', " ");
        node.refuse(format!("'{}' is the id of another {kind} already; choose a new one", node.text()?));
    }
    Some(id)
}

/// Returns the id that a table has to state; where it does not, any, so that the rest of it is still checked.
fn needed_id<T>(
    table: &Table<'_>,
    ids: &mut Ids,
    new: impl Fn(&str) -> Result<T, InvalidId>,
    example: &str,
) -> Option<T> {
    table.need("id", example).and_then(|_| stated_id(table, ids, &new)).or_else(|| new(&ids.derive("unnamed")).ok())
}

/// Reads weekly windows: strings, or tables with an id of their own; else the number in the list is the id.
fn windows(node: &Node<'_>) -> Vec<WeeklyWindow> {
    let numbered = node.one_or_more().into_iter().enumerate();
    numbered.filter_map(|(index, node)| window(&node, &(index + 1).to_string())).collect()
}

fn window(node: &Node<'_>, number: &str) -> Option<WeeklyWindow> {
    let id = WindowId::new(number).ok()?;
    if !node.value.is_table() {
        let text = node.value.as_str().or_else(|| node.refuse_type("a window such as \"mon-fri 09:00-17:00\""))?;
        return node.take_all(words::window(text, id));
    }
    let table = node.table()?;
    let id = table.get("id").map_or(Some(id), |node| node.id(WindowId::new));
    let days = table.need("days", "\"mon-fri\"").and_then(|node| node.take_all(words::weekdays(node.text()?)));
    let time = |key, example| table.need(key, example).and_then(|node| node.take(words::time_of_day(node.text()?)));
    let (start, end) = (time("start", "\"09:00\""), time("end", "\"17:00\""));
    table.finish();
    Some(WeeklyWindow { id: id?, weekdays: days.unwrap_or(Weekdays::ALL), start: start?, end: end? })
}

/// Checks every object by the rules of the model, in the team that the file and `known` make together.
fn check(file: &RosterFile, known: Option<&TeamSnapshot>, rules: &ZoneRules) -> Vec<Mistake> {
    let team = together(file, known);
    let mut found = Vec::new();
    let mut violations = Violations::default();
    let mut run = |noun: Noun, path: &str, check: &dyn Fn(&mut Violations)| {
        check(&mut violations);
        found.extend(file.places.mistakes(noun, path, violations.take_list()));
    };
    run(Noun::Team, "", &|found| validate::check_team(&file.team, rules, found));
    for set in &file.holiday_sets {
        run(Noun::HolidaySet, &set.path, &|found| validate::check_holiday_set(&set.value, found));
    }
    for resident in &file.residents {
        let check = |found: &mut Violations| validate::check_resident(&resident.value, &team, rules, found);
        run(Noun::Resident, &resident.path, &check);
    }
    for Stated { value, path, .. } in &file.duties {
        let layers = value.layers.iter().cloned().collect();
        run(Noun::Duty, path, &|found| validate::check_duty(&value.duty, &layers, &team, rules, found));
    }
    for entry in &file.overrides {
        // Only a plan knows from when the file's version of what is there already holds, and which skills count.
        let by = entry.value.form.by();
        let there = known.is_some_and(|known| {
            known.duties.contains_key(&entry.value.duty) || by.is_some_and(|by| known.residents.contains_key(by))
        });
        let value = Override { forced: entry.value.forced || there, ..entry.value.clone() };
        run(Noun::Override, &entry.path, &|found| validate::check_override(&value, &team, rules, found));
    }
    for Stated { value: (entry, private), path, .. } in &file.time_off {
        let check = |found: &mut Violations| validate::check_time_off(entry, private.as_ref(), &team, rules, found);
        run(Noun::TimeOff, path, &check);
    }
    for task in &file.tasks {
        run(Noun::Task, &task.path, &|found| validate::check_task(&task.value, &team, rules, found));
    }
    found
}

/// The team with what the file states put over it, for looking up references; all of it counts as always in effect.
fn together(file: &RosterFile, known: Option<&TeamSnapshot>) -> TeamSnapshot {
    let mut team = known.cloned().unwrap_or_else(|| TeamSnapshot::empty(file.id.clone()));
    let meta = Meta {
        created: Made::default(),
        create_time: Instant::MIN,
        updated: Made::default(),
        update_time: Instant::MIN,
        origin: Origin::File,
    };
    for Stated { id, value, .. } in &file.holiday_sets {
        team.put(Object::HolidaySet(id.clone(), Configured { meta, versions: always(value.clone()) }));
    }
    for Stated { id, value, .. } in &file.residents {
        team.put(Object::Resident(id.clone(), Configured { meta, versions: always(value.clone()) }));
    }
    for Stated { id, value, .. } in &file.duties {
        let duty = ConfiguredDuty { meta, versions: always(value.duty.clone()), layers: BTreeMap::new() };
        team.put(Object::Duty(id.clone(), duty));
    }
    team
}

fn always<T>(value: T) -> Versions<T> {
    Versions::from_list(vec![Version { from: Instant::MIN, made: Made::default(), value: Some(value) }])
}
