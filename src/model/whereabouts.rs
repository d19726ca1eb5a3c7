//! Where residents are: at home, or where they work meanwhile (semantics 1.7, 2.8).

use super::{Effect, ResidentId, TeamSnapshot, TimeOffId, ZoneName};
use crate::civil::{DateTime, Instant, Interval, Wall, ZoneRules};

impl TeamSnapshot {
    /// Returns the zone in which `resident` is when the local clock there shows `start`; `None` where the team has no
    /// such resident.
    ///
    /// It is that of the entry of working elsewhere that covers `start` on its own zone's clock, the one that started
    /// last of several, and the home zone where there is none. The entry `less` is passed over.
    #[must_use]
    pub fn zone_of(
        &self,
        resident: &ResidentId,
        start: DateTime,
        less: Option<&TimeOffId>,
        rules: &ZoneRules,
    ) -> Option<ZoneName> {
        let mut stays = Vec::new();
        for (id, entry) in &self.time_off {
            let Effect::WorkingElsewhere { zone: name } = &entry.value.effect else { continue };
            if entry.value.resident != *resident || Some(id) == less {
                continue;
            }
            let Ok(zone) = name.zone(rules) else { continue };
            let at = zone.instant(Wall::from(start));
            let moment = Interval::new(at, at.plus(1));
            let there = moment.and_then(|moment| entry.value.instances(moment, rules).ok()).unwrap_or_default();
            let stay = |instance: &super::Instance| (instance.interval.start(), entry.meta.created, name);
            stays.extend(there.iter().map(stay));
        }
        let elsewhere = stays.into_iter().max_by_key(|(start, made, _)| (*start, *made)).map(|(.., zone)| zone.clone());
        let at = Instant::from_seconds(Wall::from(start).seconds());
        elsewhere.or_else(|| self.home_zone_of(resident, at).cloned())
    }

    /// Returns the home zone of `resident` in effect at `at`; before the first version that one's, after an end the last
    /// one's. `None` where the team has no such resident.
    #[must_use]
    pub fn home_zone_of(&self, resident: &ResidentId, at: Instant) -> Option<&ZoneName> {
        let versions = self.residents.get(resident)?.versions.list();
        let stated = |until: Instant| versions.iter().filter(move |version| version.from <= until);
        let in_effect = stated(at).filter_map(|version| version.value.as_ref()).next_back();
        let value = in_effect.or_else(|| versions.iter().find_map(|version| version.value.as_ref()))?;
        Some(&value.home_zone)
    }
}
