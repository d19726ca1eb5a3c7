//! `OverrideService`: exceptions to who covers a duty.

use pbjson_types::Empty;

use super::convert::overrides::{FIELDS, override_entry, read_override};
use super::convert::swap::conflict;
use super::convert::time::{open_window, span_path};
use super::entry::{self, Answer, Read, Stating, Wanted, serve, settle};
use super::mask::Mask;
use super::names::{Name, references};
use super::paging::{Paging, list_key};
use super::request::{Fields, request};
use crate::access::is_own_cover;
use crate::civil::Interval;
use crate::engine::{Takeover, conflicts};
use crate::model::validate::missing_skills;
use crate::model::{ObjectKey, Origin, Override};
use crate::proto::v1;
use crate::proto::v1::override_service_server::OverrideService;
use crate::roster::{ChangeSet, Desk, Refusal};

/// How much of an override is looked at for conflicts, in seconds: 400 days.
const CONFLICT_SECONDS_MAX: i64 = 400 * 86_400;

/// Makes, tells, changes and removes overrides.
#[derive(Clone)]
pub struct Overrides {
    pub(super) desk: Desk,
}

impl Overrides {
    /// Returns the service over `desk`.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }

    fn answer(&self, made: &Answer<Override>) -> Result<v1::Override, Refusal> {
        let (team, rules, value) = (&made.read.snapshot().id, self.desk.rules(), &made.entry.value);
        let view = override_entry(team, &made.id, &made.entry, rules)?;
        let interval = value.span.interval(rules)?;
        let Some((by, interval)) = value.form.by().zip(interval) else { return Ok(view) };
        let looked_at = Interval::new(interval.start(), interval.start().plus(CONFLICT_SECONDS_MAX));
        let interval = looked_at.and_then(|looked_at| looked_at.intersection(interval)).unwrap_or(interval);
        let mut before = made.changed.team_before();
        before.remove(&ObjectKey::Override(made.id.clone()));
        let takeover = Takeover { resident: by.clone(), duty: value.duty.clone(), interval, gives: None };
        let found = conflicts(&before, rules, &takeover)?;
        let told = found.iter().filter_map(|found| conflict(team, by, found, &made.read.audience));
        Ok(v1::Override { conflicts: told.collect(), ..view })
    }

