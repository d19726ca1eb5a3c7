//! What the demo says for itself once it listens: who is on duty, the next handoff, the gaps ahead, and the calendar.
//!
//! It is text for the terminal in which the server was started, and says what a coordinator may know. It is made from
//! the answers that any caller gets.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use tonic::{Request, Status};

use crate::access::{Identity, Need, Visit};
use crate::civil::{Instant, Zone};
use crate::model::TeamSnapshot;
use crate::proto::google_type::Interval;
use crate::proto::v1::on_duty_service_server::OnDutyService as _;
use crate::proto::v1::{Gap, GetOnDutyRequest, Handoff, ListGapsRequest, ListGapsResponse, OnDuty};
use crate::roster::{Desk, Rosters};
use crate::service;

/// How many days of gaps are listed.
const GAP_DAYS: i64 = 30;
/// How many gaps are listed at most.
const GAPS_SHOWN: usize = 20;

/// Says how `team` stands; empty where there is no such team.
pub(super) async fn of(rosters: &Rosters, team: &TeamSnapshot, url: &str) -> Result<String, Status> {
    let now = rosters.now();
    let Some((_, settings)) = team.team.as_ref().and_then(|team| team.versions.at(now)) else {
        return Ok(String::new());
    };
    let Ok(zone) = settings.zone.zone(rosters.rules()) else { return Ok(String::new()) };
    let people = team.residents.iter().filter_map(|(id, resident)| {
        let (_, resident) = resident.versions.at(now)?;
        Some((format!("teams/{}/residents/{id}", team.id), resident.display_name.clone()))
    });
    let page = Page { zone, people: people.collect() };
    let reads = service::OnDuty::new(Desk::closed(rosters.clone()));
    let parent = format!("teams/{}", team.id);
    let asked = GetOnDutyRequest { parent: parent.clone(), ..GetOnDutyRequest::default() };
    let on_duty = reads.get_on_duty(of_the_server(asked)).await?.into_inner();
    let window = Interval { start_time: Some(stamp(now)), end_time: Some(stamp(now.plus(GAP_DAYS * 86_400))) };
    let asked = ListGapsRequest { parent, interval: Some(window), ..ListGapsRequest::default() };
    let gaps = reads.list_gaps(of_the_server(asked)).await?.into_inner();
    let title = format!("{} (team {}), {}", settings.display_name, team.id, page.time(now));
    let mut text = format!("\n{title}\nTimes in {}\n", zone.name());
    text += &page.on_duty(&on_duty.duties);
    text += &page.handoff(&on_duty.duties);
    text += &page.gaps(&gaps);
    if settings.public {
        text += &format!("\nCalendar to subscribe to\n  {url}/feeds/{}/on-duty.ics\n", team.id);
    }
    Ok(text)
}

/// A call that the server makes of itself.
fn of_the_server<T>(asked: T) -> Request<T> {
    let mut request = Request::new(asked);
    request.extensions_mut().insert(Visit { caller: Arc::new(Identity::server()), need: Need::Coordinator });
    request
}

fn stamp(at: Instant) -> pbjson_types::Timestamp {
    pbjson_types::Timestamp { seconds: at.seconds(), nanos: 0 }
}

fn instant(at: &pbjson_types::Timestamp) -> Instant {
    Instant::from_seconds(at.seconds)
}

fn id(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Texts in the zone of the team.
struct Page<'a> {
    zone: &'a Zone,
    people: BTreeMap<String, String>,
}

