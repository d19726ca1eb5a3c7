//! `TeamService`: teams, and the end of one with what is in it.

use super::attend::attend;
use super::call::Call;
use super::configured::{Kind, Objects, Stated, new_id};
use super::convert::team::{read_team, team};
use super::entry::serve;
use super::mask::{Field, field};
use super::names::{collection_name, team_name};
use super::paging::Paging;
use super::request::Fields;
use super::stamp::{Stamp, shown, stamped};
use crate::access::Audience;
use crate::civil::Instant;
use crate::model::{DutyId, HolidaySetId, Meta, ObjectKey, Origin, ResidentId, Team, TeamId, TeamSnapshot, Versions};
use crate::proto::v1;
use crate::proto::v1::team_service_server::TeamService;
use crate::roster::{Dated, Desk, Draft, Refusal};

/// Answers calls about teams.
#[derive(Clone)]
pub struct Teams {
    objects: Objects<Teaming>,
}

impl Teams {
    /// Returns the service over `desk`.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        Self { objects: Objects::new(desk) }
    }

    async fn create(&self, asked: v1::CreateTeamRequest) -> Result<v1::Team, Refusal> {
        let (mut call, asked) = Call::read(asked);
        let id = new_id("team_id", &asked.team_id, TeamId::new, &mut call.wrong);
        self.objects.create(call, id.map(|id| (id.clone(), id)), asked.team).await
    }

    fn get(&self, asked: v1::GetTeamRequest) -> Result<v1::Team, Refusal> {
        self.objects.get(&asked.name, asked.read_time.as_ref())
    }

    fn list(&self, asked: v1::ListTeamsRequest) -> Result<v1::ListTeamsResponse, Refusal> {
        let mut wrong = Fields::default();
        let at = self.objects.read_time(asked.read_time.as_ref(), &mut wrong);
        let same = v1::ListTeamsRequest { read_time: asked.read_time, ..v1::ListTeamsRequest::default() };
        let paging = Paging::read((asked.page_size, &asked.page_token), &same, &mut wrong);
        wrong.check()?;
        let teams = self.objects.desk().all_teams();
        let there = teams.iter().filter_map(|team| {
            let id = &team.snapshot.id;
            Some((id.to_string(), shown::<Teaming>(&team.snapshot, id, at)?))
        });
        let found = paging.page(there, |(id, _)| id.clone());
        let teams = found.items.into_iter().map(|(_, message)| message).collect();
        Ok(v1::ListTeamsResponse { teams, next_page_token: found.next_page_token })
    }

    pub(super) async fn update(&self, asked: v1::UpdateTeamRequest) -> Result<v1::Team, Refusal> {
        let (call, asked) = Call::read(asked);
        self.objects.update(call, asked.team, asked.update_mask).await
    }

    async fn delete(&self, asked: v1::DeleteTeamRequest) -> Result<v1::Team, Refusal> {
        let (call, asked) = Call::read(asked);
        let force = asked.force;
        let end = move |draft: &mut Draft<'_>, _: &TeamId, dated: Dated| {
            let children = Children::of(draft.after(), draft.effective_from(dated)?);
            if !force {
                children.refuse(&draft.after().id)?;
            }
            children.end(draft, dated)?;
            draft.end_team(dated)
        };
        self.objects.delete(call, &asked.name, asked.etag, end).await
    }
}

/// What a team has in effect, or planned.
struct Children {
    duties: Vec<DutyId>,
    residents: Vec<ResidentId>,
    holiday_sets: Vec<HolidaySetId>,
}

impl Children {
    fn of(team: &TeamSnapshot, at: Instant) -> Self {
        let duties = team.duties.iter().filter(|(_, duty)| duty.versions.goes_on(at));
        let residents = team.residents.iter().filter(|(_, resident)| resident.versions.goes_on(at));
        let holiday_sets = team.holiday_sets.iter().filter(|(_, set)| set.versions.goes_on(at));
        Self {
            duties: duties.map(|(id, _)| id.clone()).collect(),
            residents: residents.map(|(id, _)| id.clone()).collect(),
            holiday_sets: holiday_sets.map(|(id, _)| id.clone()).collect(),
        }
    }

