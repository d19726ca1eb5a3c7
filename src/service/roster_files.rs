//! `RosterService`: roster files in and out, and what in a roster will surprise.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::brief::brief;
use super::convert::time::{instant, interval, timestamp, whole_instant, window};
use super::entry::serve;
use super::names::{Name, collection_name, team_name};
use super::read_context;
use super::request::{Fields, request};
use crate::civil::{Interval, ZoneRules};
use crate::engine::{self, Finding, FindingKind, FindingPart};
use crate::model::validate::Violation;
use crate::model::{
    DutyId, HolidaySetId, ObjectKey, Origin, OverrideId, ResidentId, TaskId, TeamId, TeamSnapshot, TimeOffId,
};
use crate::proto::v1;
use crate::proto::v1::roster_service_server::RosterService;
use crate::roster::file::{self, Action, Mistake, Plan, PlanOptions};
use crate::roster::{ChangeSet, Changed, Desk, Refusal, TeamState};

/// How far ahead a roster is checked where no interval is asked, in seconds: 35 days.
const CHECK_SECONDS: i64 = 35 * 86_400;
/// The longest file that is read, in bytes: 1 MiB.
const FILE_MAX: usize = 1 << 20;
/// How many mistakes of a file are listed at most, and how long each is, in bytes.
const MISTAKES_MAX: usize = 10_000;
const MISTAKE_BYTES_MAX: usize = 1_000;

/// Applies, exports and checks desk.
#[derive(Clone)]
pub struct RosterFiles {
    pub(super) desk: Desk,
}

impl RosterFiles {
    /// Returns the service over `desk`.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }

    async fn apply_or_list(&self, asked: v1::ApplyRosterRequest) -> Result<v1::ApplyRosterResponse, Refusal> {
        match self.apply(&asked).await {
            Err(refusal) if asked.list_mistakes && is_of_the_file(&refusal) => self.listed(&asked, refusal),
            answer => answer,
        }
    }

