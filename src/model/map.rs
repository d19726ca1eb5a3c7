//! An ordered map whose copies share what they have in common: a copy costs nothing, and a change of one costs what is
//! changed.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Index;

use rpds::RedBlackTreeMapSync;

/// An ordered map, cheap to copy. It reads like a [`BTreeMap`](std::collections::BTreeMap).
///
/// ```
/// use onduty::model::Map;
///
/// let one = Map::from_iter([("asa", 1), ("bo", 2)]);
/// let mut other = one.clone();
/// other.insert("cleo", 3);
/// assert_eq!((one.len(), other.len()), (2, 3));
/// assert!(other.keys().eq(&["asa", "bo", "cleo"]));
/// ```
pub struct Map<K, V> {
    tree: RedBlackTreeMapSync<K, V>,
}

impl<K: Ord, V> Map<K, V> {
    /// Returns a map with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self { tree: RedBlackTreeMapSync::new_sync() }
    }

    /// Returns how many keys it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tree.size()
    }

    /// Tells whether it has no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tree.is_empty()
    }

    /// Returns the value of `key`.
    #[must_use]
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.tree.get(key)
    }

    /// Returns `key` as the map has it, and its value.
    #[must_use]
    pub fn get_key_value<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        self.tree.get_key_value(key)
    }

    /// Tells whether it has `key`.
    #[must_use]
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.tree.contains_key(key)
    }

    /// Gives `key` that value, instead of the one it had.
    pub fn insert(&mut self, key: K, value: V) {
        self.tree.insert_mut(key, value);
    }

    /// Removes `key` and its value, if they are there.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q)
    where
        K: Borrow<Q>,
    {
        self.tree.remove_mut(key);
    }

    /// Removes everything.
    pub fn clear(&mut self) {
        *self = Self::new();
    }

    /// Returns the keys with their values, in order of the keys.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + ExactSizeIterator {
        self.tree.iter()
    }

    /// Returns the keys, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + ExactSizeIterator {
        self.tree.keys()
    }

    /// Returns the values, in order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + ExactSizeIterator {
        self.tree.values()
    }
}

impl<K: Clone + Ord, V: Clone> Map<K, V> {
    /// Returns the value of `key`, to be changed; in no copy it changes too.
    #[must_use]
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.tree.get_mut(key)
    }

    /// Returns the value of the first key, to be changed.
    #[must_use]
    pub fn first_mut(&mut self) -> Option<&mut V> {
        let (key, _) = self.tree.first()?;
        let key = key.clone();
        self.tree.get_mut(&key)
    }
}

impl<K: Ord, V> Clone for Map<K, V> {
    fn clone(&self) -> Self {
        Self { tree: self.tree.clone() }
    }
}

impl<K: Ord, V> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

/// As of a `BTreeMap`: for tests, who know that the key is there.
impl<K: Borrow<Q> + Ord, Q: Ord + ?Sized, V> Index<&Q> for Map<K, V> {
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        &self.tree[key]
    }
}

impl<K: fmt::Debug + Ord, V: fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Ord, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<K: Ord, V: Eq> Eq for Map<K, V> {}

impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        entries.into_iter().for_each(|(key, value)| map.insert(key, value));
        map
    }
}

impl<'a, K: Ord, V> IntoIterator for &'a Map<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = <&'a RedBlackTreeMapSync<K, V> as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        self.tree.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Eq, PartialEq)]
    struct NoCopy(u32);

    fn map(entries: impl IntoIterator<Item = u32>) -> Map<u32, NoCopy> {
        entries.into_iter().map(|key| (key, NoCopy(key))).collect()
    }

    #[test]
    fn a_changed_copy_leaves_the_other_as_it_was() {
        let one = map(0..100);
        let mut other = one.clone();
        other.insert(7, NoCopy(70));
        other.remove(&8);
        other.remove(&1_000);
        assert_eq!(one, map(0..100));
        assert_eq!((other.get(&7), other.get(&8), other.len()), (Some(&NoCopy(70)), None, 99));
        let mut numbers: Map<u32, u32> = (0..10).map(|key| (key, key)).collect();
        let before = numbers.clone();
        numbers.get_mut(&3).into_iter().for_each(|value| *value = 30);
        numbers.first_mut().into_iter().for_each(|value| *value = 40);
        assert!(numbers.values().take(4).eq(&[40, 1, 2, 30]) && before.values().take(4).eq(&[0, 1, 2, 3]));
    }

    #[test]
    fn what_copies_have_in_common_is_there_once() {
        let one = map(0..1_000);
        let mut other = one.clone();
        other.insert(1_000, NoCopy(0));
        let shared = one.values().zip(other.values()).filter(|(one, other)| std::ptr::eq(*one, *other)).count();
        assert_eq!(shared, 1_000);
    }

    #[test]
    fn entries_come_in_order_of_their_keys_whatever_came_first() {
        let map = map((0..100).map(|key| key * 37 % 100));
        assert!(map.keys().copied().eq(0..100));
        assert!(map.iter().rev().map(|(key, _)| *key).eq((0..100).rev()));
        assert_eq!(map.values().len(), 100);
    }

    #[test]
    fn maps_are_equal_where_their_entries_are() {
        assert_eq!(map(0..3), map([2, 1, 0]));
        assert_ne!(map(0..3), map(0..4));
        assert_ne!(Map::from_iter([(1, 1)]), Map::from_iter([(1, 2)]));
        assert!(map([]).is_empty() && Map::<u8, u8>::default() == Map::new());
    }
}
