//! Duties with their requirements and layers.

use toml::de::DeValue;

use super::super::document::{Node, Table};
use super::super::ids::Ids;
use super::super::roster_file::{Stated, StatedDuty};
use super::super::words;
use super::{Context, needed_id, span, windows};
use crate::civil::{DATE_MIN, DateTime, ShiftLength};
use crate::model::{
    Criticality, Duty, DutyId, Headcount, HolidaySetId, Hours, Layer, LayerId, Requirement, RequirementId,
    RequirementTime, ResidentId, Rotation, Source, WhenAbsent, Windows, ZoneName,
};

/// The words for criticalities.
pub(in super::super) const CRITICALITIES: [(&str, Criticality); 4] = [
    ("low", Criticality::Low),
    ("normal", Criticality::Normal),
    ("high", Criticality::High),
    ("critical", Criticality::Critical),
];
/// The words for hours.
pub(in super::super) const HOURS: [(&str, Hours); 2] = [("any", Hours::Any), ("working", Hours::Working)];
/// The words for what happens when the one on turn is absent.
pub(in super::super) const WHEN_ABSENT: [(&str, WhenAbsent); 2] =
    [("next_participant", WhenAbsent::NextParticipant), ("next_layer", WhenAbsent::NextLayer)];

pub(super) fn duties(root: &Table<'_>, context: &Context<'_>) -> Vec<Stated<DutyId, StatedDuty>> {
    let mut ids = Ids::default();
    let mut duties = Vec::new();
    for table in root.tables("duty") {
        let id = needed_id(&table, &mut ids, DutyId::new, "\"review\"");
        let path = table.path.clone();
        let value = duty(table, id.as_ref(), &context.team_zone);
        duties.extend(id.map(|id| Stated { id, value, path, open: Vec::new() }));
    }
    duties
}

fn duty(table: Table<'_>, id: Option<&DutyId>, team_zone: &ZoneName) -> StatedDuty {
    let title = table.get("title").and_then(|node| node.string());
    let layers = layers(&table, team_zone);
    let duty = Duty {
        title: title.or_else(|| id.map(ToString::to_string)).unwrap_or_else(|| "?".to_owned()),
        description: table.get("description").and_then(|node| node.string()).unwrap_or_default(),
        requirements: requirements(&table, team_zone),
        layers: layers.iter().map(|(id, _)| id.clone()).collect(),
        skills: table.get("skills").map(|node| node.strings()).unwrap_or_default(),
        headcount: table.get("headcount").and_then(|node| headcount(&node)).unwrap_or(Headcount::Count(1)),
        criticality: table.get("criticality").and_then(|node| node.word(&CRITICALITIES)).unwrap_or(Criticality::Normal),
        in_feed: table.get("in_feed").and_then(|node| node.flag()).unwrap_or(true),
    };
    table.finish();
    StatedDuty { duty, layers }
}

fn headcount(node: &Node<'_>) -> Option<Headcount> {
    match node.value {
        DeValue::String(word) if word == "all" => Some(Headcount::All),
        _ => node.integer("a number of people, or \"all\"").map(Headcount::Count),
    }
}

fn requirements(duty: &Table<'_>, team_zone: &ZoneName) -> Vec<Requirement> {
    let mut ids = Ids::default();
    let mut requirements = Vec::new();
    for table in duty.tables("requirement") {
        let id = needed_id(&table, &mut ids, RequirementId::new, "\"hours\"");
        let when = table.need("when", "[\"mon-fri 09:00-17:00\"]");
        let time = match when {
            Some(node) if node.value.as_str() == Some("always") => RequirementTime::Always,
            Some(node) => RequirementTime::Windows(windows(&node)),
            None => RequirementTime::Always,
        };
        let zone = table.get("zone").and_then(|node| node.zone());
        let headcount = table.get("headcount").and_then(|node| node.integer("a number of people"));
        let first = table.get("first").and_then(|node| span::date(&node));
        let last = table.get("last").and_then(|node| span::date(&node));
        let day = table.get("day").and_then(|node| span::date(&node));
        if day.is_some() && (first.is_some() || last.is_some()) {
            table.refuse("day", "says both the first and the last day; leave them out");
        }
        let holiday_sets = table.get("holidays").map(|node| node.ids(HolidaySetId::new)).unwrap_or_default();
        table.finish();
        let Some(id) = id else { continue };
        let zone = zone.unwrap_or_else(|| team_zone.clone());
        let (first, last) = (day.or(first), day.or(last));
        requirements.push(Requirement { id, time, zone, headcount, first, last, holiday_sets });
    }
    requirements
}

