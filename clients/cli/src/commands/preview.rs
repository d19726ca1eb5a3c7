//! What a change would make different, beside what it does.

use onduty::proto::v1::PreviewChangeRequest;
use onduty::proto::v1::preview_change_request::Change;

use crate::connect::call;
use crate::failure::Failure;
use crate::session::Session;
use crate::show;

/// Writes what a change would make different for people on duty, gaps and load.
///
/// # Errors
///
/// Whatever speaks against the change.
pub async fn different(session: &Session, change: Change) -> Result<(), Failure> {
    let request = PreviewChangeRequest { change: Some(change), interval: None };
    let answer = call!(session, roster.preview_change, request)?;
    session.print(&format!("\n{}", show::difference(&answer, &session.view().await)))
}
