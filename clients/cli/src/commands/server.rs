//! feed and info: calendar addresses, and what server this is.

use onduty::proto::v1::{GetServerInfoRequest, GetTeamRequest, ListDutiesRequest, ListResidentsRequest};

use crate::args::FeedArgs;
use crate::connect::{call, list};
use crate::failure::Failure;
use crate::feed_urls;
use crate::names;
use crate::session::Session;
use crate::show;

/// `onduty feed`
pub async fn feed(session: &Session, args: FeedArgs) -> Result<(), Failure> {
    let name = session.team().await?.to_owned();
    let request = GetTeamRequest { name: name.clone(), read_time: None };
    let team = call!(session, teams.get_team, request)?;
    if !team.public {
        let message = format!("team {} is private and has no public calendar", names::id(&name));
        let hint = "make it public: `public = true` in its roster file, then `onduty apply`";
        return Err(Failure::refused(message, hint));
    }
    let request = ListDutiesRequest { parent: name.clone(), ..ListDutiesRequest::default() };
    let duties = list!(session, duties.list_duties, request, duties).duties;
    let request = ListResidentsRequest { parent: name, ..ListResidentsRequest::default() };
    let residents = list!(session, residents.list_residents, request, residents).residents;
    let mut feeds = feed_urls::feeds(&session.server, &team, &duties, &residents);
    if !args.of.is_empty() {
        feeds = feed_urls::chosen(&feeds, &team.name, &args.of)?;
    }
    if session.writes_json() {
        return session.json(&serde_json::json!({ "feeds": feeds }));
    }
    if args.qr && args.of.is_empty() {
        // That of the team: all of them would fill many screens.
        feeds.truncate(1);
    }
    session.print(&show::feeds(&team.display_name, &feeds, args.qr)?)
}

/// `onduty info`
pub async fn info(session: &Session) -> Result<(), Failure> {
    let teams = Some(session.stated_team()).filter(|team| !team.is_empty()).into_iter().collect();
    let info = call!(session, server.get_server_info, GetServerInfoRequest { teams })?;
    if session.writes_json() {
        return session.json(&info);
    }
    session.print(&show::server_info(&info, &session.server, &session.rules_version, &session.plain_view()))
}