fn layers(duty: &Table<'_>, team_zone: &ZoneName) -> Vec<(LayerId, Layer)> {
    let mut ids = Ids::default();
    let mut layers = Vec::new();
    for table in duty.tables("layer") {
        let id = needed_id(&table, &mut ids, LayerId::new, "\"weekly\"");
        let zone = table.get("zone").and_then(|node| node.zone()).unwrap_or_else(|| team_zone.clone());
        let windows_zone = table.get("windows_zone");
        let windows_list = table.get("windows").map(|node| windows(&node));
        if let (Some(node), None) = (&windows_zone, &windows_list) {
            node.refuse("says nothing without 'windows'; leave it out, or say when the layer is active");
        }
        let windows_zone = windows_zone.and_then(|node| node.zone()).unwrap_or_else(|| zone.clone());
        let layer = Layer {
            source: source(&table, zone),
            windows: windows_list.map(|windows| Windows { zone: windows_zone, windows }),
            hours: table.get("hours").and_then(|node| node.word(&HOURS)).unwrap_or(Hours::Any),
            when_absent: table
                .get("when_absent")
                .and_then(|node| node.word(&WHEN_ABSENT))
                .unwrap_or(WhenAbsent::NextParticipant),
            shadows: table.get("shadows").map(|node| node.ids(ResidentId::new)).unwrap_or_default(),
        };
        table.finish();
        layers.extend(id.map(|id| (id, layer)));
    }
    layers
}

/// Reads a pool (`members`) or a rotation (`participants` and its grid).
fn source(table: &Table<'_>, zone: ZoneName) -> Source {
    let (members, participants) = (table.get("members"), table.get("participants"));
    let grid = ["shift_length", "anchor", "anchor_turn"];
    match (members, participants) {
        (Some(members), None) => {
            for node in grid.into_iter().filter_map(|key| table.get(key)) {
                node.refuse("belongs to a rotation; a layer with 'members' has no turns");
            }
            Source::Pool(members.ids(ResidentId::new))
        }
        (None, Some(participants)) => Source::Rotation(rotation(table, &participants, zone)),
        (members, _) => {
            let both = if members.is_some() { "has both of" } else { "needs one of" };
            table.refuse("", format!("{both} 'members' (a pool) and 'participants' (a rotation); give one"));
            grid.into_iter().for_each(|key| drop(table.get(key)));
            Source::Pool(Vec::new())
        }
    }
}

fn rotation(table: &Table<'_>, participants: &Node<'_>, zone: ZoneName) -> Rotation {
    let length = table.need("shift_length", "\"1 week\"").and_then(|node| {
        let text = node.text()?;
        node.take_all(words::shift_length(text))
    });
    let anchor = table.need("anchor", "2026-01-05T09:00:00").and_then(|node| span::local(&node));
    let people = participants.ids(ResidentId::new);
    let offset = table.get("anchor_turn").and_then(|node| anchor_turn(&node, &people));
    Rotation {
        participants: people,
        length: length.unwrap_or(ShiftLength::WEEK),
        anchor: anchor.unwrap_or(DateTime::from(DATE_MIN)),
        zone,
        offset: offset.unwrap_or(0),
        grid: 1,
        held_turn: None,
    }
}

/// Reads who has the turn that starts at the anchor: a participant, or the number of one who is listed twice.
fn anchor_turn(node: &Node<'_>, people: &[ResidentId]) -> Option<u32> {
    if node.value.is_integer() {
        let number: u32 = node.integer("the number of a participant, from 1")?;
        if !(1..=people.len()).contains(&usize::try_from(number).unwrap_or(0)) {
            node.refuse(format!("{number} is not from 1 to {}, the number of participants", people.len()));
        }
        return number.checked_sub(1);
    }
    let id = node.id(ResidentId::new)?;
    let place = people.iter().position(|person| *person == id);
    if place.is_none() {
        node.refuse(format!("'{id}' is no participant; name the one who has the turn that starts at the anchor"));
    }
    u32::try_from(place?).ok()
}
