//! A rendered calendar as an answer: the bytes, what a subscriber compares, and what every program is told.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::conditional::{http_date, is_unchanged};
use super::encoding::{Form, gzip};
use crate::civil::Instant;

/// A feed as bytes, with what a subscriber compares.
pub(super) struct Rendered {
    /// The bytes.
    pub text: String,
    /// What a subscriber compares.
    pub stamp: Arc<Stamp>,
    /// What it is called where somebody saves it.
    pub file_name: String,
}

/// What a subscriber compares.
pub(super) struct Stamp {
    /// The strong tag of the bytes.
    etag: String,
    /// When they changed last.
    modified: Instant,
    /// What every answer about the feed says.
    headers: HeaderMap,
}

impl Stamp {
    /// Returns the stamp of bytes with that tag, which changed last at `modified`.
    pub fn new(etag: String, modified: Instant) -> Self {
        let mut headers = HeaderMap::with_capacity(8);
        let constant = [
            (header::CACHE_CONTROL, "private, max-age=300"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        for (name, value) in constant {
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
        headers.extend(http_date(modified).map(|date| (header::LAST_MODIFIED, date)));
        Self { etag, modified, headers }
    }

    /// What every answer in that form says.
    ///
    /// The tag is that of the calendar's own bytes; compressed ones are the same calendar and not the same bytes, so
    /// there it is a weak one (RFC 9110 §8.8.3.3).
    fn headers(&self, form: Form) -> HeaderMap {
        let mut headers = self.headers.clone();
        let etag = if form == Form::Gzip { format!("W/{}", self.etag) } else { self.etag.clone() };
        headers.extend(HeaderValue::from_str(&etag).ok().map(|etag| (header::ETAG, etag)));
        if form != Form::AlwaysPlain {
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        headers
    }

    /// The answer to a subscriber who has these bytes already.
    pub fn unchanged(&self, asked: &HeaderMap, form: Form) -> Option<Response> {
        let has_it = is_unchanged(asked, &self.etag, self.modified);
        has_it.then(|| (StatusCode::NOT_MODIFIED, self.headers(form)).into_response())
    }
}

impl Rendered {
    /// Returns the answer, in that form, to a caller who asks with these headers.
    pub fn into_response(self, asked: &HeaderMap, form: Form) -> Response {
        if let Some(unchanged) = self.stamp.unchanged(asked, form) {
            return unchanged;
        }
        let mut headers = self.stamp.headers(form);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
        let disposition = format!("inline; filename=\"{}\"", self.file_name);
        headers.extend(HeaderValue::from_str(&disposition).ok().map(|value| (header::CONTENT_DISPOSITION, value)));
        match (form == Form::Gzip).then(|| gzip(&self.text)).flatten() {
            Some(bytes) => {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                (headers, bytes).into_response()
            }
            None => (headers, self.text).into_response(),
        }
    }
}
