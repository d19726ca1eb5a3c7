//! Stamping: planned objects get the revision and time of the change that makes them.

use super::UNSTAMPED;
use crate::civil::Instant;
use crate::model::{Configured, Entered, Made, Meta, Object, Version, Versions};

/// Returns `object` with `revision` and `time` wherever the plan left them open.
pub(super) fn stamped(object: Object, revision: u64, time: Instant) -> Object {
    let stamp = Stamp { revision, time };
    match object {
        Object::Team(team) => Object::Team(stamp.configured(team)),
        Object::Resident(id, resident) => Object::Resident(id, stamp.configured(resident)),
        Object::HolidaySet(id, set) => Object::HolidaySet(id, stamp.configured(set)),
        Object::Duty(id, mut duty) => {
            duty.meta = stamp.meta(duty.meta);
            duty.versions = stamp.versions(&duty.versions);
            duty.layers.values_mut().for_each(|layer| *layer = stamp.versions(layer));
            Object::Duty(id, duty)
        }
        Object::Override(id, entry) => Object::Override(id, stamp.entered(entry)),
        Object::TimeOff(id, entry) => Object::TimeOff(id, stamp.entered(entry)),
        Object::TimeOffPrivate(id, part) => Object::TimeOffPrivate(id, stamp.entered(part)),
        Object::Task(id, task) => Object::Task(id, stamp.entered(task)),
        Object::Acceptance(acceptance) => Object::Acceptance(stamp.entered(acceptance)),
        // No file has any.
        other @ (Object::Swap(..)
        | Object::Token(..)
        | Object::Feed(..)
        | Object::Calendar(..)
        | Object::HandoffNote(..)
        | Object::IdentityKey(_)) => other,
    }
}

struct Stamp {
    revision: u64,
    time: Instant,
}

impl Stamp {
    fn configured<T: Clone>(&self, object: Configured<T>) -> Configured<T> {
        Configured { meta: self.meta(object.meta), versions: self.versions(&object.versions) }
    }

    fn entered<T>(&self, object: Entered<T>) -> Entered<T> {
        Entered { meta: self.meta(object.meta), ..object }
    }

    fn meta(&self, meta: Meta) -> Meta {
        let time = |made: Made, before: Instant| if made.revision == UNSTAMPED { self.time } else { before };
        Meta {
            created: self.made(meta.created),
            create_time: time(meta.created, meta.create_time),
            updated: self.made(meta.updated),
            update_time: time(meta.updated, meta.update_time),
            origin: meta.origin,
        }
    }

    fn versions<T: Clone>(&self, versions: &Versions<T>) -> Versions<T> {
        let stamp = |version: &Version<T>| Version { made: self.made(version.made), ..version.clone() };
        Versions::from_list(versions.list().iter().map(stamp).collect())
    }

    fn made(&self, made: Made) -> Made {
        let revision = if made.revision == UNSTAMPED { self.revision } else { made.revision };
        Made { revision, ..made }
    }
}
