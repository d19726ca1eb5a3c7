//! On which days a recurrence rule falls (RFC 5545 §3.3.10), for rules that fall on a day at most once.

use jiff::civil::Date;
use rrule::{Frequency, NWeekday, RRule, Unvalidated};

use super::{DATE_MAX, Day};

/// The days of a rule. Whether a day is one depends on nothing but the day, so any stretch can be read alone.
#[derive(Clone, Debug)]
pub(super) struct RuleDays {
    /// The day of the first start, in whose day, week, month or year the counting begins.
    first: Day,
    frequency: Frequency,
    interval: i32,
    /// The weekday on which weeks begin, 0 for Monday.
    week_start: u8,
    months: Vec<u8>,
    month_days: Vec<i8>,
    year_days: Vec<i16>,
    weeks: Vec<i8>,
    /// A number (0 for each) and a weekday, 0 for Monday.
    weekdays: Vec<(i16, u8)>,
    positions: Vec<i32>,
}

impl RuleDays {
    /// Returns the days of `rule` for an entry that first starts on `first`, from which comes what the rule leaves
    /// open.
    pub fn of(rule: &RRule<Unvalidated>, first: Day) -> Self {
        let date = first.date();
        let weekdays = rule.get_by_weekday().iter().map(|weekday| match weekday {
            NWeekday::Every(weekday) => (0, weekday_index(*weekday)),
            NWeekday::Nth(number, weekday) => (*number, weekday_index(*weekday)),
        });
        let mut days = Self {
            first,
            frequency: rule.get_freq(),
            interval: i32::from(rule.get_interval()).max(1),
            week_start: weekday_index(rule.get_week_start()),
            months: rule.get_by_month().to_vec(),
            month_days: rule.get_by_month_day().to_vec(),
            year_days: rule.get_by_year_day().to_vec(),
            weeks: rule.get_by_week_no().to_vec(),
            weekdays: weekdays.collect(),
            positions: rule.get_by_set_pos().to_vec(),
        };
        let stated = days.month_days.len() + days.year_days.len() + days.weeks.len() + days.weekdays.len();
        if stated == 0 {
            match days.frequency {
                Frequency::Yearly => {
                    if days.months.is_empty() {
                        days.months.push(date.month().unsigned_abs());
                    }
                    days.month_days.push(date.day());
                }
                Frequency::Monthly => days.month_days.push(date.day()),
                Frequency::Weekly => days.weekdays.push((0, first.weekday_index())),
                _ => {}
            }
        }
        days
    }

    /// Returns the days from `from` to `until`, both included, in order; none before the first start or after 2200.
    ///
    /// It takes as long as the stretch has days.
    pub fn within(&self, from: Day, until: Day) -> impl Iterator<Item = Day> + '_ {
        let (from, until) = (from.max(self.first), until.min(Day::from(DATE_MAX)));
        let start = (self.period(from) + self.interval - 1) / self.interval * self.interval;
        let step = usize::try_from(self.interval).unwrap_or(1).max(1);
        let periods = (start..=self.period(until)).step_by(step);
        periods.flat_map(|period| self.days_of(period)).filter(move |day| (from..=until).contains(day))
    }

    /// The number of the day's period: of its day, week, month or year, counted from that of the first start.
    fn period(&self, day: Day) -> i32 {
        let (date, first) = (day.date(), self.first.date());
        let years = i32::from(date.year()) - i32::from(first.year());
        match self.frequency {
            Frequency::Yearly => years,
            Frequency::Monthly => years * 12 + i32::from(date.month()) - i32::from(first.month()),
            Frequency::Weekly => (self.week_of(day).number() - self.week_of(self.first).number()) / 7,
            _ => day.number() - self.first.number(),
        }
    }

    /// The days of one period on which the rule falls.
    fn days_of(&self, period: i32) -> Vec<Day> {
        let Some((start, length)) = self.stretch(period) else { return Vec::new() };
        let days: Vec<Day> = (0..length).map(|number| start.plus(number)).filter(|day| self.matches(*day)).collect();
        if self.positions.is_empty() {
            return days;
        }
        let length = days.len() as i64;
        let places = (1..).zip(&days);
        let chosen = places.filter(|(place, _)| one_of(&self.positions, *place, length)).map(|(_, day)| *day);
        chosen.collect()
    }

    /// The first day of a period, and how many it has.
    fn stretch(&self, period: i32) -> Option<(Day, i32)> {
        let first = self.first.date();
        let (year, month) = (i32::from(first.year()), i32::from(first.month()) - 1);
        match self.frequency {
            Frequency::Yearly => {
                let date = Date::new(i16::try_from(year + period).ok()?, 1, 1).ok()?;
                Some((Day::from(date), i32::from(date.days_in_year())))
            }
            Frequency::Monthly => {
                let months = year * 12 + month + period;
                let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
                let date = Date::new(i16::try_from(months.div_euclid(12)).ok()?, month, 1).ok()?;
                Some((Day::from(date), i32::from(date.days_in_month())))
            }
            Frequency::Weekly => Some((self.week_of(self.first).plus(period * 7), 7)),
            _ => Some((self.first.plus(period), 1)),
        }
    }

    fn week_of(&self, day: Day) -> Day {
        let into = (i32::from(day.weekday_index()) - i32::from(self.week_start)).rem_euclid(7);
        day.plus(-into)
    }

    fn matches(&self, day: Day) -> bool {
        let date = day.date();
        let of_month = (i64::from(date.day()), i64::from(date.days_in_month()));
        let of_year = (i64::from(date.day_of_year()), i64::from(date.days_in_year()));
        let month = date.month().unsigned_abs();
        (self.months.is_empty() || self.months.contains(&month))
            && (self.month_days.is_empty() || one_of(&self.month_days, of_month.0, of_month.1))
            && (self.year_days.is_empty() || one_of(&self.year_days, of_year.0, of_year.1))
            && (self.weeks.is_empty() || self.week_matches(day))
            && (self.weekdays.is_empty() || self.weekday_matches(day, of_month, of_year))
    }

    /// A week belongs to the year that has four of its days or more.
    fn week_matches(&self, day: Day) -> bool {
        let middle = self.week_of(day).plus(3).date();
        let (day, days) = (i64::from(middle.day_of_year()), i64::from(middle.days_in_year()));
        let week = (day - 1) / 7 + 1;
        one_of(&self.weeks, week, week + (days - day) / 7)
    }

    /// A numbered weekday is counted in the month, or in the year where the rule is yearly and names no month.
    fn weekday_matches(&self, day: Day, of_month: (i64, i64), of_year: (i64, i64)) -> bool {
        let yearly = self.frequency == Frequency::Yearly && self.months.is_empty();
        let (number, count) = if yearly { of_year } else { of_month };
        let nth = (number - 1) / 7 + 1;
        let of = nth + (count - number) / 7;
        self.weekdays.iter().any(|(number, weekday)| {
            *weekday == day.weekday_index() && (*number == 0 || one_of(std::slice::from_ref(number), nth, of))
        })
    }
}

/// Whether `number` of `count` is named, from the front or, with a negative number, from the back.
fn one_of<T: Copy + Into<i64>>(named: &[T], number: i64, count: i64) -> bool {
    named.iter().any(|name| {
        let name: i64 = (*name).into();
        name == number || name == number - count - 1
    })
}

fn weekday_index(weekday: chrono::Weekday) -> u8 {
    weekday.num_days_from_monday() as u8
}
