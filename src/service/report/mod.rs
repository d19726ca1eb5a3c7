//! What a month was like, put together for one kind of reader: equal data give an equal report, whoever asks.

mod html;
mod markdown;
mod words;

use std::collections::BTreeMap;

use super::change_views::is_about_the_rota;
use super::convert::answers::{Naming, number};
use super::convert::time::{interval, timestamp};
use super::names::{Name, collection_name};
use crate::access::{Audience, Away};
use crate::civil::{Date, Interval, Zone, ZoneRules};
use crate::engine::{self, AcceptanceState, ClosedGap, Gap, Handoff, ResidentLoad, Timeline};
use crate::model::{DutyId, ResidentId, Task, TaskId, TaskState, TeamSnapshot, ZoneName};
use crate::proto::google_type as wire;
use crate::proto::v1;
use crate::roster::{LogEntry, Refusal};

/// How long after the month it is told who is away, in seconds: 35 days.
const AWAY_SECONDS: i64 = 35 * 86_400;
/// How many changes of the rota are listed.
const CHANGES_MAX: usize = 200;

/// A month of a team, and for whom it is told.
pub struct Month<'a> {
    /// The team as it is now.
    pub team: &'a TeamSnapshot,
    /// The zone rules.
    pub rules: &'a ZoneRules,
    /// The month's first day.
    pub first: Date,
    /// The month.
    pub period: Interval,
    /// The zone on whose clock it is one.
    pub zone: &'a ZoneName,
    /// For whom.
    pub readers: v1::ReportAudience,
    /// The present instant: what has no end is told as far as it has come.
    pub now: crate::civil::Instant,
}

