//! `ReportService`: what a period was like, counted.

use super::configured::team_zone;
use super::convert::answers::Naming;
use super::convert::load::load;
use super::convert::time::{interval, window};
use super::entry::{Read, serve};
use super::names::{Name, references};
use super::read_context;
use super::request::Fields;
use crate::civil::{Date, Day, Instant, Interval, Zone};
use crate::engine::{self, Debt};
use crate::model::TeamId;
use crate::proto::google_type as wire;
use crate::proto::v1;
use crate::proto::v1::get_load_request::Period;
use crate::proto::v1::report_service_server::ReportService;
use crate::roster::{Desk, Refusal};

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

serve! { ReportService for Reports {
    get_load(v1::GetLoadRequest) -> v1::GetLoadResponse = load;
} }
