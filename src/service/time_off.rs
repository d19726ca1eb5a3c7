//! `TimeOffService`: when residents are away, softly away, or working elsewhere.

use pbjson_types::Empty;

use super::convert::plain::away;
use super::convert::time::{open_window, span_path};
use super::convert::time_off::{Around, FIELDS, read_time_off, stated, time_off};
use super::entry::{self, Answer, Entry, Read, Stating, Wanted, serve, settle};
use super::mask::Mask;
use super::names::{Name, references};
use super::paging::{Paging, list_key};
use super::request::{Fields, request};
use crate::access::Away;
use crate::civil::Interval;
use crate::model::{Entered, Object, ObjectKey, Origin, TimeOff, TimeOffId, TimeOffPrivate};
use crate::proto::v1;
use crate::proto::v1::time_off_service_server::TimeOffService;
use crate::roster::{ChangeSet, Changed, Desk, Refusal};

/// Records, tells, changes, ends and removes time off.
#[derive(Clone)]
pub struct TimeOffs {
    pub(super) desk: Desk,
}

impl TimeOffs {
    /// Returns the service over `desk`.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }

    /// Returns an entry as the team of `read` has it, with its private part; to others than the resident and
    /// coordinators it is not there.
    pub(super) fn view(&self, read: &Read, id: &TimeOffId, entry: &Entered<TimeOff>) -> Result<v1::TimeOff, Refusal> {
        let private = read.snapshot().time_off_private.get(id).map(|part| &part.value);
        self.whole(read, id, entry, private)
    }

    /// Returns an entry with that private part.
    pub(super) fn whole(
        &self,
        read: &Read,
        id: &TimeOffId,
        entry: &Entered<TimeOff>,
        private: Option<&TimeOffPrivate>,
    ) -> Result<v1::TimeOff, Refusal> {
        let (team, resident) = (&read.snapshot().id, &entry.value.resident);
        let proof = read.audience.sees_resident(resident).ok_or_else(|| Refusal::not_found(id.full(team)))?;
        Ok(time_off(proof, (team, id), entry, private, self.desk.rules())?)
    }

    /// Returns an entry as a change left it.
    pub(super) fn became(
        &self,
        read: &Read,
        changed: &Changed,
        id: &TimeOffId,
        entry: &Entered<TimeOff>,
    ) -> Result<v1::TimeOff, Refusal> {
        match changed.object(&ObjectKey::TimeOffPrivate(id.clone())) {
            Some(Object::TimeOffPrivate(_, part)) => self.whole(read, id, entry, Some(&part.value)),
            _ => self.view(read, id, entry),
        }
    }

    pub(super) fn answer(&self, made: &Answer<TimeOff>) -> Result<v1::TimeOff, Refusal> {
        self.became(&made.read, &made.changed, &made.id, &made.entry)
    }

