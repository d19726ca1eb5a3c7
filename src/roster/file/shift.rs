//! Shifting a file's dated entries by whole weeks, so that a bundled roster is about the week in which it starts.

use super::roster_file::RosterFile;
use crate::civil::{DATE_MAX, DATE_MIN, Date, DateTime, Day, Exception, Instant, UnknownZone, Wall, ZoneRules};
use crate::model::{Due, Span};

impl RosterFile {
    /// Returns the file with its dated entries moved from the week of its `reference` into the week of `now`.
    ///
    /// By whole weeks move: overrides, time off, due dates, and the first and last days of requirements. Rotations run
    /// on from their anchors, and terms, holidays and `since` are facts; they stay. A file without a reference is
    /// returned as it is.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where `rules` lacks the team's zone.
    pub fn shifted(mut self, now: Instant, rules: &ZoneRules) -> Result<Self, UnknownZone> {
        let Some(reference) = self.reference.take() else { return Ok(self) };
        let today = self.team.zone.zone(rules)?.day(now);
        let monday = today.plus(-i32::from(today.weekday_index()));
        let by = Shift { days: (monday.number() - Day::from(reference).number()) / 7 * 7 };
        for duty in &mut self.duties {
            for requirement in &mut duty.value.duty.requirements {
                requirement.first = requirement.first.map(|first| by.date(first));
                requirement.last = requirement.last.map(|last| by.date(last));
            }
        }
        for entry in &mut self.overrides {
            by.span(&mut entry.value.span);
        }
        for entry in &mut self.time_off {
            let (entry, _) = &mut entry.value;
            by.span(&mut entry.span);
            for exception in entry.recurrence.iter_mut().flat_map(|recurrence| &mut recurrence.except) {
                match exception {
                    Exception::Date(date) => *date = by.date(*date),
                    Exception::DateTime(local) => *local = by.local(*local),
                }
            }
            for cut in &mut entry.cuts {
                cut.instance = by.local(cut.instance);
                cut.at = by.instant(cut.at);
            }
        }
        for due in self.tasks.iter_mut().filter_map(|task| task.value.due.as_mut()) {
            match due {
                Due::At(at) => *at = by.instant(*at),
                Due::Local(local, _) => *local = by.local(*local),
            }
        }
        Ok(self)
    }
}

/// A number of whole weeks, in days.
#[derive(Clone, Copy)]
struct Shift {
    days: i32,
}

impl Shift {
    fn date(self, date: Date) -> Date {
        Day::from(date).plus(self.days).date().clamp(DATE_MIN, DATE_MAX)
    }

    fn local(self, local: DateTime) -> DateTime {
        Wall::from(local).plus(i64::from(self.days) * 86_400).date_time()
    }

    fn instant(self, at: Instant) -> Instant {
        at.plus(i64::from(self.days) * 86_400)
    }

    fn span(self, span: &mut Span) {
        match span {
            Span::Days { first, last, .. } => {
                *first = self.date(*first);
                *last = last.map(|last| self.date(last));
            }
            Span::Local { start, end, .. } => {
                *start = self.local(*start);
                *end = end.map(|end| self.local(end));
            }
            Span::Instants { start, end } => {
                *start = self.instant(*start);
                *end = end.map(|end| self.instant(end));
            }
        }
    }
}
