//! What every object has in its record: its history, and dated versions.

use super::civil::{read_id, read_instant};
use super::{Read, RecordError, pb};
use crate::model::{Author, Made, Meta, Origin, ResidentId, Version, Versions};

pub(super) fn write_made(made: Made) -> pb::Made {
    pb::Made { revision: made.revision, position: made.position }
}

pub(super) fn read_made(made: Option<pb::Made>) -> Read<Made> {
    let made = made.ok_or(RecordError::Field("made"))?;
    Ok(Made { revision: made.revision, position: made.position })
}

#[allow(clippy::unnecessary_wraps, reason = "every message holds it as an option")]
pub(super) fn write_meta(meta: &Meta) -> Option<pb::Meta> {
    let origin = match meta.origin {
        Origin::File => pb::Origin::File,
        Origin::Entered => pb::Origin::Entered,
    };
    Some(pb::Meta {
        created: Some(write_made(meta.created)),
        create_time: meta.create_time.seconds(),
        updated: Some(write_made(meta.updated)),
        update_time: meta.update_time.seconds(),
        origin: origin.into(),
    })
}

pub(super) fn read_meta(meta: Option<pb::Meta>) -> Read<Meta> {
    let meta = meta.ok_or(RecordError::Field("meta"))?;
    let origin = match meta.origin() {
        pb::Origin::Unspecified => return Err(RecordError::Field("meta.origin")),
        pb::Origin::File => Origin::File,
        pb::Origin::Entered => Origin::Entered,
    };
    Ok(Meta {
        created: read_made(meta.created)?,
        create_time: read_instant(meta.create_time, "meta.create_time")?,
        updated: read_made(meta.updated)?,
        update_time: read_instant(meta.update_time, "meta.update_time")?,
        origin,
    })
}

pub(super) fn write_author(author: &Author) -> pb::Author {
    pb::Author { actor: author.actor.clone(), resident: author.resident.as_ref().map(ToString::to_string) }
}

pub(super) fn read_author(author: Option<pb::Author>) -> Read<Author> {
    let author = author.ok_or(RecordError::Field("author"))?;
    let resident = author.resident.map(|id| read_id(&id, ResidentId::new, "author.resident")).transpose()?;
    Ok(Author { actor: author.actor, resident })
}

/// Writes versions, each by `write`, which gets the start, the change that made it and what holds.
pub(super) fn write_versions<T, P>(
    versions: &Versions<T>,
    write: impl Fn(i64, Option<pb::Made>, Option<&T>) -> P,
) -> Vec<P> {
    let write =
        |version: &Version<T>| write(version.from.seconds(), Some(write_made(version.made)), version.value.as_ref());
    versions.list().iter().map(write).collect()
}

/// Reads one version.
pub(super) fn read_version<P, T>(
    from: i64,
    made: Option<pb::Made>,
    value: Option<P>,
    read: impl Fn(P) -> Read<T>,
) -> Read<Version<T>> {
    Ok(Version { from: read_instant(from, "from")?, made: read_made(made)?, value: value.map(read).transpose()? })
}

/// Puts versions together; they have to be in order.
pub(super) fn read_versions<T>(list: impl Iterator<Item = Read<Version<T>>>) -> Read<Versions<T>> {
    let list: Vec<_> = list.collect::<Read<_>>()?;
    if list.is_sorted_by(|a, b| a.from < b.from) {
        Ok(Versions::from_list(list))
    } else {
        Err(RecordError::Field("versions"))
    }
}
