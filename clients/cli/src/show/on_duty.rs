//! Who is on duty at an instant.

use onduty::civil::Instant;
use onduty::proto::v1::{GetOnDutyResponse, Handle, Handoff, ListedPerson, OnDuty, OnDutyPerson};

use super::explanation::explanation;
use super::table::{Cell, Table};
use super::{ALARM, FAINT, HEADING, View, padded, plain, styled, width};
use crate::times::to_the_minute;
use crate::{names, spans};

/// Returns who is on duty, until when, who comes next, and how to reach them; and why, where the answer says it.
pub fn who(answer: &GetOnDutyResponse, view: &View) -> String {
    let at = to_the_minute(answer.time.as_ref().map_or(view.now, spans::instant));
    let mut text =
        format!("{}\n{}\n\n", styled(HEADING, format!("On duty, {}", view.time(at))), view.zone_line(at, at));
    if answer.duties.is_empty() {
        return text + "The team has no duty at that time.\n";
    }
    let mut table = Table::new(&["DUTY", "ON DUTY", "UNTIL", "NEXT"]);
    for duty in &answer.duties {
        rows(duty, at, view, &mut table);
    }
    text += &table.text(view.width);
    text += &handles(answer, view);
    for duty in &answer.duties {
        if let Some(why) = &duty.explanation {
            text += &format!("\n{}\n", styled(HEADING, format!("Why: {}", plain(&duty.title))));
            text += &explanation(why, view);
        }
    }
    text
}

fn rows(duty: &OnDuty, at: Instant, view: &View, table: &mut Table) {
    let handoff = duty.next_handoff.as_ref();
    let changes = handoff.map(|handoff| view.stamp(handoff.time.as_ref(), "")).unwrap_or_default();
    let until = |person: &OnDutyPerson| match handoff {
        Some(handoff) if handoff.leaving.contains(&person.resident) => changes.clone(),
        _ => shift_end(person, view),
    };
    let first_until = duty.people.first().map_or_else(|| changes.clone(), until);
    let next = handoff.map(|handoff| next(handoff, &first_until, at, view)).unwrap_or_default();
    let mut head = Some((names::id(&duty.duty), next));
    let mut row = |who: Cell, until: String| {
        let (id, next) = head.take().unwrap_or_default();
        table.row([id.into(), who, until.into(), next.into()]);
    };
    for person in &duty.people {
        row(Cell::from(&person.display_name), until(person));
    }
    if duty.present < duty.required {
        let who = match duty.present {
            0 => format!("nobody; {} required", duty.required),
            present => format!("only {present} of {} required", duty.required),
        };
        row(Cell::styled(ALARM, who), if duty.people.is_empty() { changes } else { String::new() });
    } else if duty.people.is_empty() {
        row(Cell::styled(FAINT, "nobody needed"), changes);
    }
    let also = |listed: &ListedPerson, what: &str| Cell::styled(FAINT, format!("{} ({what})", listed.display_name));
    duty.standby.iter().for_each(|listed| row(also(listed, "standby"), String::new()));
    duty.shadows.iter().for_each(|listed| row(also(listed, "shadow"), String::new()));
}

/// Returns until when somebody is on duty, as far as one shift goes.
fn shift_end(person: &OnDutyPerson, view: &View) -> String {
    match &person.shift {
        Some(shift) if !shift.truncated_end => {
            view.stamp(shift.interval.as_ref().and_then(|interval| interval.end_time.as_ref()), "")
        }
        Some(_) => "further notice".to_owned(),
        None => String::new(),
    }
}

/// Returns who comes next, with the time unless that is `until`, which stands beside it; on the day of `at` without day.
fn next(handoff: &Handoff, until: &str, at: Instant, view: &View) -> String {
    let who = if handoff.taking_over.is_empty() && handoff.staying.is_empty() {
        "nobody".to_owned()
    } else if handoff.taking_over.is_empty() {
        format!("without {}", view.persons(&handoff.leaving))
    } else {
        view.persons(&handoff.taking_over)
    };
    let Some(time) = handoff.time.as_ref().map(spans::instant).filter(|time| view.time(*time) != until) else {
        return who;
    };
    let same_day = view.zone.day(time) == view.zone.day(at);
    format!("{who} from {}", if same_day { view.time_of_day(time) } else { view.time(time) })
}

