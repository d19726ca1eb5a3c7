//! A rendered calendar as an answer: the bytes, what a subscriber compares, and what every program is told.

use std::sync::OnceLock;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;

use crate::civil::Instant;
use crate::http::conditional::{http_date, is_unchanged};
use crate::http::encoding::{Form, gzip};

/// A feed as bytes, with what a subscriber compares.
pub(super) struct Rendered {
    text: Bytes,
    /// The same, compressed, once somebody has asked for that; `None` where it cannot be.
    compressed: OnceLock<Option<Bytes>>,
    stamp: Stamp,
    /// What it is called where somebody saves it.
    file_name: String,
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
    /// Returns what was rendered, with its stamp and the name of the file that it is saved as.
    pub fn new(text: String, stamp: Stamp, file_name: String) -> Self {
        Self { text: Bytes::from(text), compressed: OnceLock::new(), stamp, file_name }
    }

    /// Returns how many bytes it takes, less what is compressed.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Returns the answer, in that form, to a caller who asks with these headers.
    pub fn answer(&self, asked: &HeaderMap, form: Form) -> Response {
        if let Some(unchanged) = self.stamp.unchanged(asked, form) {
            return unchanged;
        }
        let mut headers = self.stamp.headers(form);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
        let disposition = format!("inline; filename=\"{}\"", self.file_name);
        headers.extend(HeaderValue::from_str(&disposition).ok().map(|value| (header::CONTENT_DISPOSITION, value)));
        let compressed = || self.compressed.get_or_init(|| gzip(&self.text).map(Bytes::from)).clone();
        match (form == Form::Gzip).then(compressed).flatten() {
            Some(bytes) => {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                (headers, bytes).into_response()
            }
            None => (headers, self.text.clone()).into_response(),
        }
    }
}
