//! What a request asks to be covered: a shift is found in the roster, and the part of it is cut to what is left.

use crate::civil::{Instant, Interval, ZoneRules};
use crate::engine::{Shift, swap_part, timeline};
use crate::model::validate::suggestion;
use crate::model::{DutyId, ResidentId, ShiftId, SwapPart, TeamSnapshot};
use crate::proto::v1;
use crate::service::convert::time::whole_instant;
use crate::service::names::Name;
use crate::service::request::Fields;

/// How far ahead a shift is looked for, in days; the next only where the one before is too short.
const LOOKED_FOR_DAYS: [i64; 3] = [9, 40, 400];
/// A day in seconds.
const DAY: i64 = 86_400;

/// Where a part of a swap is looked for.
pub(super) struct Asking<'a> {
    pub team: &'a TeamSnapshot,
    pub rules: &'a ZoneRules,
    pub now: Instant,
    /// The field of the message.
    pub field: &'static str,
    /// Whose shift it has to be.
    pub holder: &'a ResidentId,
}

/// What is stated of a part.
struct Stated {
    duty: DutyId,
    shift: Option<ShiftId>,
    start: Option<Instant>,
    end: Option<Instant>,
}

impl Asking<'_> {
    /// Reads a part; what is wrong with it is a violation.
    pub fn part(&self, message: &v1::SwapPart, fields: &mut Fields) -> Option<SwapPart> {
        let stated = self.stated(message, fields)?;
        let from = stated.start.unwrap_or(self.now).max(self.now);
        let Some(shift) = self.find(&stated, from, fields) else {
            let (holder, duty) = (self.holder, &stated.duty);
            let (field, told) = match (stated.shift, stated.start) {
                (Some(_), _) => ("shift", format!("'{holder}' has no such shift on '{duty}' in the next 400 days")),
                (None, Some(_)) => ("interval.start_time", format!("'{holder}' is not on '{duty}' at {from}")),
                (None, None) => ("duty", format!("'{holder}' has no shift on '{duty}' in the next 400 days")),
            };
            if !fields.has(&self.path("interval")) {
                fields.add(self.path(field), told);
            }
            return None;
        };
        if let Some(start) = stated.start.filter(|start| *start >= shift.interval.end()) {
            let reason = format!("{start} is not in the shift, which ends at {}", shift.interval.end());
            fields.add(self.path("interval.start_time"), reason);
        }
        if let Some(end) = stated.end.filter(|end| *end > shift.interval.end() || *end <= shift.interval.start()) {
            let (start, last) = (shift.interval.start(), shift.interval.end());
            let reason =
                format!("{end} is not in the shift, which is from {start} to {last}; ask for each shift by itself");
            fields.add(self.path("interval.end_time"), reason);
        }
        let end = stated.end.unwrap_or(shift.interval.end());
        swap_part(self.team.identities(), &shift, Interval::new(from, end)?)
    }

    fn path(&self, part: &str) -> String {
        format!("{}.{part}", self.field)
    }

    fn stated(&self, message: &v1::SwapPart, fields: &mut Fields) -> Option<Stated> {
        let duty = fields.take_one(DutyId::reference(&self.path("duty"), &message.duty, &self.team.id));
        let duty = duty.and_then(|id| {
            let known = self.team.duties.contains_key(&id);
            if !known {
                let hint = suggestion(id.as_str(), self.team.duties.keys());
                fields.add(self.path("duty"), format!("there is no duty '{id}'{hint}"));
            }
            known.then_some(id)
        });
        let shift = match message.shift.as_str() {
            "" => None,
            text => {
                let read = uuid::Uuid::try_parse(text).map(ShiftId);
                fields.parse(&self.path("shift"), read.map_err(|_| format!("'{text}' is not a shift's identity")))
            }
        };
        let ends = message.interval.as_ref();
        let mut end_of = |part: &str, at: Option<&pbjson_types::Timestamp>| {
            at.and_then(|at| fields.take(whole_instant(&self.path(part), at)))
        };
        let start = end_of("interval.start_time", ends.and_then(|ends| ends.start_time.as_ref()));
        let end = end_of("interval.end_time", ends.and_then(|ends| ends.end_time.as_ref()));
        if let Some((start, end)) = start.zip(end).filter(|(start, end)| end <= start) {
            fields.add(self.path("interval"), format!("ends at {end}, which is not after its start, {start}"));
            return None;
        }
        if let Some(end) = end.filter(|end| *end <= self.now) {
            fields.add(self.path("interval.end_time"), format!("{end} is over; make an override for what is past"));
            return None;
        }
        if fields.has(&self.path("shift")) || self.team.residents.get(self.holder).is_none() {
            return None;
        }
        Some(Stated { duty: duty?, shift, start, end })
    }

    /// Finds the shift, with its end.
    fn find(&self, stated: &Stated, from: Instant, fields: &mut Fields) -> Option<Shift> {
        let key = self.team.identities();
        let last = stated.end.unwrap_or(from);
        for days in LOOKED_FOR_DAYS {
            let window = Interval::new(from, from.plus(days * DAY))?;
            if window.end() < last && days < LOOKED_FOR_DAYS[LOOKED_FOR_DAYS.len() - 1] {
                continue;
            }
            let found = timeline(self.team, self.rules, &stated.duty, window).ok()?;
            let mut theirs = found.shifts().iter().filter(|shift| shift.resident == *self.holder);
            let shift = match (stated.shift, stated.start) {
                (Some(id), _) => theirs.find(|shift| shift.id(key) == id),
                (None, Some(_)) => theirs.find(|shift| shift.interval.contains(from)),
                (None, None) => theirs.next(),
            };
            match shift {
                Some(shift) if !shift.truncated_end || last > from && last <= shift.interval.end() => {
                    return Some(shift.clone());
                }
                Some(_) if days == 400 => {
                    let reason = "has no end in the next 400 days; say until when somebody is to take over";
                    fields.add(self.path("interval"), reason);
                }
                _ => {}
            }
        }
        None
    }
}
