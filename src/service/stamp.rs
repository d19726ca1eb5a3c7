//! What only the server states of a configured object: its name and identity, and when what is shown is in effect.

use pbjson_types::Timestamp;

use super::configured::Kind;
use super::convert::stamp::{origin, uid};
use super::convert::time::{interval, timestamp};
use super::request::etag;
use crate::civil::{Instant, Interval};
use crate::model::{Meta, TeamSnapshot, Versions};
use crate::proto::google_type as wire;

/// What only the server states of an object.
pub struct Stamp {
    /// Its full name.
    pub name: String,
    /// Its UUID; an object that is made later under the same name has another.
    pub uid: String,
    /// When what is shown is in effect.
    pub effective_interval: Option<wire::Interval>,
    /// When it ends.
    pub end_time: Option<Timestamp>,
    /// Where it came from.
    pub origin: i32,
    /// When it was made.
    pub create_time: Option<Timestamp>,
    /// When it was changed last.
    pub update_time: Option<Timestamp>,
    /// Names its last change.
    pub etag: String,
}

/// The message with a [`Stamp`] in it.
macro_rules! stamped {
    ($message:ident, $stamp:ident) => {{
        let $crate::service::stamp::Stamp { name, uid, effective_interval, end_time, .. } = $stamp;
        let (origin, create_time, update_time, etag) =
            ($stamp.origin, $stamp.create_time, $stamp.update_time, $stamp.etag);
        Self::Message { name, uid, effective_interval, end_time, origin, create_time, update_time, etag, ..$message }
    }};
}
pub(super) use stamped;

impl Stamp {
    /// Returns the stamp of what is compared with others of its kind.
    pub fn none() -> Self {
        Self {
            name: String::new(),
            uid: String::new(),
            effective_interval: None,
            end_time: None,
            origin: 0,
            create_time: None,
            update_time: None,
            etag: String::new(),
        }
    }

    fn new(name: String, meta: &Meta, stretch: Option<Interval>, end: Option<Instant>) -> Self {
        Self {
            uid: uid(&name, meta),
            name,
            effective_interval: stretch.map(interval),
            end_time: end.map(timestamp),
            origin: origin(meta),
            create_time: Some(timestamp(meta.create_time)),
            update_time: Some(timestamp(meta.update_time)),
            etag: etag(meta),
        }
    }
}

/// Returns an object as it is at `at`; `None` where it is not in effect then.
pub fn shown<K: Kind>(team: &TeamSnapshot, id: &K::Id, at: Instant) -> Option<K::Message> {
    let (meta, versions) = K::kept(team, id)?;
    let message = K::view(team, id, at)?;
    let name = K::name(&team.id, id);
    Some(K::stamp(message, Stamp::new(name, meta, K::stretch(team, id, at), end_after(versions, at))))
}

/// Returns the last version of an object that was ended at `end`, or now: as it is `after` that, or, where it was in
/// effect at no time, as it was `before`.
pub fn shown_at_its_end<K: Kind>(
    before: &TeamSnapshot,
    after: &TeamSnapshot,
    id: &K::Id,
    end: Option<Instant>,
) -> Option<K::Message> {
    let (old, versions) = K::kept(before, id)?;
    let new = K::kept(after, id).map(|(meta, _)| meta);
    let begin = versions.list().first().map(|first| first.from);
    let end = end.or(new.map(|meta| meta.update_time)).or(begin)?;
    if let Some(message) = shown::<K>(after, id, end.plus(-1)) {
        return Some(message);
    }
    let stamp = Stamp::new(K::name(&before.id, id), new.unwrap_or(old), None, Some(end));
    Some(K::stamp(K::view(before, id, end)?, stamp))
}

/// The first end after `at`.
fn end_after<T>(versions: &Versions<T>, at: Instant) -> Option<Instant> {
    versions.list().iter().find(|version| version.from > at && version.value.is_none()).map(|version| version.from)
}
