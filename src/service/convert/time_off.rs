//! Time off as messages, as the resident and coordinators see it.

use super::overrides::some_span;
use super::stamp::{origin, uid};
use super::time::{date, interval, read_date, read_span, span, timestamp};
use crate::access::SeesResident;
use crate::civil::{DATE_MAX, DATE_MIN, Exception, Recurrence, UnknownZone, ZoneRules};
use crate::model::{
    Effect, Entered, ResidentId, Span, TeamId, TeamSnapshot, TimeOff, TimeOffId, TimeOffKind, TimeOffPrivate, ZoneName,
};
use crate::proto::v1;
use crate::service::mask::{Field, field};
use crate::service::names::Name;
use crate::service::request::{Fields, etag};

/// What an update of an entry of time off may change.
pub const FIELDS: &[Field<v1::TimeOff>] = &[
    field!(resident),
    field!(span),
    field!(kind),
    field!(effect),
    field!(elsewhere_zone),
    field!(recurrence),
    field!(recurrence.rule),
    field!(recurrence.excepted_dates),
    field!(note),
];

/// The most dates on which an entry does not happen.
const EXCEPTED_MAX: usize = 1_000;

/// Returns an entry of time off with its private part, which is absent once it has been erased; for whoever may see it.
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks its zone.
pub fn time_off(
    _: SeesResident,
    name: (&TeamId, &TimeOffId),
    entry: &Entered<TimeOff>,
    private: Option<&TimeOffPrivate>,
    rules: &ZoneRules,
) -> Result<v1::TimeOff, UnknownZone> {
    stated(name, entry, private, rules)
}

/// Returns an entry as a change is stated against it; never as an answer.
pub(in crate::service) fn stated(
    (team, id): (&TeamId, &TimeOffId),
    entry: &Entered<TimeOff>,
    private: Option<&TimeOffPrivate>,
    rules: &ZoneRules,
) -> Result<v1::TimeOff, UnknownZone> {
    let (meta, value, name) = (&entry.meta, &entry.value, id.full(team));
    let (effect, elsewhere_zone) = match &value.effect {
        Effect::Hard => (v1::TimeOffEffect::Hard, None),
        Effect::Soft => (v1::TimeOffEffect::Soft, None),
        Effect::WorkingElsewhere { zone } => (v1::TimeOffEffect::WorkingElsewhere, Some(zone.to_string())),
    };
    let cuts = value.cuts.iter().map(|cut| v1::InstanceCut {
        instance_date: Some(date(cut.instance.date())),
        cut_time: Some(timestamp(cut.at)),
    });
    Ok(v1::TimeOff {
        uid: uid(&name, meta),
        name,
        resident: value.resident.full(team),
        span: Some(span(&value.span)),
        kind: private.map_or(v1::TimeOffKind::Unspecified, |private| kind(private.kind)) as i32,
        effect: effect as i32,
        elsewhere_zone,
        recurrence: value.recurrence.as_ref().map(recurrence),
        note: private.map(|private| private.note.clone()).unwrap_or_default(),
        interval: value.span.interval(rules)?.map(interval),
        cut_time: value.ended.map(timestamp),
        instance_cuts: cuts.collect(),
        imported: value.imported.is_some(),
        origin: origin(meta),
        create_time: Some(timestamp(meta.create_time)),
        update_time: Some(timestamp(meta.update_time)),
        etag: etag(meta),
    })
}

/// Returns the message for a kind.
#[must_use]
pub const fn kind(kind: TimeOffKind) -> v1::TimeOffKind {
    match kind {
        TimeOffKind::Sick => v1::TimeOffKind::Sick,
        TimeOffKind::Vacation => v1::TimeOffKind::Vacation,
        TimeOffKind::Travel => v1::TimeOffKind::Travel,
        TimeOffKind::Conference => v1::TimeOffKind::Conference,
        TimeOffKind::Focus => v1::TimeOffKind::Focus,
        TimeOffKind::PublicHoliday => v1::TimeOffKind::PublicHoliday,
        TimeOffKind::Other => v1::TimeOffKind::Other,
    }
}

/// Reads a kind.
///
/// # Errors
///
/// What is wrong, said without the value: an error is no place for it.
pub fn read_kind(kind: i32) -> Result<TimeOffKind, &'static str> {
    match v1::TimeOffKind::try_from(kind) {
        Ok(v1::TimeOffKind::Sick) => Ok(TimeOffKind::Sick),
        Ok(v1::TimeOffKind::Vacation) => Ok(TimeOffKind::Vacation),
        Ok(v1::TimeOffKind::Travel) => Ok(TimeOffKind::Travel),
        Ok(v1::TimeOffKind::Conference) => Ok(TimeOffKind::Conference),
        Ok(v1::TimeOffKind::Focus) => Ok(TimeOffKind::Focus),
        Ok(v1::TimeOffKind::PublicHoliday) => Ok(TimeOffKind::PublicHoliday),
        Ok(v1::TimeOffKind::Other) => Ok(TimeOffKind::Other),
        Ok(v1::TimeOffKind::Unspecified) => Err("is missing"),
        Err(_) => Err("is not a kind of time off"),
    }
}

