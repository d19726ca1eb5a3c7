//! who, shifts, handoffs: computed answers about an instant or a window; show: a roster as it was.

use onduty::proto::v1::{
    GetOnDutyRequest, ListGapsRequest, ListHandoffsRequest, ListHandoffsResponse, ListShiftsRequest,
    ListShiftsResponse, ShowRosterRequest, show_roster_request,
};

use super::handoff_notes;
use crate::args::{HandoffsArgs, ShiftsArgs, ShowArgs, WhoArgs};
use crate::connect::{call, list};
use crate::failure::Failure;
use crate::session::{Session, interval};
use crate::show;

/// How many days are listed where no end is stated.
const DAYS_DEFAULT: i32 = 7;

/// `onduty who`
pub async fn who(session: &Session, args: WhoArgs) -> Result<(), Failure> {
    let request = GetOnDutyRequest {
        parent: session.team().await?.to_owned(),
        duties: session.children("duties", &args.duties).await?,
        time: session.asked(args.at.as_deref())?,
        explain: args.why,
    };
    let duties = request.duties.clone();
    let answer = call!(session, on_duty.get_on_duty, request)?;
    // Notes are about now.
    let notes = if args.at.is_none() { handoff_notes::beside(session, duties).await } else { Vec::new() };
    session.answer(&answer, |answer, view| show::who(answer, view) + &show::notes_beside(&notes, view)).await
}

/// `onduty show`
pub async fn show_roster(session: &Session, args: ShowArgs) -> Result<(), Failure> {
    let at = match args.at.as_deref().map(|text| (text, text.parse::<i64>())) {
        Some((_, Ok(revision))) => Some(show_roster_request::At::Revision(revision)),
        Some((text, Err(_))) => session.at(Some(text))?.map(show_roster_request::At::ReadTime),
        None => None,
    };
    let request = ShowRosterRequest { name: session.team().await?.to_owned(), at };
    let answer = call!(session, roster.show_roster, request)?;
    session.answer(&answer, show::roster).await
}

/// `onduty shifts`
pub async fn shifts(session: &Session, args: ShiftsArgs) -> Result<(), Failure> {
    let window = session.window(&args.window, DAYS_DEFAULT)?;
    let request = ListShiftsRequest {
        parent: session.team().await?.to_owned(),
        duties: session.children("duties", &args.duties).await?,
        residents: session.children("residents", &args.residents).await?,
        interval: interval(window),
        ..ListShiftsRequest::default()
    };
    let gaps = ListGapsRequest {
        parent: request.parent.clone(),
        duties: request.duties.clone(),
        interval: request.interval,
        ..ListGapsRequest::default()
    };
    let answer: ListShiftsResponse = list!(session, on_duty.list_shifts, request, shifts);
    if !args.draw || session.writes_json() {
        return session.answer(&answer, |answer, view| show::shifts(answer, window, view)).await;
    }
    let gaps = list!(session, on_duty.list_gaps, gaps, gaps).gaps;
    session.answer(&answer, |answer, view| show::drawn(answer, &gaps, window, view)).await
}

/// `onduty handoffs`
pub async fn handoffs(session: &Session, args: HandoffsArgs) -> Result<(), Failure> {
    let window = session.window(&args.window, DAYS_DEFAULT)?;
    let request = ListHandoffsRequest {
        parent: session.team().await?.to_owned(),
        duties: session.children("duties", &args.duties).await?,
        residents: session.children("residents", &args.residents).await?,
        interval: interval(window),
        ..ListHandoffsRequest::default()
    };
    let duties = request.duties.clone();
    let answer: ListHandoffsResponse = list!(session, on_duty.list_handoffs, request, handoffs);
    let notes = handoff_notes::beside(session, duties).await;
    session
        .answer(&answer, |answer, view| show::handoffs(answer, window, view) + &show::notes_beside(&notes, view))
        .await
}
