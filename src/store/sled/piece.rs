//! Pieces: how a value of any size lies in the tree, each part with its own checksum.
//!
//! sled writes a leaf of up to some 17 values as one message and moves what is larger than a quarter of a segment to
//! files of its own, which its flush does not sync. So no value is larger than [`PIECE_MAX`]: a leaf then stays below
//! that limit. A piece is a CRC-32 of its key and content (4 bytes, little-endian), a byte that is 1 in the last
//! piece and 0 in the others, and the content. Its key is the value's key and its number (2 bytes, big-endian).

use ::sled::{Batch, IVec, Tree};

use super::trouble::Trouble;

/// The longest content of a piece, in bytes.
pub(super) const PIECE_MAX: usize = 4_096;

const HEADER: usize = 5;

/// Returns in how many pieces a value of `len` bytes lies; an empty one has a piece too.
pub(super) fn count(len: usize) -> usize {
    len.div_ceil(PIECE_MAX).max(1)
}

/// Returns the key of a piece.
pub(super) fn key_of(key: &[u8], number: u16) -> Vec<u8> {
    let mut full = Vec::with_capacity(key.len() + 2);
    full.extend(key);
    full.extend(number.to_be_bytes());
    full
}

/// Adds to `batch` that `value` lies under `key`, where before there was a value of `old` bytes or none.
pub(super) fn put(batch: &mut Batch, key: &[u8], value: &[u8], old: Option<usize>) {
    let last = count(value.len()) - 1;
    let mut rest = value;
    for number in 0..=last {
        let (content, after) = rest.split_at(rest.len().min(PIECE_MAX));
        rest = after;
        let full = key_of(key, number_of(number));
        batch.insert(&full[..], seal(&full, number == last, content));
    }
    take(batch, key, last + 1, old);
}

/// Adds to `batch` that nothing lies under `key`, where before there was a value of `old` bytes.
pub(super) fn remove(batch: &mut Batch, key: &[u8], old: usize) {
    take(batch, key, 0, Some(old));
}

fn take(batch: &mut Batch, key: &[u8], from: usize, old: Option<usize>) {
    for number in from..old.map_or(0, count) {
        batch.remove(key_of(key, number_of(number)));
    }
}

fn number_of(number: usize) -> u16 {
    // A commit is limited to less than this many pieces.
    u16::try_from(number).unwrap_or(u16::MAX)
}

fn checksum(key: &[u8], flag_and_content: &[u8]) -> [u8; 4] {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    hasher.update(flag_and_content);
    hasher.finalize().to_le_bytes()
}

fn seal(key: &[u8], last: bool, content: &[u8]) -> Vec<u8> {
    let mut piece = Vec::with_capacity(HEADER + content.len());
    piece.extend([0, 0, 0, 0, u8::from(last)]);
    piece.extend(content);
    let sum = checksum(key, &piece[4..]);
    piece[..4].copy_from_slice(&sum);
    piece
}

/// Returns whether the piece is the last, and its content; `None` where it is not what was written.
fn open<'a>(key: &[u8], piece: &'a [u8]) -> Option<(bool, &'a [u8])> {
    let (sum, rest) = piece.split_at_checked(4)?;
    let (flag, content) = rest.split_first()?;
    (sum == checksum(key, rest) && *flag <= 1).then_some((*flag == 1, content))
}

/// Returns the value under `key`, whole, if there is one.
pub(super) fn get(tree: &Tree, key: &[u8]) -> Result<Option<Vec<u8>>, Trouble> {
    let mut value = Vec::new();
    for number in 0..=u16::MAX {
        let full = key_of(key, number);
        let Some(piece) = tree.get(&full)? else {
            return if number == 0 { Ok(None) } else { Err(Trouble::at(key, "a part of it is missing")) };
        };
        let Some((last, content)) = open(&full, &piece) else {
            return Err(Trouble::at(key, "its checksum is wrong"));
        };
        value.extend(content);
        if last {
            break;
        }
    }
    Ok(Some(value))
}

/// Puts the values together from an iterator over pieces in order of their keys.
pub(super) struct Values<I> {
    pieces: I,
}

impl<I: Iterator<Item = ::sled::Result<(IVec, IVec)>>> Values<I> {
    pub(super) fn new(pieces: I) -> Self {
        Self { pieces }
    }

    fn value(&mut self, first: (IVec, IVec)) -> Result<(Vec<u8>, Vec<u8>), Trouble> {
        let (mut full, mut piece) = first;
        let Some((key, _)) = full.split_last_chunk::<2>() else {
            return Err(Trouble::at(&full, "its key is too short"));
        };
        let key = key.to_vec();
        let mut value = Vec::new();
        for number in 0..=u16::MAX {
            if full[..] != key_of(&key, number) {
                return Err(Trouble::at(&key, "a part of it is missing"));
            }
            let Some((last, content)) = open(&full, &piece) else {
                return Err(Trouble::at(&key, "its checksum is wrong"));
            };
            value.extend(content);
            if last {
                return Ok((key, value));
            }
            match self.pieces.next() {
                Some(next) => (full, piece) = next?,
                None => break,
            }
        }
        Err(Trouble::at(&key, "its end is missing"))
    }
}

impl<I: Iterator<Item = ::sled::Result<(IVec, IVec)>>> Iterator for Values<I> {
    type Item = Result<(Vec<u8>, Vec<u8>), Trouble>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.pieces.next()? {
            Ok(first) => Some(self.value(first)),
            Err(error) => Some(Err(error.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> ::sled::Db {
        ::sled::Config::new().temporary(true).flush_every_ms(None).open().unwrap()
    }

    fn write(tree: &Tree, key: &[u8], value: &[u8], old: Option<usize>) {
        let mut batch = Batch::default();
        put(&mut batch, key, value, old);
        tree.apply_batch(batch).unwrap();
    }

    #[test]
    fn values_of_any_length_are_read_back() {
        let tree = tree();
        let mut old = None;
        for len in [0, 1, PIECE_MAX, 3 * PIECE_MAX + 1, 2 * PIECE_MAX, PIECE_MAX + 1, 5] {
            let value = vec![7; len];
            write(&tree, b"k", &value, old);
            assert_eq!(get(&tree, b"k").unwrap(), Some(value));
            assert_eq!(tree.len(), count(len));
            old = Some(len);
        }
        let mut batch = Batch::default();
        remove(&mut batch, b"k", 5);
        tree.apply_batch(batch).unwrap();
        assert!(tree.is_empty());
    }

    #[test]
    fn a_piece_stays_what_it_is() {
        assert_eq!(seal(b"hpsf\0\0\0", true, b"abc"), [0x90, 0xea, 0xaa, 0xda, 1, b'a', b'b', b'c']);
    }

    #[test]
    fn a_piece_under_another_key_is_found_out() {
        let tree = tree();
        write(&tree, b"a", b"one", None);
        let piece = tree.get(key_of(b"a", 0)).unwrap().unwrap();
        tree.insert(key_of(b"b", 0), piece).unwrap();
        assert!(get(&tree, b"b").is_err());
    }

    #[test]
    fn a_missing_piece_is_found_out() {
        for missing in 0..3 {
            let tree = tree();
            write(&tree, b"a", &vec![1; 3 * PIECE_MAX], None);
            write(&tree, b"b", b"two", None);
            tree.remove(key_of(b"a", missing)).unwrap();
            assert!(Values::new(tree.iter()).any(|value| value.is_err()), "piece {missing}");
        }
    }
}
