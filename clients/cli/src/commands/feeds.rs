//! feed: addresses of public calendars, and feeds with a secret.

use onduty::proto::v1::{
    self, CreateFeedRequest, DeleteFeedRequest, FeedAddress, FeedContent, FeedTitles, GetTeamRequest,
    ListDutiesRequest, ListFeedsRequest, ListResidentsRequest, RotateFeedSecretRequest,
};

use crate::args::{FeedArgs, FeedCommand, FeedCreate, Shows, Titles};
use crate::connect::{call, list};
use crate::failure::Failure;
use crate::feed_urls;
use crate::names;
use crate::session::Session;
use crate::show;

/// `onduty feed`
pub async fn run(session: &Session, args: FeedArgs) -> Result<(), Failure> {
    match args.command {
        None => addresses(session, &args.of, args.qr).await,
        Some(FeedCommand::Create(args)) => create(session, args).await,
        Some(FeedCommand::List) => feeds(session).await,
        Some(FeedCommand::Rotate(args)) => {
            let name = session.child("feeds", &args.id).await?;
            let asked = RotateFeedSecretRequest { name, validate_only: false };
            // Not repeated: each call gives another address.
            let made = session.connection.feeds().rotate_feed_secret(asked).await.map_err(Failure::from)?.into_inner();
            if session.writes_json() {
                return session.json(&made);
            }
            told(session, "New address of", made.feed.as_ref(), made.address.as_ref(), args.qr).await
        }
        Some(FeedCommand::Revoke(args)) => {
            let name = session.child("feeds", &args.id).await?;
            let answer = call!(session, feeds.delete_feed, DeleteFeedRequest { name, validate_only: false })?;
            if session.writes_json() {
                return session.json(&answer);
            }
            session.print(&format!("Revoked: {}. Its address leads nowhere from now on.\n", names::id(&args.id)))
        }
    }
}

async fn addresses(session: &Session, of: &[String], qr: bool) -> Result<(), Failure> {
    let name = session.team().await?.to_owned();
    let request = GetTeamRequest { name: name.clone(), read_time: None };
    let team = call!(session, teams.get_team, request)?;
    if !team.public {
        let message = format!("team {} is private and has no public calendar", names::id(&name));
        let hint = "make a feed of your own: `onduty feed create NAME`";
        return Err(Failure::refused(message, hint));
    }
    let request = ListDutiesRequest { parent: name.clone(), ..ListDutiesRequest::default() };
    let duties = list!(session, duties.list_duties, request, duties).duties;
    let request = ListResidentsRequest { parent: name, ..ListResidentsRequest::default() };
    let residents = list!(session, residents.list_residents, request, residents).residents;
    let mut feeds = feed_urls::feeds(&session.server, &team, &duties, &residents);
    if !of.is_empty() {
        feeds = feed_urls::chosen(&feeds, &team.name, of)?;
    }
    if session.writes_json() {
        return session.json(&serde_json::json!({ "feeds": feeds }));
    }
    if qr && of.is_empty() {
        // That of the team: all of them would fill many screens.
        feeds.truncate(1);
    }
    session.print(&show::feed_addresses(&team.display_name, &feeds, qr)?)
}

async fn create(session: &Session, args: FeedCreate) -> Result<(), Failure> {
    let full = async |collection: &str, id: Option<&str>| match id {
        Some(id) => session.child(collection, id).await,
        None => Ok(String::new()),
    };
    let feed = v1::Feed {
        display_name: args.name,
        content: match args.shows {
            Shows::OnDuty => FeedContent::OnDuty,
            Shows::Standby => FeedContent::Standby,
            Shows::Handoffs => FeedContent::Handoffs,
            Shows::Gaps => FeedContent::Gaps,
            Shows::TimeOff => FeedContent::TimeOff,
            Shows::TasksDue => FeedContent::TasksDue,
        }
        .into(),
        duty: full("duties", args.duty.as_deref()).await?,
        resident: full("residents", args.resident.as_deref()).await?,
        past_days: args.past,
        future_days: args.future,
        titles: match args.titles {
            Titles::Both => FeedTitles::DutyAndResident,
            Titles::Duty => FeedTitles::Duty,
            Titles::Resident => FeedTitles::Resident,
        }
        .into(),
        busy: args.busy,
        owner: full("residents", args.owner.as_deref()).await?,
        ..v1::Feed::default()
    };
    let parent = session.team().await?.to_owned();
    let asked = CreateFeedRequest { parent, feed: Some(feed), validate_only: args.dry_run };
    // Not repeated: each call makes another one.
    let made = session.connection.feeds().create_feed(asked).await.map_err(Failure::from)?.into_inner();
    if session.writes_json() {
        return session.json(&made);
    }
    told(session, "Feed", made.feed.as_ref(), made.address.as_ref(), args.qr).await
}

/// Prints an address that is shown this once: what it is on standard error, the address itself on standard output.
async fn told(
    session: &Session,
    lead: &str,
    feed: Option<&v1::Feed>,
    address: Option<&FeedAddress>,
    qr: bool,
) -> Result<(), Failure> {
    let view = session.view().await;
    let about = feed.map(|feed| show::feed_line(feed, &view)).unwrap_or_default();
    let Some(address) = address else {
        return session.print(&format!("{about}\nNothing was made.\n"));
    };
    crate::failure::note(&format!("{lead} {about}. Shown this once, and whoever has it can read the calendar:"));
    session.print(&show::feed_address(address, qr)?)
}

async fn feeds(session: &Session) -> Result<(), Failure> {
    let asked = ListFeedsRequest { parent: session.team().await?.to_owned(), ..ListFeedsRequest::default() };
    let answer = list!(session, feeds.list_feeds, asked, feeds);
    session.answer(&answer, show::feeds).await
}
