//! `FeedService`: calendars to subscribe to, each with a secret.

use super::attend::attend;
use super::convert::time::timestamp;
use super::entry::serve;
use super::names::{Name as _, team_name};
use super::paging::Paging;
use super::request::Fields;
use super::tokens::read_name;
use crate::access::{Audience, Denial};
use crate::model::{
    DutyId, Entered, Feed, FeedContent, FeedId, FeedOwner, FeedScope, FeedTitles, FeedView, ResidentId, TeamId,
    TeamSnapshot,
};
use crate::proto::v1;
use crate::proto::v1::feed_service_server::FeedService;
use crate::roster::{Desk, Feeds as Kept, NewFeed, Refusal, Secret};

/// Makes, lists and ends feeds.
#[derive(Clone)]
pub struct Feeds {
    desk: Desk,
    kept: Kept,
    /// What addresses begin with.
    base: String,
}

impl Feeds {
    /// Returns the service over the feeds that are kept, whose addresses begin with `base`, a URL without a slash at its
    /// end.
    #[must_use]
    pub fn new(desk: Desk, kept: Kept, base: String) -> Self {
        Self { desk, kept, base }
    }

    async fn create(&self, asked: v1::CreateFeedRequest) -> Result<v1::CreateFeedResponse, Refusal> {
        let message = asked.feed.unwrap_or_default();
        let mut fields = Fields::default();
        let team = fields.take(team_name("parent", &asked.parent));
        let name = read_name("feed.display_name", &message.display_name, &mut fields);
        let view = read_view(&message, team.as_ref(), &mut fields);
        let owner = read_owner(&message, team.as_ref(), &mut fields);
        let (team, view) = fields.finish("feed.content", team.zip(view))?;
        let state = self.desk.team(&team)?;
        let audience = self.desk.audience(&state.snapshot)?;
        if view.content == FeedContent::TasksDue && !audience.works_in_team() {
            return Err(Refusal::Denied(Denial::Forbidden));
        }
        let owner = self.owner(owner, &audience)?;
        self.check(&state.snapshot, &view, &owner)?;
        let new = NewFeed { name, team: team.clone(), owner, view };
        let made = self.kept.create(&self.desk.caller(), new, asked.validate_only).await?;
        let address = (!asked.validate_only).then(|| self.address(&made.id, &made.secret));
        Ok(v1::CreateFeedResponse { feed: Some(self.feed(&made.id, &made.feed)), address })
    }

    fn list(&self, asked: v1::ListFeedsRequest) -> Result<v1::ListFeedsResponse, Refusal> {
        let mut fields = Fields::default();
        let team = fields.take(team_name("parent", &asked.parent));
        let bare = v1::ListFeedsRequest { page_size: 0, page_token: String::new(), ..asked.clone() };
        let paging = Paging::read((asked.page_size, &asked.page_token), &bare, &mut fields);
        let team = fields.finish("parent", team)?;
        let state = self.desk.team(&team)?;
        let audience = self.desk.audience(&state.snapshot)?;
        let seen = self.kept.all().into_iter();
        let seen = seen.filter(|(_, entry)| entry.value.team == team && self.is_seen(&entry.value, &audience));
        let page = paging.page(seen, |(id, entry)| format!("{:020} {id}", entry.meta.created.revision));
        let feeds = page.items.iter().map(|(id, entry)| self.feed(id, entry)).collect();
        Ok(v1::ListFeedsResponse { feeds, next_page_token: page.next_page_token })
    }

    async fn rotate(&self, asked: v1::RotateFeedSecretRequest) -> Result<v1::RotateFeedSecretResponse, Refusal> {
        let id = self.find(&asked.name)?;
        let made = self.kept.rotate(&self.desk.caller(), id, asked.validate_only).await?;
        let address = (!asked.validate_only).then(|| self.address(&made.id, &made.secret));
        Ok(v1::RotateFeedSecretResponse { feed: Some(self.feed(&made.id, &made.feed)), address })
    }

    async fn delete(&self, asked: v1::DeleteFeedRequest) -> Result<v1::DeleteFeedResponse, Refusal> {
        let id = self.find(&asked.name)?;
        self.kept.delete(&self.desk.caller(), id, asked.validate_only).await?;
        Ok(v1::DeleteFeedResponse {})
    }

