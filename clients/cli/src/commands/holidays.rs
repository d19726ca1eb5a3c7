//! holidays: public holidays out of calendar files.

use onduty::proto::google_type::Date;
use onduty::proto::v1::ImportHolidaysRequest;

use super::calendar_file;
use crate::args::{HolidaysArgs, HolidaysCommand, HolidaysImport};
use crate::connect::{call, request_id};
use crate::failure::Failure;
use crate::session::Session;
use crate::show;
use crate::spans;
use crate::times::Stated;

/// `onduty holidays`
pub async fn run(session: &Session, args: HolidaysArgs) -> Result<(), Failure> {
    match args.command {
        HolidaysCommand::Import(args) => import(session, args).await,
    }
}

async fn import(session: &Session, args: HolidaysImport) -> Result<(), Failure> {
    let request = ImportHolidaysRequest {
        calendar: calendar_file::read(&args.file)?.into(),
        name: session.child("holidaySets", &args.set).await?,
        display_name: args.name.unwrap_or_default(),
        first_date: date(session, "--from", args.from.as_deref())?,
        last_date: date(session, "--to", args.to.as_deref())?,
        request_id: request_id(),
        validate_only: args.dry_run,
        ..ImportHolidaysRequest::default()
    };
    let answer = call!(session, holiday_sets.import_holidays, request)?;
    session.answer(&answer, |answer, view| show::imported_holidays(answer, args.dry_run, view)).await
}

fn date(session: &Session, option: &str, text: Option<&str>) -> Result<Option<Date>, Failure> {
    let Some(text) = text else { return Ok(None) };
    match session.times.read(option, text)? {
        Stated::Day(date) => Ok(Some(spans::date(date))),
        _ => Err(Failure::usage(format!("{option} '{text}' is no date"), "it takes a date, such as 2027-01-01")),
    }
}
