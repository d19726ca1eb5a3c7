//! Absences as people live them: marked with everything that follows, ended early, and over (semantics 7.1).

use super::convert::answers::Naming;
use super::convert::time::{WINDOW_MAX_SECONDS, instant, interval};
use super::entry::{self, Answer, Read, Stating, Wanted, addressed, apply, settle};
use super::gaps::gap_view;
use super::names::{Name, not_found};
use super::read_context;
use super::request::{Fields, request};
use super::tasks;
use super::time_off::{TimeOffs, state};
use crate::access::{Audience, Denial};
use crate::civil::{Instant, Interval, ZoneRules};
use crate::engine::{self, AffectedPart, AffectedShift};
use crate::model::{Cut, Effect, Object, ObjectKey, Origin, ResidentId, TimeOff};
use crate::proto::v1;
use crate::roster::{ChangeSet, Refusal};

/// How far ahead consequences are computed of an absence without an end where nothing else says so, in seconds: 30 days.
/// What has an end is looked at as a whole.
const HORIZON_SECONDS: i64 = 30 * 86_400;

impl TimeOffs {
    pub(super) async fn mark_absence(&self, asked: v1::MarkAbsenceRequest) -> Result<v1::MarkAbsenceResponse, Refusal> {
        let bare = v1::MarkAbsenceRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "mark an absence".to_owned(), asked.validate_only);
        let wanted = Wanted { field: "time_off_id", text: asked.time_off_id };
        let (message, chosen) = (asked.time_off.unwrap_or_default(), wanted.text.clone());
        let horizon = asked.horizon_time;
        let until = horizon;
        let made = entry::create::<TimeOff>(&self.desk, &asked.parent, wanted, request, move |stating| {
            mark(stating, (&message, &chosen), until.as_ref())
        });
        let made = made.await?;
        let until = horizon.map(|at| instant("horizon_time", &at)).transpose()?;
        let window = window(&made.entry.value, until, self.desk.rules())?;
        Ok(v1::MarkAbsenceResponse {
            time_off: Some(self.answer(&made)?),
            consequences: Some(match window {
                Some(window) => self.consequences(&made, window)?,
                None => v1::Consequences::default(),
            }),
            context: Some(read_context(&self.desk, made.read.snapshot(), made.read.now)),
        })
    }

    /// Compares the team as it is with the entry and without it.
    fn consequences(&self, made: &Answer<TimeOff>, window: Interval) -> Result<v1::Consequences, Refusal> {
        let (rules, now, resident) = (self.desk.rules(), made.read.now, &made.entry.value.resident);
        let mut with = made.read.snapshot().clone();
        with.put(Object::TimeOff(made.id.clone(), made.entry.clone()));
        let mut without = with.clone();
        without.remove(&ObjectKey::TimeOff(made.id.clone()));
        let found = engine::consequences(&without, &with, rules, resident, window, now)?;
        let audience = &made.read.audience;
        let naming = |team| Naming { team, at: window.start(), audience };
        let gaps =
            found.gaps.iter().map(|opened| gap_view(&with, rules, (&opened.gap, &opened.stand_ins), now, audience));
        let mut reader = engine::TaskReader::new(&with, rules, now);
        let tasks = found.tasks.iter().filter_map(|affected| {
            let entry = with.tasks.get(&affected.task)?;
            let room = tasks::rooms(naming(&with), &affected.room);
            let task = tasks::view((&self.desk, audience), &mut reader, &affected.task, entry);
            Some(task.map(|task| v1::AffectedTask { task: Some(task), room }))
        });
        Ok(v1::Consequences {
            interval: Some(interval(window)),
            truncated: goes_on(&made.entry.value, window.end(), rules)?,
            shifts: found.shifts.iter().map(|affected| affected_shift(naming(&without), affected)).collect(),
            gaps: gaps.collect::<Result<_, _>>()?,
            tasks: tasks.collect::<Result<_, _>>()?,
        })
    }

    pub(super) async fn end(&self, asked: v1::EndTimeOffRequest) -> Result<v1::TimeOff, Refusal> {
        let bare = v1::EndTimeOffRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "end time off early".to_owned(), asked.validate_only);
        let end = asked.end_time;
        let made = entry::alter::<TimeOff>(&self.desk, &asked.name, &asked.etag, request, move |mut stating| {
            let at = end.as_ref().map(|end| instant("end_time", end));
            let at = at.map_or(Some(stating.now()), |at| stating.fields.take(at));
            let (Some(before), mut draft) = (stating.before, stating.draft()) else { return Ok(ChangeSet::default()) };
            if let Some(at) = at {
                if !in_progress(&before.value, at, stating.rules)? {
                    return Err(not_in_progress(&stating, at));
                }
                let after = TimeOff { ended: Some(at), ..before.value.clone() };
                draft.time_off_alone(&stating.id, after, Origin::Entered);
            }
            settle(std::mem::take(&mut stating.fields), draft, str::to_owned)
        });
        self.answer(&made.await?)
    }

    pub(super) async fn come_back(&self, asked: v1::ComeBackRequest) -> Result<v1::ComeBackResponse, Refusal> {
        let bare = v1::ComeBackRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "come back".to_owned(), asked.validate_only);
        let back = asked.back_time;
        let time = back.as_ref().map_or(Ok(()), |back| instant("back_time", back).map(drop));
        let address = ResidentId::read("resident", &asked.resident);
        let ((team, resident), request) = addressed(address, request, time)?;
        let asking = self.desk.clone();
        let changed = apply(&self.desk, team.clone(), request, move |team, change, rules| {
            if let Audience::Resident(own) = asking.audience(team)?
                && own != resident
            {
                return Err(Refusal::Denied(Denial::Forbidden));
            }
            if !team.residents.contains_key(&resident) {
                return Err(not_found(&resident, &team.id, &team.residents));
            }
            let mut fields = Fields::default();
            let at = back.as_ref().map(|back| instant("back_time", back));
            let at = at.map_or(Some(change.time), |at| fields.take(at));
            let mut draft = crate::roster::Draft::new(team, change, rules);
            for (id, entry) in team.time_off.iter().filter(|(_, entry)| entry.value.resident == resident) {
                if let Some(after) = at.and_then(|at| back_at(&entry.value, at, rules).transpose()).transpose()? {
                    draft.time_off_alone(id, after, Origin::Entered);
                }
            }
            settle(fields, draft, str::to_owned)
        });
        let changed = changed.await?;
        let read = Read::after(&self.desk, &changed)?;
        let entries = changed.objects.iter().filter_map(|(_, object)| match object {
            Some(Object::TimeOff(id, entry)) => Some(self.became(&read, &changed, id, entry)),
            _ => None,
        });
        Ok(v1::ComeBackResponse {
            time_off: entries.collect::<Result<_, _>>()?,
            context: Some(read_context(&self.desk, read.snapshot(), read.now)),
        })
    }
}

