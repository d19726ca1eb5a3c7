//! Dated versions: configuration as it was, is and will be (semantics 3.5).

use crate::civil::{Instant, Interval};

/// When something was made: the revision of the change and the place within it; orders everything ever made.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Made {
    /// The revision of the team that made it.
    pub revision: u64,
    /// Its place among what that revision made.
    pub position: u32,
}

/// One version: what holds from an instant until the next version.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Version<T> {
    /// From when it is in effect.
    pub from: Instant,
    /// Which change made it.
    pub made: Made,
    /// What holds; `None` is an end.
    pub value: Option<T>,
}

/// A version dated later than an edit, which the edit would overwrite without saying so (semantics 3.5).
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a version from {from} on is already planned; replace it explicitly, or date the edit at or after it")]
pub struct LaterVersion {
    /// From when the later version is in effect.
    pub from: Instant,
}

/// The versions of one thing in the order in which they are in effect.
///
/// ```
/// use onduty::civil::Instant;
/// use onduty::model::{Made, Versions};
///
/// let (january, march) = (Instant::from_seconds(1_767_225_600), Instant::from_seconds(1_772_323_200));
/// let mut order = Versions::default();
/// order.set(january, Made::default(), Some("asa, bo"), false).unwrap();
/// order.set(march, Made::default(), Some("asa, bo, cy"), false).unwrap();
/// assert_eq!(order.at(march.plus(-1)).unwrap().1, &"asa, bo");
/// assert!(order.set(january, Made::default(), None, false).is_err()); // would drop what is planned for March
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Versions<T> {
    list: Vec<Version<T>>,
}

impl<T> Default for Versions<T> {
    fn default() -> Self {
        Self { list: Vec::new() }
    }
}

impl<T> Versions<T> {
    /// Returns the versions in order of their start; a later one with an equal start replaces an earlier one.
    #[must_use]
    pub fn from_list(mut list: Vec<Version<T>>) -> Self {
        list.sort_by_key(|version| (version.from, version.made));
        list.reverse();
        list.dedup_by_key(|version| version.from);
        list.reverse();
        Self { list }
    }

    /// Returns every version, in order of its start.
    #[must_use]
    pub fn list(&self) -> &[Version<T>] {
        &self.list
    }

    /// Returns the version in effect at `at` and what it holds; `None` before the first and after an end.
    #[must_use]
    pub fn at(&self, at: Instant) -> Option<(&Version<T>, &T)> {
        let index = self.list.partition_point(|version| version.from <= at).checked_sub(1)?;
        let version = self.list.get(index)?;
        Some((version, version.value.as_ref()?))
    }

    /// Returns what holds just before `at`; `None` before the first version and after an end.
    #[must_use]
    pub fn before(&self, at: Instant) -> Option<&T> {
        let index = self.list.partition_point(|version| version.from < at).checked_sub(1)?;
        self.list.get(index)?.value.as_ref()
    }

    /// Returns from when until when the version in effect at `at` is.
    #[must_use]
    pub fn stretch_at(&self, at: Instant) -> Option<Interval> {
        let index = self.list.partition_point(|version| version.from <= at);
        let start = self.list.get(index.checked_sub(1)?)?.from;
        Interval::new(start, self.list.get(index).map_or(Instant::MAX, |next| next.from))
    }

    /// Returns when the first version begins, or the thing ends, that is planned for after `at`.
    #[must_use]
    pub fn next_after(&self, at: Instant) -> Option<Instant> {
        self.list.get(self.list.partition_point(|version| version.from <= at)).map(|version| version.from)
    }

    /// Returns what the last version holds, be it in effect already or planned; `None` after an end.
    #[must_use]
    pub fn latest(&self) -> Option<&T> {
        self.list.last().and_then(|version| version.value.as_ref())
    }

    /// Returns what was stated last, be it planned, in effect or ended; `None` only where nothing ever was.
    #[must_use]
    pub fn last_stated(&self) -> Option<&T> {
        self.list.iter().rev().find_map(|version| version.value.as_ref())
    }