    /// Refuses where there is anything.
    fn refuse(&self, team: &TeamId) -> Result<(), Refusal> {
        let (duties, residents, sets) = (self.duties.len(), self.residents.len(), self.holiday_sets.len());
        if duties + residents + sets == 0 {
            return Ok(());
        }
        let subject = collection_name(team);
        let description = format!(
            "{subject} has {residents} residents, {duties} duties and {sets} holiday sets in effect or planned; end \
             them first, or force it"
        );
        Err(Refusal::Precondition { reason: "HAS_CHILDREN", subject, description })
    }

    fn end(&self, draft: &mut Draft<'_>, dated: Dated) -> Result<(), Refusal> {
        for id in &self.duties {
            draft.duty(id, None, dated, Origin::Entered)?;
        }
        for id in &self.residents {
            draft.resident(id, None, dated, Origin::Entered)?;
        }
        for id in &self.holiday_sets {
            draft.holiday_set(id, None, dated, Origin::Entered)?;
        }
        Ok(())
    }
}

attend! { Teams: objects.desk; }

serve!(TeamService for Teams {
    create_team(v1::CreateTeamRequest) -> v1::Team = create await;
    get_team(v1::GetTeamRequest) -> v1::Team = get;
    list_teams(v1::ListTeamsRequest) -> v1::ListTeamsResponse = list;
    update_team(v1::UpdateTeamRequest) -> v1::Team = update await;
    delete_team(v1::DeleteTeamRequest) -> v1::Team = delete await;
});

/// Teams as a kind of configured object.
pub(super) enum Teaming {}

impl Kind for Teaming {
    type Id = TeamId;
    type Value = Team;
    type Message = v1::Team;

    const FIELD: &'static str = "team";
    const IN_TEAM: bool = false;
    const FIELDS: &'static [Field<v1::Team>] =
        &[field!(display_name), field!(zone), field!(public), field!(rest_hours)];

    fn read_name(field: &str, name: &str) -> Result<(TeamId, TeamId), Refusal> {
        team_name(field, name).map(|id| (id.clone(), id))
    }

    fn name(team: &TeamId, _: &TeamId) -> String {
        collection_name(team)
    }

    fn key(_: &TeamId) -> ObjectKey {
        ObjectKey::Team
    }

    fn ids(team: &TeamSnapshot) -> Vec<TeamId> {
        team.team.iter().map(|_| team.id.clone()).collect()
    }

    fn kept<'a>(team: &'a TeamSnapshot, _: &TeamId) -> Option<(&'a Meta, &'a Versions<Team>)> {
        team.team.as_ref().map(|kept| (&kept.meta, &kept.versions))
    }

    fn view(snapshot: &TeamSnapshot, _: &TeamId, at: Instant) -> Option<v1::Team> {
        snapshot.team.as_ref()?.versions.at(at).map(|(_, stated)| team(stated))
    }

    fn seen(team: &TeamSnapshot, id: &TeamId, at: Instant, _: &Audience) -> Option<Self::Message> {
        shown::<Self>(team, id, at)
    }

    fn stamp(message: v1::Team, stamp: Stamp) -> v1::Team {
        stamped!(message, stamp)
    }

    fn identity(message: &v1::Team) -> (&str, &str) {
        (&message.name, &message.etag)
    }

    fn state(draft: &mut Draft<'_>, stated: &Stated<'_, Self>, wrong: &mut Fields) -> Result<(), Refusal> {
        let value = read_team(stated.message, wrong);
        draft.team(value, stated.dated, Origin::Entered)
    }

    fn end(draft: &mut Draft<'_>, _: &TeamId, dated: Dated) -> Result<(), Refusal> {
        draft.end_team(dated)
    }
}
