//! Answers: what a status means, and bodies that are whole and not too large.

use std::io::{self, Write};
use std::time::Duration;

use flate2::write::MultiGzDecoder;
use http::header::{CONTENT_ENCODING, ETAG, HeaderName, LAST_MODIFIED, RETRY_AFTER};
use http::{HeaderMap, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use super::Got;
use super::error::FetchError;
use crate::civil::{Instant, Wall};

/// The most bytes of a validator that is kept: nobody needs more.
const VALIDATOR_MAX: usize = 1_000;

/// Returns what an answer gives that leads nowhere else. `first` tells that it comes from the address that was
/// asked first, and `now` when it came.
pub(super) async fn read(
    answer: Response<Incoming>,
    bytes_max: usize,
    first: bool,
    host: String,
    now: Instant,
) -> Result<Got, FetchError> {
    let (head, body) = answer.into_parts();
    let status = head.status.as_u16();
    match head.status {
        StatusCode::OK => {
            let bytes = body_of(body, &head.headers, bytes_max, host).await?;
            // Those of another address mean nothing at the one that is asked next time.
            let validator = |name| if first { validator(&head.headers, name) } else { None };
            Ok(Got::Fetched { bytes, etag: validator(ETAG), last_modified: validator(LAST_MODIFIED) })
        }
        StatusCode::NOT_FOUND | StatusCode::GONE => Err(FetchError::Gone { host, status }),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(FetchError::Refused { host, status }),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            Err(FetchError::Busy { host, status, retry_after: retry_after(&head.headers, now) })
        }
        _ => Err(FetchError::Status { host, status }),
    }
}

fn validator(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    (value.len() <= VALIDATOR_MAX).then(|| value.to_owned())
}

/// Reads for how long the host wants to be left alone: seconds, or until an instant (RFC 9110 §10.2.3).
fn retry_after(headers: &HeaderMap, now: Instant) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(Duration::from_secs);
    }
    let reading = jiff::civil::DateTime::strptime("%a, %d %b %Y %H:%M:%S GMT", text).ok()?;
    let until = Instant::from_seconds(Wall::from(reading).seconds());
    Some(Duration::from_secs(u64::try_from(until.since(now)).unwrap_or(0)))
}

/// Reads a body up to its end, unpacks it, and returns nothing less than all of it.
async fn body_of(mut body: Incoming, headers: &HeaderMap, max: usize, host: String) -> Result<Vec<u8>, FetchError> {
    let mut unpacked = match encoding(headers) {
        Some(Encoding::Plain) => Unpack::Plain(Bounded::new(max)),
        Some(Encoding::Gzip) => Unpack::Gzip(MultiGzDecoder::new(Bounded::new(max))),
        None => return Err(FetchError::Packed { host }),
    };
    let mut received = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Err(FetchError::Broken { host }) };
        let Ok(bytes) = frame.into_data() else { continue };
        received = received.saturating_add(bytes.len());
        // What is larger packed than it may be unpacked is no use, nor is what unpacks to nothing for ever.
        let taken = if received > max { Err(io::ErrorKind::FileTooLarge.into()) } else { unpacked.take(&bytes) };
        if let Err(error) = taken {
            return Err(unusable(&error, max, host));
        }
    }
    unpacked.finish().map_err(|error| unusable(&error, max, host))
}

fn unusable(error: &io::Error, max: usize, host: String) -> FetchError {
    match error.kind() {
        io::ErrorKind::FileTooLarge => FetchError::Large { host, max },
        _ => FetchError::Packed { host },
    }
}

/// How a body is packed.
enum Encoding {
    Plain,
    Gzip,
}

/// Returns how a body is packed; nothing where that is a way that was not asked for.
fn encoding(headers: &HeaderMap) -> Option<Encoding> {
    let mut values = headers.get_all(CONTENT_ENCODING).iter();
    let (value, more) = (values.next(), values.next());
    if more.is_some() {
        return None;
    }
    match value.map_or(Ok("identity"), |value| value.to_str()).ok()?.to_ascii_lowercase().as_str() {
        "" | "identity" => Some(Encoding::Plain),
        "gzip" | "x-gzip" => Some(Encoding::Gzip),
        _ => None,
    }
}

/// A body as it is unpacked.
enum Unpack {
    Plain(Bounded),
    Gzip(MultiGzDecoder<Bounded>),
}

impl Unpack {
    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(body) => body.write_all(bytes),
            Self::Gzip(body) => body.write_all(bytes),
        }
    }

    /// Ends it; what is packed has to be complete and to have the checksum that it states.
    fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Plain(body) => Ok(body.bytes),
            Self::Gzip(body) => Ok(body.finish()?.bytes),
        }
    }
}

/// Bytes, up to so many.
struct Bounded {
    bytes: Vec<u8>,
    max: usize,
}

impl Bounded {
    fn new(max: usize) -> Self {
        Self { bytes: Vec::new(), max }
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.max - self.bytes.len() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(value: &str) -> Option<u64> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
        retry_after(&headers, "2026-11-23T08:00:00Z".parse().unwrap()).map(|wait| wait.as_secs())
    }

    #[test]
    fn a_wait_is_told_in_seconds_or_by_its_end() {
        assert_eq!(wait("120"), Some(120));
        assert_eq!(wait("Mon, 23 Nov 2026 08:02:00 GMT"), Some(120));
        assert_eq!(wait("Mon, 23 Nov 2026 07:00:00 GMT"), Some(0));
        for nothing in ["-1", "1.5", "soon", "Tue, 23 Nov 2026 08:02:00 GMT", "99999999999999999999"] {
            assert_eq!(wait(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_body_has_its_most_bytes_and_not_one_more() {
        let mut body = Bounded::new(4);
        body.write_all(b"abc").unwrap();
        body.write_all(b"d").unwrap();
        assert_eq!(body.write_all(b"e").unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(body.bytes, b"abcd");
    }
}
