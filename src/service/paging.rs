//! Pages of lists: opaque tokens that are bound to what was asked (AIP-158).

use prost::Message;

use super::request::Fields;
use crate::civil::Instant;
use crate::roster::Refusal;

/// How many entries a page has where nothing is asked.
const SIZE_DEFAULT: usize = 100;
/// The most that a page has.
const SIZE_MAX: usize = 1_000;

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// Its entries.
    pub items: Vec<T>,
    /// Asks for the next page; empty where this is the last.
    pub next_page_token: String,
}

/// Which page of a list is asked for, read before the list is made.
#[derive(Clone, Debug)]
pub struct Paging {
    size: usize,
    after: Option<String>,
    asked: String,
}

impl Paging {
    /// Reads which page `size` and `token` ask for; `asked` is the request less these.
    ///
    /// A negative size and a token that is none are told; a token of another request is told later.
    pub fn read<M: Message>((size, token): (i32, &str), asked: &M, fields: &mut Fields) -> Self {
        let asked = blake3::hash(&asked.encode_to_vec()).to_hex()[..16].to_owned();
        let size = fields.take(page_size(size)).unwrap_or(SIZE_DEFAULT);
        let after = fields.take_or_later(read_token(token, &asked)).flatten();
        Self { size, after, asked }
    }

    /// Returns how many entries the page has at most.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// Returns the key of the last entry of the page before; `None` for the first page.
    #[must_use]
    pub fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// Returns the token that asks for the page behind the entry of that key.
    #[must_use]
    pub fn token(&self, last: &str) -> String {
        hex(&format!("1:{}:{last}", self.asked))
    }

    /// Returns the page of `items`.
    ///
    /// `key` names an entry and orders the list; a page goes on behind the key of the last entry of the page before,
    /// so that entries that come or go meanwhile neither repeat nor hide others.
    pub fn page<T>(&self, items: impl IntoIterator<Item = T>, key: impl Fn(&T) -> String) -> Page<T> {
        let mut keyed: Vec<(String, T)> = items.into_iter().map(|item| (key(&item), item)).collect();
        keyed.sort_by(|a, b| a.0.cmp(&b.0));
        let start = self.after.as_ref().map_or(0, |after| keyed.partition_point(|(key, _)| key <= after));
        let more = keyed.len() > start + self.size;
        let shown: Vec<(String, T)> = keyed.into_iter().skip(start).take(self.size).collect();
        let last = shown.last().map(|(key, _)| key.clone()).filter(|_| more);
        let next_page_token = last.map_or_else(String::new, |last| self.token(&last));
        Page { items: shown.into_iter().map(|(_, item)| item).collect(), next_page_token }
    }
}

fn page_size(size: i32) -> Result<usize, Refusal> {
    match usize::try_from(size) {
        Ok(0) => Ok(SIZE_DEFAULT),
        Ok(size) => Ok(size.min(SIZE_MAX)),
        Err(_) => Err(Refusal::field("page_size", format!("{size} is negative; give 0 to {SIZE_MAX}"))),
    }
}

/// Returns the key of something in a list that is ordered by time and then by name; what has no time comes last.
#[must_use]
pub fn list_key(at: Option<Instant>, id: &impl std::fmt::Display) -> String {
    match at {
        Some(at) => format!("{:012} {id}", at.since(Instant::MIN)),
        None => format!("~ {id}"),
    }
}

fn read_token(token: &str, asked: &str) -> Result<Option<String>, Refusal> {
    if token.is_empty() {
        return Ok(None);
    }
    let refuse = |reason: &str| Refusal::field("page_token", reason);
    let text = unhex(token).ok_or_else(|| refuse("is not a token that this server gave"))?;
    match text.splitn(3, ':').collect::<Vec<_>>()[..] {
        ["1", other, after] if other == asked => Ok(Some(after.to_owned())),
        ["1", _, _] => Err(Refusal::PageTokenMismatch),
        _ => Err(refuse("is not a token that this server gave")),
    }
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<String> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    let bytes = (0..text.len() / 2).map(|index| u8::from_str_radix(&text[2 * index..2 * index + 2], 16));
    String::from_utf8(bytes.collect::<Result<Vec<u8>, _>>().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(size: i32, token: &str, asked: &impl Message) -> Result<Page<u32>, Refusal> {
        let mut fields = Fields::default();
        let paging = Paging::read((size, token), asked, &mut fields);
        fields.check().map(|()| paging.page(0_u32..7, |item| format!("{item:04}")))
    }

    fn pages(size: i32) -> Vec<Vec<u32>> {
        let (mut token, mut found) = (String::new(), Vec::new());
        loop {
            let list = page(size, &token, &()).unwrap();
            found.push(list.items);
            token = list.next_page_token;
            if token.is_empty() {
                return found;
            }
        }
    }

    #[test]
    fn pages_follow_each_other_without_hole_or_repetition() {
        assert_eq!(pages(3), [vec![0, 1, 2], vec![3, 4, 5], vec![6]]);
        assert_eq!(pages(7), [vec![0, 1, 2, 3, 4, 5, 6]]);
        assert_eq!(pages(0).concat().len(), 7);
    }

    #[test]
    fn a_token_of_another_request_is_refused() {
        let first = page(3, "", &()).unwrap();
        let other = pbjson_types::Timestamp { seconds: 1, nanos: 0 };
        assert!(matches!(page(3, &first.next_page_token, &other), Err(Refusal::PageTokenMismatch)));
        assert!(page(3, "junk", &()).is_err());
        assert!(page(-1, "", &()).is_err());
    }
}
