//! load: who had how much of the work.

use onduty::civil::Instant;
use onduty::proto::google_type::Date;
use onduty::proto::v1::GetLoadRequest;
use onduty::proto::v1::get_load_request::Period;

use crate::args::LoadArgs;
use crate::connect::call;
use crate::failure::Failure;
use crate::load_csv;
use crate::session::{FAULT, Session};
use crate::show;
use crate::spans;

/// `onduty load`
pub async fn run(session: &Session, args: LoadArgs) -> Result<(), Failure> {
    if args.csv && session.writes_json() {
        return Err(Failure::usage("--csv and --output json are two forms", "leave one of them out"));
    }
    let period = match &args.month {
        Some(text) => Some(Period::Month(month(text)?)),
        None => stated(session, &args)?.map(|(from, to)| Period::Interval(spans::interval(Some(from), Some(to)))),
    };
    let request = GetLoadRequest {
        parent: session.team().await?.to_owned(),
        period,
        duties: session.children("duties", &args.duties).await?,
    };
    let answer = call!(session, reports.get_load, request)?;
    if args.csv {
        let table = load_csv::table(&answer, args.by_duty);
        return session.print(&table.map_err(|error| Failure::refused(error.to_string(), FAULT))?);
    }
    session.answer(&answer, |answer, view| show::load(answer, args.by_duty, view)).await
}

/// Returns the stretch of time that `--from` and `--to` state, if they do: without an end until now.
fn stated(session: &Session, args: &LoadArgs) -> Result<Option<(Instant, Instant)>, Failure> {
    if args.window.from.is_none() && args.window.to.is_none() {
        return Ok(None);
    }
    let times = session.times.to_the_minute();
    let (from, to) = times.window(args.window.from.as_deref(), args.window.to.as_deref())?;
    let Some(from) = from else {
        return Err(Failure::usage("from when on?", "say it with --from, or name a month with --month"));
    };
    let to = to.unwrap_or(times.now);
    if to <= from {
        let local = |at| session.plain_view().time(at);
        let message = format!("--to, {}, is not after --from, {}", local(to), local(from));
        return Err(Failure::usage(message, "load is counted for what is over, or state a later --to"));
    }
    Ok(Some((from, to)))
}

/// Reads a month such as `2026-11`.
pub fn month(text: &str) -> Result<Date, Failure> {
    let read = || {
        let (year, month) = text.split_once('-')?;
        let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
        let (year, month) = (digits(year, 4) && digits(month, 2)).then_some((year, month))?;
        Some(Date { year: year.parse().ok()?, month: month.parse().ok()?, day: 0 })
    };
    let known = read().filter(|date| (1..=12).contains(&date.month));
    known.ok_or_else(|| Failure::usage(format!("--month '{text}' is no month"), "write it as year and month: 2026-11"))
}