    /// Returns what is in effect at `at`; where nothing is, what was stated last: so what has ended, or is planned, can
    /// still be called by its name.
    #[must_use]
    pub fn at_or_last(&self, at: Instant) -> Option<&T> {
        self.at(at).map(|(_, value)| value).or_else(|| self.last_stated())
    }

    /// Tells whether anything is in effect at `at` or planned for later.
    #[must_use]
    pub fn goes_on(&self, at: Instant) -> bool {
        Interval::new(at, Instant::MAX).is_some_and(|rest| self.within(rest).next().is_some())
    }

    /// Returns each stretch of `window` with the version in effect in it; stretches without one are left out.
    pub fn within(&self, window: Interval) -> impl Iterator<Item = (Interval, &Version<T>, &T)> {
        let ends = self.list.iter().skip(1).map(|next| next.from).chain([Instant::MAX]);
        self.list.iter().zip(ends).filter_map(move |(version, end)| {
            let stretch = Interval::new(version.from, end)?.intersection(window)?;
            Some((stretch, version, version.value.as_ref()?))
        })
    }
}

impl<T: PartialEq> Versions<T> {
    /// Opens a version from `from` on; `None` ends the thing.
    ///
    /// Nothing changes where the same holds already from `from` on. Returns whether anything changed.
    ///
    /// # Errors
    ///
    /// [`LaterVersion`] where a version starts after `from` and `replace_later` is false.
    pub fn set(
        &mut self,
        from: Instant,
        made: Made,
        value: Option<T>,
        replace_later: bool,
    ) -> Result<bool, LaterVersion> {
        let keep = self.list.partition_point(|version| version.from < from);
        let later = self.list.iter().find(|version| version.from > from);
        if let Some(later) = later.filter(|_| !replace_later) {
            return Err(LaterVersion { from: later.from });
        }
        let before = keep.checked_sub(1).and_then(|index| self.list.get(index));
        let same_before = before.map_or(value.is_none(), |version| version.value == value);
        let rest = self.list.get(keep..).unwrap_or_default();
        let unchanged = match rest {
            [] => same_before,
            [only] => only.from == from && only.value == value,
            _ => false,
        };
        if unchanged {
            return Ok(false);
        }
        self.list.truncate(keep);
        if !same_before {
            self.list.push(Version { from, made, value });
        }
        Ok(true)
    }
}

