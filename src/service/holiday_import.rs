//! Holiday sets out of calendars of public holidays (semantics 7.4).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::call::Call;
use super::configured::{answer, require_team, team_zone};
use super::convert::calendar::{Told, check_text, report};
use super::convert::holiday_set::holiday;
use super::convert::time::read_date;
use super::holiday_sets::{HolidaySets, Resting};
use super::names::Name;
use super::request::Fields;
use crate::civil::{DATE_MAX, DATE_MIN, Date, Instant, ZoneRules};
use crate::ical::import::{HolidayReading, Holidays, holidays};
use crate::model::{Holiday, HolidaySet, HolidaySetId, Object, ObjectKey, Origin, TeamId, TeamSnapshot};
use crate::proto::v1;
use crate::roster::imports::in_turn;
use crate::roster::{Changed, Draft, Refusal};

/// The most holidays that a set has.
const HOLIDAYS_MAX: usize = 1_000;
/// The longest name of a day, in characters.
const NAME_MAX: usize = 200;

/// Which days are read.
#[derive(Clone, Copy, Debug)]
struct Dates {
    first: Date,
    last: Date,
}

impl HolidaySets {
    pub(super) async fn import(&self, asked: v1::ImportHolidaysRequest) -> Result<v1::ImportHolidaysResponse, Refusal> {
        let (mut call, asked) = Call::read(asked);
        let address = call.wrong.take(HolidaySetId::read("name", &asked.name));
        if asked.calendar.is_empty() {
            call.wrong.add("calendar", "is missing; give the bytes of an .ics file");
        }
        check_text("display_name", &asked.display_name, &mut call.wrong);
        let zone_of = |team: &TeamId| self.objects.desk().state(team).map(|state| state.snapshot.clone());
        let state = address.as_ref().and_then(|(team, _)| call.wrong.take_or_later(zone_of(team)));
        let dates = self.dates(&asked, state.as_ref(), &mut call.wrong);
        let Call { wrong, dated, request } = call;
        let ((team, id), dates) = wrong.finish("name", address.zip(dates))?;
        let rules = Arc::clone(self.objects.desk().rules());
        let read = Arc::new(read(asked.calendar.clone(), dates, Arc::clone(&rules)).await?);
        let (found, object, name) = (Arc::clone(&read), id.clone(), asked.display_name);
        let hint = self.objects.team_hint(&team);
        let changed = self.objects.desk().change(team.clone(), request, move |team, change| {
            require_team::<Resting>(team, change.time, &hint)?;
            let at = dated.effective.unwrap_or(change.time);
            let kept = team.holiday_sets.get(&object);
            let before = kept.and_then(|kept| kept.versions.at(at)).map(|(_, set)| set.clone());
            let mut draft = Draft::new(team, change, &rules);
            draft.holiday_set(&object, Some(merged(before, &object, &name, &found)), dated, Origin::Entered)?;
            draft.finish()
        });
        let changed = changed.await?;
        let (added, removed) = differences(&changed, &id, dated.effective.unwrap_or(changed.time));
        let (events, left) = (read.events, read.left.as_slice());
        let told = Told { events, left, remarks: &read.remarks, passed: read.passed };
        let holiday_set = Some(answer::<Resting>(&team, &id, &changed, dated.effective)?);
        Ok(v1::ImportHolidaysResponse { holiday_set, added, removed, report: Some(report(told, Vec::new())) })
    }

