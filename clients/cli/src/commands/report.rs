//! report: what a month was like.

use onduty::proto::v1::{GetReportRequest, ReportAudience, ReportFormat};

use super::load::month;
use crate::args::{Form, Readers, ReportArgs};
use crate::connect::call;
use crate::failure::Failure;
use crate::session::Session;

/// `onduty report`
pub async fn run(session: &Session, args: ReportArgs) -> Result<(), Failure> {
    let audience = match args.readers {
        Readers::Public => ReportAudience::Public,
        Readers::Team => ReportAudience::Team,
    };
    let format = match args.form {
        Form::Markdown => ReportFormat::Markdown,
        Form::Html => ReportFormat::Html,
    };
    let request = GetReportRequest {
        parent: session.team().await?.to_owned(),
        month: args.month.as_deref().map(month).transpose()?,
        audience: audience.into(),
        format: format.into(),
    };
    let answer = call!(session, reports.get_report, request)?;
    if session.writes_json() { session.json(&answer) } else { session.print(&answer.document) }
}
