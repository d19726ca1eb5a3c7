//! What every object has in its message beside what it says: where it came from and which one it is.

use uuid::Uuid;

use crate::model::{Meta, Origin};
use crate::proto::v1;

/// The namespace of the uids of objects.
const NAMESPACE: Uuid = Uuid::from_u128(0x6f6e_6475_7479_4000_8000_6f62_6a65_6374);

/// Returns the uid of the object of that name: another for each object that was ever made under it.
#[must_use]
pub fn uid(name: &str, meta: &Meta) -> String {
    let made = meta.created;
    Uuid::new_v5(&NAMESPACE, format!("{name}/{}/{}", made.revision, made.position).as_bytes()).to_string()
}

/// Returns where an object came from.
#[must_use]
pub fn origin(meta: &Meta) -> i32 {
    match meta.origin {
        Origin::File => v1::Origin::File as i32,
        Origin::Entered => v1::Origin::Entered as i32,
    }
}