    pub(super) async fn apply(&self, asked: &v1::ApplyRosterRequest) -> Result<v1::ApplyRosterResponse, Refusal> {
        let mut fields = Fields::default();
        if asked.list_mistakes && !asked.validate_only {
            fields.add("list_mistakes", "needs validate_only; set both, or leave it out");
        }
        let bare = v1::ApplyRosterRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "apply a roster file".to_owned(), asked.validate_only);
        let request = fields.take(request);
        let from = asked.effective_time.as_ref().and_then(|time| fields.take(whole_instant("effective_time", time)));
        let team = self.team_of(asked, &mut fields);
        let (team, request) = fields.finish("roster_toml", team.zip(request))?;
        let rules = Arc::clone(self.desk.rules());
        let text = asked.roster_toml.clone();
        let (options, etag) = (options(asked), asked.etag.clone());
        let name = collection_name(&team);
        // A change may be made several times, against newer and newer teams: the last one is what was committed.
        let planned = Arc::new(Mutex::new(Plan::default()));
        let last = Arc::clone(&planned);
        let made = self
            .desk
            .change(team, request, move |snapshot, change| {
                check_team_etag(&etag, snapshot, &name)?;
                let from = from.unwrap_or(change.time);
                if from < change.time && !options.correction {
                    return Err(Refusal::ChangesThePast { from });
                }
                let plan = plan(&text, snapshot, from, options, &rules)?;
                let changes = change_set(&plan, change.revision, change.time);
                *last.lock().unwrap_or_else(PoisonError::into_inner) = plan;
                Ok(changes)
            })
            .await?;
        let before = made.team_before();
        // Of a retry, what was planned the first time; a server with other zone rules may not find that again.
        let plan = match made.replayed {
            true => plan(&asked.roster_toml, &before, from.unwrap_or(made.time), options, self.desk.rules()).ok(),
            false => Some(planned.lock().unwrap_or_else(PoisonError::into_inner).clone()),
        };
        self.applied(plan.as_ref(), &before, &made)
    }

    /// Says what a file changed: of a retry, what it changed the first time.
    fn applied(
        &self,
        plan: Option<&Plan>,
        before: &TeamSnapshot,
        made: &Changed,
    ) -> Result<v1::ApplyRosterResponse, Refusal> {
        let (after, now) = (&made.state.snapshot, made.time);
        let team = &after.id;
        let window = Interval::new(now, now.plus(CHECK_SECONDS)).unwrap_or(Interval::ALL);
        let findings = engine::check(after, self.desk.rules(), window)?;
        Ok(v1::ApplyRosterResponse {
            name: collection_name(team),
            changes: match plan {
                Some(plan) => plan.changes.iter().map(|change| changed(team, change, after)).collect(),
                None => made.objects.iter().filter_map(|(key, _)| replayed(team, key)).collect(),
            },
            left_alone: plan.map(|plan| left_alone(team, before, plan)).unwrap_or_default(),
            findings: findings.iter().map(|found| finding(team, found)).collect(),
            etag: team_etag(after),
            context: Some(read_context(&self.desk, after, now)),
            ..v1::ApplyRosterResponse::default()
        })
    }

    /// Lists what is wrong with a file, for which `refusal` has no room; `refusal` where it is about something else.
    fn listed(&self, asked: &v1::ApplyRosterRequest, refusal: Refusal) -> Result<v1::ApplyRosterResponse, Refusal> {
        if asked.roster_toml.len() > FILE_MAX {
            return Err(refusal);
        }
        let now = self.desk.now();
        let team = file::team_id(&asked.roster_toml).map(|team| self.desk.state(&team)).transpose()?;
        let known = team.as_ref().map(|state| &state.snapshot);
        let from = asked.effective_time.as_ref().and_then(|time| instant("effective_time", time).ok()).unwrap_or(now);
        let read = file::parse(&asked.roster_toml, known, self.desk.rules());
        let planned = read.and_then(|file| match known {
            Some(team) => file::plan(team, &file, from, options(asked), self.desk.rules()).map(drop),
            None => Ok(()),
        });
        let Err(mistakes) = planned else { return Err(refusal) };
        let left_out = mistakes.len().saturating_sub(MISTAKES_MAX);
        Ok(v1::ApplyRosterResponse {
            name: known.map(|team| collection_name(&team.id)).unwrap_or_default(),
            mistakes: mistakes.into_iter().take(MISTAKES_MAX).map(mistake).collect(),
            mistakes_left_out: i32::try_from(left_out).unwrap_or(i32::MAX),
            context: known.map(|team| read_context(&self.desk, team, now)),
            ..v1::ApplyRosterResponse::default()
        })
    }

    /// The team that a file is for; a name that is given has to be the file's.
    ///
    /// Where that or anything before is wrong, every mistake of the file is told as well.
    fn team_of(&self, asked: &v1::ApplyRosterRequest, fields: &mut Fields) -> Option<TeamId> {
        let length = asked.roster_toml.len();
        if length > FILE_MAX {
            fields.add("roster_toml", format!("has {length} bytes; at most {FILE_MAX} are read"));
        }
        let named = (!asked.name.is_empty()).then(|| fields.take(team_name("name", &asked.name)));
        if length > FILE_MAX {
            return None;
        }
        let stated = file::team_id(&asked.roster_toml);
        if let (Some(Some(named)), Some(stated)) = (&named, &stated)
            && named != stated
        {
            fields.add("name", format!("is '{named}', but the file is for team '{stated}'"));
        }
        let team = named.flatten().or_else(|| stated.clone());
        if team.is_none() || !fields.is_empty() {
            let known = stated.as_ref().and_then(|stated| self.desk.state(stated).ok());
            let known = known.as_ref().map(|state| &state.snapshot);
            match file::parse(&asked.roster_toml, known, self.desk.rules()) {
                Err(mistakes) => {
                    fields.take::<()>(Err(mistaken(mistakes)));
                }
                Ok(_) if stated.is_none() && asked.name.is_empty() => {
                    fields.add("roster_toml", "does not say its team; add: team = \"ID\"");
                }
                Ok(_) => {}
            }
        }
        team
    }

    fn named(&self, name: &str, fields: &mut Fields) -> Option<Arc<TeamState>> {
        let team = fields.take(team_name("name", name))?;
        fields.take_or_later(self.desk.team(&team))
    }

    fn export(&self, asked: v1::ExportRosterRequest) -> Result<v1::ExportRosterResponse, Refusal> {
        let mut fields = Fields::default();
        let now = self.desk.now();
        let state = self.named(&asked.name, &mut fields);
        let at = fields.take(asked.read_time.as_ref().map_or(Ok(now), |time| instant("read_time", time)));
        let (state, at) = fields.finish("name", state.zip(at))?;
        Ok(v1::ExportRosterResponse {
            roster_toml: file::export(&state.snapshot, at, asked.all, self.desk.rules()),
            etag: team_etag(&state.snapshot),
            context: Some(read_context(&self.desk, &state.snapshot, now)),
        })
    }

    fn check(&self, asked: v1::CheckRosterRequest) -> Result<v1::CheckRosterResponse, Refusal> {
        let mut fields = Fields::default();
        let now = self.desk.now();
        let state = self.named(&asked.name, &mut fields);
        let window = fields.take(match &asked.interval {
            Some(interval) => window("interval", Some(interval)),
            None => Ok(Interval::new(now, now.plus(CHECK_SECONDS)).unwrap_or(Interval::ALL)),
        });
        let (state, window) = fields.finish("name", state.zip(window))?;
        let findings = engine::check(&state.snapshot, self.desk.rules(), window)?;
        Ok(v1::CheckRosterResponse {
            findings: findings.iter().map(|found| finding(&state.snapshot.id, found)).collect(),
            interval: Some(interval(window)),
            context: Some(read_context(&self.desk, &state.snapshot, now)),
        })
    }
}

