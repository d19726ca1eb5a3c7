//! Records: every object survives the way to bytes and back, and old bytes load for ever.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use bytes::Bytes;
use onduty::model::ObjectKey;
use onduty::store::record::{
    Head, RecordError, Request, StoredChange, decode_head, decode_log, decode_object, decode_request, encode_head,
    encode_log, encode_object, encode_request,
};
use onduty::store::{Fingerprint, LogEntry, LoggedChange};
use proptest::prelude::*;
use uuid::Uuid;

use super::{arbitrary, samples};

proptest! {
    #[test]
    fn an_object_survives_its_record(object in arbitrary::object()) {
        prop_assert_eq!(decode_object(&object.key(), &encode_object(&object)), Ok(object));
    }

    #[test]
    fn altered_bytes_never_panic(
        object in arbitrary::object(),
        place in any::<proptest::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = encode_object(&object);
        *place.get_mut(&mut bytes) = byte;
        // Whether they still are a record depends on where they were altered.
        let _ = decode_object(&object.key(), &bytes);
    }
}

#[test]
fn a_record_under_the_key_of_another_kind_is_refused() {
    let objects = samples::one_of_each();
    for object in &objects {
        for other in &objects {
            let read = decode_object(&other.key(), &encode_object(object));
            assert_eq!(read.is_ok(), object.key() == other.key(), "{:?} as {:?}", object.key(), other.key());
        }
    }
}

#[test]
fn a_record_of_a_newer_version_is_refused() {
    let mut bytes = encode_object(&samples::team("PSF"));
    assert_eq!(bytes[..2], [0x08, 1], "the version comes first");
    bytes[1] = 9;
    assert_eq!(decode_object(&ObjectKey::Team, &bytes), Err(RecordError::Newer { found: 9 }));
}

#[test]
fn the_log_has_of_a_private_part_the_key_alone() {
    let object = samples::time_off_private("2", "a secret note");
    let bytes = encode_log(&entry(), vec![stored(object.key(), None, Some(&object))]);
    assert!(!bytes.windows(6).any(|window| window == b"secret"));
    let changes = decode_log(bytes.into()).unwrap().changes;
    assert_eq!(changes, [LoggedChange { key: object.key(), before: None, after: None }]);
}

fn head() -> Head {
    Head { revision: 3, tzdb_version: "2026e".to_owned(), deleted: true, object_count: 9, object_checksum: 0xdead_beef }
}

fn entry() -> LogEntry {
    let commit = samples::commit("psf", 2, samples::puts([]));
    LogEntry {
        revision: 3,
        time: commit.time,
        actor: commit.actor,
        on_behalf_of: commit.on_behalf_of,
        request_id: Uuid::from_u128(5),
        fingerprint: Fingerprint::of(b"request"),
        tzdb_version: commit.tzdb_version,
        title: commit.title,
        changes: Vec::new(),
    }
}

fn stored(
    key: ObjectKey,
    before: Option<&onduty::model::Object>,
    after: Option<&onduty::model::Object>,
) -> StoredChange {
    let record = |object: &onduty::model::Object| Bytes::from(encode_object(object));
    StoredChange { key, before: before.map(record), after: after.map(record) }
}

fn logged() -> (LogEntry, Vec<StoredChange>) {
    let (old, new, team) = (samples::duty("reviews", "old"), samples::duty("reviews", "new"), samples::team("PSF"));
    let private = samples::time_off_private("2", "flu");
    let stored = vec![
        stored(team.key(), Some(&team), None),
        stored(old.key(), Some(&old), Some(&new)),
        stored(private.key(), None, Some(&private)),
    ];
    let changes = vec![
        LoggedChange { key: team.key(), before: Some(team), after: None },
        LoggedChange { key: old.key(), before: Some(old), after: Some(new) },
        LoggedChange { key: private.key(), before: None, after: None },
    ];
    (LogEntry { changes, ..entry() }, stored)
}

/// The bytes that `tests/data/records/<version>/<name>.hex` holds; `UPDATE_RECORDS=1` writes them, for a new version.
fn golden(version: &str, name: &str, bytes: &[u8]) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/records/{version}/{name}.hex"));
    if std::env::var_os("UPDATE_RECORDS").is_some() && !path.exists() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, hex(bytes)).unwrap();
    }
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let digits: String = text.split_whitespace().collect();
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for line in bytes.chunks(32) {
        line.iter().for_each(|byte| write!(text, "{byte:02x}").unwrap());
        text.push('\n');
    }
    text
}

#[test]
fn objects_of_version_1_load_and_are_written_the_same() {
    let imported = samples::imported_time_off("3");
    let commented = samples::commented_task("commented");
    for object in samples::one_of_each().into_iter().chain([imported, commented, samples::swapped("2")]) {
        let name = match object.key() {
            ObjectKey::Team => "team",
            ObjectKey::Resident(_) => "resident",
            ObjectKey::Duty(_) => "duty",
            ObjectKey::HolidaySet(_) => "holiday_set",
            ObjectKey::Override(id) if id.as_str() == "2" => "override_of_swap",
            ObjectKey::Override(_) => "override",
            ObjectKey::TimeOff(id) if id.as_str() == "3" => "time_off_imported",
            ObjectKey::TimeOff(_) => "time_off",
            ObjectKey::TimeOffPrivate(_) => "time_off_private",
            ObjectKey::Task(id) if id.as_str() == "commented" => "task_commented",
            ObjectKey::Task(_) => "task",
            ObjectKey::Acceptance(_) => "acceptance",
            ObjectKey::Swap(_) => "swap",
            ObjectKey::Token(_) => "token",
            ObjectKey::Feed(_) => "feed",
            ObjectKey::Calendar(_) => "calendar",
            ObjectKey::HandoffNote(_) => "handoff_note",
            ObjectKey::IdentityKey => "identity_key",
        };
        let bytes = golden("v1", name, &encode_object(&object));
        assert_eq!(decode_object(&object.key(), &bytes).as_ref(), Ok(&object), "{name}");
        assert_eq!(hex(&encode_object(&object)), hex(&bytes), "{name}");
    }
}

#[test]
fn heads_requests_and_log_entries_of_version_1_load_and_are_written_the_same() {
    let bytes = golden("v1", "head", &encode_head(&head()));
    assert_eq!(decode_head(&bytes), Ok(head()));
    assert_eq!(hex(&encode_head(&head())), hex(&bytes));

    let request = Request { revision: 3, fingerprint: Fingerprint::of(b"request") };
    let bytes = golden("v1", "request", &encode_request(&request));
    assert_eq!(decode_request(&bytes), Ok(request));
    assert_eq!(hex(&encode_request(&request)), hex(&bytes));

    let (entry, stored) = logged();
    let written = encode_log(&entry, stored);
    let bytes = golden("v1", "log", &written);
    assert_eq!(hex(&written), hex(&bytes));
    assert_eq!(decode_log(bytes.into()), Ok(entry));
}
