//! Residents and holiday sets.

use super::super::document::{Node, Table};
use super::super::ids::Ids;
use super::super::roster_file::{Open, Stated};
use super::{Context, needed_id, span, windows};
use crate::model::{
    Handle, HandleAudience, Holiday, HolidaySet, HolidaySetId, Holidays, Resident, ResidentId, Term, ZoneName,
};

pub(super) fn residents(root: &Table<'_>, context: &mut Context<'_>) -> Vec<Stated<ResidentId, Resident>> {
    let mut ids = Ids::default();
    let mut residents = Vec::new();
    for table in root.tables("resident") {
        let id = needed_id(&table, &mut ids, ResidentId::new, "\"asa\"");
        let path = table.path.clone();
        let (value, open) = resident(table, id.as_ref(), &context.team_zone);
        let Some(id) = id else { continue };
        context.home_zones.push((id.clone(), value.home_zone.clone()));
        residents.push(Stated { id, value, path, open });
    }
    residents
}

fn resident(table: Table<'_>, id: Option<&ResidentId>, team_zone: &ZoneName) -> (Resident, Vec<Open>) {
    let mut open = Vec::new();
    let home_zone = table.get("home_zone").and_then(|node| node.zone()).unwrap_or_else(|| team_zone.clone());
    let display_name = table.get("display_name").and_then(|node| node.string());
    let holidays_zone = table.get("holidays_zone").and_then(|node| node.zone());
    if holidays_zone.is_none() {
        open.push(Open::HolidaysZone);
    }
    let resident = Resident {
        display_name: display_name.or_else(|| id.map(ToString::to_string)).unwrap_or_else(|| "?".to_owned()),
        working_hours: table.get("working_hours").map(|node| windows(&node)).unwrap_or_default(),
        capacity_minutes: table
            .get("capacity_hours")
            .and_then(|node| capacity(&node))
            .unwrap_or(Resident::CAPACITY_MINUTES_DEFAULT),
        term: term(table.get("term"), &home_zone, &mut open),
        skills: table.get("skills").map(|node| node.strings()).unwrap_or_default(),
        holidays: Holidays {
            sets: table.get("holidays").map(|node| node.ids(HolidaySetId::new)).unwrap_or_default(),
            zone: holidays_zone.unwrap_or_else(|| home_zone.clone()),
        },
        handles: table.get("handles").and_then(|node| node.table()).map(handles).unwrap_or_default(),
        home_zone,
    };
    table.finish();
    (resident, open)
}

/// Reads the hours that somebody works a week.
fn capacity(node: &Node<'_>) -> Option<u32> {
    let hours = node.number("hours a week")?;
    let minutes = Resident::minutes(hours);
    if minutes.is_none() {
        node.refuse(format!("{hours} is out of range; give hours a week, more than 0 and at most 168, to the minute"));
    }
    minutes
}

fn term(node: Option<Node<'_>>, home_zone: &ZoneName, open: &mut Vec<Open>) -> Term {
    let Some(table) = node.and_then(|node| node.table()) else {
        open.push(Open::TermZone);
        return Term { first: None, last: None, zone: home_zone.clone() };
    };
    let zone = table.get("zone").and_then(|node| node.zone());
    if zone.is_none() {
        open.push(Open::TermZone);
    }
    let first = table.get("first").and_then(|node| span::date(&node));
    let last = table.get("last").and_then(|node| span::date(&node));
    table.finish();
    Term { first, last, zone: zone.unwrap_or_else(|| home_zone.clone()) }
}

fn handles(table: Table<'_>) -> Vec<Handle> {
    let handle = |(key, node): (&str, Node<'_>)| {
        if !node.value.is_table() {
            return node.refuse_type("who may see it, such as { public = \"...\" } or { team = \"...\" }");
        }
        let inner = node.table()?;
        let found: Vec<(HandleAudience, Node<'_>)> =
            [("public", HandleAudience::Public), ("team", HandleAudience::Team)]
                .into_iter()
                .filter_map(|(word, audience)| Some((audience, inner.get(word)?)))
                .collect();
        inner.finish();
        let [(audience, value)] = found.as_slice() else {
            node.refuse(format!("needs either 'public' or 'team', such as {key} = {{ public = \"...\" }}"));
            return None;
        };
        Some(Handle { key: key.to_owned(), value: value.string()?, audience: *audience })
    };
    table.all().into_iter().filter_map(handle).collect()
}

pub(super) fn holiday_sets(root: &Table<'_>) -> Vec<Stated<HolidaySetId, HolidaySet>> {
    let mut ids = Ids::default();
    let mut sets = Vec::new();
    for table in root.tables("holiday_set") {
        let id = needed_id(&table, &mut ids, HolidaySetId::new, "\"poland\"");
        let display_name = table.get("display_name").and_then(|node| node.string());
        let dates = table.need("dates", "[2026-01-01, 2026-05-01]").map(|node| node.list()).unwrap_or_default();
        let holidays = dates.iter().filter_map(holiday).collect();
        let path = table.path.clone();
        table.finish();
        let Some(id) = id else { continue };
        let display_name = display_name.unwrap_or_else(|| id.to_string());
        sets.push(Stated { id, value: HolidaySet { display_name, holidays }, path, open: Vec::new() });
    }
    sets
}

fn holiday(node: &Node<'_>) -> Option<Holiday> {
    if !node.value.is_table() {
        return Some(Holiday { date: span::date(node)?, name: String::new() });
    }
    let table = node.table()?;
    let date = table.need("date", "2026-01-01").and_then(|node| span::date(&node));
    let name = table.get("name").and_then(|node| node.string()).unwrap_or_default();
    table.finish();
    Some(Holiday { date: date?, name })
}
