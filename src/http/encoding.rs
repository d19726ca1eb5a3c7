//! How an answer is sent: as it is, or compressed where the caller asks for that (RFC 9110 §12.5.3).

use std::io::Write as _;

use axum::http::{HeaderMap, header};
use flate2::Compression;
use flate2::write::GzEncoder;

/// How the bytes of a feed are sent.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Form {
    /// As they are, to whoever asks for nothing else.
    Plain,
    /// Compressed.
    Gzip,
    /// As they are, whatever is asked for.
    AlwaysPlain,
}

impl Form {
    /// Returns the form that a caller with these headers wants, of a server that compresses where `compresses`.
    pub fn wanted(headers: &HeaderMap, compresses: bool) -> Self {
        match compresses {
            true if takes_gzip(headers) => Self::Gzip,
            true => Self::Plain,
            false => Self::AlwaysPlain,
        }
    }
}

/// Tells whether the caller takes gzip: it is named, or `*` is, with a weight that is not zero.
///
/// A caller that says nothing gets the bytes as they are, and so does one whose weights make no sense.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut any = false;
    for stated in lists.flat_map(|list| list.split(',')) {
        let mut parts = stated.split(';').map(str::trim);
        let coding = parts.next().unwrap_or_default();
        let weight = parts.next().map_or(Some(1.0), |weight| weight.strip_prefix("q=")?.parse::<f32>().ok());
        let taken = weight.is_some_and(|weight| weight > 0.0);
        if coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("x-gzip") {
            return taken;
        }
        any |= coding == "*" && taken;
    }
    any
}

/// Returns bytes as gzip (RFC 1952), the same bytes each time; `None` where it cannot be.
pub(super) fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    // A calendar is full of repetitions: the quickest level makes a tenth of it already.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_taken_by_whoever_names_it_without_a_weight_of_zero() {
        let takes = |value: &'static str| {
            takes_gzip(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, value.parse().unwrap())]))
        };
        for value in
            ["gzip", "GZIP", "x-gzip", "gzip, br", "br;q=1.0, gzip;q=0.1", "deflate, *", "identity, gzip ; q=1"]
        {
            assert!(takes(value), "{value}");
        }
        for value in ["", "br", "identity", "gzip;q=0", "gzip;q=0.000, *", "*;q=0", "gzip;q=much", "gzippy"] {
            assert!(!takes(value), "{value}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn what_is_compressed_is_the_same_each_time_and_comes_back() {
        let text = "BEGIN:VEVENT\r\nSUMMARY:Review: Łukasz\r\n".repeat(100);
        let (one, other) = (gzip(text.as_bytes()).unwrap(), gzip(text.as_bytes()).unwrap());
        assert!(one == other && one.len() * 10 < text.len(), "{}", one.len());
        let mut back = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&one[..]), &mut back).unwrap();
        assert_eq!(back, text);
    }
}