    /// Returns the feed of that name, if the caller may know of it.
    fn find(&self, name: &str) -> Result<FeedId, Refusal> {
        let (team, id) = FeedId::read("name", name)?;
        let state = self.desk.state(&team)?;
        let audience = self.desk.audience(&state.snapshot)?;
        let seen = self.kept.get(&id).is_some_and(|entry| {
            let feed = &entry.value;
            feed.team == team && self.is_seen(feed, &audience)
        });
        if seen { Ok(id) } else { Err(Refusal::not_found(name)) }
    }

    /// Tells whether the caller may know of a feed and end it: their own, and a coordinator all of the team.
    fn is_seen(&self, feed: &Feed, audience: &Audience) -> bool {
        let caller = self.desk.caller();
        match (&feed.owner, audience) {
            (_, Audience::Coordinator) => true,
            (FeedOwner::Resident(id), _) => caller.resident() == Some(id),
            (FeedOwner::Token(id), _) => caller.token.as_ref() == Some(id),
        }
    }

    /// Whose a feed is to be.
    fn owner(&self, stated: Option<ResidentId>, audience: &Audience) -> Result<FeedOwner, Refusal> {
        let caller = self.desk.caller();
        match (stated, audience, &caller.token) {
            (Some(id), Audience::Coordinator, _) => Ok(FeedOwner::Resident(id)),
            (Some(id), Audience::Resident(own), _) if id == *own => Ok(FeedOwner::Resident(id)),
            (None, Audience::Resident(own), _) => Ok(FeedOwner::Resident(own.clone())),
            (None, _, Some(token)) => Ok(FeedOwner::Token(token.clone())),
            (None, _, None) => Err(Refusal::Denied(Denial::Unknown)),
            (Some(_), ..) => Err(Refusal::Denied(Denial::Forbidden)),
        }
    }

    /// Checks what only the team can tell.
    fn check(&self, team: &TeamSnapshot, view: &FeedView, owner: &FeedOwner) -> Result<(), Refusal> {
        let (mut fields, now) = (Fields::default(), self.desk.now());
        let resident = |id: &ResidentId| team.residents.get(id).is_some_and(|kept| kept.versions.goes_on(now));
        let full = |id: &ResidentId| id.full(&team.id);
        match &view.scope {
            FeedScope::Duty(id) if !team.duties.get(id).is_some_and(|kept| kept.versions.goes_on(now)) => {
                let hint = crate::model::validate::suggestion(id.as_str(), team.duties.keys());
                fields.add("feed.duty", format!("there is no {}{hint}", id.full(&team.id)));
            }
            FeedScope::Resident(id) if !resident(id) => {
                let hint = crate::model::validate::suggestion(id.as_str(), team.residents.keys());
                fields.add("feed.resident", format!("there is no {}{hint}", full(id)));
            }
            _ => {}
        }
        match owner {
            FeedOwner::Resident(id) if !resident(id) => {
                fields.add("feed.owner", format!("there is no {} with the team", full(id)));
            }
            _ => {}
        }
        let own = matches!((&view.scope, owner), (FeedScope::Resident(id), FeedOwner::Resident(owner)) if id == owner);
        if view.busy && !(own && view.content == FeedContent::OnDuty) {
            let way_out = "only the shifts of its owner may block a calendar: state resident and owner alike";
            fields.add("feed.busy", way_out);
        }
        fields.check()
    }

    fn address(&self, id: &FeedId, secret: &Secret) -> v1::FeedAddress {
        let url = format!("{}/feeds/{id}/{}.ics", self.base, secret.text());
        let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        v1::FeedAddress { webcal_url: format!("webcal://{rest}"), url }
    }

    fn feed(&self, id: &FeedId, entry: &Entered<Feed>) -> v1::Feed {
        let Feed { name, team, owner, view, secret_time, last_used, issuer, .. } = &entry.value;
        let (duty, resident) = match &view.scope {
            FeedScope::Team => (String::new(), String::new()),
            FeedScope::Duty(id) => (id.full(team), String::new()),
            FeedScope::Resident(id) => (String::new(), id.full(team)),
        };
        v1::Feed {
            name: id.full(team),
            display_name: name.clone(),
            content: content_of(view.content).into(),
            duty,
            resident,
            past_days: Some(view.past_days.into()),
            future_days: Some(view.future_days.into()),
            titles: match view.titles {
                FeedTitles::DutyAndResident => v1::FeedTitles::DutyAndResident,
                FeedTitles::Duty => v1::FeedTitles::Duty,
                FeedTitles::Resident => v1::FeedTitles::Resident,
            }
            .into(),
            busy: view.busy,
            owner: match owner {
                FeedOwner::Resident(id) => id.full(team),
                FeedOwner::Token(_) => String::new(),
            },
            create_time: Some(timestamp(entry.meta.create_time)),
            secret_time: Some(timestamp(*secret_time)),
            last_use_time: last_used.map(timestamp),
            ended: !self.kept.stands(entry),
            issuer: issuer.clone(),
        }
    }
}

