//! What a change would make different, beside what it does.

use onduty::proto::v1::PreviewChangeRequest;
use onduty::proto::v1::preview_change_request::Change;

use crate::args::Window;
use crate::connect::call;
use crate::failure::Failure;
use crate::session::{Session, interval};
use crate::show;

/// How many days are looked at.
const DAYS: i32 = 90;

/// Writes what a change would make different for people on duty, gaps and load.
///
/// # Errors
///
/// Whatever speaks against the change.
pub async fn different(session: &Session, change: Change) -> Result<(), Failure> {
    let ahead = session.window(&Window { from: None, to: None }, DAYS)?;
    let request = PreviewChangeRequest { change: Some(change), interval: interval(ahead) };
    let answer = call!(session, roster.preview_change, request)?;
    session.print(&format!("\n{}", show::difference(&answer, &session.view().await)))
}
