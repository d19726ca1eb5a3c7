//! Spans: stretches of time as people state them (semantics 1.2, 2.7, 2.8).

use std::fmt;

use crate::civil::{Date, DateTime, Day, Instant, Interval, UnknownZone, Wall, Zone, ZoneRules};

/// An IANA zone name as it was stated, such as `Europe/Warsaw`; the tz database says whether it exists.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ZoneName(String);

impl ZoneName {
    /// Returns the name that `text` is; whether such a zone exists is for [`ZoneName::zone`] to say.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Returns the name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the zone of this name.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where `rules` has none; no near name is looked for.
    pub fn zone<'a>(&self, rules: &'a ZoneRules) -> Result<&'a Zone, UnknownZone> {
        rules.known_zone(&self.0).map(AsRef::as_ref)
    }
}

impl fmt::Display for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A stretch of time as it was stated: whole local days, local times, or instants. Any may be open-ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Span {
    /// Whole local days.
    Days {
        /// The first day.
        first: Date,
        /// The last day, included; `None` is open.
        last: Option<Date>,
        /// The zone whose days they are.
        zone: ZoneName,
    },
    /// Local times.
    Local {
        /// The local start.
        start: DateTime,
        /// The local end, exclusive; `None` is open.
        end: Option<DateTime>,
        /// The zone on whose clock they are.
        zone: ZoneName,
    },
    /// Instants.
    Instants {
        /// The start.
        start: Instant,
        /// The end, exclusive; `None` is open.
        end: Option<Instant>,
    },
}

impl Span {
    /// Returns the zone it was stated in; `None` for instants.
    #[must_use]
    pub fn zone_name(&self) -> Option<&ZoneName> {
        match self {
            Self::Days { zone, .. } | Self::Local { zone, .. } => Some(zone),
            Self::Instants { .. } => None,
        }
    }

    /// Tells whether it has no end.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self {
            Self::Days { last, .. } => last.is_none(),
            Self::Local { end, .. } => end.is_none(),
            Self::Instants { end, .. } => end.is_none(),
        }
    }

    /// Returns the local start, the name of a recurring entry's instance; for instants the UTC reading.
    #[must_use]
    pub fn local_start(&self) -> DateTime {
        match self {
            Self::Days { first, .. } => first.at(0, 0, 0, 0),
            Self::Local { start, .. } => *start,
            Self::Instants { start, .. } => Wall::from_seconds(start.seconds()).date_time(),
        }
    }

    /// Returns its length on the wall clock; `None` where it has no end.
    #[must_use]
    pub fn local_seconds(&self) -> Option<i64> {
        match self {
            Self::Days { first, last, .. } => Some(i64::from(days(*first, (*last)?)) * 86_400),
            Self::Local { start, end, .. } => Some(Wall::from((*end)?).seconds() - Wall::from(*start).seconds()),
            Self::Instants { start, end } => Some((*end)?.seconds() - start.seconds()),
        }
    }

    /// Returns the instant of its start.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where `rules` lacks its zone.
    pub fn start(&self, rules: &ZoneRules) -> Result<Instant, UnknownZone> {
        match (self, self.zone_name()) {
            (Self::Instants { start, .. }, _) => Ok(*start),
            (_, Some(zone)) => Ok(zone.zone(rules)?.instant(Wall::from(self.local_start()))),
            (_, None) => Ok(Instant::MIN),
        }
    }

    /// Returns what it covers; an open end is [`Instant::MAX`]. `None` where the clock skips all of it.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where `rules` lacks its zone.
    pub fn interval(&self, rules: &ZoneRules) -> Result<Option<Interval>, UnknownZone> {
        self.instance(self.local_start(), rules)
    }

    /// Returns what the instance that starts at local `start` covers: as many days, or as much wall-clock time.
    ///
    /// Local start and end are each converted by [`Zone::instant`] (semantics 2.8).
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where `rules` lacks its zone.
    pub fn instance(&self, start: DateTime, rules: &ZoneRules) -> Result<Option<Interval>, UnknownZone> {
        let wall = Wall::from(start);
        Ok(match self {
            Self::Days { first, last, zone } => {
                let zone = zone.zone(rules)?;
                let end = last.map_or(Instant::MAX, |last| zone.day_start(wall.day().plus(days(*first, last))));
                Interval::new(zone.instant(wall), end)
            }
            Self::Local { zone, .. } => {
                let zone = zone.zone(rules)?;
                let end = self.local_seconds().map_or(Instant::MAX, |length| zone.instant(wall.plus(length)));
                Interval::new(zone.instant(wall), end)
            }
            Self::Instants { start, end } => Interval::new(*start, end.unwrap_or(Instant::MAX)),
        })
    }
}

/// How many days there are from `first` to `last`, both included.
fn days(first: Date, last: Date) -> i32 {
    Day::from(last).number() - Day::from(first).number() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn interval(span: &Span) -> String {
        let rules = ZoneRules::bundled().unwrap();
        span.interval(&rules).unwrap().unwrap().to_string()
    }

    #[test]
    fn days_end_with_the_last_day() {
        let zone = ZoneName::new("Europe/Warsaw");
        let span = Span::Days { first: date(2026, 10, 24), last: Some(date(2026, 10, 25)), zone };
        assert_eq!(interval(&span), "[2026-10-23T22:00:00Z, 2026-10-25T23:00:00Z)");
    }

    #[test]
    fn local_times_keep_their_wall_clock_length() {
        let zone = ZoneName::new("Europe/Warsaw");
        let start = date(2026, 3, 28).at(20, 0, 0, 0);
        let span = Span::Local { start, end: Some(date(2026, 3, 29).at(8, 0, 0, 0)), zone };
        assert_eq!(interval(&span), "[2026-03-28T19:00:00Z, 2026-03-29T06:00:00Z)");
    }

    #[test]
    fn an_unknown_zone_is_an_error() {
        let rules = ZoneRules::bundled().unwrap();
        let span = Span::Days { first: date(2026, 1, 1), last: None, zone: ZoneName::new("Mars/Olympus") };
        assert!(span.interval(&rules).is_err());
    }
}
