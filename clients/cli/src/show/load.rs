//! Who had how much of the work.

use onduty::proto::v1::{Debt, GetLoadResponse, Load, LoadHours};

use super::table::{Cell, Table};
use super::{NOTICE, View};
use crate::names;

/// Returns the load of a period as a table, a row for each resident or for each of their duties, and who owes whom.
pub fn load(answer: &GetLoadResponse, by_duty: bool, view: &View) -> String {
    let heading = format!("Load, in hours: {} ({})", view.interval(answer.interval.as_ref()), view.zone.name());
    let mut text = view.wrapped(&heading, 2) + "\n";
    if answer.loads.is_empty() {
        return text + "\nNobody was in their term, or on duty.\n";
    }
    text += "\n";
    text += &match by_duty {
        true => duties(answer),
        false => residents(answer),
    }
    .text(view.width);
    let open = answer.debts.iter().filter(|debt| debt.owed_seconds > 0).map(|debt| owed(debt, view));
    let open: String = open.collect();
    if !open.is_empty() {
        text += &format!("\nWho owes whom, of what was covered:\n{open}");
    }
    text
}

fn residents(answer: &GetLoadResponse) -> Table {
    let mut table = Table::new(&[
        "RESIDENT", "ON DUTY", "WORKING", "EVENING", "NIGHT", "WEEKEND", "HOLIDAY", "SHARE", "+/-", "STANDBY", "TASKS",
    ]);
    for load in &answer.loads {
        let mut row = vec![Cell::from(&load.display_name), Cell::from(hours(load.on_duty_seconds))];
        row.extend(kinds(load.hours.as_ref()));
        row.push(Cell::from(load.share_seconds.map(hours).unwrap_or_default()));
        row.push(Cell::styled(NOTICE, load.beyond_share_seconds.map(signed).unwrap_or_default()));
        row.push(Cell::from(zero_is_empty(load.standby_seconds)));
        row.push(Cell::from(tasks(load)));
        table.row(row);
    }
    table
}

fn duties(answer: &GetLoadResponse) -> Table {
    let mut table = Table::new(&["RESIDENT", "DUTY", "ON DUTY", "WORKING", "EVENING", "NIGHT", "WEEKEND", "HOLIDAY"]);
    for load in &answer.loads {
        if load.duties.is_empty() {
            table.row([Cell::from(&load.display_name), Cell::from("none"), Cell::from("0")]);
        }
        for duty in &load.duties {
            let first = [&load.display_name, names::id(&duty.duty), &hours(duty.on_duty_seconds)].map(Cell::from);
            table.row(first.into_iter().chain(kinds(duty.hours.as_ref())).collect::<Vec<_>>());
        }
    }
    table
}

fn kinds(counted: Option<&LoadHours>) -> Vec<Cell> {
    let counted = counted.copied().unwrap_or_default();
    let kinds = [
        counted.working_seconds,
        counted.evening_seconds,
        counted.night_seconds,
        counted.weekend_seconds,
        counted.holiday_seconds,
    ];
    kinds.into_iter().map(zero_is_empty).map(Cell::from).collect()
}

fn tasks(load: &Load) -> String {
    match (load.tasks_done, load.effort_hours > 0.0) {
        (0, _) => String::new(),
        (done, false) => done.to_string(),
        (done, true) => format!("{done} ({} h)", short(load.effort_hours)),
    }
}

fn owed(debt: &Debt, view: &View) -> String {
    let (debtor, creditor) = (view.person(&debt.debtor), view.person(&debt.creditor));
    let mut line = format!("- {debtor} owes {creditor} {} h", hours(debt.owed_seconds));
    if debt.returned_seconds > 0 {
        let (covered, returned) = (hours(debt.covered_seconds), hours(debt.returned_seconds));
        line += &format!(": {creditor} stood in for {covered} h, {debtor} for {returned} h");
    }
    view.wrapped(&line, 2) + "\n"
}

/// Returns hours with as many decimals as they need, two at most.
pub(super) fn hours(seconds: i64) -> String {
    short(seconds as f64 / 3_600.0)
}

fn short(hours: f64) -> String {
    let text = format!("{hours:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn signed(seconds: i64) -> String {
    let text = hours(seconds);
    if seconds > 0 && text != "0" { format!("+{text}") } else { text }
}

fn zero_is_empty(seconds: i64) -> String {
    if seconds == 0 { String::new() } else { hours(seconds) }
}

#[cfg(test)]
mod tests {
    use onduty::proto::v1::DutyLoad;

    use super::super::testing::{duty, interval, resident, stripped, view};
    use super::*;

    fn answer() -> GetLoadResponse {
        let counted = LoadHours {
            working_seconds: 40 * 3_600,
            evening_seconds: 35 * 3_600,
            night_seconds: 45 * 3_600,
            weekend_seconds: 48 * 3_600,
            holiday_seconds: 0,
        };
        let asa = Load {
            resident: resident("asa"),
            display_name: "Åsa Öberg".to_owned(),
            on_duty_seconds: 168 * 3_600,
            hours: Some(counted),
            duties: vec![DutyLoad { duty: duty("review"), on_duty_seconds: 168 * 3_600, hours: Some(counted) }],
            tasks_done: 2,
            effort_hours: 4.5,
            share_seconds: Some(84 * 3_600),
            beyond_share_seconds: Some(84 * 3_600),
            ..Load::default()
        };
        let lukasz = Load {
            resident: resident("lukasz"),
            display_name: "Łukasz".to_owned(),
            standby_seconds: 168 * 3_600,
            hours: Some(LoadHours::default()),
            share_seconds: Some(84 * 3_600),
            beyond_share_seconds: Some(-84 * 3_600),
            ..Load::default()
        };
        let debt = Debt {
            debtor: resident("lukasz"),
            creditor: resident("asa"),
            covered_seconds: 12 * 3_600,
            returned_seconds: 4 * 3_600,
            owed_seconds: 8 * 3_600,
        };
        let interval = interval("2026-11-15T23:00:00Z", "2026-11-22T23:00:00Z");
        GetLoadResponse { loads: vec![asa, lukasz], debts: vec![debt], interval, ..GetLoadResponse::default() }
    }

    #[test]
    fn everybody_is_in_the_table_and_debts_are_said() {
        insta::assert_snapshot!(stripped(&load(&answer(), false, &view())), @r"
        Load, in hours: Mon 16 Nov 00:00 – Mon 23 Nov 00:00 (Europe/Warsaw)

        RESIDENT   ON DUTY  WORKING  EVENING  NIGHT  WEEKEND  SHARE  +/-  STANDBY  TASKS
        Åsa Öberg  168      40       35       45     48       84     +84           2 (4.5 h)
        Łukasz     0                                          84     -84  168

        Who owes whom, of what was covered:
        - Łukasz owes Åsa Öberg 8 h: Åsa Öberg stood in for 12 h, Łukasz for 4 h
        ");
    }

    #[test]
    fn duties_have_lines_of_their_own() {
        insta::assert_snapshot!(stripped(&load(&answer(), true, &view())), @r"
        Load, in hours: Mon 16 Nov 00:00 – Mon 23 Nov 00:00 (Europe/Warsaw)

        RESIDENT   DUTY    ON DUTY  WORKING  EVENING  NIGHT  WEEKEND
        Åsa Öberg  review  168      40       35       45     48
        Łukasz     none    0

        Who owes whom, of what was covered:
        - Łukasz owes Åsa Öberg 8 h: Åsa Öberg stood in for 12 h, Łukasz for 4 h
        ");
    }
}