impl<T: Clone + PartialEq> Versions<T> {
    /// Tells whether both hold the same from `at` on, whoever made it.
    #[must_use]
    pub fn holds_like(&self, other: &Self, at: Instant) -> bool {
        let from_on = |versions: &'_ Self| {
            let later = versions.list.iter().filter(|version| version.from > at);
            let later = later.map(|version| (version.from, version.value.clone())).collect::<Vec<_>>();
            (versions.at(at).map(|(_, value)| value.clone()), later)
        };
        from_on(self) == from_on(other)
    }

    /// Returns what it was until `at`, and from then on what `before` was to be (semantics 9.2b).
    ///
    /// Where both were the same until `at`, nothing of what is in between remains. `made` makes the version that begins
    /// at `at`, if one has to.
    #[must_use]
    pub fn resumed(&self, before: &Self, at: Instant, made: Made) -> Self {
        let mut list: Vec<_> = self.list.iter().take_while(|version| version.from < at).cloned().collect();
        let until = list.last().and_then(|version| version.value.as_ref());
        let value = before.at(at).map(|(_, value)| value);
        if until != value {
            let there = before.list.iter().find(|version| version.from == at).cloned();
            list.push(there.unwrap_or_else(|| Version { from: at, made, value: value.cloned() }));
        }
        list.extend(before.list.iter().filter(|version| version.from > at).cloned());
        Self { list }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_seconds(seconds)
    }

    fn made(revision: u64) -> Made {
        Made { revision, position: 0 }
    }

    #[test]
    fn an_edit_that_changes_nothing_opens_no_version() {
        let mut versions = Versions::default();
        assert_eq!(versions.set(at(10), made(1), Some('a'), false), Ok(true));
        assert_eq!(versions.set(at(20), made(2), Some('a'), false), Ok(false));
        assert_eq!(versions.set(at(10), made(3), Some('a'), false), Ok(false));
        assert_eq!(versions.list().len(), 1);
    }

    #[test]
    fn a_planned_version_is_replaced_only_when_told() {
        let mut versions = Versions::default();
        versions.set(at(10), made(1), Some('a'), false).unwrap();
        versions.set(at(30), made(2), Some('b'), false).unwrap();
        assert_eq!(versions.set(at(20), made(3), Some('c'), false), Err(LaterVersion { from: at(30) }));
        assert_eq!(versions.set(at(20), made(3), Some('c'), true), Ok(true));
        assert_eq!(versions.at(at(40)).map(|(_, value)| *value), Some('c'));
    }

    #[test]
    fn going_back_to_what_held_before_removes_what_was_planned() {
        let mut versions = Versions::default();
        versions.set(at(10), made(1), Some('a'), false).unwrap();
        versions.set(at(30), made(2), Some('b'), false).unwrap();
        assert_eq!(versions.set(at(20), made(3), Some('a'), true), Ok(true));
        assert_eq!(versions.list().len(), 1);
    }

    #[test]
    fn what_is_in_effect_comes_before_what_was_stated_last() {
        let mut versions = Versions::default();
        versions.set(at(10), made(1), Some('a'), false).unwrap();
        versions.set(at(30), made(2), Some('b'), false).unwrap();
        versions.set(at(40), made(3), None, false).unwrap();
        let named = [9, 10, 30, 40].map(|time| versions.at_or_last(at(time)).copied());
        assert_eq!(named, [Some('b'), Some('a'), Some('b'), Some('b')]);
        assert_eq!((versions.last_stated(), Versions::<char>::default().at_or_last(at(0))), (Some(&'b'), None));
    }

    #[test]
    fn what_resumes_keeps_what_was_in_effect_and_nothing_of_what_was_not() {
        let set = |versions: &mut Versions<char>, from, value| versions.set(at(from), made(1), value, true).unwrap();
        let mut before = Versions::default();
        set(&mut before, 10, Some('a'));
        set(&mut before, 50, Some('z'));
        let mut after = before.clone();
        set(&mut after, 30, Some('b'));
        let told = |now| {
            let resumed = after.resumed(&before, at(now), made(2));
            assert!(resumed.holds_like(&before, at(now)), "{now}");
            let versions = resumed.list().iter();
            versions.map(|version| (version.from, version.made.revision, version.value)).collect::<Vec<_>>()
        };
        let was = [(at(10), 1, Some('a')), (at(50), 1, Some('z'))];
        for now in [20, 30] {
            assert_eq!(told(now), was, "{now}");
        }
        let [a, z] = was;
        assert_eq!(told(40), [a, (at(30), 1, Some('b')), (at(40), 2, Some('a')), z]);
        assert_eq!(told(50), [a, (at(30), 1, Some('b')), z]);
        assert_eq!(told(60), [a, (at(30), 1, Some('b')), (at(60), 2, Some('z'))]);
        let nothing = Versions::default();
        assert_eq!(before.resumed(&nothing, at(10), made(2)), nothing);
        let ended = before.resumed(&nothing, at(20), made(2));
        assert_eq!((ended.list().len(), ended.latest()), (2, None));
    }

    #[test]
    fn nothing_is_in_effect_before_the_first_version_and_after_an_end() {
        let mut versions = Versions::default();
        versions.set(at(10), made(1), Some('a'), false).unwrap();
        versions.set(at(30), made(2), None, false).unwrap();
        assert_eq!(versions.at(at(9)), None);
        assert_eq!(versions.at(at(30)), None);
        assert_eq!(versions.latest(), None);
        assert_eq!([9, 10, 30].map(|now| versions.next_after(at(now))), [Some(at(10)), Some(at(30)), None]);
        assert!(versions.goes_on(at(9)) && versions.goes_on(at(29)) && !versions.goes_on(at(30)));
        assert_eq!([9, 10, 30].map(|time| versions.at_or_last(at(time))), [Some(&'a'); 3]);
        let window = Interval::new(at(0), at(50)).unwrap();
        let stretches: Vec<_> = versions.within(window).map(|(stretch, ..)| stretch).collect();
        assert_eq!(stretches, [Interval::new(at(10), at(30)).unwrap()]);
    }
}
