//! What there is a bounded amount of, in all and for each address: connections, and bytes of requests.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// A bounded amount.
pub(super) struct Pool {
    all: usize,
    each: usize,
    taken: Mutex<Taken>,
    /// Told whenever something comes back.
    returned: Notify,
}

#[derive(Default)]
struct Taken {
    all: usize,
    each: HashMap<IpAddr, usize>,
}

/// What there was not enough of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Lack {
    /// Of all.
    All,
    /// Of what one address may have.
    Each,
}

/// What somebody has taken; it goes back when this goes.
pub(super) struct Share {
    pool: Arc<Pool>,
    /// For whom; nobody in particular has a bound only with all others.
    address: Option<IpAddr>,
    amount: usize,
}

impl Pool {
    pub(super) fn new(all: usize, each: usize) -> Arc<Self> {
        Arc::new(Self { all, each, taken: Mutex::default(), returned: Notify::new() })
    }

    /// Waits until something comes back.
    pub(super) async fn returned(&self) {
        self.returned.notified().await;
    }

    /// Returns a share with nothing in it.
    pub(super) fn share(self: &Arc<Self>, address: Option<IpAddr>) -> Share {
        Share { pool: Arc::clone(self), address, amount: 0 }
    }
}

impl Share {
    /// How much it is.
    pub(super) fn amount(&self) -> usize {
        self.amount
    }

    /// Takes more, or gives back.
    ///
    /// # Errors
    ///
    /// [`Lack`] where there is not enough; it then stays as it is.
    pub(super) fn set(&mut self, amount: usize) -> Result<(), Lack> {
        let mut taken = self.pool.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let all = taken.all.saturating_sub(self.amount).saturating_add(amount);
        if amount > self.amount && all > self.pool.all {
            return Err(Lack::All);
        }
        if let Some(address) = self.address {
            let own = taken.each.get(&address).copied().unwrap_or(0);
            let own = own.saturating_sub(self.amount).saturating_add(amount);
            if amount > self.amount && own > self.pool.each {
                return Err(Lack::Each);
            }
            match own {
                0 => taken.each.remove(&address),
                _ => taken.each.insert(address, own),
            };
        }
        taken.all = all;
        if std::mem::replace(&mut self.amount, amount) > amount {
            self.pool.returned.notify_one();
        }
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        // Giving back is never refused.
        let _ = self.set(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_so_much_for_each_and_so_much_for_all_and_it_comes_back() {
        let pool = Pool::new(5, 3);
        let (one, other) = ("192.0.2.1".parse().ok(), "192.0.2.2".parse().ok());
        let mut first = pool.share(one);
        assert_eq!((first.set(2), first.set(4), first.set(3)), (Ok(()), Err(Lack::Each), Ok(())));
        let mut second = pool.share(other);
        assert_eq!((second.set(3), second.set(2)), (Err(Lack::All), Ok(())));
        assert_eq!(pool.share(one).set(1), Err(Lack::All));
        drop(first);
        let mut nobody = pool.share(None);
        assert_eq!((nobody.set(4), nobody.set(3), nobody.set(1)), (Err(Lack::All), Ok(()), Ok(())));
        assert_eq!((second.set(3), nobody.amount()), (Ok(()), 1));
        drop((second, nobody));
        let taken = pool.taken.lock().unwrap();
        assert!(taken.all == 0 && taken.each.is_empty());
    }
}
