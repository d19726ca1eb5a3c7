//! Lists of configured objects and overrides, calendar addresses, and the server.

use onduty::proto::v1::{
    CoverConflictKind, Duty, Headcount, ListDutiesResponse, ListHolidaySetsResponse, ListOverridesResponse,
    ListResidentsResponse, ListTeamsResponse, Override, RosterFinding, ServerInfo, headcount, layer,
};

use super::swaps::conflict;
use super::table::{Cell, Table};
use super::{ALARM, FAINT, GOOD, NOTICE, View, counted, plain, styled, words};
use crate::{names, spans};

/// Returns a table, or a line that says that it would be empty.
fn table_or(table: Table, empty: &str, view: &View) -> String {
    if table.is_empty() { format!("{empty}\n") } else { table.text(view.width) }
}

/// Returns teams as a table.
pub fn teams(answer: &ListTeamsResponse, view: &View) -> String {
    let mut table = Table::new(&["ID", "NAME", "ZONE", "PUBLIC"]);
    for team in &answer.teams {
        let public = if team.public { "public" } else { "private" };
        table.row([names::id(&team.name).into(), (&team.display_name).into(), (&team.zone).into(), public.into()]);
    }
    table_or(table, "No team.", view)
}

/// Returns residents as a table.
pub fn residents(answer: &ListResidentsResponse, view: &View) -> String {
    let mut table = Table::new(&["ID", "NAME", "HOME ZONE", "SKILLS", "REACHED AT"]);
    for resident in &answer.residents {
        let handles = resident.handles.iter().map(|handle| format!("{} {}", handle.key, handle.value));
        table.row([
            names::id(&resident.name).into(),
            (&resident.display_name).into(),
            (&resident.home_zone).into(),
            resident.skills.join(", ").into(),
            Cell::styled(FAINT, handles.collect::<Vec<_>>().join(", ")),
        ]);
    }
    table_or(table, "No resident.", view)
}

/// Returns duties as a table.
pub fn duties(answer: &ListDutiesResponse, view: &View) -> String {
    let mut table = Table::new(&["ID", "TITLE", "CRITICALITY", "HEADCOUNT", "WHO"]);
    for duty in &answer.duties {
        table.row([
            names::id(&duty.name).into(),
            (&duty.title).into(),
            words::criticality(duty.criticality).into(),
            headcount(duty.headcount).into(),
            sources(duty, view).into(),
        ]);
    }
    table_or(table, "No duty.", view)
}

fn headcount(headcount: Option<Headcount>) -> String {
    match headcount.and_then(|headcount| headcount.size) {
        Some(headcount::Size::Count(count)) => count.to_string(),
        Some(headcount::Size::All(_)) => "all".to_owned(),
        None => "1".to_owned(),
    }
}

/// Returns whom the layers of a duty draw on.
fn sources(duty: &Duty, view: &View) -> String {
    let layers = duty.layers.iter().map(|one| match &one.source {
        Some(layer::Source::Rotation(rotation)) => format!("{} in turn", view.persons(&rotation.participants)),
        Some(layer::Source::Pool(pool)) => view.persons(&pool.members),
        None => String::new(),
    });
    layers.collect::<Vec<_>>().join("; then ")
}

/// Returns holiday sets as a table.
pub fn holiday_sets(answer: &ListHolidaySetsResponse, view: &View) -> String {
    let mut table = Table::new(&["ID", "NAME", "DAYS"]);
    for set in &answer.holiday_sets {
        let days = counted(set.holidays.len(), "day", "days");
        table.row([names::id(&set.name).into(), (&set.display_name).into(), days.into()]);
    }
    table_or(table, "No holiday set.", view)
}