    async fn create(&self, asked: v1::CreateTimeOffRequest) -> Result<v1::TimeOff, Refusal> {
        let bare = v1::CreateTimeOffRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "record time off".to_owned(), asked.validate_only);
        let wanted = Wanted { field: "time_off_id", text: asked.time_off_id };
        let (message, chosen) = (asked.time_off.unwrap_or_default(), wanted.text.clone());
        let made =
            entry::create(&self.desk, &asked.parent, wanted, request, move |stating| state(stating, &message, &chosen));
        self.answer(&made.await?)
    }

    fn get(&self, asked: v1::GetTimeOffRequest) -> Result<v1::TimeOff, Refusal> {
        let (read, id, entry) = entry::get::<TimeOff>(&self.desk, &asked.name)?;
        self.view(&read, &id, &entry)
    }

    fn list(&self, asked: v1::ListTimeOffRequest) -> Result<v1::ListTimeOffResponse, Refusal> {
        let mut fields = Fields::default();
        let read = Read::parent(&self.desk, &asked.parent, &mut fields);
        let named = read.as_ref().map(Read::snapshot);
        let bare = v1::ListTimeOffRequest { page_size: 0, page_token: String::new(), ..asked.clone() };
        let paging = Paging::read((asked.page_size, &asked.page_token), &bare, &mut fields);
        let window = fields.take(open_window("interval", asked.interval.as_ref()));
        let residents = references("residents", &asked.residents, named, |team| &team.residents, &mut fields);
        let (read, window) = fields.finish("parent", read.zip(window))?;
        let (team, rules) = (read.snapshot(), self.desk.rules());
        let mut found = Vec::new();
        for (id, entry) in &team.time_off {
            let value = &entry.value;
            let theirs = residents.is_empty() || residents.contains(&value.resident);
            if theirs
                && value.is_seen(&read.audience)
                && (asked.interval.is_none() || value.happens_in(window, rules)?)
            {
                found.push((list_key(Some(value.span.start(rules)?), id), Listed::Whole(id, entry)));
            }
        }
        let others = team.residents.keys().filter(|id| residents.is_empty() || residents.contains(id));
        let near = match asked.interval {
            Some(_) => Interval::new(read.now.plus(-AWAY_SECONDS), read.now.plus(AWAY_SECONDS)),
            None => Interval::new(read.now, read.now.plus(AWAY_SOON_SECONDS)),
        };
        if let Some(window) = near.and_then(|near| near.intersection(window)) {
            for resident in others.filter(|id| read.audience.sees_resident(id).is_none()) {
                for away in Away::of(team, resident, window, read.now, rules)? {
                    let key = list_key(Some(away.interval.start()), &format!("{resident} away"));
                    found.push((key, Listed::Away(away)));
                }
            }
        }
        let page = paging.page(found, |(key, _)| key.clone());
        let views = page.items.iter().map(|(_, listed)| match listed {
            Listed::Whole(id, entry) => self.view(&read, id, entry),
            Listed::Away(stretch) => Ok(away(&team.id, stretch)),
        });
        let time_off = views.collect::<Result<_, _>>()?;
        Ok(v1::ListTimeOffResponse { time_off, next_page_token: page.next_page_token })
    }

    async fn update(&self, asked: v1::UpdateTimeOffRequest) -> Result<v1::TimeOff, Refusal> {
        let bare = v1::UpdateTimeOffRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "change time off".to_owned(), asked.validate_only);
        let message = asked.time_off.unwrap_or_default();
        let (name, etag, mask) = (message.name.clone(), message.etag.clone(), asked.update_mask);
        let made = entry::alter::<TimeOff>(&self.desk, &name, &etag, request, move |mut stating| {
            let Some(before) = stating.before else { return Ok(ChangeSet::default()) };
            let private = stating.team.time_off_private.get(&stating.id).map(|part| &part.value);
            let paths: &[String] = mask.as_ref().map(|mask| mask.paths.as_slice()).unwrap_or_default();
            let new_span = paths.iter().any(|path| path == "span");
            let mask = Mask::read(FIELDS, mask.as_ref(), &message, &mut stating.fields);
            let name = (&stating.team.id, &stating.id);
            let mut after = stated(name, before, private, stating.rules)?;
            mask.apply(&mut after, &message);
            let asked = Asked { new_recurrence: mask.touches("recurrence"), new_span };
            if mask.is_empty() { stating.nothing() } else { change(stating, &after, private.is_some(), asked) }
        });
        self.answer(&made.await?)
    }

    async fn delete(&self, asked: v1::DeleteTimeOffRequest) -> Result<Empty, Refusal> {
        let bare = v1::DeleteTimeOffRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "remove time off".to_owned(), asked.validate_only);
        entry::remove::<TimeOff>(&self.desk, &asked.name, &asked.etag, request).await
    }
}

impl TimeOffs {
    async fn erase(&self, asked: v1::EraseTimeOffDetailsRequest) -> Result<v1::TimeOff, Refusal> {
        let bare = v1::EraseTimeOffDetailsRequest { request_id: String::new(), ..asked.clone() };
        let request =
            request(&bare, &asked.request_id, "erase kind and note of time off".to_owned(), asked.validate_only);
        let made = entry::alter::<TimeOff>(&self.desk, &asked.name, "", request, |stating| {
            let mut draft = stating.draft();
            if stating.team.time_off_private.contains_key(&stating.id) {
                draft.remove(ObjectKey::TimeOffPrivate(stating.id));
            }
            draft.finish()
        });
        self.answer(&made.await?)
    }
}

