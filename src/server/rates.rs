//! How often somebody may ask: a bucket of requests for each, which fills up again by the clock.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use crate::clock::Clock;

/// The most that are remembered at a time; who has not asked for a while need not be.
const REMEMBERED_MAX: usize = 10_000;
/// The bits of an IPv6 address that are one customer's network: whoever has one has all of its addresses.
const NETWORK_BITS: u32 = 64;

/// Buckets by whom they are for: an address, or the name of a token.
pub(super) struct Rates<K> {
    per_second: u32,
    burst: u32,
    clock: Arc<dyn Clock>,
    buckets: Mutex<HashMap<K, Bucket>>,
}

struct Bucket {
    left: u32,
    /// The second up to which it was filled.
    at: i64,
}

impl Bucket {
    /// Fills it up to `now`. A clock that was set back fills nothing.
    fn fill(&mut self, now: i64, per_second: u32, burst: u32) {
        let seconds = u32::try_from(now.saturating_sub(self.at)).unwrap_or(if now > self.at { u32::MAX } else { 0 });
        self.left = self.left.saturating_add(seconds.saturating_mul(per_second)).min(burst);
        self.at = now;
    }
}

impl<K: Eq + Hash> Rates<K> {
    /// Returns buckets that hold `burst` requests and gain `per_second`; none gains nothing and limits nothing.
    pub(super) fn new(per_second: u32, burst: u32, clock: Arc<dyn Clock>) -> Self {
        Self { per_second, burst, clock, buckets: Mutex::new(HashMap::new()) }
    }

    /// Takes a request out of a bucket, and tells whether there was one. A second later there is one again.
    pub(super) fn admit<Q>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        if self.per_second == 0 {
            return true;
        }
        let now = self.clock.now().seconds();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(key) {
            bucket.fill(now, self.per_second, self.burst);
            let left = bucket.left.checked_sub(1);
            bucket.left = left.unwrap_or(0);
            return left.is_some();
        }
        if buckets.len() >= REMEMBERED_MAX {
            self.forget(&mut buckets, now);
        }
        buckets.insert(key.to_owned(), Bucket { left: self.burst.saturating_sub(1), at: now });
        true
    }

    /// Forgets those whose buckets are full again, or everybody where hardly anybody's is.
    fn forget(&self, buckets: &mut HashMap<K, Bucket>, now: i64) {
        buckets.retain(|_, bucket| {
            bucket.fill(now, self.per_second, self.burst);
            bucket.left < self.burst
        });
        if buckets.len() > REMEMBERED_MAX / 2 {
            buckets.clear();
        }
    }
}

/// Returns the address under which one caller is counted: of IPv6, that of the network.
pub(super) fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !0 << NETWORK_BITS)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    fn rates(per_second: u32, burst: u32) -> (Rates<String>, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::new("2026-11-23T08:00:00Z".parse().unwrap()));
        (Rates::new(per_second, burst, clock.clone()), clock)
    }

    fn admitted(rates: &Rates<String>, key: &str) -> usize {
        (0..1_000).take_while(|_| rates.admit(key)).count()
    }

    #[test]
    fn a_bucket_is_emptied_at_once_and_filled_by_the_second() {
        let (rates, clock) = rates(2, 5);
        assert_eq!((admitted(&rates, "one"), admitted(&rates, "other")), (5, 5));
        assert_eq!(admitted(&rates, "one"), 0);
        clock.advance(1);
        assert_eq!(admitted(&rates, "one"), 2);
        clock.advance(3_600);
        assert_eq!(admitted(&rates, "one"), 5);
    }

    #[test]
    fn a_clock_that_is_set_back_fills_nothing_and_empties_nothing() {
        let (rates, clock) = rates(2, 5);
        assert_eq!(admitted(&rates, "one"), 5);
        clock.turn_back(3_600);
        assert_eq!(admitted(&rates, "one"), 0);
        clock.advance(1);
        assert_eq!(admitted(&rates, "one"), 2);
    }

    #[test]
    fn without_a_rate_nothing_is_limited_or_remembered() {
        let (rates, _) = rates(0, 1);
        assert_eq!(admitted(&rates, "one"), 1_000);
        assert!(rates.buckets.lock().unwrap().is_empty());
    }

    #[test]
    fn however_many_ask_few_are_remembered() {
        let (rates, clock) = rates(1, 2);
        for key in 0..3 * REMEMBERED_MAX {
            assert!(rates.admit(key.to_string().as_str()));
            assert!(rates.buckets.lock().unwrap().len() <= REMEMBERED_MAX);
        }
        assert_eq!(admitted(&rates, "greedy"), 2);
        for key in 0..REMEMBERED_MAX {
            rates.admit(format!("later {key}").as_str());
            clock.advance(u32::from(key % 100 == 0));
        }
        assert!(rates.buckets.lock().unwrap().len() <= REMEMBERED_MAX);
    }

    #[test]
    fn the_addresses_of_one_network_are_one_caller() {
        let counted = |text: &str| counted(text.parse().unwrap()).to_string();
        assert_eq!(counted("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_ne!(counted("2001:db8:1:3::1"), counted("2001:db8:1:2::1"));
        assert_eq!((counted("192.0.2.1"), counted("::ffff:192.0.2.1")), ("192.0.2.1".into(), "192.0.2.1".into()));
    }
}