/// Returns overrides as a table.
pub fn overrides(answer: &ListOverridesResponse, view: &View) -> String {
    let mut table = Table::new(&["ID", "DUTY", "WHEN", "WHAT", "FROM"]);
    for entry in &answer.overrides {
        let from = match (entry.origin, entry.swap.as_str()) {
            (1, _) => words::origin(entry.origin),
            (_, "") => String::new(),
            (_, swap) => names::id(swap).to_owned(),
        };
        table.row([
            names::id(&entry.name).into(),
            names::id(&entry.duty).into(),
            view.interval(entry.interval.as_ref()).into(),
            what(entry, view).into(),
            Cell::styled(FAINT, from),
        ]);
    }
    if table.is_empty() {
        return "No override.\n".to_owned();
    }
    format!("{}\n\n{}", view.zone_now(), table.text(view.width))
}

pub(super) fn what(entry: &Override, view: &View) -> String {
    let name = |name: &Option<String>| name.as_ref().filter(|name| !name.is_empty()).map(|name| view.person(name));
    match (name(&entry.by_resident), name(&entry.for_resident)) {
        (Some(by), Some(whom)) => format!("{by} for {whom}"),
        (Some(by), None) => format!("by {by}"),
        (None, Some(whom)) => format!("{whom} off"),
        (None, None) => String::new(),
    }
}

/// Returns an override that was recorded, or would be.
pub fn recorded_override(entry: &Override, dry_run: bool, view: &View) -> String {
    let heading = if dry_run { "Would be recorded:".to_owned() } else { styled(GOOD, "Recorded:") };
    let duty = plain(names::id(&entry.duty));
    let line = format!(
        "{heading} {duty}, {}, {} ({})",
        view.interval(entry.interval.as_ref()),
        what(entry, view),
        names::id(&entry.name)
    );
    let mut text = format!("{}\n{}\n", view.wrapped(&line, 2), view.zone_now());
    if entry.forced {
        text += &format!("{}\n", styled(NOTICE, "Forced: a skill of the duty is lacking."));
    }
    // What a forced one lacks is said.
    let told = entry.conflicts.iter().filter(|it| !entry.forced || it.kind() != CoverConflictKind::LacksSkill);
    text.extend(told.map(|told| view.wrapped(&conflict(told), 2) + "\n"));
    text
}

/// Returns why an override does nothing, and how to take it back.
pub fn idle_override(finding: &RosterFinding, view: &View) -> String {
    let text = styled(ALARM, plain(&finding.text));
    let command = format!("delete override {}", names::id(&finding.name));
    format!("{}\n{}\n", view.wrapped(&text, 2), view.typed("To take it back", &command))
}

/// Returns that an override does nothing: at no time of it the one who covers is on duty.
pub fn without_effect(entry: &Override, view: &View) -> String {
    let who = entry.by_resident.as_ref().map(|name| view.person(name)).unwrap_or_default();
    let told = format!("It has no effect: {who} is not on {} in that time.", plain(names::id(&entry.duty)));
    let see = view.typed("Who is", &format!("shifts --duty {}", names::id(&entry.duty)));
    let back = view.typed("To take it back", &format!("delete override {}", names::id(&entry.name)));
    format!("{}\n{see}\n{back}\n", view.wrapped(&styled(ALARM, told), 2))
}

/// Returns what server answers.
pub fn server_info(info: &ServerInfo, server: &str, bundled: &str, view: &View) -> String {
    let mut text = format!("Server   onduty {} at {server}\n", plain(&info.version));
    text += &format!("Client   onduty {}, zone rules {bundled}\n", env!("CARGO_PKG_VERSION"));
    if let Some(tzdb) = &info.tzdb {
        let path = if tzdb.path.is_empty() { String::new() } else { format!(", {}", tzdb.path) };
        text += &format!("Zones    {} ({}{})\n", plain(&tzdb.version), words::tzdb_source(tzdb.source), plain(&path));
        if tzdb.host_newer {
            let line = format!("The server's host has newer zone rules: {}.", plain(&tzdb.host_version));
            text += &format!("{}\n", styled(NOTICE, line));
        }
    }
    if let Some(time) = &info.server_time {
        let at = spans::instant(time);
        text += &format!("Clock    {} ({})\n", view.time(at), view.zone.name());
    }
    for team in &info.team_revisions {
        text += &format!("Team     {}, revision {}\n", plain(names::id(&team.team)), team.revision);
    }
    text
}