fn options(asked: &v1::ApplyRosterRequest) -> PlanOptions {
    PlanOptions { prune: asked.prune, replace_later: asked.replace_later, correction: asked.correction }
}

/// Reads a file and compares it with the team.
pub(crate) fn plan(
    text: &str,
    team: &TeamSnapshot,
    now: crate::civil::Instant,
    options: PlanOptions,
    rules: &ZoneRules,
) -> Result<Plan, Refusal> {
    let file = file::parse(text, Some(team), rules).map_err(mistaken)?;
    file::plan(team, &file, now, options, rules).map_err(mistaken)
}

fn change_set(plan: &Plan, revision: u64, time: crate::civil::Instant) -> ChangeSet {
    let mut changes = ChangeSet::default();
    for (key, object) in plan.objects(revision, time) {
        match object {
            Some(object) => changes.put(object),
            None => changes.remove(key),
        }
    }
    changes
}

/// Tells whether a file is refused for what is in it, and not the request for something else.
fn is_of_the_file(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Invalid(found) if found.iter().all(|violation| violation.field == "roster_toml"))
}

/// Every mistake of a file, each with its line and column.
fn mistaken(mistakes: Vec<Mistake>) -> Refusal {
    Refusal::Invalid(
        mistakes
            .into_iter()
            .map(|mistake| Violation { field: "roster_toml".to_owned(), reason: mistake.to_string() })
            .collect(),
    )
}

fn mistake(mistake: Mistake) -> v1::RosterMistake {
    v1::RosterMistake {
        line: i32::try_from(mistake.line).unwrap_or(i32::MAX),
        column: i32::try_from(mistake.column).unwrap_or(i32::MAX),
        field: brief(&mistake.field, MISTAKE_BYTES_MAX),
        text: brief(&mistake.message, MISTAKE_BYTES_MAX),
    }
}

fn team_etag(team: &TeamSnapshot) -> String {
    format!("\"{}\"", team.revision)
}

fn check_team_etag(given: &str, team: &TeamSnapshot, name: &str) -> Result<(), Refusal> {
    let current = team_etag(team);
    if given.is_empty() || given == current {
        return Ok(());
    }
    Err(Refusal::EtagMismatch { name: name.to_owned(), given: given.to_owned(), current })
}

/// The full name of an object of the team's; a private part goes with its entry.
fn full_name(team: &TeamId, key: &ObjectKey) -> Option<String> {
    Some(match key {
        ObjectKey::Team => collection_name(team),
        ObjectKey::Resident(id) => id.full(team),
        ObjectKey::Duty(id) => id.full(team),
        ObjectKey::HolidaySet(id) => id.full(team),
        ObjectKey::Override(id) => id.full(team),
        ObjectKey::TimeOff(id) => id.full(team),
        ObjectKey::Task(id) => id.full(team),
        ObjectKey::TimeOffPrivate(_)
        | ObjectKey::Acceptance(_)
        | ObjectKey::Swap(_)
        | ObjectKey::Token(_)
        | ObjectKey::Feed(_)
        | ObjectKey::Calendar(_)
        | ObjectKey::HandoffNote(_)
        | ObjectKey::IdentityKey => {
            return None;
        }
    })
}

fn changed(team: &TeamId, change: &file::PlannedChange, after: &TeamSnapshot) -> v1::RosterChange {
    v1::RosterChange {
        action: match change.action {
            Action::Create => v1::RosterAction::Create,
            Action::Update => v1::RosterAction::Update,
            Action::End => v1::RosterAction::End,
        } as i32,
        name: full_name(team, &change.key).unwrap_or_default(),
        summary: change.lines.clone(),
        effective_time: last_version(after, &change.key).map(timestamp),
    }
}

