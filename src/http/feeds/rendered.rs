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
    /// What every answer about the feed says, as it is where nobody can have it otherwise.
    alone: HeaderMap,
    /// The same where others may get it compressed.
    plain: HeaderMap,
    /// The same of what is compressed.
    compressed: HeaderMap,
}

impl Stamp {
    /// Returns the stamp of bytes with that tag, which changed last at `modified`.
    ///
    /// The tag is that of the calendar's own bytes; compressed ones are the same calendar and not the same bytes, so
    /// there it is a weak one (RFC 9110 §8.8.3.3).
    pub fn new(etag: String, modified: Instant) -> Self {
        let alone = headers(&etag, modified);
        let mut plain = alone.clone();
        plain.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        let mut compressed = plain.clone();
        if let Ok(weak) = HeaderValue::from_str(&format!("W/{etag}")) {
            compressed.insert(header::ETAG, weak);
        }
        Self { etag, modified, alone, plain, compressed }
    }

    /// What every answer in that form says.
    fn headers(&self, form: Form) -> HeaderMap {
        match form {
            Form::AlwaysPlain => self.alone.clone(),
            Form::Plain => self.plain.clone(),
            Form::Gzip => self.compressed.clone(),
        }
    }

    /// The answer to a subscriber who has these bytes already.
    pub fn unchanged(&self, asked: &HeaderMap, form: Form) -> Option<Response> {
        let has_it = is_unchanged(asked, &self.etag, self.modified);
        has_it.then(|| {
            let mut answer = StatusCode::NOT_MODIFIED.into_response();
            *answer.headers_mut() = self.headers(form);
            answer
        })
    }
}

fn headers(etag: &str, modified: Instant) -> HeaderMap {
    // Room for what an answer has beside.
    let mut headers = HeaderMap::with_capacity(12);
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
    headers.extend(HeaderValue::from_str(etag).ok().map(|etag| (header::ETAG, etag)));
    headers
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
