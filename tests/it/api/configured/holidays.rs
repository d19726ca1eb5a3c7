//! Holiday sets out of calendars of public holidays (semantics 7.4).

use super::*;

const SET: &str = "teams/psf/holidaySets/pl";

/// A calendar of whole days: a date, or several lines, and a title.
fn calendar(days: &[(&str, &str)]) -> String {
    let event = |(index, (when, title)): (usize, &(&str, &str))| {
        let when = if when.len() == 8 { format!("DTSTART;VALUE=DATE:{when}") } else { (*when).to_owned() };
        format!("BEGIN:VEVENT\r\nUID:{index}\r\n{when}\r\nSUMMARY:{title}\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n")
    };
    let events: String = days.iter().enumerate().map(event).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
}

fn ask(bytes: &str) -> v1::ImportHolidaysRequest {
    v1::ImportHolidaysRequest { name: SET.to_owned(), calendar: bytes.to_owned().into(), ..Default::default() }
}

async fn import(server: &Server, asked: v1::ImportHolidaysRequest) -> v1::ImportHolidaysResponse {
    server.holiday_sets().import_holidays(asked).await.unwrap().into_inner()
}

fn shown(days: &[v1::Holiday]) -> Vec<String> {
    let line = |day: &v1::Holiday| {
        let date = day.date.unwrap();
        format!("{}-{:02}-{:02} {}", date.year, date.month, date.day, day.title)
    };
    days.iter().map(line).collect()
}

fn days(answer: &v1::ImportHolidaysResponse) -> Vec<String> {
    shown(&answer.holiday_set.as_ref().unwrap().holidays)
}

#[tokio::test]
async fn a_calendar_makes_a_set_and_the_next_one_goes_on_with_it() {
    let server = peopled().await;
    let yearly = "DTSTART;VALUE=DATE:20200101\r\nRRULE:FREQ=YEARLY;UNTIL=20270101";
    let first = calendar(&[(yearly, "New Year"), ("20261111", "Independence Day"), ("20251225", "Christmas")]);
    let made = import(&server, ask(&first)).await;
    assert_eq!(days(&made), ["2026-01-01 New Year", "2026-11-11 Independence Day", "2027-01-01 New Year"]);
    assert_eq!(made.added.len(), 3);
    let set = made.holiday_set.as_ref().unwrap();
    assert_eq!((set.name.as_str(), set.display_name.as_str()), (SET, "pl"));
    let before = revision(&server);
    let again = import(&server, ask(&first)).await;
    assert_eq!((again.added.len(), again.removed.len(), revision(&server)), (0, 0, before));
    let next = calendar(&[("20270101", "New Year's Day"), ("20270503", "Constitution Day")]);
    let named = v1::ImportHolidaysRequest { display_name: "Poland".to_owned(), ..ask(&next) };
    let grown = import(&server, named).await;
    assert_eq!(
        days(&grown),
        [
            "2026-01-01 New Year",
            "2026-11-11 Independence Day",
            "2027-01-01 New Year's Day",
            "2027-05-03 Constitution Day"
        ]
    );
    assert_eq!(shown(&grown.removed), ["2027-01-01 New Year"]);
    assert_eq!(grown.holiday_set.unwrap().display_name, "Poland");
}

#[tokio::test]
async fn a_day_that_the_calendar_no_longer_has_is_gone_unless_part_of_it_cannot_be_read() {
    let server = peopled().await;
    let all = [("20261225", "Christmas"), ("20261226", "Second day"), ("20261231", "Eve")];
    import(&server, ask(&calendar(&all))).await;
    let broken = calendar(&[all[0], all[2], ("DTSTART:soon", "?")]);
    let kept = import(&server, ask(&broken)).await;
    assert_eq!((kept.removed.len(), kept.report.unwrap().left_out_count), (0, 1));
    let fewer = import(&server, ask(&calendar(&[all[0], all[2]]))).await;
    assert_eq!(shown(&fewer.removed), ["2026-12-26 Second day"]);
}

#[tokio::test]
async fn two_names_of_one_day_stand_side_by_side() {
    let server = peopled().await;
    let both =
        calendar(&[("20261224", "Christmas Eve"), ("20261224", "Wigilia"), ("DTSTART:20261224T180000Z", "Dinner")]);
    let made = import(&server, ask(&both)).await;
    assert_eq!(days(&made), ["2026-12-24 Christmas Eve / Wigilia"]);
    assert_eq!(made.report.unwrap().passed_over.unwrap().unwanted_count, 1);
}

#[tokio::test]
async fn other_dates_can_be_asked_for() {
    let server = peopled().await;
    let endless = calendar(&[("DTSTART;VALUE=DATE:20000601\r\nRRULE:FREQ=YEARLY", "A day")]);
    let date = |year| Some(wire::Date { year, month: 6, day: 1 });
    let asked = v1::ImportHolidaysRequest { first_date: date(2030), last_date: date(2031), ..ask(&endless) };
    assert_eq!(days(&import(&server, asked.clone()).await), ["2030-06-01 A day", "2031-06-01 A day"]);
    let before = revision(&server);
    let dry = v1::ImportHolidaysRequest { first_date: None, last_date: None, validate_only: true, ..asked };
    let dry = import(&server, dry).await;
    assert_eq!(dry.added.len(), 3);
    assert_eq!(revision(&server), before);
}