/// How far from now the time off of others is told, in seconds.
const AWAY_SECONDS: i64 = 400 * 86_400;

/// How far ahead it is told where no interval is asked.
const AWAY_SOON_SECONDS: i64 = 35 * 86_400;

/// What a list has of one entry, or of several together.
enum Listed<'a> {
    /// An entry, for whoever may see it.
    Whole(&'a TimeOffId, &'a Entered<TimeOff>),
    /// That somebody is away, for everybody else.
    Away(Away),
}

/// Reads an entry against the team that it is stated in.
fn read(
    stating: &mut Stating<'_, TimeOff>,
    message: &v1::TimeOff,
    needs_kind: bool,
) -> (TimeOff, Option<TimeOffPrivate>) {
    let zone = stating.team_zone();
    let around = Around { team: stating.team, rules: stating.rules, zone: &zone, id: &stating.id };
    read_time_off(message, around, needs_kind, &mut stating.fields)
}

/// States an entry as it was read. What was erased stays erased.
fn put(
    stating: &mut Stating<'_, TimeOff>,
    value: TimeOff,
    private: Option<TimeOffPrivate>,
) -> Result<ChangeSet, Refusal> {
    let (mut draft, span) = (stating.draft(), value.span.clone());
    match private {
        Some(private) => draft.time_off(&stating.id, value, private, Origin::Entered),
        None => draft.time_off_alone(&stating.id, value, Origin::Entered),
    }
    settle(std::mem::take(&mut stating.fields), draft, |field| span_path(&span, field))
}

/// States a new entry.
///
/// That an `id` is taken tells of somebody's time off, so only those who see it may choose one (semantics 8.2b).
pub(super) fn state(mut stating: Stating<'_, TimeOff>, message: &v1::TimeOff, id: &str) -> Result<ChangeSet, Refusal> {
    if !id.is_empty() && stating.audience.sees_team().is_none() {
        stating.fields.add("time_off_id", "is chosen by the server for what residents enter; leave it empty");
    }
    let (value, private) = read(&mut stating, message, true);
    stating.require_own(|own| *own == value.resident)?;
    put(&mut stating, value, private)
}

/// What an update asks for.
#[derive(Clone, Copy)]
struct Asked {
    /// Whether the recurrence changes.
    new_recurrence: bool,
    /// Whether the span is named, and so new even where it is the same.
    new_span: bool,
}

/// States a changed entry; a new span takes back an early end.
fn change(
    mut stating: Stating<'_, TimeOff>,
    message: &v1::TimeOff,
    has_private: bool,
    asked: Asked,
) -> Result<ChangeSet, Refusal> {
    let (mut value, private) = read(&mut stating, message, has_private);
    if let Some(before) = stating.before.map(|before| &before.value) {
        if value.resident != before.resident && !stating.fields.has("resident") {
            stating.fields.add("resident", "cannot be changed; remove the entry and record another");
        }
        if !asked.new_recurrence {
            value.recurrence.clone_from(&before.recurrence);
        }
        if !asked.new_span && value.span == before.span {
            value.cuts.clone_from(&before.cuts);
            value.ended = before.ended;
        }
        value.imported = before.imported;
    }
    put(&mut stating, value, private)
}

serve! { TimeOffService for TimeOffs {
    create_time_off(v1::CreateTimeOffRequest) -> v1::TimeOff = create await;
    get_time_off(v1::GetTimeOffRequest) -> v1::TimeOff = get;
    list_time_off(v1::ListTimeOffRequest) -> v1::ListTimeOffResponse = list;
    update_time_off(v1::UpdateTimeOffRequest) -> v1::TimeOff = update await;
    delete_time_off(v1::DeleteTimeOffRequest) -> Empty = delete await;
    mark_absence(v1::MarkAbsenceRequest) -> v1::MarkAbsenceResponse = mark_absence await;
    erase_time_off_details(v1::EraseTimeOffDetailsRequest) -> v1::TimeOff = erase await;
    end_time_off(v1::EndTimeOffRequest) -> v1::TimeOff = end await;
    import_time_off(v1::ImportTimeOffRequest) -> v1::ImportTimeOffResponse = import await;
    come_back(v1::ComeBackRequest) -> v1::ComeBackResponse = come_back await;
} }
