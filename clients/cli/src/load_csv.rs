//! Load as comma-separated values (RFC 4180), for payroll and spreadsheets.

use onduty::proto::v1::{GetLoadResponse, Load, LoadHours};

use crate::names;
use crate::spans;

/// The columns: what the row is about, then hours.
const TITLES: [&str; 17] = [
    "period_start",
    "period_end",
    "resident",
    "display_name",
    "duty",
    "on_duty_hours",
    "working_hours",
    "evening_hours",
    "night_hours",
    "weekend_hours",
    "holiday_hours",
    "standby_hours",
    "tasks_done",
    "effort_hours",
    "available_hours",
    "share_hours",
    "beyond_share_hours",
];

/// Returns a row for each resident, or for each duty of each; what is not shown is empty.
///
/// # Errors
///
/// [`csv::Error`] where memory cannot be written.
pub fn table(answer: &GetLoadResponse, by_duty: bool) -> Result<String, csv::Error> {
    let mut rows = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    rows.write_record(TITLES)?;
    let (start, end) = spans::ends(answer.interval.as_ref());
    let period = [start, end].map(|at| at.map(|at| at.to_string()).unwrap_or_default());
    for load in &answer.loads {
        let who = [names::id(&load.resident).to_owned(), unformulaic(&load.display_name)];
        let about = |duty: &str| period.iter().chain(&who).cloned().chain([duty.to_owned()]).collect::<Vec<_>>();
        if by_duty {
            for duty in &load.duties {
                let counted = [hours(duty.on_duty_seconds)].into_iter().chain(kinds(duty.hours.as_ref()));
                let empty = std::iter::repeat_n(String::new(), 6);
                rows.write_record(about(names::id(&duty.duty)).into_iter().chain(counted).chain(empty))?;
            }
        } else {
            rows.write_record(about("").into_iter().chain(whole(load)))?;
        }
    }
    let bytes = rows.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn whole(load: &Load) -> impl Iterator<Item = String> {
    let or_empty = |seconds: Option<i64>| seconds.map(hours).unwrap_or_default();
    let rest = [
        hours(load.standby_seconds),
        load.tasks_done.to_string(),
        format!("{:.2}", load.effort_hours),
        or_empty(load.available_seconds),
        or_empty(load.share_seconds),
        or_empty(load.beyond_share_seconds),
    ];
    [hours(load.on_duty_seconds)].into_iter().chain(kinds(load.hours.as_ref())).chain(rest)
}

fn kinds(counted: Option<&LoadHours>) -> [String; 5] {
    let Some(counted) = counted else { return Default::default() };
    [
        counted.working_seconds,
        counted.evening_seconds,
        counted.night_seconds,
        counted.weekend_seconds,
        counted.holiday_seconds,
    ]
    .map(hours)
}

fn hours(seconds: i64) -> String {
    format!("{:.2}", seconds as f64 / 3_600.0)
}

/// Returns a text that no spreadsheet takes for a formula.
fn unformulaic(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use onduty::proto::v1::DutyLoad;

    use super::*;
    use crate::show::testing::{duty, interval, resident};

    fn answer() -> GetLoadResponse {
        let counted = LoadHours { working_seconds: 5_400, night_seconds: 3_600, ..LoadHours::default() };
        let asa = Load {
            resident: resident("asa"),
            display_name: "=Öberg, \"Åsa\"".to_owned(),
            on_duty_seconds: 9_000,
            hours: Some(counted),
            duties: vec![DutyLoad { duty: duty("review"), on_duty_seconds: 9_000, hours: Some(counted) }],
            available_seconds: Some(86_400),
            share_seconds: Some(10_800),
            beyond_share_seconds: Some(-1_800),
            ..Load::default()
        };
        let other = Load { resident: resident("ben"), display_name: "Ben".to_owned(), ..Load::default() };
        let interval = interval("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z");
        GetLoadResponse { loads: vec![asa, other], interval, ..GetLoadResponse::default() }
    }

    #[test]
    fn a_row_for_each_resident_also_with_zero() {
        let expected = [
            "2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,asa,\"'=Öberg, \"\"Åsa\"\"\",,2.50,1.50,0.00,1.00,0.00,0.00,\
             0.00,0,0.00,24.00,3.00,-0.50",
            "2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,ben,Ben,,0.00,,,,,,0.00,0,0.00,,,",
        ];
        let table = table(&answer(), false).unwrap();
        assert_eq!(table.lines().skip(1).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_row_for_each_duty_of_each_resident() {
        let table = table(&answer(), true).unwrap();
        let expected = "2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,asa,\"'=Öberg, \"\"Åsa\"\"\",review,\
                        2.50,1.50,0.00,1.00,0.00,0.00,,,,,,";
        assert_eq!(table.lines().skip(1).collect::<Vec<_>>(), [expected]);
    }
}
