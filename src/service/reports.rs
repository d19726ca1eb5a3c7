//! `ReportService`: what a period was like, counted.

use super::changes::newest_before;
use super::configured::team_zone;
use super::convert::answers::Naming;
use super::convert::load::load;
use super::convert::read_enum;
use super::convert::time::{interval, window};
use super::entry::{Read, serve};
use super::names::{Name, references};
use super::read_context;
use super::report::{Month, document};
use super::request::Fields;
use crate::access::Denial;
use crate::civil::{Date, Day, Instant, Interval, Zone};
use crate::engine::{self, Debt};
use crate::model::TeamId;
use crate::proto::google_type as wire;
use crate::proto::v1;
use crate::proto::v1::get_load_request::Period;
use crate::proto::v1::report_service_server::ReportService;
use crate::roster::{Desk, LogEntry, Refusal};

/// How many entries of the log are read at once.
const READ_TOGETHER: usize = 256;

/// Counts what was.
#[derive(Clone)]
pub struct Reports {
    pub(super) desk: Desk,
}

impl Reports {
    /// Returns the service over `desk`.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }

    fn load(&self, asked: v1::GetLoadRequest) -> Result<v1::GetLoadResponse, Refusal> {
        let mut fields = Fields::default();
        let read = Read::parent(&self.desk, &asked.parent, &mut fields);
        let named = read.as_ref().map(Read::snapshot);
        let duties = references("duties", &asked.duties, named, |team| &team.duties, &mut fields);
        let stated = fields.take(stated(asked.period.as_ref()));
        let (read, stated) = fields.finish("parent", read.zip(stated))?;
        let (team, rules) = (read.snapshot(), self.desk.rules());
        let zone_name = team_zone(team, read.now);
        let period = stated.period(zone_name.zone(rules)?, read.now)?;
        let ledger = engine::load(team, rules, period, &duties)?;
        let naming = Naming { team, at: period.end().plus(-1), audience: &read.audience };
        Ok(v1::GetLoadResponse {
            loads: ledger.residents.iter().map(|resident| load(naming, resident)).collect(),
            debts: ledger.debts.iter().map(|owed| debt(&team.id, owed)).collect(),
            interval: Some(interval(period)),
            zone: zone_name.to_string(),
            context: Some(read_context(&self.desk, team, read.now)),
        })
    }
}

/// A period as it is stated.
enum Stated {
    Interval(Interval),
    /// A month by its first day.
    Month(Date),
    PresentMonth,
}

impl Stated {
    /// Returns the period; `now` says which month is the present one.
    fn period(&self, zone: &Zone, now: Instant) -> Result<Interval, Refusal> {
        let first = match self {
            Self::Interval(interval) => return Ok(*interval),
            Self::Month(first) => *first,
            Self::PresentMonth => zone.day(now).date().first_of_month(),
        };
        let next = Day::from(first.last_of_month()).plus(1);
        let whole = Interval::new(zone.day_start(Day::from(first)), zone.day_start(next));
        whole.ok_or_else(|| Refusal::field("month", "is no month of 1970 to 2200"))
    }
}

fn stated(period: Option<&Period>) -> Result<Stated, Refusal> {
    match period {
        None => Ok(Stated::PresentMonth),
        Some(Period::Interval(interval)) => window("interval", Some(interval)).map(Stated::Interval),
        Some(Period::Month(month)) => read_month("month", month).map(Stated::Month),
    }
}

/// Reads a month, as its first day.
pub(super) fn read_month(field: &str, month: &wire::Date) -> Result<Date, Refusal> {
    let refuse = || {
        let reason = format!(
            "{}-{}-{} is no month: a year from 1970 to 2199, a month, and 0 as the day",
            month.year, month.month, month.day
        );
        Refusal::field(field, reason)
    };
    if month.day != 0 || !(1970..=2199).contains(&month.year) {
        return Err(refuse());
    }
    let parts = (i16::try_from(month.year).ok(), i8::try_from(month.month).ok());
    let (Some(year), Some(number)) = parts else { return Err(refuse()) };
    Date::new(year, number, 1).map_err(|_| refuse())
}

fn debt(team: &TeamId, debt: &Debt) -> v1::Debt {
    v1::Debt {
        debtor: debt.debtor.full(team),
        creditor: debt.creditor.full(team),
        covered_seconds: debt.covered_seconds,
        returned_seconds: debt.returned_seconds,
        owed_seconds: debt.owed_seconds(),
    }
}

impl Reports {
    async fn report(&self, asked: v1::GetReportRequest) -> Result<v1::GetReportResponse, Refusal> {
        let mut fields = Fields::default();
        let read = Read::parent(&self.desk, &asked.parent, &mut fields);
        let month = asked.month.as_ref().map(|month| fields.take(read_month("month", month)));
        let readers: v1::ReportAudience = read_enum("audience", asked.audience, &mut fields);
        let format: v1::ReportFormat = read_enum("format", asked.format, &mut fields);
        let read = fields.finish("parent", read)?;
        if readers == v1::ReportAudience::Team && !read.audience.works_in_team() {
            return Err(Refusal::Denied(Denial::Forbidden));
        }
        let (team, rules, now) = (read.snapshot(), self.desk.rules(), read.now);
        let zone_name = team_zone(team, now);
        let zone = zone_name.zone(rules)?;
        let present = zone.day(now).date().first_of_month();
        let before = Day::from(present).plus(-1).date().first_of_month();
        let first = month.flatten().unwrap_or(before);
        let period = Stated::Month(first).period(zone, now)?;
        let log = match readers {
            v1::ReportAudience::Team => self.log(&read, period).await?,
            _ => Vec::new(),
        };
        let readers = if readers == v1::ReportAudience::Team { readers } else { v1::ReportAudience::Public };
        let report = Month { team, rules, first, period, zone: &zone_name, readers, now }.report(&log)?;
        let document = document(&report, zone, format);
        Ok(v1::GetReportResponse { report: Some(report), document, context: Some(read_context(&self.desk, team, now)) })
    }

    /// Reads the team's log of a period, oldest first, as of the team that was read.
    async fn log(&self, read: &Read, period: Interval) -> Result<Vec<LogEntry>, Refusal> {
        let (team, newest) = (&read.snapshot().id, read.snapshot().revision);
        let first = newest_before(&self.desk, team, newest, period.start()).await? + 1;
        let last = newest_before(&self.desk, team, newest, period.end()).await?;
        let (mut log, mut next) = (Vec::new(), first);
        while next <= last {
            let limit = usize::try_from(last - next + 1).unwrap_or(usize::MAX).min(READ_TOGETHER);
            let entries = self.desk.log(team, next, limit).await?;
            let Some(read) = entries.last() else { break };
            next = read.revision + 1;
            // What a report tells of an entry takes no object: they need not be kept.
            log.extend(entries.into_iter().map(without_objects));
        }
        Ok(log)
    }
}

fn without_objects(mut entry: LogEntry) -> LogEntry {
    for change in &mut entry.changes {
        (change.before, change.after) = (None, None);
    }
    entry
}

serve! { ReportService for Reports {
    get_report(v1::GetReportRequest) -> v1::GetReportResponse = report await;
    get_load(v1::GetLoadRequest) -> v1::GetLoadResponse = load;
} }