/// States an absence under an `id` that somebody chose, if any, and checks how far ahead its consequences are asked for.
fn mark(
    stating: Stating<'_, TimeOff>,
    (message, id): (&v1::TimeOff, &str),
    horizon: Option<&pbjson_types::Timestamp>,
) -> Result<ChangeSet, Refusal> {
    let mut fields = Fields::default();
    let until = horizon.and_then(|at| fields.take(instant("horizon_time", at)));
    let (rules, key) = (stating.rules, ObjectKey::TimeOff(stating.id.clone()));
    let made = fields.take_unless_other(state(stating, message, id))?;
    let entry = made.as_ref().and_then(|changes| changes.iter().find(|(other, _)| **other == key)?.1);
    if let (Some(Object::TimeOff(_, entry)), Some(until)) = (entry, until) {
        let start = entry.value.span.start(rules)?;
        let latest = start.plus(WINDOW_MAX_SECONDS);
        if until <= start || until > latest {
            let reason = format!("{until} is not after the absence's start, {start}, and at most 400 days after it");
            fields.add("horizon_time", reason);
        }
    }
    fields.finish("time_off", made)
}

/// Returns the window of an absence's consequences; `None` where a clock change leaves nothing of it.
fn window(entry: &TimeOff, until: Option<Instant>, rules: &ZoneRules) -> Result<Option<Interval>, Refusal> {
    let Some(whole) = entry.span.interval(rules)? else { return Ok(None) };
    let horizon = whole.start().plus(HORIZON_SECONDS);
    let endless = entry.recurrence.is_some() || whole.end() == Instant::MAX;
    let usual = if endless { horizon } else { whole.end().min(whole.start().plus(WINDOW_MAX_SECONDS)) };
    Ok(Interval::new(whole.start(), until.unwrap_or(usual)))
}

/// Tells whether anything of an entry lies at or after `at`.
fn goes_on(entry: &TimeOff, at: Instant, rules: &ZoneRules) -> Result<bool, Refusal> {
    let rest = Interval::new(at, Instant::MAX).map(|rest| entry.happens_in(rest, rules));
    Ok(rest.transpose()?.unwrap_or(false))
}

fn affected_shift(naming: Naming<'_>, affected: &AffectedShift) -> v1::AffectedShift {
    let part = |part: &AffectedPart| {
        let stand_in = part.stand_ins.first();
        v1::AffectedPart {
            interval: Some(interval(part.interval)),
            stand_in: stand_in.map(|person| person.full(&naming.team.id)),
            stand_in_display_name: stand_in.map(|person| naming.display_name(person)).unwrap_or_default(),
        }
    };
    v1::AffectedShift { shift: Some(naming.shift(&affected.shift)), parts: affected.parts.iter().map(part).collect() }
}

/// Tells whether an entry has begun by `at` and is not over by then.
fn in_progress(entry: &TimeOff, at: Instant, rules: &ZoneRules) -> Result<bool, Refusal> {
    let begun = Interval::new(Instant::MIN, at.plus(1)).map(|past| entry.happens_in(past, rules));
    Ok(begun.transpose()?.unwrap_or(false) && goes_on(entry, at, rules)?)
}

fn not_in_progress(stating: &Stating<'_, TimeOff>, at: Instant) -> Refusal {
    let name = stating.id.full(&stating.team.id);
    let description = format!("{name} has not begun by {at}, or is over by then; change its span, or remove it");
    Refusal::Precondition { reason: "TIME_OFF_NOT_IN_PROGRESS", subject: name, description }
}

/// Returns a hard absence as it is for somebody who is back `at` then; `None` where it is not in progress.
fn back_at(entry: &TimeOff, at: Instant, rules: &ZoneRules) -> Result<Option<TimeOff>, Refusal> {
    let Some(moment) = Interval::new(at, at.plus(1)).filter(|_| entry.effect == Effect::Hard) else { return Ok(None) };
    let present = entry.instances(moment, rules)?;
    if present.is_empty() {
        return Ok(None);
    }
    let mut after = entry.clone();
    if after.recurrence.is_none() {
        after.ended = Some(at);
        return Ok(Some(after));
    }
    for instance in present {
        after.cuts.retain(|cut| cut.instance != instance.start);
        after.cuts.push(Cut { instance: instance.start, at });
    }
    after.cuts.sort_by_key(|cut| cut.instance);
    Ok(Some(after))
}