fn recurrence(recurrence: &Recurrence) -> v1::Recurrence {
    let excepted = recurrence.except.iter().map(|exception| match exception {
        Exception::Date(day) => date(*day),
        Exception::DateTime(local) => date(local.date()),
    });
    v1::Recurrence { rule: recurrence.rule.clone(), excepted_dates: excepted.collect() }
}

fn read_recurrence(recurrence: &v1::Recurrence, fields: &mut Fields) -> Recurrence {
    let field = "recurrence.excepted_dates";
    if recurrence.rule.is_empty() {
        fields.add("recurrence.rule", "is missing; give a rule such as FREQ=WEEKLY");
    }
    let count = recurrence.excepted_dates.len();
    if count > EXCEPTED_MAX {
        fields.add(field, format!("has {count} dates; at most {EXCEPTED_MAX} are accepted"));
    }
    let mut except = Vec::new();
    for (index, day) in recurrence.excepted_dates.iter().enumerate().take(EXCEPTED_MAX) {
        let field = format!("{field}[{index}]");
        let Some(day) = fields.take(read_date(&field, day)) else { continue };
        if !(DATE_MIN..=DATE_MAX).contains(&day) {
            fields.add(&field, format!("{day} is outside 1970 to 2200"));
        }
        if except.contains(&Exception::Date(day)) {
            fields.add(field, format!("{day} is there twice"));
        }
        except.push(Exception::Date(day));
    }
    Recurrence { rule: recurrence.rule.clone(), except }
}

/// What an entry of time off is read against.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// The team.
    pub team: &'a TeamSnapshot,
    /// The zone rules.
    pub rules: &'a ZoneRules,
    /// The team's zone.
    pub zone: &'a ZoneName,
    /// The entry's own id.
    pub id: &'a TimeOffId,
}

/// Reads an entry of time off; what cannot be read is a violation, and something that no check minds stands in its
/// place. A private part is only read where one is stated, or where `needs_kind` says that one has to be.
pub fn read_time_off(
    message: &v1::TimeOff,
    around: Around<'_>,
    needs_kind: bool,
    fields: &mut Fields,
) -> (TimeOff, Option<TimeOffPrivate>) {
    let resident = fields.take_one(ResidentId::reference("resident", &message.resident, &around.team.id));
    let resident = resident.unwrap_or_else(|| ResidentId::from_valid("nobody"));
    let stated = needs_kind || message.kind != 0 || !message.note.is_empty();
    let kind = if stated { fields.parse("kind", read_kind(message.kind)) } else { None };
    let private = kind.map(|kind| TimeOffPrivate { kind, note: message.note.clone() });
    let effect = read_effect(message, kind, fields);
    let value = TimeOff {
        span: read_place(message, &effect, &resident, around, fields),
        resident,
        effect,
        recurrence: message.recurrence.as_ref().map(|recurrence| read_recurrence(recurrence, fields)),
        cuts: Vec::new(),
        ended: None,
        imported: None,
    };
    (value, private)
}

fn read_effect(message: &v1::TimeOff, kind: Option<TimeOffKind>, fields: &mut Fields) -> Effect {
    let zone = message.elsewhere_zone.as_deref().unwrap_or_default();
    let effect = match v1::TimeOffEffect::try_from(message.effect) {
        Ok(v1::TimeOffEffect::Unspecified) => kind.map_or(Effect::Hard, TimeOffKind::usual_effect),
        Ok(v1::TimeOffEffect::Hard) => Effect::Hard,
        Ok(v1::TimeOffEffect::Soft) => Effect::Soft,
        Ok(v1::TimeOffEffect::WorkingElsewhere) => {
            if zone.is_empty() {
                fields.add("elsewhere_zone", "is missing; say in which zone they work");
            }
            return Effect::WorkingElsewhere { zone: ZoneName::new(zone) };
        }
        Err(_) => {
            fields.add("effect", format!("{} is not an effect of time off", message.effect));
            return Effect::Hard;
        }
    };
    if !zone.is_empty() {
        fields.add("elsewhere_zone", "is for working elsewhere; leave it out, or state that effect");
    }
    effect
}

/// Reads when it is. Whole days and local times without a zone are those of where the resident is when they begin, or
/// of where they work meanwhile (semantics 1.7).
fn read_place(
    message: &v1::TimeOff,
    effect: &Effect,
    resident: &ResidentId,
    around: Around<'_>,
    fields: &mut Fields,
) -> Span {
    let read = |zone: &ZoneName, fields: &mut Fields| read_span("span", message.span.as_ref(), zone, fields);
    let zone = match effect {
        // One that cannot be read is told as such, and not once more of the span.
        Effect::WorkingElsewhere { zone } => zone.zone(around.rules).ok().map(|_| zone.clone()),
        _ => read(around.zone, &mut Fields::default())
            .and_then(|span| around.team.zone_of(resident, span.local_start(), Some(around.id), around.rules)),
    };
    read(zone.as_ref().unwrap_or(around.zone), fields).unwrap_or_else(some_span)
}