    pub(super) async fn create(&self, asked: v1::CreateOverrideRequest) -> Result<v1::Override, Refusal> {
        let bare = v1::CreateOverrideRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "make an override".to_owned(), asked.validate_only);
        let wanted = Wanted { field: "override_id", text: asked.override_id };
        let (message, force) = (asked.override_entry.unwrap_or_default(), asked.force);
        let made =
            entry::create(&self.desk, &asked.parent, wanted, request, move |stating| state(stating, &message, force));
        self.answer(&made.await?)
    }

    fn get(&self, asked: v1::GetOverrideRequest) -> Result<v1::Override, Refusal> {
        let (read, id, entry) = entry::get::<Override>(&self.desk, &asked.name)?;
        Ok(override_entry(&read.snapshot().id, &id, &entry, self.desk.rules())?)
    }

    fn list(&self, asked: v1::ListOverridesRequest) -> Result<v1::ListOverridesResponse, Refusal> {
        let mut fields = Fields::default();
        let read = Read::parent(&self.desk, &asked.parent, &mut fields);
        let named = read.as_ref().map(Read::snapshot);
        let bare = v1::ListOverridesRequest { page_size: 0, page_token: String::new(), ..asked.clone() };
        let paging = Paging::read((asked.page_size, &asked.page_token), &bare, &mut fields);
        let window = fields.take(open_window("interval", asked.interval.as_ref()));
        let duties = references("duties", &asked.duties, named, |team| &team.duties, &mut fields);
        let residents = references("residents", &asked.residents, named, |team| &team.residents, &mut fields);
        let (read, window) = fields.finish("parent", read.zip(window))?;
        let (team, rules) = (read.snapshot(), self.desk.rules());
        let mut found = Vec::new();
        for (id, entry) in &team.overrides {
            let value = &entry.value;
            let interval = value.span.interval(rules)?;
            let people = [value.form.by(), value.form.owner()];
            let wanted = (duties.is_empty() || duties.contains(&value.duty))
                && (residents.is_empty() || people.into_iter().flatten().any(|person| residents.contains(person)))
                && (asked.interval.is_none() || interval.is_some_and(|interval| interval.overlaps(window)));
            if wanted {
                found.push((list_key(Some(value.span.start(rules)?), id), id, entry));
            }
        }
        let page = paging.page(found, |(key, ..)| key.clone());
        let views = page.items.iter().map(|(_, id, entry)| override_entry(&team.id, id, entry, rules));
        let overrides = views.collect::<Result<_, _>>()?;
        Ok(v1::ListOverridesResponse { overrides, next_page_token: page.next_page_token })
    }

    pub(super) async fn update(&self, asked: v1::UpdateOverrideRequest) -> Result<v1::Override, Refusal> {
        let bare = v1::UpdateOverrideRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "change an override".to_owned(), asked.validate_only);
        let message = asked.override_entry.unwrap_or_default();
        let (name, etag, mask, force) = (message.name.clone(), message.etag.clone(), asked.update_mask, asked.force);
        let made = entry::alter::<Override>(&self.desk, &name, &etag, request, move |mut stating| {
            let Some(before) = stating.before else { return Ok(ChangeSet::default()) };
            let mask = Mask::read(FIELDS, mask.as_ref(), &message, &mut stating.fields);
            let mut after = override_entry(&stating.team.id, &stating.id, before, stating.rules)?;
            mask.apply(&mut after, &message);
            if mask.is_empty() { stating.nothing() } else { state(stating, &after, force) }
        });
        self.answer(&made.await?)
    }

    pub(super) async fn delete(&self, asked: v1::DeleteOverrideRequest) -> Result<Empty, Refusal> {
        let bare = v1::DeleteOverrideRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "remove an override".to_owned(), asked.validate_only);
        entry::remove::<Override>(&self.desk, &asked.name, &asked.etag, request).await
    }
}

/// States an override; `force` lets whoever covers lack a skill (semantics 4.3).
fn state(mut stating: Stating<'_, Override>, message: &v1::Override, force: bool) -> Result<ChangeSet, Refusal> {
    let zone = stating.team_zone();
    let mut value = read_override(message, &stating.team.id, &zone, &mut stating.fields);
    let before = stating.before.map(|before| &before.value.form);
    stating.require_own(|own| is_own_cover(own, &value.form) && before.is_none_or(|form| is_own_cover(own, form)))?;
    let missing = missing_skills(&value, stating.team, stating.rules);
    value.forced = !missing.is_empty();
    value.swap = stating.before.and_then(|before| before.value.swap.clone());
    let mut draft = stating.draft();
    draft.entry_override(&stating.id, value.clone(), Origin::Entered);
    let fields = std::mem::take(&mut stating.fields);
    let changes = settle(fields, draft, |field| span_path(&value.span, field))?;
    match value.form.by().filter(|_| value.forced && !force) {
        Some(by) => Err(Refusal::Precondition {
            reason: "LACKS_SKILL",
            subject: by.full(&stating.team.id),
            description: format!("'{by}' lacks {}; force it if they can cover anyway", missing.join(", ")),
        }),
        None => Ok(changes),
    }
}

serve! { OverrideService for Overrides {
    create_override(v1::CreateOverrideRequest) -> v1::Override = create await;
    get_override(v1::GetOverrideRequest) -> v1::Override = get;
    list_overrides(v1::ListOverridesRequest) -> v1::ListOverridesResponse = list;
    update_override(v1::UpdateOverrideRequest) -> v1::Override = update await;
    delete_override(v1::DeleteOverrideRequest) -> Empty = delete await;
} }
