//! What of a change of time off is told to whom (semantics 8.2).

use super::{Audience, SeesResident};
use crate::model::{Effect, ResidentId, TimeOff};

/// What of a change of one entry of time off is told.
#[derive(Clone, Debug)]
pub enum TimeOffTold {
    /// The entry as it was and as it became.
    Whole(SeesResident),
    /// That it changed when somebody is away.
    Away(ResidentId),
    /// Nothing at all.
    Nothing,
}

impl TimeOffTold {
    /// Returns what `audience` is told of an entry of one resident that was `before` and became `after`.
    ///
    /// To others than the resident and coordinators every change looks the same, whatever was stated; one that makes no
    /// difference to when somebody is away is not told: it would tell of kinds, notes and zones.
    #[must_use]
    pub fn of(audience: &Audience, before: Option<&TimeOff>, after: Option<&TimeOff>) -> Self {
        let Some(resident) = after.or(before).map(|entry| &entry.resident) else { return Self::Nothing };
        match audience.sees_resident(resident) {
            Some(proof) => Self::Whole(proof),
            None if audience.works_in_team() && away(before) != away(after) => Self::Away(resident.clone()),
            None => Self::Nothing,
        }
    }
}

/// What of an entry says when somebody is away: hard and soft ones look alike, and who works elsewhere is not away.
fn away(entry: Option<&TimeOff>) -> Option<TimeOff> {
    let away = entry.filter(|entry| !matches!(entry.effect, Effect::WorkingElsewhere { .. }))?;
    Some(TimeOff { effect: Effect::Hard, ..away.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Span, ZoneName};

    fn entry(effect: Effect, last: i8) -> TimeOff {
        let day = |day| jiff::civil::date(2026, 11, day);
        TimeOff {
            resident: ResidentId::new("ben").unwrap(),
            span: Span::Days { first: day(25), last: Some(day(last)), zone: ZoneName::new("UTC") },
            effect,
            recurrence: None,
            cuts: Vec::new(),
            ended: None,
            imported: None,
        }
    }

    fn told(before: Option<&TimeOff>, after: Option<&TimeOff>) -> &'static str {
        let asa = Audience::Resident(ResidentId::new("asa").unwrap());
        match TimeOffTold::of(&asa, before, after) {
            TimeOffTold::Whole(_) => "whole",
            TimeOffTold::Away(_) => "away",
            TimeOffTold::Nothing => "nothing",
        }
    }

    #[test]
    fn others_are_told_only_what_makes_a_difference_to_when_somebody_is_away() {
        let (hard, soft) = (entry(Effect::Hard, 26), entry(Effect::Soft, 26));
        let elsewhere = entry(Effect::WorkingElsewhere { zone: ZoneName::new("Asia/Tokyo") }, 26);
        let longer = entry(Effect::Hard, 27);
        for made in [&hard, &soft] {
            assert_eq!((told(None, Some(made)), told(Some(made), None)), ("away", "away"));
            assert_eq!(told(Some(made), Some(&longer)), "away");
        }
        assert_eq!(told(Some(&hard), Some(&soft)), "nothing");
        assert_eq!((told(None, Some(&elsewhere)), told(Some(&elsewhere), None)), ("nothing", "nothing"));
        assert_eq!(told(Some(&elsewhere), Some(&hard)), "away");
    }
}
