//! What every request has in common: its id, its etag, the caller, and fields that are collected with their violations.

use prost::Message;
use uuid::Uuid;

use crate::model::Meta;
use crate::model::validate::Violation;
use crate::roster::{Caller, Fingerprint, Refusal, Request};

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

/// Reads a request id, or makes one where none is given; a malformed one is refused, and another stands in for it.
pub fn read_request_id(id: &str) -> (Uuid, Result<(), Refusal>) {
    let refusal = || Refusal::field("request_id", format!("'{id}' is not a UUID; leave it out or give one"));
    match Uuid::try_parse(id) {
        Ok(uuid) => (uuid, Ok(())),
        Err(_) if id.is_empty() => (Uuid::new_v4(), Ok(())),
        Err(_) => (Uuid::new_v4(), Err(refusal())),
    }
}

/// Returns the request that `message` makes under `id`.
pub fn request_of<M: Message>(message: &M, id: Uuid, title: String, validate_only: bool) -> Request {
    Request {
        // Until there are tokens, whoever reaches the loopback address is a coordinator.
        caller: Caller { actor: "coordinator".to_owned(), on_behalf_of: None },
        id,
        fingerprint: Fingerprint::of(&[title.as_bytes(), b"\n", &message.encode_to_vec()].concat()),
        title,
        validate_only,
    }
}

/// Collects values of fields, and every violation on the way.
#[derive(Debug, Default)]
pub struct Fields {
    violations: Vec<Violation>,
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

    /// Refuses if anything was wrong.
    ///
    /// # Errors
    ///
    /// [`Refusal::Invalid`] with all of it.
    pub fn check(self) -> Result<(), Refusal> {
        if self.violations.is_empty() { Ok(()) } else { Err(Refusal::Invalid(self.violations)) }
    }

    /// Returns `value` where nothing was wrong.
    ///
    /// # Errors
    ///
    /// [`Refusal::Invalid`] with everything that was; a missing value of which nothing is said is wrong as `field`.
    pub fn finish<T>(mut self, field: &str, value: Option<T>) -> Result<T, Refusal> {
        if value.is_none() && self.violations.is_empty() {
            self.add(field, "is missing");
        }
        self.check()?;
        value.ok_or_else(|| Refusal::field(field, "is missing"))
    }
}