impl Page<'_> {
    fn time(&self, at: Instant) -> String {
        self.zone.wall(at).date_time().strftime("%a %-d %b %H:%M").to_string()
    }

    fn interval(&self, interval: Option<&Interval>) -> String {
        let ends = interval.and_then(|interval| interval.start_time.as_ref().zip(interval.end_time.as_ref()));
        let Some((start, end)) = ends.map(|(start, end)| (instant(start), instant(end))) else { return String::new() };
        let (day, last) = (self.zone.wall(start).day(), self.zone.wall(end));
        let end = match last {
            _ if last.day() == day => last.date_time().strftime("%H:%M").to_string(),
            _ if last == day.plus(1).start() => "24:00".to_owned(),
            _ => self.time(end),
        };
        format!("{} – {end}", self.time(start))
    }

    fn people(&self, names: &[String]) -> String {
        let people = names.iter().map(|name| self.people.get(name).map_or_else(|| id(name), String::as_str));
        people.collect::<Vec<_>>().join(", ")
    }

    fn on_duty(&self, duties: &[OnDuty]) -> String {
        let column = duties.iter().map(|duty| id(&duty.duty).len()).max().unwrap_or_default();
        let mut text = "\nOn duty\n".to_owned();
        for duty in duties {
            let who = match duty.people.as_slice() {
                [] if duty.required > 0 => format!("nobody; {} required", duty.required),
                [] => "nobody needed".to_owned(),
                people => people.iter().map(|person| person.display_name.as_str()).collect::<Vec<_>>().join(", "),
            };
            let next = duty.next_handoff.as_ref().map(|handoff| {
                let at = handoff.time.as_ref().map(|at| self.time(instant(at))).unwrap_or_default();
                format!(" until {at}, then {}", self.after(handoff))
            });
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  {:column$}  {who}{}", id(&duty.duty), next.unwrap_or_default());
        }
        text
    }

    /// Who is on duty after a handoff.
    fn after(&self, handoff: &Handoff) -> String {
        let people: Vec<String> = handoff.taking_over.iter().chain(&handoff.staying).cloned().collect();
        if people.is_empty() { "nobody".to_owned() } else { self.people(&people) }
    }

    fn handoff(&self, duties: &[OnDuty]) -> String {
        let at = |handoff: &&Handoff| handoff.time.as_ref().map(|at| at.seconds);
        let handoffs = || duties.iter().filter_map(|duty| duty.next_handoff.as_ref());
        let Some(first) = handoffs().min_by_key(at) else { return String::new() };
        let mut text =
            format!("\nNext handoff, {}\n", first.time.as_ref().map(|at| self.time(instant(at))).unwrap_or_default());
        for handoff in handoffs().filter(|handoff| at(handoff) == at(&first)) {
            let _ = match handoff.leaving.as_slice() {
                [] => writeln!(text, "  {}: {}", id(&handoff.duty), self.after(handoff)),
                leaving => {
                    writeln!(text, "  {}: {} after {}", id(&handoff.duty), self.after(handoff), self.people(leaving))
                }
            };
        }
        text
    }

    fn gaps(&self, answer: &ListGapsResponse) -> String {
        let mut text = match answer.gaps.len() {
            0 => format!("\nNo gap in the next {GAP_DAYS} days\n"),
            count => format!("\nGaps in the next {GAP_DAYS} days: {count}, each with who could stand in\n"),
        };
        let shown = &answer.gaps[..answer.gaps.len().min(GAPS_SHOWN)];
        let row = |gap: &Gap| [id(&gap.duty).to_owned(), self.interval(gap.interval.as_ref()), self.stand_ins(gap)];
        let rows: Vec<_> = shown.iter().map(row).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
        let (first, second) = (width(0), width(1));
        for [duty, when, who] in &rows {
            let _ = writeln!(text, "  {duty:first$}  {when:second$}  {who}");
        }
        if answer.gaps.len() > shown.len() {
            let _ = writeln!(text, "  and {} more", answer.gaps.len() - shown.len());
        }
        text
    }

    fn stand_ins(&self, gap: &Gap) -> String {
        let names: Vec<&str> = gap.stand_ins.iter().map(|stand_in| stand_in.display_name.as_str()).collect();
        match (names.is_empty(), &gap.back_time) {
            (false, _) => names.join(", "),
            (true, Some(back)) => format!("nobody; back {}", self.time(instant(back))),
            (true, None) => "nobody".to_owned(),
        }
    }
}