impl Month<'_> {
    fn is_for_the_team(&self) -> bool {
        self.readers == v1::ReportAudience::Team
    }

    /// Tells things as to somebody who has nothing of their own in the team.
    fn naming(&self) -> Naming<'_> {
        Naming { team: self.team, at: self.period.end().plus(-1), audience: &Audience::Public }
    }

    /// Puts the report together; `log` is the team's for the month, oldest first.
    pub fn report(&self, log: &[LogEntry]) -> Result<v1::Report, Refusal> {
        let settings = self.team.team.as_ref().and_then(|team| team.versions.at_or_last(self.now));
        let changes: Vec<v1::ReportChange> = if self.is_for_the_team() { self.changes(log) } else { Vec::new() };
        let left_out = changes.len().saturating_sub(CHANGES_MAX);
        Ok(v1::Report {
            team: collection_name(&self.team.id),
            display_name: settings.map(|settings| settings.display_name.clone()).unwrap_or_default(),
            month: Some(wire::Date { year: self.first.year().into(), month: self.first.month().into(), day: 0 }),
            interval: Some(interval(self.period)),
            zone: self.zone.to_string(),
            audience: self.readers.into(),
            duties: self.duties()?,
            residents: self.residents()?,
            changes: changes.into_iter().take(CHANGES_MAX).collect(),
            changes_left_out: i32::try_from(left_out).unwrap_or(i32::MAX),
            absences: if self.is_for_the_team() { self.absences()? } else { Vec::new() },
        })
    }

    fn duties(&self) -> Result<Vec<v1::ReportDuty>, Refusal> {
        let mut closed: BTreeMap<DutyId, Vec<ClosedGap>> = BTreeMap::new();
        if self.is_for_the_team() {
            for gap in engine::closed_gaps(self.team, self.rules, self.period)? {
                closed.entry(gap.duty.clone()).or_default().push(gap);
            }
        }
        let in_effect = self.team.duties.iter().filter(|(_, duty)| duty.versions.within(self.period).next().is_some());
        let mut duties = Vec::new();
        for (id, stated) in in_effect {
            let timeline = engine::timeline(self.team, self.rules, id, self.period)?;
            let gaps = timeline.gaps().iter().map(|gap| self.gap(gap));
            let title = stated.versions.within(self.period).last().map(|(.., duty)| duty.title.clone());
            duties.push(v1::ReportDuty {
                duty: id.full(&self.team.id),
                title: title.unwrap_or_default(),
                coverage: self.coverage(&timeline),
                gaps: gaps.collect::<Result<_, Refusal>>()?,
                closed_gaps: closed.remove(id).unwrap_or_default().iter().map(|gap| self.closed(gap)).collect(),
                handoffs: timeline.handoffs().iter().map(|handoff| self.handoff(handoff)).collect(),
            });
        }
        Ok(duties)
    }

    fn coverage(&self, timeline: &Timeline) -> Option<v1::Coverage> {
        let coverage = timeline.coverage();
        coverage.fraction().map(|_| v1::Coverage {
            duty: timeline.duty().full(&self.team.id),
            required_seconds: coverage.required_seconds,
            met_seconds: coverage.met_seconds,
        })
    }

    fn gap(&self, gap: &Gap) -> Result<v1::ReportGap, Refusal> {
        let accepted = match self.team.acceptances.get(&gap.id(self.team.identities())) {
            Some(accepted) => {
                let whole = engine::whole_gap(self.team, self.rules, gap)?;
                // What it was in the month counts, not whether the acceptance has run out since.
                let state = engine::acceptance_state(&whole, &accepted.value, gap.interval.start());
                state == AcceptanceState::Holding
            }
            None => false,
        };
        let missing = number(gap.required.saturating_sub(gap.present));
        Ok(v1::ReportGap { interval: Some(interval(gap.interval)), missing, accepted })
    }

    fn closed(&self, gap: &ClosedGap) -> v1::ReportClosedGap {
        let (residents, display_names) = self.people(&gap.by);
        v1::ReportClosedGap { interval: Some(interval(gap.interval)), residents, display_names }
    }

    fn handoff(&self, handoff: &Handoff) -> v1::ReportHandoff {
        let (from_residents, from_display_names) = self.people(&handoff.from);
        let (to_residents, to_display_names) = self.people(&handoff.to);
        let time = Some(timestamp(handoff.at));
        v1::ReportHandoff { time, from_residents, from_display_names, to_residents, to_display_names }
    }

    fn people<'p>(&self, people: impl IntoIterator<Item = &'p ResidentId>) -> (Vec<String>, Vec<String>) {
        let naming = self.naming();
        people.into_iter().map(|id| (id.full(&self.team.id), naming.display_name(id))).unzip()
    }

    fn residents(&self) -> Result<Vec<v1::ReportResident>, Refusal> {
        let ledger = engine::load(self.team, self.rules, self.period, &[])?;
        Ok(ledger.residents.iter().map(|load| self.resident(load)).collect())
    }

    fn resident(&self, load: &ResidentLoad) -> v1::ReportResident {
        let plain = v1::ReportResident {
            resident: load.resident.full(&self.team.id),
            display_name: self.naming().display_name(&load.resident),
            on_duty_seconds: load.hours.seconds(),
            standby_seconds: load.standby_seconds,
            ..v1::ReportResident::default()
        };
        if !self.is_for_the_team() {
            return plain;
        }
        let mut done: Vec<(&TaskId, &Task)> = self.team.tasks.iter().map(|(id, entry)| (id, &entry.value)).collect();
        done.retain(|(_, task)| {
            let in_time = task.finish_time.is_some_and(|at| self.period.contains(at));
            task.state == TaskState::Done && in_time && task.assignee.as_ref() == Some(&load.resident)
        });
        done.sort_by_key(|(_, task)| task.finish_time);
        let tasks = done.into_iter().map(|(id, task)| v1::ReportTask {
            task: id.full(&self.team.id),
            title: task.title.clone(),
            link: task.link.clone(),
            finish_time: task.finish_time.map(timestamp),
        });
        v1::ReportResident {
            tasks_done: Some(number(load.tasks_done)),
            effort_hours: load.effort_minutes as f64 / 60.0,
            tasks: tasks.collect(),
            ..plain
        }
    }

    fn changes(&self, log: &[LogEntry]) -> Vec<v1::ReportChange> {
        let told = log.iter().filter_map(|entry| {
            let keys = entry.changes.iter().map(|change| &change.key);
            let objects: Vec<String> = keys.filter_map(|key| is_about_the_rota(key, &self.team.id)).collect();
            (!objects.is_empty()).then(|| v1::ReportChange {
                revision: i64::try_from(entry.revision).unwrap_or(i64::MAX),
                change_time: Some(timestamp(entry.time)),
                actor: entry.actor.clone(),
                title: entry.title.clone(),
                objects,
            })
        });
        told.collect()
    }

    fn absences(&self) -> Result<Vec<v1::ReportAbsence>, Refusal> {
        let end = self.period.end();
        let Some(after) = Interval::new(end, end.plus(AWAY_SECONDS)) else { return Ok(Vec::new()) };
        let mut away = Vec::new();
        for resident in self.team.residents.keys() {
            away.extend(Away::of(self.team, resident, after, self.now, self.rules)?);
        }
        away.sort();
        let naming = self.naming();
        let told = away.into_iter().map(|away| v1::ReportAbsence {
            resident: away.resident.full(&self.team.id),
            display_name: naming.display_name(&away.resident),
            interval: Some(interval(away.interval)),
        });
        Ok(told.collect())
    }
}

/// Returns the report as a document.
pub fn document(report: &v1::Report, zone: &Zone, format: v1::ReportFormat) -> String {
    let text = markdown::markdown(report, &words::Words::new(zone));
    match format {
        v1::ReportFormat::Html => html::html(&format!("{}: {}", report.display_name, words::month(report)), &text),
        v1::ReportFormat::Unspecified | v1::ReportFormat::Markdown => text,
    }
}