fn replayed(team: &TeamId, key: &ObjectKey) -> Option<v1::RosterChange> {
    let action = v1::RosterAction::Update as i32;
    Some(v1::RosterChange { action, name: full_name(team, key)?, ..v1::RosterChange::default() })
}

/// From when the last version of a configured object is in effect.
fn last_version(team: &TeamSnapshot, key: &ObjectKey) -> Option<crate::civil::Instant> {
    match key {
        ObjectKey::Team => team.team.as_ref()?.versions.list().last().map(|version| version.from),
        ObjectKey::Resident(id) => team.residents.get(id)?.versions.list().last().map(|version| version.from),
        ObjectKey::HolidaySet(id) => team.holiday_sets.get(id)?.versions.list().last().map(|version| version.from),
        ObjectKey::Duty(id) => {
            let duty = team.duties.get(id)?;
            let layers = duty.layers.values().filter_map(|layer| layer.list().last().map(|version| version.from));
            layers.chain(duty.versions.list().last().map(|version| version.from)).max()
        }
        _ => None,
    }
}

/// What stays although the file does not name it, by collection.
fn left_alone(team: &TeamId, before: &TeamSnapshot, plan: &Plan) -> Vec<v1::LeftAloneCount> {
    let mut counts: Vec<v1::LeftAloneCount> = Vec::new();
    let mut count = |collection: &str, entered: i32, unpruned: i32| match counts
        .iter_mut()
        .find(|count| count.collection == collection)
    {
        Some(count) => {
            count.entered += entered;
            count.unpruned += unpruned;
        }
        None => counts.push(v1::LeftAloneCount { collection: collection.to_owned(), entered, unpruned }),
    };
    for object in before.objects() {
        let key = object.key();
        let Some(name) = full_name(team, &key).filter(|_| object.meta().origin == Origin::Entered) else { continue };
        if let Some(collection) = name.rsplit('/').nth(1).filter(|_| key != ObjectKey::Team) {
            count(collection, 1, 0);
        }
    }
    // A part that is left is named as 'duty security: layer weekly': its duty counts once.
    let objects = plan.left_alone.file.iter().filter_map(|label| label.split(':').next());
    for object in objects.collect::<BTreeSet<_>>() {
        count(collection_of(object), 0, 1);
    }
    counts
}

/// The collection of an object that a plan names, as in 'holiday set poland'.
fn collection_of(label: &str) -> &'static str {
    let kinds = [
        ("resident ", ResidentId::COLLECTION),
        ("duty ", DutyId::COLLECTION),
        ("holiday set ", HolidaySetId::COLLECTION),
        ("override ", OverrideId::COLLECTION),
        ("time off ", TimeOffId::COLLECTION),
    ];
    kinds.iter().find(|(kind, _)| label.starts_with(kind)).map_or(TaskId::COLLECTION, |(_, collection)| collection)
}

fn finding(team: &TeamId, found: &Finding) -> v1::RosterFinding {
    v1::RosterFinding {
        kind: match found.kind {
            FindingKind::OutOfTerm => v1::RosterFindingKind::OutOfTerm,
            FindingKind::NoWorkingHours => v1::RosterFindingKind::NoWorkingHours,
            FindingKind::IdleOverride => v1::RosterFindingKind::IdleOverride,
            FindingKind::UnholdableDuty => v1::RosterFindingKind::UnholdableDuty,
            FindingKind::UnreachedRequirement => v1::RosterFindingKind::UnreachedRequirement,
        } as i32,
        name: full_name(team, &found.object).unwrap_or_default(),
        part: match &found.part {
            Some(FindingPart::Layer(id)) => id.to_string(),
            Some(FindingPart::Requirement(id)) => id.to_string(),
            None => String::new(),
        },
        resident: found.resident.as_ref().map(|id| id.full(team)),
        interval: found.interval.map(interval),
        text: found.text.clone(),
    }
}

serve! { RosterService for RosterFiles {
    apply_roster(v1::ApplyRosterRequest) -> v1::ApplyRosterResponse = apply_or_list await;
    preview_change(v1::PreviewChangeRequest) -> v1::PreviewChangeResponse = preview await;
    export_roster(v1::ExportRosterRequest) -> v1::ExportRosterResponse = export;
    show_roster(v1::ShowRosterRequest) -> v1::ShowRosterResponse = show await;
    check_roster(v1::CheckRosterRequest) -> v1::CheckRosterResponse = check;
} }
