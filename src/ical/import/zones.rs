//! Which zone a `TZID` means: a name is looked up before a file's own description is believed, because descriptions are
//! often old or wrong.

use std::collections::HashMap;
use std::sync::Arc;

use super::clock::{Clock, ClockKind};
use super::limits::{Budget, ZONES_MAX};
use super::own_rules::{self, NoRules};
use super::property::Property;
use super::report::{LeftReason, Quoted, Remark, RemarkKind};
use super::scan;
use super::values;
use super::windows_zones::{iana_name, loose_name};
use crate::civil::{Day, Instant, Zone, ZoneRules};

/// How many steps it may take to look a name up.
const STEPS: u64 = 1_000;
/// Names with more parts than this are no `/prefix/Area/City`.
const SLASHES_MAX: usize = 8;

/// Looks zones up by what a file calls them.
#[derive(Debug)]
pub(super) struct Zones<'r, 'a> {
    rules: &'r ZoneRules,
    described: HashMap<String, scan::Zone<'a>>,
    known: HashMap<String, Known>,
    /// Until when a file's own rules are worked out.
    until: Day,
    pub utc: Clock,
}

/// What was found for a name.
#[derive(Debug)]
struct Known {
    clock: Result<Clock, LeftReason>,
    /// How it was found, until that is told.
    note: Option<RemarkKind>,
}

impl<'r, 'a> Zones<'r, 'a> {
    pub fn new(rules: &'r ZoneRules, until: Day) -> Self {
        Self { rules, described: HashMap::new(), known: HashMap::new(), until, utc: Clock::utc() }
    }

    /// Keeps what a file says of a zone; of several descriptions of one name the first.
    pub fn describe(&mut self, zone: scan::Zone<'a>) {
        let id = zone.lines.iter().find(|line| line.name().eq_ignore_ascii_case(b"TZID")).and_then(Property::read);
        if let Some(id) = id.filter(|_| self.described.len() < ZONES_MAX) {
            self.described.entry(plain(&id.value).to_owned()).or_insert(zone);
        }
    }

    /// Returns the clock that `name` means. How it was found is remarked when it is first asked for with `remarks`.
    pub fn clock(
        &mut self,
        name: &str,
        line: u32,
        budget: &mut Budget,
        remarks: Option<&mut Vec<Remark>>,
    ) -> Result<Clock, LeftReason> {
        let name = plain(name);
        if !self.known.contains_key(name) {
            if !budget.take_steps(STEPS) {
                return Err(LeftReason::TooMuch);
            }
            let found = self.find(name, budget);
            let note = found.as_ref().ok().and_then(|clock| note(name, clock));
            self.known.insert(name.to_owned(), Known { clock: found, note });
        }
        let Some(known) = self.known.get_mut(name) else { return Err(LeftReason::UnknownZone(Quoted::new(name))) };
        if let Some(remarks) = remarks {
            remarks.extend(known.note.take().map(|what| Remark { line, what }));
        }
        known.clock.clone()
    }

    fn find(&self, name: &str, budget: &mut Budget) -> Result<Clock, LeftReason> {
        let described = self.described.get(name);
        let named = self.named(name).or_else(|| self.named(&location(described?)?)).or_else(|| self.listed(name));
        if let Some(zone) = named.or_else(|| self.loose(name, described)) {
            return Ok(Clock::named(zone));
        }
        let own = described.map(|zone| own_rules::own_zone(zone, self.until, budget));
        match (own, fixed(name)) {
            (Some(Ok(zone)), _) => Ok(Clock { zone: Arc::new(zone), kind: ClockKind::Own }),
            (Some(Err(NoRules::TooMuch)), _) => Err(LeftReason::TooMuch),
            (_, Some(zone)) => Ok(Clock { zone: Arc::new(zone), kind: ClockKind::Fixed }),
            _ => Err(LeftReason::UnknownZone(Quoted::new(name))),
        }
    }

    /// A name of the tz database, in any case, also behind a prefix such as `/mozilla.org/20050126_1/Europe/Berlin`.
    fn named(&self, name: &str) -> Option<&'r Arc<Zone>> {
        if let Ok(zone) = self.rules.known_zone(name) {
            return Some(zone);
        }
        let mut rest = name;
        for _ in 0..SLASHES_MAX {
            if let Some(zone) = self.in_any_case(rest) {
                return Some(zone);
            }
            rest = rest.split_once('/')?.1;
            // One word alone is a name of many things.
            if !rest.contains('/') && !rest.eq_ignore_ascii_case("UTC") {
                return None;
            }
        }
        None
    }

    fn in_any_case(&self, name: &str) -> Option<&'r Arc<Zone>> {
        let known = self.rules.names().find(|known| known.eq_ignore_ascii_case(name))?;
        self.rules.known_zone(known).ok()
    }

    fn listed(&self, name: &str) -> Option<&'r Arc<Zone>> {
        self.rules.known_zone(iana_name(name)?).ok()
    }

    /// A short name, unless the file's own description shows that it means another zone.
    fn loose(&self, name: &str, described: Option<&scan::Zone<'_>>) -> Option<&'r Arc<Zone>> {
        let zone = self.rules.known_zone(loose_name(name)?).ok()?;
        let year = 2026 - 1970;
        let season = |days: i64| zone.offset_seconds(Instant::from_seconds((year * 365 + days) * 86_400));
        let offsets = [season(0), season(180)];
        let agrees = described.is_none_or(|own| own_rules::offsets(own).iter().all(|offset| offsets.contains(offset)));
        agrees.then_some(zone)
    }
}

/// Reads a name that is no more than how far a zone is from UTC, such as `GMT+0100` or `UTC-5`.
fn fixed(name: &str) -> Option<Zone> {
    let upper = name.to_ascii_uppercase();
    let rest = upper.strip_prefix("UTC").or(upper.strip_prefix("GMT")).unwrap_or(&upper).trim();
    let (sign, hours) = rest.split_at_checked(1)?;
    let spelled = match hours.len() {
        1 => format!("{sign}0{hours}00"),
        2 => format!("{sign}{hours}00"),
        _ => rest.to_owned(),
    };
    values::offset(&spelled).map(|seconds| Zone::new("", seconds, &[]))
}

/// What there is to remark of a zone that was found.
fn note(name: &str, clock: &Clock) -> Option<RemarkKind> {
    match clock.kind {
        ClockKind::Own => Some(RemarkKind::OwnRules(Quoted::new(name))),
        ClockKind::Fixed => Some(RemarkKind::Fixed(Quoted::new(name))),
        _ if clock.zone.name() == name => None,
        _ => Some(RemarkKind::ReadAs { name: Quoted::new(name), zone: clock.zone.name().to_owned() }),
    }
}

/// The place that a description names for its zone.
fn location(zone: &scan::Zone<'_>) -> Option<String> {
    let line = zone.lines.iter().find(|line| line.name().eq_ignore_ascii_case(b"X-LIC-LOCATION"))?;
    Property::read(line).map(|property| plain(&property.value).to_owned())
}

fn plain(name: &str) -> &str {
    name.trim().trim_matches('"').trim()
}
