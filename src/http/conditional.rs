//! Conditional requests: a subscriber that has the newest bytes gets none (RFC 9110 §13).

use axum::http::{HeaderMap, HeaderValue, header};

use crate::civil::{Instant, Wall};

/// Tells whether the caller has the bytes of `etag` already.
///
/// `If-None-Match` is compared weakly and, where it is there, decides alone (RFC 9110 §13.1.3).
pub(super) fn is_unchanged(headers: &HeaderMap, etag: &str, modified: Instant) -> bool {
    let mut tags = headers.get_all(header::IF_NONE_MATCH).iter().peekable();
    if tags.peek().is_some() {
        let matches = |tag: &str| tag == "*" || tag.trim_start_matches("W/") == etag;
        return tags
            .filter_map(|value| value.to_str().ok())
            .flat_map(|list| list.split(','))
            .any(|tag| matches(tag.trim()));
    }
    let since = headers.get(header::IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
    since.and_then(read_http_date).is_some_and(|since| modified <= since)
}

/// Writes an instant as an HTTP date (RFC 9110 §5.6.7).
pub(super) fn http_date(at: Instant) -> Option<HeaderValue> {
    let reading = Wall::from_seconds(at.seconds()).date_time();
    HeaderValue::from_str(&reading.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok()
}

fn read_http_date(text: &str) -> Option<Instant> {
    let reading = jiff::civil::DateTime::strptime("%a, %d %b %Y %H:%M:%S GMT", text).ok()?;
    Some(Instant::from_seconds(Wall::from(reading).seconds()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unchanged(name: header::HeaderName, value: &str) -> bool {
        let headers = HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())]);
        is_unchanged(&headers, "\"abc\"", "2026-11-23T08:00:00Z".parse().unwrap())
    }

    #[test]
    fn tags_are_compared_weakly_and_in_lists() {
        for value in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "*", "\"x\",W/\"abc\""] {
            assert!(unchanged(header::IF_NONE_MATCH, value), "{value}");
        }
        assert!(!unchanged(header::IF_NONE_MATCH, "\"x\""));
        assert!(!unchanged(header::IF_NONE_MATCH, "abc"));
    }

    #[test]
    fn dates_count_where_there_is_no_tag() {
        assert!(unchanged(header::IF_MODIFIED_SINCE, "Mon, 23 Nov 2026 08:00:00 GMT"));
        assert!(!unchanged(header::IF_MODIFIED_SINCE, "Mon, 23 Nov 2026 07:59:59 GMT"));
        assert!(!unchanged(header::IF_MODIFIED_SINCE, "last Monday"));
    }

    #[test]
    fn dates_are_written_as_http_has_them() {
        let date = http_date("2026-11-23T08:05:09Z".parse().unwrap()).unwrap();
        assert_eq!(date, "Mon, 23 Nov 2026 08:05:09 GMT");
    }
}
