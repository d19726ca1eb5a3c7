//! The clock on which a time of an event is read.

use std::sync::Arc;

use super::values::Stamp;
use crate::civil::{Date, Day, Instant, Wall, Zone};
use crate::model::ZoneName;

/// A wall clock, and whether its zone has a name that can be stored.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    pub zone: Arc<Zone>,
    pub kind: ClockKind,
}

/// What a clock's times are stated as.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ClockKind {
    /// Local times of a zone of the tz database.
    Named,
    /// Instants, because only the file knows the zone's rules.
    Own,
    /// Instants, because no zone is as far from UTC all year.
    Fixed,
    /// Instants, because they were given in UTC.
    Utc,
}

impl Clock {
    /// The clock of UTC.
    pub fn utc() -> Self {
        Self { zone: Arc::new(Zone::new("UTC", 0, &[])), kind: ClockKind::Utc }
    }

    /// The clock of a zone of the tz database.
    pub fn named(zone: &Arc<Zone>) -> Self {
        Self { zone: Arc::clone(zone), kind: ClockKind::Named }
    }

    /// The instant of a reading as RFC 5545 §3.3.5 has it, which holds for events of calendars only (semantics 1.3): one
    /// that the clock skips is read with the offset from before the jump.
    pub fn instant(&self, wall: Wall) -> Instant {
        let at = self.zone.instant(wall);
        if self.zone.wall(at) == wall || at == Instant::MIN || at == Instant::MAX {
            return at;
        }
        Instant::from_seconds(wall.seconds() - self.zone.offset_seconds(at.plus(-1)))
    }

    /// The name to store, where there is one.
    pub fn zone_name(&self) -> Option<ZoneName> {
        (self.kind == ClockKind::Named).then(|| ZoneName::new(self.zone.name()))
    }

    /// Whether both show the same; of two zones that only the file knows it is not tried to find out.
    pub fn same(&self, other: &Self) -> bool {
        let named = matches!(self.kind, ClockKind::Named | ClockKind::Utc);
        let alike = self.kind == other.kind && named && self.zone.name() == other.zone.name();
        alike || Arc::ptr_eq(&self.zone, &other.zone)
    }
}

/// When something is: on a whole day, or at a reading of a clock.
#[derive(Clone, Debug)]
pub(super) enum When {
    Day(Date),
    At(Wall, Clock),
}

impl When {
    /// The reading of its clock; of a day, its 00:00.
    pub fn wall(&self) -> Wall {
        match self {
            Self::Day(date) => Day::from(*date).start(),
            Self::At(wall, _) => *wall,
        }
    }

    pub fn is_day(&self) -> bool {
        matches!(self, Self::Day(_))
    }

    /// The date it means where a whole day is meant: of UTC midnight that day, since that is how some programs write
    /// one; of another UTC time the day in `zone`.
    pub fn date(&self, zone: &Zone) -> Date {
        match self {
            Self::Day(date) => *date,
            Self::At(wall, clock) if clock.kind == ClockKind::Utc && wall.second_of_day() != 0 => {
                zone.day(clock.instant(*wall)).date()
            }
            Self::At(wall, _) => wall.day().date(),
        }
    }

    /// The reading that names an instance of an event which starts at `self`: `other` on the event's own clock. A day
    /// is that day's instance, and what is given for an event of whole days is its date.
    pub fn reading_of(&self, other: &Self, zone: &Zone) -> Wall {
        match (self, other) {
            (Self::Day(_), _) => Day::from(other.date(zone)).start(),
            (Self::At(first, _), Self::Day(date)) => Day::from(*date).start().plus(i64::from(first.second_of_day())),
            (Self::At(_, own), Self::At(wall, clock)) if own.same(clock) => *wall,
            (Self::At(_, own), Self::At(wall, clock)) => own.zone.wall(clock.instant(*wall)),
        }
    }
}

/// What a stamp means on a clock, which matters for local ones only.
pub(super) fn when(stamp: Stamp, clock: &Clock, utc: &Clock) -> When {
    match stamp {
        Stamp::Date(date) => When::Day(date),
        Stamp::Local(local) => When::At(Wall::from(local), clock.clone()),
        Stamp::Utc(local) => When::At(Wall::from(local), utc.clone()),
    }
}
