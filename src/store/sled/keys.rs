//! The keys: one tree, one prefix for each kind of value.
//!
//! | value | key |
//! |---|---|
//! | the number of the last batch | `s` |
//! | a team's head | `h` team 00 |
//! | an object | `o` team 00 kind id 00, the kind a letter |
//! | the private part of an entry of time off | `p` team 00 id 00 |
//! | a log entry | `l` team 00 revision (8 bytes, big-endian) |
//! | a request | `q` team 00 request id (16 bytes) |
//!
//! A value lies under its key and the number of its [piece](super::piece).

use std::fmt;

use uuid::Uuid;

use crate::model::{
    CalendarId, DutyId, FeedId, GapId, HandoffNoteId, HolidaySetId, ObjectKey, OverrideId, ResidentId, SwapId, TaskId,
    TeamId, TimeOffId, TokenId,
};

/// The key of the number of the last batch.
pub(super) const SEQUENCE: &[u8] = b"s";

/// What a key names.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Key {
    Sequence,
    Head(TeamId),
    Object(TeamId, ObjectKey),
    Log(TeamId, u64),
    Request(TeamId, Uuid),
}

pub(super) fn head(team: &TeamId) -> Vec<u8> {
    of_team(b'h', team)
}

pub(super) fn log(team: &TeamId, revision: u64) -> Vec<u8> {
    let mut key = of_team(b'l', team);
    key.extend(revision.to_be_bytes());
    key
}

pub(super) fn request(team: &TeamId, id: &Uuid) -> Vec<u8> {
    let mut key = of_team(b'q', team);
    key.extend(id.as_bytes());
    key
}

pub(super) fn object(team: &TeamId, key: &ObjectKey) -> Vec<u8> {
    match key {
        ObjectKey::Team => of_object(team, b't', ""),
        ObjectKey::Resident(id) => of_object(team, b'r', id.as_str()),
        ObjectKey::Duty(id) => of_object(team, b'd', id.as_str()),
        ObjectKey::HolidaySet(id) => of_object(team, b's', id.as_str()),
        ObjectKey::Override(id) => of_object(team, b'v', id.as_str()),
        ObjectKey::TimeOff(id) => of_object(team, b'f', id.as_str()),
        ObjectKey::Task(id) => of_object(team, b'k', id.as_str()),
        ObjectKey::Acceptance(id) => of_object(team, b'g', &id.to_string()),
        ObjectKey::Swap(id) => of_object(team, b'w', id.as_str()),
        ObjectKey::Token(id) => of_object(team, b'c', id.as_str()),
        ObjectKey::Feed(id) => of_object(team, b'e', id.as_str()),
        ObjectKey::Calendar(id) => of_object(team, b'l', id.as_str()),
        ObjectKey::HandoffNote(id) => of_object(team, b'n', id.as_str()),
        ObjectKey::IdentityKey => of_object(team, b'i', ""),
        ObjectKey::TimeOffPrivate(id) => {
            let mut key = of_team(b'p', team);
            key.extend(id.as_str().as_bytes());
            key.push(0);
            key
        }
    }
}

fn of_team(prefix: u8, team: &TeamId) -> Vec<u8> {
    let mut key = Vec::with_capacity(96);
    key.push(prefix);
    key.extend(team.as_str().as_bytes());
    key.push(0);
    key
}

fn of_object(team: &TeamId, kind: u8, id: &str) -> Vec<u8> {
    let mut key = of_team(b'o', team);
    key.push(kind);
    key.extend(id.as_bytes());
    key.push(0);
    key
}

/// Returns what `key` names; `None` where no key looks like that.
pub(super) fn parse(key: &[u8]) -> Option<Key> {
    let (prefix, rest) = key.split_first()?;
    if *prefix == b's' {
        return rest.is_empty().then_some(Key::Sequence);
    }
    let (team, rest) = until_zero(rest)?;
    let team = TeamId::new(team).ok()?;
    Some(match prefix {
        b'h' if rest.is_empty() => Key::Head(team),
        b'l' => Key::Log(team, u64::from_be_bytes(rest.try_into().ok()?)),
        b'q' => Key::Request(team, Uuid::from_slice(rest).ok()?),
        b'o' => Key::Object(team, parse_object(rest)?),
        b'p' => Key::Object(team, ObjectKey::TimeOffPrivate(TimeOffId::new(last_text(rest)?).ok()?)),
        _ => return None,
    })
}

fn parse_object(rest: &[u8]) -> Option<ObjectKey> {
    let (kind, rest) = rest.split_first()?;
    let id = last_text(rest)?;
    Some(match kind {
        b't' if id.is_empty() => ObjectKey::Team,
        b'r' => ObjectKey::Resident(ResidentId::new(id).ok()?),
        b'd' => ObjectKey::Duty(DutyId::new(id).ok()?),
        b's' => ObjectKey::HolidaySet(HolidaySetId::new(id).ok()?),
        b'v' => ObjectKey::Override(OverrideId::new(id).ok()?),
        b'f' => ObjectKey::TimeOff(TimeOffId::new(id).ok()?),
        b'k' => ObjectKey::Task(TaskId::new(id).ok()?),
        b'g' => ObjectKey::Acceptance(GapId(Uuid::parse_str(id).ok()?)),
        b'w' => ObjectKey::Swap(SwapId::new(id).ok()?),
        b'c' => ObjectKey::Token(TokenId::new(id).ok()?),
        b'e' => ObjectKey::Feed(FeedId::new(id).ok()?),
        b'l' => ObjectKey::Calendar(CalendarId::new(id).ok()?),
        b'n' => ObjectKey::HandoffNote(HandoffNoteId::new(id).ok()?),
        b'i' if id.is_empty() => ObjectKey::IdentityKey,
        _ => return None,
    })
}

