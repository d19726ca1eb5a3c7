//! info: what server this is.

use onduty::proto::v1::GetServerInfoRequest;

use crate::connect::call;
use crate::failure::Failure;
use crate::session::Session;
use crate::show;

/// `onduty info`
pub async fn info(session: &Session) -> Result<(), Failure> {
    let teams = Some(session.stated_team()).filter(|team| !team.is_empty()).into_iter().collect();
    let info = call!(session, server.get_server_info, GetServerInfoRequest { teams })?;
    if session.writes_json() {
        return session.json(&info);
    }
    session.print(&show::server_info(&info, &session.server, &session.rules_version, &session.plain_view()))
}