/// Returns how to reach everybody named, each once; nothing where nobody says.
fn handles(answer: &GetOnDutyResponse, view: &View) -> String {
    let mut people: Vec<(&str, String, &[Handle])> = Vec::new();
    for duty in &answer.duties {
        let on_duty = duty.people.iter().map(|one| (&one.resident, &one.display_name, &one.handles));
        let listed = duty.standby.iter().chain(&duty.shadows);
        let listed = listed.map(|one| (&one.resident, &one.display_name, &one.handles));
        for (resident, name, handles) in on_duty.chain(listed) {
            if !handles.is_empty() && !people.iter().any(|(known, ..)| known == resident) {
                people.push((resident, plain(name), handles));
            }
        }
    }
    if people.is_empty() {
        return String::new();
    }
    let column = people.iter().map(|(_, name, _)| width(name)).max().unwrap_or_default();
    let mut text = format!("\n{}\n", styled(HEADING, "Reach them"));
    for (_, name, handles) in people {
        let handles = handles.iter().map(|handle| format!("{} {}", plain(&handle.key), plain(&handle.value)));
        let line = format!("  {}  {}", padded(&name, column), handles.collect::<Vec<_>>().join(", "));
        text += &(view.wrapped(&line, column + 4) + "\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use onduty::proto::v1::{Explanation, LayerExplanation, PassedOver, Shift, Turn, Unavailability};

    use super::super::testing::{duty, interval, resident, stripped, view};
    use super::*;

    fn on_duty(id: &str, person: &str, end: &str) -> OnDuty {
        let shift = Shift { interval: interval("2026-11-23T08:00:00Z", end), ..Shift::default() };
        let person = OnDutyPerson {
            resident: resident(person),
            display_name: view().person(&resident(person)),
            handles: vec![Handle { key: "github".to_owned(), value: person.to_owned(), audience: 2 }],
            shift: Some(shift),
        };
        OnDuty {
            duty: duty(id),
            title: id.to_owned(),
            people: vec![person],
            required: 1,
            present: 1,
            ..OnDuty::default()
        }
    }

    fn handoff(to: &[&str]) -> Handoff {
        Handoff {
            time: interval("2026-11-30T08:00:00Z", "").and_then(|interval| interval.start_time),
            leaving: vec![resident("lukasz")],
            taking_over: to.iter().map(|id| resident(id)).collect(),
            ..Handoff::default()
        }
    }

    #[test]
    fn everybody_on_duty_is_shown_with_their_end_and_who_follows() {
        let mut security = on_duty("security", "lukasz", "2026-11-30T08:00:00Z");
        security.next_handoff = Some(handoff(&["mika"]));
        // Somebody else's turn that is theirs too, and no handoff.
        security.people[0].shift.as_mut().unwrap().interval = interval("2026-11-23T08:00:00Z", "2026-11-24T08:00:00Z");
        security.standby = vec![ListedPerson {
            display_name: "三輪 美香".to_owned(),
            resident: resident("mika"),
            ..ListedPerson::default()
        }];
        let mut reviews = on_duty("reviews", "asa", "2026-11-23T16:00:00Z");
        reviews.next_handoff = Some(handoff(&[]));
        let buildbots =
            OnDuty { duty: duty("buildbots"), required: 1, next_handoff: Some(handoff(&["asa"])), ..OnDuty::default() };
        let talks = OnDuty { duty: duty("talks"), ..OnDuty::default() };
        let answer =
            GetOnDutyResponse { duties: vec![security, reviews, buildbots, talks], ..GetOnDutyResponse::default() };
        insta::assert_snapshot!(stripped(&who(&answer, &view())), @r"
        On duty, Mon 23 Nov 14:05
        Times in Europe/Warsaw (UTC+01:00)

        DUTY       ON DUTY              UNTIL             NEXT
        security   Łukasz               Mon 30 Nov 09:00  三輪 美香
                   三輪 美香 (standby)
        reviews    Åsa Öberg            Mon 23 Nov 17:00  nobody from Mon 30 Nov 09:00
        buildbots  nobody; 1 required   Mon 30 Nov 09:00  Åsa Öberg
        talks      nobody needed

        Reach them
          Łukasz     github lukasz
          Åsa Öberg  github asa
        ");
    }

    #[test]
    fn a_handoff_on_the_same_day_is_told_without_the_day() {
        let mut reviews = on_duty("reviews", "asa", "2026-11-23T16:00:00Z");
        let time = interval("2026-11-23T14:00:00Z", "").and_then(|interval| interval.start_time);
        reviews.next_handoff = Some(Handoff { time, ..handoff(&["mika"]) });
        let answer = GetOnDutyResponse { duties: vec![reviews], ..GetOnDutyResponse::default() };
        let text = stripped(&who(&answer, &view()));
        assert!(text.contains("Mon 23 Nov 17:00  三輪 美香 from 15:00"), "{text}");
    }

    #[test]
    fn the_explanation_follows_the_table() {
        let mut security = on_duty("security", "asa", "2026-11-30T08:00:00Z");
        security.explanation = Some(Explanation {
            effective_interval: interval("2026-11-01T00:00:00Z", ""),
            places: Some(1),
            layers: vec![LayerExplanation {
                layer: "weekly".to_owned(),
                read: true,
                turn: Some(Turn {
                    number: 12,
                    interval: interval("2026-11-23T08:00:00Z", "2026-11-30T08:00:00Z"),
                    resident: resident("lukasz"),
                }),
                listed: vec![resident("asa")],
                passed_over: vec![PassedOver {
                    resident: resident("lukasz"),
                    reasons: vec![Unavailability {
                        reason: 2,
                        time_off: Some("teams/psf/timeOff/flu".to_owned()),
                        ..Unavailability::default()
                    }],
                }],
                ..LayerExplanation::default()
            }],
            overrides: vec![],
        });
        let answer = GetOnDutyResponse { duties: vec![security], ..GetOnDutyResponse::default() };
        insta::assert_snapshot!(stripped(&who(&answer, &view())), @r"
        On duty, Mon 23 Nov 14:05
        Times in Europe/Warsaw (UTC+01:00)

        DUTY      ON DUTY    UNTIL
        security  Åsa Öberg  Mon 30 Nov 09:00

        Reach them
          Åsa Öberg  github asa

        Why: security
          This version of the duty holds Sun 1 Nov 01:00 until further notice.
          Layer weekly lists Åsa Öberg.
            Turn 12, Mon 23 Nov 09:00 – Mon 30 Nov 09:00, is that of Łukasz.
            Łukasz is passed over: on time off flu.
          1 place is filled in the order listed.
        ");
    }

    #[test]
    fn a_team_without_duties_is_told_so() {
        assert!(who(&GetOnDutyResponse::default(), &view()).contains("no duty"));
    }
}