#[cfg(test)]
mod tests {
    use onduty::proto::v1::{Layer, Pool, Resident, TeamRevision, TzdbInfo};

    use super::super::testing::{duty, interval, resident, stripped, view};
    use super::*;

    #[test]
    fn duties_say_whom_they_draw_on() {
        let pool = |members: &[&str]| Layer {
            source: Some(layer::Source::Pool(Pool { members: members.iter().map(|id| resident(id)).collect() })),
            ..Layer::default()
        };
        let answer = ListDutiesResponse {
            duties: vec![Duty {
                name: duty("moderation"),
                title: "Moderation requests".to_owned(),
                layers: vec![pool(&["lukasz", "mika"]), pool(&["asa"])],
                criticality: 1,
                headcount: Some(Headcount { size: Some(headcount::Size::All(true)) }),
                ..Duty::default()
            }],
            ..ListDutiesResponse::default()
        };
        insta::assert_snapshot!(stripped(&duties(&answer, &view())), @r"
        ID          TITLE                CRITICALITY  HEADCOUNT  WHO
        moderation  Moderation requests  low          all        Łukasz, 三輪 美香; then
                                                                 Åsa Öberg
        ");
    }

    #[test]
    fn residents_fit_eighty_columns_by_wrapping() {
        let answer = ListResidentsResponse {
            residents: vec![Resident {
                name: resident("lukasz"),
                display_name: "Łukasz".to_owned(),
                home_zone: "Europe/Warsaw".to_owned(),
                skills: ["release", "security", "buildbots", "c", "windows"].map(str::to_owned).to_vec(),
                handles: vec![onduty::proto::v1::Handle {
                    key: "github".to_owned(),
                    value: "lukasz-with-a-long-account-name".to_owned(),
                    audience: 2,
                }],
                ..Resident::default()
            }],
            ..ListResidentsResponse::default()
        };
        let text = stripped(&residents(&answer, &view()));
        assert!(text.lines().all(|line| super::super::width(line) <= 80), "{text}");
    }

    #[test]
    fn an_override_says_who_covers_for_whom() {
        let entry = Override {
            name: "teams/psf/overrides/3k9".to_owned(),
            duty: duty("security"),
            by_resident: Some(resident("asa")),
            for_resident: Some(resident("lukasz")),
            interval: interval("2026-11-28T08:00:00Z", "2026-11-28T16:00:00Z"),
            ..Override::default()
        };
        insta::assert_snapshot!(stripped(&recorded_override(&entry, false, &view())), @r"
        Recorded: security, Sat 28 Nov 09:00 – 17:00, Åsa Öberg for Łukasz (3k9)
        Times in Europe/Warsaw (UTC+01:00)
        ");
    }

    #[test]
    fn the_server_is_told_with_its_zone_rules() {
        let info = ServerInfo {
            version: "0.1.0".to_owned(),
            tzdb: Some(TzdbInfo {
                version: "2026e".to_owned(),
                source: 1,
                host_newer: true,
                host_version: "2026f".to_owned(),
                ..TzdbInfo::default()
            }),
            server_time: interval("2026-11-23T13:05:00Z", "").and_then(|interval| interval.start_time),
            team_revisions: vec![TeamRevision { team: "teams/psf".to_owned(), revision: 7 }],
        };
        let text = server_info(&info, "http://127.0.0.1:7373", "2026e", &view());
        assert!(stripped(&text).ends_with("Team     psf, revision 7"));
        assert!(text.contains("newer zone rules: 2026f"));
    }
}
