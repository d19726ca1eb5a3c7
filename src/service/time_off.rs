//! `TimeOffService`: when residents are away, softly away, or working elsewhere.

use pbjson_types::Empty;

use super::convert::time::{open_window, span_path};
use super::convert::time_off::{Around, FIELDS, read_time_off, time_off};
use super::entry::{self, Answer, Read, Stating, Wanted, serve, settle};
use super::mask::Mask;
use super::names::references;
use super::paging::{Paging, list_key};
use super::request::{Fields, request};
use crate::model::{Entered, Object, ObjectKey, Origin, TeamSnapshot, TimeOff, TimeOffId, TimeOffPrivate};
use crate::proto::v1;
use crate::proto::v1::time_off_service_server::TimeOffService;
use crate::roster::{ChangeSet, Changed, Refusal, Rosters};

/// Records, tells, changes, ends and removes time off.
#[derive(Clone)]
pub struct TimeOffs {
    pub(super) rosters: Rosters,
}

impl TimeOffs {
    /// Returns the service over `rosters`.
    #[must_use]
    pub fn new(rosters: Rosters) -> Self {
        Self { rosters }
    }

    /// Returns an entry as it is in `team`, for the resident and coordinators.
    pub(super) fn view(
        &self,
        team: &TeamSnapshot,
        id: &TimeOffId,
        entry: &Entered<TimeOff>,
    ) -> Result<v1::TimeOff, Refusal> {
        let private = team.time_off_private.get(id).map(|part| &part.value);
        Ok(time_off(&team.id, id, entry, private, self.rosters.rules())?)
    }

    /// Returns an entry as a change left it.
    pub(super) fn became(
        &self,
        team: &TeamSnapshot,
        changed: &Changed,
        id: &TimeOffId,
        entry: &Entered<TimeOff>,
    ) -> Result<v1::TimeOff, Refusal> {
        match changed.object(&ObjectKey::TimeOffPrivate(id.clone())) {
            Some(Object::TimeOffPrivate(_, part)) => {
                Ok(time_off(&team.id, id, entry, Some(&part.value), self.rosters.rules())?)
            }
            _ => self.view(team, id, entry),
        }
    }

    pub(super) fn answer(&self, made: &Answer<TimeOff>) -> Result<v1::TimeOff, Refusal> {
        self.became(made.read.snapshot(), &made.changed, &made.id, &made.entry)
    }

    async fn create(&self, asked: v1::CreateTimeOffRequest) -> Result<v1::TimeOff, Refusal> {
        let bare = v1::CreateTimeOffRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "record time off".to_owned(), asked.validate_only);
        let wanted = Wanted { field: "time_off_id", text: asked.time_off_id };
        let message = asked.time_off.unwrap_or_default();
        let made =
            entry::create(&self.rosters, &asked.parent, wanted, request, move |stating| state(stating, &message));
        self.answer(&made.await?)
    }

    fn get(&self, asked: v1::GetTimeOffRequest) -> Result<v1::TimeOff, Refusal> {
        let (read, id, entry) = entry::get::<TimeOff>(&self.rosters, &asked.name)?;
        self.view(read.snapshot(), &id, &entry)
    }

    fn list(&self, asked: v1::ListTimeOffRequest) -> Result<v1::ListTimeOffResponse, Refusal> {
        let mut fields = Fields::default();
        let read = Read::parent(&self.rosters, &asked.parent, &mut fields);
        let named = read.as_ref().map(Read::snapshot);
        let bare = v1::ListTimeOffRequest { page_size: 0, page_token: String::new(), ..asked.clone() };
        let paging = Paging::read((asked.page_size, &asked.page_token), &bare, &mut fields);
        let window = fields.take(open_window("interval", asked.interval.as_ref()));
        let residents = references("residents", &asked.residents, named, |team| &team.residents, &mut fields);
        let (read, window) = fields.finish("parent", read.zip(window))?;
        let (team, rules) = (read.snapshot(), self.rosters.rules());
        let mut found = Vec::new();
        for (id, entry) in &team.time_off {
            let value = &entry.value;
            let theirs = residents.is_empty() || residents.contains(&value.resident);
            if theirs && (asked.interval.is_none() || value.happens_in(window, rules)?) {
                found.push((list_key(Some(value.span.start(rules)?), id), id, entry));
            }
        }
        let page = paging.page(found, |(key, ..)| key.clone());
        let views = page.items.iter().map(|(_, id, entry)| self.view(team, id, entry));
        let time_off = views.collect::<Result<_, _>>()?;
        Ok(v1::ListTimeOffResponse { time_off, next_page_token: page.next_page_token })
    }

    async fn update(&self, asked: v1::UpdateTimeOffRequest) -> Result<v1::TimeOff, Refusal> {
        let bare = v1::UpdateTimeOffRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "change time off".to_owned(), asked.validate_only);
        let message = asked.time_off.unwrap_or_default();
        let (name, etag, mask) = (message.name.clone(), message.etag.clone(), asked.update_mask);
        let made = entry::alter::<TimeOff>(&self.rosters, &name, &etag, request, move |mut stating| {
            let Some(before) = stating.before else { return Ok(ChangeSet::default()) };
            let private = stating.team.time_off_private.get(&stating.id).map(|part| &part.value);
            let paths: &[String] = mask.as_ref().map(|mask| mask.paths.as_slice()).unwrap_or_default();
            let new_span = paths.iter().any(|path| path == "span");
            let mask = Mask::read(FIELDS, mask.as_ref(), &message, &mut stating.fields);
            let mut after = time_off(&stating.team.id, &stating.id, before, private, stating.rules)?;
            mask.apply(&mut after, &message);
            let asked = Asked { new_recurrence: mask.touches("recurrence"), new_span };
            if mask.is_empty() { stating.nothing() } else { change(stating, &after, private.is_some(), asked) }
        });
        self.answer(&made.await?)
    }

    async fn delete(&self, asked: v1::DeleteTimeOffRequest) -> Result<Empty, Refusal> {
        let bare = v1::DeleteTimeOffRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "remove time off".to_owned(), asked.validate_only);
        entry::remove::<TimeOff>(&self.rosters, &asked.name, &asked.etag, request).await
    }
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
pub(super) fn state(mut stating: Stating<'_, TimeOff>, message: &v1::TimeOff) -> Result<ChangeSet, Refusal> {
    let (value, private) = read(&mut stating, message, true);
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
    end_time_off(v1::EndTimeOffRequest) -> v1::TimeOff = end await;
    come_back(v1::ComeBackRequest) -> v1::ComeBackResponse = come_back await;
} }