fn until_zero(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    let (text, rest) = bytes.split_at_checked(end)?;
    Some((std::str::from_utf8(text).ok()?, rest.get(1..)?))
}

fn last_text(bytes: &[u8]) -> Option<&str> {
    until_zero(bytes).filter(|(_, rest)| rest.is_empty()).map(|(text, _)| text)
}

impl fmt::Display for Key {
    /// Writes the key for people, as in `teams/psf/residents/asa`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sequence => f.write_str("sequence"),
            Self::Head(team) => write!(f, "teams/{team} (head)"),
            Self::Log(team, revision) => write!(f, "teams/{team} (log entry {revision})"),
            Self::Request(team, id) => write!(f, "teams/{team} (request {id})"),
            Self::Object(team, key) => {
                write!(f, "teams/{team}")?;
                match key {
                    ObjectKey::Team => Ok(()),
                    ObjectKey::Resident(id) => write!(f, "/residents/{id}"),
                    ObjectKey::Duty(id) => write!(f, "/duties/{id}"),
                    ObjectKey::HolidaySet(id) => write!(f, "/holidaySets/{id}"),
                    ObjectKey::Override(id) => write!(f, "/overrides/{id}"),
                    ObjectKey::TimeOff(id) => write!(f, "/timeOff/{id}"),
                    ObjectKey::TimeOffPrivate(id) => write!(f, "/timeOff/{id} (private part)"),
                    ObjectKey::Task(id) => write!(f, "/tasks/{id}"),
                    ObjectKey::Acceptance(id) => write!(f, "/gaps/{id} (acceptance)"),
                    ObjectKey::Swap(id) => write!(f, "/swaps/{id}"),
                    ObjectKey::Token(id) => write!(f, "/tokens/{id}"),
                    ObjectKey::Feed(id) => write!(f, "/feeds/{id}"),
                    ObjectKey::Calendar(id) => write!(f, "/calendars/{id}"),
                    ObjectKey::HandoffNote(id) => write!(f, "/handoffNotes/{id}"),
                    ObjectKey::IdentityKey => write!(f, " (identity key)"),
                }
            }
        }
    }
}

/// Returns `key` for people, even one that names nothing.
pub(super) fn readable(key: &[u8]) -> String {
    parse(key).map_or_else(|| format!("key {}", key.escape_ascii()), |key| key.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn team() -> TeamId {
        TeamId::new("psf").unwrap()
    }

    fn object_keys() -> Vec<(ObjectKey, &'static [u8])> {
        vec![
            (ObjectKey::Team, b"opsf\0t\0"),
            (ObjectKey::Resident(ResidentId::new("asa").unwrap()), b"opsf\0rasa\0"),
            (ObjectKey::Duty(DutyId::new("reviews").unwrap()), b"opsf\0dreviews\0"),
            (ObjectKey::HolidaySet(HolidaySetId::new("pl").unwrap()), b"opsf\0spl\0"),
            (ObjectKey::Override(OverrideId::new("7").unwrap()), b"opsf\0v7\0"),
            (ObjectKey::TimeOff(TimeOffId::new("9").unwrap()), b"opsf\0f9\0"),
            (ObjectKey::TimeOffPrivate(TimeOffId::new("9").unwrap()), b"ppsf\x009\0"),
            (ObjectKey::Task(TaskId::new("backport").unwrap()), b"opsf\0kbackport\0"),
            (ObjectKey::Swap(SwapId::new("swap-7").unwrap()), b"opsf\0wswap-7\0"),
            (ObjectKey::Token(TokenId::new("t-7").unwrap()), b"opsf\0ct-7\0"),
            (ObjectKey::Feed(FeedId::new("f-7").unwrap()), b"opsf\0ef-7\0"),
            (ObjectKey::Calendar(CalendarId::new("cal-7").unwrap()), b"opsf\0lcal-7\0"),
            (ObjectKey::HandoffNote(HandoffNoteId::new("note-7").unwrap()), b"opsf\0nnote-7\0"),
            (ObjectKey::IdentityKey, b"opsf\0i\0"),
            (ObjectKey::Acceptance(GapId(Uuid::nil())), b"opsf\0g00000000-0000-0000-0000-000000000000\0"),
        ]
    }

    #[test]
    fn keys_stay_what_they_are() {
        for (key, bytes) in object_keys() {
            assert_eq!(object(&team(), &key), bytes, "{key:?}");
        }
        assert_eq!(head(&team()), b"hpsf\0");
        assert_eq!(log(&team(), 258), b"lpsf\0\0\0\0\0\0\0\x01\x02");
        assert_eq!(
            request(&team(), &Uuid::max()),
            b"qpsf\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
        );
    }

    #[test]
    fn every_key_is_read_back() {
        for (key, bytes) in object_keys() {
            assert_eq!(parse(bytes), Some(Key::Object(team(), key)));
        }
        assert_eq!(parse(&head(&team())), Some(Key::Head(team())));
        assert_eq!(parse(&log(&team(), 7)), Some(Key::Log(team(), 7)));
        assert_eq!(parse(&request(&team(), &Uuid::nil())), Some(Key::Request(team(), Uuid::nil())));
        assert_eq!(parse(SEQUENCE), Some(Key::Sequence));
        for broken in [&b""[..], b"x", b"hpsf", b"opsf\0", b"opsf\0zasa\0", b"opsf\0rasa", b"opsf\0rasa\0x", b"hPSF\0"]
        {
            assert_eq!(parse(broken), None, "{broken:?}");
        }
    }
}
