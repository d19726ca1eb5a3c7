//! What every request has in common: its id, its etag, the caller, and fields that are collected with their violations.

use prost::Message;
use uuid::Uuid;

use crate::access::Identity;
use crate::model::Meta;
use crate::model::validate::Violation;
use crate::roster::{Fingerprint, Refusal, Request};

/// Returns the etag of an object: the quoted revision of its last change.
#[must_use]
pub fn etag(meta: &Meta) -> String {
    format!("\"{}\"", meta.updated.revision)
}

/// Refuses a stale etag; an empty one is not looked at.
///
/// # Errors
///
/// [`Refusal::EtagMismatch`].
pub fn check_etag(given: &str, meta: &Meta, name: impl FnOnce() -> String) -> Result<(), Refusal> {
    let current = etag(meta);
    if given.is_empty() || given == current {
        return Ok(());
    }
    Err(Refusal::EtagMismatch { name: name(), given: given.to_owned(), current })
}

/// Returns the request that `message` makes of a team: who asks, under which id, and whether it is to be done.
///
/// An empty id stands for a new one. The fingerprint is that of the title and the whole message, so that two calls with
/// like messages are not taken for one another.
///
/// # Errors
///
/// An id that is no UUID.
pub fn request<M: Message>(message: &M, id: &str, title: String, validate_only: bool) -> Result<Request, Refusal> {
    let (id, outcome) = read_request_id(id);
    outcome.map(|()| request_of(message, id, title, validate_only))
}

/// The id of a request, and whether the caller chose it.
#[derive(Clone, Copy, Debug)]
pub struct RequestId {
    id: Uuid,
    given: bool,
}

/// Reads a request id, or makes one where none is given; a malformed one is refused, and another stands in for it.
pub fn read_request_id(id: &str) -> (RequestId, Result<(), Refusal>) {
    let refusal = || Refusal::field("request_id", format!("'{id}' is not a UUID; leave it out or give one"));
    let made = || RequestId { id: Uuid::new_v4(), given: false };
    match Uuid::try_parse(id) {
        Ok(id) => (RequestId { id, given: true }, Ok(())),
        Err(_) if id.is_empty() => (made(), Ok(())),
        Err(_) => (made(), Err(refusal())),
    }
}

/// Returns the request that `message` makes under `id`.
pub fn request_of<M: Message>(
    message: &M,
    RequestId { id, given }: RequestId,
    title: String,
    validate_only: bool,
) -> Request {
    Request {
        // The desk says who it is.
        caller: Identity::nobody(),
        id,
        id_given: given,
        fingerprint: Fingerprint::of(&[title.as_bytes(), b"\n", &message.encode_to_vec()].concat()),
        title,
        validate_only,
    }
}

/// Collects values of fields, and every violation on the way.
#[derive(Debug, Default)]
pub struct Fields {
    violations: Vec<Violation>,
    later: Option<Refusal>,
}

impl Fields {
    /// Adds that `field` is wrong.
    pub fn add(&mut self, field: impl Into<String>, reason: impl Into<String>) {
        self.violations.push(Violation { field: field.into(), reason: reason.into() });
    }

    /// Returns the value of `result`, or adds its violations and returns `None`.
    pub fn take<T>(&mut self, result: Result<T, Refusal>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(Refusal::Invalid(violations)) => {
                self.violations.extend(violations);
                None
            }
            Err(other) => {
                self.add("", other.to_string());
                None
            }
        }
    }

    /// As [`Fields::take`], where the refusal may be about something else than fields.
    ///
    /// # Errors
    ///
    /// A refusal that is.
    pub fn take_unless_other<T>(&mut self, result: Result<T, Refusal>) -> Result<Option<T>, Refusal> {
        match result {
            Err(Refusal::Invalid(_)) | Ok(_) => Ok(self.take(result)),
            Err(other) => Err(other),
        }
    }

    /// As [`Fields::take`]; a refusal that is about something else than fields is told once every field is right.
    pub fn take_or_later<T>(&mut self, result: Result<T, Refusal>) -> Option<T> {
        match result {
            Err(Refusal::Invalid(_)) | Ok(_) => self.take(result),
            Err(other) => {
                self.later.get_or_insert(other);
                None
            }
        }
    }

    /// Tells whether `field` is wrong.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.violations.iter().any(|violation| violation.field == field)
    }

    /// Returns the value of `result`, or adds its violation and returns `None`.
    pub fn take_one<T>(&mut self, result: Result<T, Violation>) -> Option<T> {
        result.map_err(|violation| self.violations.push(violation)).ok()
    }

    /// Returns the value of `result`, or adds its error as the violation of `field` and returns `None`.
    pub fn parse<T, E: std::fmt::Display>(&mut self, field: &str, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.add(field, error.to_string())).ok()
    }

    /// Returns everything that was wrong.
    #[must_use]
    pub fn into_list(self) -> Vec<Violation> {
        self.violations
    }

    /// Tells whether no field is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.violations.is_empty()
    }

    /// Refuses if anything was wrong.
    ///
    /// # Errors
    ///
    /// [`Refusal::Invalid`] with every field that was; else what was kept for later.
    pub fn check(self) -> Result<(), Refusal> {
        match self.later {
            _ if !self.violations.is_empty() => Err(Refusal::Invalid(self.violations)),
            Some(later) => Err(later),
            None => Ok(()),
        }
    }

    /// Returns `value` where nothing was wrong.
    ///
    /// # Errors
    ///
    /// As [`Fields::check`]; a missing value of which nothing is said is wrong as `field`.
    pub fn finish<T>(self, field: &str, value: Option<T>) -> Result<T, Refusal> {
        self.check()?;
        value.ok_or_else(|| Refusal::field(field, "is missing"))
    }
}