const fn content_of(content: FeedContent) -> v1::FeedContent {
    match content {
        FeedContent::OnDuty => v1::FeedContent::OnDuty,
        FeedContent::Standby => v1::FeedContent::Standby,
        FeedContent::Handoffs => v1::FeedContent::Handoffs,
        FeedContent::Gaps => v1::FeedContent::Gaps,
        FeedContent::TimeOff => v1::FeedContent::TimeOff,
        FeedContent::TasksDue => v1::FeedContent::TasksDue,
    }
}

fn read_view(message: &v1::Feed, team: Option<&TeamId>, fields: &mut Fields) -> Option<FeedView> {
    let content = FeedContent::ALL.into_iter().find(|known| content_of(*known) as i32 == message.content);
    if content.is_none() {
        fields.add("feed.content", format!("is {}; give what the feed shows, such as on duty", message.content));
    }
    let scope = read_scope(message, content, team, fields);
    let titles = match v1::FeedTitles::try_from(message.titles) {
        Ok(v1::FeedTitles::Unspecified | v1::FeedTitles::DutyAndResident) => Some(FeedTitles::DutyAndResident),
        Ok(v1::FeedTitles::Duty) => Some(FeedTitles::Duty),
        Ok(v1::FeedTitles::Resident) => Some(FeedTitles::Resident),
        Err(_) => {
            fields.add("feed.titles", format!("is {}, which stands for nothing; leave it out", message.titles));
            None
        }
    };
    let (content, scope) = (content?, scope?);
    let most = FeedView::future_days_max(content, &scope);
    let mut days = |field: &str, stated: Option<i32>, (least, most): (u16, u16)| match stated.map(u16::try_from) {
        None => Some(most),
        Some(Ok(days)) if (least..=most).contains(&days) => Some(days),
        Some(_) => {
            let stated = stated.unwrap_or_default();
            fields.add(field, format!("is {stated}; give {least} to {most} days, or leave it out"));
            None
        }
    };
    let past_days = days("feed.past_days", message.past_days, (0, FeedView::PAST_DAYS));
    let future_days = days("feed.future_days", message.future_days, (1, most));
    Some(FeedView {
        content,
        scope,
        past_days: past_days?,
        future_days: future_days?,
        titles: titles?,
        busy: message.busy,
    })
}

fn read_scope(
    message: &v1::Feed,
    content: Option<FeedContent>,
    team: Option<&TeamId>,
    fields: &mut Fields,
) -> Option<FeedScope> {
    let (duty, resident) = (message.duty.as_str(), message.resident.as_str());
    if !duty.is_empty() && !resident.is_empty() {
        fields.add("feed.resident", "is given beside a duty; give one of them");
        return None;
    }
    if !duty.is_empty() && content == Some(FeedContent::TimeOff) {
        fields.add("feed.duty", "is not for time off, which is of no duty; leave it out");
        return None;
    }
    if !resident.is_empty() && content == Some(FeedContent::Gaps) {
        fields.add("feed.resident", "is not for gaps, which are nobody's; leave it out");
        return None;
    }
    // Whoever gives no team that there can be is told of that.
    let team = team?;
    match (duty, resident) {
        ("", "") => Some(FeedScope::Team),
        (duty, "") => fields.take_one(DutyId::reference("feed.duty", duty, team)).map(FeedScope::Duty),
        (_, resident) => {
            fields.take_one(ResidentId::reference("feed.resident", resident, team)).map(FeedScope::Resident)
        }
    }
}

fn read_owner(message: &v1::Feed, team: Option<&TeamId>, fields: &mut Fields) -> Option<ResidentId> {
    let team = team.filter(|_| !message.owner.is_empty())?;
    fields.take_one(ResidentId::reference("feed.owner", &message.owner, team))
}

attend! { Feeds: desk; }

serve! { FeedService for Feeds {
    create_feed(v1::CreateFeedRequest) -> v1::CreateFeedResponse = create await;
    list_feeds(v1::ListFeedsRequest) -> v1::ListFeedsResponse = list;
    rotate_feed_secret(v1::RotateFeedSecretRequest) -> v1::RotateFeedSecretResponse = rotate await;
    delete_feed(v1::DeleteFeedRequest) -> v1::DeleteFeedResponse = delete await;
} }