    /// Reads which days are asked for.
    fn dates(
        &self,
        asked: &v1::ImportHolidaysRequest,
        team: Option<&TeamSnapshot>,
        wrong: &mut Fields,
    ) -> Option<Dates> {
        let (desk, now) = (self.objects.desk(), self.objects.desk().now());
        let zone = team.map(|team| team_zone(team, now)).and_then(|name| name.zone(desk.rules()).ok());
        let year = zone.map_or_else(|| DATE_MIN.year(), |zone| zone.day(now).date().year());
        let mut stated = |field: &str, date: Option<&crate::proto::google_type::Date>| {
            let date = wrong.take(read_date(field, date?))?;
            if !(DATE_MIN..=DATE_MAX).contains(&date) {
                wrong.add(field, format!("{date} is outside 1970 to 2200"));
            }
            Some(date)
        };
        let last = stated("last_date", asked.last_date.as_ref());
        let first = match stated("first_date", asked.first_date.as_ref()) {
            Some(first) => first,
            None => Date::new(year, 1, 1).ok()?,
        };
        let last = match last {
            Some(last) => last,
            None => Date::new(first.year().saturating_add(2).min(DATE_MAX.year()), 12, 31).ok()?,
        };
        if last < first {
            wrong.add("last_date", format!("{last} is before the first day, {first}"));
        }
        Some(Dates { first, last })
    }
}

/// Reads a calendar, before anybody has to wait for it.
async fn read(bytes: bytes::Bytes, Dates { first, last }: Dates, rules: Arc<ZoneRules>) -> Result<Holidays, Refusal> {
    let reading = move || holidays(&bytes, &HolidayReading { rules: &rules, first, last });
    let read = in_turn(reading).await?.map_err(|unreadable| Refusal::field("calendar", unreadable.to_string()))?;
    let days = read.taken.iter().map(|day| day.date).collect::<BTreeSet<_>>().len();
    let reason = match days {
        0 => format!("has no whole day from {first} to {last}; ask for other dates, or give another calendar"),
        1..=HOLIDAYS_MAX => return Ok(read),
        _ => format!("has {days} days, and a set has at most {HOLIDAYS_MAX}; ask for fewer dates"),
    };
    Err(Refusal::field("calendar", reason))
}

/// Returns a set with the days of a calendar between the first and the last of these. A day with several names has all
/// of them.
fn merged(before: Option<HolidaySet>, id: &HolidaySetId, name: &str, read: &Holidays) -> HolidaySet {
    let before = before.unwrap_or_else(|| HolidaySet { display_name: id.to_string(), holidays: Vec::new() });
    let mut days: BTreeMap<Date, String> = BTreeMap::new();
    for day in &read.taken {
        let known = days.entry(day.date).or_default();
        let joint = if known.is_empty() || day.name.is_empty() { "" } else { " / " };
        *known = format!("{known}{joint}{}", day.name).chars().take(NAME_MAX).collect();
    }
    let covered = days.first_key_value().zip(days.last_key_value()).map(|((first, _), (last, _))| *first..=*last);
    for day in before.holidays {
        let stays = covered.as_ref().is_none_or(|covered| !covered.contains(&day.date));
        if read.incomplete {
            // A name may be missing of those that the day has.
            days.insert(day.date, day.name);
        } else if stays {
            days.entry(day.date).or_insert(day.name);
        }
    }
    HolidaySet {
        display_name: if name.is_empty() { before.display_name } else { name.to_owned() },
        holidays: days.into_iter().map(|(date, name)| Holiday { date, name }).collect(),
    }
}

/// Returns which days a change gave to a set as it is at `at`, and which it took.
fn differences(changed: &Changed, id: &HolidaySetId, at: Instant) -> (Vec<v1::Holiday>, Vec<v1::Holiday>) {
    let key = ObjectKey::HolidaySet(id.clone());
    let days = |object: Option<&Object>| -> BTreeSet<Holiday> {
        let Some(Object::HolidaySet(_, kept)) = object else { return BTreeSet::new() };
        kept.versions.at(at).map(|(_, set)| set.holidays.iter().cloned().collect()).unwrap_or_default()
    };
    let Some(after) = changed.object(&key) else { return (Vec::new(), Vec::new()) };
    let (before, after) = (days(changed.object_before(&key)), days(Some(after)));
    let only = |one: &BTreeSet<Holiday>, other: &BTreeSet<Holiday>| one.difference(other).map(holiday).collect();
    (only(&after, &before), only(&before, &after))
}
